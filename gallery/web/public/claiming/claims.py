"""Claiming an item, adding what was asked for, and withdrawing a claim: sealed at once, and never shown again."""

from contextlib import suppress
from dataclasses import asdict, dataclass

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug import Response as AnyResponse
from werkzeug.exceptions import NotFound, TooManyRequests

from gallery.errors import ItemNoLongerPublic, ItemNotFound, StatementInvalid
from gallery.extensions import limiter
from gallery.services.claims import claim_drops, claimed
from gallery.services.claims.claimed import MAX_CLAIMS, MAX_STATEMENTS, Claimant, ClaimWords
from gallery.services.claims.progress import ENDED
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.opening import codes, locks
from gallery.services.declarations.opening.locks import Holder
from gallery.services.declarations.told_claims import AnsweredClaim
from gallery.services.gallery import public_items
from gallery.services.gallery.public_records import PublicItem
from gallery.services.items.numbering.numbers import read_public_number
from gallery.services.transaction import atomic, end_reading
from gallery.web.headers import unkept
from gallery.web.intake.allowances import sending_counter
from gallery.web.public.claiming import given_claim
from gallery.web.public.claiming.given_claim import ClaimForm
from gallery.web.public.declaring import on_the_way, opened, programs, trying
from gallery.web.public.declaring.drawn_code import code_for
from gallery.web.public.declaring.views import code_page
from gallery.web.resources import database, now, resources
from gallery.web.stating.refusal import cannot_be_sent

# Drops that say that a state was seen: the first one does, and no reloading of the page fills the inbox.
SEEN_RATE = "10 per hour"
_count = sending_counter(
    "claims",
    rate=lambda: resources().settings.claim_rate,
    overall=lambda: resources().settings.claim_overall_rate,
)


@dataclass(frozen=True)
class AnsweredHolder:
    """Somebody whose code opens a declaration, and what they are told."""

    holder: Holder
    answer: Answer


def claim(number: str) -> AnyResponse | tuple[Response, int]:
    """The form of "Cet objet est à moi", and once it is sent the code, or "Ma déclaration" where one is open."""
    claim_drops.require_claims(database(), resources().settings)
    if read_public_number(number) != number:
        raise ItemNotFound(number)
    item = _item(number)
    if request.method != "POST":
        blank = given_claim.blank(item.category.code if item else "")
        return _form(blank, item, number, begun=programs.begin(), joined=trying.answer_of(opened.holder()))
    end_reading(database())
    form, begun = given_claim.read(item.category.code if item else None), request.form.get("debut", "")
    answered = _answered_holder(form)
    claimant = given_claim.claimant_of(form) if answered is None and trying.FIELD not in form.errors else None
    said, joined = _said(form, begun), answered.answer if answered else None
    if answered is not None and (refusal := _refusal(answered.answer, number)):
        form.errors["piege"] = refusal
    if said is None or form.errors:
        return _form(form, item, number, begun=programs.renewed(begun), joined=joined), 422
    try:
        return _send_as_holder(number, said, answered) if answered else _send_as_new(number, said, claimant, begun)
    except TooManyRequests:
        form.errors["piege"] = _too_many()
        return _form(form, item, number, begun=begun, joined=joined), 429
    except StatementInvalid:
        form.errors["piege"] = cannot_be_sent()
        return _form(form, item, number, begun=begun, joined=joined), 422


