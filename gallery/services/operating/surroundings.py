"""What an inspection looks at around the program: the server's connections, the certificate, the machine's clock."""

import ctypes
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from gallery.services.operating.diagnoses import Diagnosis, fault, fine, warning
from gallery.services.resources import Resources

# Processes of deploy/ with the threads of gunicorn.conf.py; those with few, which are given their own setting there;
# and what commands, backups and dumps take besides.
SERVING, WITH_FEW, CONNECTIONS_OF_FEW, BY_HAND = 5, 3, 8, 12
ROOM = "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
CERTIFICATE_SECONDS = 5
RENEWED_BEFORE = timedelta(days=14)
STA_UNSYNC = 0x40


class _Timex(ctypes.Structure):
    """The beginning of what adjtimex(2) fills in, with room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("numbers", ctypes.c_long * 4),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 256),
    )


def connections_needed(each: int) -> int:
    """How many connections the processes of deploy/ may open to PostgreSQL. each: `database_connections`."""
    return SERVING * each + WITH_FEW * CONNECTIONS_OF_FEW + BY_HAND


def of_connections(given: Resources) -> Iterator[Diagnosis]:
    """Whether PostgreSQL takes as many connections as the processes may open."""
    try:
        with given.sessions() as session:
            if session.connection().dialect.name != "postgresql":
                return
            room = session.scalars(text(ROOM)).one()
    except SQLAlchemyError:
        # Told already.
        return
    needed = connections_needed(given.settings.database_connections)
    said = "PostgreSQL takes {room} connections, and our processes may open {needed}"
    if room < needed:
        advice = "Raise `max_connections` in postgresql.conf, or lower `database_connections`."
        yield warning("database", said, advice, room=room, needed=needed)
    else:
        yield fine("database", said, room=room, needed=needed)


def of_certificate(given: Resources, context: ssl.SSLContext | None = None) -> Iterator[Diagnosis]:
    """Whether visitors' browsers will trust the public address for another fortnight."""
    address = urlsplit(given.settings.public_address)
    if address.scheme != "https" or address.hostname is None:
        return
    try:
        ends_at = _end_of_certificate(address.hostname, address.port or 443, context or ssl.create_default_context())
    except ssl.SSLCertVerificationError as error:
        advice = "Renew it, or give nginx the whole chain."
        yield fault("certificate", "browsers refuse it: {why}", advice, why=error.verify_message)
        return
    except OSError as error:
        advice = "Is the proxy running, and does this machine reach the public address?"
        why = error.strerror or type(error).__name__
        yield warning("certificate", "could not be looked at: {why}", advice, why=why)
        return
    days = (ends_at - given.now()).days
    if ends_at - given.now() < RENEWED_BEFORE:
        yield fault("certificate", "ends in {days} days", "Renew it: whatever does so by itself has not.", days=days)
    else:
        yield fine("certificate", "good for {days} days", days=days)


def of_clock(_given: Resources) -> Iterator[Diagnosis]:
    """Whether the kernel says that this machine's clock follows a time server."""
    follows = clock_follows()
    if follows is None:
        return
    if follows:
        yield fine("clock", "this machine's clock follows a time server")
    else:
        what = "the kernel knows of no time server that this machine's clock follows"
        advice = "Start chrony or systemd-timesyncd; on a virtual machine whose host keeps its clock, look there."
        yield warning("clock", what, advice)


def clock_follows() -> bool | None:
    """Whether the clock is kept by a time server, by adjtimex(2); None where the kernel can't be asked."""
    asked = _Timex()
    try:
        told = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(asked))
    except (OSError, AttributeError):
        return None
    return None if told == -1 else not asked.status & STA_UNSYNC


def _end_of_certificate(host: str, port: int, context: ssl.SSLContext) -> datetime:
    with (
        socket.create_connection((host, port), timeout=CERTIFICATE_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
