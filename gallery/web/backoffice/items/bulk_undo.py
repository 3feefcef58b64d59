"""Taking back the last act on many items: what each was before is kept, sealed, for the officer who did it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial

from gallery.services.people import drafts
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.items import publishing
from gallery.web.backoffice.items.publishing import Changed
from gallery.web.resources import database, now, resources

SUBJECT, ACT, BEFORE = "undo", "acte", "avant:"
OFFERED_FOR = timedelta(hours=1)


def _publish(number: str, left: Changed) -> Changed | None:
    return publishing.publish(number, None, version=left.version)


def _put_back(number: str, left: Changed) -> Changed | None:
    return publishing.change_category(number, left.before, version=left.version)


# What takes each act back, given what it has changed of the item: nothing that anybody has changed since.
UNDONE: Mapping[str, Callable[[str, Changed], Changed | None]] = {"categorie": _put_back, "retirer": _publish}


def offer(act: str, changed: Mapping[str, Changed]) -> None:
    """Keep what an act has changed, by number, in place of what was kept before."""
    fields = defaultdict(list, {ACT: [act]})
    for number, each in changed.items():
        fields[f"{BEFORE}{each.before}"].append(f"{number} {each.version}")
    with atomic(database()) as session:
        drafts.keep(session, resources(), SUBJECT, fields, by=current_officer())


def is_offered() -> bool:
    """Whether the officer's last act on many items can be taken back."""
    return _kept() is not None


def taken() -> Iterator[tuple[str, Callable[[str], Changed | None]]]:
    """Each number that the last act changed, with what takes it back; after the last of them it is offered no more."""
    kept = _kept()
    if kept is None:
        return
    undo = UNDONE[kept.fields[ACT][0]]
    for name, items in kept.fields.items():
        if name.startswith(BEFORE):
            for number, _, version in (each.partition(" ") for each in items):
                # What an earlier version has kept says no version, and nobody knows what has changed since.
                left = Changed(int(version or 0), before=name.removeprefix(BEFORE))
                yield number, partial(_undone, undo, left)
    with atomic(database()) as session:
        drafts.forget(session, SUBJECT, by=current_officer())


def _undone(undo: Callable[[str, Changed], Changed | None], left: Changed, number: str) -> Changed | None:
    return undo(number, left)


def _kept() -> drafts.Draft | None:
    kept = drafts.find(database(), SUBJECT, sealer=resources().sealer, by=current_officer())
    return kept if kept and now() - kept.saved_at <= OFFERED_FOR else None
