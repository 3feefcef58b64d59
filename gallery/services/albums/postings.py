"""Postings: where a unit's albums went, and what is to be taken down there since an item was returned or withdrawn."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from gallery.errors import ItemNotFound, PostingNotFound
from gallery.models import (
    DOUBTFUL,
    AlbumPage,
    AuditEntry,
    FacebookPost,
    Item,
    ItemStatus,
    Network,
    Officer,
    PostedItem,
    Posting,
    PostStage,
    Unit,
)
from gallery.services import audit, revision

GONE = (ItemStatus.RETURNED, ItemStatus.WITHDRAWN)
# The same album exported again so soon replaces its first export: the officer has only retried.
SAME_EXPORT = timedelta(hours=1)
# Postings of one page of the list.
AT_ONCE = 50


@dataclass(frozen=True)
class PostingRecord:
    """A posting, how many items it shows, and how many of them are to be taken down, if it is online."""

    posting: Posting
    items: int
    due: int


@dataclass(frozen=True)
class DueItem:
    """An item that is to be taken down, and from where: what is online first, then newest first.

    is_online: as far as we know it is in one of these places; else they were only downloaded.
    """

    item: Item
    posted: tuple[PostedItem, ...]
    is_online: bool


@dataclass(frozen=True)
class ExportedAlbum:
    """What was exported, and for which network. code: of the public page that the album's texts name, if they do."""

    numbers: Sequence[str]
    network: Network
    title: str
    code: str = ""


def record(session: Session, unit: Unit, exported: ExportedAlbum, *, by: Officer | None, now: datetime) -> Posting:
    """Record that items of the unit were exported for a network; again within the hour is the same posting."""
    hold(session, unit)
    numbers, network = exported.numbers, exported.network
    found = session.scalars(select(Item).where(Item.unit_id == unit.id, Item.public_number.in_(numbers))).all()
    items = {item.public_number: item for item in found}
    recent = _recent(session, unit, network, by=by, since=now - SAME_EXPORT)
    posting = next((each for each in recent if numbers_of(each) == set(items)), None)
    if posting is None:
        posting = Posting(reference=secrets.token_hex(6), unit=unit, officer=by, network=network, address="")
        posting.items = [PostedItem(item=items[number]) for number in numbers if number in items]
        session.add(posting)
        for item in items.values():
            audit.record(session, by, "share", item, now=now, network=network.value)
    renew(session, posting, exported, now=now)
    return posting


def renew(session: Session, posting: Posting, exported: ExportedAlbum, *, now: datetime) -> None:
    """Note the title under which a posting's items were exported now, and the public page that its texts name.

    What was gone from the network goes online anew.
    """
    code = exported.code
    if code and code not in {page.code for page in posting.pages}:
        posting.pages.append(AlbumPage(code=code))
    posting.title, posting.made_at = exported.title[:160], now
    for each in posting.items:
        each.taken_down_at = None
    session.flush()
    if code:
        # The public page of the album shows what is in it.
        revision.touch_items(session, [])


def kept_by(session: Session, unit: Unit, *, limit: int = AT_ONCE, offset: int = 0) -> list[PostingRecord]:
    """The unit's postings, newest first."""
    postings = session.scalars(
        select(Posting)
        .where(Posting.unit_id == unit.id)
        .order_by(Posting.made_at.desc(), Posting.id.desc())
        .limit(limit)
        .offset(offset)
        .options(
            joinedload(Posting.officer),
            selectinload(Posting.items).joinedload(PostedItem.item).load_only(Item.public_number, Item.status),
        )
    )
    online = _online(session, unit)
    return [
        PostingRecord(
            posting,
            len(posting.items),
            sum(_is_due(each) for each in posting.items) if posting.id in online else 0,
        )
        for posting in postings
    ]


def due(session: Session, unit: Unit) -> list[DueItem]:
    """What is to be taken down, the item of the newest posting first; then what may be, since it was downloaded."""
    online = _online(session, unit)
    wanted = _due(unit).options(contains_eager(PostedItem.posting), contains_eager(PostedItem.item))
    found: dict[Item, list[PostedItem]] = {}
    for posted in session.scalars(wanted.order_by(Posting.made_at.desc(), Posting.id.desc(), PostedItem.id)):
        found.setdefault(posted.item, []).append(posted)
    items = [
        DueItem(
            item,
            tuple(sorted(posted, key=lambda each: each.posting_id not in online)),
            is_online=any(each.posting_id in online for each in posted),
        )
        for item, posted in found.items()
    ]
    return sorted(items, key=lambda each: not each.is_online)


