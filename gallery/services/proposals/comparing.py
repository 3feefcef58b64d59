"""The worker's comparison of what was declared with the items of units, in both directions; state is in rows.

Killed at any point it loses nothing, and done twice it does no harm: a pair has one row for ever.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from gallery import matching
from gallery.errors import SealBroken
from gallery.models import ComparedItem, DeclaredObject, ProposalLevel
from gallery.sealing import Sealer
from gallery.services import keyed_rows, revision
from gallery.services.gallery.public_items import MEMORY_OF_A_DAY
from gallery.services.items.categories import telling_id
from gallery.services.proposals import compared, proposals, rows
from gallery.services.proposals.compared import ComparedPhotos, PhotoOfObject
from gallery.services.proposals.declared import DeclaredObjects, DeclaredWords, readable_photos, words_of_object
from gallery.services.proposals.proposals import PLACE, SERIAL_NUMBER, WORDS, PairResemblance
from gallery.services.proposals.rows import Occasion, Pair
from gallery.services.search.search import PhotoCatalogue
from gallery.services.transaction import atomic, end_reading
from gallery.services.words.kinds import kin_of

# Words that must agree, half of which must be found: a brand and a kind are two.
MIN_WORDS = 2
_LEVELS = {each: ProposalLevel(each.value) for each in matching.Likelihood}
log = logging.getLogger(__name__)


Found = tuple[ProposalLevel, tuple[str, ...]]
BY_WORDS: Found = (ProposalLevel.MEDIUM, (WORDS,))


def compare_next_object(
    session: Session,
    catalogues: Sequence[PhotoCatalogue],
    *,
    sealer: Sealer,
    broken: set[int],
    now: Callable[[], datetime],
) -> bool:
    """Compare one declared object with the items of units, and propose what resembles it; False when none is due.

    catalogues: of published photos, and of those that only officers of their unit may see, each ranked for itself: what
    is not public changes nothing of what a victim is told. broken: row ids of objects of which no key opens some part:
    compared by the others, still due, and left out from then on; more are added. now: read as the proposals are
    written, and not before the ranking, which takes seconds.
    """
    due = session.scalar(rows.due_objects().where(DeclaredObject.id.not_in(broken)))
    if due is None:
        return False
    object_id, opened, photos = due.id, _opened(due, sealer), _photos_of(due)
    by_serial = {Pair(object_id, each): degree for each, degree in rows.items_with_serial_number(session, due).items()}
    by_words = {Pair(object_id, each): BY_WORDS for each in _agreeing_items(session, opened.words)}
    end_reading(session)
    ranked = [each for catalogue in catalogues for each in matching.rank(opened.query, catalogue.current())]
    by_photos = {Pair(object_id, each.item_id): _seen(each) for each in ranked}
    with atomic(session):
        shown = compared.with_items(session, ranked, opened.photos)
        seen = {Pair(object_id, each): photo for each, photo in shown.items()}
        found, at = _plausible(session, _joined(by_photos, by_words), by_serial), now()
        proposals.propose(session, _with_photos(found, seen), now=at)
        if not opened.is_whole:
            broken.add(object_id)
            return True
        declared = session.get_one(DeclaredObject, object_id, populate_existing=True, with_for_update=True)
        if _photos_of(declared) == photos:
            # Else some came, or were described, while it was ranked: it stays due.
            declared.compared_at = at
    return True


def compare_next_item(session: Session, declared: DeclaredObjects, *, now: Callable[[], datetime]) -> bool:
    """Compare one item that was made, published or changed with all that is declared; False when none is due.

    now: read as in `compare_next_object`.
    """
    number = revision.current(session)
    if number == declared.nothing_due_at:
        return False
    due = session.scalar(rows.due_items())
    if due is None:
        declared.nothing_due_at = number
        return False
    if not declared.refresh(session):
        end_reading(session)
        return True
    item_id, category_id, as_of = due.id, telling_id(due.category), rows.changed_at(session, due)
    stems = frozenset(due.words.words.split()) if due.words else frozenset()
    query, photos = rows.signatures_of_item(session, item_id)
    by_serial = {Pair(each, item_id): degree for each, degree in rows.objects_with_serial_number(session, due).items()}
    end_reading(session)
    # What the catalogue calls items are declared objects here.
    ranked = matching.rank(query, declared.catalogue)
    by_photos = {Pair(each.item_id, item_id): _seen(each) for each in ranked}
    may_be = {
        each: words
        for each, words in declared.words.items()
        if None in (category_id, words.category_id) or words.category_id == category_id
    }
    agreeing = _Agreeing(stems)
    by_words = {Pair(each, item_id): BY_WORDS for each, words in may_be.items() if agree(words, agreeing)}
    likely = compared.likely(ranked)
    theirs = declared.photos(session, [each.entry_id for each in likely])
    end_reading(session)
    seen = {Pair(each, item_id): photo for each, photo in compared.with_objects(likely, photos, theirs).items()}
    with atomic(session):
        found = _plausible(session, _joined(by_photos, by_words), by_serial)
        proposals.propose(session, _with_photos(found, seen), now=now())
        keyed_rows.put(session, ComparedItem, item_id=item_id, as_of=as_of)
    return True


def _photos_of(declared: DeclaredObject) -> set[tuple[str, str]]:
    return {(each.public_id, each.version) for each in declared.photos}


class _Agreeing(dict[str, bool]):
    """Whether a word is among an item's, or another name of the same kind: found out once for each word."""

    def __init__(self, stems: frozenset[str]) -> None:
        super().__init__()
        self._stems = stems

    @cached_property
    def names_a_kind(self) -> bool:
        """Whether one of the item's words says what kind of thing it is."""
        return any(kin_of(each) for each in self._stems)

    def __missing__(self, word: str) -> bool:
        self[word] = bool(({word} | kin_of(word)) & self._stems)
        return self[word]


