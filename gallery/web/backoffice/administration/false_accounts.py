"""False accounts, kept by administrators: `/verifier` warns of them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm

from gallery.errors import AccountRefused, AccountTaken
from gallery.models import OfficerRole
from gallery.services.people import false_accounts, officers
from gallery.services.people.false_accounts import LONGEST_NOTE
from gallery.services.transaction import atomic
from gallery.sharing.account_addresses import LONGEST
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.administration.official_accounts import refused
from gallery.web.backoffice.conflict import status_of
from gallery.web.backoffice.fields import line
from gallery.web.resources import database, now, resources


class FalseAccountForm(FlaskForm):
    """An account that is not a unit's."""

    address = line(
        lazy_gettext("Adresse du faux compte"),
        longest=LONGEST,
        hint=lazy_gettext("Copiez son adresse depuis le navigateur : https://www.facebook.com/…"),
        required=lazy_gettext("Donnez l’adresse du compte."),
        inputmode="url",
        autocomplete="off",
    )
    note = line(
        lazy_gettext("Note pour les agents"),
        longest=LONGEST_NOTE,
        hint=lazy_gettext("Qui l’a signalé, ce qu’il demande. Le public ne la lit pas."),
        autocomplete="off",
    )


def listing() -> ResponseReturnValue:
    """The accounts that are known to be false."""
    _administrators_only()
    return _page(FalseAccountForm())


def add() -> ResponseReturnValue:
    """Say that an account is false."""
    _administrators_only()
    form = FalseAccountForm()
    if form.validate_on_submit():
        try:
            with atomic(database()) as session:
                address, note = form.address.data, form.note.data or ""
                false_accounts.add(session, resources(), address, note, by=current_officer())
        except AccountRefused as refusal:
            form.address.errors = [refused(refusal)]
        except AccountTaken as taken:
            form.address.errors = [_taken(taken)]
        else:
            flash(gettext("La page « Vérifier une publication » dit maintenant que ce compte est faux."), "success")
            return redirect(url_for(".false_accounts"))
    return _page(form)


def withdraw(reference: str) -> ResponseReturnValue:
    """No longer say so."""
    _administrators_only()
    with atomic(database()) as session:
        false_accounts.withdraw(session, reference, by=current_officer(), now=now())
    flash(gettext("Le site ne dit plus que ce compte est faux."), "success")
    return redirect(url_for(".false_accounts"))


def _taken(taken: AccountTaken) -> str:
    if taken.unit:
        return gettext(
            "C’est un compte officiel : %(unit)s. Retirez-le d’abord des comptes officiels.", unit=taken.unit
        )
    return gettext("Ce compte est déjà dans la liste.")


def _page(form: FalseAccountForm) -> ResponseReturnValue:
    accounts = false_accounts.all_noted(database(), sealer=resources().sealer)
    return render_template("backoffice/false_accounts.html", form=form, accounts=accounts), status_of(form)


def _administrators_only() -> None:
    officers.require(current_officer(), OfficerRole.ADMINISTRATOR)
