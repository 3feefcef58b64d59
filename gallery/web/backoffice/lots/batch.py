"""All objects of a sorting table that are complete become items at once, published once somebody vouches for them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import flash, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from gallery.errors import ChangedMeanwhile, GalleryError, PublicationRefused
from gallery.models import Case, Category, Item, PhotoLot
from gallery.services import cases
from gallery.services.items import categories, checks, items
from gallery.services.items.categories import UNSORTED
from gallery.services.items.checks import Consultation
from gallery.services.lots import lots, making
from gallery.services.lots.group_words import GroupWords
from gallery.services.lots.grouping import groups_of
from gallery.services.lots.making import MadeItem, NamedGroup, ReadyFiles, ReadyGroup
from gallery.services.transaction import atomic
from gallery.web import labels
from gallery.web.backoffice import vouching
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.hiding import views as hiding
from gallery.web.backoffice.items import publishing
from gallery.web.backoffice.lots import table, telling
from gallery.web.backoffice.lots.table import LotRow
from gallery.web.backoffice.lots.telling import MadeRow
from gallery.web.backoffice.one_by_one import LONGEST_REQUEST
from gallery.web.resources import database, now, resources

MAKING = {"fiches", "publier"}
# Objects that become items in one transaction, and are drafts until each of them is published.
AT_ONCE = 50


def make(reference: str, *, is_public: bool) -> int:
    """Make the objects some at a time, so that whatever stops half-way leaves whole objects, and the rest waiting.

    Returns how many are ready and were not made for want of time.
    """
    consulted = _vouched_for() if is_public else None
    if is_public and consulted is None:
        return 0
    made = list(_made(reference, consulted))
    return _tell(reference, made, is_public=is_public)


def resume(reference: str, *, is_public: bool) -> int:
    """Say again what is left of the objects that were to be made, of which no answer was heard; none is made.

    Returns how many are ready, as `make` does: the service may have ended before it had made any.
    """
    if is_public and _vouched_for() is None:
        return 0
    with taken(reference) as (session, _, lot):
        left = _rows(session, lot)
    return telling.tell_left(left, is_public=is_public)


def _vouched_for() -> Consultation | None:
    consulted = vouching.asked()
    if consulted is None:
        flash(
            gettext(
                "Rien n’est publié : cochez d’abord la vérification en bas de la page, avec le nom de qui a consulté"
                " FOVeS et le jour."
            ),
            "danger",
        )
    return consulted


def _made(reference: str, consulted: Consultation | None) -> Iterator[MadeRow]:
    if consulted is not None:
        with taken(reference) as (session, case, _):
            checks.note(session, case, consulted, by=current_officer(), now=now())
    batch = _Batch(reference, consulted, until=now() + LONGEST_REQUEST)
    while some := batch.make_next():
        for made in some:
            is_public, why = False, tuple[str, ...]()
            if consulted is not None and not made["is_added"]:
                is_public, why = _publish(str(made["number"]))
            yield made | {"is_public": is_public, "why": [str(each) for each in why]}
        if now() >= batch.until:
            return


@dataclass
class _Batch:
    """What is made of a case in one request, some objects in one transaction: each of these reads the whole lot.

    consulted: who vouches for them; None where they become drafts.
    """

    reference: str
    consulted: Consultation | None
    until: datetime
    _at_once: int = field(default_factory=lambda: AT_ONCE, init=False)
    _has_made: bool = field(default=False, init=False)

    def make_next(self) -> list[MadeRow]:
        """Make items of the next groups that are complete, and keep with them who vouches for them; none is left: [].

        Where a number has an item already, the photos are added to that one, which stays as public as it is.
        """
        if self._at_once > 1:
            try:
                return self._make()
            except GalleryError:
                # One of them does not go: those before it do, and it is seen to by itself.
                self._at_once = 1
        try:
            return self._make()
        except ChangedMeanwhile:
            # Some of its files have to be made anew first, which is slow.
            return self._make(self._files_of_next())

    def _files_of_next(self) -> ReadyFiles:
        session, officer = database(), current_officer()
        lot = lots.of_case(session, cases.get(session, self.reference, by=officer))
        row = next(iter(self._ready(session, lot)), None)
        if row is None:
            return making.AS_THEY_ARE
        return making.prepare(session, resources(), row.group.photos, row.group.number, by=officer)

    def _make(self, files: ReadyFiles = making.AS_THEY_ARE) -> list[MadeRow]:
        officer = current_officer()
        with taken(self.reference) as (session, _, lot):
            rows = self._ready(session, lot)[: self._at_once]
            if lot is None or not rows:
                return []
            made = making.make_items(session, resources(), self._named(session, rows, files), by=officer)
            for each in made:
                if self.consulted is not None and each.is_new:
                    checks.keep(session, each.item, self.consulted, by=officer, now=now())
            told = [_made_of(row, each) for row, each in zip(rows, made, strict=False)]
            self._remember(lot, told)
        for each in made:
            for before in each.before:
                hiding.empty(before)
        return told

    def _ready(self, session: Session, lot: PhotoLot | None) -> list[LotRow]:
        return telling.ready(_rows(session, lot), is_public=self.consulted is not None)

    def _named(self, session: Session, rows: Sequence[LotRow], files: ReadyFiles) -> Iterator[NamedGroup]:
        """The rows, each with its words, as long as there is time: the first in any case."""
        known = {each.code: each for each in categories.all_in_order(session)}
        for row in rows:
            yield NamedGroup(ReadyGroup(row.group, files), _words_of(row, known))
            if now() >= self.until:
                return

    def _remember(self, lot: PhotoLot, told: Sequence[MadeRow]) -> None:
        """Note what is made as drafts: whatever stops before they are published, the page names them."""
        before = lot.made if self._has_made or _is_going_on() else []
        self._has_made = True
        lot.made = [*before, *(telling.remembered(each | {"is_public": False, "why": []}) for each in told)]


def _is_going_on() -> bool:
    """Whether the script goes on with what one request had no time for."""
    return "suite" in request.form


def _made_of(row: LotRow, made: MadeItem) -> MadeRow:
    lost = [] if made.is_new else _not_taken(row, made.item)
    return {"number": made.item.public_number, "is_added": not made.is_new, "lost": lost}


def _not_taken(row: LotRow, item: Item) -> list[str]:
    """What is written in a row and not in the item that gets its photos; what was to be hidden is only named."""
    written, known = row.written, {each.code: each for each in categories.all_in_order(database())}
    sealed = items.open_secrets(item, resources().sealer).withheld
    left = [written.title] if written.title not in {"", item.title} else []
    for heading, name in (("materials", gettext("Matières")), ("period", gettext("Époque"))):
        text = getattr(written, heading)
        if text not in {"", getattr(item, heading), sealed.get(heading)}:
            left.append(name if heading in written.hidden else text)
    if written.category in known and written.category != item.category.code:
        left.append(labels.category(known[written.category]))
    left += [labels.colour(code) for code in written.colours.split() if code not in item.colours]
    # Named, as its number is in no message.
    return left + ([gettext("Affaire")] if written.case not in {"", item.case.reference} else [])


def _rows(session: Session, lot: PhotoLot | None) -> list[LotRow]:
    return table.rows_of(lot, groups_of(lot.photos), categories.all_in_order(session)) if lot is not None else []


def _words_of(row: LotRow, known: Mapping[str, Category]) -> GroupWords:
    """What is written of a row, in the category of other objects for want of another, with a title in any case."""
    words = replace(row.written, category=row.written.category or UNSORTED)
    return replace(words, title=words.title or table.title_of(words, known))


def _publish(number: str) -> tuple[bool, tuple[str, ...]]:
    """Publish an item; whether it is public now, and what stands before it, if anything."""
    try:
        publishing.publish(number, None)
    except PublicationRefused as refusal:
        return False, refusal.obstacles
    except ChangedMeanwhile:
        # A draft that somebody else is at work on.
        return False, ()
    return True, ()


def _tell(reference: str, made: list[MadeRow], *, is_public: bool) -> int:
    """Say what was made, with a link each, on the page, and what is left; return how many of that are ready."""
    with taken(reference) as (session, _, lot):
        left = _rows(session, lot)
        if lot is not None:
            numbers = {each["number"] for each in made}
            before = [each for each in lot.made if each["number"] not in numbers]
            made = [*before, *made] if _is_going_on() else made
            # Where nothing is made, what the last act has made stays told: its answer may have been lost.
            lot.made = [telling.remembered(each) for each in made or lot.made]
    if not made:
        telling.tell_none_ready(left, is_public=is_public)
        return 0
    telling.tell_made(made, is_public=is_public)
    return telling.tell_left(left, is_public=is_public)


@contextmanager
def taken(reference: str) -> Iterator[tuple[Session, Case, PhotoLot | None]]:
    """One writing transaction in which nobody else changes the case or its lot."""
    with atomic(database()) as session:
        case = cases.lock(session, reference, by=current_officer())
        yield session, case, lots.of_case(session, case)
