"""Static files: each address carries a digest of the file, so that browsers keep them for a year and miss no change.

Scripts name what they import by such addresses too, and a page names all of them at once. Texts go out compressed, also
where no proxy in front does it: Bootstrap's styles are a seventh of their size then.
"""

import gzip
import posixpath
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for
from markupsafe import Markup

from gallery.storage import sha256_of

VERSION = "v"
COMPRESSED = {".css", ".js", ".svg"}
OURS = "static"
IMPORT = re.compile(rb"""(?:(?<=[ }]from )|(?<=\bimport[ (]))(?P<quote>['"])(?P<path>\.{1,2}/[\w./-]+\.js)(?P=quote)""")


class StaticFiles:
    """The files of some folders, by the endpoint that serves each."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders
        self.digest, self.compressed, self.content = cache(self._digest), cache(self._compressed), cache(self._content)
        self.imports = cache(self._imports)

    def add_version(self, endpoint: str, values: dict[str, Any]) -> None:
        """Add the digest to an address."""
        if endpoint in self._folders and self.digest(endpoint, values["filename"]):
            values[VERSION] = self.digest(endpoint, values["filename"])

    def preloads(self, filename: str) -> Markup:
        """The links by which a page has one of our scripts fetched at once, and all that it imports, however deep."""
        named = (filename, *self.imports(OURS, filename))
        link = Markup('<link rel="modulepreload" fetchpriority="low" href="{}">')
        return Markup("").join(link.format(url_for(OURS, filename=each)) for each in named)

    def check_again(self, response: Response) -> Response:
        """Let nothing be kept that was asked for without its digest."""
        if request.endpoint in self._folders and VERSION not in request.args:
            response.headers["Cache-Control"] = "no-cache"
        return response

    def compress(self, response: Response) -> Response:
        """Send a text compressed to browsers that accept it, and a script with the addresses of what it imports."""
        filename = str((request.view_args or {}).get("filename", ""))
        if request.endpoint not in self._folders or Path(filename).suffix not in COMPRESSED:
            return response
        response.vary.add("Accept-Encoding")
        if response.status_code == 200:
            is_small = request.accept_encodings.quality("gzip") > 0
            response.direct_passthrough = False
            response.set_data((self.compressed if is_small else self.content)(request.endpoint, filename))
            if is_small:
                response.content_encoding = "gzip"
            response.set_etag(self.digest(request.endpoint, filename), weak=True)
            response.make_conditional(request)
        return response

    def _digest(self, endpoint: str, filename: str) -> str:
        is_there = (self._folders[endpoint] / filename).is_file()
        return sha256_of(self.content(endpoint, filename))[:12] if is_there else ""

    def _content(self, endpoint: str, filename: str) -> bytes:
        """The file as it is sent. What a script imports has its digest in it, and so changes the script's own."""
        data = (self._folders[endpoint] / filename).read_bytes()
        if not filename.endswith(".js"):
            return data

        def versioned(found: re.Match[bytes]) -> bytes:
            digest = self.digest(endpoint, _beside(filename, found["path"]))
            return b"%(quote)s%(path)s?v=%(digest)s%(quote)s" % {
                b"quote": found["quote"], b"path": found["path"], b"digest": digest.encode(),
            }  # fmt: skip

        return IMPORT.sub(versioned, data)

    def _imports(self, endpoint: str, filename: str) -> tuple[str, ...]:
        data = (self._folders[endpoint] / filename).read_bytes()
        named = [_beside(filename, found["path"]) for found in IMPORT.finditer(data)]
        deeper = [each for name in named for each in self.imports(endpoint, name)]
        return tuple(dict.fromkeys([*named, *deeper]))

    def _compressed(self, endpoint: str, filename: str) -> bytes:
        return gzip.compress(self.content(endpoint, filename), mtime=0)


def init_app(app: Flask) -> None:
    """Look after our files and Bootstrap's."""
    folders = {OURS: app.static_folder, "bootstrap.static": app.blueprints["bootstrap"].static_folder}
    files = StaticFiles({endpoint: Path(str(folder)) for endpoint, folder in folders.items()})
    app.extensions["static_files"] = files
    app.url_default_functions.setdefault(None, []).append(files.add_version)
    app.jinja_env.globals["preloads"] = files.preloads
    app.after_request(files.check_again)
    app.after_request(files.compress)


def _beside(filename: str, path: bytes) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(filename), path.decode()))
