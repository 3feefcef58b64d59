from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageCms, IptcImagePlugin

from gallery.sharing.files import Metadata, encoded
from tests import pictures

METADATA = Metadata("Bague & jonc", "Volée <en> mars\nN° 35-K7QM-4", "Gendarmerie d’Ille-et-Vilaine")
PICTURE = pictures.picture(1).resize((2048, 1536))


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def test_title_description_and_credit_are_read_back_from_xmp() -> None:
    tree = ElementTree.fromstring(opened(encoded(PICTURE, METADATA)).info["xmp"].decode())
    assert [text.strip() for text in tree.itertext() if text.strip()] == [METADATA.title, METADATA.description]
    assert METADATA.credit in str([element.attrib for element in tree.iter()])


def test_title_description_and_credit_are_read_back_from_iptc() -> None:
    fields = IptcImagePlugin.getiptcinfo(opened(encoded(PICTURE, METADATA)))
    assert fields is not None
    assert fields[2, 5].decode() == METADATA.title
    assert fields[2, 120].decode() == METADATA.description
    assert METADATA.credit.startswith(fields[2, 110].decode())
    assert set(fields) == {(1, 90), (2, 5), (2, 110), (2, 120)}


def test_there_is_no_other_metadata() -> None:
    picture = opened(encoded(PICTURE, METADATA))
    assert not picture.getexif()
    assert not {"exif", "comment"} & picture.info.keys()


def test_the_colours_are_srgb() -> None:
    picture = opened(encoded(PICTURE, METADATA))
    profile = ImageCms.ImageCmsProfile(BytesIO(picture.info["icc_profile"]))
    assert "sRGB" in ImageCms.getProfileDescription(profile)
    assert picture.mode == "RGB"


def test_the_same_picture_is_the_same_file() -> None:
    assert encoded(PICTURE, METADATA) == encoded(PICTURE, METADATA)


@pytest.mark.slow
def test_even_noise_stays_under_the_limit() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (2048, 2048, 3), dtype=np.uint8)
    assert len(encoded(Image.fromarray(noise), METADATA)) < 1_000_000


def test_long_texts_are_cut_between_letters() -> None:
    long = Metadata("é" * 200, "à" * 5000, "ç" * 100)
    fields = IptcImagePlugin.getiptcinfo(opened(encoded(PICTURE, long)))
    assert fields is not None
    assert fields[2, 5].decode() == "é" * 32
