"""Who helps a victim is told apart from the victim: by a mail of their own, or else by an officer who calls."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gallery.models import AuditEntry, Declaration, Item, Officer
from gallery.services.declarations import collecting, lifecycle
from gallery.services.declarations.statement import Contact
from gallery.services.proposals import proposals
from gallery.services.proposals.helper_calls import HelperCalls, HelperNews
from gallery.services.transaction import atomic, end_reading
from tests.parts.smtp_server import Mailbox
from tests.services.mails.conftest import HELPER, Desk, digits_in

BY_TELEPHONE = Contact("Anne", "", "06 11 22 33 44")
REFUSED = "550 5.1.1 No such user"
Called = Callable[[], list[HelperNews]]


@pytest.fixture
def called(session: Session, officer: Officer) -> Called:
    """Who helps and is to be called."""

    def listed() -> list[HelperNews]:
        calls = HelperCalls(officer, sends_mail=True, takes_claims=True)
        end_reading(session)
        found = list(calls.listed(session, limit=5, offset=0))
        assert calls.count(session) == len(found)
        return found

    return listed


def note(session: Session, officer: Officer, desk: Desk, news: HelperNews) -> None:
    declaration_id, until = news.declaration.id, news.until
    end_reading(session)
    with atomic(session):
        declaration = session.get_one(Declaration, declaration_id)
        HelperCalls(officer, True, True).note_told(session, declaration, until=until, now=desk.now)


def test_who_has_a_telephone_only_is_called_though_the_victim_is_written_to(
    desk: Desk, mailbox: Mailbox, publish: Callable[[], Item], called: Called, session: Session,
    officer: Officer, outsider: Officer,
) -> None:  # fmt: skip
    desk.declares(helper=BY_TELEPHONE)
    assert desk.types(digits_in(mailbox)) == "confirmed"
    assert called() == []
    first = publish()
    desk.works()
    assert proposals.to_be_told(session, officer, sends_mail=True, limit=10) == []
    desk.opens()
    [news] = called()
    assert [each.item.public_number for each in news.proposals] == [first.public_number]
    second = publish()
    desk.works()
    note(session, outsider, desk, news)
    assert len(called()[0].proposals) == 2
    for _ in range(2):
        note(session, officer, desk, news)
    # What came after the page was made is not known to them.
    [news] = called()
    assert [each.item.public_number for each in news.proposals] == [second.public_number]
    note(session, officer, desk, news)
    assert called() == []
    assert list(session.scalars(select(AuditEntry.action))).count("helper_told") == 2


def test_who_is_written_to_is_called_once_the_address_takes_no_more(
    desk: Desk, mailbox: Mailbox, publish: Callable[[], Item], called: Called, session: Session, officer: Officer
) -> None:
    desk.declares(helper=HELPER)
    publish()
    desk.works()
    assert len(called()) == 1
    desk.types(re.search(r"^ +([0-9]{6})\r?$", str(mailbox.mails[1].get_content()), re.MULTILINE)[1])
    assert [desk.answer().mail, desk.answer().helper_mail] == ["waiting", "confirmed"]
    assert [each["To"] for each in mailbox.mails[2:]] == [HELPER.email]
    assert called() == []
    assert len(proposals.to_be_told(session, officer, sends_mail=True, limit=10)) == 1
    mailbox.answer("RCPT", REFUSED)
    second = publish()
    desk.works(later=timedelta(days=2))
    assert [[each.item.public_number for each in news.proposals] for news in called()] == [[second.public_number]]
    assert len(proposals.to_be_told(session, officer, sends_mail=True, limit=10)) == 2


def test_who_is_written_to_is_told_of_what_the_victim_has_seen_on_the_page(
    desk: Desk, mailbox: Mailbox, publish: Callable[[], Item], called: Called, session: Session
) -> None:
    desk.declares(helper=HELPER)
    desk.types(re.search(r"^ +([0-9]{6})\r?$", str(mailbox.mails[1].get_content()), re.MULTILINE)[1])
    publish()
    desk.works()
    publish()
    desk.works()
    desk.opens()
    assert len(mailbox.mails) == 3
    desk.works(later=timedelta(days=2))
    assert [each["To"] for each in mailbox.mails[2:]] == [HELPER.email] * 2
    assert called() == []


@pytest.mark.parametrize("act", [lifecycle.prolong, lifecycle.close], ids=["prolonged", "closed"])
def test_the_end_is_told_until_it_is_another(
    desk: Desk, called: Called, session: Session, officer: Officer, act: collecting.Act
) -> None:
    desk.declares(helper=BY_TELEPHONE)
    desk.purges(days=335)
    assert [(each.is_of_end, each.proposals, each.claims) for each in called()] == [(True, [], [])]
    with atomic(session):
        act(session, session.scalars(select(Declaration)).one(), by=officer, now=desk.now)
    assert called() == []


@pytest.mark.parametrize(("helper", "helps"), [(BY_TELEPHONE, True), (None, False)], ids=["helped", "alone"])
def test_the_worker_sees_who_helped_before(
    desk: Desk, called: Called, session: Session, helper: Contact | None, helps: bool
) -> None:
    desk.declares(helper=helper)
    desk.purges(days=335)
    with atomic(session):
        session.execute(update(Declaration).values(has_helper=None))
    assert called() == []
    end_reading(session)
    assert desk.work.look_for_helpers()
    assert not desk.work.look_for_helpers()
    assert session.scalars(select(Declaration.has_helper)).one() is helps
    assert len(called()) == helps
