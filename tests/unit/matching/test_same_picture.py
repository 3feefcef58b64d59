import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from gallery.matching import Copy, describe, find_copy, rank
from gallery.matching.copies.shown_part import Frame, Sides, shown_part
from tests import pictures
from tests.unit.matching.drawn import catalogue_of, drawn

PUBLISHED = pictures.picture(1)
MARGIN = pictures.picture(1).resize((320, 240))


def found(given: Image.Image, published: Image.Image = PUBLISHED) -> Copy | None:
    """What the given picture is, when a search has found the published one."""
    pixels, theirs = np.asarray(given.convert("RGB")), np.asarray(published)
    candidates = rank([describe(pixels)], catalogue_of({1: describe(theirs), 2: describe(drawn(2))}))
    one = next(each for each in candidates if each.entry_id == 1)
    return find_copy(
        pixels,
        theirs,
        one.points,
        mirrored=one.measurement.mirrored,
        as_whole=one.measurement.hash_bits <= 40,
    )


def half(image: Image.Image = PUBLISHED) -> Image.Image:
    """Half of the area, in a corner."""
    return image.crop((0, 0, round(image.width * 0.5**0.5), round(image.height * 0.5**0.5)))


def screenshot(image: Image.Image, ground: str = "white") -> Image.Image:
    screen = Image.new("RGB", (image.width, image.height * 2), ground)
    draw = ImageDraw.Draw(screen)
    for row in range(4):
        draw.text((20, 20 + 30 * row), "Regardez et partagez !", fill="gray", font_size=24)
        draw.text((20, image.height + 200 + 30 * row), "J’aime Commenter", fill="gray", font_size=24)
    screen.paste(image, (0, 160))
    return screen


def written_over(image: Image.Image, place: tuple[int, int] = (300, 300)) -> Image.Image:
    altered = image.copy()
    ImageDraw.Draw(altered).text(place, "06 12 34 56 78", fill="red", font_size=36)
    return altered


def inlaid(image: Image.Image) -> Image.Image:
    altered = image.copy()
    altered.paste(pictures.picture(9, kind="ring").resize((120, 120)), (400, 100))
    return altered


COPIES = {
    "itself": PUBLISHED,
    "recompressed": pictures.recompressed(PUBLISHED, 20),
    "reduced": PUBLISHED.resize((300, 225)),
    "enlarged": PUBLISHED.resize((1600, 1200)),
    "in other light": pictures.relit(PUBLISHED),
    "half of it": half(),
    "half of it, recompressed": pictures.recompressed(half(), 20),
    "turned": pictures.rotated(PUBLISHED, 90),
    "screenshot": screenshot(PUBLISHED),
    "dark screenshot": screenshot(PUBLISHED, "black"),
    "screenshot of half of it": screenshot(half()),
    "dark screenshot of half of it": screenshot(half(), "black"),
    "screenshot of a part, where the whole would end with the screen": screenshot(PUBLISHED.crop((90, 160, 543, 460))),
}


@pytest.mark.parametrize("given", COPIES.values(), ids=COPIES)
def test_a_copy_is_known_and_unaltered(given: Image.Image) -> None:
    copy = found(given)
    assert copy is not None
    assert copy.is_unaltered, copy.changed


EVERYWHERE = np.ones((480, 640), np.bool_)


@pytest.mark.parametrize("is_common", [False, True], ids=["beside something else", "at an edge of both"])
def test_only_what_mixes_with_something_beside_the_photo_is_left_out(*, is_common: bool) -> None:
    spots = ~EVERYWHERE
    spots[:5, 250:350] = True
    common = Sides(left=True, top=is_common, right=True, bottom=True)
    shown = shown_part(Frame(0, 0, 640, 480), spots, EVERYWHERE, common)
    assert spots[shown.slices].any() == is_common


