"""Requests whose uploads never touch the disk unless they are told where to, and the reading of their photos."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from flask import Request, abort, request
from werkzeug.datastructures import FileStorage

from gallery.services.words.tidying import tidy_line, tidy_text

MAX_PAGE = 10_000
# Characters of a field that are looked at: many times what any field keeps, whatever blanks were pasted with it.
MAX_GIVEN = 20_000
API_ROOT = "/api/"


class MemoryRequest(Request):
    """A request that keeps uploaded files in memory: Werkzeug would spool the larger ones into temporary files.

    upload_folder: where one that no memory could hold goes instead, in a file without a name, gone with the request.
    """

    upload_folder: Path | None = None

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return BytesIO() if self.upload_folder is None else TemporaryFile(dir=self.upload_folder)


def given_files(field: str) -> Sequence[FileStorage]:
    """The files chosen in a field; a field left empty sends one nameless file, which is none."""
    return [file for file in request.files.getlist(field) if file.filename]


def sent_line(field: str, longest: int) -> str:
    """What was sent in a field of one line: tidied, and only then cut to so many characters."""
    return tidy_line(request.form.get(field, "")[:MAX_GIVEN])[:longest].rstrip()


def sent_text(field: str, longest: int) -> str:
    """What was sent in a field of several lines: tidied, and only then cut to so many characters."""
    return tidy_text(request.form.get(field, "")[:MAX_GIVEN])[:longest].rstrip()


def page_number() -> int:
    """Which page of a list is asked for, from 1 to MAX_PAGE; the first where it isn't said."""
    return min(max(request.values.get("page", 1, int), 1), MAX_PAGE)


def page_in_address(page: int | None = None) -> int | None:
    """A page of a list, else the one that was asked for, as the list's address says it: the first isn't named."""
    page = page or page_number()
    return page if page > 1 else None


def sent_instant(field: str) -> datetime:
    """The instant that a page of ours put into its form; anything else is no form of ours."""
    try:
        read = datetime.fromisoformat(request.form.get(field, ""))
        return read.astimezone(UTC) if read.tzinfo else abort(400)
    except (ValueError, OverflowError):
        abort(400)


def is_for_api() -> bool:
    """Say whether an address of the API is asked for, there or not."""
    return request.path.startswith(API_ROOT)


def wants_json() -> bool:
    """Say whether a script asks, which shows sentences in its page, and not a person, who is shown a page."""
    return request.accept_mimetypes.best == "application/json"
