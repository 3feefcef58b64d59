"""The table of the back office's addresses."""

from flask import Blueprint

from gallery.web.backoffice import form_drafts
from gallery.web.backoffice.account import invitation, language, own_account
from gallery.web.backoffice.administration import (
    administration,
    facebook_page,
    false_accounts,
    officers,
    official_accounts,
)
from gallery.web.backoffice.albums import albums, archives, exports, page_posts, postings
from gallery.web.backoffice.cases import cases
from gallery.web.backoffice.claims import claims
from gallery.web.backoffice.hiding import views as hiding
from gallery.web.backoffice.items import (
    bulk,
    failed_photos,
    item_list,
    items,
    media,
    photo_acts,
    photo_box,
    photo_deletion,
    photo_search,
    photos,
    preview,
)
from gallery.web.backoffice.lots import capture, cards, deposit, sorting, start
from gallery.web.backoffice.proposals import calls, counter, declarations, proposals, quarantine
from gallery.web.backoffice.spreadsheets import case_list, export
from gallery.web.health import readiness
from gallery.web.intake import tokens, turns

blueprint = Blueprint("backoffice", __name__)
rule = blueprint.add_url_rule

ITEM = "/objets/<identifier:number>"
PHOTO = f"{ITEM}/photos/<identifier:public_id>"
CASE = "/affaires/<identifier:reference>"
OFFICER = "/administration/agents/<identifier:public_id>"
UNIT = "/administration/unites/<identifier:code>"
CATEGORY = "/administration/categories/<identifier:code>"
ACCOUNT = "/administration/comptes/<identifier:reference>"
FALSE_ACCOUNT = "/administration/comptes/faux/<identifier:reference>"
ACCOUNTLESS = "/administration/comptes/departements/<identifier:code>"
EXPORT = "/albums/fichiers/<identifier:reference>"
PROPOSAL = "/rapprochements/<identifier:public_id>"
DECLARATION = "/declarations/<identifier:reference>"
CLAIM = "/demandes/<identifier:reference>"
PICTURE = "/photos/<identifier:public_id>"
WAITING = "/photos-en-attente/<identifier:public_id>"

# Items
rule("/", "home", item_list.listing)
rule("/objets", "items", item_list.listing)
rule("/objets", "act_on_items", bulk.act_on_many, methods=["POST"])
rule("/objets/tableur", "export_list", export.export_list, methods=["POST"])
rule("/objets/nouveau", "new_item", items.new, methods=["GET", "POST"])
rule(ITEM, "item", items.show)
rule(f"{ITEM}/apercu", "preview_item", preview.preview)
rule(f"{ITEM}/modifier", "edit_item", items.edit, methods=["GET", "POST"])
rule(f"{ITEM}/publier", "publish_item", items.publish, methods=["POST"])
rule(f"{ITEM}/retirer", "withdraw_item", items.withdraw, methods=["POST"])
rule(f"{ITEM}/restituer", "hand_back_item", items.hand_back, methods=["POST"])
rule(f"{ITEM}/restituer/annuler", "take_back_item", items.take_back, methods=["POST"])

# Photos of an item
rule(f"{ITEM}/photos", "add_photos", photos.add, methods=["POST"])
rule(f"{ITEM}/photos/choisies", "act_on_photos", photo_acts.act, methods=["POST"])
rule(f"{PHOTO}/placer", "place_photo", photo_acts.place, methods=["POST"])
rule(f"{PHOTO}/texte", "describe_photo", photo_acts.describe, methods=["POST"])
rule(f"{PHOTO}/cadre", "box_photo", photo_box.draw, methods=["GET", "POST"])
rule(f"{PHOTO}/cacher", "hide_parts", hiding.of_item, methods=["GET", "POST"])
rule(f"{PHOTO}/retablir", "restore_photo", photo_deletion.restore, methods=["POST"])
rule(f"{PHOTO}/effacer", "ask_to_erase_photo", photo_deletion.ask_to_erase)
rule(f"{PHOTO}/effacer", "erase_photo", photo_deletion.erase, methods=["POST"])

# Photos that could not be described
rule("/photos-non-analysees", "failed_photos", failed_photos.listing)
rule("/photos-non-analysees", "try_failed_photos", failed_photos.try_again, methods=["POST"])

# Search by photo
rule("/recherche", "photo_search", photo_search.search, methods=["GET", "POST"])
rule("/recherche/attente", "turn", turns.place)

