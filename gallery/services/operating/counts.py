"""What waits, what was done and what is kept, in numbers: for `flask status` and for what a monitor reads.

Numbers and times only: nothing here names a photo, an item, an officer or a victim.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session

from gallery.models import (
    ITEM_STATUSES,
    AlbumExport,
    ArchiveState,
    DeclarationMail,
    ExportState,
    FacebookPost,
    GivenArchive,
    InboxDrop,
    Item,
    ItemPhoto,
    ItemStatus,
    LotPhoto,
    MailState,
    PhotoLot,
    PostStage,
    SignatureState,
    StoredSignature,
    SweepReport,
)
from gallery.services import audit
from gallery.services.albums import postings
from gallery.services.audit import RestoreTest
from gallery.services.declarations import inbox
from gallery.services.declarations.inbox import Stuck
from gallery.services.items import failed
from gallery.services.items.signatures import MAX_ATTEMPTS
from gallery.services.transaction import end_reading

Value = TypeVar("Value")
TO_DESCRIBE = (LotPhoto.described_digest != LotPhoto.rendition_digest, LotPhoto.description_attempts < MAX_ATTEMPTS)
TAKE_DOWN_WITHIN = timedelta(days=7)
"""How long an object that was returned or withdrawn may stay on a network before its taking down is overdue."""


@dataclass(frozen=True)
class SweepSeen:
    """How the last sweep of a store ended. refusal: why nothing was removed, empty when it was swept."""

    store: str
    at: datetime
    refusal: str


@dataclass(frozen=True)
class Counts:
    """The whole installation in numbers.

    undescribed: photos that no search finds yet; oldest_undescribed_at: since when the one that has waited longest
    does; failed: photos that could not be described. waiting: other work of the worker, by its kind; oldest_waiting_at:
    since when the oldest of what may not wait does, by its kind. items: by status;
    searchable: photos that the public can find by photo; described_at: when the last photo was described.
    take_downs: objects that are to be taken down from a network; overdue: those for more than TAKE_DOWN_WITHIN.
    stuck: what victims have sent, or somebody else, and the worker has tried in vain to open or to file.
    backed_up_at: when the last whole backup was made; restore_test: how the last test of restoring one
    ended. begun_at: when something was done first, as far as is known.
    """

    undescribed: int
    oldest_undescribed_at: datetime | None
    failed: int
    waiting: Mapping[str, int]
    oldest_waiting_at: Mapping[str, datetime]
    mails: Mapping[MailState, int]
    items: Mapping[ItemStatus, int]
    searchable: int
    described_at: datetime | None
    take_downs: int
    overdue: int
    stuck: Stuck
    sweeps: Sequence[SweepSeen]
    backed_up_at: datetime | None
    restore_test: RestoreTest | None
    begun_at: datetime | None


def count(session: Session, *, now: datetime) -> Counts:
    """Count all of it; the same number of queries whatever there is, and nothing is changed."""
    undescribed, oldest = _undescribed(session)
    try:
        return Counts(
            undescribed=undescribed,
            oldest_undescribed_at=oldest,
            failed=failed.count(session),
            waiting=_waiting(session),
            oldest_waiting_at=_oldest_waiting_at(session),
            mails=dict.fromkeys(MailState, 0) | _by(session, DeclarationMail.state),
            items=dict.fromkeys(ITEM_STATUSES, 0) | _by(session, Item.status),
            searchable=_searchable(session),
            described_at=session.scalar(select(StoredSignature.made_at).order_by(StoredSignature.id.desc()).limit(1)),
            take_downs=postings.count_due(session),
            overdue=postings.count_due(session, gone_before=now - TAKE_DOWN_WITHIN),
            stuck=inbox.stuck(session),
            sweeps=[SweepSeen(each.store.value, each.at, each.refusal or "") for each in _sweeps(session)],
            backed_up_at=audit.last_backup(session),
            restore_test=audit.last_restore_test(session),
            begun_at=audit.begun_at(session),
        )
    finally:
        end_reading(session)


def _undescribed(session: Session) -> tuple[int, datetime | None]:
    """How many, and since when: a photo that was turned has waited since then, and not since it was taken in."""
    since = case((Item.updated_at > ItemPhoto.created_at, Item.updated_at), else_=ItemPhoto.created_at)
    wanted = select(func.count(ItemPhoto.id), func.min(since)).join(ItemPhoto.item)
    number, oldest = session.execute(wanted.where(ItemPhoto.signature_state == SignatureState.DUE)).one()
    return number, oldest


def _oldest_waiting_at(session: Session) -> dict[str, datetime]:
    """Since when the oldest waits: what victims have sent and is still tried, and photos of cases.

    A photo of a case that was hidden or turned has waited since then; each act in its case counts as that.
    """
    since = case((PhotoLot.touched_at > LotPhoto.created_at, PhotoLot.touched_at), else_=LotPhoto.created_at)
    oldest = {
        "drops": select(func.min(InboxDrop.received_at)).where(InboxDrop.attempts < inbox.MAX_ATTEMPTS),
        "waiting_photos": select(func.min(since)).join(LotPhoto.lot).where(*TO_DESCRIBE),
    }
    found = {kind: session.scalar(wanted) for kind, wanted in oldest.items()}
    return {kind: at for kind, at in found.items() if at is not None}


def _waiting(session: Session) -> dict[str, int]:
    return {
        "waiting_photos": _number(session, LotPhoto, *TO_DESCRIBE),
        "albums": _number(session, AlbumExport, AlbumExport.state.in_((ExportState.WAITING, ExportState.MAKING))),
        "archives": _number(
            session, GivenArchive, GivenArchive.state.in_((ArchiveState.READING, ArchiveState.IMPORTING))
        ),
        "posts": _number(session, FacebookPost, FacebookPost.stage == PostStage.DUE),
        "mails": _number(session, DeclarationMail, DeclarationMail.state.in_((MailState.DUE, MailState.DEFERRED))),
        "drops": _number(session, InboxDrop),
    }


def _number(session: Session, table: type[DeclarativeBase], *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def _by(session: Session, column: InstrumentedAttribute[Value]) -> dict[Value, int]:
    return dict(session.execute(select(column, func.count()).group_by(column)).all())


def _searchable(session: Session) -> int:
    wanted = select(func.count(ItemPhoto.id)).join(ItemPhoto.item)
    is_found = (ItemPhoto.signature_state == SignatureState.DONE, ItemPhoto.is_private.is_(False))
    return session.scalar(wanted.where(Item.status == ItemStatus.PUBLISHED, *is_found)) or 0


def _sweeps(session: Session) -> Sequence[SweepReport]:
    return session.scalars(select(SweepReport).order_by(SweepReport.store)).all()
