"""Claiming an item, adding what was asked for, and withdrawing a claim: sealed at once, and never shown again."""

from dataclasses import asdict

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug import Response as AnyResponse
from werkzeug.exceptions import NotFound, TooManyRequests

from gallery.errors import CodeUnknown, ItemNotFound
from gallery.extensions import limiter
from gallery.services.claims import claim_drops, claimed
from gallery.services.claims.claimed import Claimant, ClaimWords
from gallery.services.claims.progress import ENDED
from gallery.services.declarations import answers, codes, locks
from gallery.services.declarations.answers import Answer, AnsweredClaim
from gallery.services.declarations.locks import Holder
from gallery.services.gallery import public_items
from gallery.services.gallery.public_records import PublicItem
from gallery.services.items.numbers import read_public_number
from gallery.services.transaction import atomic, end_reading
from gallery.web.headers import unkept
from gallery.web.intake.allowances import declaring_browsers, limited
from gallery.web.public.claiming import given_claim
from gallery.web.public.claiming.given_claim import ClaimForm
from gallery.web.public.declaring import opened, programs
from gallery.web.public.declaring.drawn_code import code_for
from gallery.web.public.declaring.views import code_page
from gallery.web.resources import database, now, resources

SENT = "claim sent"


def claim(number: str) -> AnyResponse | tuple[Response, int]:
    """The form of "Cet objet est à moi", and once it is sent the code, or "Ma déclaration" where one is open."""
    claim_drops.require_claims(database(), resources().settings)
    if read_public_number(number) != number:
        raise ItemNotFound(number)
    item, holder = public_items.get(database(), number), _living(opened.holder())
    if request.method != "POST":
        return _form(given_claim.blank(item.category.code), item, holder, begun=programs.begin())
    end_reading(database())
    form, begun = given_claim.read(item.category.code), request.form.get("debut", "")
    claimant = given_claim.claimant_of(form) if holder is None else None
    said = given_claim.words_of(form)
    if said is not None and (asked := programs.suspicion(begun)):
        form.errors["piege"] = asked
    if said is None or form.errors:
        return _form(form, item, holder, begun=programs.renewed(begun)), 422
    try:
        return _send_as_holder(item, said, holder) if holder else _send_as_new(item, said, claimant, begun)
    except TooManyRequests:
        form.errors["piege"] = _too_many()
        return _form(form, item, holder, begun=begun), 429


def add(place: int) -> AnyResponse | tuple[Response, int]:
    """The form in which somebody adds to a claim of theirs. place: among those of the answer, from 1."""
    claim_drops.require_claims(database(), resources().settings)
    holder = opened.holder()
    if holder is None:
        return redirect(url_for("public.my_declaration"), 303)
    known = _claim_at(holder, place)
    if request.method != "POST":
        return _addition(given_claim.blank(""), known, place, begun=programs.begin())
    end_reading(database())
    form, begun = given_claim.read(""), request.form.get("debut", "")
    said = given_claim.words_of(form)
    if said is not None and (asked := programs.suspicion(begun)):
        form.errors["piege"] = asked
    if said is None or form.errors:
        return _addition(form, known, place, begun=programs.renewed(begun)), 422
    try:
        _count()
    except TooManyRequests:
        form.errors["piege"] = _too_many()
        return _addition(form, known, place, begun=begun), 429
    with atomic(database()) as session:
        claim_drops.add(session, holder, known.reference, said, settings=resources().settings, now=now())
    return opened.note(redirect(url_for("public.my_declaration"), 303), SENT)


def withdraw(place: int) -> AnyResponse:
    """Ask once, then have a claim erased."""
    claim_drops.require_claims(database(), resources().settings)
    holder = opened.holder()
    if holder is None:
        return redirect(url_for("public.my_declaration"), 303)
    known = _claim_at(holder, place)
    if not request.form.get("certain"):
        return unkept(render_template("public/claim_withdraw.html", form=FlaskForm(), claim=known, place=place))
    with atomic(database()) as session:
        claim_drops.withdraw(session, holder, known.reference, now=now())
    return opened.note(redirect(url_for("public.my_declaration"), 303), "claim withdrawn")


def note_seen(holder: Holder, answer: Answer) -> None:
    """Let the officers know that what they have decided was seen; once a browser, until the worker has noted it."""
    unseen = [each for each in answer.claims if not each.is_seen and each.state != "received"]
    if unseen and resources().settings.takes_claims:
        with atomic(database()) as session:
            claim_drops.note_seen(session, holder, unseen, now=now())


def _send_as_holder(item: PublicItem, said: ClaimWords, holder: Holder) -> AnyResponse:
    _count()
    with atomic(database()) as session:
        claim_drops.claim(session, item.public_number, said, holder, settings=resources().settings, now=now())
    return opened.note(redirect(url_for("public.my_declaration"), 303), SENT)


def _send_as_new(item: PublicItem, said: ClaimWords, claimant: Claimant | None, begun: str) -> AnyResponse:
    assert claimant is not None, "who has no code has said who they are"
    _count()
    settings = resources().settings
    told = claimed.to_fields(said) | {"said_at": "", "item": item.public_number, "claimant": asdict(claimant)}
    code = code_for(begun, told)
    who = (claimant, locks.make(codes.tidy(code), pepper=settings.declaration_pepper))
    with atomic(database()) as session:
        claim_drops.claim(session, item.public_number, said, who, settings=settings, now=now())
    return code_page(code, sent=gettext("Votre demande est envoyée. Un gendarme ou un policier va l’étudier."))


def _living(holder: Holder | None) -> Holder | None:
    """The holder of a code that still opens something."""
    try:
        return holder if holder and answers.read(database(), holder) else None
    except CodeUnknown:
        return None


def _claim_at(holder: Holder, place: int) -> AnsweredClaim:
    """A claim that its owner may still add to or withdraw; raise NotFound."""
    try:
        claims = answers.read(database(), holder).claims
    except CodeUnknown as error:
        raise NotFound from error
    if not 0 < place <= len(claims) or claims[place - 1].state in set(ENDED):
        raise NotFound
    return claims[place - 1]


def _form(form: ClaimForm, item: PublicItem, holder: Holder | None, *, begun: str) -> Response:
    return _page("public/claim.html", form, begun, item=item, has_code=holder is not None)


def _addition(form: ClaimForm, known: AnsweredClaim, place: int, *, begun: str) -> Response:
    return _page("public/claim_add.html", form, begun, claim=known, place=place)


def _page(template: str, said: ClaimForm, begun: str, **values: object) -> Response:
    most = resources().settings.max_claim_proofs
    page = render_template(
        template, form=FlaskForm(), said=said, begun=begun, trap=programs.TRAP, max_proofs=most, **values
    )
    answer = unkept(page)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _too_many() -> str:
    return gettext("Beaucoup de demandes arrivent en ce moment. Rien n’est perdu : envoyez la vôtre dans une heure.")


def _count() -> None:
    # In this order: what is refused to one browser must not use up what the whole country has.
    _count_one()
    _count_all()


@limited(lambda: resources().settings.claim_rate, browsers=declaring_browsers)
def _count_one() -> None:
    """Refuse a browser that has sent too many."""


@limiter.limit(lambda: resources().settings.claim_overall_rate, key_func=lambda: "claims")
def _count_all() -> None:
    """Refuse what would be a flood."""
