"""What is handed to others: mails, posts, reports of archives, a waiting photo's signature."""

import smtplib
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest

from gallery.errors import MailServerUnreachable, PhotoNotInArchive
from gallery.models import MailKind, PostStage
from gallery.services.facebook import archive_work, sender
from gallery.services.facebook.archives import AlbumCount
from gallery.services.facebook.graph import GraphError, GraphFault
from gallery.services.imports.importing import Foreseen
from gallery.services.imports.plan import Origin, Plan, PlannedItem, Refusal
from gallery.services.items.items import ItemDescription, ItemSecrets
from gallery.services.mails import letters, server
from gallery.services.mails.letters import Facts
from gallery.services.mails.server import Handover, MailServer

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SETTINGS: Any = SimpleNamespace(
    site_name="Objets retrouvés", mail_sender="objets@site.example", public_address="https://objets.example"
)


def written(**facts: Any) -> Any:
    return letters.compose(
        Facts(**{"language": "fr", "reference": "M-1", **facts}), "a@b.example", settings=SETTINGS, now=NOW
    )


def test_a_code_is_written_with_where_to_type_it() -> None:
    mail = written(kind=MailKind.CODE, code="012345")
    text = mail.get_content()
    assert "    012345\n" in text
    assert "    objets.example\n" in text
    assert "https" not in text
    assert (mail["To"], mail["Message-ID"], mail["Content-Language"]) == ("a@b.example", "<M-1@site.example>", "fr")
    assert (mail["Auto-Submitted"], mail["Subject"]) == ("auto-generated", "Votre code de confirmation")
    assert str(mail["From"]) == "Objets retrouvés <objets@site.example>"
    assert text.rstrip().endswith("Objets retrouvés")


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize(
    ("language", "read_as", "home"),
    [("fr", "fr", "objets.example"), ("en", "en", "objets.example/en"), ("de", "fr", "objets.example")],
)
def test_each_mail_is_in_the_language_of_the_declaration(
    kind: MailKind, language: str, read_as: str, home: str
) -> None:
    mail = written(kind=kind, language=language, phrase=" la  lune ", unit="Brigade", telephone="02 99", code="000000")
    text = mail.get_content()
    assert mail["Subject"] == letters.SUBJECTS[kind, read_as]
    assert f"    {home}\n" in text
    assert "M-1" in text
    assert ("la lune" in text) == (kind is not MailKind.CODE)
    assert ("Brigade" in text, "02 99" in text) == (True, True)
    assert not {"{", "}"} & set(text)


def test_what_is_not_known_is_left_out_and_what_is_filled_in_is_no_blank() -> None:
    plain = written(kind=MailKind.FOUND).get_content()
    assert ("phrase" in plain, "Appelez" in plain, "\n\n\n" in plain) == (False, False, False)
    hostile = written(
        kind=MailKind.FOUND, phrase="{site} {reference}", unit="{telephone}", telephone="02"
    ).get_content()
    assert "Votre phrase : {site} {reference}" in hostile
    assert "Appelez : {telephone}, 02." in hostile


@pytest.mark.parametrize(
    ("code", "said", "outcome"),
    [
        (550, b"no such user", Handover.REFUSED),
        (599, "no", Handover.REFUSED),
        (500, "no", Handover.REFUSED),
        (499, "later", Handover.DEFERRED),
        (600, "later", Handover.DEFERRED),
        (550, b"5.7.1 policy", Handover.DEFERRED),
        (554, "5.1.1 unknown", Handover.REFUSED),
    ],
)
def test_what_a_server_says_of_one_address(code: int, said: bytes | str, outcome: Handover) -> None:
    assert server._outcome(code, said) is outcome


def test_what_a_server_says_is_not_repeated() -> None:
    assert server._why(OSError(111, "secret@address")) == "ConnectionRefusedError 111"
    assert server._why(OSError("x")) == "OSError"


