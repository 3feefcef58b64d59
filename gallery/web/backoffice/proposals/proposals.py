"""Objects that victims have declared beside the unit's objects that resemble them."""

from dataclasses import dataclass

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from gallery import matching
from gallery.errors import ProposalNotFound
from gallery.models import Declaration, Proposal, ProposalState
from gallery.services.declarations import sealed_rows
from gallery.services.declarations.sealed_rows import ObjectSecrets
from gallery.services.proposals import direct_units, proposals
from gallery.services.proposals.compared import PairToShow, pair_to_show
from gallery.services.proposals.proposals import PLACE, SERIAL_NUMBER, WORDS
from gallery.services.transaction import atomic
from gallery.web import labels
from gallery.web.backoffice import looking
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.items.media import NOTHING_RUNS
from gallery.web.backoffice.proposals import calls
from gallery.web.requests import page_number
from gallery.web.resources import database, now, require_declarations, resources

AT_ONCE = 20
OWN_REASONS = {
    SERIAL_NUMBER: lazy_gettext("numéro de série"),
    WORDS: lazy_gettext("mots de la description"),
    PLACE: lazy_gettext("même département"),
}
DECIDED = {
    ProposalState.SHOWN: lazy_gettext("L’objet %(number)s est montré au déclarant."),
    ProposalState.DISMISSED: lazy_gettext(
        "L’objet %(number)s est écarté : il ne sera plus proposé pour cette déclaration."
    ),
    ProposalState.LATER: lazy_gettext("L’objet %(number)s est gardé pour plus tard."),
}


@dataclass(frozen=True)
class ShownProposal:
    """A proposal with what the victim has said of the object, and the photos that were compared."""

    proposal: Proposal
    said: ObjectSecrets
    reasons: tuple[str, ...]
    pair: PairToShow

    @property
    def declaration(self) -> Declaration:
        """The declaration that the object is in."""
        declared: Declaration = self.proposal.declared.declaration
        return declared


def listing() -> str:
    """What waits for a decision, the likeliest first."""
    require_declarations()
    officer, sealer = current_officer(), resources().sealer
    page = page_number()
    waiting = looking.read_noted(
        lambda: proposals.waiting(database(), officer, limit=AT_ONCE, offset=(page - 1) * AT_ONCE),
        lambda each: each.declared.declaration,
    )
    return render_template(
        "backoffice/proposals.html",
        waiting=[
            ShownProposal(each, sealed_rows.shown_object(each.declared, sealer), _reasons(each), pair_to_show(each))
            for each in waiting
        ],
        total=proposals.count_waiting(database(), officer),
        page=page,
        has_more=proposals.count_all_waiting(database(), officer) > page * AT_ONCE,
        calls_count=calls.count(),
    )


def decide(public_id: str) -> ResponseReturnValue:
    """Show it to the victim, dismiss it, or keep it for later."""
    require_declarations()
    proposal = proposals.get(database(), public_id, current_officer())
    answer = request.form.get("decision", "")
    if answer not in {each.value for each in DECIDED}:
        abort(400)
    state = ProposalState(answer)
    with atomic(database()) as session:
        proposals.decide(session, proposal, state, by=current_officer(), now=now())
    flash(str(DECIDED[state]) % {"number": proposal.item.public_number}, "success")
    return redirect(url_for(".proposals"))


def switch_direct() -> ResponseReturnValue:
    """Let the unit show resemblances on middling evidence without an officer, or no longer."""
    require_declarations()
    is_direct = request.form.get("direct") == "oui"
    if is_direct and not request.form.get("compris"):
        flash(gettext("Lisez ce que ce réglage change, et cochez la case."), "danger")
        return redirect(url_for(".proposals"))
    with atomic(database()) as session:
        direct_units.switch(session, is_direct=is_direct, by=current_officer(), now=now())
    flash(gettext("Le réglage de l’unité est changé."), "success")
    return redirect(url_for(".proposals"))


def photo(public_id: str, photo_id: str) -> ResponseReturnValue:
    """A photo of the declared object, opened for this answer only."""
    require_declarations()
    proposal = proposals.get(database(), public_id, current_officer())
    found = next((each for each in proposal.declared.photos if each.public_id == photo_id), None)
    if found is None:
        raise ProposalNotFound(public_id)
    response = Response(sealed_rows.picture_of(found, resources().sealer), mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    return response


def _reasons(proposal: Proposal) -> tuple[str, ...]:
    known = {each.value: labels.evidence(each) for each in matching.Evidence} | OWN_REASONS
    return tuple(str(known[name]) for name in proposal.evidence if name in known)
