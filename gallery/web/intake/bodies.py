"""The bodies of requests as they come in: few at a time, not slower than a poor line, and not more than memory has.

A server process answers with a few threads. One that reads waits for its sender, so only some read at once, and
the others go on answering pages; whoever sends a byte now and then is cut off. A reverse proxy that buffers requests
does the waiting in our place (deploy/nginx.conf): what is kept here holds without one too.
"""

import socket
import threading
import time
from contextlib import suppress

from flask import Flask, Request, Response, g, request

from gallery.config import Settings
from gallery.errors import TooManyUploads, UploadTooSlow

PIECE_BYTES = 8 * 1024
MIN_BYTES_A_SECOND = 1000
GRACE_SECONDS = 15
TURN_SECONDS = 0.2
DRAINED_BYTES = 32 * 1024 * 1024
DRAINED_SECONDS = 10


class Intake:
    """What the bodies of one process share: turns to be read, memory, and who looks after the slow ones."""

    def __init__(self, *, at_once: int, memory: int) -> None:
        self.turns = threading.BoundedSemaphore(at_once)
        self._free, self._lock = memory, threading.Lock()
        self._watched: set[Body] = set()
        self._watch: threading.Thread | None = None

    def hold(self, size: int) -> None:
        """Reserve a number of bytes of memory; raise TooManyUploads when others hold all of it."""
        with self._lock:
            if size > self._free:
                raise TooManyUploads
            self._free -= size

    def give_back(self, size: int) -> None:
        """Give memory back."""
        with self._lock:
            self._free += size

    def watch(self, body: "Body") -> None:
        """Look after a body that is being read; the thread that does is begun with the first one in a process."""
        with self._lock:
            self._watched.add(body)
            if self._watch is None or not self._watch.is_alive():
                self._watch = threading.Thread(target=self._look_after, name="slow-bodies", daemon=True)
                self._watch.start()

    def leave(self, body: "Body") -> None:
        """No longer look after a body."""
        with self._lock:
            self._watched.discard(body)

    def _look_after(self) -> None:
        while True:
            time.sleep(1)
            with self._lock:
                if not self._watched:
                    self._watch = None
                    return
                watched = list(self._watched)
            for body in watched:
                body.drop_if_slow(time.monotonic())


class Body:
    """One request's body, read piece by piece. It takes its turn at the first piece and gives it back with the last."""

    def __init__(self, intake: Intake, environ: dict[str, object], *, length: int | None, in_memory: bool) -> None:
        self._intake, self._source = intake, environ["wsgi.input"]
        # Gunicorn's: a read that waits for its sender is only ended by ending the connection's reading half.
        self._socket = environ.get("gunicorn.socket")
        self._length, self._in_memory = length, in_memory
        self._ahead = b""
        self._read = self._held = 0
        self._began: float | None = None
        self._is_dropped = self.is_at_end = False
        self._patience: float = TURN_SECONDS

    def read(self, size: int = PIECE_BYTES) -> bytes:
        """The next piece, of at most PIECE_BYTES; empty at the end. Raises TooManyUploads or UploadTooSlow."""
        size = PIECE_BYTES if size < 0 else min(size, PIECE_BYTES)
        if self._ahead:
            piece, self._ahead = self._ahead[:size], self._ahead[size:]
            return piece
        if self.is_at_end or not size:
            return b""
        if self._began is None:
            self._begin()
        piece = self._source.read(size)  # type: ignore[attr-defined]
        if self._is_dropped:
            raise UploadTooSlow
        self._count(piece)
        return piece

    def put_back(self, piece: bytes) -> None:
        """Let what was read come again."""
        self._ahead = piece + self._ahead

    def drain(self) -> None:
        """Read what is left and forget it, as far as that is soon done: whoever still sends would miss the answer."""
        self.forget()
        self._in_memory, self._patience, left = False, 0, DRAINED_BYTES
        deadline = time.monotonic() + DRAINED_SECONDS
        if (self._length or 0) - self._read > left:
            return
        with suppress(TooManyUploads, UploadTooSlow, OSError):
            while left > 0 and time.monotonic() < deadline and (piece := self.read()):
                left -= len(piece)

    def forget(self) -> None:
        """Give back the memory."""
        self._ahead = b""
        self._intake.give_back(self._held)
        self._held = 0

    def close(self) -> None:
        """Give back all."""
        self.forget()
        self._end()

    def drop_if_slow(self, now: float) -> None:
        """End the reading of a body that came slower than the slowest of lines, at an instant of the steady clock."""
        began = self._began
        if began is None or self._read >= MIN_BYTES_A_SECOND * (now - began - GRACE_SECONDS):
            return
        self._is_dropped = True
        self.hang_up()

    def hang_up(self) -> None:
        """Read no more from this connection, ever.

        Gunicorn waits up to two seconds, in the thread that accepts everybody, for the sender of what was not read.
        """
        if isinstance(self._socket, socket.socket):
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RD)

    def _begin(self) -> None:
        if not self._intake.turns.acquire(timeout=self._patience):
            raise TooManyUploads
        self._began = time.monotonic()
        self._intake.watch(self)

    def _count(self, piece: bytes) -> None:
        self._read += len(piece)
        if self._in_memory:
            self._intake.hold(len(piece))
            self._held += len(piece)
        if not piece or self._read == self._length:
            self._end()

    def _end(self) -> None:
        self.is_at_end = True
        if self._began is not None:
            self._began = None
            self._intake.leave(self)
            self._intake.turns.release()


def init_app(app: Flask, settings: Settings) -> None:
    """Let the bodies of this application's requests in. Bound after the limits, which say what stays in memory."""
    intake = Intake(at_once=settings.max_uploads_at_once, memory=settings.max_upload_memory)

    def open_body() -> None:
        in_memory = getattr(request, "upload_folder", None) is None
        g.body = Body(intake, request.environ, length=request.content_length, in_memory=in_memory)
        request.environ["wsgi.input"] = g.body

    def let_answer_through(response: Response) -> Response:
        body: Body | None = g.get("body")
        if body is not None and not body.is_at_end and request.content_length:
            body.drain()
            if not body.is_at_end:
                body.hang_up()
        return response

    def close(_error: BaseException | None) -> None:
        body: Body | None = g.pop("body", None)
        if body is not None:
            body.close()

    app.before_request(open_body)
    app.after_request(let_answer_through)
    app.teardown_request(close)


def body_of(_request: Request) -> Body:
    """The body of the request that is answered."""
    body: Body = g.body
    return body
