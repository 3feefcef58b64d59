"""Albums on their way to the page of their unit: begun, gone on with, and how far each is.

The row keeps the album as it was composed of public records; `sender` sends it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from gallery.errors import PostingNotFound, PostingOnline, TooManyForPost
from gallery.models import (
    DOUBTFUL,
    FacebookPost,
    Item,
    Network,
    Officer,
    PhotoOutcome,
    PostedItem,
    Posting,
    PostPhoto,
    PostStage,
    Unit,
)
from gallery.services import revision
from gallery.services.albums import postings
from gallery.services.facebook import connection
from gallery.sharing import Album, files_of

# Facebook documents no limit (2026-11); this is how many a person may add at once.
MAX_PHOTOS = 80


@dataclass(frozen=True)
class PostProgress:
    """How far a post is. sent: of total photos; refused: left out, by Facebook or because they ceased to be public."""

    post: FacebookPost
    sent: int
    refused: int
    total: int

    @property
    def album(self) -> Album:
        """What was asked for, in the officer's words."""
        return album_of(self.post)


def check(album: Album) -> None:
    """Raise TooManyForPost when the album has more photos than one post takes."""
    if album.photo_count > MAX_PHOTOS:
        raise TooManyForPost(limit=MAX_PHOTOS, photos=album.photo_count)


def begin(session: Session, unit: Unit, album: Album, *, by: Officer | None, now: datetime) -> FacebookPost:
    """Ask for an album to be published on the unit's page; raise FacebookPageNotFound or TooManyForPost.

    The same items asked for again while they are on their way, or within the hour, are the same post, whoever asks. One
    that waits or had stopped goes on with the words as they are now; one that is online, or may be, stays as it is.
    """
    check(album)
    page = connection.get(session, unit)
    exported = postings.ExportedAlbum(
        numbers=[item.number for item in album.items],
        network=Network.FACEBOOK,
        title=album.title,
        code=album.page_code,
    )
    postings.hold(session, unit)
    post = _same(session, unit, set(exported.numbers), since=now - postings.SAME_EXPORT)
    if post is None:
        posting = postings.record(session, unit, exported, by=by, now=now)
        post = FacebookPost(posting=posting, page_id=page.page_id, album={}, stage=PostStage.DUE, attempts=0, fault="")
        session.add(post)
    elif may_be_online(post):
        return post
    else:
        postings.renew(session, post.posting, exported, now=now)
        resume(session, post)
    _write(session, post, album)
    session.flush()
    return post


def may_be_online(post: FacebookPost) -> bool:
    """Whether the page shows the post, as far as we know or for want of an answer: its words are what they are."""
    if post.posting.address or post.stage in (PostStage.SENDING, PostStage.PUBLISHED):
        return True
    return post.stage is PostStage.STOPPED and post.fault == DOUBTFUL


def resume(session: Session, post: FacebookPost) -> None:
    """Let a post that has stopped go on, on the page that its unit has now; raise FacebookPageNotFound.

    What that page has already is not sent again.
    """
    if post.stage is not PostStage.STOPPED or post.posting.address:
        return
    page = connection.get(session, post.posting.unit)
    if post.page_id != page.page_id:
        post.page_id = page.page_id
        for photo in post.photos:
            if photo.outcome is PhotoOutcome.SENT:
                photo.outcome, photo.media_number, photo.sent_at = PhotoOutcome.WAITING, "", None
    post.stage, post.fault, post.attempts, post.retry_at = PostStage.DUE, "", 0, None


def forget(session: Session, posting: Posting) -> None:
    """Remove a posting that never went online; raise PostingOnline when it is there, or may be at any moment."""
    post = session.scalar(select(FacebookPost).where(FacebookPost.posting_id == posting.id).with_for_update())
    is_coming = post is not None and post.stage in (PostStage.PUBLISHED, PostStage.SENDING)
    if posting.address or is_coming:
        raise PostingOnline(posting.reference)
    has_page = bool(posting.pages)
    session.delete(posting)
    if has_page:
        # The public page of the album is no more.
        revision.touch_items(session, [])


def lock(session: Session, reference: str, *, unit: Unit) -> FacebookPost:
    """The post of the unit's posting of this reference, to be changed; raise PostingNotFound."""
    post = session.scalar(
        select(FacebookPost)
        .join(FacebookPost.posting)
        .where(Posting.reference == reference, Posting.unit_id == unit.id)
        .options(contains_eager(FacebookPost.posting))
        .with_for_update(of=[Posting, FacebookPost])
        .execution_options(populate_existing=True)
    )
    if post is None:
        raise PostingNotFound(reference)
    return post


def of_postings(session: Session, shown: Sequence[Posting]) -> Mapping[int, PostProgress]:
    """How far the posts of these postings are, by the posting's row; those that were only exported have none."""
    posts = session.scalars(
        select(FacebookPost)
        .where(FacebookPost.posting_id.in_([posting.id for posting in shown]))
        .options(selectinload(FacebookPost.photos))
    )
    return {post.posting_id: progress_of(post) for post in posts}


def progress_of(post: FacebookPost) -> PostProgress:
    """How far a post is."""
    outcomes = [photo.outcome for photo in post.photos]
    return PostProgress(post, outcomes.count(PhotoOutcome.SENT), outcomes.count(PhotoOutcome.REFUSED), len(outcomes))


def album_of(post: FacebookPost) -> Album:
    """The album as it was composed."""
    return Album.of_table(post.album)


def _same(session: Session, unit: Unit, numbers: set[str], *, since: datetime) -> FacebookPost | None:
    """The unit's post of exactly these items that is on its way, or was asked for since; it is locked."""
    recent = session.scalars(
        select(FacebookPost)
        .join(FacebookPost.posting)
        .where(
            Posting.unit_id == unit.id,
            or_(Posting.made_at >= since, FacebookPost.stage.in_((PostStage.DUE, PostStage.SENDING))),
        )
        .order_by(Posting.made_at.desc(), Posting.id.desc())
        .options(
            contains_eager(FacebookPost.posting)
            .selectinload(Posting.items)
            .joinedload(PostedItem.item)
            .load_only(Item.public_number, Item.status)
        )
    )
    found = next((each for each in recent if postings.numbers_of(each.posting) == numbers), None)
    return lock(session, found.posting.reference, unit=unit) if found else None


def _write(session: Session, post: FacebookPost, album: Album) -> None:
    """Keep the album's words and photos; those that Facebook has already, in these words, keep their number."""
    before, after = _words_of(post.album), _words_of(asdict(album))
    sent = {
        photo.photo_public_id: (photo.media_number, photo.sent_at)
        for photo in post.photos
        if photo.outcome is PhotoOutcome.SENT and before.get(photo.photo_public_id) == after.get(photo.photo_public_id)
    }
    # Gone before the new ones come: the unit of work would insert first, and positions are unique.
    post.photos.clear()
    session.flush()
    post.album = asdict(album)
    wanted = [photo.public_id for item in album.items for photo in item.photos]
    for position, public_id in enumerate(wanted, start=1):
        number, sent_at = sent.get(public_id, ("", None))
        outcome = PhotoOutcome.SENT if number else PhotoOutcome.WAITING
        post.photos.append(
            PostPhoto(
                position=position, photo_public_id=public_id, outcome=outcome, media_number=number, sent_at=sent_at
            )
        )


def _words_of(table: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """What goes to the page with each photo of an album, by public id; a post that has just begun has no album yet."""
    files = files_of(Album.of_table(table), max_in_folder=MAX_PHOTOS) if table else []
    return {file.photo.public_id: (file.caption, file.photo.alt_text) for file in files}
