"""The table of the public site's addresses: pages have one in each language, files only one."""

from collections.abc import Collection

from flask import Blueprint
from flask.typing import RouteCallable

from gallery.extensions import csrf
from gallery.web import installed
from gallery.web.health import readiness
from gallery.web.intake import tokens, turns
from gallery.web.public import (
    advice,
    albums,
    installing,
    items,
    link_picture,
    pages,
    photos,
    preview,
    search,
    short,
    well_known,
)
from gallery.web.public.api import dcat, feed, guide, operations, spreadsheet
from gallery.web.public.authenticity import official_accounts, verify
from gallery.web.public.claiming import claims
from gallery.web.public.declaring import adding, tracking, views
from gallery.web.public.fingerprint import model
from gallery.web.public.fingerprint import views as fingerprint

blueprint = Blueprint("public", __name__)
file = blueprint.add_url_rule
# The endpoints of pages, which `/en` may stand before.
PAGE_ENDPOINTS: set[str] = set()


def rule(path: str, endpoint: str, view: RouteCallable, methods: Collection[str] = ("GET",)) -> None:
    """Add a page."""
    PAGE_ENDPOINTS.add(f"{blueprint.name}.{endpoint}")
    file(path, endpoint, view, methods=methods)


rule("/", "home", pages.home)
rule("/objets", "items", items.listing)
rule("/objets.atom", "feed", feed.show)
file("/objets.json", "items_json", operations.items_as_file)
file("/objets.csv", "items_csv", spreadsheet.show)
file("/catalogue.jsonld", "data_catalogue", dcat.show)
rule("/api", "api_guide", guide.show)
rule("/objets/<number>", "item", items.show)
file("/objets/<number>/lien.jpg", "link_picture", link_picture.show)
rule("/albums/<code>", "album", albums.show)
file("/albums/<code>/lien.jpg", "album_picture", albums.link_picture)
file("/o/<number>", "short", short.lead_on)
file("/O/<number>", "short", short.lead_on)
rule("/numero", "by_number", items.by_number)
file("/photos/<public_id>/<name>", "photo", photos.show)
rule("/recherche", "search", search.search, methods=["GET", "POST"])
rule("/recherche/attente", "turn", turns.place)
rule("/recherche/partage", "shared_photos", csrf.exempt(search.shared), methods=["POST"])
rule("/recherche/apercu", "photo_preview", preview.show, methods=["POST"])
rule("/recherche/sans-envoi", "by_fingerprint", fingerprint.search, methods=["POST"])
file("/recherche/modele/<version>", "browser_model", model.show)
rule("/hors-ligne", "offline", installing.offline)
rule("/manifest.webmanifest", "manifest", installing.manifest)
rule("/service-worker.js", "service_worker", installing.service_worker)
rule("/verifier", "verify", verify.verify, methods=["GET", "POST"])
rule("/declarer", "declare", views.declare, methods=["GET", "POST"])
rule("/declarer/code", "note_code", views.note_code, methods=["POST"])
rule("/declarer/code/fichier", "save_code", views.save_code, methods=["POST"])
rule("/ma-declaration", "my_declaration", tracking.show)
rule("/ma-declaration/ouvrir", "open_declaration", tracking.open_code, methods=["POST"])
rule("/ma-declaration/demande", "act_on_declaration", tracking.act, methods=["POST"])
rule("/ma-declaration/ajouter", "add_to_declaration", adding.add, methods=["GET", "POST"])
rule("/ma-declaration/fermer", "leave_declaration", tracking.leave, methods=["POST"])
rule("/objets/<number>/est-a-moi", "claim", claims.claim, methods=["GET", "POST"])
rule("/ma-declaration/demandes/<int:place>/preuves", "add_to_claim", claims.add, methods=["GET", "POST"])
rule("/ma-declaration/demandes/<int:place>/retirer", "withdraw_claim", claims.withdraw, methods=["POST"])
rule("/jeton", "token", tokens.fresh)
rule("/aide", "guide", pages.guide)
rule("/conseils", "advice", advice.show)
rule("/conseils/inventaire", "inventory", advice.inventory)
rule("/unites", "units", pages.units)
rule("/comptes-officiels", "accounts", official_accounts.show)
rule("/mentions", "legal", pages.legal)
rule("/donnees-personnelles", "personal_data", pages.personal_data)
rule("/accessibilite", "accessibility", pages.accessibility)
file("/langue/<code>", "language", pages.language)
file("/.well-known/gallery-signing-keys.json", "signing_keys", well_known.keys)
file("/.well-known/security.txt", "security_contact", well_known.security)
file("/.well-known/official-accounts.json", "accounts_document", official_accounts.document)
file("/robots.txt", "robots", well_known.robots)
file("/sitemap.xml", "sitemap", well_known.sitemap)
file("/sitemap-<int:part>.xml", "sitemap_part", well_known.sitemap_part)
file("/favicon.ico", "favicon", installed.icon)
file("/apple-touch-icon.png", "touch_icon", installed.icon)
file("/vivant", "alive", readiness.alive)
file("/pret", "ready", readiness.ready)
