"""What a comparison reads: which objects and items are due, their signatures, words, numbers and periods."""

import logging
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ScalarSelect, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from gallery import matching
from gallery.errors import SignatureUnreadable
from gallery.models import (
    Case,
    ComparedItem,
    Declaration,
    DeclaredObject,
    Item,
    ItemPhoto,
    ItemStatus,
    ItemWords,
    ProposalLevel,
    SignatureState,
    StoredSignature,
    Unit,
)
from gallery.services.items.categories import id_of_unsorted
from gallery.services.proposals.compared import PhotoOfItem
from gallery.services.proposals.declared import is_open
from gallery.services.search.memory import UNPUBLISHED

# Published ones for victims and officers, the others for the officers of their unit.
COMPARED = (ItemStatus.PUBLISHED, *UNPUBLISHED)
log = logging.getLogger(__name__)


class Pair(NamedTuple):
    """A declared object and an item, by row ids."""

    object_id: int
    item_id: int


class Occasion(NamedTuple):
    """When something was stolen. Days: both ends included, None when unknown.

    departement: of the theft, or of the unit that keeps the item, empty when unknown.
    """

    first: date | None
    last: date | None
    departement: str = ""


def due_objects() -> Select[DeclaredObject]:
    """The next declared object that was not compared with the items."""
    due = select(DeclaredObject).join(DeclaredObject.declaration).where(is_open(), DeclaredObject.compared_at.is_(None))
    return due.order_by(DeclaredObject.id).limit(1)


def due_items() -> Select[Item]:
    """The next item that was not compared as it is now, once all of its photos are described."""
    waits = exists().where(ItemPhoto.item_id == Item.id, ItemPhoto.signature_state == SignatureState.DUE)
    is_due = or_(
        ComparedItem.item_id.is_(None),
        ComparedItem.as_of < Item.updated_at,
        ComparedItem.as_of < _described_at(),
    )
    due = select(Item).outerjoin(ComparedItem, ComparedItem.item_id == Item.id)
    return due.where(Item.status.in_(COMPARED), is_due, ~waits).order_by(Item.id).limit(1)


def changed_at(session: Session, item: Item) -> datetime:
    """When an item was last changed or described: no clock but the one that wrote it says what is due."""
    described_at = session.scalar(select(_described_at()).where(Item.id == item.id))
    return max(item.updated_at, described_at or item.updated_at)


def signatures_of_item(session: Session, item_id: int) -> tuple[list[matching.Signature], list[PhotoOfItem]]:
    """The signatures of an item's public photos that this version of the matcher has made, and of which photos.

    Those that can't be read are left out, with a line in the log.
    """
    wanted = (
        select(StoredSignature.compact, StoredSignature.details, ItemPhoto.public_id, ItemPhoto.rendition_digest)
        .join(ItemPhoto, StoredSignature.photo_id == ItemPhoto.id)
        .where(
            ItemPhoto.item_id == item_id,
            ItemPhoto.is_private.is_(False),
            StoredSignature.version == matching.current_version(),
        )
        .order_by(ItemPhoto.position, ItemPhoto.id)
    )
    signatures, photos = [], []
    for row in session.execute(wanted):
        try:
            signatures.append(matching.Signature.from_bytes(row.compact, row.details))
        except SignatureUnreadable:
            # It must not keep the items after it from being compared.
            log.warning("a photo of item %d can't be compared: its signature is unreadable", item_id)
        else:
            photos.append(PhotoOfItem(row.public_id, row.rendition_digest))
    return signatures, photos


def items_with_serial_number(session: Session, declared: DeclaredObject) -> dict[int, ProposalLevel]:
    """Items with the number that was declared, or with one that looks like it."""
    if not declared.serial_key:
        return {}
    wanted = select(Item.id, Item.serial_key == declared.serial_key).where(
        Item.status.in_(COMPARED),
        or_(Item.serial_key == declared.serial_key, Item.serial_look_key == declared.serial_look_key),
    )
    return {item_id: _level(is_same) for item_id, is_same in session.execute(wanted)}


def objects_with_serial_number(session: Session, item: Item) -> dict[int, ProposalLevel]:
    """Objects of open declarations with the number of an item, or with one that looks like it."""
    if not item.serial_key:
        return {}
    wanted = select(DeclaredObject.id, DeclaredObject.serial_key == item.serial_key).where(
        DeclaredObject.serial_key != "",
        or_(DeclaredObject.serial_key == item.serial_key, DeclaredObject.serial_look_key == item.serial_look_key),
    )
    return {object_id: _level(is_same) for object_id, is_same in session.execute(wanted)}


def words_of_items(session: Session, category_id: int | None) -> Iterator[tuple[int, frozenset[str]]]:
    """Row ids and words of the items that may be of a category, as what nobody has sorted may; None: of all."""
    wanted = select(ItemWords.item_id, ItemWords.words).join(Item, ItemWords.item_id == Item.id)
    wanted = wanted.where(Item.status.in_(COMPARED))
    if category_id is not None:
        wanted = wanted.where(Item.category_id.in_((category_id, id_of_unsorted(session))))
    return ((item_id, frozenset(words.split())) for item_id, words in session.execute(wanted))


def occasions_of_items(session: Session, ids: Collection[int]) -> dict[int, Occasion]:
    """When these items may have been stolen, and where they are kept; those that were returned are left out."""
    wanted = select(Item.id, Case.theft_from, Case.theft_until, Unit.departement).join(Item.case).join(Item.unit)
    wanted = wanted.where(Item.id.in_(ids), Item.status.in_(COMPARED))
    return {row.id: Occasion(row.theft_from, row.theft_until, row.departement) for row in session.execute(wanted)}


def occasions_of_open_objects(session: Session, ids: Collection[int]) -> dict[int, Occasion]:
    """When and where these objects were stolen; those of declarations that are no longer open are left out."""
    wanted = select(DeclaredObject.id, Declaration.theft_from, Declaration.theft_until, Declaration.departement)
    wanted = wanted.join(DeclaredObject.declaration).where(DeclaredObject.id.in_(ids), is_open())
    return {row.id: Occasion(row.theft_from, row.theft_until, row.departement) for row in session.execute(wanted)}


def _described_at() -> ScalarSelect[datetime]:
    newest = select(func.max(StoredSignature.made_at)).join(ItemPhoto, StoredSignature.photo_id == ItemPhoto.id)
    return newest.where(ItemPhoto.item_id == Item.id).correlate(Item).scalar_subquery()


def _level(is_same: bool) -> ProposalLevel:
    return ProposalLevel.STRONG if is_same else ProposalLevel.MEDIUM
