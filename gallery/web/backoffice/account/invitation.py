"""The link of an invitation: whoever holds it chooses the account's password, once."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, ValidationError

from gallery.models import Officer
from gallery.services.people import officers
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.passwords import estimate, normalised, password_hash, refusal_of
from gallery.web.backoffice.conflict import status_of
from gallery.web.resources import database, now, resources


class PasswordForm(FlaskForm):
    """A new password, twice."""

    password = PasswordField(
        lazy_gettext("Nouveau mot de passe"),
        description=lazy_gettext("12 caractères au moins. Une suite de mots se retient mieux."),
        render_kw={"autocomplete": "new-password", "maxlength": 128},
    )
    again = PasswordField(
        lazy_gettext("Le même, une seconde fois"), render_kw={"autocomplete": "new-password", "maxlength": 128}
    )

    def __init__(self, officer: Officer) -> None:
        super().__init__()
        self.officer = officer

    def validate_password(self, field: PasswordField) -> None:
        """Refuse one that is soon guessed."""
        refusal = refusal_of(field.data or "", self.officer)
        if refusal:
            raise ValidationError(refusal)

    def validate_again(self, field: PasswordField) -> None:
        """Refuse a slip of the keyboard."""
        if normalised(field.data or "") != normalised(self.password.data or ""):
            raise ValidationError(gettext("Les deux mots de passe ne sont pas les mêmes."))


def choose_password(token: str) -> ResponseReturnValue:
    """Choose the password of the account that the link opens; looking at the page does not use the link up."""
    officer = officers.by_link(database(), token, now=now(), sealer=resources().sealer)
    form = PasswordForm(officer)
    if form.validate_on_submit():
        hashed = password_hash(form.password.data)
        with atomic(database()) as session:
            officers.choose_password(session, token, hashed, now=now(), sealer=resources().sealer)
        flash(gettext("Votre mot de passe est enregistré. Connectez-vous."), "success")
        return redirect(url_for("security.login"))
    return render_template("backoffice/access.html", form=form, officer=officer), status_of(form)


def judge_password(token: str) -> ResponseReturnValue:
    """How the password that is being typed does, for the meter of the page."""
    officer = officers.by_link(database(), token, now=now(), sealer=resources().sealer)
    level, sentence = estimate(request.form.get("mot_de_passe", ""), officer)
    return jsonify(level=level, sentence=sentence)
