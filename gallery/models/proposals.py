"""Items that resemble what victims have declared, as the worker has found them and officers decided."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base, word
from gallery.models.declarations import DeclaredObject
from gallery.models.items import Item
from gallery.models.units import Officer


class ProposalState(enum.StrEnum):
    """What became of a proposal. NEW and LATER wait for an officer; SHOWN is told to the victim; DISMISSED stays so."""

    NEW = "new"
    LATER = "later"
    SHOWN = "shown"
    DISMISSED = "dismissed"


class ProposalLevel(enum.StrEnum):
    """How much the item resembles the declared object: `matching.Likelihood`, as it is kept."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


class Proposal(Base):
    """An item that resembles a declared object; one row a pair for ever, so that a dismissed one never comes back.

    evidence: names of the reasons (`matching.Evidence`), and "serial_number", which the victim is never told.
    level: with a number that agrees. told_level: without, by which alone something shows itself and which alone the
    victim is told; None for a pair that rests on the number. compared: `ComparedPhotos`, where photos resemble.
    """

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    object_id: Mapped[int] = mapped_column(ForeignKey("declared_objects.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    level: Mapped[ProposalLevel] = mapped_column(word(ProposalLevel))
    # A ProposalLevel; a second column of that type would have the name of the first one's constraint.
    told_level: Mapped[str | None] = mapped_column(String(32))
    evidence: Mapped[list[str]] = mapped_column(JSON, default=list)
    compared: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[ProposalState] = mapped_column(word(ProposalState), default=ProposalState.NEW)
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    # When the victim of one that is SHOWN was told by an officer; None: is on the call list.
    told_at: Mapped[datetime | None]
    # The same of who helps the victim, where somebody does: by a mail or a call.
    helper_told_at: Mapped[datetime | None]

    declared: Mapped[DeclaredObject] = relationship(back_populates="proposals")
    item: Mapped[Item] = relationship()
    decided_by: Mapped[Officer | None] = relationship()

    __table_args__ = (UniqueConstraint("object_id", "item_id"), Index("ix_proposals_waiting", "state", "made_at"))


class ComparedItem(Base):
    """An item, public or not, that was compared with all declarations. as_of: when it was last changed or described."""

    __tablename__ = "compared_items"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    as_of: Mapped[datetime]
