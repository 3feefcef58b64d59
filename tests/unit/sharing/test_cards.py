"""Cards are read in photos, and hidden whole wherever they lie."""

import numpy as np
import pytest
import qrcode
from PIL import Image, ImageFilter

from gallery import imaging
from gallery.services.items.numbering.numbers import draw_public_number
from gallery.sharing import cards
from tests import pictures

NUMBER = draw_public_number("971")
# Of which the modules are always the same: what is at the edge of being read must not depend on a draw.
FIXED_NUMBER = "35-K7QM-4"


def with_card(share: float, degrees: float, *, number: str = NUMBER) -> tuple[Image.Image, Image.Image]:
    """A photo with a card of this share of its width, and where the card lies, as a mask."""
    photo = pictures.picture(5).resize((2048, 1536))
    width = round(share * photo.width)
    card = cards.drawn(number).convert("RGB").resize((width, width * cards.CARD[1] // cards.CARD[0]))
    mask = Image.new("L", card.size, 255).rotate(degrees, expand=True)
    place, where = (150, 90), Image.new("L", photo.size)
    photo.paste(card.rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True), place, mask)
    where.paste(mask, place)
    return photo, where


@pytest.mark.parametrize(("share", "degrees"), [(0.06, 0), (0.1, 33), (0.3, 180), (0.6, 95)])
def test_a_card_is_read_and_no_pixel_of_it_stays(share: float, degrees: float) -> None:
    photo, where = with_card(share, degrees)
    (code,) = cards.codes_in(np.asarray(photo.convert("L")))
    assert code.text == NUMBER
    picture = imaging.Picture(photo, "image/jpeg", *photo.size)
    shown = np.asarray(imaging.covered(picture, [code.card]).image)
    assert (shown[np.asarray(where) > 0] == 128).all()
    assert np.asarray(picture.image).tobytes() == np.asarray(photo).tobytes()


def test_a_code_of_a_hundredth_of_a_large_photo_is_read_beside_another_one() -> None:
    photo = pictures.picture(5).resize((4000, 3000))
    width = 40 * cards.CARD[0] // (cards.MODULES * cards.MODULE)
    small = cards.drawn(NUMBER).convert("L").resize((width, width * cards.CARD[1] // cards.CARD[0]), reducing_gap=2)
    photo.paste(small.rotate(20, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255), (2100, 1700))
    photo.paste(qrcode.make("https://colis.example/7").get_image().convert("RGB").resize((600, 600)), (300, 300))
    grey = imaging.decode_grey(pictures.jpeg(photo, quality=90), imaging.Limits())
    assert grey.image.size == (4000, 3000)
    seen = cards.codes_in(imaging.as_array(grey), is_card=lambda text: text == NUMBER)
    assert [code.text for code in seen] == ["https://colis.example/7", NUMBER]


def test_a_code_that_is_there_and_cannot_be_read_is_told_unless_another_card_is_read() -> None:
    stained = cards.drawn(FIXED_NUMBER)
    left, top = ((cards.QUIET + 1 + 9) * cards.MODULE, cards.CARD[1] // 2)
    # Two thirds of its modules are gone, and no corner by which it is found.
    stained.paste(1, (left, top - 2 * cards.MODULE, left + 12 * cards.MODULE, top + 11 * cards.MODULE))
    photo = Image.new("L", (2000, 1500), 120)
    photo.paste(stained.convert("L").resize((600, 349)), (150, 90))
    assert [code.text for code in cards.codes_in(np.asarray(photo))] == [""]
    photo.paste(cards.drawn(FIXED_NUMBER).convert("L").resize((600, 349)), (1000, 900))
    assert [code.text for code in cards.codes_in(np.asarray(photo))] == [FIXED_NUMBER]


def test_a_small_blurred_code_that_is_only_seen_is_read_closely() -> None:
    small = cards.drawn(FIXED_NUMBER).convert("L").resize((104, 60), Image.Resampling.BOX)
    photo = Image.new("L", (800, 600), 120)
    photo.paste(small.rotate(13, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=120), (300, 200))
    (code,) = cards.codes_in(np.asarray(photo.filter(ImageFilter.GaussianBlur(1.2))))
    assert code.text == FIXED_NUMBER
    left, top, right, bottom = (side * size for side, size in zip(code.card, photo.size * 2, strict=True))
    assert (left, top, right, bottom) == pytest.approx((297, 197, 418, 286), abs=4)


def test_a_card_that_is_read_closely_reaches_beyond_what_is_looked_at() -> None:
    photo = Image.new("L", (800, 600), 120)
    photo.paste(cards.drawn(FIXED_NUMBER).convert("L").resize((220, 128)), (300, 200))
    # The code alone, with what is dark and light around it.
    (code,) = cards._read_closely(np.asarray(photo), (0.38, 0.34, 0.51, 0.54))
    assert code.text == FIXED_NUMBER
    sides = [side * size for side, size in zip(code.card, photo.size * 2, strict=True)]
    assert sides == pytest.approx([294, 194, 526, 334], abs=3)


def test_a_picture_full_of_corners_of_codes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    corner = np.full((9, 9), 255, np.uint8)
    corner[:7, :7], corner[1:6, 1:6], corner[2:5, 2:5] = 0, 255, 0
    monkeypatch.setattr(cards, "MAX_BAND_SECONDS", 0.02)
    assert cards.codes_in(np.tile(corner, (230, 230))) == []
    photo = np.asarray(with_card(0.3, 0)[0].convert("L"))
    monkeypatch.setattr(cards, "MAX_BAND_SECONDS", 60)
    monkeypatch.setattr(cards, "MAX_SECONDS", 0)
    assert [code.text for code in cards.codes_in(photo, is_card=lambda _: False)] == [NUMBER]


def test_each_print_of_one_card_in_a_photo_is_seen() -> None:
    photo, where = with_card(0.2, 0)
    left, top, right, bottom = where.getbbox() or (0, 0, 0, 0)
    photo.paste(photo.crop((left, top, right, bottom)), (left + 900, top + 800))
    first, second = sorted(cards.codes_in(np.asarray(photo.convert("L"))), key=lambda code: code.card)
    assert (first.text, second.text) == (NUMBER, NUMBER)
    assert second.card[0] - first.card[0] == pytest.approx(900 / photo.width, abs=0.01)


def test_sheets_are_the_same_bytes_for_the_same_numbers() -> None:
    numbers = [draw_public_number("35") for _ in range(cards.CARDS_PER_SHEET + 1)]
    made = cards.sheets(numbers)
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") == 2
    assert made == cards.sheets(numbers)
