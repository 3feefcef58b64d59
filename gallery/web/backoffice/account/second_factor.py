"""The second factor, through Flask-Security: an authenticator's codes, and recovery codes for the day it is lost."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from typing import cast

from flask import request
from flask_babel import lazy_gettext
from flask_security import MfRecoveryCodesUtil, Totp, UserMixin
from passlib.exc import TokenError  # type: ignore[import-untyped]

from gallery.config import Settings
from gallery.models import Officer, OfficerRole
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.people import credentials, second_factor
from gallery.services.transaction import atomic
from gallery.web.backoffice.account import attempts
from gallery.web.requests import wants_json
from gallery.web.resources import database, now

# Officer.check_tf_required reads it; Flask-Security itself knows all or nobody.
REQUIRED_OF: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "administrators": (OfficerRole.ADMINISTRATOR.value,),
    "all": tuple(role.value for role in OfficerRole),
}
# Pages of someone who has given the password and not yet the code.
ENDPOINTS = ("security.two_factor_token_validation", "security.mf_recovery", "security.two_factor_setup")


class OnceOnlyTotp(Totp):
    """Codes that are taken once: one read over a shoulder, or sent by four requests at once, is worth nothing more."""

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        """Whether this is the code of the moment and nobody has taken it."""
        officer = cast(Officer, user)
        # A telephone that is being set up: the key is new, and so are all its codes.
        is_new = totp_secret != officer.tf_totp_secret
        last_taken = None if is_new else officer.tf_last_counter
        try:
            match = self._totp.verify(token, totp_secret, window=window, last_counter=last_taken)
        except TokenError:
            attempts.failed("code_failed")
            return False
        if is_new:
            attempts.succeeded()
            with atomic(database()):
                officer.tf_last_counter = match.counter
            return True
        with atomic(database()) as session:
            is_taken = second_factor.take_code(session, officer, match.counter)
        attempts.succeeded() if is_taken else attempts.failed("code_failed")
        return is_taken


class OnceOnlyRecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes that are taken out of the list by the very look that finds them there."""

    def get_recovery_codes(self, user: UserMixin) -> list[str]:
        """The codes that are left; that they were shown goes into the journal."""
        codes, officer = super().get_recovery_codes(user), cast(Officer, user)
        # Asked for as well where the page only says that there are some.
        if codes and (request.args.get("show_codes") or request.is_json or wants_json()):
            with atomic(database()) as session:
                audit.tally(session, officer, "show_recovery_codes", officer, now=now())
        return codes

    def check_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Take the code; False when it is none of the officer's, or somebody has taken it."""
        officer, wanted = cast(Officer, user), code.strip().lower()

        def find(kept: Sequence[str]) -> int | None:
            for place, each in enumerate(kept):
                if any(hmac.compare_digest(wanted.encode(), one.encode()) for one in self._decrypt_codes([each])):
                    return place
            return None

        with atomic(database()) as session:
            is_taken = second_factor.take_recovery_code(session, officer, find)
            if is_taken:
                credentials.note(session, officer, "use_recovery_code", by=officer, now=now())
        attempts.succeeded() if is_taken else attempts.failed("code_failed")
        return is_taken

    def delete_recovery_code(self, user: UserMixin, code: str) -> bool:  # noqa: ARG002
        """Nothing is left to do: the code has been taken."""
        return True


def configuration(settings: Settings) -> dict[str, object]:
    """What Flask-Security is told. Its keys are made from the one of digests, which stays when the others change."""
    sealer = Sealer(settings.sealing_identity, settings.digest_key)
    recovery_key = bytes.fromhex(sealer.fingerprint("recovery codes", purpose="second factor"))
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_REQUIRED": REQUIRED_OF[settings.second_factor_for],
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_SETUP_URL": "/compte/code",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/connexion/code",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/connexion/aide",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/connexion/choix",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "backoffice.account",
        "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "backoffice/second_factor.html",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "backoffice/second_factor_code.html",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(recovery_key)],
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/compte/codes-de-secours",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/connexion/secours",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "backoffice/recovery_codes.html",
        "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "backoffice/recovery.html",
        "SECURITY_MSG_TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
            lazy_gettext("Le code de connexion est activé. Faites maintenant vos codes de secours."),
            "success",
        ),
        "SECURITY_MSG_TWO_FACTOR_DISABLED": (lazy_gettext("Le code de connexion est désactivé."), "success"),
        "SECURITY_MSG_TWO_FACTOR_LOGIN_SUCCESSFUL": (lazy_gettext("Le code est le bon."), "success"),
        "SECURITY_MSG_TWO_FACTOR_INVALID_TOKEN": (lazy_gettext("Ce code n’est pas le bon. Recommencez."), "error"),
        "SECURITY_MSG_TWO_FACTOR_PERMISSION_DENIED": (
            lazy_gettext("La connexion a été interrompue. Donnez de nouveau votre mot de passe."),
            "error",
        ),
        "SECURITY_TOTP_SECRETS": {"1": sealer.fingerprint("authenticator", purpose="second factor")},
        "SECURITY_TOTP_ISSUER": settings.site_name,
    }
