"""What the sorting table shows: one row an object, with what is written, what is proposed, and what it lacks."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

from flask_babel import force_locale, lazy_gettext, ngettext

from gallery.imaging import PrivateKind
from gallery.matching import Advice
from gallery.models import Category, Item, LotPhoto, Officer, PhotoLot
from gallery.services.items import signatures
from gallery.services.items.categories import NUMBERED
from gallery.services.items.obstacles import told_by_title
from gallery.services.items.singulars import name_of_one
from gallery.services.lots import group_words, known, private_parts
from gallery.services.lots.group_words import NOTHING_WRITTEN, GroupWords, Lack
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.services.lots.known import KnownItem
from gallery.web import labels
from gallery.web.backoffice.hiding.kinds import in_words
from gallery.web.resources import database

LONGEST_TITLE = 160
# One of a row, one of a field, and one of the photos of an object: the last tells thousands of objects apart.
MARK_BYTES, FIELD_MARK_BYTES, PHOTOS_MARK_BYTES = 8, 4, 6
DETAILED = 3
ROWS_OF_A_PAGE, ROWS_ON_A_TELEPHONE = 100, 20
# What a row has fields for, by what the form calls each.
WRITTEN_IN: Mapping[str, str] = {
    "title": "titre",
    "category": "categorie",
    "materials": "matieres",
    "period": "epoque",
    "case": "affaire",
}
LACKS = {
    # Of a card that can't be read: any other proposal has only to be accepted, which its button says.
    Lack.NOT_ACCEPTED: lazy_gettext("numéro de la carte à écrire"),
    Lack.SAME_FILE: lazy_gettext("dire si c’est l’objet qui a déjà cette photo"),
    Lack.CARD_SHOWN: lazy_gettext("dire si une carte est visible"),
    Lack.NO_CATEGORY: lazy_gettext("catégorie à choisir"),
}


@dataclass(frozen=True)
class PrivatePhoto:
    """A photo that seems to show something private. order: its place in its object, from 1."""

    order: int
    photo: LotPhoto
    kinds: Sequence[PrivateKind]

    @property
    def words(self) -> str:
        """What it seems to show."""
        return in_words(self.kinds)


@dataclass(frozen=True)
class LotRow:
    """One object to be. order: its place in the whole table, from 1; proposed: only what nobody has written.

    told: what its title says of what the public will not see. item: the one that has its number already, and gets its
    photos.
    """

    group: PhotoGroup
    order: int
    written: GroupWords
    proposed: GroupWords
    lacks: tuple[Lack, ...]
    told: Sequence[str] = ()
    known: Sequence[KnownItem] = ()
    item: Item | None = None

    @property
    def lacking(self) -> str:
        """What it lacks and accepting would not give, in words."""
        given = {Lack.TELLING_TITLE} if self.group.is_unread else {Lack.TELLING_TITLE, Lack.NOT_ACCEPTED}
        given |= {Lack.NO_CATEGORY} if self.proposed.category else set()
        return ", ".join(str(LACKS[each]) for each in self.lacks if each not in given)

    @property
    def advice(self) -> Advice | None:
        """What would make it easier to find."""
        photos, category = self.group.photos, self.written.category or self.proposed.category
        # A third photo will be of a detail.
        return signatures.advise(photos, lacks_number=category in NUMBERED and len(photos) < DETAILED)

    @property
    def private(self) -> list[PrivatePhoto]:
        """Its photos that seem to show something private."""
        seen = ((order, photo, private_parts.told_of(photo)) for order, photo in enumerate(self.group.photos, 1))
        return [PrivatePhoto(order, photo, kinds) for order, photo, kinds in seen if kinds]

    @property
    def mark(self) -> str:
        """What differs when the row shows anything else, but for its place and what stands in every row."""
        photos = [(each.public_id, each.rendition_digest, bool(each.hidden)) for each in self.group.photos]
        known = [(each.waiting.id, each.photo.id, each.likelihood, each.is_same_photo) for each in self.known]
        doubts = [(each.photo.public_id, each.minutes) for each in self.group.doubts]
        group = (self.group.key, self.group.number, self.order > 1, self.lacks, self.advice, doubts)
        item = (self.item.public_number, self.item.title, self.item.status) if self.item else ()
        private = [(each.order, each.kinds) for each in self.private]
        shown = (group, self.written, self.proposed, photos, known, item, private)
        return hashlib.blake2b(repr(shown).encode(), digest_size=MARK_BYTES).hexdigest()

    @property
    def said(self) -> str:
        """A mark of each field's words as they are shown, in the order of WRITTEN_IN."""
        return "-".join(mark_of(getattr(self.written, name)) for name in WRITTEN_IN)

    @property
    def cards(self) -> Sequence[LotPhoto]:
        """Photos on which a card may be seen that the program could not read."""
        return group_words.shown_cards(self.group)

    @property
    def is_to_accept(self) -> bool:
        """Whether accepting changes something: the group is a proposal, or its category or colours are."""
        return self.group.is_proposed or bool(self.proposed.category or self.proposed.colours)

    @property
    def is_accepted_with_all(self) -> bool:
        """Whether it is among the proposals that one button accepts: not where a card's number is to be typed."""
        return self.is_to_accept and not self.group.is_unread

    @property
    def photos_mark(self) -> str:
        """A mark of which photos it has."""
        return mark_of_photos(self.group)


