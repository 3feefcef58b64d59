"""An object store that speaks as much of S3 as the program uses, and checks the signatures of its addresses.

Silent on demand: it then takes every connection and never answers.
"""

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

from tests.waiting import PATIENCE

BUCKET, KEY_ID, SECRET, REGION = "photos", "key-of-tests", "secret-of-tests", "us-east-1"


@dataclass
class Store:
    """What it holds, and how it behaves. answers: clear it, and it is silent; asked: lines of requests.

    most: bytes after which it breaks an answer off.
    """

    address: str
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    answers: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)
    most: int | None = None

    def environment(self) -> dict[str, str]:
        """What a process is told of it."""
        return {
            "AWS_ENDPOINT_URL": self.address,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": REGION,
        }


@contextmanager
def running() -> Iterator[Store]:
    """Run one."""

    class Handler(_Handler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    store = Store(f"http://127.0.0.1:{server.server_port}")
    store.answers.set()
    Handler.store = store
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield store
    finally:
        store.answers.set()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    store: Store
    protocol_version = "HTTP/1.1"
    # An answer is written in two pieces: else the second waits 40 ms for the client to have taken the first.
    disable_nagle_algorithm = True

    def parse_request(self) -> bool:
        is_read = super().parse_request()
        self.store.asked.append(self.requestline)
        self.store.answers.wait(PATIENCE)
        return is_read

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if "list-type" in query:
            return self._answer(200, self._listing(query.get("prefix", "")).encode(), "application/xml")
        if "X-Amz-Signature" in query and not _is_signed(self.command, self.path, self.headers["Host"]):
            return self._answer(403)
        if self._key not in self.store.files:
            return self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        data, kind = self.store.files[self._key]
        if (wanted := self.headers.get("If-Match")) and wanted != _tag_of(data):
            return self._answer(412)
        if part := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range") or ""):
            first, last = int(part[1]), min(int(part[2]), len(data) - 1)
            more = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
            return self._answer(206, data[first : last + 1], kind, more | {"ETag": _tag_of(data)})
        return self._answer(200, data, kind, {"ETag": _tag_of(data)})

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("If-None-Match") == "*" and self._key in self.store.files:
            return self._answer(412)
        source = self.headers.get("x-amz-copy-source")
        if source:
            self.store.files[self._key] = self.store.files[unquote(source).lstrip("/").partition("/")[2]]
            return self._answer(200, b"<CopyObjectResult><ETag>e</ETag></CopyObjectResult>", "application/xml")
        self.store.files[self._key] = data, self.headers.get("Content-Type") or "application/octet-stream"
        return self._answer(200)

    def do_POST(self) -> None:
        """Remove several files, or one: that is how the library does it."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        keys = re.findall(r"<Key>(.*?)</Key>", body)
        for key in keys:
            self.store.files.pop(unescape(key), None)
        removed = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{removed}</DeleteResult>".encode(), "application/xml")

    def do_DELETE(self) -> None:
        self.store.files.pop(self._key, None)
        self._answer(204)

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2]

    def _listing(self, prefix: str) -> str:
        found = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(data)}</Size><ETag>e</ETag>"
            f"<LastModified>{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}.000Z</LastModified></Contents>"
            for key, (data, _) in sorted(self.store.files.items())
            if key.startswith(prefix)
        )
        return f"<ListBucketResult><Name>{BUCKET}</Name><IsTruncated>false</IsTruncated>{found}</ListBucketResult>"

    def _answer(
        self, status: int, data: bytes = b"", kind: str = "text/plain", more: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in ({"ETag": '"e"'} | dict(more or {})).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Type", kind)
        self.send_header("Last-Modified", format_datetime(datetime.now(UTC), usegmt=True))
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            # Whoever has waited for too long is gone.
            with suppress(OSError):
                self.wfile.write(data[: self.store.most])
            self.close_connection |= self.store.most is not None and self.store.most < len(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _tag_of(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()}"'


def _is_signed(method: str, path: str, host: str) -> bool:
    """Whether an address carries this store's signature (AWS signature version 4) and its time is not over."""
    parts = urlsplit(path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    given = query.pop("X-Amz-Signature")
    begun = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    canonical_query = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(query.items()))
    request = "\n".join((method, parts.path, canonical_query, f"host:{host}\n", "host", "UNSIGNED-PAYLOAD"))
    day = query["X-Amz-Date"][:8]
    scope = f"{day}/{REGION}/s3/aws4_request"
    digest = hashlib.sha256(request.encode()).hexdigest()
    to_sign = f"AWS4-HMAC-SHA256\n{query['X-Amz-Date']}\n{scope}\n{digest}"
    key = f"AWS4{SECRET}".encode()
    for part in (day, REGION, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    is_ours = hmac.compare_digest(hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest(), given)
    return is_ours and datetime.now(UTC) <= begun + timedelta(seconds=int(query["X-Amz-Expires"]))
