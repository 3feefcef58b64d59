"""Publishing an album on the unit's Facebook page: the worker does it, the page of postings tells how far it is."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gallery.errors import TooManyForPost
from gallery.models import FacebookPost, PostStage
from gallery.services.facebook import outbox
from gallery.services.gallery.public_records import PublicItem
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.albums import albums
from gallery.web.backoffice.albums.album_form import AlbumForm
from gallery.web.errors import sentence_for
from gallery.web.requests import page_in_address
from gallery.web.resources import database, now


def publish() -> ResponseReturnValue:
    """Ask for the album of the preview to be published. Items that have ceased to be public bring the preview back."""
    return albums.with_items(AlbumForm.sent(), _begin)


def resume(reference: str) -> ResponseReturnValue:
    """Let a publication that has stopped go on."""
    with atomic(database()) as session:
        outbox.resume(session, outbox.lock(session, reference, unit=current_officer().unit))
    return redirect(url_for(".postings", page=page_in_address(), _anchor=f"envoi-{reference}"))


def _begin(form: AlbumForm, items: list[PublicItem]) -> ResponseReturnValue:
    officer, album = current_officer(), albums.album_of(form, items)
    try:
        with atomic(database()) as session:
            post = outbox.begin(session, officer.unit, album, by=officer, now=now())
            reference, told = post.posting.reference, _told(post)
    except TooManyForPost as refusal:
        flash(sentence_for(refusal), "danger")
        return albums.preview(form, items, status=409)
    flash(*told)
    return redirect(url_for(".postings", _anchor=f"envoi-{reference}"))


def _told(post: FacebookPost) -> tuple[str, str]:
    """What is said to whoever has asked for it, and how: nothing is published twice."""
    if not outbox.may_be_online(post):
        return gettext("L’album part vers Facebook : suivez l’envoi ci-dessous."), "success"
    if post.stage is PostStage.PUBLISHED or post.posting.address:
        return gettext(
            "Cet album vient d’être mis en ligne sur la page de l’unité : il n’y est pas publié une seconde fois. "
            "Pour en changer les mots, modifiez la publication sur Facebook."
        ), "warning"
    return gettext(
        "Cet album a déjà été envoyé à Facebook, et il est peut-être en ligne : il n’est pas envoyé une seconde fois. "
        "Suivez l’envoi ci-dessous."
    ), "warning"