def agree(declared: DeclaredWords, agreeing: _Agreeing) -> bool:
    """Whether an item's words are those of a declared object: at least half of them, and two or more.

    All the colours that were chosen count as one word, which no other says already; one that differs tells nothing.
    Where both say what kind of thing it is, the kind must agree: a guitar and a painting are both of light wood.
    """
    said = [each for each in declared.stems if agreeing[each]]
    has_colour = declared.colours.isdisjoint(said) and any(agreeing[each] for each in declared.colours)
    count = len(said) + has_colour
    return count >= MIN_WORDS and 2 * count >= len(declared.stems) and not _differ_in_kind(declared, agreeing)


def _differ_in_kind(declared: DeclaredWords, agreeing: _Agreeing) -> bool:
    kinds = [each for each in declared.stems if kin_of(each)]
    return bool(kinds) and agreeing.names_a_kind and not any(agreeing[each] for each in kinds)


@dataclass(frozen=True)
class _OpenedObject:
    """What is compared of a declared object. words: None where no key opens them; is_whole: all of it could be read.

    query: the signatures of the photos, in their order.
    """

    words: DeclaredWords | None
    query: Sequence[matching.Signature]
    photos: Sequence[PhotoOfObject]
    is_whole: bool


def _opened(declared: DeclaredObject, sealer: Sealer) -> _OpenedObject:
    try:
        words = words_of_object(declared, sealer)
    except SealBroken:
        log.warning("declared object %d can't be compared by its words: its seal is broken", declared.id)
        words = None
    described = [each for each in declared.photos if each.version == matching.current_version()]
    readable = list(readable_photos(described, sealer))
    return _OpenedObject(
        words,
        [signature for _, signature, _ in readable],
        [PhotoOfObject(photo.public_id, shown) for photo, _, shown in readable],
        is_whole=words is not None and len(readable) == len(described),
    )


def _agreeing_items(session: Session, words: DeclaredWords | None) -> list[int]:
    if words is None:
        return []
    described = rows.words_of_items(session, words.category_id)
    return [each for each, stems in described if agree(words, _Agreeing(stems))]


def _seen(candidate: matching.Candidate) -> Found:
    return ProposalLevel(candidate.likelihood.value), tuple(each.value for each in candidate.evidence)


def _joined(*all_found: Mapping[Pair, Found]) -> dict[Pair, Found]:
    """The reasons of all, and the highest level."""
    joined: dict[Pair, Found] = {}
    for found in all_found:
        for pair, (level, reasons) in found.items():
            known, before = joined.get(pair, (level, ()))
            joined[pair] = (_higher(level, known), (*before, *reasons))
    return joined


def _plausible(
    session: Session, found: Mapping[Pair, Found], by_serial: Mapping[Pair, ProposalLevel]
) -> list[PairResemblance]:
    """Without weak ones, and without pairs of two thefts; a serial number or the same photo outweighs a period.

    What is told of a pair, and their order, are the same with the number and without.
    """
    likely = (pair for pair, (level, _) in found.items() if level is not ProposalLevel.WEAK)
    pairs = list(dict.fromkeys((*likely, *by_serial)))
    cases = rows.occasions_of_items(session, {pair.item_id for pair in pairs})
    thefts = rows.occasions_of_open_objects(session, {pair.object_id for pair in pairs})
    plausible = []
    for pair in pairs:
        if pair.item_id not in cases or pair.object_id not in thefts:
            continue
        seen = found.get(pair, (ProposalLevel.WEAK, ()))
        told = _told(seen, cases[pair.item_id], thefts[pair.object_id])
        if told or pair in by_serial:
            resemblance = _with_number(pair, seen, told, by_serial.get(pair))
            plausible.append(_with_place(resemblance, cases[pair.item_id], thefts[pair.object_id]))
    return plausible


def _with_photos(
    found: Sequence[PairResemblance], compared_photos: Mapping[Pair, ComparedPhotos]
) -> list[PairResemblance]:
    return [replace(each, compared=compared_photos.get(Pair(each.object_id, each.item_id))) for each in found]


def _told(found: Found, case: Occasion, theft: Occasion) -> ProposalLevel | None:
    """How much the two resemble each other whatever their numbers; None when that is not enough."""
    level, reasons = found
    is_plausible = matching.Evidence.SAME_PHOTO.value in reasons or may_be_one(case, theft)
    return level if is_plausible and level is not ProposalLevel.WEAK else None


def _with_number(pair: Pair, found: Found, told: ProposalLevel | None, number: ProposalLevel | None) -> PairResemblance:
    """A pair as officers see it: the higher of both levels, and the number among the reasons."""
    level, reasons = found
    if number is None:
        return PairResemblance(*pair, level, reasons, told)
    return PairResemblance(*pair, _higher(level, number), (*reasons, SERIAL_NUMBER), told)


def _with_place(resemblance: PairResemblance, case: Occasion, theft: Occasion) -> PairResemblance:
    """Add the département to the reasons where it is the same. The level stays: what is stolen travels."""
    if not theft.departement or theft.departement != case.departement:
        return resemblance
    return replace(resemblance, reasons=(*resemblance.reasons, PLACE))


def _higher(one: ProposalLevel, other: ProposalLevel) -> ProposalLevel:
    return min(one, other, key=list(ProposalLevel).index)


def may_be_one(case: Occasion, theft: Occasion) -> bool:
    """Whether the days of two, with ends that may be unknown, meet within the width of a memory."""
    begins_after = theft.first and case.last and theft.first > case.last + MEMORY_OF_A_DAY
    ends_before = theft.last and case.first and theft.last < case.first - MEMORY_OF_A_DAY
    return not (begins_after or ends_before)
