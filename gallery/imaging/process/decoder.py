"""The process that decodes for another one: it forks a confined child for each photo, and reads none itself.

Started as a fresh Python, it holds no key and no row. It ends with the process that started it.
"""

import gc
import json
import mmap
import os
import selectors
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gallery.errors import PhotoRefused, PhotoTooDemanding, PhotoUnreadable
from gallery.imaging import decoding, pdf
from gallery.imaging.decoding import Limits
from gallery.imaging.process import answers, confinement

MAX_REQUEST_BYTES = 4096
# Sent with each request: where to answer, the file, and room for pixels.
DESCRIPTORS = 3
MAX_DESCRIPTORS = 65_536


@dataclass
class Job:
    """A child at work. answer: where to say how it ended; until: on the clock of time.monotonic."""

    pid: int
    answer: int
    until: float
    is_late: bool = False


class Decoder:
    """Forks children as asked over `requests`, and ends those that take too long."""

    def __init__(self, requests: socket.socket) -> None:
        self._requests = requests
        self._jobs: dict[int, Job] = {}
        self._events = selectors.DefaultSelector()
        self._events.register(requests, selectors.EVENT_READ)

    def run(self) -> None:
        """Work until the other side closes."""
        while True:
            for key, _ in self._events.select(self._patience()):
                if key.fd != self._requests.fileno():
                    self._end(key.fd)
                elif not self._begin():
                    return
            self._end_late_ones()

    def _patience(self) -> float | None:
        """Seconds until the first job is late; None: for ever."""
        waiting = [job.until for job in self._jobs.values() if not job.is_late]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None

    def _begin(self) -> bool:
        request, descriptors, _, _ = socket.recv_fds(self._requests, MAX_REQUEST_BYTES, DESCRIPTORS)
        if not request:
            return False
        limits = Limits(**json.loads(request))
        ended, in_child = os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _close_all_but(in_child, *descriptors)
            _work(parent, limits, *descriptors)
        os.close(in_child)
        answer, *photo = descriptors
        for descriptor in photo:
            os.close(descriptor)
        self._jobs[ended] = Job(pid, answer, time.monotonic() + limits.max_seconds)
        self._events.register(ended, selectors.EVENT_READ)
        return True

    def _end(self, ended: int) -> None:
        """Dismiss a child whose end of the pipe has closed with it, and answer for it where it could not."""
        job = self._jobs.pop(ended)
        self._events.unregister(ended)
        os.close(ended)
        _, status = os.waitpid(job.pid, 0)
        is_late = job.is_late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU)
        if status:
            print(
                f"decoder: a photo {'took too long' if is_late else f'ended its process ({status})'}", file=sys.stderr
            )
        # Whoever has been answered does not read this any more, or is gone.
        with suppress(OSError):
            os.write(job.answer, answers.of_refusal(PhotoTooDemanding() if is_late else PhotoUnreadable()))
        os.close(job.answer)

    def _end_late_ones(self) -> None:
        for job in self._jobs.values():
            if not job.is_late and job.until <= time.monotonic():
                job.is_late = True
                os.kill(job.pid, signal.SIGKILL)


def main(descriptor: int) -> None:
    """Decode for the process at the other end of this socket."""
    confinement.prepare()
    decoding.warm_up()
    # The collector looks at none of this again, so that children share its pages.
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=descriptor) as requests:
        Decoder(requests).run()


def _close_all_but(*kept: int) -> None:
    """Close what is another photo's, and the socket over which we are asked; standard streams stay."""
    edges = sorted((2, *kept))
    for low, high in zip(edges, [*edges[1:], MAX_DESCRIPTORS], strict=True):
        os.closerange(low + 1, high)


def _work(parent: int, limits: Limits, answer: int, given: int, room: int) -> Any:
    """Decode one photo and end this process: nothing of it is left for the next photo."""
    status = 1
    try:
        status = _answer(parent, limits, answer, given, room)
    finally:
        os._exit(status)


def _answer(parent: int, limits: Limits, answer: int, given: int, room: int) -> int:
    pixels = mmap.mmap(room, answers.MAX_PIXEL_BYTES)
    data = os.pread(given, os.fstat(given).st_size, 0)
    confinement.confine(parent=parent, seconds=limits.max_seconds, memory_bytes=limits.max_memory_bytes)
    try:
        picture = pdf.page_of(data, limits) if limits.page else decoding.decode(data, limits)
    except PhotoRefused as refusal:
        os.write(answer, answers.of_refusal(refusal))
    else:
        shown = picture.image.tobytes()
        pixels[: len(shown)] = shown
        os.write(answer, answers.of_picture(picture))
    return 0
