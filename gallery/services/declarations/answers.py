"""What the holder of a code is told: written by back office and worker, read by the public site with the code.

No word, contact or photo of the victim is in it: less to steal, and nothing to explain.
"""

import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from gallery.errors import CodeUnknown, KeyAbsent, SealBroken
from gallery.models import (
    Addressee,
    AddressState,
    Claim,
    Declaration,
    DeclarationAnswer,
    DeclarationMessage,
    DeclarationState,
    MailKind,
    OpenedDeclaration,
)
from gallery.sealing import Sealer, seal_to
from gallery.services.declarations import changes, told_claims
from gallery.services.declarations.changes import ChangeKind
from gallery.services.declarations.opening import locks
from gallery.services.declarations.opening.locks import Holder
from gallery.services.declarations.statement import can_end_later, latest_end
from gallery.services.declarations.told_claims import AnsweredClaim
from gallery.services.declarations.told_proposals import AnsweredProposal, told_of


class MessageKind(enum.StrEnum):
    """What a victim is told, with its date."""

    RECEIVED = "received"
    FOUND = "found"
    PROLONGED = "prolonged"
    CLOSED = "closed"
    ENDS_SOON = "ends_soon"
    ENDS_IN_A_WEEK = "ends_in_a_week"
    ENDED = "ended"
    CODE_REPLACED = "code_replaced"
    ADDED = "added"
    COPY_ASKED = "copy_asked"
    COPY_GIVEN = "copy_given"
    CLAIM_RECEIVED = "claim_received"
    CLAIM_ADDED = "claim_added"
    CLAIM_NEWS = "claim_news"
    CLAIM_ERASED = "claim_erased"
    CLAIM_ENDS_SOON = "claim_ends_soon"
    CLAIM_ENDS_IN_A_WEEK = "claim_ends_in_a_week"


# Victims are written to or called about its end, as about what was found: the rest they have done themselves.
ENDINGS = (MessageKind.ENDS_SOON, MessageKind.ENDS_IN_A_WEEK, MessageKind.ENDED)
# That a claim which is over will be erased.
CLAIM_ENDINGS = (MessageKind.CLAIM_ENDS_SOON, MessageKind.CLAIM_ENDS_IN_A_WEEK)


@dataclass(frozen=True)
class AnsweredObject:
    """A declared object, known by its place (from 1) and kind. photos: how many were kept."""

    position: int
    category_code: str
    photos: int


@dataclass(frozen=True)
class AnsweredMessage:
    """One dated line. kind: a MessageKind's value; number: of the item whose claim it is about, empty for none."""

    kind: str
    at: datetime
    number: str = ""


class AddressAnswer(enum.StrEnum):
    """The state of the e-mail address: NONE is written to, or its code is awaited, was mistyped, and so on."""

    NONE = ""
    WAITING = "waiting"
    MISTYPED = "mistyped"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """All that "Ma déclaration" shows. mail, helper_mail: the state of the address of each.

    mail_standing: a text that changes with whatever a typed code has brought about; latest_end: the last day that the
    search may be prolonged to, None in what was sealed before 2026-12-01.
    """

    reference: str
    state: str
    ends_on: date
    objects: tuple[AnsweredObject, ...]
    proposals: tuple[AnsweredProposal, ...]
    messages: tuple[AnsweredMessage, ...]
    mail: str = AddressAnswer.NONE
    helper_mail: str = AddressAnswer.NONE
    claims: tuple[AnsweredClaim, ...] = ()
    mail_standing: str = ""
    latest_end: date | None = None

    @property
    def awaits_copy(self) -> bool:
        """Whether a copy of the data was asked for and not given yet."""
        copies = [each.kind for each in self.messages if each.kind in (MessageKind.COPY_ASKED, MessageKind.COPY_GIVEN)]
        return copies[-1:] == [MessageKind.COPY_ASKED]

    def is_at_limit(self, today: date) -> bool:
        """Whether prolonging the search, or opening it again, would gain nothing."""
        if self.latest_end is None:
            return False
        if self.state == DeclarationState.CLOSED:
            return self.latest_end < today
        return not can_end_later(self.ends_on, self.latest_end)


def tell(
    session: Session, declaration: Declaration, kind: MessageKind, *, now: datetime, claim: Claim | None = None
) -> None:
    """Add a dated line for the victim and write the answer anew; inside atomic(). claim: what the line is about."""
    declaration.messages.append(DeclarationMessage(kind=kind.value, at=now, claim=claim))
    changes.note(session, ChangeKind.NEWS)
    refresh(session, declaration)


def refresh(session: Session, declaration: Declaration) -> None:
    """Write the answer as the rows stand; inside atomic(), after whatever changed what the victim may see.

    Call it whenever a proposal becomes SHOWN or DISMISSED. Needs no key but the declaration's own public one.
    """
    session.flush()
    row = session.get_one(DeclarationAnswer, declaration.locator, with_for_update=True)
    # Whoever wrote it at this moment was waited for: what they have changed is read, and not left out.
    for each in declaration.objects:
        session.expire(each, ["proposals"])
    session.expire(declaration, ["objects", "messages", "claims", "addresses", "mails"])
    row.sealed = sealed_answer(declaration)


