"""Which mails are due, handed over one by one, and what became of each; state is in rows.

A worker that is killed between handing over and noting has the mail sent once more, and none is ever lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import (
    AddressState,
    Claim,
    Declaration,
    DeclarationMail,
    DeclarationState,
    DeclaredAddress,
    DeclaredObject,
    Item,
    ItemStatus,
    MailKind,
    MailState,
    Proposal,
    ProposalState,
    Unit,
)
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.days import day_in_paris
from gallery.services.declarations import answers, contact_address, sealed_rows
from gallery.services.declarations.sealed_rows import DeclarationSecrets
from gallery.services.mails import letters, references, server
from gallery.services.mails.letters import Facts
from gallery.services.mails.server import Handover
from gallery.services.transaction import atomic, end_reading

A_DAY = timedelta(days=1)
# Until the next try, by how many there were; the last one for all further ones.
PAUSES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
# Some two days; then the victim is called.
MAX_TRIES = 10
TO_SEND = (MailState.DUE, MailState.DEFERRED)


@dataclass(frozen=True)
class Letter:
    """A mail that was taken to be handed over. proposals, claims: row ids of what it tells of."""

    mail_id: int
    message: EmailMessage
    proposals: Sequence[int]
    claims: Sequence[int] = ()


def send_next(session: Session, *, settings: Settings, sealer: Sealer, now: datetime) -> bool:
    """Hand the next mail over, or make one due; False when there is none. Raises MailServerUnreachable."""
    if session.scalar(_owed(now)) is not None:
        with atomic(session):
            _make_due(session, now)
        return True
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
    """Confirmed addresses whose declaration has something to tell, and which had no mail for a day."""
    untold = _untold().where(DeclaredObject.declaration_id == DeclaredAddress.declaration_id)
    news = _claim_news().where(Claim.declaration_id == DeclaredAddress.declaration_id)
    wanted = select(DeclaredAddress).join(DeclaredAddress.declaration).where(
        DeclaredAddress.state == AddressState.CONFIRMED,
        or_(DeclaredAddress.next_mail_at.is_(None), DeclaredAddress.next_mail_at <= now),
        or_(
            and_(
                Declaration.state == DeclarationState.OPEN,
                exists(untold.with_only_columns(Proposal.id).correlate(DeclaredAddress)),
            ),
            and_(
                Declaration.state != DeclarationState.QUARANTINED,
                exists(news.with_only_columns(Claim.id).correlate(DeclaredAddress)),
            ),
        ),
    )  # fmt: skip
    return wanted.order_by(DeclaredAddress.declaration_id).limit(1)


def _untold() -> Select[Proposal]:
    wanted = select(Proposal).join(Proposal.declared).join(Proposal.item)
    return wanted.where(
        Proposal.state == ProposalState.SHOWN, Proposal.told_at.is_(None), Item.status == ItemStatus.PUBLISHED
    )


def _claim_news() -> Select[Claim]:
    """Claims whose state nobody was told of."""
    return select(Claim).where(Claim.told_at.is_(None))


def _make_due(session: Session, now: datetime) -> None:
    owed = session.scalar(_owed(now).with_for_update(of=DeclaredAddress, skip_locked=True))
    if owed is not None:
        owed.next_mail_at = now + A_DAY
        owed.declaration.mails.append(contact_address.new_mail(MailKind.FOUND, now))


def _due(now: datetime) -> Select[DeclarationMail]:
    wanted = select(DeclarationMail).where(DeclarationMail.state.in_(TO_SEND), DeclarationMail.next_try_at <= now)
    return wanted.order_by(DeclarationMail.next_try_at, DeclarationMail.id).limit(1)


def _take(session: Session, settings: Settings, sealer: Sealer, now: datetime) -> Letter | None:
    """Take the next mail until its next try, and write it; None where there is nothing to say any more."""
    mail = session.scalar(_due(now).with_for_update(skip_locked=True))
    if mail is None:
        return None
    declaration = mail.declaration
    opened = sealed_rows.secrets_of(declaration, sealer)
    address, asked = contact_address.address_in(opened), declaration.address
    untold = _untold_of(session, declaration) if mail.kind is MailKind.FOUND else []
    news = [each for each in declaration.claims if each.told_at is None]
    if asked is None or not address or not _has_a_point(mail, untold, news):
        session.delete(mail)
        return None
    mail.next_try_at = now + PAUSES[min(mail.tries, len(PAUSES) - 1)]
    mail.tries += 1
    # Before it is sent, so that whoever asks at once is told the truth.
    references.note(session, mail.reference, day=day_in_paris(now))
    if mail.kind is MailKind.CODE:
        asked.code_reference, asked.code_until = mail.reference, now + contact_address.CODE_LASTS
    else:
        asked.next_mail_at = mail.next_try_at + A_DAY
    items = [each.item for each in news] + [each.item for each in untold]
    unit = items[0].unit if items else _unit_of(session, declaration)
    message = letters.compose(_facts(mail, opened, unit, sealer), address, settings=settings, now=now)
    return Letter(mail.id, message, [each.id for each in untold], [each.id for each in news])


def _has_a_point(mail: DeclarationMail, untold: Sequence[Proposal], news: Sequence[Claim]) -> bool:
    state = mail.declaration.state
    if mail.kind is MailKind.CODE:
        return state is not DeclarationState.QUARANTINED
    return bool(news) or (state is DeclarationState.OPEN and bool(untold))


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


def _untold_of(session: Session, declaration: Declaration) -> list[Proposal]:
    wanted = _untold().where(DeclaredObject.declaration_id == declaration.id).order_by(Proposal.id)
    return list(session.scalars(wanted))


def _unit_of(session: Session, declaration: Declaration) -> Unit | None:
    """Whom a victim may call: the desk that took the declaration, else a unit of the place of the theft."""
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
    mail.state, mail.sent_at = MailState.SENT, now
    for each in session.scalars(select(Proposal).where(Proposal.id.in_(letter.proposals), Proposal.told_at.is_(None))):
        each.told_at = now
    if mail.kind is MailKind.FOUND:
        # Without a new version of the row, which an officer may have open.
        session.execute(update(Claim).where(Claim.id.in_(letter.claims), Claim.told_at.is_(None)).values(told_at=now))
        if mail.declaration.address is not None:
            mail.declaration.address.next_mail_at = now + A_DAY
        audit.record(session, None, "victim_mailed", mail.declaration, now=now)


def _note_refused(session: Session, mail: DeclarationMail, now: datetime) -> None:
    """The address takes no mail: what is found stays on the call list."""
    mail.state = MailState.REFUSED
    if mail.declaration.address is not None:
        mail.declaration.address.state = AddressState.REFUSED
    audit.record(session, None, "mail_refused", mail.declaration, now=now)
    answers.refresh(session, mail.declaration)
