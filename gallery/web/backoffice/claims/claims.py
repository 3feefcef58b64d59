"""Claims, the oldest first; one with all that bears on it; and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gallery.errors import ChangedMeanwhile, ClaimNotFound, ClaimsOff
from gallery.models import Claim, ClaimProof, ClaimState
from gallery.services import audit
from gallery.services.claims import claim_desk, claim_seals, let_go, progress, questions
from gallery.services.claims.claim_desk import PriorObject
from gallery.services.claims.claim_seals import FrozenWords
from gallery.services.claims.copied_proofs import FORMER
from gallery.services.claims.progress import NextStep
from gallery.services.days import day_in_paris
from gallery.services.declarations import sealed_rows
from gallery.services.declarations.sealed_rows import DeclarationSecrets, ObjectSecrets
from gallery.services.declarations.told_claims import ClaimNotice
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.claims.claim_words import PROOFS, STATES
from gallery.web.backoffice.items.media import NOTHING_RUNS
from gallery.web.backoffice.proposals import calls
from gallery.web.requests import page_number, sent_instant, sent_line
from gallery.web.resources import database, now, resources

AT_ONCE, MAX_LINE = 50, 300


@dataclass(frozen=True)
class ShownPrior:
    """A declared object with what was said of it."""

    prior: PriorObject
    said: ObjectSecrets


@dataclass(frozen=True)
class OpenedClaim:
    """A claim with all that is sealed of it."""

    claim: Claim
    statements: Sequence[FrozenWords]
    contact: DeclarationSecrets
    notice: ClaimNotice
    priors: Sequence[ShownPrior]


def listing() -> str:
    """The claims for the unit's items, the oldest first."""
    _require_on()
    page, ended = page_number(), request.args.get("etat") == "finies"
    listed = claim_desk.listed(database(), current_officer(), ended=ended, limit=AT_ONCE, offset=(page - 1) * AT_ONCE)
    has_more = listed.total > page * AT_ONCE
    return render_template(
        "backoffice/claims.html",
        listed=listed,
        page=page,
        ended=ended,
        has_more=has_more,
        states=STATES,
        let_go=let_go.listed(database(), current_officer(), limit=AT_ONCE),
        calls_count=calls.count(),
    )


def show(reference: str) -> str:
    """One claim, opened; into the journal before anything is shown."""
    _require_on()
    return _page(reference, ClaimNotice())


def change(reference: str) -> ResponseReturnValue:
    """Set a state; what was written comes back where something is missing, or a colleague was faster."""
    _require_on()
    claim = claim_desk.get(database(), reference, current_officer())
    wanted = request.form.get("etat", "")
    if wanted not in set(ClaimState):
        return _page(reference, _notice(), error=gettext("Choisissez un état.")), 422
    state, notice = ClaimState(wanted), _notice()
    if error := _missing(state, notice):
        return _page(reference, notice, chosen=wanted, error=error), 422
    until = day_in_paris(now()) + timedelta(days=resources().settings.claim_contest_days)
    told = {
        ClaimState.PROOFS_ASKED: ClaimNotice(asked=notice.asked),
        ClaimState.AGREED: replace(notice, asked=()),
        ClaimState.NOT_ESTABLISHED: ClaimNotice(until=until.isoformat()),
    }.get(state, ClaimNotice())
    try:
        with atomic(database()) as session:
            claim = claim_desk.get(session, reference, current_officer())
            step = NextStep(state, told, request.form.get("version", 0, int))
            progress.change(session, resources(), claim, step, by=current_officer())
    except ChangedMeanwhile:
        return _page(reference, notice, chosen=wanted, is_late=True), 409
    flash(gettext("C’est noté : le demandeur le voit dans « Ma déclaration »."), "success")
    return redirect(url_for(".claim", reference=reference))


