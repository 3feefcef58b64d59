"""Words that only officers read: obstacles to publication, names of cases, the journal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask import Flask
from flask_babel import format_datetime, format_timedelta, gettext, lazy_gettext

from gallery.errors import PublicationRefused
from gallery.matching import Advice
from gallery.models import AuditEntry, DeletedPhoto, Network, OfficerRole, PhotoFiles, RenditionSize
from gallery.services.cases import CaseRecord
from gallery.services.items.obstacles import Obstacle
from gallery.services.people import credentials
from gallery.web import labels
from gallery.web.backoffice.account import open_sessions
from gallery.web.backoffice.account.language import here
from gallery.web.backoffice.acts import ACTIONS, STRANGERS
from gallery.web.backoffice.obstacle_words import OBSTACLES, REMEDIES
from gallery.web.resources import database, resources

ADVICE = {
    Advice.SHARPER: lazy_gettext(
        "Photo floue : reprenez-la, l’appareil bien calé. Une recherche ne retrouve guère une photo floue."
    ),
    Advice.CLOSER: lazy_gettext("L’objet est petit dans l’image : photographiez-le de plus près."),
    Advice.WITHOUT_LAMPS: lazy_gettext(
        "Peut-être un reflet sur l’objet : photographiez-le aussi d’un autre côté, sans flash."
    ),
    Advice.ANOTHER_VIEW: lazy_gettext(
        "Une seule vue : photographiez aussi un autre côté, l’objet sera retrouvé plus souvent."
    ),
    Advice.NUMBER: lazy_gettext(
        "Numéro, poinçon ou gravure ? Regardez au dos, dessous, à l’intérieur : photographiez-le et notez-le, il dit à "
        "qui est l’objet."
    ),
}
ROLES = {
    OfficerRole.AGENT: lazy_gettext("agent"),
    OfficerRole.MANAGER: lazy_gettext("responsable"),
    OfficerRole.ADMINISTRATOR: lazy_gettext("administrateur"),
}
FIELDS = {
    "title": lazy_gettext("titre"),
    "object_type": lazy_gettext("type d’objet"),
    "materials": lazy_gettext("matières"),
    "measurements": lazy_gettext("dimensions"),
    "inscriptions": lazy_gettext("inscriptions"),
    "distinguishing_features": lazy_gettext("signes particuliers"),
    "subject": lazy_gettext("sujet"),
    "period": lazy_gettext("époque"),
    "maker": lazy_gettext("auteur ou fabricant"),
    "brand": lazy_gettext("marque"),
    "model": lazy_gettext("modèle"),
    "colours": lazy_gettext("couleurs"),
    "state_as_found": lazy_gettext("état"),
    "category": lazy_gettext("catégorie"),
    "case": lazy_gettext("affaire"),
    "serial_number": lazy_gettext("numéro de série"),
    "exhibit_number": lazy_gettext("numéro de scellé"),
    "withheld_details": lazy_gettext("signes réservés"),
    "case_number": lazy_gettext("numéro de procédure"),
    "theft_window": lazy_gettext("période des vols"),
    "discovered_on": lazy_gettext("date de découverte"),
    "discovery_place": lazy_gettext("lieu de découverte"),
    "authorised_by": lazy_gettext("auteur de l’autorisation"),
    "authorised_on": lazy_gettext("date de l’autorisation"),
    "authorised_scope": lazy_gettext("étendue de l’autorisation"),
    "notes": lazy_gettext("notes"),
    "role": lazy_gettext("rôle"),
    "name": lazy_gettext("nom"),
    "unit": lazy_gettext("unité"),
    "kind": lazy_gettext("force"),
    "public_phone": lazy_gettext("téléphone public"),
    "public_email": lazy_gettext("adresse électronique publique"),
    "name_fr": lazy_gettext("nom en français"),
    "name_en": lazy_gettext("nom en anglais"),
    "never_public": lazy_gettext("jamais public"),
    "withholds": lazy_gettext("inscriptions cachées d’avance"),
}
ZONE_KINDS = {
    "zone": lazy_gettext("Zone"),
    "face": lazy_gettext("Visage ?"),
    "plate": lazy_gettext("Plaque ?"),
    "text": lazy_gettext("Texte ?"),
    "screen": lazy_gettext("Écran ?"),
}
NETWORKS = {
    Network.FACEBOOK: lazy_gettext("Facebook"),
    Network.X: lazy_gettext("X"),
    Network.FLICKR: lazy_gettext("Flickr"),
    Network.DAILYMOTION: lazy_gettext("Dailymotion"),
    Network.PRESS: lazy_gettext("presse"),
}


@dataclass(frozen=True)
class JournalLine:
    """One line of the history: who did what, and when last. on: to what, in brackets, on a page about many."""

    who: str
    what: str
    on: str
    at: datetime


def journal(entries: Iterable[AuditEntry], accounts: Mapping[str, str] | None = None) -> list[JournalLine]:
    """The journal in words; the same act many times in a row is one line.

    accounts: names by their identifiers, for a journal that is not about one thing and says what each was done to.
    """
    lines = []
    for (_officer, action, subject), group in groupby(entries, key=lambda at: (at.officer, at.action, at.subject)):
        acts = list(group)
        on = _on(acts[0], accounts.get(subject, "")) if accounts is not None else ""
        lines.append(JournalLine(who=_who(acts[0]), what=_act(action, acts), on=on.strip(), at=acts[0].at))
    return lines


def _who(entry: AuditEntry) -> str:
    if entry.officer:
        return entry.officer.name
    return gettext("Quelqu’un") if entry.action in STRANGERS else gettext("Le service")


def _on(entry: AuditEntry, account: str) -> str:
    if entry.subject_kind == "officer":
        is_own = entry.officer is not None and entry.officer.public_id == entry.subject
        return "" if is_own else gettext(" (compte : %(name)s)", name=account)
    return gettext(" (adresse sans compte)") if entry.subject_kind == "service" else f" ({entry.subject})"


def case_name(record: CaseRecord) -> str:
    """How officers call a case: by its number, else by the day it was opened."""
    if not record.secrets.is_readable:
        return gettext("Affaire illisible du %(day)s", day=labels.day(record.case.created_at))
    return record.secrets.case_number or gettext(
        "Affaire sans numéro du %(day)s", day=labels.day(record.case.created_at)
    )


def obstacle(value: str) -> str:
    """Why an item can't be public."""
    return str(OBSTACLES[Obstacle(value)])


