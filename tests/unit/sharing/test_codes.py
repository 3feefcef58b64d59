import pytest
from PIL import Image

from gallery.sharing import band, codes, qr
from gallery.sharing.addresses import scanned
from tests import pictures
from tests.unit.sharing import drawn
from tests.unit.sharing.drawn import read


def test_the_code_of_a_shared_picture_is_read_after_recompression() -> None:
    photo = pictures.picture(4).resize((2048, 1536))
    whole = band.with_band(photo, band.Band(drawn.number(4), drawn.SITE, "Gendarmerie"))
    assert read(drawn.recompressed(whole)) == scanned(drawn.SITE, drawn.number(4))


def test_the_code_of_a_picture_of_400_pixels_is_read() -> None:
    photo = pictures.picture(4).resize((2048, 1536))
    whole = band.with_band(photo, band.Band(drawn.number(4), drawn.SITE, "Gendarmerie"))
    whole.thumbnail((400, 400))
    assert read(whole) == scanned(drawn.SITE, drawn.number(4))


def test_a_picture_without_a_code_says_nothing() -> None:
    assert read(pictures.picture(4)) == ""


def test_what_is_too_long_is_cut_and_what_cannot_be_seen_is_marked() -> None:
    assert read(qr.drawn("x" * 400, module_pixels=8)) == "x" * codes.MAX_CHARACTERS
    assert read(qr.drawn("https://evil.example/\npay", module_pixels=8)) == "https://evil.example/\ufffdpay"


@pytest.mark.parametrize("size", [(16, 16), (2048, 16), (1, 1)], ids=str)
def test_odd_shapes_are_read(size: tuple[int, int]) -> None:
    assert read(Image.new("RGB", size)) == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("https://objets.example.fr/o/35-K7QM-4", "35-K7QM-4"),
        ("HTTPS://OBJETS.EXAMPLE.FR/O/35-K7QM-4", "35-K7QM-4"),
        ("https://objets.example.fr/objets/35-k7qm-4", "35-k7qm-4"),
        ("https://objets.example.fr/en/objets/35-K7QM-4?utm_source=whatsapp", "35-K7QM-4"),
        ("https://objets.example.fr", None),
        ("https://objets.example.fr.evil.example/o/35-K7QM-4", None),
        ("https://evil.example/?https://objets.example.fr/o/35-K7QM-4", None),
        ("35-K7QM-4", None),
        ("", None),
    ],
)
def test_only_our_addresses_lead_to_a_number(text: str, number: str | None) -> None:
    assert codes.number_in(text, drawn.SITE) == number
