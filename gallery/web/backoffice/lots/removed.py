"""Photos that an officer has removed from those that wait: brought back from their files while these are there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import flash
from flask_babel import gettext, ngettext

from gallery.errors import ChangedMeanwhile, FileAbsent, LotFull, PhotoRefused, PhotoThereAlready
from gallery.services import cases
from gallery.services.lots import lots, receiving
from gallery.services.lots.lots import RemovedPhoto
from gallery.services.lots.order import natural
from gallery.services.transaction import atomic, end_reading
from gallery.storage import original_key
from gallery.web.backoffice import one_by_one
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.one_by_one import LONGEST_REQUEST
from gallery.web.errors import sentence_for
from gallery.web.resources import database, resources


@dataclass
class _BroughtBack:
    """How many wait again; gone: of which no file is there any more; left: how many there was no time for."""

    waiting: int = 0
    gone: int = 0
    left: int = 0
    full: str = ""


def bring_back(reference: str) -> None:
    """Let all removed photos of a case wait again, where they were, and say what could not be brought back."""
    case = cases.get(database(), reference, by=current_officer())
    lot = lots.of_case(database(), case)
    removed = sorted(lots.removed_from(lot).values(), key=lambda each: natural(each.name)) if lot else []
    end_reading(database())
    _tell(_brought_back(reference, removed))


def _brought_back(reference: str, removed: Sequence[RemovedPhoto]) -> _BroughtBack:
    done = _BroughtBack()
    for each in one_by_one.as_long_as_there_is_time(removed, LONGEST_REQUEST):
        try:
            _bring_back(reference, each)
            done.waiting += 1
        except (FileAbsent, PhotoRefused, ChangedMeanwhile):
            _forget(reference, each)
            done.gone += 1
        except LotFull as error:
            done.full = sentence_for(error)
            break
    done.left = len(removed) - done.waiting - done.gone
    return done


def _bring_back(reference: str, removed: RemovedPhoto) -> None:
    place, officer = resources(), current_officer()
    data = place.private.get(original_key(removed.sha256))
    received = receiving.receive(database(), place, data, officer.unit, hidden_before=removed.hidden)
    received = replace(received, name=removed.name, captured_for=removed.moved_to or "")
    with atomic(database()) as session:
        case = cases.lock(session, reference, by=officer)
        lots.forget_removed(session, case, {removed.sha256})
        try:
            row = lots.add(session, place, case, received, by=officer)
        except PhotoThereAlready:
            # Somebody has given it to an object meanwhile.
            return
        if removed.camera is not None:
            row.camera = removed.camera


def _forget(reference: str, removed: RemovedPhoto) -> None:
    with atomic(database()) as session:
        lots.forget_removed(session, cases.lock(session, reference, by=current_officer()), {removed.sha256})


def _tell(done: _BroughtBack) -> None:
    if done.waiting:
        flash(ngettext("Une photo attend de nouveau.", "%(num)d photos attendent de nouveau.", done.waiting), "success")
    if done.gone:
        which = ngettext(
            "Le fichier d’une photo n’est plus là.", "Les fichiers de %(num)d photos ne sont plus là.", done.gone
        )
        flash(f"{which} {gettext('Déposez de nouveau ces photos.')}", "warning")
    if done.full:
        flash(done.full, "danger")
    elif done.left:
        which = ngettext("Il reste une photo.", "Il reste %(num)d photos.", done.left)
        flash(f"{which} {gettext('Appuyez encore sur « Reprendre ces photos ».')}", "warning")
