"""The page of Facebook archives: given, read by the worker, confirmed with the report in sight, become drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import MultipleFileField, SelectChoice, SelectField

from gallery.errors import ArchiveRefused
from gallery.models import ArchiveState, Case, GivenArchive
from gallery.services import cases
from gallery.services.facebook import archives
from gallery.services.facebook.album_archive import AlbumArchive, ArchiveFault
from gallery.services.facebook.archive_parts import MAX_PARTS, joined
from gallery.services.facebook.archives import Choices, Report
from gallery.services.items import categories
from gallery.services.items.categories import UNSORTED
from gallery.services.transaction import atomic
from gallery.services.words.tidying import tidy_line
from gallery.storage import archive_key
from gallery.web import labels
from gallery.web.backoffice import wording
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.conflict import status_of
from gallery.web.backoffice.sent_once import make_once
from gallery.web.errors import sentence_for, sentence_for_kept
from gallery.web.requests import page_in_address, page_number, wants_json
from gallery.web.resources import database, now, resources

UNDER_WAY = (ArchiveState.READING, ArchiveState.IMPORTING)


class ArchiveForm(FlaskForm):
    """An archive, and where its drafts go."""

    archive = MultipleFileField(
        lazy_gettext("Archive donnée par Facebook"), render_kw={"accept": ".zip,application/zip"}
    )
    case = SelectField(lazy_gettext("Affaire"))
    category = SelectField(lazy_gettext("Catégorie"), default=UNSORTED)

    @classmethod
    def offered(cls) -> "ArchiveForm":
        """The form with the cases of the officer's unit."""
        form = cls()
        kept = cases.kept_by(database(), current_officer().unit, sealer=resources().sealer)
        own = [SelectChoice(record.case.reference, wording.case_name(record)) for record in kept]
        form.case.choices = [SelectChoice("", gettext("Une affaire par album, à son nom")), *own]
        form.category.choices = [
            SelectChoice(each.code, labels.category(each)) for each in categories.all_in_order(database())
        ]
        return form

    @property
    def choices(self) -> Choices:
        """What the officer has chosen."""
        return Choices(categories.get_by_code(database(), self.category.data), self._case())

    def _case(self) -> Case | None:
        return cases.get(database(), self.case.data, by=current_officer()) if self.case.data else None


@dataclass(frozen=True)
class Shown:
    """An archive as its page tells it. fault: why it was refused, in words; refusals: photo and reason in words."""

    archive: GivenArchive
    report: Report
    fault: str
    refusals: Sequence[tuple[str, str]]

    @property
    def is_under_way(self) -> bool:
        """The worker still has work to do on it."""
        return self.archive.state in UNDER_WAY


def listing() -> ResponseReturnValue:
    """The form, and the unit's archives with what has become of each."""
    return _page(ArchiveForm.offered())


def give() -> ResponseReturnValue:
    """Take an archive that can be read at all, and leave the rest to the worker."""
    form = ArchiveForm.offered()
    files: list[FileStorage] = [file for file in form.archive.data or [] if file and file.filename]
    if not form.validate_on_submit() or not 0 < len(files) <= MAX_PARTS:
        form.archive.errors = [*form.archive.errors, gettext("Choisissez l’archive que Facebook vous a donnée.")]
        return _page(form)
    try:
        AlbumArchive([file.stream for file in files])
    except ArchiveRefused as refusal:
        if wants_json():
            raise
        form.archive.errors = [sentence_for(refusal)]
        return _page(form)
    reference = _keep(files, form.choices)
    return redirect(url_for(".archives", _anchor=f"archive-{reference}"))


def confirm(reference: str) -> ResponseReturnValue:
    """Ask for the drafts that the report foresees."""
    with atomic(database()) as session:
        archives.confirm(archives.lock(session, reference, by=current_officer()))
    return redirect(url_for(".archives", page=page_in_address(), _anchor=f"archive-{reference}"))


def forget(reference: str) -> ResponseReturnValue:
    """Remove an archive from the list, with its file; drafts that were made of it stay."""
    with atomic(database()) as session:
        key = archives.forget(session, archives.lock(session, reference, by=current_officer()))
    resources().private.delete([key])
    flash(gettext("L’archive est effacée. Les brouillons déjà créés restent."), "success")
    return redirect(url_for(".archives", page=page_in_address()))


def _keep(files: Sequence[FileStorage], choices: Choices) -> str:
    """Row first, file second: what is cut off in between is a row that is forgotten with its file.

    The same form sent again brings back no file that has been read, and removed, since.
    """
    officer, stream = current_officer(), joined([file.stream for file in files])
    file = archives.ArrivingFile(tidy_line(", ".join(file.filename or "" for file in files)), stream.seek(0, 2))
    receive = partial(archives.receive, by=officer, now=now())
    reference = make_once(lambda session: receive(session, choices, file).reference)
    with atomic(database()) as session:
        is_awaited = archives.awaits_file(session, reference, by=current_officer())
    if is_awaited:
        resources().private.put_file(archive_key(reference), stream)
        with atomic(database()) as session:
            archives.received(session, reference, by=current_officer())
    return reference


def _page(form: ArchiveForm) -> ResponseReturnValue:
    page, most = page_number(), archives.AT_ONCE
    found = archives.kept_by(database(), current_officer().unit, limit=most + 1, offset=(page - 1) * most)
    rendered = render_template(
        "backoffice/archives.html",
        form=form,
        archives=[_shown(archive) for archive in found[:most]],
        page=page,
        has_more=len(found) > most,
        settings=resources().settings,
    )
    return rendered, status_of(form)


def _shown(archive: GivenArchive) -> Shown:
    report = Report.of(archive)
    fault = sentence_for(ArchiveRefused(ArchiveFault(archive.fault))) if archive.fault else ""
    return Shown(archive, report, fault, [(source, sentence_for_kept(why)) for source, why in report.refusals])
