"""A real mail server, and a victim and an officer between whom mails are due."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.models import Case, DeclarationMail, Item, MailState, Unit
from gallery.sealing import Sealer
from gallery.services.declarations import answers, dropping, lifecycle
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.lifecycle import Purged
from gallery.services.declarations.opening import locks
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.proposals.work import DeclarationWork
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.transaction import atomic, end_reading
from tests import pictures
from tests.factories import Factory
from tests.parts import smtp_server
from tests.parts.smtp_server import Mailbox
from tests.victim import ALERTS, DECLARATIONS

CODE = "pomme rivière cheval maison tapis lune"
ADDRESS = "jeanne@victim.example"
HELPER = Contact("Anne", "anne@helper.example")
HIDDEN = ("Rougé", "http", "www", "bague", "jewellery", *CODE.split())


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp_server.running() as mailbox:
        yield mailbox


@pytest.fixture
def settings(settings: Settings, mailbox: Mailbox) -> Settings:
    return replace(
        settings,
        **DECLARATIONS,
        public_address="https://retrouves.example",
        **ALERTS,
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

    def opens(self) -> None:
        """The page is opened with the code, and what it shows is known."""
        holder = answers.open_with(self.session, CODE, pepper=self.settings.declaration_pepper)
        with atomic(self.session):
            dropping.note_seen(self.session, holder, answers.read(self.session, holder), now=self.now)
        self.works()

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
