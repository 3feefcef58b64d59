"""Static files: each address carries a digest of the file, so that browsers keep them for a year and miss no change."""

from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from gallery.storage import sha256_of

VERSION = "v"


def init_app(app: Flask) -> None:
    """Add the digest to the addresses, ours and Bootstrap's, and let nothing be kept that was asked for without one."""
    folders = {"static": app.static_folder, "bootstrap.static": app.blueprints["bootstrap"].static_folder}

    @cache
    def digest(endpoint: str, filename: str) -> str:
        path = Path(str(folders[endpoint])) / filename
        return sha256_of(path.read_bytes())[:12] if path.is_file() else ""

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in folders and digest(endpoint, values["filename"]):
            values[VERSION] = digest(endpoint, values["filename"])

    def check_again(response: Response) -> Response:
        # A module that imports another by its plain address must not meet last year's copy of it.
        if request.endpoint in folders and VERSION not in request.args:
            response.headers["Cache-Control"] = "no-cache"
        return response

    app.url_default_functions.setdefault(None, []).append(add_version)
    app.after_request(check_again)
