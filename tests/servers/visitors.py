"""What a visitor's browser does, as far as a server sees it, over real connections."""

import http.client
import re
import ssl
from dataclasses import dataclass, field

from tests.waiting import PATIENCE


class _NamedConnection(http.client.HTTPSConnection):
    """HTTPS with a machine that is asked for by a name which no DNS has."""

    def __init__(self, port: int, name: str, context: ssl.SSLContext, *, timeout: float) -> None:
        super().__init__("127.0.0.1", port, timeout=timeout, context=context)
        self._trusted, self._name = context, name

    def connect(self) -> None:
        """Say the name, as a browser does, before anything else."""
        http.client.HTTPConnection.connect(self)
        self.sock = self._trusted.wrap_socket(self.sock, server_hostname=self._name)


@dataclass
class Visitor:
    """A browser with its cookies. port: of the server on this machine; host: the name that it is asked under.

    trusted: by HTTPS, with the certificates that this trusts; None: by HTTP.
    """

    port: int
    host: str
    cookies: dict[str, str] = field(default_factory=dict)
    trusted: ssl.SSLContext | None = None

    def ask(
        self, method: str, path: str, body: bytes | None = None, *, timeout: float = PATIENCE, **headers: str
    ) -> tuple[int, str]:
        """Ask for a page over a connection of its own; returns status and text."""
        status, data = self.fetch(method, path, body, timeout=timeout, **headers)
        return status, data.decode()

    def fetch(
        self, method: str, path: str, body: bytes | None = None, *, timeout: float = PATIENCE, **headers: str
    ) -> tuple[int, bytes]:
        """Ask for anything over a connection of its own; returns status and bytes."""
        answer, data = self.answer(method, path, body, timeout=timeout, **headers)
        return answer.status, data

    def answer(
        self, method: str, path: str, body: bytes | None = None, *, timeout: float = PATIENCE, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """The same with all that the answer says of itself."""
        connection = self._connection(timeout)
        try:
            sent = {"Host": self.host, "Cookie": self.cookie, "Connection": "close"} | {
                name.replace("_", "-"): value for name, value in headers.items()
            }
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer, answer.read()
        finally:
            connection.close()

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        if self.trusted is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        return _NamedConnection(self.port, self.host, self.trusted, timeout=timeout)

    @property
    def cookie(self) -> str:
        """What is sent back."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def form(self, photo: bytes, *, path: str = "/recherche") -> tuple[str, bytes]:
        """The type and the body of the search form with one photo, as a browser sends it."""
        _, text = self.ask("GET", path)
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', text)[0]
        return multipart({"csrf_token": token, "categorie": ""}, photo)


def multipart(fields: dict[str, str], photo: bytes, *, name: str = "photos") -> tuple[str, bytes]:
    """A form in parts. name: of the photo's field."""
    head = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    parts = [head.format(each, value) for each, value in fields.items()]
    parts.append(f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="a.jpg"\r\n\r\n')
    return "multipart/form-data; boundary=b", "".join(parts).encode() + photo + b"\r\n--b--\r\n"
