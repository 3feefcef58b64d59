"""Pages of albums: choosing items, the preview, its pictures."""

from collections.abc import Callable, Sequence

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from gallery.errors import AlbumEmpty, FilmMakerAbsent, NoLongerInAlbum
from gallery.models import Case, ItemStatus, Network, Unit
from gallery.services import cases
from gallery.services.albums import compose, package, postings, public_page
from gallery.services.albums.compose import Surroundings
from gallery.services.facebook import connection
from gallery.services.gallery.public_records import PublicItem
from gallery.services.items import lists
from gallery.services.transaction import atomic
from gallery.services.words.tidying import tidy_line
from gallery.sharing import Album, files_of, pictures
from gallery.sharing import cover as cover_picture
from gallery.sharing.networks import facebook
from gallery.web.album_words import surroundings
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.albums.album_form import AlbumForm, numbers_in
from gallery.web.backoffice.albums.album_pages import page_of
from gallery.web.backoffice.items.item_list import STATUSES, asked_filters
from gallery.web.errors import sentence_for
from gallery.web.resources import database, now, resources

# Items of one preview, whose form names them all. `flask album` has no limit.
MAX_ITEMS = 5000


def choose() -> ResponseReturnValue:
    """The unit's published items, of all cases or one, to be ticked."""
    case = _asked_case()
    return render_template(
        "backoffice/album_choose.html",
        items=compose.of_unit(database(), current_officer().unit, case=case),
        cases=cases.kept_by(database(), current_officer().unit, sealer=resources().sealer),
        chosen_case=case,
    )


def prepare() -> ResponseReturnValue:
    """The preview of an album of the items that were asked for; those that are not public are left out, and counted."""
    if request.method == "POST":
        form = AlbumForm.sent()
        items = compose.of_numbers(database(), current_officer().unit, form.numbers)
        _tell_left_out(form.numbers, items)
        return preview(_as_described_now(form, items), items)
    items = _asked_items()
    _tell_left_out(numbers_in(request.args.getlist("objet")), items)
    return preview(AlbumForm(tuple(item.public_number for item in items)), items)


def with_items(
    form: AlbumForm, act: Callable[[AlbumForm, list[PublicItem]], ResponseReturnValue]
) -> ResponseReturnValue:
    """Do it with a form's items, all of which must be public and described as the form shows them.

    Else the preview comes back, and says which aren't.
    """
    unit = current_officer().unit
    try:
        items = compose.all_of_numbers(database(), unit, form.numbers)
        fresh = _as_described_now(form, items)
        return act(form, items) if fresh is form else preview(fresh, items, status=409)
    except (NoLongerInAlbum, FilmMakerAbsent) as refusal:
        flash(_refusal_words(refusal), "danger")
        items = compose.of_numbers(database(), unit, form.numbers)
        return preview(_as_described_now(form, items), items, status=409)


def album_of(form: AlbumForm, items: list[PublicItem]) -> Album:
    """The album of these items in the officer's words; raise AlbumEmpty."""
    return package.album_of(items, _around(), form.edits, code=_code(form))


def surroundings_of(unit: Unit) -> Surroundings:
    """What the unit's albums say beside its items."""
    return surroundings(resources().settings, unit.departement)


def note() -> ResponseReturnValue:
    """Note an album that a phone is about to send, as a download is noted."""
    return with_items(AlbumForm.sent(), _note)


def _note(form: AlbumForm, items: list[PublicItem]) -> ResponseReturnValue:
    album, officer = album_of(form, items), current_officer()
    with atomic(database()) as session:
        sent = package.exported(album, Network.FACEBOOK)
        postings.record(session, officer.unit, sent, by=officer, now=now())
    return "", 204


def cover() -> ResponseReturnValue:
    """The composed cover, with the title and the first items that the address names."""
    items = _asked_items()
    album = compose.compose(items, _around())
    title = tidy_line(request.args.get("titre")) or album.title
    album = compose.edited(album, compose.Edits(title=title))
    read = compose.photo_reader(database(), items, public=resources().public)
    count = request.args.get("total", len(items), type=int)
    return Response(pictures.cover_file(album, read, count=count), mimetype="image/jpeg")


