import pytest
from PIL import Image

from gallery.sharing import band
from gallery.sharing.addresses import scanned as scanned_address
from tests import pictures
from tests.unit.sharing import drawn

OWNER = "Gendarmerie d’Ille-et-Vilaine · 02 61 91 00 35"
SIZES = [(2048, 1536), (1536, 2048), (2048, 2048), (2048, 900), (1600, 1200), (640, 480)]
SITES = [
    drawn.SITE,
    "https://objets-retrouves.gendarmerie.interieur.gouv.fr",
    "http://127.0.0.1:5000",
    "https://ville.example.fr/objets",
]


def banded(size: tuple[int, int], seed: int = 1, site: str = drawn.SITE) -> Image.Image:
    photo = pictures.picture(seed).resize(size)
    return band.with_band(photo, band.Band(drawn.number(seed), site, OWNER))


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_code_is_read_after_recompression(size: tuple[int, int]) -> None:
    seen = drawn.recompressed(banded(size, 3))
    assert drawn.scanned(seen) == scanned_address(drawn.SITE, drawn.number(3))


@pytest.mark.parametrize("site", SITES)
def test_the_code_of_every_kind_of_address_is_read(site: str) -> None:
    seen = drawn.recompressed(banded((2048, 1536), 3, site))
    assert drawn.scanned(seen) == scanned_address(site, drawn.number(3))


@pytest.mark.parametrize("seed", range(6))
def test_codes_of_many_numbers_are_read(seed: int) -> None:
    seen = drawn.recompressed(banded((2048, 1536), seed))
    assert drawn.scanned(seen) == scanned_address(drawn.SITE, drawn.number(seed))


@pytest.mark.parametrize("size", SIZES[:4], ids=str)
def test_the_long_side_is_what_facebook_keeps(size: tuple[int, int]) -> None:
    assert max(banded(size).size) == 2048


def test_nothing_of_the_photo_is_hidden() -> None:
    photo = pictures.picture(5).resize((2048, 1365))
    whole = band.with_band(photo, band.Band(drawn.number(5), drawn.SITE, OWNER))
    assert whole.crop((0, 0, *photo.size)).tobytes() == photo.tobytes()


def test_the_band_takes_less_than_a_sixth_of_the_picture() -> None:
    whole = banded((2048, 1536))
    assert (whole.height - 1536) / whole.height < 1 / 6


@pytest.mark.parametrize("size", [(1, 1), (2048, 40), (40, 2048), (300, 2000)], ids=str)
def test_odd_photos_get_their_band_too(size: tuple[int, int]) -> None:
    whole = banded(size)
    assert max(whole.size) <= 2048
    assert drawn.scanned(whole)
