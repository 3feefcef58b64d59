"""From whatever a file holds to 8-bit sRGB on white, upright."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")
_WHITE = (255, 255, 255)
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def profile_of(image: Image.Image) -> ImageCms.ImageCmsProfile | None:
    """The colour profile to convert from; None when there is none, it is damaged, or it is sRGB already."""
    data = image.info.get("icc_profile")
    if not isinstance(data, bytes) or not data:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(data))
        return None if "sRGB" in ImageCms.getProfileDescription(profile) else profile
    except (OSError, ValueError, ImageCms.PyCMSError):
        return None


def to_srgb(image: Image.Image, profile: ImageCms.ImageCmsProfile | None) -> Image.Image:
    """Convert channels of 8 bits to sRGB: transparency put on white, the profile applied.

    Phones save Display P3, and the hash of raw values drifts from the hash of what people see.
    """
    if _is_transparent(image):
        layer = image.convert("RGBA")
        canvas = Image.new("RGB", image.size, _WHITE)
        canvas.paste(_converted(layer.convert("RGB"), profile), mask=layer.getchannel("A"))
        return canvas
    if image.mode not in ("RGB", "L", "CMYK"):
        image = image.convert("RGB")
    return _converted(image, profile).convert("RGB")


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Undo an EXIF orientation, 1 to 8 (Exif 2.32, tag 0x0112)."""
    transpose = _UPRIGHT.get(orientation)
    return image if transpose is None else image.transpose(transpose)


def flattened(image: Image.Image) -> Image.Image:
    """The picture in a mode whose pixels can be averaged: no palette, no 16-bit greys."""
    if image.mode in ("P", "PA", "1"):
        return image.convert("RGBA" if _is_transparent(image) else "RGB")
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return image


def eight_bits(image: Image.Image) -> Image.Image:
    """The picture with channels of 8 bits; whole numbers or fractions of unknown range are scaled to their highest."""
    if image.mode not in ("I", "F"):
        return image
    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    highest = float(values.max(initial=0))
    scale = 255 / highest if highest > 255 or 0 < highest <= 1 else 1
    return Image.fromarray(np.clip(values * scale, 0, 255).astype(np.uint8))


def _is_transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def _converted(image: Image.Image, profile: ImageCms.ImageCmsProfile | None) -> Image.Image:
    if profile is None:
        return image
    try:
        converted = ImageCms.profileToProfile(image, profile, _SRGB, outputMode="RGB")
    except (OSError, ValueError, ImageCms.PyCMSError):
        # A profile for other colours than the picture has, or a damaged one: better its raw colours than no picture.
        return image
    return converted or image
