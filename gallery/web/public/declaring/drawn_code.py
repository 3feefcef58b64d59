"""The code of what is sent: the same once more for a form that is sent twice, by a second click or after going back."""

import hmac
import json
from collections.abc import Mapping
from typing import Any

from flask import current_app

from gallery.services.declarations.opening import codes


def code_for(begun: str, said: Mapping[str, Any]) -> str:
    """A code that nobody else can make: of this service's secret, and of what only this form and its sender have.

    begun: what `programs.begin` gave this form; said: what it was filled in with. The same twice make one code, and the
    worker files them once.
    """
    told = json.dumps([begun, said], sort_keys=True, default=str)
    return codes.made_of(hmac.digest(str(current_app.secret_key).encode(), b"code " + told.encode(), "sha256"))
