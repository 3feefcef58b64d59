"""What victims have declared stolen, sealed, and what of it the public site's role may use.

That role may insert into `declaration_inbox` and read `declaration_answers` and `declaration_key`; it sees nothing else
of this (docs/operations.md). Clear columns are those that lists and comparisons need; all words, contacts, photos and
signatures are sealed for the back office.
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
    from gallery.models.proposals import Proposal


class DeclarationState(enum.StrEnum):
    """Whether the objects of a declaration are looked for; OPEN alone is."""

    OPEN = "open"
    CLOSED = "closed"
    QUARANTINED = "quarantined"


class AddressState(enum.StrEnum):
    """Whether a victim's e-mail address may be written to: CONFIRMED alone may, but for the code that confirms it."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class MailKind(enum.StrEnum):
    """What a mail is for: the code that confirms an address, or that something was found."""

    CODE = "code"
    FOUND = "found"


class MailState(enum.StrEnum):
    """What became of a mail. DEFERRED is tried again; REFUSED is not."""

    DUE = "due"
    DEFERRED = "deferred"
    SENT = "sent"
    REFUSED = "refused"


class InboxDrop(Base):
    """What the public site has dropped for the worker. receipt: random; sealed: to the back office's public key.

    attempts: how often a worker has begun to file it.
    """

    __tablename__ = "declaration_inbox"

    # Not a number of the database's: the role that inserts may read nothing back.
    receipt: Mapped[str] = mapped_column(String(32), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(index=True)
    # Set by the database: the role that inserts may write the other columns only.
    attempts: Mapped[int] = mapped_column(server_default="0")


class DeclarationKey(Base):
    """One row: the public key that drops are sealed to, written by the worker, which has the private one."""

    __tablename__ = "declaration_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(80))


class DeclarationAnswer(Base):
    """What the holder of a code is told. Nothing of it opens without the code.

    locator: what scrypt makes of the code to find the row; wrapped: the key of `sealed`, under what scrypt makes of the
    code besides; sealed: the answer, an age file.
    """

    __tablename__ = "declaration_answers"

    locator: Mapped[str] = mapped_column(String(64), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Declaration(Base):
    """One theft, told once. sealed: place, complaint, contacts, phrase (services.declarations.statement).

    departement: of the theft, empty when unknown; unit: which took it at its desk, None from the public site.
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
    # Of the row in declaration_answers, and the public key which that is sealed to.
    locator: Mapped[str] = mapped_column(String(64), unique=True)
    answer_recipient: Mapped[str] = mapped_column(String(80))
    # SHA-256 of what a request (to prolong, close or delete) must show: only the code opens it.
    proof_digest: Mapped[str] = mapped_column(String(64))
    declared_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
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
    address: Mapped["DeclaredAddress | None"] = relationship(back_populates="declaration", cascade="all, delete-orphan")
    mails: Mapped[list["DeclarationMail"]] = relationship(back_populates="declaration", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index("ix_declarations_listed", "state", "departement", "declared_at"),)


class DeclaredAddress(Base):
    """The state of the e-mail address of a declaration; the address itself is in the declaration's sealed part.

    address_key: keyed digest of the address. tries: wrong codes. code_reference, code_until: the mail whose code is
    asked for, empty and None until it is sent, and the end of its validity. next_mail_at: no mail of what was found
    before then.
    """

    __tablename__ = "declared_addresses"

    declaration_id: Mapped[int] = mapped_column(ForeignKey("declarations.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[AddressState] = mapped_column(word(AddressState), default=AddressState.WAITING)
    address_key: Mapped[str] = mapped_column(String(64), index=True)
    asked_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    code_reference: Mapped[str] = mapped_column(String(16), default="")
    code_until: Mapped[datetime | None]
    next_mail_at: Mapped[datetime | None]

    declaration: Mapped[Declaration] = relationship(back_populates="address")


class DeclarationMail(Base):
    """One mail and its delivery. reference: printed in it, random; tries: handed to the server so often.

    next_try_at: a worker that takes it moves this on first, so a mail that a killed worker had comes back.
    """

    __tablename__ = "declaration_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declarations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[MailKind] = mapped_column(word(MailKind))
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    state: Mapped[MailState] = mapped_column(word(MailState), default=MailState.DUE)
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    declaration: Mapped[Declaration] = relationship(back_populates="mails")

    __table_args__ = (Index("ix_declaration_mails_due", "state", "next_try_at"),)


class MailReference(Base):
    """That a mail with a reference came from us, for `/verifier`. digest: SHA-256 of the reference; day: of sending.

    The public role reads it. It leads to no declaration.
    """

    __tablename__ = "mail_references"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date]


class DeclarationMessage(Base):
    """A dated line of what the victim is told. kind: a `services.declarations.answers.MessageKind`, never free text."""

    __tablename__ = "declaration_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declarations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]


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
    """One photo of a declared object: the picture and its signature, both sealed. version: of the matcher."""

    __tablename__ = "declared_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    object_id: Mapped[int] = mapped_column(ForeignKey("declared_objects.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sealed_signature: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    version: Mapped[str] = mapped_column(String(64), index=True)

    declared: Mapped[DeclaredObject] = relationship(back_populates="photos")
