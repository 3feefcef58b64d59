"""What the holder of a code asks for: counted, and said to be on its way until the worker's answer has come."""

from collections.abc import Mapping

from flask import Response, g
from werkzeug import Response as AnyResponse

from gallery.extensions import limiter
from gallery.services.declarations.answers import Answer, MessageKind
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.opening.locks import Holder
from gallery.web.intake import allowances
from gallery.web.public.declaring import opened
from gallery.web.resources import resources

# Where a request notes whose declaration its code has opened: no cookie tells yet.
ASKS = "holder_who_asks"
CLAIM_SENT, CLAIM_WITHDRAWN = "claim sent", "claim withdrawn"
# In place of what was asked: the digits that were typed are no code of a mail, or too much was asked within an hour.
NOT_SIX_DIGITS, TOO_MANY = "not six digits", "too many"
SAID_ONCE = (NOT_SIX_DIGITS, TOO_MANY)
# How many requests for deletion of one holder reach the inbox: one does all. Further ones are answered alike and not
# put there.
DELETIONS = "5 per hour"
# By which messages each is answered; the confirming of an address is answered by the address's own state.
ANSWERS: Mapping[str, tuple[MessageKind, ...]] = {
    DropKind.PROLONG.value: (MessageKind.PROLONGED,),
    DropKind.CLOSE.value: (MessageKind.CLOSED,),
    DropKind.COPY.value: (MessageKind.COPY_ASKED,),
    DropKind.ADD.value: (MessageKind.ADDED,),
    CLAIM_SENT: (MessageKind.CLAIM_RECEIVED, MessageKind.CLAIM_ADDED),
    CLAIM_WITHDRAWN: (MessageKind.CLAIM_ERASED,),
}


def note(response: AnyResponse, asked: str, answer: Answer, *, by: Holder | None = None) -> Response:
    """Remember what was asked for, and how things stood when it was. answer: read before it was asked.

    by: who has opened the declaration with this very request.
    """
    return opened.note(response, asked, _standing(asked, answer), by=by)


def current(answer: Answer) -> str:
    """What is still on its way, or was to be said of it; empty once the answer has changed because of it."""
    asked, standing = opened.asked()
    return asked if asked in SAID_ONCE or standing == _standing(asked, answer) else ""


def _standing(asked: str, answer: Answer) -> str:
    """What the answer to a request changes: the messages of its kinds, or the state of the addresses."""
    if asked == DropKind.CONFIRM.value:
        return answer.mail_standing
    kinds = {each.value for each in ANSWERS.get(asked, ())}
    return " ".join(each.at.isoformat() for each in answer.messages if each.kind in kinds)[-100:]


def holder_key() -> str:
    """Who asks, for the limit on what is asked of one declaration, from whatever browser."""
    known = g.get(ASKS) or opened.holder()
    return f"holder {allowances.digest(known.locator)}" if known else allowances.browser()


def count_requests(*, by: Holder | None = None) -> None:
    """Raise TooManyRequests for a declaration of which too much is asked. by: who has opened it with this request."""
    if by is not None:
        setattr(g, ASKS, by)
    _count_one()


@limiter.shared_limit(lambda: resources().settings.holder_rate, scope="requests of a holder", key_func=holder_key)
def _count_one() -> None:
    """Refuse a holder who asks too much."""


@limiter.limit(DELETIONS, key_func=holder_key)
def count_deletions() -> None:
    """Raise TooManyRequests for a declaration that was to be deleted several times already."""
