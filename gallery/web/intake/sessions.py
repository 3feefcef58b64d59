"""The cookies of both sites: signed with the time, and read by hosts whose clocks do not quite agree."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from gallery.web.resources import now

TOLERATED_SECONDS = 600


class TolerantSigner(TimestampSigner):
    """Signs with this application's clock, and takes what another host signed up to ten minutes later than now.

    The base class refuses every signature of the future, so that two hosts a second apart refuse each other's forms.
    """

    def get_timestamp(self) -> int:
        """The application's clock, in seconds."""
        return int(now().timestamp())

    def unsign(self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False) -> Any:  # noqa: FBT001, FBT002
        """The signed value, with its time where that is asked for; raise SignatureExpired beyond either limit."""
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        age = (datetime.fromtimestamp(self.get_timestamp(), UTC) - signed_at).total_seconds()
        if max_age is not None and not -TOLERATED_SECONDS <= age <= max_age:
            raise SignatureExpired(f"signed {age} seconds ago", payload=value, date_signed=signed_at)
        return (value, signed_at) if return_timestamp else value


class TolerantSessions(SecureCookieSessionInterface):
    """Flask's sessions, signed in this way."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Flask's own serializer, with our signer."""
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = TolerantSigner
        return serializer
