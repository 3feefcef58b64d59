"""An album of 500 photos as `flask album` makes it: python -m bench albums [FOLDER] [--photos N].

For Facebook, and as a film for Dailymotion where PyAV is installed: photos a second and the most memory that the
process held. Beside the first stands the limit: encoding alone, the same pictures with their bands, in as many threads.
Photos of FOLDER are enlarged to 2048 pixels; drawn ones are taken where it is absent.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Sequence
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from gallery import create_app
from gallery.config import BOTH_SITES, load_settings
from gallery.errors import FilmMakerAbsent
from gallery.sharing import Album, AlbumItem, AlbumPhoto, archive, files, files_of, pictures
from gallery.sharing.in_order import WORKERS, in_order
from gallery.sharing.networks.packages import PACKAGES

# Different photos that the album repeats.
DISTINCT = 100
SIZE = (2048, 1536)
MEBIBYTE = 2**20


def main(arguments: list[str]) -> None:
    """Print both rates and the memory."""
    parser = argparse.ArgumentParser(prog="bench albums", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--photos", type=int, default=500)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Each part in a process of its own, so that the memory of one is not counted for the other.
        for part in (_prepare, _make_for_facebook, _encode_only, _make_for_dailymotion):
            process = get_context("spawn").Process(target=part, args=(options.folder, folder, options.photos))
            process.start()
            process.join()
            assert process.exitcode == 0


def _prepare(source: Path, folder: Path, _count: int) -> None:
    """Make what the public store holds."""
    paths = sorted(source.glob("*/*.jpg"))
    for number in range(DISTINCT):
        image = _opened(paths[number * len(paths) // DISTINCT]) if paths else _drawn(number)
        image.resize(SIZE).save(folder / f"{number}.jpg", "JPEG", quality=88, optimize=True, progressive=True)


def _make_for_facebook(_source: Path, folder: Path, count: int) -> None:
    _make("facebook", folder, count)


def _make_for_dailymotion(_source: Path, folder: Path, count: int) -> None:
    try:
        _make("dailymotion", folder, count)
    except FilmMakerAbsent:
        print("dailymotion: PyAV is not installed (requirements-extra.txt)")


def _make(network: str, folder: Path, count: int) -> None:
    # As the command has it: with both sites loaded.
    app = create_app(load_settings(environ={"GALLERY_INSTANCE": str(folder / "instance")}), BOTH_SITES)
    before = _most_memory()
    started = time.perf_counter()
    size = 0
    with (folder / "album.zip").open("wb") as file:
        for piece in archive.streamed(PACKAGES[network](_album(count), lambda name: (folder / name).read_bytes())):
            size += file.write(piece)
    seconds = time.perf_counter() - started
    rate = count / seconds
    print(f"{network}: {count} photos in {seconds:.1f} s, {rate:.1f} photos a second, {size / MEBIBYTE:.0f} MiB")
    print(f"memory: {before:.0f} MiB with the application alone, at most {_most_memory():.0f} MiB")
    assert app


def _encode_only(_source: Path, folder: Path, count: int) -> None:
    """The limit: pictures that are decoded and have their band already."""
    album = _album(WORKERS * 10)
    metadata = files.Metadata("", "", "")
    banded = [
        _opened_bytes(pictures.photo_file(album, each, lambda name: (folder / name).read_bytes()))
        for each in files_of(album, max_in_folder=1000)
    ]
    started = time.perf_counter()
    asked: Sequence[Image.Image] = [banded[number % len(banded)] for number in range(count)]
    for _ in in_order(lambda picture: files.encoded(picture, metadata), asked):
        pass
    print(f"encoding alone: {count / (time.perf_counter() - started):.1f} photos a second")


def _album(count: int) -> Album:
    items = tuple(
        AlbumItem(
            f"35-K7{number:03}-4", "Bague en or", "Bague en or", (AlbumPhoto(f"{number % DISTINCT}.jpg", "Bague"),)
        )
        for number in range(count)
    )
    site = "https://objets.example.fr"
    return Album("Objets retrouvés", "", "", "", "Gendarmerie d’Ille-et-Vilaine", "02 61 91 35 01", site, items)


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def _opened_bytes(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as image:
        return image.convert("RGB")


def _drawn(seed: int) -> Image.Image:
    noise = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    return Image.fromarray(noise)


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
