"""Mails to victims, read on a real server: the address confirmed first, one a day, nothing in them, nothing lost."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.errors import MailServerUnreachable
from gallery.models import Case, DeclarationMail, Item, MailState, Officer, Proposal, Unit
from gallery.sealing import Sealer
from gallery.services.declarations import answers, dropping, lifecycle
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.lifecycle import Purged
from gallery.services.declarations.opening import locks
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.mails import references
from gallery.services.proposals import ending_calls, proposals
from gallery.services.proposals.work import DeclarationWork
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.transaction import atomic, end_reading
from tests import pictures, smtp_server
from tests.factories import Factory
from tests.smtp_server import CUT, Mailbox

CODE = "pomme rivière cheval maison tapis lune"
ADDRESS = "jeanne@victim.example"
HELPER = Contact("Anne", "anne@helper.example")
HIDDEN = ("Rougé", "http", "www", "bague", "jewellery", *CODE.split())
REFUSED, NOT_NOW, POLICY = "550 5.1.1 No such user", "451 4.7.1 Come back later", "550 5.7.1 Not from you"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp_server.running() as mailbox:
        yield mailbox


@pytest.fixture
def settings(settings: Settings, mailbox: Mailbox) -> Settings:
    return replace(
        settings,
        declarations_legal_act="PLAN-1",
        declarations_impact_assessment="2026-11-29",
        public_address="https://retrouves.example",
        alerts_legal_act="PLAN-3",
        alerts_impact_assessment="2026-11-29",
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        smtp_security="none",
        mail_sender="objets@retrouves.example",
    )


@dataclass
class Desk:
    """The worker and the victim, on one clock."""

    session: Session
    settings: Settings
    sessions: sessionmaker[Session]
    sealer: Sealer
    make: Factory
    mailbox: Mailbox

    def __post_init__(self) -> None:
        self.now = self.make.now
        given = replace(self.make.resources(self.sessions, now=lambda: self.now), settings=self.settings)
        self.work = DeclarationWork(given, open_catalogue(given, Scope.PUBLIC))
        self.work.publish_key()

    def work_with(self, settings: Settings) -> DeclarationWork:
        return DeclarationWork(replace(self.work.given, settings=settings), self.work.published)

    def works(self, *, later: timedelta = timedelta(seconds=1)) -> None:
        end_reading(self.session)
        self.now += later
        work = self.work
        while work.collect_next() | work.compare_next_object() | work.compare_next_item() | work.send_next_mail():
            pass
        self.session.expire_all()

    def declares(self, *, language: str = "fr", helper: Contact | None = None) -> None:
        ring = StatedObject("jewellery", "bague ancienne", photos=(photo(is_cropped=True),))
        statement = Statement(
            theft=Theft(),
            objects=(ring,),
            contact=Contact("Rougé", ADDRESS),
            helper=helper,
            ends_on=self.make.now.date() + timedelta(days=365),
            consented_at=self.make.now,
            phrase="les hortensias {site} bleus",
            language=language,
        )
        lock = locks.make(CODE, pepper=self.settings.declaration_pepper)
        with atomic(self.session):
            dropping.drop(self.session, replace(self.make.at(self.now), settings=self.settings), statement, lock)
        self.works()

    def types(self, digits: str) -> str:
        """Type the code of a mail on the page; what the page says then."""
        holder = answers.open_with(self.session, CODE, pepper=self.settings.declaration_pepper)
        with atomic(self.session):
            dropping.request(self.session, holder, DropKind.CONFIRM, now=self.now, digits=digits)
        self.works()
        return self.answer().mail

    def confirms(self) -> None:
        self.declares()
        assert self.types(digits_in(self.mailbox)) == "confirmed"

    def answer(self) -> Answer:
        end_reading(self.session)
        return answers.read(
            self.session, answers.open_with(self.session, CODE, pepper=self.settings.declaration_pepper)
        )

    def purges(self, *, days: int) -> Purged:
        """Move the clock on by days, and purge."""
        self.now += timedelta(days=days)
        with atomic(self.session):
            done = lifecycle.purge(self.session, self.settings, now=self.now)
        self.session.expire_all()
        return done

    def states(self) -> list[MailState]:
        end_reading(self.session)
        return list(self.session.scalars(select(DeclarationMail.state).order_by(DeclarationMail.id)))


@pytest.fixture
def desk(
    session: Session,
    settings: Settings,
    sessions: sessionmaker[Session],
    sealer: Sealer,
    make: Factory,
    mailbox: Mailbox,
) -> Desk:
    return Desk(session, settings, sessions, sealer, make, mailbox)


@pytest.fixture
def publish(make: Factory, unit: Unit) -> Callable[[], Item]:
    """Publish another photo of the ring as another object."""
    case: list[Case] = []

    def published() -> Item:
        case[:] = case or [make.case(unit)]
        return make.published(case[0], photo())

    return published


def photo(*, is_cropped: bool = False) -> bytes:
    drawing = pictures.picture(35, kind="ring")
    return pictures.jpeg(pictures.relit(pictures.cropped(drawing)) if is_cropped else drawing)


def digits_in(mailbox: Mailbox) -> str:
    return re.search(r"^ +([0-9]{6})$", mailbox.last, re.MULTILINE)[1]


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
    holder = answers.open_with(session, CODE, pepper=desk.settings.declaration_pepper)
    with atomic(session):
        dropping.request(session, holder, DropKind.SEEN, now=desk.now)
    desk.works()
    assert proposals.to_be_told(session, officer, sends_mail=False, limit=10) == []


def test_looking_for_owed_mails_costs_nothing_while_nothing_happens(desk: Desk, engine: Engine) -> None:
    desk.confirms()
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
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
