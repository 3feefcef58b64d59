"""Is this really ours? By number, address, scanned code, or picture, which is decoded in memory and then forgotten."""

from dataclasses import dataclass, replace
from datetime import date

from flask import render_template, request
from flask_wtf import FlaskForm

from gallery import imaging
from gallery.errors import ManifestInvalid
from gallery.services.albums import compose, public_posts, seen_addresses, verification
from gallery.services.albums.seen_addresses import Seen
from gallery.services.albums.verification import ManifestCheck, OurPhotos, Verification
from gallery.services.gallery.public_records import PublicItem
from gallery.services.mails import references
from gallery.services.words.tidying import tidy_line
from gallery.sharing import codes
from gallery.web.catalogues import catalogues
from gallery.web.given_photos import read_photos
from gallery.web.intake.turns import expect_a_place, place_to_search
from gallery.web.public.authenticity import findings, marked_pictures
from gallery.web.public.authenticity.marked_pictures import MarkedPicture
from gallery.web.requests import given_files
from gallery.web.resources import database, resources

# Addresses of posts that telephones copy are long.
MAX_TYPED = 500
MAX_CODE = 300
MANIFEST_FILES = 2
SIGNATURE_ENDING = ".sig"


@dataclass(frozen=True)
class PictureAnswer:
    """What the page says of a picture. given, published: to be seen side by side; refusal: why it can't be read."""

    verification: Verification | None = None
    given: MarkedPicture | None = None
    published: MarkedPicture | None = None
    manifest: ManifestCheck | None = None
    is_manifest_refused: bool = False
    refusal: str = ""


@dataclass(frozen=True)
class VerifiedReference:
    """What the page says of the reference of a mail. day: of sending, None where we know of no such mail."""

    reference: str
    day: date | None


def verify() -> str | tuple[str, int]:
    """The form, and the answer to a number, an address, a code or a picture."""
    if request.method != "POST":
        return _of_words(
            tidy_line(request.args.get("numero", "")[:MAX_TYPED]).strip(),
            tidy_line(request.args.get("code", "")[:MAX_CODE]).strip(),
        )
    files = given_files("photo")[:1]
    if not files:
        return _page(answer=PictureAnswer()), 400
    data = files[0].stream.read()
    files[0].stream.seek(0)
    expect_a_place()
    given = read_photos(files)
    if not given.pictures:
        return _page(answer=PictureAnswer(refusal=given.refused[0].sentence)), 400
    with place_to_search():
        ours = OurPhotos(catalogues().photos, catalogues().former, resources().public, _site_address())
        found = verification.of_picture(database(), given.pictures[0], ours)
        pictures = marked_pictures.side_by_side(given.pictures[0], found.copy)
        answer = _with_manifest(PictureAnswer(found, *pictures), given.pictures[0], data)
        return _page(answer=answer, told=findings.of_picture(found), item=found.item)


def _of_words(typed: str, scanned: str) -> str:
    """The answer to a number, an address or a scanned code, if any was given; an address of ours is a code too."""
    text, session = scanned or seen_addresses.address_in(typed), database()
    if not text:
        return _page()
    if reference := references.tidied(text):
        return _page(typed=typed, mail=VerifiedReference(reference, references.find_day(session, reference)))
    is_ours = codes.leads_to(text, _site_address())
    if seen_addresses.is_address(text) and not is_ours:
        address = seen_addresses.look_up(session, text)
        if not scanned or address.seen is not Seen.UNKNOWN:
            return _page(typed=typed, address=address, told=findings.of_address(address))
    if scanned or (is_ours and codes.number_in(text, _site_address()) is None):
        code = verification.of_code(session, text, site_address=_site_address())
        return _page(typed=typed, code=code, told=findings.of_code(code), item=code.item)
    found = verification.of_number(session, text, site_address=_site_address())
    return _page(typed=typed, by_number=found, told=findings.of_number(found), item=found.item)


def _page(*, item: PublicItem | None = None, typed: str = "", **found: object) -> str:
    """The page with what was found, if anything. found: `told`, and what it was told of."""
    posts = public_posts.of_item(database(), item.public_number) if item else []
    settings = resources().settings
    # Whatever sends them: the public site may have been given no mail server.
    has_alerts = bool(settings.alerts_legal_act and settings.alerts_impact_assessment)
    return render_template(
        "public/verify.html", form=FlaskForm(), typed=typed, posts=posts, has_alerts=has_alerts, **found
    )


def _with_manifest(answer: PictureAnswer, picture: imaging.Picture, file: bytes) -> PictureAnswer:
    """The answer with what the given manifest of an album says of the picture and its file."""
    given = {file.filename or "": file.stream.read() for file in given_files("manifeste")[:MANIFEST_FILES]}
    if not given:
        return answer
    signature = next((data for name, data in given.items() if name.endswith(SIGNATURE_ENDING)), b"")
    signed = next((data for name, data in given.items() if not name.endswith(SIGNATURE_ENDING)), b"")
    try:
        check = verification.in_manifest(picture, file, signed=signed, signature=signature, public=resources().public)
    except ManifestInvalid:
        return replace(answer, is_manifest_refused=True)
    return replace(answer, manifest=check)


def _site_address() -> str:
    return compose.site_address(resources().settings)