@pytest.mark.filterwarnings("error")
def test_a_part_of_which_nothing_is_as_published_is_empty() -> None:
    nowhere_common = Sides(left=False, top=False, right=False, bottom=False)
    assert shown_part(Frame(60, 60, 600, 400), EVERYWHERE, EVERYWHERE, nowhere_common).area == 0


def test_the_part_that_is_shown_is_told() -> None:
    copy = found(screenshot(half()))
    assert copy is not None
    assert copy.shown == pytest.approx((0, 0, 0.71, 0.71), abs=0.03)
    assert copy.shown_share == pytest.approx(0.5, abs=0.04)
    assert [y for _, y in copy.outline] == pytest.approx([160 / 678] * 2 + [499 / 678] * 2, abs=0.02)


def covers(box: tuple[float, ...], place: tuple[float, float]) -> bool:
    left, top, right, bottom = box
    return left <= place[0] <= right and top <= place[1] <= bottom


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (inlaid(PUBLISHED), (460 / 640, 160 / 480)),
        (screenshot(inlaid(PUBLISHED)), (460 / 640, 160 / 480)),
        (pictures.recompressed(written_over(PUBLISHED), 40), (400 / 640, 320 / 480)),
        (written_over(PUBLISHED, (20, 440)), (150 / 640, 460 / 480)),
    ],
    ids=["inlaid", "inlaid, screenshot", "written over", "written at the edge"],
)
def test_what_was_changed_is_told(given: Image.Image, place: tuple[float, float]) -> None:
    copy = found(given)
    assert copy is not None
    assert not copy.is_unaltered
    assert any(covers(box, place) for box in copy.changed)
    left, top, right, bottom = copy.changed[0]
    assert (right - left) * (bottom - top) < 0.3


def test_text_in_an_empty_margin_is_a_change() -> None:
    photo = Image.new("RGB", (640, 480), "white")
    photo.paste(MARGIN, (160, 60))
    copy = found(written_over(photo, (160, 400)), photo)
    assert copy is not None
    assert any(covers(box, (300 / 640, 420 / 480)) for box in copy.changed)


def test_another_colour_of_a_part_is_a_change() -> None:
    altered = PUBLISHED.copy()
    part = altered.crop((200, 150, 420, 330))
    altered.paste(Image.merge("RGB", part.split()[::-1]), (200, 150))
    copy = found(altered)
    assert copy is not None
    assert copy.changed


def test_a_mirrored_copy_is_altered() -> None:
    copy = found(pictures.mirrored(PUBLISHED))
    assert copy is not None
    assert copy.mirrored
    assert not copy.changed
    assert not copy.is_unaltered


def seen_aslant(image: Image.Image) -> Image.Image:
    """Another photo of the same flat thing: a little perspective."""
    corners = (0, 0, 20, image.height, image.width, image.height - 25, image.width - 30, 10)
    return image.transform(image.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)


@pytest.mark.parametrize(
    "given",
    [pictures.picture(3), pictures.picture(1, kind="ring"), seen_aslant(PUBLISHED), Image.new("RGB", (640, 480))],
    ids=["another picture", "another thing", "another photo of it", "nothing"],
)
def test_what_is_no_copy_is_not_known(given: Image.Image) -> None:
    assert found(given) is None


def test_a_part_pasted_into_another_picture_is_all_that_is_known() -> None:
    collage = pictures.picture(7).resize((1280, 960))
    collage.paste(PUBLISHED, (500, 300))
    copy = found(collage)
    assert copy is not None
    assert [round(x, 1) for x, _ in copy.outline] == [0.4, 0.9, 0.9, 0.4]


@pytest.mark.parametrize("shape", [(16, 16), (16, 2000), (2000, 16)], ids=str)
def test_odd_shapes_are_no_copies(shape: tuple[int, int]) -> None:
    pixels: npt.NDArray[np.uint8] = np.zeros((*shape, 3), np.uint8)
    assert find_copy(pixels, drawn(1), (), as_whole=True) is None
    assert find_copy(drawn(1), pixels, (), as_whole=True) is None
