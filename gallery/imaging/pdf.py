"""Pages of a PDF as pictures: drawn by pdfium, a large program in C++, in the confined process that photos have."""

import time
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
from PIL import Image

from gallery.errors import PdfLocked, PdfTooLong, PhotoTooDemanding, PhotoTooNarrow, PhotoUnreadable
from gallery.errors.photos import PdfPageAbsent
from gallery.imaging.capture import NOTHING_SAID
from gallery.imaging.decoding import MAX_RATIO, Limits
from gallery.imaging.picture import Picture

MEDIA_TYPE = "application/pdf"
START, START_WITHIN = b"%PDF-", 1024
# Pixels of the long side: a printed page can be read, at some 140 dots an inch.
PAGE_SIDE = 1600
# Of one page, and of a document, on the clock: an invoice takes a tenth of one.
MAX_PAGE_SECONDS, MAX_SECONDS = 4, 20
Decode = Callable[[bytes, Limits], Picture]


def is_pdf(data: bytes) -> bool:
    """Whether these bytes begin as a PDF does."""
    return START in data[:START_WITHIN]


def page_of(data: bytes, limits: Limits) -> Picture:
    """Draw page `limits.page` (from 1); raise PhotoRefused and nothing else, PdfPageAbsent with how many there are.

    Neither scripts nor forms are looked at: this build of pdfium has no engine for them.
    """
    try:
        with pypdfium2.PdfDocument(data) as document:
            pages = len(document)
            if not 0 < limits.page <= pages:
                raise PdfPageAbsent(limit_pages=pages)
            return _drawn(document[limits.page - 1])
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise (PdfLocked if is_locked else PhotoUnreadable) from error
    except (MemoryError, ValueError, OSError) as error:
        raise PhotoUnreadable from error


def count_pages(decode: Decode, data: bytes, limits: Limits, *, max_pages: int) -> int:
    """How many pages a PDF has, asked of a confined `decode`; raise PdfTooLong for more than max_pages."""
    try:
        decode(data, _of_page(limits, max_pages + 1))
    except PdfPageAbsent as answer:
        return answer.limit_pages
    raise PdfTooLong(limit_pages=max_pages)


def pages_of(decode: Decode, data: bytes, limits: Limits, *, max_pages: int) -> list[Picture]:
    """Every page of a PDF, each drawn by a confined `decode`; raise PhotoRefused."""
    until = time.monotonic() + MAX_SECONDS
    pages = []
    for number in range(1, count_pages(decode, data, limits, max_pages=max_pages) + 1):
        if time.monotonic() > until:
            raise PhotoTooDemanding
        pages.append(decode(data, _of_page(limits, number)))
    return pages


def _of_page(limits: Limits, page: int) -> Limits:
    return replace(limits, page=page, max_seconds=min(limits.max_seconds, MAX_PAGE_SECONDS))


def _drawn(page: pypdfium2.PdfPage) -> Picture:
    width, height = page.get_size()
    if not 0 < max(width, height) <= MAX_RATIO * min(width, height):
        raise PhotoTooNarrow(limit_ratio=MAX_RATIO)
    bitmap = page.render(scale=PAGE_SIDE / max(width, height), may_draw_forms=False, rev_byteorder=True)
    shown = Image.new("RGB", (bitmap.width, bitmap.height), "white")
    shown.paste(bitmap.to_pil().convert("RGB"))
    return Picture(shown, MEDIA_TYPE, shown.width, shown.height, NOTHING_SAID, False)
