"""Senders that take their time: over a plain socket, a piece now and then."""

import socket
import time
from dataclasses import dataclass, field
from threading import Event, Thread


@dataclass
class Sender(Thread):
    """Sends a POST request piece by piece until it is whole or stopped. answer: what came back, or empty.

    pieces: sent one every `pause` seconds; all of them, or as many as come before `stop`.
    """

    address: tuple[str, int]
    head: bytes
    pieces: list[bytes]
    pause: float
    answer: bytes = b""
    stop: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        """Send, then wait for the answer."""
        with socket.create_connection(self.address, timeout=60) as connection:
            connection.sendall(self.head)
            try:
                for piece in self.pieces:
                    if self.stop.wait(self.pause):
                        return
                    connection.sendall(piece)
            except OSError:
                pass  # the server has heard enough
            self._listen(connection)

    def _listen(self, connection: socket.socket) -> None:
        connection.settimeout(60)
        deadline = time.monotonic() + 60
        try:
            while time.monotonic() < deadline and (piece := connection.recv(65536)):
                self.answer += piece
        except OSError:
            pass

    def __hash__(self) -> int:
        return id(self)


def rest(seconds: float) -> None:
    """Read nothing for a while, as somebody on a slow line does."""
    time.sleep(seconds)


def request_head(path: str, length: int, *, host: str, cookie: str = "", content_type: str = "") -> bytes:
    """The head of a POST request whose body has this many bytes."""
    kind = content_type or "application/x-www-form-urlencoded"
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Type: {kind}", f"Content-Length: {length}"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def trickler(port: int, path: str, *, host: str) -> Sender:
    """One who sends a byte every two seconds, of a form that would take a day."""
    return Sender(("127.0.0.1", port), request_head(path, 40_000, host=host), [b"x"] * 40_000, pause=2)
