"""Photos dropped into a case: one a request from the script, several from the plain form; there they wait."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage

from gallery.errors import (
    NoPhotoGiven,
    NumberNotReserved,
    PhotoNotFound,
    PhotoRefused,
    PhotoThereAlready,
    TooManyPhotos,
)
from gallery.errors.photos import PhotoRemoved
from gallery.models import PhotoLot
from gallery.services import cases
from gallery.services.cases import CaseRecord
from gallery.services.days import day_in_paris
from gallery.services.items import categories
from gallery.services.items.numbering import card_numbers
from gallery.services.items.numbering.numbers import read_public_number
from gallery.services.lots import describing, lots, making, receiving
from gallery.services.lots.lots import RefusedFile
from gallery.services.lots.order import natural
from gallery.services.transaction import atomic, end_reading
from gallery.services.words.tidying import tidy_line
from gallery.storage import rendition_key, sha256_of
from gallery.web.backoffice import one_by_one
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.items import media
from gallery.web.backoffice.items.item_list import unit_cases
from gallery.web.backoffice.lots import removed
from gallery.web.backoffice.lots.table import ROWS_OF_A_PAGE, ROWS_ON_A_TELEPHONE, table_of
from gallery.web.errors import sentence_for, sentence_for_kept
from gallery.web.requests import given_files, page_number, wants_json
from gallery.web.resources import database, now, resources

DIGEST_LETTERS = 64
# The scripts ask for 200: what was left out they would take for received.
MAX_ASKED = 1000
NOTHING_SENT: Mapping[str, str] = {}


@dataclass(frozen=True)
class SetAside:
    """A file that did not become a photo, as the officer's computer calls it, and why."""

    name: str
    sentence: str


def show(reference: str) -> ResponseReturnValue:
    """The photos that wait in a case, and where more are dropped."""
    return page(reference, page_number())


def page(reference: str, number: int, *, sent: Mapping[str, str] = NOTHING_SENT) -> str:
    """One page of the table, with the whole of what stands around it; sent: what its fields around the rows say."""
    return render_template("backoffice/lot.html", sent=sent, **_shown(reference, number))


def rows_of_a_page() -> int:
    """Rows of a page of the table: fewer on a telephone, where a hundred would be a page of thirty screens."""
    return ROWS_ON_A_TELEPHONE if "Mobi" in request.user_agent.string else ROWS_OF_A_PAGE


def table_part(reference: str, *, marks: Mapping[str, str]) -> str:
    """What an act changes of the page, for the script: of rows that it has as they are, only their place and name.

    marks: those rows' marks by key, as they came.
    """
    shown = _shown(reference, page_number())
    return render_template("backoffice/lot_part.html", marks=marks, sent=NOTHING_SENT, **shown)


def _shown(reference: str, page: int) -> dict[str, object]:
    case = cases.get(database(), reference, by=current_officer())
    lot, settings = lots.of_case(database(), case), resources().settings
    offered = categories.all_in_order(database())
    return {
        "record": CaseRecord(case, cases.open_secrets(case, resources().sealer)),
        "waiting": len(lot.photos) if lot else 0,
        "table": table_of(lot, offered, page=page, length=rows_of_a_page(), by=current_officer()) if lot else None,
        "due": describing.count_due(database(), lot) if lot else 0,
        "made": making.made_of(database(), lot) if lot else [],
        "may_undo": bool(lot and lot.undo),
        "categories": offered,
        "cases": unit_cases(),
        "today": day_in_paris(now()),
        "refused": _set_aside(lot) if lot else [],
        "removed": sorted((each.name for each in lots.removed_from(lot).values()), key=natural) if lot else [],
        "waits_until": _end_of(lot.touched_at) if lot else None,
        "settings": settings,
    }


def add(reference: str) -> ResponseReturnValue:
    """Let photos wait in a case: one from the script, which is answered in JSON, or several from the plain form.

    `numero`: the number of the object for which they were taken, where the form says it.
    """
    case = cases.get(database(), reference, by=current_officer())
    files, settings = given_files("photos"), resources().settings
    number = _number_asked()
    if not wants_json() and len(files) > settings.max_photos_per_request:
        flash(sentence_for(TooManyPhotos(limit=settings.max_photos_per_request)), "danger")
        return _to_same_number(reference, number) if number else _back(reference)
    lots.check_room(database(), case, limit=settings.max_lot_photos)
    in_items = list[str]()
    keep = partial(_keep_one, reference, number, in_items)
    if wants_json():
        if not files:
            raise NoPhotoGiven
        refusal = one_by_one.keep_one(files[0], keep)
        return _answer_script(refusal, is_in_item=bool(in_items))
    refused = one_by_one.keep_each(files, keep)
    _tell_in_items(len(in_items))
    if len(files) > len(in_items) or not files:
        one_by_one.tell(len(files) - len(in_items), refused)
    if number and refused:
        return _to_same_number(reference, number)
    return redirect(url_for(".capture_plainly", reference=reference)) if number else _back(reference)


