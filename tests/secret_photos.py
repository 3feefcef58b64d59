"""Photos that show a secret, and whether the bytes of a file show it still."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

from gallery.imaging import Place
from tests import pictures
from tests.factories import Factory

# A face, so to say: no other part of the picture has this colour.
SECRET_COLOUR = (255, 0, 255)
SECRET = (0.5, 0.25, 0.75, 0.5)
# What hides it.
COVER: Place = (0.48, 0.22, 0.77, 0.53)


def secret_photo(size: tuple[int, int] = (900, 600), *, comment: bytes = b"") -> bytes:
    image = pictures.picture(5).resize(size).convert("L").convert("RGB")
    sides = [round(share * side) for share, side in zip(SECRET, size * 2, strict=True)]
    ImageDraw.Draw(image).rectangle(sides, fill=SECRET_COLOUR)
    return pictures.jpeg(image, quality=95, comment=comment)


def shows_secret(data: bytes) -> bool:
    with Image.open(BytesIO(data)) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return bool(((red > 180) & (green < 90) & (blue > 180)).sum() > 8)


def files_in(folder: str, make: Factory) -> dict[str, bytes]:
    """The renditions in a store, by key."""
    store = getattr(make, folder)
    return {entry.key: store.get(entry.key) for entry in store.files() if entry.key.startswith("renditions/")}


def telling_files(make: Factory) -> list[str]:
    """The renditions in both stores that show the secret."""
    both = [*files_in("private", make).items(), *files_in("public", make).items()]
    return [key for key, data in both if shows_secret(data)]