class Connection:
    """Answers each mail with an error."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error

    def send_message(self, message: EmailMessage) -> None:
        if self.error:
            raise self.error


def refused(code: int, text: bytes) -> Exception:
    return smtplib.SMTPRecipientsRefused({"x@y.example": (code, text)})


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, Handover.TAKEN),
        (refused(500, b"5.1.1"), Handover.REFUSED),
        (smtplib.SMTPDataError(554, "5.6.0 no"), Handover.REFUSED),
        (smtplib.SMTPDataError(451, b"later"), Handover.DEFERRED),
        (smtplib.SMTPNotSupportedError(), Handover.REFUSED),
    ],
    ids=str,
)
def test_what_a_server_answers_to_one_mail(error: Exception | None, outcome: Handover) -> None:
    assert MailServer(Connection(error)).hand_over(EmailMessage()) is outcome  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (smtplib.SMTPSenderRefused(530, b"who is x@y.example?", "x@y.example"), "SMTPSenderRefused 530"),
        (ConnectionResetError(104, "x@y.example"), "ConnectionResetError 104"),
        (smtplib.SMTPServerDisconnected("x@y.example"), "SMTPServerDisconnected"),
    ],
)
def test_what_would_befall_every_mail_is_said_without_an_address(error: Exception, why: str) -> None:
    with pytest.raises(MailServerUnreachable) as raised:
        MailServer(Connection(error)).hand_over(EmailMessage())  # type: ignore[arg-type]
    assert raised.value.why == why


# Posts.


@pytest.mark.parametrize(
    ("fault", "attempts", "stage", "minutes", "left"),
    [
        (GraphFault.RATE, 3, PostStage.DUE, 60, 0),
        (GraphFault.TEMPORARY, 1, PostStage.DUE, 0.5, 1),
        (GraphFault.TEMPORARY, 2, PostStage.DUE, 1, 2),
        (GraphFault.TEMPORARY, 5, PostStage.DUE, 8, 5),
        (GraphFault.TEMPORARY, 6, PostStage.STOPPED, None, 6),
        (GraphFault.TOKEN, 1, PostStage.STOPPED, None, 1),
    ],
)
def test_a_post_is_put_off_longer_each_time_and_stops_at_last(
    fault: GraphFault,
    attempts: int,
    stage: PostStage,
    minutes: float | None,
    left: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sender, "atomic", lambda _session: nullcontext())
    post: Any = SimpleNamespace(stage=PostStage.SENDING, leased_until=NOW, fault="", retry_at=None, attempts=attempts)
    given: Any = SimpleNamespace(now=lambda: NOW)
    session: Any = None
    sender._put_off(session, given, post, GraphError(fault))
    assert (post.stage, post.fault, post.leased_until, post.attempts) == (stage, fault.value, None, left)
    assert post.retry_at == (None if minutes is None else NOW + timedelta(minutes=minutes))


# Archives.


def foreseen(album: str | None, *, is_known: bool = False, photos: int = 1, refused: int = 0) -> Foreseen:
    item = PlannedItem(
        source="s", key=None, photos=(), category_code="other", case_number="", description=ItemDescription(""),
        secret=ItemSecrets(), origin=Origin(album, "") if album else None,
    )  # fmt: skip
    return Foreseen(item, is_known, photos, (Refusal("r", PhotoNotInArchive()),) * refused)


def test_a_report_counts_by_album_and_in_all() -> None:
    found = [foreseen("a"), foreseen("b", is_known=True), foreseen("a", photos=0, refused=1), foreseen(None)]
    report = archive_work._foreseen(Plan((), (Refusal("p", PhotoNotInArchive()),)), found)
    assert report.albums == (AlbumCount("a", 2, 0, 1), AlbumCount("b", 1, 1, 0), AlbumCount("", 1, 0, 0))
    assert (report.added, report.known, report.refused) == (2, 1, 2)
    assert report.refusals == (("p", "PhotoNotInArchive"), ("r", "PhotoNotInArchive"))
