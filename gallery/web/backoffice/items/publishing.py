"""Publishing, withdrawing, handing back and sorting one item, by an officer of its unit."""

from dataclasses import dataclass

from gallery.errors import ChangedMeanwhile
from gallery.models import ItemStatus
from gallery.services.items import categories, checks, items, publication
from gallery.services.items.checks import Consultation
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database, now, resources


@dataclass(frozen=True)
class Changed:
    """What an act has changed of an item. version: of the item since; before: code of the category it was in."""

    version: int
    before: str = ""


def publish(number: str, consulted: Consultation | None, *, version: int | None = None) -> Changed | None:
    """Copy the files first, which is slow, then decide. Return None where it was public before.

    consulted: what the officer vouches for, kept with the item and written in its history; None where that was done
    before. version: of the item that was looked at, where it was looked at by itself; raise ChangedMeanwhile when it is
    another by now.
    """
    place, officer = resources(), current_officer()
    item = items.get_editable(database(), number, by=officer)
    if not publication.obstacles(database(), item, sealer=place.sealer):
        publication.prepare_files(item, private=place.private, public=place.public)
    with atomic(database()) as session:
        item = items.lock(session, number, by=officer)
        if item.status is ItemStatus.PUBLISHED:
            return None
        if version not in {None, item.version}:
            raise ChangedMeanwhile
        publication.publish(session, place, item, by=officer)
        if consulted is not None:
            checks.vouch(session, item, consulted, by=officer, now=now())
        session.flush()
        return Changed(item.version)


def withdraw(number: str) -> Changed | None:
    """Hide an item from the public. Return None where it was not public."""
    officer = current_officer()
    with atomic(database()) as session:
        item = items.lock(session, number, by=officer)
        if item.status is not ItemStatus.PUBLISHED:
            return None
        publication.withdraw(session, item, by=officer, now=now())
        session.flush()
        return Changed(item.version)


def hand_back(number: str) -> bool:
    """Note that an item was given back. Return whether that was new."""
    officer = current_officer()
    with atomic(database()) as session:
        return publication.hand_back(session, items.lock(session, number, by=officer), by=officer, now=now())


def take_back(number: str) -> bool:
    """Undo a restitution. Return whether there was one."""
    officer = current_officer()
    with atomic(database()) as session:
        return publication.take_back(session, items.lock(session, number, by=officer), by=officer, now=now())


def change_category(number: str, code: str, *, version: int | None = None) -> Changed | None:
    """Put an item in another category; None when it was there already.

    version: of the item that is meant; raise ChangedMeanwhile when it is another by now.
    """
    officer = current_officer()
    with atomic(database()) as session:
        item, category = items.lock(session, number, by=officer), categories.get_by_code(session, code)
        before = item.category
        if before.id == category.id:
            return None
        if version not in {None, item.version}:
            raise ChangedMeanwhile
        items.change_category(session, resources(), item, category, by=officer)
        session.flush()
        return Changed(item.version, before=before.code)
