"""Mails to victims, read on a real server: the address confirmed first, one a day, nothing in them, nothing lost."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from gallery.errors import MailServerUnreachable
from gallery.models import Declaration, DeclarationMail, Item, MailState, Officer, Proposal, Unit
from gallery.services.declarations.lifecycle import Purged
from gallery.services.declarations.statement import Contact
from gallery.services.items import publication
from gallery.services.mails import references
from gallery.services.proposals import ending_calls, proposals
from gallery.services.transaction import atomic, end_reading
from tests.databases import asked_of
from tests.parts.smtp_server import CUT, Mailbox
from tests.services.mails.conftest import ADDRESS, HELPER, HIDDEN, Desk, digits_in

REFUSED, NOT_NOW, POLICY = "550 5.1.1 No such user", "451 4.7.1 Come back later", "550 5.7.1 Not from you"


def test_it_works(
    desk: Desk, mailbox: Mailbox, publish: Callable[[], Item], session: Session, unit: Unit, officer: Officer
) -> None:
    desk.declares()
    assert desk.answer().mail == "waiting"
    assert [mailbox.mails[0]["To"], "hortensias" in mailbox.last] == [ADDRESS, False]
    digits = digits_in(mailbox)
    found = publish()
    desk.works()
    assert [len(mailbox.mails), len(proposals.to_be_told(session, officer, sends_mail=True, limit=10))] == [1, 1]
    assert desk.types(f"{(int(digits) + 1) % 1_000_000:06d}") == "mistyped"
    assert desk.types(digits) == "confirmed"
    assert len(mailbox.mails) == 2
    told, text = mailbox.mails[-1], mailbox.last
    assert "Votre phrase : les hortensias {site} bleus" in text
    assert "retrouves.example" in text
    assert unit.public_phone in text
    assert not [mark for mark in (*HIDDEN, found.public_number, found.title, digits) if mark in told.as_string() + text]
    assert told.get_content_type() == "text/plain"
    assert proposals.to_be_told(session, officer, sends_mail=False, limit=10) == []
    assert session.scalars(select(Proposal)).one().told_at is not None


def test_the_victim_and_who_helps_are_both_written_to(
    desk: Desk, mailbox: Mailbox, publish: Callable[[], Item], session: Session, officer: Officer
) -> None:
    desk.declares(helper=HELPER)
    assert [each["To"] for each in mailbox.mails] == [ADDRESS, HELPER.email]
    for text in [str(each.get_content()) for each in mailbox.mails]:
        desk.types(re.search(r"^ +([0-9]{6})\r?$", text, re.MULTILINE)[1])
    assert [desk.answer().mail, desk.answer().helper_mail] == ["confirmed"] * 2
    mailbox.answer("RCPT", REFUSED)
    publish()
    desk.works()
    # The victim's own is refused: the helper's tells the helper, and the victim is called.
    assert [each["To"] for each in mailbox.mails[2:]] == [HELPER.email]
    assert [desk.answer().mail, desk.answer().helper_mail] == ["refused", "confirmed"]
    assert len(proposals.to_be_told(session, officer, sends_mail=True, limit=10)) == 1
    desk.works(later=timedelta(days=2))
    assert len(mailbox.mails) == 3


def test_the_end_is_written_of_and_nothing_is_erased_before(
    desk: Desk, mailbox: Mailbox, session: Session, officer: Officer
) -> None:
    desk.confirms()
    assert desk.purges(days=335).warned == 1
    assert [len(ending_calls.listed(session, officer, sends_mail=mails, limit=10)) for mails in (True, False)] == [0, 1]
    mailbox.answer("RCPT", REFUSED)
    desk.works()
    assert ending_calls.listed(session, officer, sends_mail=True, limit=10)
    assert [desk.purges(days=days).warned for days in (1, 22, 1)] == [0, 1, 0]
    assert desk.purges(days=7) == Purged(0, 1, 0)
    assert desk.purges(days=40) == Purged(0, 0, 0, kept=1)
    (ended,) = ending_calls.listed(session, officer, sends_mail=True, limit=10)
    with atomic(session):
        ending_calls.note_ending_told(session, ended.reference, by=officer, now=desk.now)
    assert desk.purges(days=29).kept == 1
    assert desk.purges(days=2).erased == 1


def test_a_warning_has_no_link_and_the_phrase(desk: Desk, mailbox: Mailbox, session: Session, officer: Officer) -> None:
    desk.confirms()
    desk.purges(days=336)
    desk.works()
    assert len(mailbox.mails) == 2
    assert "arrive à son terme" in mailbox.last
    assert "Votre phrase : les hortensias {site} bleus" in mailbox.last
    assert not [mark for mark in HIDDEN if mark in mailbox.last]
    assert not ending_calls.listed(session, officer, sends_mail=False, limit=10)


def test_who_has_seen_the_page_is_not_told_again(
    desk: Desk, publish: Callable[[], Item], session: Session, officer: Officer
) -> None:
    desk.declares()
    publish()
    desk.works()
    desk.opens()
    assert proposals.to_be_told(session, officer, sends_mail=False, limit=10) == []


def found_and_withdrawn(desk: Desk, publish: Callable[[], Item], session: Session) -> Item:
    """An item that was found for somebody with a confirmed address, and hidden before a mail could say so."""
    desk.confirms()
    item = publish()
    desk.now += timedelta(seconds=1)
    while desk.work.compare_next_item():
        pass
    with atomic(session):
        publication.withdraw(session, item, by=None, now=desk.now)
    return item


def test_what_was_hidden_when_its_mail_was_due_is_written_of_once_it_is_public_again(
    desk: Desk, mailbox: Mailbox, publish: Callable[[], Item], session: Session
) -> None:
    item = found_and_withdrawn(desk, publish, session)
    desk.works(later=timedelta(minutes=2))
    assert len(mailbox.mails) == 1
    with atomic(session):
        publication.publish(session, desk.work.given, item, by=None)
    desk.works(later=timedelta(days=1, minutes=2))
    assert len(mailbox.mails) == 2


def test_what_was_found_is_written_of_though_the_search_has_ended(
    desk: Desk, mailbox: Mailbox, publish: Callable[[], Item], session: Session
) -> None:
    item = found_and_withdrawn(desk, publish, session)
    for days in (336, 30):
        desk.purges(days=days)
        desk.works(later=timedelta(days=1))
    assert desk.answer().state == "closed"
    before = len(mailbox.mails)
    with atomic(session):
        publication.publish(session, desk.work.given, item, by=None)
    desk.works(later=timedelta(days=1, minutes=2))
    assert len(mailbox.mails) == before + 1


def test_workers_whose_clocks_are_five_minutes_apart_send_a_mail_once(desk: Desk, mailbox: Mailbox) -> None:
    desk.declares()
    assert len(mailbox.mails) == 1
    for later in (timedelta(minutes=5), timedelta(minutes=-5), timedelta(minutes=-5)):
        desk.works(later=later)
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    "encoded", ["=?utf-8?q?a=0ab?=@evil.example.fr", "=?utf-8?q?v=40other.fr=2c?=@evil.example.fr"]
)
def test_an_address_that_a_header_would_decode_is_written_to_by_no_mail_and_holds_up_none(
    desk: Desk, mailbox: Mailbox, encoded: str
) -> None:
    # As a public site of an earlier version took it.
    desk.declares(helper=Contact("Somebody", encoded))
    desk.works(later=timedelta(days=1))
    assert [each["To"] for each in mailbox.mails] == [ADDRESS]


def test_a_declaration_that_no_key_opens_holds_up_no_mail(desk: Desk, mailbox: Mailbox, session: Session) -> None:
    mailbox.answer("RCPT", NOT_NOW)
    desk.declares()
    with atomic(session):
        session.execute(update(Declaration).values(sealed=b"damaged"))
    desk.works(later=timedelta(hours=1))
    end_reading(session)
    (mail,) = session.scalars(select(DeclarationMail))
    assert (mail.state, mail.next_try_at, mailbox.mails) == (MailState.DEFERRED, desk.now + timedelta(days=1), [])


def test_looking_for_owed_mails_costs_nothing_while_nothing_happens(desk: Desk, engine: Engine) -> None:
    desk.confirms()
    with asked_of(engine) as asked:
        for _ in range(3):
            desk.now += timedelta(seconds=1)
            desk.work.send_next_mail()
    assert not [each for each in asked if "declared_addresses" in each]


def test_one_mail_a_day(desk: Desk, mailbox: Mailbox, publish: Callable[[], Item]) -> None:
    desk.confirms()
    for _ in range(2):
        publish()
        desk.works()
    assert len(mailbox.mails) == 2
    desk.works(later=timedelta(hours=25))
    assert len(mailbox.mails) == 3


def test_a_refused_address_is_called(
    desk: Desk, mailbox: Mailbox, publish: Callable[[], Item], session: Session, officer: Officer
) -> None:
    desk.confirms()
    mailbox.answer("RCPT", REFUSED)
    publish()
    desk.works()
    desk.works(later=timedelta(days=3))
    assert [desk.states(), desk.answer().mail] == [[MailState.SENT, MailState.REFUSED], "refused"]
    assert len(proposals.to_be_told(session, officer, sends_mail=True, limit=10)) == 1


@pytest.mark.parametrize(("command", "answer"), [("RCPT", NOT_NOW), ("DATA", NOT_NOW), ("RCPT", POLICY)], ids=str)
def test_what_is_deferred_is_tried_again(desk: Desk, mailbox: Mailbox, command: str, answer: str) -> None:
    mailbox.answer(command, answer)
    desk.declares()
    assert [desk.states(), mailbox.mails] == [[MailState.DEFERRED], []]
    desk.works(later=timedelta(minutes=6))
    assert [desk.states(), len(mailbox.mails)] == [[MailState.SENT], 1]


def test_a_mail_whose_fate_is_unknown_is_sent_twice_as_one(desk: Desk, mailbox: Mailbox) -> None:
    mailbox.answer("DATA", CUT)
    with pytest.raises(MailServerUnreachable):
        desk.declares()
    desk.works(later=timedelta(minutes=6))
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()
    assert desk.types(digits_in(mailbox)) == "confirmed"


def test_without_its_encryption_nothing_is_handed_over(desk: Desk, mailbox: Mailbox) -> None:
    desk.work = desk.work_with(replace(desk.settings, smtp_security="starttls"))
    with pytest.raises(MailServerUnreachable):
        desk.declares()
    assert [desk.states(), mailbox.mails] == [[MailState.DUE], []]


def test_five_wrong_codes_refuse_and_a_late_one_has_another_sent(desk: Desk, mailbox: Mailbox) -> None:
    desk.declares()
    first = digits_in(mailbox)
    desk.now += timedelta(days=2)
    assert desk.types(first) == "waiting"
    right = digits_in(mailbox)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    assert [desk.types(wrong) for _ in range(5)] == ["mistyped"] * 4 + ["refused"]
    assert desk.types(right) == "refused"


def test_the_reference_of_a_mail_is_known(desk: Desk, mailbox: Mailbox, session: Session) -> None:
    desk.declares(language="en")
    assert re.search(r"^    \S+/en\s*$", mailbox.last, re.MULTILINE)
    reference = re.search(r"Reference of this mail: (\S+)", mailbox.last)[1]
    typed = references.tidied(reference.lower().replace("-", " "))
    assert references.find_day(session, typed) == desk.now.date()
    assert references.find_day(session, "M-AAAAAAAAAAAA") is None


def test_without_a_server_victims_are_called(
    desk: Desk, publish: Callable[[], Item], session: Session, officer: Officer
) -> None:
    desk.settings = replace(desk.settings, smtp_host="")
    desk.work = desk.work_with(desk.settings)
    desk.declares()
    publish()
    desk.works()
    assert [desk.states(), desk.answer().mail] == [[], ""]
    assert len(proposals.to_be_told(session, officer, sends_mail=True, limit=10)) == 1
