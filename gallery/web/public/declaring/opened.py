"""An opened declaration, for half an hour: what the code has unwrapped, in a cookie that this service alone can read.

Encrypted rather than kept on the server: several processes share it without a store, and a copy of the server's disk or
of Redis has no key of any declaration. The code itself is in no cookie.
"""

import hashlib
import json
import secrets
from dataclasses import asdict
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from flask import Response, current_app
from werkzeug import Response as AnyResponse

from gallery.services.declarations.locks import Holder
from gallery.web import cookies
from gallery.web.resources import now

COOKIE = "suivi"
LASTS = timedelta(minutes=30)
NONCE_BYTES = 12


def remember(answer: AnyResponse, holder: Holder) -> Response:
    """Let this browser see the declaration for half an hour."""
    return _keep(answer, _begun(holder))


def note(answer: AnyResponse, asked: str, standing: str, *, by: Holder | None = None) -> Response:
    """Remember what was asked for, and how things stood then. by: who has opened the declaration with this request."""
    kept = _begun(by) if by and holder() != by else _read()
    return _keep(answer, kept | {"asked": asked, "standing": standing})


def forget(answer: AnyResponse) -> Response:
    """Forget it at once."""
    answer.delete_cookie(cookies.named(current_app.config, COOKIE), path=current_app.config["SESSION_COOKIE_PATH"])
    return answer  # type: ignore[return-value]


def holder() -> Holder | None:
    """Whose declaration this browser has opened; None without one, or after half an hour."""
    kept = _read()
    return Holder(**kept["holder"]) if kept else None


def asked() -> tuple[str, str]:
    """What was asked for last and how things stood then, as `note` was told."""
    kept = _read()
    return str(kept.get("asked", "")), str(kept.get("standing", ""))


def _begun(by: Holder) -> dict:  # type: ignore[type-arg]
    return {"holder": asdict(by), "until": (now() + LASTS).timestamp()}


def _read() -> dict:  # type: ignore[type-arg]
    try:
        sealed = bytes.fromhex(cookies.read(COOKIE))
        kept = json.loads(_cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None))
    except (ValueError, InvalidTag):
        return {}
    return kept if kept["until"] > now().timestamp() else {}


def _keep(answer: AnyResponse, kept: dict) -> Response:  # type: ignore[type-arg]
    if kept.get("holder"):
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + _cipher().encrypt(nonce, json.dumps(kept).encode(), None)
        cookies.keep(answer, COOKIE, sealed.hex(), max_age=int(LASTS.total_seconds()))
    return answer  # type: ignore[return-value]


def _cipher() -> ChaCha20Poly1305:
    secret = str(current_app.secret_key).encode()
    return ChaCha20Poly1305(hashlib.sha256(b"opened declaration" + secret).digest())
