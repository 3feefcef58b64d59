"""Mails to victims and to their helpers: addresses, deliveries, and the references that `/verifier` knows.

Of this the public site's role reads `mail_references` only.
"""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base, word
from gallery.models.declarations import Declaration


class AddressState(enum.StrEnum):
    """Whether a victim's e-mail address may be written to: CONFIRMED alone may, but for the code that confirms it."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Addressee(enum.StrEnum):
    """Whose address it is: the victim's, or that of the person who fills the form in for the victim."""

    VICTIM = "victim"
    HELPER = "helper"


class MailKind(enum.StrEnum):
    """What a mail is for: the code that confirms an address, that something was found, or that the search ends."""

    CODE = "code"
    FOUND = "found"
    ENDING = "ending"


class MailState(enum.StrEnum):
    """What became of a mail. DEFERRED is tried again; REFUSED is not."""

    DUE = "due"
    DEFERRED = "deferred"
    SENT = "sent"
    REFUSED = "refused"


class DeclaredAddress(Base):
    """The state of an e-mail address of a declaration; the address itself is in the declaration's sealed part.

    address_key: keyed digest of the address. tries: wrong codes. code_reference, code_until: the mail whose code is
    asked for, empty and None until it is sent, and the end of its validity. next_mail_at: no mail but the code's
    before then. told_until: when the last of what a mail has told had happened, for a worker of before 2026-12-01.
    """

    __tablename__ = "declared_addresses"

    declaration_id: Mapped[int] = mapped_column(ForeignKey("declarations.id", ondelete="CASCADE"), primary_key=True)
    person: Mapped[Addressee] = mapped_column(word(Addressee), primary_key=True)
    state: Mapped[AddressState] = mapped_column(word(AddressState), default=AddressState.WAITING)
    address_key: Mapped[str] = mapped_column(String(64), index=True)
    asked_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    code_reference: Mapped[str] = mapped_column(String(16), default="")
    code_until: Mapped[datetime | None]
    next_mail_at: Mapped[datetime | None]
    told_until: Mapped[datetime | None]

    declaration: Mapped[Declaration] = relationship(back_populates="addresses")


class DeclarationMail(Base):
    """One mail and its delivery. reference: printed in it, random; tries: how often it was handed to the server.

    next_try_at: a worker that takes it moves this on first, so a mail that a killed worker had comes back.
    """

    __tablename__ = "declaration_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declarations.id", ondelete="CASCADE"), index=True)
    person: Mapped[Addressee] = mapped_column(word(Addressee))
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
