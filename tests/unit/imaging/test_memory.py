"""No photo needs more than 600 MB in all processes, measured for the worst file of each kind."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests import pictures
from tests.waiting import LONG_PATIENCE

ROOT = Path(__file__).parents[3]
LIMIT_MEGABYTES = 600
PROGRAM = """
import resource, sys
from pathlib import Path
from gallery.imaging import Limits, decode, renditions
from gallery.imaging.process import guard
renditions(decode(Path(sys.argv[1]).read_bytes(), Limits(max_bytes=10**9)))
guard.stop()
# The most that this process has held, and the most that any process below it has.
own = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
JPEG, OTHER = (16_320, 12_224), (8_160, 6_112)
TRANSPARENT_GIF = (7_744, 5_808)
TRANSPARENT_AVIF, TRANSPARENT_WEBP, NUMBERS = (5_152, 3_872), (6_592, 4_944), (7_264, 5_472)


def blocks(size: tuple[int, int], channels: int) -> np.ndarray:
    """A picture of coarse noise, quick to encode; (height, width, channels) uint8."""
    small = np.random.default_rng(1).integers(0, 255, (size[1] // 32, size[0] // 32, channels), dtype=np.uint8)
    return small.repeat(32, axis=0).repeat(32, axis=1).squeeze()


def repeated(channels: int, band_rows: int) -> bytes:
    """A JPEG of 200 megapixels that repeats one band of this many rows, eight units each: its restart markers go on."""
    band = blocks((JPEG[0], 128), channels)[:band_rows]
    mode = {3: "RGB", 4: "CMYK"}[channels]
    image = Image.frombytes(mode, (JPEG[0], band_rows), np.ascontiguousarray(band).tobytes())
    data = pictures.jpeg(image, quality=80, restart_marker_rows=1)
    pixels_at = data.index(b"\xff\xda") + 2
    pixels_at += int.from_bytes(data[pixels_at : pixels_at + 2], "big")
    head, pixels = bytearray(data[:pixels_at]), data[pixels_at:-2]
    height_at = head.index(b"\xff\xc0") + 5
    head[height_at : height_at + 2] = JPEG[1].to_bytes(2, "big")
    return bytes(head) + b"\xff\xd7".join([pixels] * (JPEG[1] // band_rows)) + b"\xff\xd9"


CASES = {
    "jpeg of 200 megapixels": lambda: repeated(3, 128),
    "jpeg of 200 megapixels in print colours": lambda: repeated(4, 64),
    "progressive jpeg of 40 megapixels, every colour": lambda: pictures.jpeg(
        Image.fromarray(blocks((6320, 6320), 3)), quality=80, progressive=True, subsampling=0
    ),
    "png with transparency": lambda: pictures.encoded(Image.fromarray(blocks(OTHER, 4)), "PNG", compress_level=1),
    "png of 16 bits": lambda: pictures.encoded(
        Image.fromarray(blocks(OTHER, 1).astype(np.uint16) * 257), "PNG", compress_level=1
    ),
    "gif with transparency": lambda: pictures.encoded(
        Image.fromarray(blocks(TRANSPARENT_GIF, 1)), "GIF", transparency=3
    ),
    "tiff of 32 bits": lambda: pictures.encoded(
        Image.fromarray(blocks(NUMBERS, 1).astype(np.int32)), "TIFF", compression="tiff_lzw"
    ),
    "webp with transparency": lambda: pictures.encoded(
        Image.fromarray(blocks(TRANSPARENT_WEBP, 4)), "WEBP", quality=60, method=0
    ),
    "avif with transparency": lambda: pictures.encoded(
        Image.fromarray(blocks(TRANSPARENT_AVIF, 4)), "AVIF", quality=50, speed=10, subsampling="4:4:4"
    ),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere photos are decoded in the process itself")
@pytest.mark.parametrize("case", CASES)
def test_the_largest_photo_of_each_kind_fits(case: str, tmp_path: Path) -> None:
    path = tmp_path / "photo"
    path.write_bytes(CASES[case]())
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=LONG_PATIENCE,
    )
    print(done.stdout)
    assert sum(map(int, done.stdout.split())) / 1024 < LIMIT_MEGABYTES
