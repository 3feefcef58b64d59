"""Facebook's Graph API, as far as a page needs it to publish an album: photos first, then the post that shows them.

https://developers.facebook.com/docs/graph-api/reference/page/photos/ and .../page/feed: an application can't create
albums. The token travels in bodies and in a header, never in an address; it is in no error and no log.
Untried against the real API: tests/parts/graph_server.py speaks the documented calls.
"""

import enum
import http.client
import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

TIMEOUT_SECONDS = 60.0
MAX_ANSWERED = 1024 * 1024
PERMALINK = "https://www.facebook.com/"


class GraphFault(enum.StrEnum):
    """Why a call did not do what it should."""

    TOKEN = "token"  # noqa: S105  the name of a fault
    PERMISSION = "permission"
    PAGE = "page"
    RATE = "rate"
    PHOTO = "photo"
    REFUSED = "refused"
    # The last two may pass by themselves; whether the call was carried out is unknown.
    TEMPORARY = "temporary"
    NETWORK = "network"


# https://developers.facebook.com/docs/graph-api/guides/error-handling and .../overview/rate-limiting
CODES: Mapping[int, GraphFault] = {
    1: GraphFault.TEMPORARY,
    2: GraphFault.TEMPORARY,
    3: GraphFault.PERMISSION,
    4: GraphFault.RATE,
    10: GraphFault.PERMISSION,
    17: GraphFault.RATE,
    32: GraphFault.RATE,
    102: GraphFault.TOKEN,
    190: GraphFault.TOKEN,
    324: GraphFault.PHOTO,
    341: GraphFault.RATE,
    613: GraphFault.RATE,
    803: GraphFault.PAGE,
    80001: GraphFault.RATE,
}
SUBCODES: Mapping[int, GraphFault] = {33: GraphFault.PAGE, 1366046: GraphFault.PHOTO, 2069019: GraphFault.PHOTO}
PERMISSIONS = range(200, 300)


class GraphError(Exception):
    """A call failed. code: Facebook's number of the error, 0 when there is none."""

    def __init__(self, fault: GraphFault, code: int = 0) -> None:
        super().__init__(f"{fault.value} ({code})" if code else fault.value)
        self.fault = fault
        self.code = code

    @property
    def is_doubtful(self) -> bool:
        """The call may have been carried out in spite of it."""
        return self.fault in (GraphFault.NETWORK, GraphFault.TEMPORARY)


class Graph:
    """The API at an address such as https://graph.facebook.com/v25.0, with the token of one page."""

    def __init__(self, address: str, token: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._address, self._token, self._timeout = address.rstrip("/"), token, timeout_seconds
        self._opener = urllib.request.build_opener(_NoRedirection)

    def page_name(self, page: str) -> str:
        """What the page is called; raise GraphError, which tells whether the token is good."""
        return str(self._read(page, "name").get("name", ""))

    def send_photo(self, page: str, jpeg: bytes, *, caption: str, alt_text: str) -> str:
        """Upload a photo that nobody sees yet, and return its number."""
        fields = {"published": "false", "caption": caption, "alt_text_custom": alt_text}
        return self._write(f"{page}/photos", fields, {"source": jpeg})

    def publish(self, page: str, message: str, media: Sequence[str]) -> str:
        """Publish a post that shows these photos, in this order, and return its number."""
        attached = {
            f"attached_media[{place}]": json.dumps({"media_fbid": number}) for place, number in enumerate(media)
        }
        return self._write(f"{page}/feed", {"message": message, **attached}, {})

    def address_of(self, post: str) -> str:
        """Where people see the post."""
        given = str(self._read(post, "permalink_url").get("permalink_url", ""))
        return given if given.startswith("https://") else PERMALINK + urllib.parse.quote(post)

    def _read(self, path: str, fields: str) -> dict[str, Any]:
        address = f"{self._address}/{urllib.parse.quote(path)}?fields={fields}"
        return self._answer(
            urllib.request.Request(address, headers={"Authorization": f"Bearer {self._token}"})  # noqa: S310  a setting
        )

    def _write(self, path: str, fields: Mapping[str, str], files: Mapping[str, bytes]) -> str:
        body, kind = _form({"access_token": self._token, **fields}, files)
        address = f"{self._address}/{urllib.parse.quote(path)}"
        answer = self._answer(
            urllib.request.Request(address, data=body, headers={"Content-Type": kind})  # noqa: S310  a setting
        )
        number = answer.get("id")
        if not isinstance(number, str) or not number:
            raise GraphError(GraphFault.NETWORK)
        return number

    def _answer(self, request: urllib.request.Request) -> dict[str, Any]:
        # `from None`: what urllib raises holds the request, and so the token.
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                return _object(answer.read(MAX_ANSWERED))
        except urllib.error.HTTPError as error:
            raise _refusal(error) from None
        except (OSError, http.client.HTTPException, ValueError):
            raise GraphError(GraphFault.NETWORK) from None


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    """Sends the token nowhere but to the address that was set."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow no redirection."""


def _object(body: bytes) -> dict[str, Any]:
    value = json.loads(body)
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def _refusal(error: urllib.error.HTTPError) -> GraphError:
    try:
        given = _object(error.read(MAX_ANSWERED)).get("error")
    except (OSError, http.client.HTTPException, ValueError):
        given = None
    finally:
        error.close()
    details = given if isinstance(given, dict) else {}
    code, subcode = _number(details.get("code")), _number(details.get("error_subcode"))
    return GraphError(_fault(error.code, code, subcode, is_transient=details.get("is_transient") is True), code)


def _fault(status: int, code: int, subcode: int, *, is_transient: bool) -> GraphFault:
    if subcode in SUBCODES:
        return SUBCODES[subcode]
    if code in CODES:
        return CODES[code]
    if code in PERMISSIONS:
        return GraphFault.PERMISSION
    if status == http.HTTPStatus.TOO_MANY_REQUESTS:
        return GraphFault.RATE
    return GraphFault.TEMPORARY if is_transient or status >= 500 else GraphFault.REFUSED


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _form(fields: Mapping[str, str], files: Mapping[str, bytes]) -> tuple[bytes, str]:
    """A body and its media type: multipart/form-data (RFC 7578), in which texts may have several lines."""
    boundary = secrets.token_hex(16)
    parts = [(f'form-data; name="{name}"', "text/plain; charset=utf-8", text.encode()) for name, text in fields.items()]
    parts += [(f'form-data; name="{name}"; filename="{name}.jpg"', "image/jpeg", data) for name, data in files.items()]
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: {what}\r\nContent-Type: {kind}\r\n\r\n".encode() + data + b"\r\n"
        for what, kind, data in parts
    )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
