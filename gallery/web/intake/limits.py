"""How much a request may weigh, said per route in one table. `deploy/nginx.conf` says the same; a test compares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

from gallery.config import Settings
from gallery.errors import ArchiveTooLarge
from gallery.web.requests import MemoryRequest
from gallery.web.resources import resources

MEGABYTE = 1024 * 1024
FORM_BYTES = MEGABYTE
# An album of thousands of items, with the captions that were edited; or the manifest of one, with its signature.
ALBUM_BYTES = 4 * MEGABYTE
# A list of thousands of objects, as a spreadsheet writes it.
LIST_BYTES = 4 * MEGABYTE
TEXT_BYTES = 500_000
# Photos of a declaration that a page carries back and forth, as text.
DECLARED_PARTS = 600
ADDING = ("backoffice.add_photos", "backoffice.add_to_lot")
FIELDS_BESIDE_PHOTOS = 100
DECLARING = (
    "public.declare", "public.add_to_declaration", "public.claim", "public.add_to_claim", "backoffice.new_declaration",
)  # fmt: skip
CARRIED_BYTES = 32 * 1024 * 1024
ARCHIVE_ROUTE = "backoffice.give_archive"


@dataclass(frozen=True)
class Limit:
    """What a request may weigh, in bytes. body: all of it; text: its fields that are no files.

    in_memory: files are never written to the disk, since they are a victim's; else they wait in nameless files of the
    instance folder, gone with the request.
    """

    body: int = FORM_BYTES
    text: int = TEXT_BYTES
    in_memory: bool = True


PLAIN = Limit()


def table(settings: Settings) -> Mapping[str, Limit]:
    """The limit of each route that takes more than a plain form; every other one has PLAIN."""
    photo = settings.max_upload_bytes
    searched = Limit(settings.max_search_photos * photo + FORM_BYTES)
    album = Limit(ALBUM_BYTES, text=ALBUM_BYTES)
    return {
        "public.search": searched,
        "public.shared_photos": searched,
        "api.by_photos": searched,
        "public.photo_preview": Limit(photo + FORM_BYTES),
        **dict.fromkeys(DECLARING, Limit(searched.body, text=CARRIED_BYTES)),
        "public.verify": Limit(photo + ALBUM_BYTES),
        "backoffice.photo_search": searched,
        "backoffice.add_photos": Limit(settings.max_photos_per_request * photo + FORM_BYTES, in_memory=False),
        "backoffice.add_to_lot": Limit(settings.max_photos_per_request * photo + FORM_BYTES, in_memory=False),
        ARCHIVE_ROUTE: Limit(settings.max_archive_bytes + FORM_BYTES, in_memory=False),
        "backoffice.import_list": Limit(LIST_BYTES + FORM_BYTES),
        "backoffice.album": album,
        "backoffice.download_album": album,
        "backoffice.note_album": album,
        "backoffice.publish_album": album,
    }


def init_app(app: Flask, settings: Settings) -> None:
    """Hold each request of this application to its route's limit, before anything of it is read."""
    limits = table(settings)

    def hold() -> None:
        limit = limits.get(request.endpoint or "", PLAIN)
        request.max_content_length, request.max_form_memory_size = limit.body, limit.text
        if request.endpoint in DECLARING:
            request.max_form_parts = DECLARED_PARTS
        elif request.endpoint in ADDING:
            most = settings.max_photos_per_request + FIELDS_BESIDE_PHOTOS
            request.max_form_parts = max(request.max_form_parts or 0, most)
        if not limit.in_memory:
            cast(MemoryRequest, request).upload_folder = settings.instance

    app.before_request(hold)


def refuse_too_large() -> None:
    """Raise for a body that says that it is over its route's limit: nothing of it need be read."""
    limit = request.max_content_length
    if limit is None or (request.content_length or 0) <= limit:
        return
    if request.endpoint == ARCHIVE_ROUTE:
        raise ArchiveTooLarge(limit_megabytes=resources().settings.max_archive_bytes // MEGABYTE)
    raise RequestEntityTooLarge
