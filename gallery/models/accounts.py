"""Accounts of units on social networks, départements without any, and false accounts. All but a note is public."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base
from gallery.models.units import Unit


class OfficialAccount(Base):
    """An account of a unit, which a unit has checked; the network is told by the address. Who did it: the journal."""

    __tablename__ = "official_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    address: Mapped[str] = mapped_column(String(200), unique=True)
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    checked_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    checked_by: Mapped[Unit] = relationship(foreign_keys=[checked_by_id])


class AccountlessDepartement(Base):
    """A département where, as a unit has checked, no unit has an account: whatever claims to be one is false."""

    __tablename__ = "accountless_departements"

    departement: Mapped[str] = mapped_column(String(3), primary_key=True)
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    checked_at: Mapped[datetime]

    checked_by: Mapped[Unit] = relationship()


class FalseAccount(Base):
    """An account that claims to be a unit's and is not, as administrators know. sealed: the note for officers."""

    __tablename__ = "false_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    address: Mapped[str] = mapped_column(String(200), unique=True)
    reported_at: Mapped[datetime]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
