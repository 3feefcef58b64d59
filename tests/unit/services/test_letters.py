"""Mails to victims: what each says in each language, what a server's answer means, and when one may be owed."""

import smtplib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest

from gallery.config import Settings
from gallery.errors import MailServerUnreachable
from gallery.models import MailKind
from gallery.services.declarations.answers import MessageKind
from gallery.services.mails import letters
from gallery.services.mails.delivery import News, OwedMails
from gallery.services.mails.letters import Facts
from gallery.services.mails.server import Handover, MailServer

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FACTS = Facts(
    MailKind.CODE, "fr", "M-ABCDEFGHJKMN", "Gendarmerie de Vitré", "02 99 00 00 00", "la  lune {site}", "012345"
)


@pytest.fixture
def mailing(settings: Settings) -> Settings:
    return replace(settings, public_address="https://retrouves.example", mail_sender="objets@retrouves.example")


def test_a_mail_says_who_writes_and_asks_for_no_answer(mailing: Settings) -> None:
    made = letters.compose(FACTS, "jeanne@victim.example", settings=mailing, now=NOW)
    assert dict(made.items()) | {"From": "", "Content-Type": ""} == {
        "From": "",
        "To": "jeanne@victim.example",
        "Subject": "Votre code de confirmation",
        "Date": "Tue, 24 Nov 2026 09:30:00 +0000",
        "Message-ID": "<M-ABCDEFGHJKMN@retrouves.example>",
        "Auto-Submitted": "auto-generated",
        "Content-Type": "",
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
        "Content-Language": "fr",
    }
    assert made["From"] == f"{mailing.site_name} <objets@retrouves.example>"


def paragraphs(mailing: Settings, **changed: Any) -> list[str]:
    made = letters.compose(replace(FACTS, **changed), "x@y.example", settings=mailing, now=NOW)
    return str(made.get_content()).replace("\r\n", "\n").rstrip("\n").split("\n\n")


def test_each_kind_has_its_paragraphs_in_both_languages(mailing: Settings) -> None:
    code, found = paragraphs(mailing), paragraphs(mailing, kind=MailKind.FOUND)
    assert ([len(code), len(found)], code[2], code[4]) == ([9, 9], "    012345", "    retrouves.example")
    assert code[-3:] == [
        "Un doute ? Appelez : Gendarmerie de Vitré, 02 99 00 00 00.",
        "Référence de ce courriel : M-ABCDEFGHJKMN\nLa page « Vérifier une publication » dit s’il vient de nous.",
        mailing.site_name,
    ]
    # What is filled in may look like a blank itself.
    assert found[1] == "Votre phrase : la lune {site}"
    without = paragraphs(mailing, kind=MailKind.FOUND, phrase=" ", telephone="")
    assert without == [each for each in found if "phrase :" not in each and "Un doute" not in each]
    english = paragraphs(mailing, kind=MailKind.ENDING, language="en")
    assert [english[1], english[3], len(english)] == ["Your phrase: la lune {site}", "    retrouves.example/en", 9]
    assert english[-3] == "In doubt? Call Gendarmerie de Vitré, 02 99 00 00 00."
    assert paragraphs(mailing, language="br") == code


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
        (refused(499, b"5.1.1"), Handover.DEFERRED),
        (refused(500, b"5.1.1"), Handover.REFUSED),
        (refused(599, b"no"), Handover.REFUSED),
        (refused(600, b"no"), Handover.DEFERRED),
        (refused(550, b"5.7.1 Not from you"), Handover.DEFERRED),
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


def news(*endings: MessageKind, decided: datetime | None = None) -> News:
    proposals = [SimpleNamespace(decided_at=decided)] if decided else []
    told = [SimpleNamespace(kind=kind, at=NOW + place * SECOND) for place, kind in enumerate(endings, start=1)]
    return News(proposals, told)  # type: ignore[arg-type]


def test_news_are_of_objects_or_of_an_end_and_as_old_as_the_last_of_them() -> None:
    ending = MessageKind.ENDS_SOON
    cases: list[Callable[[], News]] = [
        news, lambda: news(ending), lambda: news(MessageKind.CLAIM_NEWS), lambda: news(decided=NOW),
        lambda: news(ending, MessageKind.CLAIM_NEWS, decided=NOW),
    ]  # fmt: skip
    assert [(each().is_of_objects, each().until) for each in cases] == [
        (False, None),
        (False, NOW + SECOND),
        (True, NOW + SECOND),
        (True, NOW),
        (True, NOW + 2 * SECOND),
    ]


def test_mails_are_looked_for_at_each_news_and_each_minute() -> None:
    owed, minute = OwedMails(), timedelta(minutes=1)
    assert owed.may_be(-1, NOW)
    owed.are_none(7, NOW)
    asked = [(7, NOW), (8, NOW), (7, NOW + minute - SECOND), (7, NOW + minute)]
    assert [owed.may_be(*each) for each in asked] == [False, True, False, True]
