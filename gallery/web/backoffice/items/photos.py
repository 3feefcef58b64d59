"""Photos given by officers: each is kept or refused on its own, one bad photo never spoils the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage

from gallery.errors import NoPhotoGiven, PhotoRefused, TooManyPhotos
from gallery.services.items import items, photos, renditions
from gallery.services.transaction import atomic, end_reading
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.errors import answer_for, sentence_for
from gallery.web.requests import given_files, wants_json
from gallery.web.workplace import database, now, workplace

SHOWN_NAME = 80


@dataclass(frozen=True)
class Refusal:
    """A file that did not become a photo: its name as the officer knows it, and why, in French."""

    name: str
    status: int
    sentence: str


def add(number: str) -> ResponseReturnValue:
    """Add photos to an item: one from the script, which is answered in JSON, or several from the plain form."""
    items.get_editable(database(), number, by=current_officer())
    files = given_files("photos")
    limit = workplace().settings.max_photos_per_request
    if wants_json():
        return _answer_script(number, files[:1])
    if len(files) > limit:
        flash(sentence_for(TooManyPhotos(limit=limit)), "danger")
    else:
        _tell(len(files), _keep(number, files))
    return redirect(url_for(".item", number=number, _anchor="photos"))


def _answer_script(number: str, files: Sequence[FileStorage]) -> ResponseReturnValue:
    if not files:
        raise NoPhotoGiven
    refused = _keep(number, files)
    if refused:
        return jsonify(sentence=refused[0].sentence), refused[0].status
    return jsonify(sentence=gettext("Ajoutée")), 201


def _keep(number: str, files: Sequence[FileStorage]) -> list[Refusal]:
    """Add these photos one by one; return those that were refused."""
    refused = []
    for file in files:
        try:
            _keep_one(number, file)
        except PhotoRefused as error:
            name = tidy_line(file.filename)[:SHOWN_NAME]
            refused.append(Refusal(name=name, status=answer_for(error)[0], sentence=sentence_for(error)))
        finally:
            file.close()
    return refused


def _keep_one(number: str, file: FileStorage) -> None:
    place, officer = workplace(), current_officer()
    end_reading(database())
    prepared = renditions.prepare(file.read(), settings=place.settings, private=place.private_store)
    with atomic(database()) as session:
        photos.add_to_item(session, items.take(session, number, by=officer), prepared, by=officer, now=now())


def _tell(given: int, refused: Sequence[Refusal]) -> None:
    added = given - len(refused)
    if given == 0:
        flash(sentence_for(NoPhotoGiven()), "danger")
    if added:
        flash(ngettext("Une photo est ajoutée.", "%(num)d photos sont ajoutées.", added), "success")
    for each in refused:
        flash(gettext("« %(name)s » n’a pas été ajoutée. %(why)s", name=each.name, why=each.sentence), "danger")
