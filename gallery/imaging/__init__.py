"""Untrusted bytes become an upright sRGB picture, and a picture becomes files for screens."""

from gallery.imaging.capture import Capture
from gallery.imaging.decoding import Limits
from gallery.imaging.pdf import is_pdf
from gallery.imaging.picture import WORKING_SIDE, Picture, as_array, cropped, turned
from gallery.imaging.process.guard import check_pdf, configure, decode, decode_grey, pdf_pages, warm_up
from gallery.imaging.redaction import Place, covered
from gallery.imaging.rendering import RENDITION_VERSION, Rendition, declared, document_page, preview, renditions
from gallery.imaging.suggesting import PrivateKind, PrivatePlace, suggested

__all__ = [
    "RENDITION_VERSION",
    "WORKING_SIDE",
    "Capture",
    "Limits",
    "Picture",
    "Place",
    "PrivateKind",
    "Rendition",
    "PrivatePlace",
    "as_array",
    "check_pdf",
    "configure",
    "covered",
    "cropped",
    "declared",
    "decode",
    "decode_grey",
    "document_page",
    "is_pdf",
    "pdf_pages",
    "preview",
    "renditions",
    "suggested",
    "turned",
    "warm_up",
]
