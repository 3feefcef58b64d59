"""Which mails are due, handed over one by one, and what became of each; state is in rows.

A worker that is killed between handing over and noting has the mail sent once more, and none is ever lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import SealBroken
from gallery.models import (
    Addressee,
    AddressState,
    Claim,
    Declaration,
    DeclarationMail,
    DeclarationMessage,
    DeclarationState,
    DeclaredAddress,
    MailKind,
    MailState,
    Proposal,
    Unit,
)
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.days import day_in_paris
from gallery.services.declarations import answers, changes, contact_address, sealed_rows
from gallery.services.declarations.changes import ChangeKind
from gallery.services.declarations.sealed_rows import DeclarationSecrets
from gallery.services.mails import letters, references, server, untold
from gallery.services.mails.letters import Facts
from gallery.services.mails.server import Handover
from gallery.services.mails.untold import NOTHING, News
from gallery.services.transaction import atomic, end_reading

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
# Until the next try, by how many there were; the last one for all further ones.
PAUSES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
# Some two days; then the victim is called.
MAX_TRIES = 10
TO_SEND = (MailState.DUE, MailState.DEFERRED)


@dataclass(frozen=True)
class Letter:
    """A mail that was taken to be handed over. proposals, endings: row ids of what it tells of, until when."""

    mail_id: int
    message: EmailMessage
    proposals: Sequence[int]
    endings: Sequence[int]
    until: datetime | None


@dataclass
class OwedMails:
    """When a worker has to look whether any address is owed a mail, which costs a look at each.

    number: of the news at which none was; until: when time alone may have changed that.
    """

    number: int = -1
    until: datetime | None = None

    def may_be(self, number: int, now: datetime) -> bool:
        """Whether one may be owed."""
        return number != self.number or self.until is None or now >= self.until

    def are_none(self, number: int, now: datetime) -> None:
        """None is, as of this number."""
        self.number, self.until = number, now + A_MINUTE


def send_next(session: Session, *, settings: Settings, sealer: Sealer, owed: OwedMails, now: datetime) -> bool:
    """Hand the next mail over, or make one due; False when there is none. Raises MailServerUnreachable."""
    number = changes.current(session, ChangeKind.NEWS)
    if owed.may_be(number, now):
        if session.scalar(_owed(now)) is not None:
            with atomic(session):
                _make_due(session, now)
            return True
        owed.are_none(number, now)
    is_due = session.scalar(_due(now)) is not None
    end_reading(session)
    if not is_due:
        return False
    with server.connected(settings) as mail_server:
        with atomic(session):
            letter = _take(session, settings, sealer, now)
        end_reading(session)
        if letter is not None:
            outcome = mail_server.hand_over(letter.message)
            with atomic(session):
                _note(session, letter, outcome, now)
    return True


def _owed(now: datetime) -> Select[DeclaredAddress]:
    """Confirmed addresses whose declaration has something to tell, and which have had no mail for a day."""
    wanted = select(DeclaredAddress).join(DeclaredAddress.declaration).where(
        Declaration.state != DeclarationState.QUARANTINED,
        DeclaredAddress.state == AddressState.CONFIRMED,
        or_(DeclaredAddress.next_mail_at.is_(None), DeclaredAddress.next_mail_at <= now),
        untold.is_owed(),
    )  # fmt: skip
    return wanted.order_by(DeclaredAddress.declaration_id, DeclaredAddress.person.desc()).limit(1)


def _make_due(session: Session, now: datetime) -> None:
    owed = session.scalar(_owed(now).with_for_update(of=DeclaredAddress, skip_locked=True))
    if owed is not None:
        owed.next_mail_at = now + A_DAY
        owed.declaration.mails.append(contact_address.new_mail(MailKind.FOUND, owed.person, now))


def _due(now: datetime) -> Select[DeclarationMail]:
    wanted = select(DeclarationMail).where(DeclarationMail.state.in_(TO_SEND), DeclarationMail.next_try_at <= now)
    return wanted.order_by(DeclarationMail.next_try_at, DeclarationMail.id).limit(1)


def _take(session: Session, settings: Settings, sealer: Sealer, now: datetime) -> Letter | None:
    """Take the next mail until its next try, and write it; None where there is nothing to say any more."""
    mail = session.scalar(_due(now).with_for_update(skip_locked=True))
    if mail is None:
        return None
    declaration = mail.declaration
    try:
        opened = sealed_rows.secrets_of(declaration, sealer)
    except SealBroken:
        # Nobody knows to whom, and the mails after it must not wait.
        mail.next_try_at = now + A_DAY
        return None
    address, asked = contact_address.of_person(opened, mail.person), _asked(mail)
    if asked is None or not address:
        session.delete(mail)
        return None
    news = untold.news_of(session, declaration, mail.person) if mail.kind is not MailKind.CODE else NOTHING
    if not _has_a_point(mail, news):
        session.delete(mail)
        return None
    _begin(session, mail, asked, news, now)
    unit = news.proposals[0].item.unit if news.proposals else _unit_of(session, declaration)
    message = letters.compose(_facts(mail, opened, unit, sealer), address, settings=settings, now=now)
    told = ([each.id for each in news.proposals], [each.id for each in news.endings])
    return Letter(mail.id, message, *told, news.until)


def _begin(session: Session, mail: DeclarationMail, asked: DeclaredAddress, news: News, now: datetime) -> None:
    """Note a try before it is made, so that whoever asks at once is told the truth."""
    mail.next_try_at = now + PAUSES[min(mail.tries, len(PAUSES) - 1)]
    mail.tries += 1
    references.note(session, mail.reference, day=day_in_paris(now))
    if mail.kind is MailKind.CODE:
        asked.code_reference, asked.code_until = mail.reference, now + contact_address.CODE_LASTS
        return
    asked.next_mail_at = mail.next_try_at + A_DAY
    mail.kind = MailKind.FOUND if news.is_of_objects else MailKind.ENDING


def _has_a_point(mail: DeclarationMail, news: News) -> bool:
    is_held = mail.declaration.state is DeclarationState.QUARANTINED
    if mail.kind is MailKind.CODE:
        return not is_held
    return bool(news.endings) or (not is_held and bool(news.proposals))


def _asked(mail: DeclarationMail) -> DeclaredAddress | None:
    return next((each for each in mail.declaration.addresses if each.person is mail.person), None)


def _facts(mail: DeclarationMail, opened: DeclarationSecrets, unit: Unit | None, sealer: Sealer) -> Facts:
    return Facts(
        kind=mail.kind,
        language=opened.language,
        reference=mail.reference,
        unit=unit.name if unit else "",
        telephone=unit.public_phone if unit else "",
        phrase=opened.phrase,
        code=contact_address.code_of(mail.reference, sealer) if mail.kind is MailKind.CODE else "",
    )


def _unit_of(session: Session, declaration: Declaration) -> Unit | None:
    """Whom a victim may call: the desk that took the declaration, else a unit of the place of the theft."""
    if declaration.claims:
        return declaration.claims[-1].item.unit
    near = select(Unit).where(Unit.departement == declaration.departement, Unit.public_phone != "").order_by(Unit.id)
    return declaration.unit or session.scalar(near.limit(1))


def _note(session: Session, letter: Letter, outcome: Handover, now: datetime) -> None:
    mail = session.get(DeclarationMail, letter.mail_id)
    if mail is None:
        # Its declaration was deleted meanwhile.
        return
    if outcome is Handover.TAKEN:
        _note_sent(session, mail, letter, now)
    elif outcome is Handover.REFUSED or mail.tries >= MAX_TRIES:
        _note_refused(session, mail, now)
    else:
        mail.state = MailState.DEFERRED


def _note_sent(session: Session, mail: DeclarationMail, letter: Letter, now: datetime) -> None:
    """Each knows by a mail of their own: one to a helper leaves the victim to be called, and the reverse."""
    mail.state, mail.sent_at = MailState.SENT, now
    if mail.kind is MailKind.CODE:
        return
    asked = _asked(mail)
    if asked is not None:
        asked.next_mail_at, asked.told_until = now + A_DAY, letter.until
    for table, ids in ((Proposal, letter.proposals), (DeclarationMessage, letter.endings)):
        known_at = untold.known_at(table, mail.person)
        session.execute(update(table).where(table.id.in_(ids), known_at.is_(None)).values({known_at: now}))
    if mail.person is Addressee.VICTIM:
        # Without a new version of the row, which an officer may have open.
        of_state = (DeclarationMessage.claim_id == Claim.id, DeclarationMessage.at >= Claim.changed_at)
        told = select(DeclarationMessage.id).where(DeclarationMessage.id.in_(letter.endings), *of_state)
        claims = update(Claim).where(Claim.declaration_id == mail.declaration_id, Claim.told_at.is_(None))
        session.execute(claims.where(told.exists()).values(told_at=now))
    audit.record(session, None, "victim_mailed", mail.declaration, now=now)


def _note_refused(session: Session, mail: DeclarationMail, now: datetime) -> None:
    """The address takes no mail: what is found stays on the call list."""
    mail.state = MailState.REFUSED
    asked = _asked(mail)
    if asked is not None:
        asked.state = AddressState.REFUSED
    audit.record(session, None, "mail_refused", mail.declaration, now=now)
    answers.refresh(session, mail.declaration)
