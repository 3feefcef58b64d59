"""The second factor, through Flask-Security: an authenticator's codes, and recovery codes for the day it is lost."""

import base64
from typing import Any

from flask_babel import lazy_gettext
from flask_security import Totp, UserMixin

from gallery.config import Settings
from gallery.sealing import Sealer

# Pages of someone who has given the password and not yet the code.
ENDPOINTS = ("security.two_factor_token_validation", "security.mf_recovery", "security.two_factor_setup")


class OnceOnlyTotp(Totp):
    """Codes that are taken once: one read over a shoulder is worth nothing."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The counter of the last code taken."""
        return user.tf_last_counter  # type: ignore[attr-defined]

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        """Note the code that was taken."""
        user.tf_last_counter = tmatch.counter  # type: ignore[attr-defined]


def configuration(settings: Settings) -> dict[str, object]:
    """What Flask-Security is told. The keys are made from the sealing identity, which the back office has anyway."""
    sealer = Sealer(settings.sealing_identity)
    recovery_key = bytes.fromhex(sealer.fingerprint("recovery codes", purpose="second factor"))
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_REQUIRED": settings.second_factor_required,
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
