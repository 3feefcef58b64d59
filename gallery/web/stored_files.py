"""A stored file as the answer to a request, piece by piece, or the part of it that a browser still lacks.

The one place that decides who sends the bytes: a proxy that may read the store could be asked to from here.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, request
from werkzeug.wsgi import FileWrapper

from gallery.storage import PhotoStore

PIECE = 256 * 1024


@dataclass(frozen=True)
class FileDownload:
    """What is sent. name: in the reader's downloads; tag: differs when the bytes differ; changed_at: when they did."""

    store: PhotoStore
    key: str
    name: str
    mimetype: str
    size: int
    tag: str
    changed_at: datetime


def send(file: FileDownload) -> Response:
    """Send it as a download that a browser can resume (RFC 9110: Range, If-Range); raise FileAbsent.

    A thread is busy as long as the reader is slow: the server needs threads (docs/operations.md).
    """
    # Not the server's own wrapper, which can't go to the middle of a file.
    body = FileWrapper(file.store.open(file.key), PIECE)
    answer = Response(body, mimetype=file.mimetype, direct_passthrough=True)
    answer.content_length = file.size
    answer.set_etag(file.tag)
    answer.last_modified = file.changed_at
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    answer.make_conditional(request, accept_ranges=True, complete_length=file.size)
    return answer
