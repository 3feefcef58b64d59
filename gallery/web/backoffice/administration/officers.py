"""Accounts of the service: administrators invite, disable and change roles; managers read those of their unit."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import SelectChoice, SelectField, ValidationError
from wtforms.validators import DataRequired

from gallery.errors import AddressInvalid, AlreadyTaken
from gallery.models import Officer, OfficerRole
from gallery.services import audit
from gallery.services.people import addresses, officers, units
from gallery.services.transaction import atomic
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice import wording
from gallery.web.backoffice.account.confirmation import password_given_lately
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.conflict import status_of
from gallery.web.backoffice.fields import line
from gallery.web.resources import database, now, resources


class InvitationForm(FlaskForm):
    """Whom to invite."""

    name = line(
        lazy_gettext("Nom et grade"),
        longest=units.LONGEST_NAME,
        required=lazy_gettext("Donnez le nom de l’agent."),
        autocomplete="off",
    )
    email = line(
        lazy_gettext("Adresse électronique professionnelle"),
        longest=254,
        required=lazy_gettext("Donnez l’adresse de l’agent."),
        autocomplete="off",
        inputmode="email",
    )
    unit = SelectField(lazy_gettext("Unité"), validators=[DataRequired(lazy_gettext("Choisissez l’unité."))])
    role = SelectField(
        lazy_gettext("Rôle"), choices=[SelectChoice(role.value, word) for role, word in wording.ROLES.items()]
    )

    def validate_email(self, field: SelectField) -> None:
        """Refuse what is no address."""
        try:
            field.data = addresses.normalised(field.data or "")
        except AddressInvalid as error:
            raise ValidationError(gettext("Cette adresse électronique n’est pas complète.")) from error


def listing() -> ResponseReturnValue:
    """The accounts that the officer may read."""
    reader = current_officer()
    accounts = officers.visible_to(database(), reader)
    expiries = {each.id: officers.link_expiry(database(), each, now=now()) for each in accounts if not each.password}
    return render_template("backoffice/officers.html", officers=accounts, expiries=expiries)


@password_given_lately
def invite() -> ResponseReturnValue:
    """Open an account, and show the link by which its officer chooses a password."""
    officers.require(current_officer(), OfficerRole.ADMINISTRATOR)
    form = InvitationForm()
    form.unit.choices = [
        SelectChoice("", gettext("Choisissez…")),
        *(SelectChoice(each.code, each.name) for each in units.all_units(database())),
    ]
    known = None
    if form.validate_on_submit():
        try:
            return _show_link(_invite(form), form.email.data)
        except AlreadyTaken:
            known = addresses.find_officer(database(), form.email.data)
            form.email.errors = [_why_taken(known)]
    return render_template("backoffice/officer_invite.html", form=form, known=known), status_of(form)


def journal() -> ResponseReturnValue:
    """Sign-ins, failures, refusals and changes of every account."""
    officers.require(current_officer(), OfficerRole.ADMINISTRATOR)
    entries = audit.of_accounts(database())
    accounts = {each.public_id: each.name for each in officers.visible_to(database(), current_officer())}
    return render_template("backoffice/journal.html", history=wording.journal(entries, accounts))


def show(public_id: str) -> ResponseReturnValue:
    """One account, and what an administrator may do with it."""
    officer = officers.get(database(), public_id, by=current_officer())
    return render_template(
        "backoffice/officer.html",
        officer=officer,
        expiry=officers.link_expiry(database(), officer, now=now()),
        roles=wording.ROLES,
        units=units.all_units(database()),
        history=wording.journal(audit.of_account(database(), officer), {officer.public_id: officer.name}),
    )


@password_given_lately
def act(public_id: str) -> ResponseReturnValue:
    """Do to an account what the button says."""
    what, by = request.form.get("acte", ""), current_officer()
    with atomic(database()) as session:
        officer = officers.lock(session, public_id, by=by)
        if what == "lien":
            token = officers.renew_link(session, resources(), officer, valid_for=_validity(), by=by)
        elif what == "role":
            role = OfficerRole(request.form["role"]) if request.form.get("role") in list(OfficerRole) else officer.role
            seen = OfficerRole(request.form["vu"]) if request.form.get("vu") in list(OfficerRole) else officer.role
            officers.change_role(session, officer, officers.NewRole(role, seen), by=by, now=now())
        elif what == "code":
            officers.reset_second_factor(session, officer, by=by, now=now())
        elif what == "fiche":
            _edit(session, officer, by)
        elif what in ("fermer", "ouvrir"):
            officers.set_active(session, officer, is_active=what == "ouvrir", by=by, now=now())
    if what == "lien":
        return _show_link(token, officer.email)
    return _back_to(officer)


def _back_to(officer: Officer) -> ResponseReturnValue:
    flash(gettext("Compte mis à jour : %(name)s.", name=officer.name), "success")
    return redirect(url_for(".officer", public_id=officer.public_id))


def _edit(session: Session, officer: Officer, by: Officer) -> None:
    name = tidy_line(request.form.get("nom"))[: units.LONGEST_NAME] or officer.name
    unit = units.get_by_code(session, request.form.get("unite", ""))
    seen = request.form.get("vu-nom", ""), request.form.get("vu-unite", "")
    officers.edit(session, officer, officers.WrittenOfficer(name=name, unit=unit, seen=seen), by=by, now=now())


def _invite(form: InvitationForm) -> str:
    with atomic(database()) as session:
        new = units.NewOfficer(
            unit=units.get_by_code(session, form.unit.data),
            email=form.email.data,
            name=form.name.data,
            role=OfficerRole(form.role.data),
        )
        return officers.invite(session, resources(), new, valid_for=_validity(), by=current_officer())


def _why_taken(known: Officer | None) -> str:
    """Said of an address that has an account: the same form sent twice, a colleague's invitation, or one in use."""
    if known is None or known.password or not known.active:
        return gettext("Cette adresse a déjà un compte.")
    return gettext(
        "Une invitation pour %(name)s attend déjà depuis le %(when)s : elle n’est pas refaite. Si le lien est perdu,"
        " donnez-en un nouveau sur la page de ce compte.",
        name=known.name,
        when=wording.instant(known.created_at),
    )


def _show_link(token: str, email: str) -> str:
    """Shown this once: the database keeps its digest only."""
    address = url_for(".choose_password", token=token, _external=True)
    return render_template("backoffice/officer_link.html", address=address, email=email, until=now() + _validity())


def _validity() -> timedelta:
    return timedelta(hours=resources().settings.invitation_hours)
