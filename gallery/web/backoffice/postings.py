"""The page of postings: where albums went, and what is to be taken down."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gallery.errors import PostingOnline
from gallery.services import page_posts, postings
from gallery.services.transaction import atomic
from gallery.web.backoffice import page_words
from gallery.web.backoffice.accounts import current_officer
from gallery.web.backoffice.fields import tidy_line
from gallery.web.errors import sentence_for
from gallery.web.workplace import database, now

LONGEST_ADDRESS = 500
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")


def listing() -> ResponseReturnValue:
    """The unit's postings, and first of all what is to be taken down."""
    unit = current_officer().unit
    records = postings.kept_by(database(), unit)
    return render_template(
        "backoffice/album_postings.html",
        due=postings.due(database(), unit),
        records=records,
        progresses=page_posts.of_postings(database(), [record.posting for record in records]),
        page_fault=page_words.fault,
    )


def set_address(reference: str) -> ResponseReturnValue:
    """Note where an album was put."""
    address = tidy_line(request.form.get("adresse"))[:LONGEST_ADDRESS]
    if address and not ADDRESS.fullmatch(address):
        flash(gettext("Cette adresse n’en est pas une : copiez-la depuis le navigateur (https://…)."), "danger")
        return _back()
    with atomic(database()) as session:
        postings.set_address(postings.take(session, reference, by=current_officer()), address)
    flash(gettext("L’adresse est enregistrée."), "success")
    return _back()


def tick(reference: str, number: str) -> ResponseReturnValue:
    """Note that an item is gone from the network."""
    officer = current_officer()
    with atomic(database()) as session:
        postings.tick(session, postings.take(session, reference, by=officer), number, by=officer, now=now())
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
            page_posts.forget(session, postings.take(session, reference, by=current_officer()))
    except PostingOnline as refusal:
        flash(sentence_for(refusal), "danger")
        return _back()
    flash(gettext("La publication est enlevée de la liste."), "success")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for(".postings"))
