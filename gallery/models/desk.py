"""What the back office keeps of its officers' work: input not yet sent, links to an account, open sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base
from gallery.models.units import Officer


class FormDraft(Base):
    """A form that an officer has begun and not sent. sealed: its fields, as they would be sent."""

    __tablename__ = "form_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    # The form that it belongs to, such as "item:35-K7QM-4" or "new item".
    subject: Mapped[str] = mapped_column(String(80))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("officer_id", "subject"),)


class SentForm(Base):
    """A form that made or changed something, so that the same one sent again does nothing. digest: of all it said."""

    __tablename__ = "sent_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    # Number or reference of what was made, or a word for what became of it.
    made: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("officer_id", "digest"),)


class AccessLink(Base):
    """A link by which an officer chooses a password, once. digest: keyed, of the random part of its address."""

    __tablename__ = "access_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]

    officer: Mapped[Officer] = relationship()


class DeskSession(Base):
    """One browser in which an officer is signed in; without its row the cookie opens nothing.

    digest: SHA-256 of the random value in the cookie.
    """

    __tablename__ = "desk_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    # As the officer knows it: "Firefox, Windows".
    browser: Mapped[str] = mapped_column(String(80))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class AttemptCount(Base):
    """Attempts to sign in since the last one that succeeded, of whatever the digest stands for.

    digest: keyed with a secret of the back office, of an account's address, known or not, of a browser or a network.
    """

    __tablename__ = "attempt_counts"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempts: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    # No other attempt is looked at before then; None: it may come at once.
    until: Mapped[datetime | None]
