"""Pages of albums' files: asked for, followed while the worker makes them, fetched, made again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from gallery.errors import ExportNotFound, ExportOutdated, TooManyExports
from gallery.models import AlbumExport, ExportFault, ExportState, Network
from gallery.services.albums import exports
from gallery.services.albums.exports import ExportRecord
from gallery.services.days import day_in_paris
from gallery.services.gallery.public_records import PublicItem
from gallery.services.transaction import atomic, end_reading
from gallery.services.words.folding import key_of
from gallery.sharing import Album, AlbumItem
from gallery.sharing.film.recording import require_film_maker
from gallery.sharing.networks.packages import PACKAGES
from gallery.storage import export_key
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.albums import albums
from gallery.web.backoffice.albums.album_form import AlbumForm
from gallery.web.errors import sentence_for
from gallery.web.requests import page_in_address, page_number, wants_json
from gallery.web.resources import database, now, resources
from gallery.web.stored_files import FileDownload, send

# After this long nobody is working on it: the worker stands still, or is not there.
NOBODY_WORKS = timedelta(minutes=1)
FAULTS = {
    ExportFault.WITHDRAWN: lazy_gettext(
        "Des objets de cet album ont changé ou ne sont plus publics depuis que vous l’avez demandé."
    ),
    ExportFault.NO_FILM: lazy_gettext(
        "Le film ne peut pas être fabriqué : il manque un composant au programme. Prévenez l’exploitant du service."
    ),
    ExportFault.BROKEN: lazy_gettext(
        "Le fichier n’a pas pu être préparé, malgré plusieurs essais. Refaites-le ; si cela se répète, prévenez "
        "l’exploitant du service."
    ),
}


def ask() -> ResponseReturnValue:
    """Ask for the file of the preview's album, and follow it. What can't be made brings the preview back."""
    return albums.with_items(AlbumForm.sent(), _ask)


def listing() -> ResponseReturnValue:
    """The unit's files, and those on their way."""
    page, most = page_number(), exports.AT_ONCE
    found = exports.kept_by(database(), current_officer().unit, limit=most + 1, offset=(page - 1) * most, now=now())
    return render_template(
        "backoffice/album_exports.html",
        records=found[:most],
        page=page,
        has_more=len(found) > most,
        sentence=_sentence,
        size=_megabytes,
    )


def show(reference: str) -> ResponseReturnValue:
    """How far a file is; a script is given it as data."""
    record = exports.get(database(), reference, by=current_officer(), now=now())
    if wants_json():
        return jsonify(_as_data(record))
    return render_template("backoffice/album_export.html", record=record, sentence=_sentence, size=_megabytes)


def fetch(reference: str) -> ResponseReturnValue:
    """The file, or the part of it that the browser still lacks; the page that tells why, when it may not leave."""
    try:
        export = exports.to_fetch(database(), reference, by=current_officer(), now=now())
    except ExportOutdated:
        return redirect(url_for(".export", reference=reference))
    assert export.made_at is not None, "a file that is ready was made"
    file = FileDownload(
        store=resources().private,
        key=export_key(reference),
        name=f"{_file_name(export)}.zip",
        mimetype="application/zip",
        size=export.size_bytes,
        tag=export.sha256,
        changed_at=export.made_at,
    )
    # A slow reader must not keep a connection to the database for an hour.
    end_reading(database())
    return send(file)


def make_again(reference: str) -> ResponseReturnValue:
    """Ask for a new file of what is public now."""
    officer = current_officer()
    around = albums.surroundings_of(officer.unit)
    try:
        with atomic(database()) as session:
            old = exports.lock(session, reference, by=officer)
            written = {item.number for item in _items(old) if item.is_edited}
            export = exports.ask_again(session, resources(), old, around, by=officer)
            fresh, lost = export.reference, written & {item.number for item in _items(export) if not item.is_edited}
    except ExportNotFound:
        # The button was pressed twice, or a colleague was quicker.
        return redirect(url_for(".exports"))
    resources().private.delete([export_key(reference)])
    albums.tell_without_captions(sorted(lost))
    return redirect(url_for(".export", reference=fresh))


def _items(export: AlbumExport) -> Sequence[AlbumItem]:
    return Album.of_table(export.album).items


def forget(reference: str) -> ResponseReturnValue:
    """Remove a file."""
    with atomic(database()) as session:
        key = exports.forget(session, exports.lock(session, reference, by=current_officer()))
    resources().private.delete([key])
    flash(gettext("Le fichier est effacé."), "success")
    return redirect(url_for(".exports", page=page_in_address()))


def _ask(form: AlbumForm, items: list[PublicItem]) -> ResponseReturnValue:
    album, network = albums.album_of(form, items), _asked_network()
    if network is Network.DAILYMOTION:
        require_film_maker()
    try:
        with atomic(database()) as session:
            reference = exports.ask(session, resources(), album, network, by=current_officer()).reference
    except TooManyExports as refusal:
        flash(sentence_for(refusal), "danger")
        return albums.preview(form, items, status=409)
    if wants_json():
        record = exports.get(database(), reference, by=current_officer(), now=now())
        return jsonify(_as_data(record)), 202
    return redirect(url_for(".export", reference=reference))


def _as_data(record: ExportRecord) -> dict[str, Any]:
    """What the page's script shows of it."""
    export = record.export
    return {
        "page": url_for(".export", reference=export.reference),
        "file": url_for(".fetch_export", reference=export.reference) if record.is_there else "",
        "is_under_way": record.is_under_way,
        "done": export.done,
        "total": export.total,
        "sentence": _sentence(record),
    }


def _sentence(record: ExportRecord) -> str:
    """How far it is, in words."""
    export = record.export
    if export.state is ExportState.FAILED:
        return str(FAULTS[export.fault or ExportFault.BROKEN])
    if record.is_outdated:
        return str(FAULTS[ExportFault.WITHDRAWN])
    if export.state is ExportState.MAKING:
        return gettext("Photos préparées : %(done)s sur %(total)s", done=export.done, total=export.total)
    if export.state is ExportState.WAITING and now() - export.asked_at > NOBODY_WORKS:
        return gettext(
            "La préparation n’a pas encore commencé. Si cela dure, prévenez l’exploitant du service : le programme qui "
            "prépare les fichiers est occupé ou arrêté."
        )
    if export.state is ExportState.WAITING:
        return gettext("La préparation commence dans un instant…")
    return ngettext("Le fichier est prêt : %(num)d photo.", "Le fichier est prêt : %(num)d photos.", export.total)


def _megabytes(export: AlbumExport) -> int:
    return max(1, round(export.size_bytes / 1_000_000))


def _asked_network() -> Network:
    """What the pressed button says; a form without one means Facebook."""
    name = request.form.get("reseau", "")
    return Network(name) if name in PACKAGES else Network.FACEBOOK


def _file_name(export: AlbumExport) -> str:
    """Album, network and day in Paris in letters that every system takes."""
    words = key_of(export.title)[:60].rstrip("-")
    return f"{words or 'album'}-{export.network.value}-{day_in_paris(export.asked_at)}"
