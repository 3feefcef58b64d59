"""Official accounts on social networks: what a unit has checked, and what the public may rely on."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from gallery.errors import AccountNotFound, AccountTaken, DepartementHasAccounts, FieldInvalid
from gallery.models import AccountlessDepartement, Officer, OfficialAccount, Unit
from gallery.services import audit, revision
from gallery.services.gallery.public_records import PublicUnit
from gallery.services.items.numbering.numbers import DEPARTEMENT
from gallery.services.people import false_accounts
from gallery.services.words.folding import fold
from gallery.sharing.account_addresses import AccountAddress, AccountNetwork, kept, read


@dataclass(frozen=True)
class CheckedAccount:
    """An account as the public may know it. checked_by: the name of the unit that did, never an officer's."""

    network: AccountNetwork
    address: str
    shown: str
    checked_by: str
    checked_at: datetime


@dataclass(frozen=True)
class UnitAccounts:
    """A unit with its accounts, one or more."""

    unit: PublicUnit
    accounts: tuple[CheckedAccount, ...]


@dataclass(frozen=True)
class CheckedDepartement:
    """A département without any account; checked_by: the name of the unit that says so."""

    departement: str
    checked_by: str
    checked_at: datetime


@dataclass(frozen=True)
class Register:
    """All that is known of accounts: those of units, by département and name, and the départements without any."""

    units: tuple[UnitAccounts, ...]
    accountless: tuple[CheckedDepartement, ...]


def register(session: Session) -> Register:
    """What the public may know."""
    units = groupby(all_accounts(session), key=lambda account: account.unit)
    return Register(
        tuple(UnitAccounts(_unit(unit), _accounts(accounts)) for unit, accounts in units),
        tuple(
            CheckedDepartement(each.departement, each.checked_by.name, each.checked_at) for each in accountless(session)
        ),
    )


def all_accounts(session: Session) -> list[OfficialAccount]:
    """Every account with its unit, by département and name of the unit, then by address."""
    wanted = select(OfficialAccount).options(joinedload(OfficialAccount.unit), joinedload(OfficialAccount.checked_by))
    return sorted(
        session.scalars(wanted),
        key=lambda each: (each.unit.departement, fold(each.unit.name), each.unit.id, each.address.casefold()),
    )


def accountless(session: Session) -> list[AccountlessDepartement]:
    """The départements that were checked to have no account, by number."""
    wanted = select(AccountlessDepartement).options(joinedload(AccountlessDepartement.checked_by))
    return list(session.scalars(wanted.order_by(AccountlessDepartement.departement)))


def add(session: Session, unit: Unit, text: str, *, by: Officer, now: datetime) -> OfficialAccount:
    """Note an account of a unit, checked now by the officer's unit; its département then no longer has none.

    Raise AccountRefused for an address that can't be an account's, AccountTaken for one that is known already.
    """
    account = read(text)
    _hold(session, unit.departement)
    known = session.scalar(
        select(OfficialAccount).where(func.lower(OfficialAccount.address) == account.address.lower())
    )
    if known is not None:
        raise AccountTaken(known.unit.name)
    row = OfficialAccount(
        reference=secrets.token_hex(6), unit=unit, address=account.address, checked_by=by.unit, checked_at=now
    )
    session.add(row)
    false_accounts.forget(session, account.address)
    withdraw_declaration(session, unit.departement, by=by, now=now)
    revision.touch_items(session, [])
    audit.record(session, by, "add_account", unit, now=now, address=account.address)
    session.flush()
    return row


def check_again(session: Session, reference: str, *, by: Officer, now: datetime) -> None:
    """Note that the account was looked at today by the officer's unit, and is genuine; raise AccountNotFound."""
    account = _get(session, reference)
    account.checked_by, account.checked_at = by.unit, now
    revision.touch_items(session, [])
    audit.record(session, by, "check_account", account.unit, now=now, address=account.address)


def remove(session: Session, reference: str, *, by: Officer, now: datetime) -> None:
    """Take an account off the list; raise AccountNotFound."""
    account = _get(session, reference)
    audit.record(session, by, "remove_account", account.unit, now=now, address=account.address)
    session.delete(account)
    revision.touch_items(session, [])


def declare_none(session: Session, departement: str, *, by: Officer, now: datetime) -> None:
    """Note that no unit of a département has an account; raise DepartementHasAccounts when one of ours has."""
    if DEPARTEMENT.fullmatch(departement) is None:
        raise FieldInvalid("departement", departement)
    _hold(session, departement)
    has_account = select(OfficialAccount.id).join(OfficialAccount.unit).where(Unit.departement == departement)
    if session.scalar(has_account.limit(1)) is not None:
        raise DepartementHasAccounts(departement)
    row = session.get(AccountlessDepartement, departement) or AccountlessDepartement(departement=departement)
    row.checked_by, row.checked_at = by.unit, now
    session.add(row)
    revision.touch_items(session, [])
    audit.record(session, by, "declare_no_account", by.unit, now=now, departement=departement)


def withdraw_declaration(session: Session, departement: str, *, by: Officer, now: datetime) -> None:
    """No longer say that a département has no account; not said: nothing happens."""
    row = session.get(AccountlessDepartement, departement)
    if row is not None:
        session.delete(row)
        session.flush()
        revision.touch_items(session, [])
        audit.record(session, by, "withdraw_no_account", by.unit, now=now, departement=departement)


def _hold(session: Session, departement: str) -> None:
    """Let nobody else add an account, or declare that the département has none, until this is decided.

    An address is an account once in the whole country, and a département need not have a unit of ours.
    """
    units = select(Unit.id).where(Unit.departement == departement).order_by(Unit.id)
    session.execute(units.with_for_update(key_share=True))
    revision.hold(session)


def _get(session: Session, reference: str) -> OfficialAccount:
    account = session.scalar(select(OfficialAccount).where(OfficialAccount.reference == reference))
    if account is None:
        raise AccountNotFound(reference)
    return account


def _unit(unit: Unit) -> PublicUnit:
    return PublicUnit(unit.code, unit.name, unit.kind, unit.departement, unit.public_phone, unit.public_email)


def _accounts(rows: Iterable[OfficialAccount]) -> tuple[CheckedAccount, ...]:
    return tuple(_checked(row, kept(row.address)) for row in rows)


def _checked(row: OfficialAccount, address: AccountAddress) -> CheckedAccount:
    return CheckedAccount(address.network, address.address, address.shown, row.checked_by.name, row.checked_at)
