"""Which journey shows axe each page: those that are opened by their address alone, and where the others come up.

tests/web/test_pages_inspected.py holds this to the rules of both sites, so that no new page is left out.
"""

# {number}: of a published object; {album}: code of an album.
PUBLIC = (
    "/", "/en/", "/objets", "/objets?categorie=watches", "/en/objets", "/objets/{number}", "/en/objets/{number}",
    "/recherche", "/en/recherche", "/numero", "/numero?numero=35", "/conseils", "/comptes-officiels", "/albums/{album}",
    "/verifier", "/api", "/hors-ligne", "/verifier?numero={number}", "/verifier?numero=35-AAAA-A",
    "/verifier?code=https://ailleurs.example/",
)  # fmt: skip
# With all that is folded in them.
UNFOLDED = (
    "/objets?mots=montre", "/objets?mots=licorne&vol=2026-01-01", "/aide", "/unites", "/mentions",
    "/donnees-personnelles", "/accessibilite",
)  # fmt: skip
# {item}: the page of an object.
DESK = (
    "/objets", "/objets?mots=rien", "/objets/nouveau", "{item}", "{item}/modifier", "{item}/apercu", "/affaires",
    "/affaires/nouvelle", "/compte", "/compte/mot-de-passe", "/compte/code", "/compte/codes-de-secours",
    "/compte/confirmer", "/administration/agents", "/administration/agents/inviter", "/administration/unites",
    "/administration/unites/nouvelle", "/administration/unites/BTA35", "/administration/categories",
    "/administration/categories/nouvelle", "/administration/categories/weapons", "/recherche",
    "/administration/comptes", "/administration/comptes/faux", "/reprise", "/photos", "/etiquettes",
    "/photos-non-analysees", "/albums/fichiers", "/administration/journal",
)  # fmt: skip
# {case}: the page of a case.
CASE = ("{case}", "{case}/modifier", "{case}/liste", "{case}/capturer", "{case}/photos", "/capturer")
# By endpoint: pages that are reached by doing something, and the test in which axe looks at them.
ON_THE_WAY = {
    "public.inventory": "test_inventory.py::test_axe_finds_nothing",
    "public.declare": "test_victims_pages.py::test_axe_finds_nothing_from_a_declaration_to_its_end",
    "public.my_declaration": "test_victims_pages.py::test_axe_finds_nothing_from_a_declaration_to_its_end",
    "public.add_to_declaration": "test_victims_pages.py::test_axe_finds_nothing_from_a_declaration_to_its_end",
    "public.claim": "test_victims_pages.py::test_axe_finds_nothing_from_a_declaration_to_its_end",
    "public.add_to_claim": "test_victims_pages.py::test_axe_finds_nothing_from_a_declaration_to_its_end",
    "backoffice.album": "test_album.py::test_axe_finds_nothing",
    "backoffice.choose_album": "test_album.py::test_axe_finds_nothing",
    "backoffice.postings": "test_album.py::test_axe_finds_nothing",
    "backoffice.facebook_page": "test_page_posts.py::test_an_officer_publishes_on_the_page",
    "backoffice.box_photo": "test_accessibility.py::test_the_box_around_an_object",
    "backoffice.hide_parts": "test_desk_states.py::test_acts_on_an_object",
    "backoffice.ask_to_erase_photo": "test_desk_states.py::test_acts_on_an_object",
    "backoffice.export": "test_desk_states.py::test_files_and_accounts",
    "backoffice.officer": "test_desk_states.py::test_files_and_accounts",
    "backoffice.choose_password": "test_desk_states.py::test_files_and_accounts",
    "backoffice.hide_waiting_parts": "test_desk_states.py::test_waiting_photos",
    "security.login": "test_accessibility.py::test_back_office_pages",
    "security.two_factor_token_validation": "test_desk_states.py::test_signing_in_with_a_second_factor",
    "security.mf_recovery": "test_desk_states.py::test_signing_in_with_a_second_factor",
    "backoffice.proposals": "test_theft.py::check_pages_of_victims",
    "backoffice.calls": "test_theft.py::check_pages_of_victims",
    "backoffice.quarantine": "test_theft.py::check_pages_of_victims",
    "backoffice.new_declaration": "test_theft.py::check_pages_of_victims",
    "backoffice.claims": "test_theft.py::check_pages_of_victims",
    "backoffice.claim": "test_theft.py::check_pages_of_victims",
    "backoffice.declarations": "test_theft.py::check_pages_of_victims",
    "backoffice.declaration": "test_theft.py::check_pages_of_victims",
}
# By endpoint: what is no page. Files and data, pictures, and addresses that lead elsewhere.
NO_PAGES = {
    "static", "bootstrap.static", "public.signing_keys", "public.accounts_document", "public.security_contact",
    "public.album_picture", "public.touch_icon", "public.data_catalogue", "public.favicon", "public.token",
    "public.manifest", "public.feed", "public.items_csv", "public.items_json", "public.link_picture", "public.photo",
    "public.ready", "public.turn", "public.browser_model", "public.robots", "public.service_worker",
    "public.sitemap_part", "public.sitemap", "public.alive", "public.short", "public.language", "api.album",
    "api.categories", "api.items", "api.item", "api.accounts", "api.openapi", "api.units", "backoffice.home",
    "backoffice.change_password", "backoffice.empty_list", "backoffice.list_faults", "backoffice.album_cover",
    "backoffice.fetch_export",
    "backoffice.album_photo", "backoffice.claimed_photo", "backoffice.claim_proof", "backoffice.token",
    "backoffice.manifest", "backoffice.lot_rendition", "backoffice.rendition", "backoffice.original",
    "backoffice.ready", "backoffice.declared_photo", "backoffice.turn", "backoffice.service_worker",
    "backoffice.alive", "security.two_factor_rescue", "security.tf_select",
}  # fmt: skip
