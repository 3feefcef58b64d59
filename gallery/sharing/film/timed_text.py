"""What is written beside a film, moment by moment: subtitles, chapters, the transcription."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from gallery.sharing.film.recording import Chapter

# Subtitles: two lines of this many characters can be read while a still is shown.
MAX_IN_LINE = 80


@dataclass(frozen=True)
class Cue:
    """What a still says, from second to second. lines: short, for subtitles; text: all of it, for the transcription."""

    start: int
    end: int
    lines: tuple[str, ...]
    text: str


def clock(seconds: int) -> str:
    """A moment as people write it, and as networks make a link of it.

    >>> clock(65), clock(3605)
    ('1:05', '1:00:05')
    """
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def subrip(cues: Sequence[Cue]) -> bytes:
    """The subtitles as an SRT file."""
    parts = [
        f"{number}\n{_exact(cue.start, ',')} --> {_exact(cue.end, ',')}\n" + "\n".join(map(_harmless, cue.lines))
        for number, cue in enumerate(cues, start=1)
    ]
    return "\n\n".join(parts).encode() + b"\n"


def webvtt(cues: Sequence[Cue]) -> bytes:
    """The subtitles as a WebVTT file."""
    parts = [
        f"{_exact(cue.start)} --> {_exact(cue.end)}\n"
        + "\n".join(escape(_line(line), quote=False) for line in cue.lines)
        for cue in cues
    ]
    return "\n\n".join(["WEBVTT", *parts]).encode() + b"\n"


def chapters_webvtt(chapters: Sequence[Chapter]) -> bytes:
    """The chapters as a WebVTT file."""
    parts = [
        f"{_exact(chapter.start)} --> {_exact(chapter.end)}\n{escape(_line(chapter.title), quote=False)}"
        for chapter in chapters
    ]
    return "\n\n".join(["WEBVTT", *parts]).encode() + b"\n"


def transcription(cues: Sequence[Cue]) -> bytes:
    """Everything that the film shows, in words, for people who cannot see it."""
    return "\n\n".join(f"[{clock(cue.start)}]\n{cue.text}" for cue in cues).encode("utf-8-sig") + b"\n"


def _exact(seconds: int, mark: str = ".") -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}000"


def _line(text: str) -> str:
    """On one line, and without the arrow that ends a moment."""
    return re.sub(r"\s+", " ", text).replace("-->", "→").strip()


def _harmless(text: str) -> str:
    """Players read <i> and {…} in SRT as orders."""
    return _line(text).translate(str.maketrans("<>{}", "‹›()"))
