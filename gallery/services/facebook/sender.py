"""What the worker does to publish an album on its unit's page: photo after photo, then the post that shows them.

Each photo's outcome is a row, so a run that broke goes on after the last one. A post whose answer was lost may be
online: it is never sent again by itself.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import inspect, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import ObjectDeletedError

from gallery.errors import ChangedMeanwhile, FacebookPageNotFound, PhotoNotFound, PostingNotFound, SealBroken
from gallery.models import DOUBTFUL, FacebookPost, PhotoOutcome, PostPhoto, PostStage, StoreName, Unit
from gallery.services.albums import compose
from gallery.services.facebook import connection, outbox
from gallery.services.facebook.graph import PERMALINK, Graph, GraphError, GraphFault
from gallery.services.gallery.public_records import PublicItem
from gallery.services.resources import Resources
from gallery.services.rests import GIVEN_BACK_FOR, giving_back, in_turn
from gallery.services.storekeeping import ownership
from gallery.services.transaction import atomic, end_reading
from gallery.sharing import Album, AlbumFile, AlbumItem, ReadPhoto, files_of, pictures
from gallery.storage import PhotoStore

LOGGER = logging.getLogger(__name__)
ON_ITS_WAY = (PostStage.DUE, PostStage.SENDING)
# Faults of a post besides those of a call and DOUBTFUL: nothing of it is public any more; no page; other words by now;
# an officer has said where it is online.
NOTHING_LEFT, NO_PAGE, CHANGED, NOTED = "nothing_left", "no_page", "changed", "noted"
# Facebook keeps photos that no post shows for a day.
KEPT_BY_FACEBOOK = timedelta(hours=20)
AFTER_RATE_LIMIT = timedelta(hours=1)
FIRST_RETRY = timedelta(seconds=30)
MAX_ATTEMPTS = 6
LEASE = timedelta(minutes=5)


def advance(session: Session, given: Resources, *, only: int | None = None) -> bool:
    """Do the next step of the post that has waited longest, or of one; False when there is nothing to do now."""
    post = _take(session, given, only)
    if post is None:
        return False
    try:
        with giving_back(partial(_give_back, session, given, post)):
            _step_or_put_off(session, given, post)
    except (ObjectDeletedError, ChangedMeanwhile, PostingNotFound):
        LOGGER.warning("a post was changed, or taken off the list, while it was being sent")
        _let_go(session, post)
    end_reading(session)
    return True


def rehearse(session: Session, unit: Unit, album: Album, *, public: PhotoStore) -> list[int]:
    """Make every picture as it would be sent, and return their sizes in bytes; raise PhotoNotFound."""
    read = _reader(session, unit, album.items, public)
    files = files_of(album, max_in_folder=outbox.MAX_PHOTOS)
    return [len(pictures.photo_file(album, file, read)) for file in files]


def _take(session: Session, given: Resources, only: int | None) -> FacebookPost | None:
    now = given.now()
    wanted = select(FacebookPost).where(
        FacebookPost.stage.in_(ON_ITS_WAY),
        or_(FacebookPost.leased_until.is_(None), FacebookPost.leased_until <= now),
        or_(FacebookPost.retry_at.is_(None), FacebookPost.retry_at <= now),
    )
    if only is not None:
        wanted = wanted.where(FacebookPost.id == only)
    with atomic(session):
        post = session.scalar(
            wanted.order_by(in_turn(FacebookPost.leased_until), FacebookPost.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=FacebookPost)
        )
        if post is not None:
            post.leased_until, post.attempts, post.retry_at = now + LEASE, post.attempts + 1, None
    return post


def _let_go(session: Session, post: FacebookPost) -> None:
    """Let a post be taken again at once, where it is still there: an officer waits for the words to go."""
    end_reading(session)
    identity = inspect(post).identity
    assert identity is not None, "it was read from the database"
    with atomic(session):
        due = update(FacebookPost).where(FacebookPost.id == identity[0], FacebookPost.stage == PostStage.DUE)
        session.execute(due.values(leased_until=None), execution_options={"synchronize_session": False})


def _give_back(session: Session, given: Resources, post: FacebookPost) -> None:
    """Give back what could not be tried: this was no attempt, and others have their turn first."""
    end_reading(session)
    if post.stage in ON_ITS_WAY and post.stage is not PostStage.SENDING:
        with atomic(session):
            post.attempts, post.leased_until = max(0, post.attempts - 1), given.now() + GIVEN_BACK_FOR


def _step_or_put_off(session: Session, given: Resources, post: FacebookPost) -> None:
    try:
        _step(session, given, post)
    except GraphError as error:
        _put_off(session, given, post, error)


def _step(session: Session, given: Resources, post: FacebookPost) -> None:
    if post.stage is PostStage.SENDING:
        # Whoever was sending it is gone, and with it the answer.
        _stop(session, post, DOUBTFUL)
        return
    if post.posting.address:
        _stop(session, post, NOTED)
        return
    if post.attempts > MAX_ATTEMPTS:
        raise GraphError(GraphFault.TEMPORARY)
    try:
        token = connection.token_of(connection.get(session, post.posting.unit), given.sealer)
    except FacebookPageNotFound:
        _stop(session, post, NO_PAGE)
        return
    except SealBroken:
        raise GraphError(GraphFault.TOKEN) from None
    if not compose.are_told_as_before(session, outbox.album_of(post).items):
        _stop(session, post, CHANGED)
        return
    graph = Graph(given.settings.graph_address, token)
    _forget_expired(session, given, post)
    waiting = next((photo for photo in post.photos if photo.outcome is PhotoOutcome.WAITING), None)
    if waiting is not None:
        _send(session, given, graph, post, waiting)
    else:
        _publish(session, graph, post)


def _forget_expired(session: Session, given: Resources, post: FacebookPost) -> None:
    """Photos that Facebook may have thrown away are to be sent again."""
    oldest = given.now() - KEPT_BY_FACEBOOK
    expired = [photo for photo in post.photos if photo.sent_at is not None and photo.sent_at < oldest]
    if expired:
        _send_anew(session, expired)


def _send_anew(session: Session, photos: Sequence[PostPhoto]) -> None:
    with atomic(session):
        for photo in photos:
            photo.outcome, photo.media_number, photo.sent_at = PhotoOutcome.WAITING, "", None


def _send(session: Session, given: Resources, graph: Graph, post: FacebookPost, photo: PostPhoto) -> None:
    album, page = outbox.album_of(post), post.page_id
    file = _file(album, photo.photo_public_id)
    read = _reader(session, post.posting.unit, [file.item], given.public)
    end_reading(session)
    try:
        jpeg = pictures.photo_file(album, file, read)
        number = graph.send_photo(page, jpeg, caption=file.caption, alt_text=file.photo.alt_text)
    except PhotoNotFound:
        # The file is absent too where the disk of the store is.
        ownership.check(session, given.public, StoreName.PUBLIC)
        _keep(session, post, photo, sent_at=None)
    except GraphError as error:
        if error.fault is not GraphFault.PHOTO:
            raise
        _keep(session, post, photo, sent_at=None)
    else:
        _keep(session, post, photo, number=number, sent_at=given.now())


def _publish(session: Session, graph: Graph, post: FacebookPost) -> None:
    album = outbox.album_of(post)
    public = {photo.public_id for item in _public(session, post.posting.unit, album.items) for photo in item.photos}
    shown = [
        photo.media_number
        for photo in post.photos
        if photo.outcome is PhotoOutcome.SENT and photo.photo_public_id in public
    ]
    if not shown:
        _stop(session, post, NOTHING_LEFT)
        return
    page = post.page_id
    with atomic(session):
        locked = outbox.lock(session, post.posting.reference, unit=post.posting.unit)
        if outbox.album_of(locked) != album or locked.posting.address:
            # An officer has given it other words, or put it online by hand, since it was read here.
            post.leased_until = None
            return
        post.stage = PostStage.SENDING
    try:
        number = graph.publish(page, album.post, shown)
    except GraphError as error:
        if error.is_doubtful:
            _stop(session, post, DOUBTFUL)
            return
        if error.fault is GraphFault.PHOTO:
            # What the post was to show it no longer has.
            _send_anew(session, [each for each in post.photos if each.outcome is PhotoOutcome.SENT])
        raise
    with atomic(session):
        post.stage, post.fault, post.leased_until = PostStage.PUBLISHED, "", None
        post.posting.address = PERMALINK + number
    # It is online whatever this last call says.
    with suppress(GraphError):
        address = graph.address_of(number)
        with atomic(session):
            post.posting.address = address


def _keep(
    session: Session, post: FacebookPost, photo: PostPhoto, *, number: str = "", sent_at: datetime | None
) -> None:
    """Note what became of a photo: it was sent, or Facebook does not want it."""
    with atomic(session):
        photo.outcome = PhotoOutcome.SENT if sent_at else PhotoOutcome.REFUSED
        photo.media_number, photo.sent_at = number, sent_at
        post.attempts, post.fault, post.leased_until = 0, "", None


def _put_off(session: Session, given: Resources, post: FacebookPost, error: GraphError) -> None:
    """Retry temporary faults later, and stop for the rest until an officer has dealt with them."""
    with atomic(session):
        post.stage, post.leased_until, post.fault = PostStage.DUE, None, error.fault.value
        if error.fault is GraphFault.RATE:
            post.retry_at, post.attempts = given.now() + AFTER_RATE_LIMIT, 0
        elif error.is_doubtful and post.attempts < MAX_ATTEMPTS:
            post.retry_at = given.now() + FIRST_RETRY * 2 ** (post.attempts - 1)
        else:
            post.stage = PostStage.STOPPED


def _stop(session: Session, post: FacebookPost, fault: str) -> None:
    with atomic(session):
        post.stage, post.fault, post.leased_until = PostStage.STOPPED, fault, None


def _public(session: Session, unit: Unit, items: Sequence[AlbumItem]) -> list[PublicItem]:
    """Those of an album's items that are public at this moment, and described as when its words were made."""
    before = {item.number: item.told for item in items}
    records = compose.of_numbers(session, unit, list(before))
    changed = compose.changed_since(records, before)
    return [record for record in records if record.public_number not in changed]


def _reader(session: Session, unit: Unit, items: Sequence[AlbumItem], public: PhotoStore) -> ReadPhoto:
    """Reads the photos of those of the items that `_public` has; raises PhotoNotFound for the rest."""
    return compose.photo_reader(session, _public(session, unit, items), public=public)


def _file(album: Album, public_id: str) -> AlbumFile:
    files = files_of(album, max_in_folder=outbox.MAX_PHOTOS)
    return next(file for file in files if file.photo.public_id == public_id)
