"""Official accounts on social networks, kept by administrators; the public page is made of what they check here."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField
from wtforms.validators import DataRequired

from gallery.errors import AccountRefused, AccountTaken, DepartementHasAccounts
from gallery.models import OfficerRole
from gallery.services.people import officers, official_accounts, units
from gallery.services.transaction import atomic
from gallery.sharing.account_addresses import LONGEST, NETWORKS, AddressFault, kept
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.conflict import status_of
from gallery.web.backoffice.fields import line
from gallery.web.departements import DEPARTEMENTS
from gallery.web.errors import sentence_for
from gallery.web.resources import database, now

REFUSALS = {
    AddressFault.NOT_HTTPS: lazy_gettext("Copiez l’adresse entière depuis le navigateur : elle commence par https://."),
    AddressFault.DISGUISED: lazy_gettext(
        "Cette adresse cache l’endroit où elle mène. Ne l’ouvrez pas ; cherchez le compte sur le réseau lui-même."
    ),
    AddressFault.NO_ACCOUNT: lazy_gettext(
        "Cette adresse ne mène pas à un compte. Ouvrez la page d’accueil du compte, puis copiez son adresse."
    ),
}


class AccountForm(FlaskForm):
    """An account of a unit."""

    unit = SelectField(lazy_gettext("Unité"), validators=[DataRequired(lazy_gettext("Choisissez l’unité."))])
    address = line(
        lazy_gettext("Adresse du compte"),
        longest=LONGEST,
        hint=lazy_gettext("Ouvrez le compte dans le navigateur et copiez son adresse : https://www.facebook.com/…"),
        required=lazy_gettext("Donnez l’adresse du compte."),
        inputmode="url",
        autocomplete="off",
    )


def listing() -> ResponseReturnValue:
    """Every account, and the départements that were checked to have none."""
    _administrators_only()
    return _page(_form())


def add() -> ResponseReturnValue:
    """Note an account that the administrator has looked at."""
    _administrators_only()
    form = _form()
    if form.validate_on_submit():
        try:
            with atomic(database()) as session:
                unit = units.get_by_code(session, form.unit.data)
                official_accounts.add(session, unit, form.address.data, by=current_officer(), now=now())
        except AccountRefused as refusal:
            form.address.errors = [refused(refusal)]
        except AccountTaken as taken:
            form.address.errors = [gettext("Ce compte est déjà dans la liste : %(unit)s.", unit=taken.unit)]
        else:
            flash(gettext("Le compte est dans la liste publique."), "success")
            return _back()
    return _page(form)


def check(reference: str) -> ResponseReturnValue:
    """Record that an account was checked again."""
    _administrators_only()
    with atomic(database()) as session:
        official_accounts.check_again(session, reference, by=current_officer(), now=now())
    flash(gettext("Le compte est vérifié à la date d’aujourd’hui."), "success")
    return _back()


def remove(reference: str) -> ResponseReturnValue:
    """Take an account off the list."""
    _administrators_only()
    with atomic(database()) as session:
        official_accounts.remove(session, reference, by=current_officer(), now=now())
    flash(gettext("Le compte n’est plus dans la liste publique."), "success")
    return _back()


def declare() -> ResponseReturnValue:
    """Say that a département has no account."""
    _administrators_only()
    departement = request.form.get("departement", "")
    if departement not in DEPARTEMENTS:
        flash(gettext("Choisissez un département."), "danger")
        return _back()
    try:
        with atomic(database()) as session:
            official_accounts.declare_none(session, departement, by=current_officer(), now=now())
    except DepartementHasAccounts as refusal:
        flash(sentence_for(refusal), "danger")
    else:
        flash(gettext("La page publique dit que ce département n’a pas de compte officiel."), "success")
    return _back()


def withdraw(code: str) -> ResponseReturnValue:
    """No longer say so."""
    _administrators_only()
    with atomic(database()) as session:
        official_accounts.withdraw_declaration(session, code, by=current_officer(), now=now())
    flash(gettext("La page publique ne dit plus rien de ce département."), "success")
    return _back()


def refused(refusal: AccountRefused) -> str:
    """Why an address can't be an official account's."""
    if refusal.why == AddressFault.LOOKS_ALIKE:
        return gettext(
            "Attention : cette adresse imite %(domain)s et n’en fait pas partie. Ne l’ouvrez pas.",
            domain=refusal.imitated,
        )
    if refusal.why == AddressFault.UNKNOWN_NETWORK:
        names = ", ".join(network.name for network in NETWORKS)
        return gettext("Ce site n’est pas un des réseaux connus : %(names)s.", names=names)
    return str(REFUSALS[AddressFault(refusal.why)])


def _form() -> AccountForm:
    form = AccountForm()
    offered = [SelectChoice(each.code, each.name) for each in units.all_units(database())]
    # None is chosen beforehand: an account under the wrong unit would be public at once.
    form.unit.choices = [SelectChoice("", gettext("Choisissez…")), *offered]
    return form


def _page(form: AccountForm) -> ResponseReturnValue:
    accounts = official_accounts.all_accounts(database())
    page = render_template(
        "backoffice/official_accounts.html",
        form=form,
        accounts=[(account, kept(account.address)) for account in accounts],
        accountless=official_accounts.accountless(database()),
        departements=DEPARTEMENTS,
    )
    return page, status_of(form)


def _back() -> ResponseReturnValue:
    return redirect(url_for(".official_accounts"))


def _administrators_only() -> None:
    officers.require(current_officer(), OfficerRole.ADMINISTRATOR)
