"""Mails handed over one by one: what becomes of each, when it is tried again, and whom a victim may call."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy.orm import Session

from gallery.models import (
    Addressee,
    AddressState,
    Claim,
    Declaration,
    DeclarationMail,
    DeclarationMessage,
    DeclaredAddress,
    MailKind,
    MailState,
    Officer,
    Unit,
)
from gallery.services import audit
from gallery.services.declarations import answers, contact_address
from gallery.services.declarations.answers import MessageKind
from gallery.services.mails import delivery, references, server
from gallery.services.mails.delivery import OwedMails
from gallery.services.mails.server import Handover
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory
from tests.services.bounds.conftest import Declare
from tests.services.bounds.conftest import claim as claim
from tests.services.bounds.conftest import declare as declare

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


class Post:
    """A mail server that answers as it is told, and the worker that hands mails to it."""

    def __init__(self, session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
        self.session, self.make, self.owed = session, make, OwedMails()
        self.answer, self.mails = Handover.TAKEN, list[EmailMessage]()

        @contextmanager
        def connected(_settings: object) -> Iterator[Post]:
            yield self

        monkeypatch.setattr(server, "connected", connected)

    def hand_over(self, message: EmailMessage) -> Handover:
        self.mails.append(message)
        return self.answer

    def sends(self, at: datetime) -> bool:
        end_reading(self.session)
        given = self.make.given
        done = delivery.send_next(self.session, settings=given.settings, sealer=given.sealer, owed=self.owed, now=at)
        self.session.expire_all()
        return done

    def asks(self, row: Declaration, state: AddressState = AddressState.CONFIRMED, **fields: Any) -> DeclaredAddress:
        """An address of the victim."""
        with atomic(self.session):
            plain = {"address_key": "k", "asked_at": self.make.now, "tries": 0}
            made = DeclaredAddress(person=Addressee.VICTIM, state=state, **plain | fields)
            row.addresses.append(made)
        return made

    def due(self, row: Declaration, kind: MailKind) -> DeclarationMail:
        with atomic(self.session):
            made = contact_address.new_mail(kind, Addressee.VICTIM, self.make.now)
            row.mails.append(made)
        return made

    def tells(self, row: Declaration, kind: MessageKind, at: datetime) -> None:
        with atomic(self.session):
            answers.tell(self.session, row, kind, now=at)


@pytest.fixture
def post(session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch) -> Post:
    return Post(session, make, monkeypatch)


def test_what_is_owed_is_made_due_and_sent_once_a_day(
    post: Post, declare: Declare, make: Factory, session: Session
) -> None:
    row, now = declare(make.now), make.now
    asked = post.asks(row)
    assert not post.sends(now)
    post.tells(row, MessageKind.ENDS_SOON, now)
    # Made due, sent, and then there is nothing.
    assert [post.sends(now + MINUTE) for _ in range(3)] == [True, True, False]
    (mail,) = row.mails
    assert (mail.kind, mail.state, mail.sent_at, mail.tries) == (MailKind.ENDING, MailState.SENT, now + MINUTE, 1)
    assert (asked.told_until, asked.next_mail_at) == (now, now + MINUTE + DAY)
    assert references.find_day(session, mail.reference) == now.date()
    told = [each.told_at for each in row.messages if each.kind == MessageKind.ENDS_SOON.value]
    assert told == [now + MINUTE]
    assert audit.history(session, row, limit=1)[0].action == "victim_mailed"
    post.tells(row, MessageKind.CLAIM_NEWS, now + HOUR)
    assert not post.sends(now + DAY)
    assert [post.sends(now + DAY + MINUTE) for _ in range(3)] == [True, True, False]
    assert [each.kind for each in row.mails] == [MailKind.ENDING, MailKind.FOUND]


def test_what_is_written_with_an_earlier_instant_than_what_was_told_is_told_all_the_same(
    post: Post, declare: Declare, make: Factory
) -> None:
    row, now = declare(make.now), make.now
    post.asks(row)
    post.tells(row, MessageKind.ENDED, now)
    assert [post.sends(now + MINUTE) for _ in range(3)] == [True, True, False]
    # By a worker that had read its clock before the mail was written.
    post.tells(row, MessageKind.CLAIM_NEWS, now - MINUTE)
    assert [post.sends(now + DAY + MINUTE) for _ in range(3)] == [True, True, False]
    assert len(post.mails) == 2


def test_a_mail_tells_of_a_claim_as_its_line_says(
    post: Post, declare: Declare, claim: Callable[..., Claim], make: Factory, session: Session
) -> None:
    row, now = declare(make.now), make.now
    post.asks(row)
    mine = claim(now, of=row, told_at=None)
    with atomic(session):
        answers.tell(session, row, MessageKind.CLAIM_NEWS, now=now, claim=mine)
    assert [post.sends(now + MINUTE) for _ in range(3)] == [True, True, False]
    assert mine.told_at == now + MINUTE
    with atomic(session):
        # Its line is being written while a mail tells of something else.
        mine.changed_at, mine.told_at = now + HOUR, None
        answers.tell(session, row, MessageKind.ENDS_SOON, now=now + 2 * HOUR)
    assert [post.sends(now + DAY + HOUR) for _ in range(3)] == [True, True, False]
    assert mine.told_at is None


def test_a_mail_is_tried_ten_times_and_later_each_time(
    post: Post, declare: Declare, make: Factory, session: Session
) -> None:
    row = declare(make.now)
    asked, mail = post.asks(row, AddressState.WAITING), post.due(row, MailKind.CODE)
    post.answer, now, pauses = Handover.DEFERRED, make.now, []
    for tried in range(1, 11):
        assert not post.sends(mail.next_try_at - MINUTE)
        assert post.sends(now)
        assert (mail.tries, asked.code_reference, asked.code_until) == (tried, mail.reference, now + DAY)
        pauses.append((mail.next_try_at - now) / MINUTE)
        assert mail.state is (MailState.REFUSED if tried == 10 else MailState.DEFERRED)
        now = mail.next_try_at
    assert pauses == [5, 30, 120, *[360] * 7]
    assert asked.state is AddressState.REFUSED
    assert audit.history(session, row, limit=1)[0].action == "mail_refused"
    assert len({each["Message-ID"] for each in post.mails}) == 1
    assert not post.sends(now)


def test_a_mail_without_an_address_or_a_point_is_not_sent(post: Post, declare: Declare, make: Factory) -> None:
    row, now = declare(make.now), make.now
    post.due(row, MailKind.CODE)
    assert (post.sends(now), row.mails) == (True, [])
    asked = post.asks(row)
    post.due(row, MailKind.FOUND)
    assert (post.sends(now), row.mails, asked.next_mail_at, post.mails) == (True, [], None, [])


def test_the_victim_may_call_the_desk_else_a_unit_of_the_place(
    post: Post, declare: Declare, make: Factory, session: Session, unit: Unit, outsider: Officer
) -> None:
    with atomic(session):
        outsider.unit.public_phone = "02 44 44 44 44"
    for place, fields in enumerate(({"unit": unit, "departement": "44"}, {"departement": "44"}, {"departement": "01"})):
        row = declare(make.now, **fields)
        post.asks(row)
        post.tells(row, MessageKind.ENDED, make.now)
        assert [post.sends(make.now + 2 * place * MINUTE + MINUTE) for _ in range(2)] == [True, True]
    texts = [str(each.get_content()) for each in post.mails]
    assert [unit.public_phone in text for text in texts] == [True, False, False]
    assert ["02 44 44 44 44" in text for text in texts] == [False, True, False]
    assert [isinstance(each, DeclarationMessage) for each in row.messages] == [True] * len(row.messages)
