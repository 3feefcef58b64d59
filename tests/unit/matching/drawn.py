"""The drawn pictures of tests.pictures as the arrays that matching takes, and catalogues of them."""

from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from gallery.matching import Catalogue, CatalogueEntry, Signature, describe
from tests import pictures

Pixels = npt.NDArray[np.uint8]


def drawn(seed: int, kind: str = "texture") -> Pixels:
    return np.asarray(pictures.picture(seed, kind))


def recompressed(picture: Pixels, *, quality: int) -> Pixels:
    return np.asarray(pictures.recompressed(Image.fromarray(picture), quality))


def turned(picture: Pixels, degrees: float) -> Pixels:
    return np.asarray(pictures.rotated(Image.fromarray(picture), degrees))


def reduced(picture: Pixels, share: float) -> Pixels:
    image = Image.fromarray(picture)
    return np.asarray(image.resize((round(image.width * share), round(image.height * share))))


def relit(picture: Pixels, brightness: float) -> Pixels:
    return np.asarray(pictures.relit(Image.fromarray(picture), brightness))


def catalogue_of(signatures: dict[int, Signature]) -> Catalogue:
    """A catalogue of one item a photo, item ids a thousand above photo ids."""
    details = {entry_id: signature.details_bytes() for entry_id, signature in signatures.items()}
    catalogue = Catalogue(lambda ids: {entry_id: details[entry_id] for entry_id in ids if entry_id in details})
    catalogue.add(CatalogueEntry(entry_id, entry_id + 1000, signature) for entry_id, signature in signatures.items())
    return catalogue


def described(*seeds: int) -> dict[int, Signature]:
    return {seed: _signature(seed) for seed in seeds}


@cache
def _signature(seed: int) -> Signature:
    """Made once in a process: several modules show the same drawings."""
    return describe(drawn(seed))
