"""A film as a player sees it, read with PyAV, which a machine may lack: such tests are marked `films`."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from gallery.sharing.networks.packages import PACKAGES

NETWORKS = [pytest.param(name, marks=[pytest.mark.films] if name == "dailymotion" else []) for name in PACKAGES]


@dataclass(frozen=True)
class Watched:
    """An MP4 file."""

    data: bytes

    def facts(self) -> dict[str, Any]:
        """What it is made of."""
        import av

        with av.open(BytesIO(self.data)) as container:
            (stream,) = container.streams.video
            codec = stream.codec_context
            return {
                "sounds": len(container.streams.audio),
                "codec": (codec.name, codec.pix_fmt, codec.width, codec.height),
                "pictures": (stream.average_rate, stream.frames),
                "seconds": container.duration / av.time_base,
                "title": container.metadata["title"],
            }

    def keys(self) -> list[float]:
        """Seconds at which a player can jump in."""
        import av

        with av.open(BytesIO(self.data)) as container:
            return [float(each.pts * each.time_base) for each in container.demux(video=0) if each.is_keyframe]

    def chapters(self) -> list[tuple[int, str]]:
        """Second and title of each."""
        import av

        with av.open(BytesIO(self.data)) as container:
            return [
                (int(each["start"] * each["time_base"]), each["metadata"]["title"]) for each in container.chapters()
            ]

    def stills(self, *, each: int) -> list[Image.Image]:
        """The picture in the middle of each group of this many pictures."""
        import av

        with av.open(BytesIO(self.data)) as container:
            pictures = enumerate(container.decode(video=0))
            return [picture.to_image() for place, picture in pictures if place % each == each // 2]
