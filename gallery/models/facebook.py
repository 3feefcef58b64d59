"""Facebook pages that units publish on, and albums on their way there, photo by photo."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base, word
from gallery.models.postings import Posting
from gallery.models.units import Unit


class PostStage(enum.StrEnum):
    """Where an album stands on its way; the worker looks for DUE.

    SENDING: the post itself was sent, and nothing has been noted of the answer yet.
    """

    DUE = "due"
    SENDING = "sending"
    STOPPED = "stopped"
    PUBLISHED = "published"


# Why a post whose answer was lost has STOPPED: it may be online.
DOUBTFUL = "doubtful"


class PhotoOutcome(enum.StrEnum):
    """What has become of one photo. SENT: Facebook has it, unpublished until the post shows it."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


class FacebookPage(Base):
    """A unit's page. sealed: the token by which the program publishes there."""

    __tablename__ = "facebook_pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), unique=True)
    page_id: Mapped[str] = mapped_column("page_number", String(32))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()


class FacebookPost(Base):
    """An album on its way to its unit's page.

    album: its words, as services.facebook.outbox keeps them; fault: why it stopped, or waits until retry_at.
    """

    __tablename__ = "page_posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    posting_id: Mapped[int] = mapped_column(ForeignKey("postings.id", ondelete="CASCADE"), unique=True)
    page_id: Mapped[str] = mapped_column("page_number", String(32))
    album: Mapped[dict[str, Any]]
    stage: Mapped[PostStage] = mapped_column(word(PostStage), default=PostStage.DUE)
    fault: Mapped[str] = mapped_column(String(32), default="")
    retry_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)

    posting: Mapped[Posting] = relationship()
    photos: Mapped[list["PostPhoto"]] = relationship(
        back_populates="post", cascade="all, delete-orphan", order_by="PostPhoto.position"
    )

    __table_args__ = (Index("ix_page_posts_due", "stage", "leased_until"),)


class PostPhoto(Base):
    """One photo of an album on its way. media_number: what Facebook calls it, once sent."""

    __tablename__ = "post_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("page_posts.id", ondelete="CASCADE"))
    position: Mapped[int]
    photo_public_id: Mapped[str] = mapped_column(String(24))
    outcome: Mapped[PhotoOutcome] = mapped_column(word(PhotoOutcome), default=PhotoOutcome.WAITING)
    media_number: Mapped[str] = mapped_column(String(64), default="")
    sent_at: Mapped[datetime | None]

    post: Mapped[FacebookPost] = relationship(back_populates="photos")

    __table_args__ = (UniqueConstraint("post_id", "position"),)