def note_told(reference: str) -> ResponseReturnValue:
    """The claimant was told, by telephone or in person, how it stood on the page on which the button was pressed."""
    _require_on()
    shown = sent_instant("depuis") if "depuis" in request.form else None
    with atomic(database()) as session:
        claim = claim_desk.get(session, reference, current_officer())
        session.refresh(claim, with_for_update={"of": Claim})
        is_as_shown = shown is None or claim.changed_at == shown
        if is_as_shown:
            progress.note_told(session, claim, by=current_officer(), now=now())
    if not is_as_shown:
        flash(
            gettext("Cette demande a changé d’état depuis : lisez-la, puis prévenez la personne de nouveau."), "warning"
        )
        return redirect(url_for(".claim", reference=reference))
    if request.form.get("liste"):
        return calls.noted()
    flash(gettext("C’est noté."), "success")
    return redirect(url_for(".claim", reference=reference))


def proof(reference: str, public_id: str, page: int) -> Response:
    """A page of a proof as a picture; nobody is given the file itself."""
    _require_on()
    claim = claim_desk.get(database(), reference, current_officer())
    proofs: list[ClaimProof] = [each for statement in claim.statements for each in statement.proofs]
    found = next((each for each in proofs if each.public_id == public_id and 0 < page <= each.pages), None)
    if found is None:
        raise ClaimNotFound(reference)
    return _picture(claim_seals.pages_of(found, resources().sealer)[page - 1])


def declared_photo(reference: str, public_id: str) -> Response:
    """A photo of what the claimant has declared stolen."""
    _require_on()
    claim = claim_desk.get(database(), reference, current_officer())
    photos = [each for declared in claim.declaration.objects for each in declared.photos]
    found = next((each for each in photos if each.public_id == public_id), None)
    if found is None:
        raise ClaimNotFound(reference)
    return _picture(sealed_rows.picture_of(found, resources().sealer))


def _page(reference: str, written: ClaimNotice, *, chosen: str = "", error: str = "", is_late: bool = False) -> str:
    opened = _opened(reference)
    return render_template(
        "backoffice/claim.html",
        opened=opened,
        claim=opened.claim,
        others=claim_desk.others(database(), opened.claim),
        choices=() if opened.claim.held_at else progress.TRANSITIONS[opened.claim.state],
        questions=questions.of_category(opened.claim.item.category.code),
        states=STATES,
        proofs=PROOFS,
        former=FORMER,
        written=written,
        chosen=chosen,
        error=error,
        is_late=is_late,
    )


def _opened(reference: str) -> OpenedClaim:
    sealer, officer = resources().sealer, current_officer()
    with atomic(database()) as session:
        claim = claim_desk.get(session, reference, officer)
        statements = claim_seals.read(session, claim, sealer=sealer, by=officer, now=now())
        if claim.declaration.objects:
            audit.tally(session, officer, "read_declaration", claim.declaration, now=now())
    claim = claim_desk.get(database(), reference, officer)
    priors = [
        ShownPrior(each, sealed_rows.shown_object(each.declared, sealer))
        for each in claim_desk.prior_objects(database(), claim)
    ]
    contact = sealed_rows.shown_secrets(claim.declaration, sealer)
    return OpenedClaim(claim, statements, contact, claim_seals.notice_of(claim, sealer), priors)


def _notice() -> ClaimNotice:
    lines = {
        name: sent_line(field, MAX_LINE) for name, field in (("where", "ou"), ("when", "quand"), ("bring", "apporter"))
    }
    return ClaimNotice(asked=tuple(each for each in request.form.getlist("pieces") if each in PROOFS), **lines)


def _missing(state: ClaimState, notice: ClaimNotice) -> str:
    """What must be said with a state and was not."""
    if state is ClaimState.PROOFS_ASKED and not notice.asked:
        return gettext("Cochez les pièces que vous demandez.")
    if state is ClaimState.AGREED and not (notice.where and notice.when and notice.bring):
        return gettext("Dites où, quand, et ce qu’il faut apporter.")
    return ""


def _picture(data: bytes) -> Response:
    response = Response(data, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    return response


def _require_on() -> None:
    if not resources().settings.takes_claims:
        raise ClaimsOff
