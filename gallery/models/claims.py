"""What claimants say of a published item that they recognise as theirs, frozen and sealed, and where it stands.

The public site's role sees nothing of this (docs/operations.md).
"""

import enum
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base, word
from gallery.models.declarations import Verdict
from gallery.models.items import Item

if TYPE_CHECKING:
    from gallery.models.declarations import Declaration


class ClaimState(enum.StrEnum):
    """Where a claim stands; which may follow which is said in services.claims.progress."""

    RECEIVED = "received"
    UNDER_REVIEW = "under_review"
    PROOFS_ASKED = "proofs_asked"
    WITH_MAGISTRATE = "with_magistrate"
    AGREED = "agreed"
    NOT_ESTABLISHED = "not_established"
    RETURNED = "returned"


class ProofKind(enum.StrEnum):
    """A photo, or a document of several pages."""

    PHOTO = "photo"
    DOCUMENT = "document"


class Claim(Base):
    """That somebody recognises an item as theirs. declaration: who that is, and the code that opens its answer.

    sealed_notice: what goes with the state, for officers; told: the same for the claimant, sealed to the
    declaration's answer key. told_at: when the claimant was written to or called about the state; seen_at: when they
    were known to have seen it; None: not yet. held_at: when it was put into quarantine, None: it is in none; verdict,
    judged_at: of one that is.
    """

    __tablename__ = "claims"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declarations.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    state: Mapped[ClaimState] = mapped_column(word(ClaimState), default=ClaimState.RECEIVED)
    claimed_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    sealed_notice: Mapped[bytes | None] = mapped_column(LargeBinary)
    told: Mapped[bytes | None] = mapped_column(LargeBinary)
    held_at: Mapped[datetime | None] = mapped_column(index=True)
    verdict: Mapped[Verdict | None] = mapped_column(word(Verdict), index=True)
    judged_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    declaration: Mapped["Declaration"] = relationship(back_populates="claims")
    item: Mapped[Item] = relationship()
    statements: Mapped[list["ClaimStatement"]] = relationship(
        back_populates="claim", cascade="all, delete-orphan", order_by="ClaimStatement.position"
    )
    steps: Mapped[list["ClaimStep"]] = relationship(cascade="all, delete-orphan", order_by="ClaimStep.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("declaration_id", "item_id"),
        Index("ix_claims_listed", "state", "claimed_at"),
        Index("ix_claims_claimed_at", "claimed_at"),
    )


class ClaimStep(Base):
    """A state that a claim has come to, and when."""

    __tablename__ = "claim_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id", ondelete="CASCADE"), index=True)
    state: Mapped[ClaimState] = mapped_column(word(ClaimState))
    at: Mapped[datetime]


class ClaimStatement(Base):
    """What was written at one time, frozen. digest: of what is sealed and when it was said (claim_seals).

    receipt: of the drop that it came with, so that the same one collected again adds nothing.
    """

    __tablename__ = "claim_statements"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    said_at: Mapped[datetime]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str] = mapped_column(String(32), unique=True)

    claim: Mapped[Claim] = relationship(back_populates="statements")
    proofs: Mapped[list["ClaimProof"]] = relationship(
        back_populates="statement", cascade="all, delete-orphan", order_by="ClaimProof.position"
    )


class ClaimProof(Base):
    """A photo or a document that was given as a proof. digest: SHA-256 of `sealed`, which has all of it.

    sealed: the file as it was sent; sealed_pages: pictures to look at, one a page. compared_at: when it was last
    compared with our own photos, None is due; copy_of: number of the item whose photo it is a copy of, or empty.
    """

    __tablename__ = "claim_proofs"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("claim_statements.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[ProofKind] = mapped_column(word(ProofKind))
    pages: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sealed_pages: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    compared_at: Mapped[datetime | None] = mapped_column(index=True)
    copy_of: Mapped[str] = mapped_column(String(16), default="")

    statement: Mapped[ClaimStatement] = relationship(back_populates="proofs")