def reasons(refusal: PublicationRefused) -> str:
    """Everything that stands between an item and the public, in sentences."""
    return " ".join(obstacle(each) for each in refusal.obstacles)


def stays_public(refusal: PublicationRefused) -> str:
    """Why something public can't be changed this way."""
    return gettext("Des objets publiés en dépendent : retirez-les d’abord. %(why)s", why=reasons(refusal))


def withheld_by_custom() -> str:
    """What the custom of a category hides, and how it is shown nevertheless."""
    return gettext(
        "Pour cette catégorie, les inscriptions et les signes particuliers restent cachés du public. Pour les montrer, "
        "ouvrez « Modifier » et décochez « Garder caché du public »."
    )


def advice(value: Advice) -> str:
    """What to do so that searches find an object."""
    return str(ADVICE[value])


def remedy(value: str) -> str:
    """What to do about it."""
    return str(REMEDIES[Obstacle(value)])


def instant(value: datetime) -> str:
    """Day and time, to the minute."""
    return format_datetime(value, "d MMM yyyy, HH:mm")


def pause(minutes: int) -> str:
    """How long a pause was, in minutes, hours, days ..., whichever says it shortest."""
    return format_timedelta(timedelta(minutes=minutes), threshold=1)


def deleted(photo: DeletedPhoto) -> str:
    """Which photo was deleted, and when."""
    words = {"order": photo.number, "when": instant(photo.deleted_at), "text": photo.photo.alt_text}
    if photo.photo.alt_text:
        return gettext("Photo %(order)s, « %(text)s », supprimée le %(when)s.", **words)
    return gettext("Photo %(order)s supprimée le %(when)s.", **words)