def place(session: Session, declaration: Declaration, *, wrapped: bytes) -> None:
    """Lay the first answer of a declaration, under the key that its code unwraps; inside atomic()."""
    session.flush()
    session.add(DeclarationAnswer(locator=declaration.locator, wrapped=wrapped, sealed=sealed_answer(declaration)))


def remove(session: Session, declaration: Declaration) -> None:
    """Remove the answer: the code opens nothing any more, and is open in no browser; inside atomic()."""
    for table in (DeclarationAnswer, OpenedDeclaration):
        session.execute(delete(table).where(table.locator == declaration.locator))


def sealed_answer(declaration: Declaration) -> bytes:
    """The answer as the rows stand, sealed to the declaration's own key."""
    numbers: dict[int | None, str] = {each.id: each.item.public_number for each in declaration.claims}
    answer = Answer(
        reference=declaration.reference,
        state=declaration.state.value,
        ends_on=declaration.ends_on,
        objects=tuple(
            AnsweredObject(each.position, each.category.code if each.category else "", len(each.photos))
            for each in declaration.objects
        ),
        proposals=tuple(proposal for each in declaration.objects for proposal in told_of(each)),
        messages=tuple(
            AnsweredMessage(each.kind, each.at, numbers.get(each.claim_id, "")) for each in declaration.messages
        ),
        mail=_mail(declaration, Addressee.VICTIM),
        helper_mail=_mail(declaration, Addressee.HELPER),
        mail_standing=_mail_standing(declaration),
        latest_end=latest_end(declaration.declared_at),
    )
    fields = _to_fields(answer) | {"claims": [told_claims.fields_of(each) for each in declaration.claims]}
    return seal_to(declaration.answer_recipient, fields, row=f"answer:{declaration.locator}")


def open_with(session: Session, code: str, *, pepper: str) -> Holder:
    """Who holds this code (as `codes.tidy` leaves it); raise CodeUnknown. Slow on purpose, known or not."""
    locator, key = locks.locate(code, pepper=pepper)
    row = session.get(DeclarationAnswer, locator)
    if row is None:
        raise CodeUnknown
    return locks.unwrap(row.wrapped, locator=locator, key=key)


def read(session: Session, holder: Holder) -> Answer:
    """What the holder of a code is told now; raise CodeUnknown once the declaration is gone or the code replaced."""
    row = session.get(DeclarationAnswer, holder.locator)
    if row is None:
        raise CodeUnknown
    sealer = Sealer(holder.identity)
    try:
        fields = sealer.unseal(row.sealed, row=f"answer:{holder.locator}")
        return replace(
            _from_fields(fields), claims=tuple(told_claims.opened(each, sealer) for each in fields.get("claims", ()))
        )
    except (SealBroken, KeyAbsent) as error:
        raise CodeUnknown from error


def _mail(declaration: Declaration, person: Addressee) -> AddressAnswer:
    asked = next((each for each in declaration.addresses if each.person is person), None)
    if asked is None:
        return AddressAnswer.NONE
    if asked.state is AddressState.WAITING and asked.tries:
        return AddressAnswer.MISTYPED
    return AddressAnswer(asked.state.value)


def _mail_standing(declaration: Declaration) -> str:
    codes_sent = sum(each.kind is MailKind.CODE for each in declaration.mails)
    return " ".join([str(codes_sent), *(f"{each.state.value} {each.tries}" for each in declaration.addresses)])


def _to_fields(answer: Answer) -> dict[str, Any]:
    messages = [asdict(each) | {"at": each.at.isoformat()} for each in answer.messages]
    days = {"ends_on": answer.ends_on.isoformat(), "latest_end": answer.latest_end and answer.latest_end.isoformat()}
    return asdict(answer) | days | {"messages": messages}


def _from_fields(fields: Mapping[str, Any]) -> Answer:
    messages = (each | {"at": datetime.fromisoformat(each["at"])} for each in fields["messages"])
    return Answer(
        reference=fields["reference"],
        state=fields["state"],
        ends_on=date.fromisoformat(fields["ends_on"]),
        objects=tuple(AnsweredObject(**each) for each in fields["objects"]),
        proposals=tuple(AnsweredProposal(**each) for each in fields["proposals"]),
        messages=tuple(AnsweredMessage(**each) for each in messages),
        # What was sealed before there were mails has none.
        mail=fields.get("mail", AddressAnswer.NONE.value),
        helper_mail=fields.get("helper_mail", AddressAnswer.NONE.value),
        mail_standing=fields.get("mail_standing", ""),
        latest_end=date.fromisoformat(fields["latest_end"]) if fields.get("latest_end") else None,
    )
