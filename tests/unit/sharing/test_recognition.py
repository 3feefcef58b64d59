import numpy as np
import pytest
from PIL import Image, ImageDraw

from gallery.matching import Copy, describe, rank
from gallery.sharing import band
from gallery.sharing.authenticity.recognition import Resemblance, copy_of
from tests import pictures
from tests.unit.matching.drawn import catalogue_of
from tests.unit.sharing import drawn

NUMBER, OWNER = "35-K7QM-4", "Gendarmerie d’Ille-et-Vilaine · 02 61 91 00 35"
PHOTO = pictures.picture(1, kind="ring").resize((1280, 960))
CALM = Image.new("RGB", PHOTO.size, "white")
CALM.paste(PHOTO.resize((960, 720)), (160, 60))


def banded(owner: str = OWNER, number: str = NUMBER) -> Image.Image:
    return band.with_band(PHOTO, band.Band(number, drawn.SITE, owner))


def recognised(given: Image.Image, photo: Image.Image = PHOTO) -> Copy | None:
    pixels = np.asarray(given.convert("RGB"))
    signatures = {1: describe(np.asarray(photo)), 2: describe(np.asarray(pictures.picture(2)))}
    candidate = next(each for each in rank([describe(pixels)], catalogue_of(signatures)) if each.entry_id == 1)
    share = pictures.jpeg(photo, quality=88, progressive=True)
    return copy_of(pixels, share, Resemblance.of(candidate), says=band.Band(NUMBER, drawn.SITE, OWNER))


def test_a_shared_picture_is_known_after_recompression_with_its_band() -> None:
    copy = recognised(drawn.recompressed(banded()))
    assert copy is not None
    assert copy.is_unaltered, copy.changed
    assert copy.shown_share > 0.97


def test_the_plain_photo_is_known_too() -> None:
    copy = recognised(drawn.recompressed(PHOTO))
    assert copy is not None
    assert copy.is_unaltered, copy.changed
    assert copy.shown_share == pytest.approx(1)


def test_a_text_along_the_edge_of_the_plain_photo_is_a_change() -> None:
    altered = CALM.copy()
    ImageDraw.Draw(altered).text((40, 860), "Appelez le 06 12 34 56 78", fill="red", font_size=80)
    copy = recognised(drawn.recompressed(altered), CALM)
    assert copy is not None
    assert copy.changed


@pytest.mark.parametrize(
    "given",
    [banded(owner=OWNER.replace("02 61 91 00 35", "06 12 34 56 78")), banded(number="35-3FGH-9")],
    ids=["telephone", "number and code"],
)
def test_another_number_in_the_band_is_a_change(given: Image.Image) -> None:
    copy = recognised(drawn.recompressed(given))
    assert copy is not None
    assert copy.changed
    assert min(top for _, top, _, _ in copy.changed) > 0.8


def test_a_band_of_ours_under_another_picture_proves_nothing() -> None:
    forged = banded()
    forged.paste(pictures.picture(5).resize((forged.width, 960)), (0, 0))
    assert recognised(forged) is None
