"""The server that mails are handed to, by SMTP; certificates are checked, and nothing waits for ever."""

import contextlib
import enum
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from gallery.config import Settings
from gallery.errors import MailServerUnreachable

SECONDS = 20
PERMANENT = range(500, 600)
# RFC 3463: of policy and security, which says something of us and nothing of the address.
OF_POLICY = b"5.7"


class Handover(enum.Enum):
    """What the server said of one mail. REFUSED: the address takes none; DEFERRED: not now."""

    TAKEN = "taken"
    REFUSED = "refused"
    DEFERRED = "deferred"


class MailServer:
    """An open connection."""

    def __init__(self, connection: smtplib.SMTP) -> None:
        self._connection = connection

    def hand_over(self, message: EmailMessage) -> Handover:
        """Hand one mail over; raise MailServerUnreachable for what would befall every other mail too."""
        try:
            self._connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            return _outcome(*next(iter(refusal.recipients.values())))
        except smtplib.SMTPDataError as refusal:
            return _outcome(refusal.smtp_code, refusal.smtp_error)
        except smtplib.SMTPNotSupportedError:
            # An address with letters beyond ASCII, at a server that knows none.
            return Handover.REFUSED
        except OSError as error:
            raise MailServerUnreachable(_why(error)) from error
        return Handover.TAKEN


@contextmanager
def connected(settings: Settings) -> Iterator[MailServer]:
    """The configured server, signed in to; raise MailServerUnreachable."""
    try:
        connection = _open(settings)
    except OSError as error:
        raise MailServerUnreachable(_why(error)) from error
    try:
        yield MailServer(connection)
    finally:
        with contextlib.suppress(OSError):
            connection.quit()


def _open(settings: Settings) -> smtplib.SMTP:
    host, port, context = settings.smtp_host, settings.smtp_port, ssl.create_default_context()
    if settings.smtp_security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    else:
        connection = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if settings.smtp_security == "starttls":
            connection.starttls(context=context)
        if settings.smtp_user:
            connection.login(settings.smtp_user, settings.smtp_password)
    except OSError:
        connection.close()
        raise
    return connection


def _outcome(code: int, text: bytes | str) -> Handover:
    said = text.encode() if isinstance(text, str) else text
    is_final = code in PERMANENT and not said.startswith(OF_POLICY)
    return Handover.REFUSED if is_final else Handover.DEFERRED


def _why(error: OSError) -> str:
    """What went wrong, without what the server says: that may name an address."""
    code = getattr(error, "smtp_code", None) or error.errno
    return f"{type(error).__name__} {code or ''}".strip()
