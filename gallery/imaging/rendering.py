"""The sizes in which a picture is shown and shared, without any metadata."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from gallery.imaging.picture import Picture

# In the key of every stored rendition: raise it when one of the numbers below changes.
RENDITION_VERSION = 2
# Long sides, in pixels.
SIDES = (320, 560, 800, 1600)
PREVIEW_SIDE = 800
DECLARED_SIDE = 1280
SHARE_NAME = "share.jpg"
WEBP_QUALITY = 78
JPEG_QUALITY = 82
SHARE_QUALITY = 88
# libwebp's effort, 0 to 6. On a 12-megapixel photo 2 takes half the time of the default 4, for files 6 % larger.
WEBP_METHOD = 2


@dataclass(frozen=True)
class Rendition:
    """One file made of a picture. name: "320.webp" ... "1600.jpg", "share.jpg"; width, height: its pixels."""

    name: str
    media_type: str
    width: int
    height: int
    data: bytes


def renditions(picture: Picture) -> list[Rendition]:
    """Make the files of a picture: long sides of 320, 560, 800 and 1600 as WebP and JPEG; a JPEG of 2048 for sharing.

    Never enlarged: the first size that the picture does not reach is made at its own size, and is the last.
    """
    made = [_encoded(picture.image, SHARE_NAME, SHARE_QUALITY)]
    longest = max(picture.image.size)
    image = picture.image
    for side in reversed([side for index, side in enumerate(SIDES) if index == 0 or SIDES[index - 1] < longest]):
        image = _fitted(image, side)
        made.append(_encoded(image, f"{side}.jpg", JPEG_QUALITY))
        made.append(_encoded(image, f"{side}.webp", WEBP_QUALITY))
    return made[::-1]


def preview(picture: Picture) -> Rendition:
    """A JPEG of a picture to be shown at once and stored nowhere, its long side 800 at most."""
    return _encoded(_fitted(picture.image, PREVIEW_SIDE), f"{PREVIEW_SIDE}.jpg", JPEG_QUALITY)


def declared(picture: Picture) -> bytes:
    """A JPEG of a picture that somebody declares, its long side 1280 at most: enough to compare, and small to seal."""
    return _encoded(_fitted(picture.image, DECLARED_SIDE), f"{DECLARED_SIDE}.jpg", JPEG_QUALITY).data


def document_page(picture: Picture) -> bytes:
    """A JPEG of a picture that is to be read, its long side 1600 at most: a printed page at 140 dots an inch."""
    return _encoded(_fitted(picture.image, SIDES[-1]), f"{SIDES[-1]}.jpg", JPEG_QUALITY).data


def _fitted(image: Image.Image, side: int) -> Image.Image:
    if max(image.size) <= side:
        return image
    smaller = image.copy()
    smaller.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return smaller


def _encoded(image: Image.Image, name: str, quality: int) -> Rendition:
    buffer = BytesIO()
    if name.endswith(".webp"):
        image.save(buffer, "WEBP", quality=quality, method=WEBP_METHOD)
        media_type = "image/webp"
    else:
        image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        media_type = "image/jpeg"
    return Rendition(name, media_type, image.width, image.height, buffer.getvalue())
