"""Forms in which a password is given: to sign in, to change it, and again before a sensitive act on an account."""

from typing import Any, cast

from flask import request
from flask_babel import gettext
from flask_security import ChangePasswordForm, LoginForm, VerifyForm
from flask_wtf import FlaskForm
from wtforms import Field

from gallery.models import Officer
from gallery.services.people import addresses
from gallery.web.backoffice.account import attempts, open_sessions, passwords
from gallery.web.resources import database
from gallery.web.return_address import is_local


class SignInForm(LoginForm):
    """Address, password, and the local page to go on to."""

    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_local(self.next.data, root=request.script_root):
            self.next.data = ""

    def validate_next(self, field: Field) -> None:
        """Replace Flask-Security's own check, which lets every page of this host pass: ours was made above."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the officer may go on; every refusal reads the same and takes as long."""
        if not FlaskForm.validate(self, **kwargs):
            return False
        officer = addresses.find_officer(database(), self.email.data)
        is_right = passwords.is_right(self.password.data, officer)
        if officer is None or not is_right or not officer.active:
            attempts.failed("sign_in_failed")
            self.password.errors = [*self.password.errors, ""]
            return False
        attempts.succeeded()
        self.user = officer
        return True


class ChangeForm(ChangePasswordForm):
    """The present password, and the new one twice."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the new password is taken; a wrong present one counts as an attempt."""
        if not FlaskForm.validate(self, **kwargs):
            return False
        officer = cast(Officer, open_sessions.officer_here())
        if not passwords.is_right(self.password.data, officer):
            attempts.failed("confirmation_failed")
            self.password.errors = [gettext("Ce n’est pas votre mot de passe actuel.")]
            return False
        attempts.succeeded()
        refusal = passwords.refusal_of(self.new_password.data, officer)
        if passwords.normalised(self.password.data) == passwords.normalised(self.new_password.data):
            refusal = gettext("C’est le mot de passe que vous avez déjà : choisissez-en un autre.")
        self.new_password.errors = [refusal] if refusal else []
        self.new_password.data = passwords.normalised(self.new_password.data)
        return not refusal


class AgainForm(VerifyForm):
    """The password again, of an officer who is signed in."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is the officer's."""
        if not FlaskForm.validate(self, **kwargs):
            return False
        if not passwords.is_right(self.password.data, open_sessions.officer_here()):
            attempts.failed("confirmation_failed")
            self.password.errors = [gettext("Ce n’est pas votre mot de passe.")]
            return False
        attempts.succeeded()
        return True
