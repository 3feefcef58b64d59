"""Accounts that claim to be a unit's and are not: the public is told so of these, and of no others."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gallery.errors import AccountNotFound, AccountTaken, SealBroken
from gallery.models import FalseAccount, Officer, OfficialAccount
from gallery.sealing import Sealer
from gallery.services import audit, revision
from gallery.services.resources import Resources
from gallery.sharing.account_addresses import AccountAddress, kept, read

LONGEST_NOTE = 500


@dataclass(frozen=True)
class NotedAccount:
    """A false account as officers read it. note: what they wrote of it, never public; None where no key opens it."""

    reference: str
    account: AccountAddress
    reported_at: datetime
    note: str | None


def all_noted(session: Session, *, sealer: Sealer) -> list[NotedAccount]:
    """Every false account, the last reported first."""
    rows = session.scalars(select(FalseAccount).order_by(FalseAccount.reported_at.desc(), FalseAccount.id.desc()))
    return [NotedAccount(row.reference, kept(row.address), row.reported_at, _note_of(row, sealer)) for row in rows]


def add(session: Session, given: Resources, text: str, note: str, *, by: Officer) -> None:
    """Say that an account is false.

    Raise AccountRefused for an address that can't be an account's, AccountTaken for one that is known already, as an
    official account with the name of its unit.
    """
    address = read(text).address
    # First, and so one after the other: two reports of one address are one.
    revision.hold(session)
    official = session.scalar(select(OfficialAccount).where(func.lower(OfficialAccount.address) == address.lower()))
    if official is not None:
        raise AccountTaken(official.unit.name)
    if is_any_false(session, [address]):
        raise AccountTaken("")
    now = given.now()
    row = FalseAccount(reference=secrets.token_hex(6), address=address, reported_at=now)
    row.sealed = given.sealer.seal({"note": note}, row=_name(row))
    session.add(row)
    revision.touch_items(session, [])
    audit.record(session, by, "report_account", by.unit, now=now, address=address)


def withdraw(session: Session, reference: str, *, by: Officer, now: datetime) -> None:
    """No longer say so; raise AccountNotFound."""
    row = session.scalar(select(FalseAccount).where(FalseAccount.reference == reference))
    if row is None:
        raise AccountNotFound(reference)
    audit.record(session, by, "unreport_account", by.unit, now=now, address=row.address)
    session.delete(row)
    revision.touch_items(session, [])


def forget(session: Session, address: str) -> None:
    """No longer say so of an address that is an official account's from now on."""
    session.execute(delete(FalseAccount).where(func.lower(FalseAccount.address) == address.lower()))


def is_any_false(session: Session, addresses: Sequence[str]) -> bool:
    """Whether one of these addresses, as accounts are kept, is that of a false account."""
    lowered = [address.lower() for address in addresses]
    wanted = select(FalseAccount.address).where(func.lower(FalseAccount.address).in_(lowered))
    return session.scalar(wanted.limit(1)) is not None


def _note_of(row: FalseAccount, sealer: Sealer) -> str | None:
    try:
        return str(sealer.unseal(row.sealed, row=_name(row))["note"])
    except SealBroken:
        return None


def _name(row: FalseAccount) -> str:
    return f"false account:{row.reference}"
