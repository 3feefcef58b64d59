"""Taking back the last act on many items: what each was before is kept, sealed, for the officer who did it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial

from gallery.services.people import drafts
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.items import publishing
from gallery.web.resources import database, now, resources

SUBJECT, ACT, BEFORE = "undo", "acte", "avant:"
OFFERED_FOR = timedelta(hours=1)


# What takes each act back, given what the item was before; each returns what an act does.
UNDONE: Mapping[str, Callable[[str, str], str | None]] = {
    "categorie": publishing.change_category,
    "retirer": lambda number, _before: "" if publishing.publish(number, None) else None,
}


def offer(act: str, changed: Mapping[str, Sequence[str]]) -> None:
    """Keep what an act has changed, in place of what was kept before. changed: numbers by what they were."""
    fields = {ACT: [act]} | {f"{BEFORE}{before}": list(numbers) for before, numbers in changed.items()}
    with atomic(database()) as session:
        drafts.keep(session, resources(), SUBJECT, fields, by=current_officer())


def is_offered() -> bool:
    """Whether the officer's last act on many items can be taken back."""
    return _kept() is not None


def taken() -> Iterator[tuple[str, Callable[[str], str | None]]]:
    """Each number that the last act changed, with what takes it back; it is offered no more."""
    kept = _kept()
    if kept is None:
        return
    with atomic(database()) as session:
        drafts.forget(session, SUBJECT, by=current_officer())
    undo = UNDONE[kept.fields[ACT][0]]
    for name, numbers in kept.fields.items():
        if name.startswith(BEFORE):
            yield from ((number, partial(_undone, undo, name.removeprefix(BEFORE))) for number in numbers)


def _undone(undo: Callable[[str, str], str | None], before: str, number: str) -> str | None:
    return undo(number, before)


def _kept() -> drafts.Draft | None:
    kept = drafts.find(database(), SUBJECT, sealer=resources().sealer, by=current_officer())
    return kept if kept and now() - kept.saved_at <= OFFERED_FOR else None
