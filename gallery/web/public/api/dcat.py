"""What there is to read, as a catalogue that data portals harvest (DCAT-AP, as data.gouv.fr takes it), in JSON-LD.

https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

import json
from collections.abc import Sequence

from flask import Response, make_response, url_for
from flask_babel import LazyString, force_locale, lazy_gettext

from gallery.web import labels
from gallery.web.languages import LANGUAGES, PREFIXES
from gallery.web.public.api.description import PREFIX, let_others_read
from gallery.web.public.api.records import Record
from gallery.web.public.kept import kept
from gallery.web.resources import resources

MEDIA_TYPE = "application/ld+json"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
EU_LANGUAGES = {"fr": "FRA", "en": "ENG"}
# Name, kind of file in the EU's list, and media type in IANA's, by the endpoint that answers it.
FILES = {
    "public.items_csv": (lazy_gettext("Tous les objets, en CSV"), "CSV", "text/csv"),
    "public.items_json": (lazy_gettext("Tous les objets, en JSON"), "JSON", "application/json"),
    "public.feed": (lazy_gettext("Les derniers objets, en Atom"), "ATOM", "application/atom+xml"),
}
ACCOUNTS = {"public.accounts_document": (lazy_gettext("Comptes officiels"), "JSON", "application/json")}


def show() -> Response:
    """The catalogue, which any program may read."""
    return let_others_read(make_response(_kept()))


@kept()
def _kept() -> Response:
    return Response(json.dumps(data_catalogue(), ensure_ascii=False, indent=1), mimetype=MEDIA_TYPE)


def data_catalogue() -> Record:
    """The two sets of data, their files, and the service that answers questions about them."""
    sets = [
        _dataset(
            "objects",
            title=lazy_gettext("Objets volés et retrouvés par la gendarmerie et la police"),
            about=lazy_gettext("Ce que la galerie montre : description, photos, unité à joindre. Rien de personnel."),
            page="public.items",
            files=_distributions(FILES),
        ),
        _dataset(
            "official-accounts",
            title=lazy_gettext("Comptes officiels des unités sur les réseaux sociaux"),
            about=lazy_gettext("Les comptes qui montrent des objets retrouvés, et les départements qui n’en ont pas."),
            page="public.accounts",
            files=_distributions(ACCOUNTS),
        ),
    ]
    settings = resources().settings
    return {
        "@context": CONTEXT,
        "@id": labels.absolute(url_for("public.data_catalogue")),
        "@type": "dcat:Catalog",
        "dct:title": settings.site_name,
        "dct:description": _said(lazy_gettext("Tout ce que la galerie montre, d’autres programmes peuvent le lire.")),
        "dct:publisher": _publisher(),
        "dct:license": {"@id": settings.data_licence},
        "dct:language": [{"@id": f"{AUTHORITY}language/{EU_LANGUAGES[each]}"} for each in LANGUAGES],
        "foaf:homepage": {"@id": labels.absolute(url_for("public.home"))},
        "dcat:dataset": sets,
        "dcat:service": _service(),
    }


def _dataset(name: str, *, title: LazyString, about: LazyString, page: str, files: Sequence[Record]) -> Record:
    return {
        "@id": _name(name),
        "@type": "dcat:Dataset",
        "dct:identifier": _name(name),
        "dct:title": _said(title),
        "dct:description": _said(about),
        "dct:publisher": _publisher(),
        "dcat:contactPoint": {
            "@type": "vcard:Organization",
            "vcard:fn": _operator(),
            "vcard:hasURL": {"@id": labels.absolute(url_for("public.legal"))},
        },
        "dcat:landingPage": [{"@id": labels.absolute(each + url_for(page))} for each in PREFIXES.values()],
        "dcat:theme": {"@id": f"{AUTHORITY}data-theme/JUST"},
        "dcat:keyword": [_one(word, "fr") for word in ("vol", "objets retrouvés", "gendarmerie", "police")],
        "dct:spatial": {"@id": f"{AUTHORITY}country/FRA"},
        "dct:accrualPeriodicity": {"@id": f"{AUTHORITY}frequency/UPDATE_CONT"},
        "dct:accessRights": {"@id": f"{AUTHORITY}access-right/PUBLIC"},
        "dct:license": {"@id": resources().settings.data_licence},
        "dcat:distribution": list(files),
    }


def _distributions(files: dict[str, tuple[LazyString, str, str]]) -> list[Record]:
    return [
        {
            "@id": labels.absolute(url_for(endpoint)) + "#distribution",
            "@type": "dcat:Distribution",
            "dct:title": _said(title),
            "dcat:accessURL": {"@id": labels.absolute(url_for(endpoint))},
            "dcat:downloadURL": {"@id": labels.absolute(url_for(endpoint))},
            "dct:format": {"@id": f"{AUTHORITY}file-type/{kind}"},
            "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media_type}"},
            "dct:license": {"@id": resources().settings.data_licence},
        }
        for endpoint, (title, kind, media_type) in files.items()
    ]


def _service() -> Record:
    return {
        "@id": _name("api"),
        "@type": "dcat:DataService",
        "dct:title": _said(lazy_gettext("Lire les objets et chercher par photo")),
        "dct:publisher": _publisher(),
        "dct:license": {"@id": resources().settings.data_licence},
        "dcat:endpointURL": {"@id": labels.absolute(PREFIX)},
        "dcat:endpointDescription": {"@id": labels.absolute(url_for("api.openapi"))},
        "dcat:landingPage": {"@id": labels.absolute(url_for("public.api_guide"))},
        "dcat:servesDataset": {"@id": _name("objects")},
    }


def _name(part: str) -> str:
    """What a part of the catalogue is called, which never changes."""
    return f"{labels.absolute(url_for('public.data_catalogue'))}#{part}"


def _publisher() -> Record:
    return {"@id": _name("publisher"), "@type": "foaf:Agent", "foaf:name": _operator()}


def _operator() -> str:
    settings = resources().settings
    return settings.operator_name or settings.site_name


def _said(text: LazyString) -> list[Record]:
    """A text in each language."""
    found = []
    for language in LANGUAGES:
        with force_locale(language):
            found.append(_one(str(text), language))
    return found


def _one(text: str, language: str) -> Record:
    return {"@value": text, "@language": language}
