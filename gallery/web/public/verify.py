"""Is this really ours? By number, by a scanned code, or by a picture, which is decoded in memory and then forgotten."""

from dataclasses import dataclass, replace

from flask import render_template, request
from flask_wtf import FlaskForm

from gallery import imaging
from gallery.errors import ManifestInvalid
from gallery.services.albums import compose, public_posts, verification
from gallery.services.albums.verification import Code, ManifestCheck, Verification
from gallery.web.given_photos import read_photos
from gallery.web.intake.turns import expect_a_place, place_to_search
from gallery.web.public import marked_pictures
from gallery.web.public.marked_pictures import MarkedPicture
from gallery.web.requests import given_files
from gallery.web.workplace import database, workplace

MAX_NUMBER = 200
MAX_CODE = 300
MANIFEST_FILES = 2
SIGNATURE_ENDING = ".sig"


@dataclass(frozen=True)
class Answer:
    """What the page says of a picture. given, published: to be seen side by side; refusal: why it can't be read."""

    verification: Verification | None = None
    given: MarkedPicture | None = None
    published: MarkedPicture | None = None
    manifest: ManifestCheck | None = None
    is_manifest_refused: bool = False
    refusal: str = ""


def verify() -> str | tuple[str, int]:
    """The form, and the answer to a number, a code or a picture."""
    if request.method != "POST":
        typed = request.args.get("numero", "")[:MAX_NUMBER].strip()
        text = request.args.get("code", "")[:MAX_CODE].strip()
        code = verification.of_code(database(), text, site_address=_site_address()) if text else None
        number = verification.of_number(database(), typed, site_address=_site_address()) if typed else None
        return _page(typed=typed, by_number=number, code=code)
    files = given_files("photo")[:1]
    if not files:
        return _page(answer=Answer()), 400
    data = files[0].stream.read()
    files[0].stream.seek(0)
    expect_a_place()
    given = read_photos(files)
    if not given.pictures:
        return _page(answer=Answer(refusal=given.refused[0].sentence)), 400
    with place_to_search():
        found = verification.of_picture(
            database(),
            given.pictures[0],
            catalogue=workplace().catalogue,
            former=workplace().former,
            public=workplace().public_store,
            site_address=_site_address(),
        )
        pictures = marked_pictures.side_by_side(given.pictures[0], found.copy)
        return _page(answer=_with_manifest(Answer(found, *pictures), given.pictures[0], data))


def _page(
    *, typed: str = "", by_number: Verification | None = None, code: Code | None = None, answer: Answer | None = None
) -> str:
    found = (answer and answer.verification) or code or by_number
    posts = public_posts.of_item(database(), found.item.public_number) if found and found.item else []
    return render_template(
        "public/verify.html", form=FlaskForm(), typed=typed, by_number=by_number, code=code, answer=answer, posts=posts
    )


def _with_manifest(answer: Answer, picture: imaging.Picture, file: bytes) -> Answer:
    """The answer with what the given manifest of an album says of the picture and its file."""
    given = {file.filename or "": file.stream.read() for file in given_files("manifeste")[:MANIFEST_FILES]}
    if not given:
        return answer
    signature = next((data for name, data in given.items() if name.endswith(SIGNATURE_ENDING)), b"")
    signed = next((data for name, data in given.items() if not name.endswith(SIGNATURE_ENDING)), b"")
    try:
        check = verification.in_manifest(
            picture, file, signed=signed, signature=signature, public=workplace().public_store
        )
    except ManifestInvalid:
        return replace(answer, is_manifest_refused=True)
    return replace(answer, manifest=check)


def _site_address() -> str:
    return compose.site_address(workplace().settings)
