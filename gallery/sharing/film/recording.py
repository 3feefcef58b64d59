"""Stills shown one after the other, recorded as H.264 in an MP4 file.

The only module that knows PyAV, which need not be installed where no film is made. A still is encoded before the next
one is asked for, and goes to the disk.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from gallery.errors import FilmMakerAbsent
from gallery.sharing.files import Metadata

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

SIZE = (1920, 1080)
# Nothing moves: more would only cost time.
PICTURES_A_SECOND = 10
_THREADS = 2
# Little of x264's art: it keeps few pictures in memory, and a still has a whole key picture's time to be refined.
_OPTIONS = {
    "preset": "ultrafast",
    "tune": "stillimage,zerolatency",
    "aq-mode": "1",
    "crf": "20",
    "bf": "0",
    "rc-lookahead": "0",
    "refs": "1",
}
# ITU-T H.273: BT.709, in the narrow range of video.
_BT709, _NARROW = 1, 1
_TICKS = Fraction(1, PICTURES_A_SECOND)

Show = Callable[[Image.Image], None]


@dataclass(frozen=True)
class Chapter:
    """A part of a film, in seconds from its beginning."""

    title: str
    start: int
    end: int


def require_film_maker() -> None:
    """Raise FilmMakerAbsent where PyAV is not installed."""
    try:
        is_there = find_spec("av") is not None
    # What find_spec says of a module that was tried and found missing.
    except ValueError:
        is_there = False
    if not is_there:
        raise FilmMakerAbsent


@contextmanager
def recorded(
    path: Path, about: Metadata, chapters: Sequence[Chapter], *, still_seconds: int, max_bits_a_second: int
) -> Iterator[Show]:
    """Record a film: each still that is shown, RGB of SIZE, lasts still_seconds and begins with a key picture."""
    import av

    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}) as container:
        container.metadata.update(title=about.title, description=about.description, artist=about.credit)
        container.set_chapters(
            [
                {
                    "id": number,
                    "start": chapter.start,
                    "end": chapter.end,
                    "time_base": Fraction(1),
                    "metadata": {"title": chapter.title},
                }
                for number, chapter in enumerate(chapters, start=1)
            ]
        )
        stream = _stream(container, still_seconds, max_bits_a_second)
        shown = 0

        def show(still: Image.Image) -> None:
            nonlocal shown
            frame = av.VideoFrame.from_ndarray(np.asarray(still), format="rgb24").reformat(
                format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
            )
            for _ in range(still_seconds * PICTURES_A_SECOND):
                frame.pts, frame.time_base = shown, _TICKS
                container.mux(stream.encode(frame))
                shown += 1

        yield show
        container.mux(stream.encode())


def _stream(container: "OutputContainer", still_seconds: int, max_bits_a_second: int) -> "VideoStream":
    pictures = still_seconds * PICTURES_A_SECOND
    options = _OPTIONS | {
        "g": str(pictures),
        "sc_threshold": "0",
        "maxrate": str(max_bits_a_second),
        "bufsize": str(2 * max_bits_a_second),
    }
    stream = container.add_stream("libx264", rate=PICTURES_A_SECOND, options=options)
    stream.width, stream.height = SIZE
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.thread_count = _THREADS
    context.color_range = _NARROW
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    stream.metadata["language"] = "fra"
    return stream
