"""Untrusted bytes are decoded in another process, which has no key, few rights and little time."""

import atexit
import fcntl
import json
import logging
import mmap
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path

from PIL import Image

from gallery.errors import DecodersBusy, DecoderStopped, PhotoTooLarge, PhotoUnreadable
from gallery.errors.photos import PhotoNeedsMemory
from gallery.imaging import decoding, pdf
from gallery.imaging.decoding import Limits
from gallery.imaging.files import mistaken
from gallery.imaging.picture import Picture
from gallery.imaging.process import answers

AT_ONCE = 2
# A photo is done within Limits.max_seconds; whoever waits for longer than that is told to come again.
WAITING_SECONDS = 10
# A fresh Python takes a quarter of a second; on a busy machine, many times that.
STARTING_SECONDS = 30
STOPPING_SECONDS = 5
_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from gallery.imaging.process import decoder
decoder.main(int(sys.argv[2]))
"""
_ROOT = Path(__file__).parents[3]
_MEDIA_TYPES = frozenset({*decoding.MEDIA_TYPES.values(), pdf.MEDIA_TYPE})
# No threads of libraries that are loaded and not used.
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    # Large pages for large pictures: a new process meets a fault for each page, and 500 times fewer cost less time.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
# On other systems than Linux, where it is only tried out, photos are decoded in the process itself.
IS_POSSIBLE = sys.platform == "linux"
log = logging.getLogger(__name__)


class Process:
    """A fresh Python that runs gallery.imaging.process.decoder, and the socket over which it is asked."""

    def __init__(self) -> None:
        self.requests, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there:
            # Nothing of our environment: secrets may be in it. A session of its own: Ctrl-C is for us.
            self._process = subprocess.Popen(  # noqa: S603  our own program
                [sys.executable, "-I", "-c", _PROGRAM, str(_ROOT), str(there.fileno())],
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                pass_fds=[there.fileno()],
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def end(self) -> None:
        """End it, and its children with it."""
        self.requests.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(STOPPING_SECONDS)
        self._process.kill()
        self._process.wait()


class Places:
    """What photos decoded at the same time share. The first to come goes first, whatever it needs."""

    def __init__(self, count: int) -> None:
        self._free = self.count = count
        self._turn, self._change = threading.Lock(), threading.Condition()

    @contextmanager
    def taken(self, count: int, *, patience: float) -> Iterator[None]:
        """Take this many of them, or all; raise DecodersBusy when none is free within the time given."""
        count, until = min(count, self.count), time.monotonic() + patience
        if not self._turn.acquire(timeout=patience):
            raise DecodersBusy
        try:
            with self._change:
                if not self._change.wait_for(lambda: self._free >= count, until - time.monotonic()):
                    raise DecodersBusy
                self._free -= count
        finally:
            self._turn.release()
        try:
            yield
        finally:
            with self._change:
                self._free += count
                self._change.notify_all()


class Guard:
    """One decoding process, started when it is first needed; its children decode several photos at once.

    Each is tried with half of the memory of its limits; one that needs more is read again in the places of two.
    """

    def __init__(self, at_once: int = AT_ONCE, *, patience: float = WAITING_SECONDS) -> None:
        self.at_once, self.patience = at_once, patience
        self.places = Places(at_once)
        self._lock = threading.Lock()
        self._process: Process | None = None

    def decode(self, data: bytes, limits: Limits) -> Picture:
        """Decode a photo in a child; raises what `decode` below does."""
        if limits.page:
            # Without memory pdfium ends, so it is given all of it from the start.
            return self._tried(data, limits, places=2)
        try:
            return self._tried(data, limits.tried_first(), places=1)
        except PhotoNeedsMemory:
            return self._tried(data, limits, places=2)

    def _tried(self, data: bytes, limits: Limits, *, places: int) -> Picture:
        with (
            self.places.taken(places, patience=self.patience),
            _memory(len(data)) as given,
            _memory(answers.MAX_PIXEL_BYTES) as room,
        ):
            os.pwrite(given, data, 0)
            # A decoding process that somebody has killed is replaced; no photo can end it.
            answer = self._asked(limits, given, room) or self._asked(limits, given, room)
            if not answer:
                raise DecoderStopped
            decoded = answers.read(answer, _MEDIA_TYPES, is_grey=limits.is_grey)
            shown = _shown(room, decoded.size, "L" if limits.is_grey else "RGB")
            return Picture(
                shown, decoded.media_type, decoded.width, decoded.height, decoded.capture, decoded.is_damaged
            )

    def start(self) -> Process:
        """The decoding process, started unless it runs."""
        with self._lock:
            if self._process is None:
                self._process = Process()
            return self._process

    def stop(self, process: Process | None = None) -> None:
        """End the decoding process, unless it is another one than this by now."""
        with self._lock:
            if self._process is not None and process in (None, self._process):
                self._process.end()
                self._process = None

    def leave(self) -> None:
        """Leave the decoding process to the process that this one was forked from."""
        if self._process is not None:
            self._process.requests.close()

    def _asked(self, limits: Limits, given: int, room: int) -> bytes:
        """What is answered; empty when the decoding process is no more."""
        try:
            process = self.start()
        except OSError:
            log.exception("the decoding process can't be started")
            return b""
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with here, suppress(OSError):
            here.settimeout(limits.max_seconds + STARTING_SECONDS)
            with there:
                request = json.dumps(asdict(limits)).encode()
                socket.send_fds(process.requests, [request], [there.fileno(), given, room])
            answer = here.recv(answers.MAX_ANSWER_BYTES)
            if answer:
                return answer
        log.warning("the decoding process has ended, and is started again")
        self.stop(process)
        return b""


@contextmanager
def _memory(size: int) -> Iterator[int]:
    """A file in memory, without a name, that nobody can make shorter or longer."""
    descriptor = os.memfd_create("photo", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        os.ftruncate(descriptor, size)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
        yield descriptor
    finally:
        os.close(descriptor)


def _shown(room: int, size: tuple[int, int], mode: str) -> Image.Image:
    length = len(mode) * size[0] * size[1]
    with mmap.mmap(room, answers.MAX_PIXEL_BYTES) as memory, memoryview(memory)[:length] as pixels:
        return Image.frombytes(mode, size, pixels)


_guard = Guard()


def decode(data: bytes, limits: Limits) -> Picture:
    """Decode untrusted bytes into an upright sRGB picture, in a process of its own that has no key and few rights.

    Raises PhotoRefused, whatever the bytes: PhotoUnreadable (PhotoTooSmall and PhotoTooNarrow included, and what files
    are that somebody has taken for photos), PhotoTooLarge, PhotoIsRaw, or PhotoTooDemanding after
    `limits.max_seconds`. DecodersBusy and DecoderStopped say nothing of the photo. Of an animation it takes the first
    frame; transparent parts become white. With `limits.page` it draws that page of a PDF, and a photo is refused.
    """
    try:
        return _decoded(data, limits)
    except (PhotoUnreadable, PhotoTooLarge) as error:
        is_told = limits.page or type(error) not in (PhotoUnreadable, PhotoTooLarge)
        kind = None if is_told else mistaken.kind_of(data)
        if kind is None:
            raise
        raise kind from error


def _decoded(data: bytes, limits: Limits) -> Picture:
    if not IS_POSSIBLE:
        return pdf.page_of(data, limits) if limits.page else decoding.decode(data, limits)
    decoding.check_size(data, limits)
    return _guard.decode(data, limits)


def pdf_pages(data: bytes, limits: Limits, *, max_pages: int) -> list[Picture]:
    """Every page of a PDF, each drawn as `decode` decodes a photo.

    Raises PhotoRefused: PdfLocked, PdfTooLong for more pages than that, PhotoUnreadable, PhotoTooLarge,
    PhotoTooDemanding.
    """
    return pdf.pages_of(decode, data, limits, max_pages=max_pages)


def check_pdf(data: bytes, limits: Limits, *, max_pages: int) -> int:
    """How many pages a PDF has; raises what `pdf_pages` does, except what one page alone shows."""
    return pdf.count_pages(decode, data, limits, max_pages=max_pages)


def decode_grey(data: bytes, limits: Limits) -> Picture:
    """Decode as a grey picture of up to 12 megapixels, in which small things can be read; damage is not looked for."""
    return decode(data, replace(limits, is_grey=True))


def configure(*, at_once: int) -> None:
    """Decode at most this many photos at once in this process; others wait for their turn."""
    global _guard
    if at_once != _guard.at_once:
        former, _guard = _guard, Guard(at_once)
        former.stop()


def warm_up() -> None:
    """Start the decoding process before the first photo comes, if it can be; a photo tries again, and says so."""
    if IS_POSSIBLE:
        with suppress(OSError):
            _guard.start()


def pid() -> int:
    """Number of the decoding process, started if need be."""
    return _guard.start().pid


def _begin_anew() -> None:
    global _guard
    _guard.leave()
    _guard = Guard(_guard.at_once)


def stop() -> None:
    """End the decoding process; the next photo starts another one."""
    _guard.stop()


os.register_at_fork(after_in_child=_begin_anew)
atexit.register(stop)
