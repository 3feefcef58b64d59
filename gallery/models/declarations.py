"""What victims have declared stolen, sealed, and what of it the public site's role may use.

That role may insert into `declaration_inbox`, read `declaration_answers` and `declaration_key`, and keep
`opened_declarations`; it sees nothing else of this (docs/operations.md). Clear columns are those that lists and
comparisons need; all words, contacts, photos and signatures are sealed for the back office.
"""

import enum
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base, word
from gallery.models.items import Category
from gallery.models.units import Unit

if TYPE_CHECKING:
    from gallery.models.claims import Claim
    from gallery.models.mails import DeclarationMail, DeclaredAddress
    from gallery.models.proposals import Proposal


class DeclarationState(enum.StrEnum):
    """Whether the objects of a declaration are looked for; OPEN alone is."""

    OPEN = "open"
    CLOSED = "closed"
    QUARANTINED = "quarantined"


class Verdict(enum.StrEnum):
    """What officers have said of what looked like a flood; the worker does it."""

    RELEASE = "release"
    BURY = "bury"


class InboxDrop(Base):
    """What the public site has dropped for the worker. receipt: random; sealed: to the back office's public key.

    attempts: how often a worker has begun to file it; unreadable_at: when it was first set aside as no key opens it.
    """

    __tablename__ = "declaration_inbox"

    # Not a number of the database's: the role that inserts may read nothing back.
    receipt: Mapped[str] = mapped_column(String(32), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(index=True)
    # Set by the database: the role that inserts may write the other columns only.
    attempts: Mapped[int] = mapped_column(server_default="0")
    unreadable_at: Mapped[datetime | None] = mapped_column(index=True)


class DeclarationKey(Base):
    """One row: the public key that drops are sealed to, written by the worker, which has the private one."""

    __tablename__ = "declaration_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(80))


class DeclarationChange(Base):
    """A number that each change of its kind raises, so that a worker knows when to look again.

    kind: a `services.declarations.changes.ChangeKind`.
    """

    __tablename__ = "declaration_changes"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int]


class DeclarationAnswer(Base):
    """What the holder of a code is told. Nothing of it opens without the code.

    locator: what scrypt makes of the code to find the row; wrapped: the key of `sealed`, under what scrypt makes of the
    code besides; sealed: the answer, an age file.
    """

    __tablename__ = "declaration_answers"

    locator: Mapped[str] = mapped_column(String(64), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class OpenedDeclaration(Base):
    """A browser in which a declaration is open, until `ends_at`. digest: of the secret in its cookie.

    locator: of the answer, to end all of a declaration's at once; sealed: a `visits.Visit`, under a key that is made of
    the secret.
    """

    __tablename__ = "opened_declarations"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    locator: Mapped[str] = mapped_column(String(64), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    ends_at: Mapped[datetime] = mapped_column(index=True)


class Declaration(Base):
    """One theft, told once. sealed: place, complaint, contacts, phrase (services.declarations.statement).

    departement: of the theft, empty when unknown; unit: which took it at its desk, None from the public site;
    contact_key: keyed digest of the contact, by which a flood is known; verdict, judged_at: of one that is QUARANTINED.
    has_helper: whether somebody else is told, too; None in rows from before 0042, until the worker has looked.
    """

    __tablename__ = "declarations"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    state: Mapped[DeclarationState] = mapped_column(word(DeclarationState), default=DeclarationState.OPEN)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    departement: Mapped[str] = mapped_column(String(3), default="")
    # The period of the theft, both ends included; None when unknown.
    theft_from: Mapped[date | None]
    theft_until: Mapped[date | None]
    ends_on: Mapped[date] = mapped_column(index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    # The drop that it came with: the same one collected again makes nothing.
    receipt: Mapped[str] = mapped_column(String(32), unique=True)
    # Of the row in declaration_answers, and the public key that it is sealed to.
    locator: Mapped[str] = mapped_column(String(64), unique=True)
    answer_recipient: Mapped[str] = mapped_column(String(80))
    # SHA-256 of what a request (to prolong, close or delete) must show: only the code opens it.
    proof_digest: Mapped[str] = mapped_column(String(64))
    declared_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    contact_key: Mapped[str | None] = mapped_column(String(64))
    has_helper: Mapped[bool | None]
    verdict: Mapped[Verdict | None] = mapped_column(word(Verdict), index=True)
    judged_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    unit: Mapped[Unit | None] = relationship()
    objects: Mapped[list["DeclaredObject"]] = relationship(
        back_populates="declaration", cascade="all, delete-orphan", order_by="DeclaredObject.position"
    )
    messages: Mapped[list["DeclarationMessage"]] = relationship(
        cascade="all, delete-orphan", order_by="DeclarationMessage.id"
    )

    claims: Mapped[list["Claim"]] = relationship(
        back_populates="declaration", cascade="all, delete-orphan", order_by="Claim.id"
    )
    addresses: Mapped[list["DeclaredAddress"]] = relationship(
        back_populates="declaration", cascade="all, delete-orphan", order_by="DeclaredAddress.person.desc()"
    )
    mails: Mapped[list["DeclarationMail"]] = relationship(back_populates="declaration", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_declarations_listed", "state", "departement", "declared_at"),
        Index("ix_declarations_declared_at", "declared_at"),
        Index("ix_declarations_contact_key", "contact_key", "declared_at"),
    )


class DeclarationMessage(Base):
    """A dated line of what the victim is told. kind: a `services.declarations.answers.MessageKind`, never free text.

    told_at: when the victim is known to have learnt of it, by the page, a mail or a call; None: not yet.
    helper_told_at: when a mail or a call told who helps, or the line meant nothing any more; None: not yet.
    claim: the one that it is about, and goes with.
    """

    __tablename__ = "declaration_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declarations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    helper_told_at: Mapped[datetime | None]
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id", ondelete="CASCADE"), index=True)

    claim: Mapped["Claim | None"] = relationship()

    __table_args__ = (Index("ix_declaration_messages_untold", "kind", "told_at"),)


class DeclaredObject(Base):
    """One stolen object. sealed: words, brand, serial number, colours (services.declarations.statement).

    serial_key, serial_look_key: as of `Item`, empty without a number. compared_at: when it was last compared with all
    that is published; None is due.
    """

    __tablename__ = "declared_objects"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declarations.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    serial_key: Mapped[str] = mapped_column(String(64), default="", index=True)
    serial_look_key: Mapped[str] = mapped_column(String(64), default="", index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    compared_at: Mapped[datetime | None] = mapped_column(index=True)

    declaration: Mapped[Declaration] = relationship(back_populates="objects")
    category: Mapped[Category | None] = relationship()
    photos: Mapped[list["DeclaredPhoto"]] = relationship(
        back_populates="declared", cascade="all, delete-orphan", order_by="DeclaredPhoto.position"
    )
    proposals: Mapped[list["Proposal"]] = relationship(back_populates="declared", cascade="all, delete-orphan")


class DeclaredPhoto(Base):
    """One photo of a declared object: the picture and its signature, all sealed. version: of the matcher.

    sealed_compact: the tenth of the signature that every new item is compared with, apart; None in rows from before
    2026-11-30, of which the whole is opened.
    """

    __tablename__ = "declared_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    object_id: Mapped[int] = mapped_column(ForeignKey("declared_objects.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sealed_signature: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sealed_compact: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    version: Mapped[str] = mapped_column(String(64), index=True)

    declared: Mapped[DeclaredObject] = relationship(back_populates="photos")
