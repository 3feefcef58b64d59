"""Pages of a PDF are drawn in the confined process, and no PDF does harm there or says anything but a refusal."""

import random
from dataclasses import replace

import numpy as np
import pytest

from gallery import imaging
from gallery.errors import PdfLocked, PdfTooLong, PhotoRefused, PhotoTooNarrow, PhotoUnreadable
from gallery.imaging import Limits
from tests import pdfs, pictures

LIMITS = Limits()
# What a slow machine needs for an honest page is not measured here.
PATIENT = replace(LIMITS, max_seconds=30)


def test_each_page_is_drawn_with_its_words() -> None:
    first, second = imaging.pdf_pages(pdfs.pdf(pdfs.written("Collier"), ""), PATIENT, max_pages=3)
    assert (first.media_type, first.image.size) == ("application/pdf", (1131, 1600))
    # The second one is empty.
    assert [int(np.asarray(page.image).min()) for page in (first, second)] == [0, 255]
    assert imaging.check_pdf(pdfs.invoice(pages=3), PATIENT, max_pages=3) == 3


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (pdfs.invoice(pages=4), PdfTooLong),
        (pdfs.pdf("", trailer=pdfs.ENCRYPTED), PdfLocked),
        (pdfs.pdf("", box="2 900"), PhotoTooNarrow),
        (b"%PDF-1.7 and nothing else", PhotoUnreadable),
        (pictures.jpeg(pictures.picture(1)), PhotoUnreadable),
    ],
    ids=["long", "locked", "narrow", "nothing", "photo"],
)
def test_what_is_no_invoice_is_refused_by_cause(data: bytes, refusal: type[PhotoRefused]) -> None:
    with pytest.raises(refusal):
        imaging.pdf_pages(data, PATIENT, max_pages=3)


def test_no_pdf_is_a_photo() -> None:
    with pytest.raises(PhotoUnreadable):
        imaging.decode(pdfs.invoice(), LIMITS)


def test_one_that_draws_for_ever_is_ended() -> None:
    # For its time or for its memory, whichever a machine of this speed reaches first.
    with pytest.raises(PhotoRefused):
        imaging.pdf_pages(pdfs.bomb(), replace(LIMITS, max_seconds=1), max_pages=3)


def test_damaged_ones_are_drawn_or_refused() -> None:
    honest, chance = pdfs.pdf(pdfs.written("Facture"), box="100 100"), random.Random(14)
    for _ in range(20):
        data = bytearray(honest)
        for _ in range(12):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            imaging.pdf_pages(bytes(data), LIMITS, max_pages=3)
        except PhotoRefused:
            continue
