"""What looked like a flood: how many declarations and claims wait, some of them opened, and one act for all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from gallery.models import Claim, Declaration, Verdict
from gallery.services import audit
from gallery.services.claims import claim_seals
from gallery.services.declarations import quarantine, sealed_rows
from gallery.services.declarations.quarantine import HeldKind, HeldPart, Judgement
from gallery.services.declarations.statement import Contact
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.requests import sent_instant
from gallery.web.resources import database, now, require_codes, resources

TAKE_BACK = "take_back"
DONE: Mapping[str, Callable[[int], str]] = {
    Verdict.RELEASE: lambda number: ngettext(
        "Un envoi passe : il sera traité comme les autres dans quelques minutes.",
        "%(num)d envois passent : ils seront traités comme les autres dans quelques minutes.",
        number,
    ),
    Verdict.BURY: lambda number: ngettext(
        "Un envoi est écarté : il sera effacé dans un jour. Vous pouvez le reprendre d’ici là.",
        "%(num)d envois sont écartés : ils seront effacés dans un jour. Vous pouvez les reprendre d’ici là.",
        number,
    ),
    TAKE_BACK: lambda number: ngettext(
        "Un envoi est repris : il attend de nouveau.", "%(num)d envois sont repris : ils attendent de nouveau.", number
    ),
}


@dataclass(frozen=True)
class Sampled:
    """One that waits, opened. what: said of the objects, or of the item; address: of its page in the back office."""

    reference: str
    address: str
    at: datetime
    contact: Contact
    what: Sequence[str]
    is_readable: bool


@dataclass(frozen=True)
class OpenedPart:
    """Declarations or claims that wait, with some of them opened."""

    kind: HeldKind
    part: HeldPart
    sample: Sequence[Sampled]


def show() -> str:
    """Both kinds; into the journal before anything is shown."""
    require_codes()
    parts = []
    for kind in HeldKind:
        with atomic(database()) as session:
            part = quarantine.look(session, kind, current_officer())
            read = [each.reference for each in part.sample if isinstance(each, Declaration)]
            audit.tally_declarations(session, current_officer(), read, now=now())
            sample = [_opened(each) for each in part.sample]
        parts.append(OpenedPart(kind, part, sample))
    return render_template("backoffice/quarantine.html", parts=parts)


def judge() -> ResponseReturnValue:
    """Release or bury all that the page had counted, or take back what was buried."""
    require_codes()
    kind, verdict = request.form.get("quoi", ""), request.form.get("verdict", "")
    if kind not in set(HeldKind) or verdict not in DONE:
        abort(400)
    if verdict != TAKE_BACK and not request.form.get("vu"):
        flash(gettext("Regardez d’abord les exemples, et cochez la case."), "danger")
        return redirect(url_for(".quarantine"))
    is_taken_back = verdict == TAKE_BACK
    until = now() if is_taken_back else sent_instant("jusqua")
    judgement = Judgement(HeldKind(kind), None if is_taken_back else Verdict(verdict), until)
    with atomic(database()) as session:
        number = quarantine.judge(session, judgement, by=current_officer(), now=now())
    flash(DONE[verdict](number) if number else gettext("Il n’y avait plus rien à faire."), "success")
    return redirect(url_for(".quarantine"))


def count_held() -> int:
    """How many wait for the officer's unit; 0 where victims have no codes."""
    return quarantine.count(database(), current_officer()) if resources().settings.gives_codes else 0


def _opened(held: Declaration | Claim) -> Sampled:
    sealer, by = resources().sealer, current_officer()
    if isinstance(held, Claim):
        said = claim_seals.read(database(), held, sealer=sealer, by=by, now=now())
        opened = sealed_rows.shown_secrets(held.declaration, sealer)
        what = [f"{held.item.title} ({held.item.public_number})", *(each.words for each in said if each.words)]
        address = url_for(".claim", reference=held.reference)
        return Sampled(held.reference, address, held.claimed_at, opened.contact, what, opened.is_readable)
    opened = sealed_rows.shown_secrets(held, sealer)
    objects = [sealed_rows.shown_object(each, sealer) for each in held.objects]
    what = [" ".join(filter(None, (each.words, each.brand, each.serial_number))) for each in objects]
    address = url_for(".declaration", reference=held.reference)
    return Sampled(held.reference, address, held.declared_at, opened.contact, what, opened.is_readable)
