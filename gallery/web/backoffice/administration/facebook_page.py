"""The Facebook page of a unit, connected by administrators. The token is never shown again."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, ValidationError

from gallery.models import OfficerRole, Unit
from gallery.services.facebook import connection
from gallery.services.facebook.graph import Graph, GraphError
from gallery.services.people import officers, units
from gallery.services.transaction import atomic, end_reading
from gallery.web.backoffice.account.confirmation import password_given_lately
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.albums import facebook_words
from gallery.web.backoffice.conflict import status_of
from gallery.web.backoffice.fields import line
from gallery.web.resources import database, now, resources

TIMEOUT_SECONDS = 10.0
PAGE_NUMBER, TOKEN = re.compile(r"\d{3,32}"), re.compile(r"[\x21-\x7e]{10,1000}")


class FacebookPageForm(FlaskForm):
    """A page's number, and the token that the program publishes with."""

    page_id = line(
        lazy_gettext("Numéro de la page"),
        longest=32,
        hint=lazy_gettext("Des chiffres seulement : sur la page, « À propos », puis « Transparence de la page »."),
        required=lazy_gettext("Donnez le numéro de la page."),
        inputmode="numeric",
        autocomplete="off",
    )
    token = PasswordField(
        lazy_gettext("Jeton d’accès de la page"),
        description=lazy_gettext(
            "Avec le droit de publier (pages_manage_posts). Il est chiffré et ne sera plus montré."
        ),
        render_kw={"autocomplete": "off", "maxlength": 1000},
    )

    def validate_page_id(self, field: Field) -> None:
        """Refuse a name or an address."""
        if field.data and not PAGE_NUMBER.fullmatch(field.data):
            raise ValidationError(gettext("Des chiffres seulement : l’adresse de la page ne suffit pas."))

    def validate_token(self, field: Field) -> None:
        """Refuse what can be no token."""
        if not TOKEN.fullmatch((field.data or "").strip()):
            raise ValidationError(gettext("Copiez le jeton en entier, sans espace."))


@password_given_lately
def connect(code: str) -> ResponseReturnValue:
    """Keep the page of a unit, once Facebook has said that the token is good for it, or forget it."""
    officers.require(current_officer(), OfficerRole.ADMINISTRATOR)
    unit = units.get_by_code(database(), code)
    if request.form.get("acte") == "oublier":
        return _forget(code)
    form = FacebookPageForm()
    if form.validate_on_submit():
        name = _name(form)
        if not form.errors:
            return _keep(code, form, name)
    page = connection.find(database(), unit)
    return render_template("backoffice/facebook_page.html", form=form, unit=unit, page=page), status_of(form)


def _name(form: FacebookPageForm) -> str:
    """What Facebook calls the page; a refusal, or no answer, is the token's error."""
    settings = resources().settings
    graph = Graph(settings.graph_address, form.token.data.strip(), timeout_seconds=TIMEOUT_SECONDS)
    end_reading(database())
    try:
        return graph.page_name(form.page_id.data)
    except GraphError as error:
        form.token.errors = [*form.token.errors, facebook_words.fault(error.fault.value)]
        return ""


def _keep(code: str, form: FacebookPageForm, name: str) -> ResponseReturnValue:
    with atomic(database()) as session:
        access = connection.FacebookAccess(page_id=form.page_id.data, token=form.token.data.strip())
        unit = units.get_by_code(session, code)
        connection.connect(session, resources(), unit, access, by=current_officer())
    flash(gettext("La page « %(name)s » est reliée à l’unité.", name=name), "success")
    return redirect(url_for(".facebook_page", code=code))


def _forget(code: str) -> ResponseReturnValue:
    with atomic(database()) as session:
        unit: Unit = units.get_by_code(session, code)
        connection.disconnect(session, unit, by=current_officer(), now=now())
    flash(gettext("La page n’est plus reliée à l’unité, et son jeton est effacé."), "success")
    return redirect(url_for(".facebook_page", code=code))
