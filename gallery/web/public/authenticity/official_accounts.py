"""The units' official accounts on social networks, for people and for programs."""

from flask import Response, jsonify, render_template
from flask_babel import to_user_timezone

from gallery.services.people import official_accounts
from gallery.services.people.official_accounts import CheckedAccount, CheckedDepartement, UnitAccounts
from gallery.web import labels
from gallery.web.departements import DEPARTEMENTS
from gallery.web.public.kept import kept
from gallery.web.resources import database

# Where anyone in France reports what is unlawful on the internet (ministère de l’Intérieur).
PHAROS = "https://www.internet-signalement.gouv.fr"


@kept()
def show() -> str:
    """Which accounts are genuine, where there is none, and what to do about a false one."""
    return render_template(
        "public/official_accounts.html", register=official_accounts.register(database()), pharos=PHAROS
    )


def document() -> Response:
    """The list of official accounts for programs, as JSON."""
    return jsonify(record())


def record() -> dict[str, object]:
    """The genuine accounts, and the départements that have none."""
    register = official_accounts.register(database())
    return {
        "site": labels.absolute("/"),
        "accounts": [_account(unit, account) for unit in register.units for account in unit.accounts],
        "departements_without_account": [_departement(each) for each in register.accountless],
    }


def _account(unit: UnitAccounts, account: CheckedAccount) -> dict[str, str]:
    return {
        "unit": unit.unit.name,
        "unit_code": unit.unit.code,
        "departement": unit.unit.departement,
        "network": account.network.code,
        "address": account.address,
        "checked_by": account.checked_by,
        "checked_on": to_user_timezone(account.checked_at).date().isoformat(),
    }


def _departement(each: CheckedDepartement) -> dict[str, str]:
    return {
        "departement": each.departement,
        "name": DEPARTEMENTS.get(each.departement, ""),
        "checked_by": each.checked_by,
        "checked_on": to_user_timezone(each.checked_at).date().isoformat(),
    }
