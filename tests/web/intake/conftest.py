from functools import cache

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests import pictures
from tests.page import Browser

MEGABYTE = 1024 * 1024


@cache
def drawn_phone_photo() -> bytes:
    """A ring as a telephone of today takes it: 12 megapixels, with their noise."""
    ring = pictures.picture(1, kind="ring").resize((4000, 3000), Image.Resampling.BICUBIC)
    noise = np.tile(np.random.default_rng(7).integers(-24, 24, (300, 400, 3)), (10, 10, 1))
    noisy = np.clip(np.asarray(ring, np.int16) + noise, 0, 255).astype(np.uint8)
    return pictures.jpeg(Image.fromarray(noisy))


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    return Browser(client)


@pytest.fixture
def phone_photo() -> bytes:
    photo = drawn_phone_photo()
    assert len(photo) > 4 * MEGABYTE
    return photo
