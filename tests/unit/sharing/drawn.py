"""An album of drawn photos, and what a network and a phone make of its pictures."""

from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from gallery.sharing import Album, AlbumItem, AlbumPhoto, ReadPhoto, codes
from tests import pictures

SITE = "https://objets.example.fr"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def number(seed: int) -> str:
    """A number of the right shape; its check character is of no concern here."""
    letters = np.random.default_rng(seed).choice(list(ALPHABET), 5)
    return f"35-{''.join(letters[:4])}-{letters[4]}"


def album(*photos_of_each: int) -> Album:
    """An album with this many photos of each of its items."""
    items = tuple(
        AlbumItem(
            number(seed),
            f"Bague n° {seed}",
            f"Bague n° {seed}, émaillée",
            tuple(AlbumPhoto(f"p{seed}x{place}", f"Bague {seed}, vue {place}") for place in range(1, count + 1)),
        )
        for seed, count in enumerate(photos_of_each, start=1)
    )
    return Album(
        title="Objets retrouvés – Rennes",
        description="Des objets cherchent leurs propriétaires.",
        place="Ille-et-Vilaine",
        post="Regardez et partagez.",
        credit="Gendarmerie d’Ille-et-Vilaine",
        phone="02 61 91 00 35",
        site_address=SITE,
        items=items,
    )


def reader(size: tuple[int, int] = (640, 480)) -> ReadPhoto:
    """Reads drawn photos, different for every id, as the public store keeps them."""

    def read(public_id: str) -> bytes:
        drawing = pictures.picture(sum(public_id.encode()), kind="ring").resize(size)
        return pictures.jpeg(drawing, quality=88, progressive=True)

    return read


def recompressed(picture: Image.Image) -> Image.Image:
    """What Facebook shows in an album: 960 pixels on the long side, quality 70."""
    scale = 960 / max(picture.size)
    small = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)
    return Image.open(BytesIO(pictures.jpeg(small, quality=70)))


def read(picture: Image.Image) -> str:
    """What our own reader, which is that of many telephones, reads in the picture's code."""
    return codes.read_code(np.asarray(picture.convert("RGB")))


def scanned(picture: Image.Image) -> str:
    """What OpenCV reads in the picture's code, empty when it finds none: for a number that is always the same.

    One random number in some thirty it reads from no picture at all.
    """
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(np.asarray(picture.convert("RGB"))[:, :, ::-1].copy())
    return text
