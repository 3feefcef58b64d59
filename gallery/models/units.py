"""Units (gendarmerie or police) and their officers."""

import enum
from datetime import datetime
from typing import cast

from flask_security import RoleMixin, UserMixin
from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base, word


class UnitKind(enum.StrEnum):
    """Which force a unit belongs to."""

    GENDARMERIE = "gendarmerie"
    POLICE = "police"


class OfficerRole(enum.StrEnum):
    """What an officer may do; each role may also do what the ones before it may."""

    AGENT = "agent"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Unit(Base):
    """A unit that keeps recovered objects. Everything here is public, but for `direct_since`, which is no secret.

    direct_since: when it began to show victims resemblances on middling evidence without asking an officer; None: it
    does not.
    """

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[UnitKind] = mapped_column(word(UnitKind))
    departement: Mapped[str] = mapped_column(String(3))
    public_phone: Mapped[str] = mapped_column(String(32), default="")
    public_email: Mapped[str] = mapped_column(String(254), default="")
    direct_since: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    officers: Mapped[list["Officer"]] = relationship(back_populates="unit")

    __mapper_args__ = {"version_id_col": version}


class RoleName(RoleMixin):
    """What Flask-Security asks of a role; ours are a column, not a table."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.permissions: list[str] = []


class Officer(Base, UserMixin):
    """A staff account. The mixin is Flask-Security's: see the design's one exception."""

    __tablename__ = "officers"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[OfficerRole] = mapped_column(word(OfficerRole), default=OfficerRole.AGENT)
    # None: invited, and has not chosen one yet.
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # Changing it ends every session of the account (Flask-Security).
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    # Of the back office; empty: not chosen, which is French.
    language: Mapped[str] = mapped_column(String(8), default="")
    # Second factor, under the names that Flask-Security gives them; both are encrypted.
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    # The last code of the authenticator that was taken: none is taken twice.
    tf_last_counter: Mapped[int | None]
    # Flask-Security takes used codes out of the list in place.
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON(none_as_null=True)))

    # When the first of the changes of password, second factor and recovery codes was made that the officer has not yet
    # said to have read; None: all are read.
    changes_unread_since: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship(back_populates="officers", lazy="joined", innerjoin=True)

    def check_tf_required(
        self,
        tf_setup_methods: list[tuple[str, str]],
        tf_fresh: bool,  # noqa: ARG002, FBT001
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Whether the sign-in goes on with a second factor (Flask-Security)."""
        return bool(tf_setup_methods) or self.check_tf_required_setup(), tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        """Whether this account must have one; the configuration lists the roles that must."""
        return self.role.value in cast("tuple[str, ...]", super().check_tf_required_setup())

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """The roles this one includes, lowest first."""
        ordered = list(OfficerRole)
        return [RoleName(role.value) for role in ordered[: ordered.index(self.role) + 1]]