def photo(public_id: str) -> ResponseReturnValue:
    """One photo as it goes into a package, with its band."""
    item = compose.of_photo(database(), current_officer().unit, public_id)
    album = compose.compose([item], _around())
    files = files_of(album, max_in_folder=facebook.MAX_IN_FOLDER)
    file = next(each for each in files if each.photo.public_id == public_id)
    read = compose.photo_reader(database(), [item], public=resources().public)
    return Response(pictures.photo_file(album, file, read), mimetype="image/jpeg")


def preview(form: AlbumForm, items: list[PublicItem], *, status: int = 200) -> ResponseReturnValue:
    """The album as it will be, to be changed."""
    if not items:
        flash(gettext("Choisissez au moins un objet publié."), "danger")
        return redirect(url_for(".choose_album"))
    if len(items) > MAX_ITEMS:
        flash(
            gettext(
                "Un album a %(most)d objets au plus ici : voici les premiers. Choisissez une affaire pour les autres.",
                most=MAX_ITEMS,
            ),
            "warning",
        )
        items = items[:MAX_ITEMS]
    code = _code(form)
    proposed = compose.compose(items, _around(), code=code)
    album = compose.edited(proposed, form.edits)
    page = render_template(
        "backoffice/album.html",
        album=album,
        code=code,
        facebook_page=connection.find(database(), current_officer().unit),
        page=page_of(album, form.page, proposed=proposed),
        records={item.public_number: item for item in items},
        first=[item.public_number for item in items[: cover_picture.PHOTOS]],
        folders=len({file.folder for file in files_of(album, max_in_folder=facebook.MAX_IN_FOLDER)}),
        max_in_folder=facebook.MAX_IN_FOLDER,
        missing_letters=pictures.missing_letters(album),
    )
    return page, status


def _code(form: AlbumForm) -> str:
    return public_page.own_code(database(), form.code, current_officer().unit)


def _refusal_words(refusal: NoLongerInAlbum | FilmMakerAbsent) -> str:
    if isinstance(refusal, FilmMakerAbsent):
        return sentence_for(refusal)
    return gettext(
        "Ces objets ne sont plus publics, l’album ne les a plus : %(numbers)s. Relisez-le, puis recommencez.",
        numbers=", ".join(refusal.numbers),
    )


def _asked_items() -> list[PublicItem]:
    """Of the numbers in the address, else what the list of items shows there; what is not published has no album."""
    unit, numbers = current_officer().unit, numbers_in(request.args.getlist("objet"))
    if numbers:
        return compose.of_numbers(database(), unit, numbers)
    filters = asked_filters()
    if STATUSES.get(filters.status, ItemStatus.PUBLISHED) is not ItemStatus.PUBLISHED:
        raise AlbumEmpty
    return compose.of_list(database(), lists.narrow(database(), unit, filters.wanted, sealer=resources().sealer))


def _as_described_now(form: AlbumForm, items: Sequence[PublicItem]) -> AlbumForm:
    """The form, or one without the captions of items that were described otherwise, which may tell what is hidden."""
    changed = compose.changed_since(items, form.seen)
    tell_without_captions(changed)
    return form.without_captions(changed) if changed else form


def tell_without_captions(numbers: Sequence[str]) -> None:
    """Say of which items the caption that somebody has written is gone, if any."""
    if not numbers:
        return
    flash(
        ngettext(
            "La fiche de cet objet a changé entre-temps : %(numbers)s. Sa légende est proposée de nouveau, sans ce que "
            "vous y aviez écrit. Relisez l’album.",
            "La fiche de ces objets a changé entre-temps : %(numbers)s. Leur légende est proposée de nouveau, sans ce "
            "que vous y aviez écrit. Relisez l’album.",
            len(numbers),
            numbers=", ".join(numbers),
        ),
        "warning",
    )


def _tell_left_out(numbers: Sequence[str], items: Sequence[PublicItem]) -> None:
    """Say how many of the numbers that were asked for are not public."""
    count = len(numbers) - len(items)
    if count > 0:
        flash(
            ngettext(
                "%(num)d objet qui n’est pas publié est laissé de côté.",
                "%(num)d objets qui ne sont pas publiés sont laissés de côté.",
                count,
            ),
            "warning",
        )


def _asked_case() -> Case | None:
    reference = tidy_line(request.args.get("affaire"))
    return cases.get(database(), reference, by=current_officer()) if reference else None


def _around() -> Surroundings:
    return surroundings_of(current_officer().unit)