def zone_kind(value: str) -> str:
    """What a zone to hide is, or was proposed as."""
    return str(ZONE_KINDS[value])


def network(value: Network) -> str:
    """What an album was made for."""
    return str(NETWORKS[value])


def iso_day(text: str) -> str:
    """A sealed day in words; empty when unknown."""
    return labels.day(date.fromisoformat(text)) if text else ""


def role(value: OfficerRole) -> str:
    """What an officer may do, in one word."""
    return str(ROLES[value])


def colours(codes: Iterable[str]) -> str:
    """The colours of an item, as one would say them."""
    return ", ".join(labels.colour(code) for code in codes)


def largest(photo: PhotoFiles) -> RenditionSize:
    """The largest JPEG for a page."""
    return [size for size in photo.renditions if size.name.endswith(".jpg") and size.name != "share.jpg"][-1]


def _told_on_every_page() -> dict[str, object]:
    """Changes of the account that the officer has not yet read, and how long a session lasts."""
    officer, settings = open_sessions.officer_here(), resources().settings
    return {
        "account_changes": journal(credentials.unread(database(), officer)) if officer else [],
        "takes_declarations": settings.takes_declarations,
        "takes_claims": settings.takes_claims,
        "settings_hours": settings.session_hours,
        "settings_idle_minutes": settings.session_idle_minutes,
    }


def init_app(app: Flask) -> None:
    """Give the words to the templates."""
    app.context_processor(_told_on_every_page)
    app.jinja_env.globals["desk_words"] = {
        function.__name__: function
        for function in (
            advice,
            case_name,
            colours,
            deleted,
            here,
            instant,
            iso_day,
            largest,
            network,
            obstacle,
            pause,
            remedy,
            role,
            zone_kind,
        )  # fmt: skip
    } | {"fields": FIELDS}


def _act(action: str, acts: Sequence[AuditEntry]) -> str:
    if action == "edit":
        return gettext("a modifié : %(fields)s", fields=_fields(acts))
    if action == "take_over":
        return _taken_over(acts[0])
    if action == "vouch_for_photos":
        return _vouched(acts[0])
    times = sum(int(act.details.get("times", 1)) for act in acts)
    said = ACTIONS[action](times) if action in ACTIONS else action
    return said + _other_items(acts) if action in {"give_photo", "receive_photo"} else said


def _other_items(acts: Iterable[AuditEntry]) -> str:
    numbers = dict.fromkeys(act.details.get("to") or act.details.get("of") for act in acts)
    known = [number for number in numbers if number]
    return f" ({', '.join(known)})" if known else ""


def _vouched(act: AuditEntry) -> str:
    said, by, on = ACTIONS["vouch_for_photos"](1), act.details.get("consulted_by"), act.details.get("consulted_on", "")
    if not by:
        return said
    return gettext("%(said)s ; FOVeS consulté par %(by)s le %(day)s", said=said, by=by, day=iso_day(on))


def _taken_over(act: AuditEntry) -> str:
    album, posted_on = act.details.get("album", ""), act.details.get("posted_on", "")
    if not posted_on:
        return gettext("a repris l’objet de l’album Facebook « %(album)s »", album=album)
    return gettext(
        "a repris l’objet de l’album Facebook « %(album)s », photo du %(day)s", album=album, day=iso_day(posted_on)
    )


def _fields(acts: Iterable[AuditEntry]) -> str:
    names = dict.fromkeys(name for act in acts for name in act.details.get("fields", ()))
    return ", ".join(str(FIELDS.get(name, name)) for name in names)
