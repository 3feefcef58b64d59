"""The form of a claim: read, checked field by field, and sent back filled where something is wrong.

Nothing is kept between two sendings: proofs that could be read travel in the page and come back with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from gallery import imaging
from gallery.errors import DecodersBusy, DecoderStopped, PdfLocked, PdfTooLong, PhotoRefused
from gallery.services.claims import claimed, questions
from gallery.services.claims.claimed import Claimant, ClaimWords
from gallery.services.declarations.statement import LENGTHS
from gallery.services.items.renditions import limits_of
from gallery.web.errors import sentence_for
from gallery.web.languages import of_address
from gallery.web.public.claiming.asked import QUESTIONS
from gallery.web.requests import given_files, sent_line, sent_text
from gallery.web.resources import now, resources
from gallery.web.stating import carried
from gallery.web.stating.contact_fields import contact_in

PROOFS, PHOTOS, DOCUMENTS = "preuves", "photos-gardees", "documents-gardes"
CONTACT = {name: LENGTHS[kind] for name, kind in (
    ("nom", "name"), ("courriel", "email"), ("telephone", "telephone"), ("phrase", "phrase"),
)}  # fmt: skip


@dataclass
class ClaimForm:
    """The form as it was filled in. texts: contact; answers: by question; errors: sentences by field."""

    texts: dict[str, str]
    answers: dict[str, str]
    words: str = ""
    photos: list[bytes] = field(default_factory=list)
    documents: list[bytes] = field(default_factory=list)
    agrees: bool = False
    # The form was given to somebody who had a declaration open.
    had_code: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def says_who(self) -> bool:
        """Whether somebody has said here who they are, and agreed."""
        return self.agrees and any(self.texts[name] for name in ("courriel", "telephone"))

    @property
    def asked(self) -> Mapping[str, str]:
        """The questions, as they are shown, by name."""
        return {name: str(QUESTIONS[name]) for name in self.answers}

    def shown_photos(self) -> list[str]:
        """The photos as the page carries them."""
        return carried.as_carried(self.photos)

    def shown_documents(self) -> list[str]:
        """The PDFs as the page carries them."""
        return carried.as_carried(self.documents)


def blank(category: str) -> ClaimForm:
    """The form that nobody has filled in, for items of this category."""
    return ClaimForm(dict.fromkeys(CONTACT, ""), dict.fromkeys(questions.of_category(category), ""))


def read(category: str | None) -> ClaimForm:
    """What was sent, with its proofs decoded; slow. category: None where the item is not public any more."""
    said = request.form
    form = blank(category or "")
    if category is None:
        form.answers = {name: "" for name in QUESTIONS if f"question-{name}" in said}
    form.texts = {name: sent_line(name, most) for name, most in CONTACT.items()}
    form.answers = {name: sent_text(f"question-{name}", claimed.MAX_ANSWER) for name in form.answers}
    form.words, form.agrees = sent_text("mots", claimed.MAX_WORDS), bool(said.get("accord"))
    form.had_code = bool(said.get("avec-code"))
    most = resources().settings.max_claim_proofs
    form.photos = carried.came_back(PHOTOS, carried.is_photo, most=most)
    form.documents = carried.came_back(DOCUMENTS, _is_document, most=claimed.MAX_DOCUMENTS)
    _take_proofs(form, given_files(PROOFS))
    # One that is chosen again, since the browser's field is empty when the page comes back, is one.
    form.photos, form.documents = list(dict.fromkeys(form.photos)), list(dict.fromkeys(form.documents))
    if len(form.photos) + len(form.documents) > most:
        form.errors[PROOFS] = gettext("%(most)s preuves au plus en une fois. Retirez-en.", most=most)
    return form


def words_of(form: ClaimForm) -> ClaimWords | None:
    """What the form says; None with sentences in `errors` where something is wrong or missing."""
    answers = {name: answer for name, answer in form.answers.items() if answer}
    said = ClaimWords(now(), answers, form.words, tuple(form.photos), tuple(form.documents))
    if not said.says_anything:
        # Whoever has given a proof that was refused reads why, and not that there is none.
        form.errors.setdefault(PROOFS, gettext("Répondez à une question au moins, ou ajoutez une preuve."))
    return None if form.errors else said


def claimant_of(form: ClaimForm) -> Claimant:
    """Who claims, with sentences in `errors` where that is not enough."""
    contact = contact_in(form.texts, form.errors, needed=True)
    if not form.agrees:
        form.errors["accord"] = gettext("Cochez la case pour que nous puissions garder votre demande.")
    return Claimant(contact, form.texts["phrase"], of_address())


def _is_document(data: bytes) -> bool:
    return imaging.is_pdf(data) and len(data) <= claimed.MAX_DOCUMENT_BYTES


def _take_proofs(form: ClaimForm, files: Sequence[FileStorage]) -> None:
    """Photos made small, PDFs as they are once they were found to have pages."""
    documents: list[FileStorage] = []
    photos: list[FileStorage] = []
    for file in files:
        is_pdf = imaging.is_pdf(file.stream.read(1024))
        file.stream.seek(0)
        (documents if is_pdf else photos).append(file)
    form.photos += carried.new_photos(photos, PROOFS, form.errors)
    for file in documents:
        data = file.stream.read()
        if data in form.documents:
            continue
        if refusal := _refusal_of(data, len(form.documents)):
            form.errors[PROOFS] = refusal
        else:
            form.documents.append(data)


def _refusal_of(data: bytes, before: int) -> str:
    """Why a PDF is not taken; empty for one that is."""
    megabytes = claimed.MAX_DOCUMENT_BYTES // 2**20
    if before >= claimed.MAX_DOCUMENTS:
        return gettext("%(most)s PDF au plus en une fois : photographiez les autres.", most=claimed.MAX_DOCUMENTS)
    if len(data) > claimed.MAX_DOCUMENT_BYTES:
        return gettext("Ce PDF pèse plus de %(most)s Mo : photographiez les pages qui comptent.", most=megabytes)
    try:
        imaging.check_pdf(data, limits_of(resources().settings), max_pages=claimed.MAX_PAGES)
    except PdfLocked:
        return gettext("Ce PDF est protégé par un mot de passe : envoyez-en des photos ou des captures d’écran.")
    except PdfTooLong as refusal:
        return gettext("Ce PDF a plus de %(most)s pages : photographiez celles qui comptent.", most=refusal.limit_pages)
    except PhotoRefused:
        return gettext("Ce PDF ne peut pas être lu : envoyez-en des photos.")
    except (DecodersBusy, DecoderStopped) as busy:
        return sentence_for(busy)
    return ""
