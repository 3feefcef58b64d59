"""Places that may be private are proposed in drawn pictures; bench/private_parts.py measures it on photographs."""

from collections.abc import Callable

from PIL import Image, ImageDraw

from gallery import imaging
from gallery.imaging import Place, PrivateKind
from gallery.sharing.lettering import font


def proposed(draw_on: Callable[[ImageDraw.ImageDraw], None]) -> dict[PrivateKind, list[Place]]:
    photo = Image.new("RGB", (1600, 1200), (120, 118, 110))
    draw_on(ImageDraw.Draw(photo))
    found = imaging.suggested(imaging.Picture(photo, "image/jpeg", *photo.size))
    return {kind: [each.place for each in found if each.kind is kind] for kind in PrivateKind}


def holds(place: Place, across: float, down: float) -> bool:
    left, top, right, bottom = place
    return left <= across <= right and top <= down <= bottom


def test_a_line_of_text_is_proposed() -> None:
    def paper(draw: ImageDraw.ImageDraw) -> None:
        draw.rectangle((300, 500, 1300, 620), fill="white")
        draw.text((800, 560), "Madame Jeanne Martin, 12 rue des Lilas", fill="black", font=font(48), anchor="mm")

    assert any(holds(place, 0.5, 560 / 1200) for place in proposed(paper)[PrivateKind.TEXT])


def test_a_lit_screen_is_proposed() -> None:
    def telephone(draw: ImageDraw.ImageDraw) -> None:
        draw.rectangle((600, 200, 1000, 1000), fill=(20, 20, 22))
        draw.rectangle((620, 260, 980, 940), fill=(240, 244, 250))

    (place,) = proposed(telephone)[PrivateKind.SCREEN]
    assert holds(place, 0.5, 0.5)
    assert place[0] <= 620 / 1600
    assert place[2] >= 980 / 1600


def test_nothing_is_proposed_in_an_empty_picture() -> None:
    assert not any(proposed(lambda draw: None).values())
