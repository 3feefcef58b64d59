"""Static files: each address carries a digest of the file, so that browsers keep them for a year and miss no change.

Texts go out compressed, also where no proxy in front does it: Bootstrap's styles are a seventh of their size then.
"""

import gzip
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from gallery.storage import sha256_of

VERSION = "v"
COMPRESSED = {".css", ".js", ".svg"}


class StaticFiles:
    """The files of some folders, by the endpoint that serves each."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders
        self.digest, self.compressed = cache(self._digest), cache(self._compressed)

    def add_version(self, endpoint: str, values: dict[str, Any]) -> None:
        """Add the digest to an address."""
        if endpoint in self._folders and self.digest(endpoint, values["filename"]):
            values[VERSION] = self.digest(endpoint, values["filename"])

    def check_again(self, response: Response) -> Response:
        """Let nothing be kept that was asked for without its digest."""
        # A module that imports another by its plain address must not meet last year's copy of it.
        if request.endpoint in self._folders and VERSION not in request.args:
            response.headers["Cache-Control"] = "no-cache"
        return response

    def compress(self, response: Response) -> Response:
        """Send a text compressed to browsers that accept it."""
        filename = str((request.view_args or {}).get("filename", ""))
        if request.endpoint not in self._folders or Path(filename).suffix not in COMPRESSED:
            return response
        response.vary.add("Accept-Encoding")
        if response.status_code == 200 and request.accept_encodings.quality("gzip") > 0:
            response.direct_passthrough = False
            response.set_data(self.compressed(request.endpoint, filename))
            response.content_encoding = "gzip"
            response.set_etag(self.digest(request.endpoint, filename), weak=True)
            response.make_conditional(request)
        return response

    def _digest(self, endpoint: str, filename: str) -> str:
        path = self._folders[endpoint] / filename
        return sha256_of(path.read_bytes())[:12] if path.is_file() else ""

    def _compressed(self, endpoint: str, filename: str) -> bytes:
        return gzip.compress((self._folders[endpoint] / filename).read_bytes(), mtime=0)


def init_app(app: Flask) -> None:
    """Look after our files and Bootstrap's."""
    folders = {"static": app.static_folder, "bootstrap.static": app.blueprints["bootstrap"].static_folder}
    files = StaticFiles({endpoint: Path(str(folder)) for endpoint, folder in folders.items()})
    app.url_default_functions.setdefault(None, []).append(files.add_version)
    app.after_request(files.check_again)
    app.after_request(files.compress)
