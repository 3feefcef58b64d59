"""Photos that officers delete: out of sight at once, to be had back for a day, or destroyed with their files."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy import delete as delete_rows
from sqlalchemy.orm import Session, contains_eager

from gallery.errors import PhotoNotFound, PhotoThereAlready
from gallery.models import DeletedPhoto, Item, ItemPhoto, ItemStatus, Officer
from gallery.services import revision
from gallery.services.items import changes, deleted_files, leftovers, obstacles, redaction, renditions
from gallery.services.resources import Resources
from gallery.services.storekeeping import released, trash
from gallery.services.storekeeping.batches import each_attempted
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore

HAD_BACK_FOR = timedelta(days=1)


def delete(session: Session, given: Resources, photo: ItemPhoto, *, by: Officer) -> None:
    """Take a photo away from its item; raise PublicationRefused for the last public one of a published item."""
    item, now = photo.item, given.now()
    number = item.photos.index(photo) + 1
    session.add(DeletedPhoto(photo_id=photo.id, item_id=item.id, number=number, deleted_at=now))
    deleted_files.note(session, item.unit_id, photo.original_sha256, sealer=given.sealer)
    _belongs_to(session, item, photo, None)
    obstacles.check_may_stay_public(item, sealer=given.sealer)
    changes.note(session, item, "delete_photo", by=by, now=now, photo=photo.public_id)


def of_item(session: Session, item: Item, *, now: datetime) -> list[DeletedPhoto]:
    """The photos of an item that can be had back, the last deleted first."""
    wanted = _that_may_return(item, now).order_by(DeletedPhoto.deleted_at.desc(), DeletedPhoto.photo_id)
    return list(session.scalars(wanted.options(contains_eager(DeletedPhoto.photo))))


def get(session: Session, item: Item, public_id: str, *, now: datetime) -> DeletedPhoto:
    """The deleted photo of this item that can be had back; raise PhotoNotFound."""
    found = session.scalar(_that_may_return(item, now).where(ItemPhoto.public_id == public_id))
    if found is None:
        raise PhotoNotFound(public_id)
    return found


def find_file(session: Session, item: Item, sha256: str, *, now: datetime) -> DeletedPhoto | None:
    """The deleted photo of this item that was made of this file, if it can be had back."""
    return session.scalar(_that_may_return(item, now).where(ItemPhoto.original_sha256 == sha256))


def restore(session: Session, given: Resources, item: Item, deleted: DeletedPhoto, *, by: Officer) -> ItemPhoto:
    """Give a photo back to its item as it was; on a published item the public sees it if it did when it was deleted.

    Raise PhotoThereAlready where the item has another photo of the same file.
    """
    if any(each.original_sha256 == deleted.photo.original_sha256 for each in item.photos):
        raise PhotoThereAlready(deleted.photo.public_id)
    photo = put_back(session, item, deleted)
    changes.note(session, item, "restore_photo", by=by, now=given.now(), photo=photo.public_id)
    if item.status is ItemStatus.PUBLISHED and not photo.is_private:
        renditions.expose(photo, private=given.private, public=given.public)
    return photo


def put_back(session: Session, item: Item, deleted: DeletedPhoto) -> ItemPhoto:
    """Give a photo back to its item: private where the public would see it for the first time with this item.

    Or where it shows what was hidden of the same file since, until `redaction.hide` has done the same with it.
    """
    photo = deleted.photo
    was_seen = photo.shown_at is not None and item.published_at is not None and item.published_at <= deleted.deleted_at
    session.delete(deleted)
    _belongs_to(session, item, photo, item.id)
    known = redaction.hidden_of_file(session, photo.original_sha256, item.unit_id)
    is_telling = redaction.shows_any(renditions.hidden_in(photo), known)
    photo.is_private = photo.is_private or is_telling or (item.status is ItemStatus.PUBLISHED and not was_seen)
    return photo


def condemn(session: Session, item: Item, deleted: DeletedPhoto, *, by: Officer, now: datetime) -> None:
    """Say that a deleted photo is to be destroyed: it can't be had back from now on, and `destroy` does it."""
    deleted.is_condemned = True
    changes.note(session, item, "erase_photo", by=by, now=now, photo=deleted.photo.public_id)


