"""Accounts of officers: invited, given a link to choose a password, disabled, given another role.

Administrators act on every account; managers read those of their unit.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import ChangedMeanwhile, LastAdministrator, LinkNotFound, NotAllowed, OfficerNotFound
from gallery.models import AccessLink, Officer, OfficerRole, Unit
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.people import credentials, desk_sessions, units
from gallery.services.resources import Resources


@dataclass(frozen=True)
class WrittenOfficer:
    """What an administrator has written of an officer. seen: the name, and the code of the unit, that it replaces."""

    name: str
    unit: Unit
    seen: tuple[str, str]


@dataclass(frozen=True)
class NewRole:
    """The role that an administrator gives. seen: the one that it replaces."""

    role: OfficerRole
    seen: OfficerRole


def invite(session: Session, given: Resources, new: units.NewOfficer, *, valid_for: timedelta, by: Officer) -> str:
    """Open an account without password; return the random part of the link by which one is chosen, once.

    Raises AlreadyTaken when the address has an account.
    """
    require(by, OfficerRole.ADMINISTRATOR)
    officer = units.create_officer(session, new, password_hash=None, by=by, now=given.now())
    return _give_link(session, given, officer, valid_for)


def renew_link(session: Session, given: Resources, officer: Officer, *, valid_for: timedelta, by: Officer) -> str:
    """Give a new link to choose a password, in place of the last one; the present password holds until it is used.

    Raises ChangedMeanwhile when the account is closed, where none is offered: a link would open nothing.
    """
    require(by, OfficerRole.ADMINISTRATOR)
    if not officer.active:
        raise ChangedMeanwhile
    credentials.note(session, officer, "give_link", by=by, now=given.now())
    return _give_link(session, given, officer, valid_for)


def by_link(session: Session, token: str, *, now: datetime, sealer: Sealer) -> Officer:
    """The account that a link opens; raise LinkNotFound."""
    return _link(session, token, now, sealer).officer


def choose_password(session: Session, token: str, password_hash: str, *, now: datetime, sealer: Sealer) -> Officer:
    """Use a link up: set the password, end every session; raise LinkNotFound. password_hash: argon2id."""
    link = _link(session, token, now, sealer)
    officer = link.officer
    session.delete(link)
    officer.password = password_hash
    _end_sessions(session, officer)
    credentials.note(session, officer, "choose_password", by=officer, now=now)
    return officer


def set_active(session: Session, officer: Officer, *, is_active: bool, by: Officer, now: datetime) -> None:
    """Close an account, or open it again; raise LastAdministrator.

    A closed one is signed out everywhere, and the link that it was given opens nothing, not even once it is open again.
    """
    require(by, OfficerRole.ADMINISTRATOR)
    if officer.active == is_active:
        return
    if not is_active:
        _check_not_last(session, officer)
        _end_sessions(session, officer)
        credentials.end_link(session, officer)
    officer.active = is_active
    audit.record(session, by, "enable" if is_active else "disable", officer, now=now)


def change_role(session: Session, officer: Officer, new: NewRole, *, by: Officer, now: datetime) -> None:
    """Give another role; raise ChangedMeanwhile when the present one is not the one seen, or LastAdministrator.

    Whoever becomes an administrator is signed out everywhere, so that the second factor is asked for, and told of it.
    """
    require(by, OfficerRole.ADMINISTRATOR)
    if officer.role is not new.seen:
        raise ChangedMeanwhile
    if officer.role is new.role:
        return
    if officer.role is OfficerRole.ADMINISTRATOR:
        _check_not_last(session, officer)
    officer.role = new.role
    if officer.role is OfficerRole.ADMINISTRATOR:
        _end_sessions(session, officer)
        credentials.note(session, officer, "make_administrator", by=by, now=now)
    else:
        audit.record(session, by, "edit", officer, now=now, fields=["role"])


def edit(session: Session, officer: Officer, written: WrittenOfficer, *, by: Officer, now: datetime) -> None:
    """Give another name, or move to another unit, whose items alone the officer works on from then on.

    Raises ChangedMeanwhile when what was seen is something else by now.
    """
    require(by, OfficerRole.ADMINISTRATOR)
    if (officer.name, officer.unit.code) != written.seen:
        raise ChangedMeanwhile
    values = {"name": written.name, "unit": written.unit}
    changed = [field for field, value in values.items() if getattr(officer, field) != value]
    if not changed:
        return
    officer.name, officer.unit = written.name, written.unit
    audit.record(session, by, "edit", officer, now=now, fields=changed)


def reset_second_factor(session: Session, officer: Officer, *, by: Officer, now: datetime) -> None:
    """Take away the second factor of an officer who has lost it, and sign the account out everywhere."""
    require(by, OfficerRole.ADMINISTRATOR)
    officer.tf_primary_method = officer.tf_totp_secret = officer.mf_recovery_codes = officer.tf_last_counter = None
    _end_sessions(session, officer)
    credentials.note(session, officer, "reset_second_factor", by=by, now=now)


def choose_language(officer: Officer, language: str) -> None:
    """Keep the language in which an officer works."""
    officer.language = language


def visible_to(session: Session, reader: Officer) -> list[Officer]:
    """The accounts that an officer may read, by unit and name; raise NotAllowed for an agent."""
    require(reader, OfficerRole.MANAGER)
    wanted = select(Officer).join(Officer.unit).order_by(Unit.name, Officer.name, Officer.id)
    if reader.role is not OfficerRole.ADMINISTRATOR:
        wanted = wanted.where(Officer.unit_id == reader.unit_id)
    return list(session.scalars(wanted))


def get(session: Session, public_id: str, *, by: Officer) -> Officer:
    """The account of this identifier, for administrators; raise NotAllowed or OfficerNotFound."""
    require(by, OfficerRole.ADMINISTRATOR)
    officer = session.scalar(select(Officer).where(Officer.public_id == public_id))
    if officer is None:
        raise OfficerNotFound(public_id)
    return officer


def find_by_session(session: Session, fs_uniquifier: str) -> Officer | None:
    """The officer whose sessions carry this value of Flask-Security's."""
    return session.scalar(select(Officer).where(Officer.fs_uniquifier == fs_uniquifier))