def add(place: int) -> AnyResponse | tuple[Response, int]:
    """The form in which somebody adds to a claim of theirs. place: among those of the answer, from 1."""
    claim_drops.require_claims(database(), resources().settings)
    if request.method != "POST":
        answer = trying.answer_of(opened.holder())
        if answer is None:
            return trying.ask_code_again()
        return _addition(given_claim.blank(""), _claim_at(answer, place), place, begun=programs.begin())
    end_reading(database())
    form, begun = given_claim.read(""), request.form.get("debut", "")
    answered, said = _answered_holder(form), _said(form, begun)
    known = _named(answered.answer, place) if answered else None
    if answered is None:
        form.errors.setdefault(trying.FIELD, trying.closed_meanwhile())
    elif refusal := _full(known) if known else _withdrawn():
        form.errors["piege"] = refusal
    if answered is None or known is None or said is None or form.errors:
        return _addition(form, known, place, begun=programs.renewed(begun)), 422
    try:
        _count()
    except TooManyRequests:
        form.errors["piege"] = _too_many()
        return _addition(form, known, place, begun=begun), 429
    try:
        with atomic(database()) as session:
            claim_drops.add(session, resources(), answered.holder, known.reference, said)
    except StatementInvalid:
        form.errors["piege"] = cannot_be_sent()
        return _addition(form, known, place, begun=begun), 422
    return _sent(answered)


def withdraw(place: int) -> AnyResponse:
    """Ask once, then have a claim erased."""
    claim_drops.require_claims(database(), resources().settings)
    holder = opened.holder()
    answer = trying.answer_of(holder)
    if holder is None or answer is None:
        return trying.ask_code_again()
    known = _claim_at(answer, place)
    if not request.form.get("certain"):
        return unkept(render_template("public/claim_withdraw.html", form=FlaskForm(), claim=known, place=place))
    page = redirect(url_for("public.my_declaration"), 303)
    try:
        on_the_way.count_requests()
    except TooManyRequests:
        return on_the_way.note(page, on_the_way.TOO_MANY, answer)
    with atomic(database()) as session:
        claim_drops.withdraw(session, holder, known.reference, now=now())
    return on_the_way.note(page, on_the_way.CLAIM_WITHDRAWN, answer)


def note_seen(holder: Holder, answer: Answer) -> None:
    """Let the officers know that what they have decided was seen; a few times at most, until the worker notes it."""
    unseen = [each for each in answer.claims if not each.is_seen and each.state != "received"]
    if unseen and resources().settings.takes_claims:
        with suppress(TooManyRequests):
            _count_seen()
            with atomic(database()) as session:
                claim_drops.note_seen(session, holder, unseen, now=now())


def _item(number: str) -> PublicItem | None:
    """The item that is claimed; None, for what is sent, where it was withdrawn while the form was being filled in."""
    try:
        return public_items.get(database(), number)
    except ItemNoLongerPublic:
        if request.method != "POST":
            raise
        return None


def _said(form: ClaimForm, begun: str) -> ClaimWords | None:
    """What was written, as soon as nothing is wrong with it, and a person seems to have written it."""
    said = given_claim.words_of(form)
    if said is not None and (asked := programs.suspicion(begun)):
        form.errors["piege"] = asked
    return said


def _answered_holder(form: ClaimForm) -> AnsweredHolder | None:
    """Who has a code, open in this browser or in the form; None for somebody new, or with a sentence in `errors`."""
    # Of a form that was begun without a code: what another page of this browser has opened since is somebody else's.
    holder = None if form.says_who and not form.had_code else opened.holder()
    if holder is None and (form.had_code or request.form.get(trying.FIELD, "").strip()):
        holder, error = trying.holder_or_error()
        if error:
            form.errors[trying.FIELD] = error
    answer = trying.answer_of(holder)
    return AnsweredHolder(holder, answer) if holder and answer else None


def _refusal(answer: Answer, number: str) -> str:
    """Why the worker would leave out what somebody who has a code sends for this item; empty where it takes it."""
    known = next((each for each in answer.claims if each.number == number), None)
    if known is not None and on_the_way.current(answer) == on_the_way.CLAIM_WITHDRAWN:
        return gettext(
            "Vous venez de retirer votre demande pour cet objet. Rien n’est perdu : attendez quelques minutes, puis "
            "envoyez celle-ci."
        )
    if known is None:
        if len(answer.claims) < MAX_CLAIMS:
            return ""
        return gettext("Vous avez déjà %(most)s demandes : c’est le maximum pour un code.", most=MAX_CLAIMS)
    return _full(known)