def destroy(session: Session, *, private: PhotoStore, public: PhotoStore, only: int | None = None) -> int:
    """Destroy condemned photos with their files, in the trash too; return how many. May be repeated after a crash.

    A file that another photo is made of stays. Why one can't be destroyed is raised last. only: one photo's row.
    """
    wanted = select(DeletedPhoto.photo_id).where(DeletedPhoto.is_condemned)
    if only is not None:
        wanted = wanted.where(DeletedPhoto.photo_id == only)
    condemned = session.scalars(wanted).all()
    end_reading(session)
    with each_attempted() as attempt:
        for photo_id in condemned:
            attempt(partial(_destroy, session, photo_id, private=private, public=public))
    return len(condemned)


def forget_old(session: Session, *, now: datetime) -> int:
    """Let go of the photos whose day is over, and return how many: the sweep throws their files away."""
    rows = session.execute(
        select(ItemPhoto.id, ItemPhoto.original_sha256, ItemPhoto.rendition_digest)
        .join(DeletedPhoto, DeletedPhoto.photo_id == ItemPhoto.id)
        .where(*_is_old(now))
    ).all()
    released.note(session, [digest for row in rows for digest in row[1:]], now=now)
    _let_go(session, [row.id for row in rows])
    return len(rows)


def count_old(session: Session, *, now: datetime) -> int:
    """How many photos there are whose day is over."""
    return session.scalar(select(func.count(DeletedPhoto.photo_id)).where(*_is_old(now))) or 0


def _is_old(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return DeletedPhoto.deleted_at <= now - HAD_BACK_FOR, DeletedPhoto.is_condemned.is_(False)


def _that_may_return(item: Item, now: datetime) -> Select[DeletedPhoto]:
    return (
        select(DeletedPhoto)
        .join(DeletedPhoto.photo)
        .where(
            DeletedPhoto.item_id == item.id,
            DeletedPhoto.deleted_at > now - HAD_BACK_FOR,
            DeletedPhoto.is_condemned.is_(False),
        )
    )


def _belongs_to(session: Session, item: Item, photo: ItemPhoto, item_id: int | None) -> None:
    # Past the relation, which would delete a photo without an item.
    session.execute(update(ItemPhoto).where(ItemPhoto.id == photo.id).values(item_id=item_id))
    session.expire(item, ["photos"])
    session.expire(photo)


def _let_go(session: Session, photo_ids: list[int]) -> None:
    # Unless somebody has had one back meanwhile.
    gone = delete_rows(ItemPhoto).where(ItemPhoto.id.in_(photo_ids), ItemPhoto.item_id.is_(None))
    session.execute(gone)


def _destroy(session: Session, photo_id: int, *, private: PhotoStore, public: PhotoStore) -> None:
    with atomic(session):
        # In the order in which whoever describes it takes the two.
        photo = session.get(ItemPhoto, photo_id, with_for_update=True)
        # Whoever has made the same files gives them a row first, or sees that they are gone.
        revision.hold(session)
        keys = _own_keys(session, photo) if photo and photo.item_id is None else []
        public.delete(keys)
        private.delete(keys)
    trash.remove(private, keys)
    # Last, so that whoever is interrupted before this finds the photo again.
    with atomic(session):
        _let_go(session, [photo_id])


def _own_keys(session: Session, photo: ItemPhoto) -> list[str]:
    """The keys of a photo's files, present and former, however it was turned, except what other photos are made of."""
    digests = leftovers.digests_of(photo, renditions.hidden_in(photo)) | leftovers.digests_of(photo, ())
    files = leftovers.Files(photo.original_sha256, frozenset(digests), photo.renditions)
    return leftovers.keys_without_row(session, files, apart_from=photo)