def lock(session: Session, public_id: str, *, by: Officer) -> Officer:
    """The account, to be changed: locked until the transaction ends; raise NotAllowed or OfficerNotFound."""
    officer = get(session, public_id, by=by)
    session.refresh(officer, with_for_update={"of": Officer, "key_share": True})
    return officer


def link_expiry(session: Session, officer: Officer, *, now: datetime) -> datetime | None:
    """Until when the last link that was given still opens the account; None without one."""
    return session.scalar(
        select(AccessLink.expires_at).where(AccessLink.officer_id == officer.id, AccessLink.expires_at > now)
    )


def require(officer: Officer, role: OfficerRole) -> None:
    """Raise NotAllowed when the officer's role does not include this one."""
    ordered = list(OfficerRole)
    if ordered.index(officer.role) < ordered.index(role):
        raise NotAllowed(role)


def _give_link(session: Session, given: Resources, officer: Officer, valid_for: timedelta) -> str:
    token = secrets.token_urlsafe(24)
    link = session.scalar(select(AccessLink).where(AccessLink.officer_id == officer.id))
    if link is None:
        link = AccessLink(officer_id=officer.id)
        session.add(link)
    link.digest, link.expires_at = _digest(token, given.sealer), given.now() + valid_for
    return token


def _link(session: Session, token: str, now: datetime, sealer: Sealer) -> AccessLink:
    link = session.scalar(select(AccessLink).where(AccessLink.digest == _digest(token, sealer)))
    if link is None or link.expires_at <= now or not link.officer.active:
        raise LinkNotFound
    return link


def _end_sessions(session: Session, officer: Officer) -> None:
    officer.fs_uniquifier = secrets.token_hex(16)
    desk_sessions.end_all(session, officer)


def _check_not_last(session: Session, officer: Officer) -> None:
    # Locked, all in one order: two administrators who take each other's role away at once must not both succeed.
    administrators = (
        select(Officer.id)
        .where(Officer.role == OfficerRole.ADMINISTRATOR, Officer.active)
        .order_by(Officer.id)
        .with_for_update(of=Officer, key_share=True)
    )
    if set(session.scalars(administrators)) == {officer.id}:
        raise LastAdministrator


def _digest(token: str, sealer: Sealer) -> str:
    # Keyed: whoever can only write into the database can't make a link of their own.
    return sealer.fingerprint(token, purpose="access link")