def _full(known: AnsweredClaim) -> str:
    """Why nothing more can be added to a claim; empty where something can."""
    if known.state in set(ENDED):
        return gettext(
            "Votre demande pour cet objet est terminée. « Ma déclaration » dit ce que vous pouvez encore faire."
        )
    if known.sendings < MAX_STATEMENTS:
        return ""
    return gettext("Vous ne pouvez plus rien ajouter à cette demande. Apportez le reste à l’unité.")


def _send_as_holder(number: str, said: ClaimWords, answered: AnsweredHolder) -> AnyResponse:
    _count()
    with atomic(database()) as session:
        claim_drops.claim(session, resources(), number, said, answered.holder)
    return _sent(answered)


def _sent(answered: AnsweredHolder) -> AnyResponse:
    page = redirect(url_for("public.my_declaration"), 303)
    return on_the_way.note(page, on_the_way.CLAIM_SENT, answered.answer, by=answered.holder)


def _send_as_new(number: str, said: ClaimWords, claimant: Claimant | None, begun: str) -> AnyResponse:
    assert claimant is not None, "who has no code has said who they are"
    _count()
    told = claimed.to_fields(said) | {"said_at": "", "item": number, "claimant": asdict(claimant)}
    code = code_for(begun, told)
    who = (claimant, locks.make(codes.tidy(code), pepper=resources().settings.declaration_pepper))
    with atomic(database()) as session:
        claim_drops.claim(session, resources(), number, said, who)
    return code_page(code, sent=gettext("Votre demande est envoyée. Un gendarme ou un policier va l’étudier."))


def _withdrawn() -> str:
    return gettext(
        "Cette demande n’existe plus : elle a été retirée. Si l’objet est à vous, ouvrez sa page et "
        "dites-le de nouveau."
    )


def _claim_at(answer: Answer, place: int) -> AnsweredClaim:
    """A claim that its owner may still add to or withdraw; raise NotFound."""
    named = _named(answer, place)
    if named is None or named.state in set(ENDED):
        raise NotFound
    return named


def _named(answer: Answer, place: int) -> AnsweredClaim | None:
    """The claim at a place of the answer, from 1; None where there is none any more.

    The form names the item too: another page of theirs may have withdrawn a claim before it, and moved it up.
    """
    if number := request.form.get("numero", ""):
        return next((each for each in answer.claims if each.number == number), None)
    return answer.claims[place - 1] if 0 < place <= len(answer.claims) else None


def _form(form: ClaimForm, item: PublicItem | None, number: str, *, begun: str, joined: Answer | None) -> Response:
    """joined: of the declaration to which the claim is added; None for somebody new."""
    reference = joined.reference if joined and opened.holder() else ""
    return _page(
        "public/claim.html", form, begun, item=item, number=number, has_code=joined is not None, joined=reference
    )


def _addition(form: ClaimForm, known: AnsweredClaim | None, place: int, *, begun: str) -> Response:
    number = known.number if known else (read_public_number(request.form.get("numero", "")) or "")
    return _page("public/claim_add.html", form, begun, claim=known, number=number, place=place)


def _page(template: str, said: ClaimForm, begun: str, **values: object) -> Response:
    most = resources().settings.max_claim_proofs
    page = render_template(
        template,
        form=FlaskForm(),
        said=said,
        begun=begun,
        trap=programs.TRAP,
        max_proofs=most,
        typed=trying.typed(),
        **values,
    )
    answer = unkept(page)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _too_many() -> str:
    return gettext("Beaucoup de demandes arrivent en ce moment. Rien n’est perdu : envoyez la vôtre dans une heure.")


@limiter.limit(SEEN_RATE, key_func=on_the_way.holder_key)
def _count_seen() -> None:
    """Raise TooManyRequests where it was said often enough."""