def _to_same_number(reference: str, number: str) -> ResponseReturnValue:
    """The plain form for the object whose card is written already."""
    return redirect(url_for(".capture_plainly", reference=reference, numero=number))


def missing(reference: str) -> ResponseReturnValue:
    """Say to the script which of its files, named by SHA-256, must still be sent, and which are in objects already."""
    case = cases.get(database(), reference, by=current_officer())
    asked = request.form.get("empreintes", "").split()[:MAX_ASKED]
    digests = [each for each in asked if len(each) == DIGEST_LETTERS]
    lot = lots.of_case(database(), case)
    refused = {digest: sentence_for_kept(each["cause"]) for digest, each in lot.refused.items()} if lot else {}
    return jsonify(
        missing=lots.missing(database(), case, digests),
        in_items=sorted(lots.in_items(database(), case, digests)),
        refused={digest: refused[digest] for digest in digests if digest in refused},
    )


def forget_refused(reference: str) -> ResponseReturnValue:
    """Empty the list of files that were set aside, or bring back the photos that were removed."""
    if "retirees" in request.form:
        removed.bring_back(reference)
        return _back(reference)
    with atomic(database()) as session:
        lots.forget_refused(session, cases.lock(session, reference, by=current_officer()))
    return _back(reference)


def rendition(public_id: str, name: str) -> ResponseReturnValue:
    """One size of a waiting photo of the unit."""
    photo = lots.get_photo(database(), public_id, by=current_officer())
    if name not in {size.name for size in photo.renditions}:
        raise PhotoNotFound(public_id)
    return media.answer(rendition_key(photo.rendition_digest, name), photo.rendition_digest)


def _number_asked() -> str:
    """The number of the unit's that the photos were taken for, or empty; raise NumberNotReserved for another one."""
    asked = request.form.get("numero", "")
    number = read_public_number(asked) or ""
    if asked and not card_numbers.of_unit(database(), {number}, current_officer().unit):
        raise NumberNotReserved(asked)
    return number


def _keep_one(reference: str, number: str, in_items: list[str], file: FileStorage) -> None:
    """Let a photo wait; in_items: gets the SHA-256 of one that an object of the case has already."""
    place, officer = resources(), current_officer()
    data, name = file.read(), _base_name(file)
    sha256 = sha256_of(data)
    case = cases.get(database(), reference, by=officer)
    is_there, made = lots.holds(database(), case, sha256), lots.in_items(database(), case, [sha256])
    is_removed = lots.was_removed(database(), case, sha256)
    end_reading(database())
    if is_there or made:
        in_items += [] if is_there else made
        return
    if is_removed:
        raise PhotoRemoved
    try:
        received = receiving.receive(database(), place, data, officer.unit)
    except PhotoRefused as refusal:
        with atomic(database()) as session:
            case = cases.lock(session, reference, by=officer)
            lots.set_aside(session, case, RefusedFile(sha256, name, refusal), now=now())
        raise
    folder = tidy_line(request.form.get("dossier", ""))
    received = replace(received, name=name, folder=folder, captured_for=number)
    try:
        with atomic(database()) as session:
            lots.add(session, place, cases.lock(session, reference, by=officer), received, by=officer)
    except PhotoThereAlready:
        in_items.append(sha256)


def _answer_script(refusal: one_by_one.FileRefusal | None, *, is_in_item: bool) -> ResponseReturnValue:
    """What the script is told; is_final: the file is no photo, so that sending it again would change nothing."""
    if refusal:
        return jsonify(sentence=refusal.sentence, is_final=True), refusal.status
    return jsonify(sentence=gettext("Reçue"), is_in_item=is_in_item), 201


def _tell_in_items(count: int) -> None:
    if count:
        flash(
            ngettext(
                "Une photo est déjà dans une fiche de cette affaire.",
                "%(num)d photos sont déjà dans des fiches de cette affaire.",
                count,
            ),
            "warning",
        )


def _base_name(file: FileStorage) -> str:
    """The file's name without the folders in which it lay."""
    return tidy_line(file.filename).replace("\\", "/").rpartition("/")[2]


def _set_aside(lot: PhotoLot) -> list[SetAside]:
    away = lots.removed_from(lot)
    others = [each for digest, each in lot.refused.items() if digest not in away]
    return [SetAside(each["name"], sentence_for_kept(each["cause"])) for each in others]


def _end_of(touched_at: datetime) -> datetime:
    return touched_at + timedelta(days=resources().settings.lot_days)


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for(".lot", reference=reference))