@dataclass(frozen=True)
class SortingTable:
    """The rows of one page. groups: all of the lot's; number and pages count from 1; doubted: how many have a doubt,
    private: a photo that seems to show something private.

    to_sort: the page and the key of the next group that is no object yet: after this page, else from the first one on;
    None without.
    """

    rows: Sequence[LotRow]
    groups: Sequence[PhotoGroup]
    number: int
    pages: int
    to_accept: int
    ready: int
    doubted: int
    private: int
    to_sort: tuple[int, str] | None

    @property
    def elsewhere(self) -> str:
        """A mark of the photos of each object that another page shows: what is done with all is done with these."""
        shown = {row.group.key for row in self.rows}
        return " ".join(mark_of_photos(group) for group in self.groups if group.key not in shown)


def table_of(lot: PhotoLot, categories: Sequence[Category], *, page: int, length: int, by: Officer) -> SortingTable:
    """The page of a lot's table that is asked for, or the last one there is."""
    groups = groups_of(lot.photos)
    rows = rows_of(lot, groups, categories)
    pages = max(1, ceil(len(rows) / length))
    number = min(max(1, page), pages)
    shown = rows[(number - 1) * length : number * length]
    told = known.of_groups(database(), lot, [row.group for row in shown], by=by)
    return SortingTable(
        rows=[replace(row, known=told.get(row.group.key, ())) for row in shown],
        groups=groups,
        number=number,
        pages=pages,
        to_accept=sum(row.is_accepted_with_all for row in rows),
        ready=sum(not row.lacks for row in rows),
        doubted=sum(bool(row.group.doubts) for row in rows),
        private=sum(bool(row.private) for row in rows),
        to_sort=next(
            ((ceil(row.order / length), row.group.key) for row in [*rows[number * length :], *rows] if row.lacks),
            None,
        ),
    )


def page_of(photo: LotPhoto, *, length: int) -> int:
    """The page of its lot's table on which a photo is."""
    groups = groups_of(photo.lot.photos)
    return next((place // length + 1 for place, group in enumerate(groups) if photo in group.photos), 1)


def rows_of(lot: PhotoLot, groups: Sequence[PhotoGroup], categories: Sequence[Category]) -> list[LotRow]:
    """All rows of a lot, in order."""
    by_code, words = {each.code: each for each in categories}, group_words.words_of(lot, groups)
    elsewhere, there = known.same_files(database(), lot, groups), known.by_number(database(), lot, groups)
    rows = []
    for order, group in enumerate(groups, 1):
        written = group_words.without(words.get(group.key, NOTHING_WRITTEN), by_code)
        if group.number in there:
            lacks = group_words.lacks_to_be_added(group, is_elsewhere=group.key in elsewhere)
            rows.append(LotRow(group, order, written, NOTHING_WRITTEN, lacks, item=there[group.number]))
            continue
        suggested = group_words.without(group_words.suggested(group, written), by_code)
        full = written.or_else(suggested)
        proposed = GroupWords(
            title="" if written.title else title_of(full, by_code),
            category="" if written.category else suggested.category,
            colours="" if written.colours else suggested.colours,
        )
        told = _told(proposed.title or written.title, full, by_code)
        lacks = group_words.lacks(group, written, told=told, is_elsewhere=group.key in elsewhere)
        rows.append(LotRow(group, order, written, proposed, lacks, told))
    return rows


def title_of(words: GroupWords, categories: Mapping[str, Category]) -> str:
    """What an object is called until somebody writes better, in French as every title: kind, colours, materials."""
    if words.category not in categories:
        return ""
    parts = [name_of_one(categories[words.category]), *_in_french(words.colours), words.public.materials]
    return ", ".join(part for part in parts if part)[:LONGEST_TITLE]


@lru_cache(maxsize=1000)
def _in_french(colours: str) -> tuple[str, ...]:
    """Names of colours, given by their codes; remembered, since a table asks for those of thousands of objects."""
    with force_locale("fr"):
        return tuple(map(labels.colour, colours.split()))


def _told(title: str, words: GroupWords, categories: Mapping[str, Category]) -> list[str]:
    """What the title of an object of which these words are written says of what the public will not see."""
    if not words.withheld or words.category not in categories:
        return []
    return told_by_title(title, words.hidden, categories[words.category])


def mark_of(text: str) -> str:
    """A mark of this text, another for any other text, in the 8 characters that a form has for each field of a row."""
    return hashlib.blake2b(text.encode(), digest_size=FIELD_MARK_BYTES).hexdigest()


def mark_of_photos(group: PhotoGroup) -> str:
    """A mark of which photos a group has, in whatever order: another one for any others, in 8 characters."""
    names = " ".join(sorted(photo.public_id for photo in group.photos))
    return urlsafe_b64encode(hashlib.blake2b(names.encode(), digest_size=PHOTOS_MARK_BYTES).digest()).decode()


def left(rows: Sequence[LotRow]) -> str:
    """How many objects stay in the table."""
    return ngettext("Un objet n’est pas prêt.", "%(num)d objets ne sont pas prêts.", len(rows))