def count_due(session: Session, unit: Unit | None = None, *, gone_before: datetime | None = None) -> int:
    """How many items of a unit, or of all, are to be taken down; what was only downloaded is not among them.

    gone_before: of those alone that were returned or withdrawn before, whatever was changed of them since.
    """
    wanted = _due(unit).where(_is_online())
    if gone_before is not None:
        wanted = wanted.where(_gone_at() < gone_before)
    ids = wanted.with_only_columns(PostedItem.item_id).distinct()
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def count_of_item(session: Session, item: Item) -> int:
    """In how many places an item may be online, as far as we know; what newspapers were given is not among them."""
    wanted = select(func.count(PostedItem.id)).join(PostedItem.posting)
    where = (PostedItem.item_id == item.id, PostedItem.taken_down_at.is_(None), Posting.network != Network.PRESS)
    return session.scalar(wanted.where(*where)) or 0


def lock(session: Session, reference: str, *, by: Officer) -> Posting:
    """The posting of the officer's unit under this reference, to be changed; raise PostingNotFound."""
    wanted = select(Posting).where(Posting.reference == reference, Posting.unit_id == by.unit_id)
    posting = session.scalar(wanted.with_for_update(of=Posting))
    if posting is None:
        raise PostingNotFound(reference)
    return posting


def set_address(posting: Posting, address: str) -> None:
    """Note where the album was put; empty: not known."""
    posting.address = address


def tick(session: Session, posting: Posting, number: str, *, by: Officer, now: datetime) -> None:
    """Note that an item is gone from where the posting had put it; raise ItemNotFound."""
    for posted in posting.items:
        if posted.item.public_number == number:
            if posted.taken_down_at is None:
                _take_down(session, posted, by=by, now=now)
            return
    raise ItemNotFound(number)


def tick_everywhere(session: Session, number: str, *, by: Officer, now: datetime) -> None:
    """Note that an item is gone from wherever the officer's unit had put it; raise ItemNotFound."""
    hold(session, by.unit)
    wanted = select(PostedItem).join(PostedItem.posting).join(PostedItem.item)
    found = session.scalars(wanted.where(Posting.unit_id == by.unit_id, Item.public_number == number)).all()
    if not found:
        raise ItemNotFound(number)
    for posted in found:
        if _is_due(posted):
            _take_down(session, posted, by=by, now=now)


def hold(session: Session, unit: Unit) -> None:
    """Wait until nobody else notes a posting of the unit, and let none do so: two presses of a button are one."""
    session.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update(key_share=True))


def numbers_of(posting: Posting) -> set[str]:
    """The public numbers of its items."""
    return {posted.item.public_number for posted in posting.items}


def _take_down(session: Session, posted: PostedItem, *, by: Officer, now: datetime) -> None:
    posted.taken_down_at = now
    audit.record(session, by, "take_down", posted.item, now=now, network=posted.posting.network.value)


def _due(unit: Unit | None) -> Select[PostedItem]:
    """What newspapers were given is not among it: nobody can take a printed page back."""
    wanted = (
        select(PostedItem)
        .join(PostedItem.posting)
        .join(PostedItem.item)
        .where(Posting.network != Network.PRESS, PostedItem.taken_down_at.is_(None), Item.status.in_(GONE))
    )
    return wanted if unit is None else wanted.where(Posting.unit_id == unit.id)


def _is_due(posted: PostedItem) -> bool:
    is_online = posted.taken_down_at is None and posted.posting.network is not Network.PRESS
    return is_online and posted.item.status in GONE


def _gone_at() -> ColumnElement[datetime]:
    """Since when an item is not public any more, by its history; where that says nothing, its last change."""
    gone = select(func.min(AuditEntry.at)).where(
        AuditEntry.subject_kind == "item",
        AuditEntry.subject == Item.public_number,
        AuditEntry.action.in_(("withdraw", "hand_back")),
        AuditEntry.at >= Item.published_at,
    )
    return func.coalesce(gone.correlate(Item).scalar_subquery(), Item.updated_at)


def _is_online() -> ColumnElement[bool]:
    """Known to be online, or sent to the unit's page by us, whatever the answer."""
    sent = or_(
        FacebookPost.stage.in_((PostStage.SENDING, PostStage.PUBLISHED)),
        and_(FacebookPost.stage == PostStage.STOPPED, FacebookPost.fault == DOUBTFUL),
    )
    return or_(Posting.address != "", exists(FacebookPost.id).where(FacebookPost.posting_id == Posting.id, sent))


def _online(session: Session, unit: Unit) -> set[int]:
    """The rows of the unit's postings that are online as far as we know."""
    return set(session.scalars(select(Posting.id).where(Posting.unit_id == unit.id, _is_online())))


def _recent(
    session: Session, unit: Unit, network: Network, *, by: Officer | None, since: datetime
) -> Iterable[Posting]:
    return session.scalars(
        select(Posting)
        .where(
            Posting.unit_id == unit.id,
            Posting.network == network,
            Posting.officer_id == (by.id if by else None),
            Posting.address == "",
            Posting.made_at >= since,
        )
        .order_by(Posting.made_at.desc(), Posting.id.desc())
        .options(selectinload(Posting.items).joinedload(PostedItem.item).load_only(Item.public_number, Item.status))
    )
