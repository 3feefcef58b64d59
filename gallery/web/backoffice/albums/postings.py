"""The page of postings: where albums went, and what is to be taken down."""

import re
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from gallery.errors import AccountRefused, PostingOnline
from gallery.services.albums import postings
from gallery.services.facebook import outbox
from gallery.services.transaction import atomic
from gallery.services.words.tidying import tidy_line
from gallery.sharing import post_addresses
from gallery.sharing.account_addresses import AddressFault
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.administration import official_accounts
from gallery.web.backoffice.albums import facebook_words
from gallery.web.backoffice.conflict import UNPROCESSABLE
from gallery.web.errors import sentence_for
from gallery.web.requests import page_in_address, page_number
from gallery.web.resources import database, now

LONGEST_ADDRESS = 500
# What follows the reader makes addresses long; it is taken off before they are kept.
LONGEST_TYPED = 2000
SITE_ADDRESS = re.compile(r"https://[^\s/]+\.[^\s]+", re.IGNORECASE)
REFUSALS = {
    AddressFault.NOT_HTTPS: lazy_gettext("Copiez l’adresse entière depuis le navigateur : elle commence par https://."),
    AddressFault.DISGUISED: lazy_gettext(
        "Cette adresse cache l’endroit où elle mène. Ouvrez la publication sur le réseau, puis copiez son adresse."
    ),
    AddressFault.NO_ACCOUNT: lazy_gettext(
        "Cette adresse ne mène pas à une publication. Ouvrez la publication, puis copiez son adresse."
    ),
}


@dataclass(frozen=True)
class RefusedAddress:
    """What an officer typed for a posting, and why it is not kept."""

    reference: str
    typed: str
    why: str


def listing() -> ResponseReturnValue:
    """The unit's postings, and first of all what is to be taken down."""
    return _page()


def set_address(reference: str) -> ResponseReturnValue:
    """Note where an album was put."""
    typed = tidy_line(request.form.get("adresse"))[:LONGEST_TYPED]
    try:
        with atomic(database()) as session:
            posting = postings.lock(session, reference, by=current_officer())
            address, told = _read(typed) if typed else ("", gettext("L’adresse est enlevée."))
            postings.set_address(posting, address)
    except AccountRefused as refusal:
        return _page(RefusedAddress(reference, typed, _refused(refusal))), UNPROCESSABLE
    flash(told, "success")
    return _back()


def tick(reference: str, number: str) -> ResponseReturnValue:
    """Note that an item is gone from the network."""
    officer = current_officer()
    with atomic(database()) as session:
        postings.tick(session, postings.lock(session, reference, by=officer), number, by=officer, now=now())
    flash(gettext("C’est noté : l’objet %(number)s n’est plus en ligne dans cet album.", number=number), "success")
    return _back()


def tick_everywhere(number: str) -> ResponseReturnValue:
    """Note that an item is gone from every album that showed it."""
    with atomic(database()) as session:
        postings.tick_everywhere(session, number, by=current_officer(), now=now())
    flash(gettext("C’est noté : l’objet %(number)s n’est plus en ligne nulle part.", number=number), "success")
    return _back()


def forget(reference: str) -> ResponseReturnValue:
    """Remove a posting that never went online."""
    try:
        with atomic(database()) as session:
            outbox.forget(session, postings.lock(session, reference, by=current_officer()))
    except PostingOnline as refusal:
        flash(sentence_for(refusal), "danger")
        return _back()
    flash(gettext("La publication est enlevée de la liste."), "success")
    return _back()


def _page(refused: RefusedAddress | None = None) -> str:
    unit = current_officer().unit
    page, most = page_number(), postings.AT_ONCE
    found = postings.kept_by(database(), unit, limit=most + 1, offset=(page - 1) * most)
    records = found[:most]
    due = postings.due(database(), unit)
    return render_template(
        "backoffice/album_postings.html",
        due=[each for each in due if each.is_online],
        maybe=[each for each in due if not each.is_online],
        records=records,
        page=page,
        has_more=len(found) > most,
        progresses=outbox.of_postings(database(), [record.posting for record in records]),
        page_fault=facebook_words.fault,
        refused=refused,
    )


def _read(typed: str) -> tuple[str, str]:
    """The address to keep and what to tell of it; raise AccountRefused."""
    try:
        address, told = post_addresses.read(typed).address, gettext("L’adresse est enregistrée.")
    except AccountRefused as refusal:
        if refusal.why != AddressFault.UNKNOWN_NETWORK or not SITE_ADDRESS.fullmatch(typed):
            raise
        told = gettext("L’adresse est enregistrée. Ce site n’est pas un réseau connu : seule votre unité la voit.")
        address = typed
    if len(address) > LONGEST_ADDRESS:
        raise AccountRefused(AddressFault.NO_ACCOUNT)
    return address, told


def _refused(refusal: AccountRefused) -> str:
    if refusal.why == AddressFault.LOOKS_ALIKE:
        return official_accounts.refused(refusal)
    # Of no known network, and no site's address either.
    return str(REFUSALS.get(AddressFault(refusal.why), REFUSALS[AddressFault.NOT_HTTPS]))


def _back() -> ResponseReturnValue:
    return redirect(url_for(".postings", page=page_in_address()))