# Cases
rule("/affaires", "cases", cases.listing)
rule("/affaires/nouvelle", "new_case", cases.new, methods=["GET", "POST"])
rule(CASE, "case", cases.show)
rule(f"{CASE}/modifier", "edit_case", cases.edit, methods=["GET", "POST"])
rule(f"{CASE}/liste", "import_list", case_list.check, methods=["GET", "POST"])
rule(f"{CASE}/liste/erreurs.csv", "list_faults", case_list.faults)
rule(f"{CASE}/liste/importer", "take_list", case_list.take, methods=["POST"])
rule("/affaires/liste-vide.csv", "empty_list", export.empty)

# Photos that wait in a case
rule("/photos", "lot_start", start.show)
rule(f"{CASE}/photos", "lot", deposit.show)
rule(f"{CASE}/photos", "add_to_lot", deposit.add, methods=["POST"])
rule(f"{CASE}/photos/manquantes", "missing_of_lot", deposit.missing, methods=["POST"])
rule(f"{CASE}/photos/trier", "sort_lot", sorting.act, methods=["POST"])
rule(f"{CASE}/photos/ecartees", "forget_refused", deposit.forget_refused, methods=["POST"])
rule("/capturer", "capture", capture.shell)
rule("/manifest.webmanifest", "manifest", capture.manifest)
rule("/service-worker.js", "service_worker", capture.service_worker)
rule(f"{CASE}/capturer", "capture_plainly", capture.plain)
rule(f"{CASE}/capturer", "next_number", capture.next_number, methods=["POST"])
rule(f"{CASE}/numeros", "reserve_numbers", capture.reserve, methods=["POST"])
rule("/etiquettes", "cards", cards.offer)
rule("/etiquettes", "print_cards", cards.print_sheets, methods=["POST"])
rule(f"{WAITING}/cacher", "hide_waiting_parts", hiding.of_waiting, methods=["GET", "POST"])
rule(f"{WAITING}/<name>", "lot_rendition", deposit.rendition)

# What victims have declared
rule("/rapprochements", "proposals", proposals.listing)
rule("/rapprochements/direct", "switch_direct", proposals.switch_direct, methods=["POST"])
rule(PROPOSAL, "decide_proposal", proposals.decide, methods=["POST"])
rule(f"{PROPOSAL}/photos/<identifier:photo_id>", "declared_photo", proposals.photo)
rule("/personnes-a-prevenir", "calls", calls.listing)
rule(f"{PROPOSAL}/prevenu", "note_told", calls.note_told, methods=["POST"])
rule(f"{DECLARATION}/prevenu", "note_ending_told", calls.note_ending_told, methods=["POST"])
rule(f"{DECLARATION}/aidant-prevenu", "note_helper_told", calls.note_helper_told, methods=["POST"])
rule("/quarantaine", "quarantine", quarantine.show)
rule("/quarantaine", "judge_quarantine", quarantine.judge, methods=["POST"])
rule("/declarations", "declarations", declarations.listing)
rule("/declarations/nouvelle", "new_declaration", counter.declare, methods=["GET", "POST"])
rule(DECLARATION, "declaration", declarations.show)
rule(f"{DECLARATION}/code", "replace_declaration_code", declarations.replace_code, methods=["POST"])
rule(f"{DECLARATION}/copie", "copy_declaration", declarations.give_copy, methods=["POST"])
rule(f"{DECLARATION}/clore", "close_declaration", declarations.close, methods=["POST"])

# What claimants say of the unit's items
rule("/demandes", "claims", claims.listing)
rule(CLAIM, "claim", claims.show)
rule(CLAIM, "change_claim", claims.change, methods=["POST"])
rule(f"{CLAIM}/prevenu", "note_claimant_told", claims.note_told, methods=["POST"])
rule(f"{CLAIM}/preuves/<identifier:public_id>/<int:page>", "claim_proof", claims.proof)
rule(f"{CLAIM}/declare/<identifier:public_id>", "claimed_photo", claims.declared_photo)

# Albums
rule("/albums", "choose_album", albums.choose)
rule("/albums/nouveau", "album", albums.prepare, methods=["GET", "POST"])
rule("/albums/telecharger", "download_album", exports.ask, methods=["POST"])
rule("/albums/noter", "note_album", albums.note, methods=["POST"])
rule("/albums/publier", "publish_album", page_posts.publish, methods=["POST"])
rule("/albums/couverture.jpg", "album_cover", albums.cover)
rule("/albums/photos/<identifier:public_id>", "album_photo", albums.photo)

# Files of albums
rule("/albums/fichiers", "exports", exports.listing)
rule(EXPORT, "export", exports.show)
rule(f"{EXPORT}/fichier", "fetch_export", exports.fetch)
rule(f"{EXPORT}/refaire", "make_export_again", exports.make_again, methods=["POST"])
rule(f"{EXPORT}/effacer", "forget_export", exports.forget, methods=["POST"])

# Postings
rule("/publications", "postings", postings.listing)
rule("/publications/<identifier:reference>/adresse", "set_posting_address", postings.set_address, methods=["POST"])
rule("/publications/<identifier:reference>/reprendre", "resume_post", page_posts.resume, methods=["POST"])
rule("/publications/<identifier:reference>/oublier", "forget_posting", postings.forget, methods=["POST"])
rule(
    "/publications/<identifier:reference>/retirer/<identifier:number>",
    "tick_posting",
    postings.tick,
    methods=["POST"],
)
rule(
    "/publications/retirer-partout/<identifier:number>",
    "tick_everywhere",
    postings.tick_everywhere,
    methods=["POST"],
)

# Albums that are on Facebook already
rule("/reprise", "archives", archives.listing)
rule("/reprise", "give_archive", archives.give, methods=["POST"])
rule("/reprise/<identifier:reference>/importer", "confirm_archive", archives.confirm, methods=["POST"])
rule("/reprise/<identifier:reference>/oublier", "forget_archive", archives.forget, methods=["POST"])

# Files
rule(f"{PICTURE}/original", "original", media.original)
rule(f"{PICTURE}/<name>", "rendition", media.rendition)

# What is written and not yet sent
rule("/saisies", "keep_draft", form_drafts.keep, methods=["POST"])
rule("/saisies/oublier", "forget_draft", form_drafts.forget, methods=["POST"])

# The officer's own account
rule("/compte", "account", own_account.show)
rule("/compte/sessions/<identifier:public_id>/fermer", "end_session", own_account.end_session, methods=["POST"])
rule("/compte/sessions/fermer", "end_other_sessions", own_account.end_other_sessions, methods=["POST"])
rule("/jeton", "token", tokens.fresh)
rule("/compte/changements/lus", "mark_changes_read", own_account.mark_changes_read, methods=["POST"])
rule("/.well-known/change-password", "change_password", own_account.change_password)
rule("/compte/mot-de-passe/force", "judge_password", own_account.judge_password, methods=["POST"])
rule("/langue", "language", language.choose, methods=["POST"])
rule("/acces/<identifier:token>", "choose_password", invitation.choose_password, methods=["GET", "POST"])
rule("/acces/<identifier:token>/force", "judge_invited_password", invitation.judge_password, methods=["POST"])

# Administration
rule("/administration/journal", "journal", officers.journal)
rule("/administration/agents", "officers", officers.listing)
rule("/administration/agents/inviter", "invite_officer", officers.invite, methods=["GET", "POST"])
rule(OFFICER, "officer", officers.show)
rule(OFFICER, "act_on_officer", officers.act, methods=["POST"])
rule("/administration/unites", "units", administration.list_units)
rule("/administration/unites/nouvelle", "new_unit", administration.new_unit, methods=["GET", "POST"])
rule(UNIT, "edit_unit", administration.edit_unit, methods=["GET", "POST"])
rule("/administration/comptes", "official_accounts", official_accounts.listing)
rule("/administration/comptes", "add_account", official_accounts.add, methods=["POST"])
rule(f"{ACCOUNT}/verifier", "check_account", official_accounts.check, methods=["POST"])
rule(f"{ACCOUNT}/retirer", "remove_account", official_accounts.remove, methods=["POST"])
rule("/administration/comptes/faux", "false_accounts", false_accounts.listing)
rule("/administration/comptes/faux", "add_false_account", false_accounts.add, methods=["POST"])
rule(f"{FALSE_ACCOUNT}/retirer", "withdraw_false_account", false_accounts.withdraw, methods=["POST"])
rule("/administration/comptes/departements", "declare_no_account", official_accounts.declare, methods=["POST"])
rule(f"{ACCOUNTLESS}/retirer", "withdraw_no_account", official_accounts.withdraw, methods=["POST"])
rule(f"{UNIT}/facebook", "facebook_page", facebook_page.connect, methods=["GET", "POST"])
rule("/administration/categories", "categories", administration.list_categories)
rule("/administration/categories/nouvelle", "new_category", administration.new_category, methods=["GET", "POST"])
rule(CATEGORY, "edit_category", administration.edit_category, methods=["GET", "POST"])
rule(f"{CATEGORY}/deplacer", "move_category", administration.move_category, methods=["POST"])

# Monitors
rule("/vivant", "alive", readiness.alive)
rule("/pret", "ready", readiness.ready)
