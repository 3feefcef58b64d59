"""Every address of the back office, tried by everybody of the cast."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from gallery.config import Settings, Site, load_settings
from gallery.models import Case, Item, Officer, OfficerRole, Unit
from gallery.web import application, register
from gallery.web.backoffice.blueprint import EXPORT, WAITING
from tests import pictures
from tests.factories import Factory
from tests.victim import CLAIMS, DECLARATIONS
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import JSON, Desk, files, filled

PROBES = {"backoffice.alive", "backoffice.ready"}
OPEN = PROBES | {
    "static", "bootstrap.static", "security.login", "backoffice.choose_password", "backoffice.judge_invited_password",
    "backoffice.language", "backoffice.capture", "backoffice.manifest", "backoffice.service_worker",
    "backoffice.change_password",
}  # fmt: skip
# Steps of a sign-in that has begun: they lead whoever has not begun one back to its first page.
STEPS = {
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.two_factor_rescue",
    "security.tf_select",
    "security.two_factor_setup_validate",
}
# Pressed twice, or by a colleague first: what is gone already leads to the list, which shows one's own unit's.
LEADS_TO_THE_LIST = {"backoffice.make_export_again"}
# About a photo that was deleted, or that a victim has declared: test_photo_deletion.py and test_proposals.py ask.
ABOUT_OTHER_PHOTOS = {
    "backoffice.ask_to_erase_photo", "backoffice.declared_photo", "backoffice.claim_proof", "backoffice.claimed_photo",
}  # fmt: skip
# Of a victim: test_proposals.py and test_claims.py open one.
ABOUT_A_DECLARATION = {"backoffice.declaration", "backoffice.claim"}
# Of a list that was refused: test_lists.py gives one.
ABOUT_A_LIST = {"backoffice.list_faults"}
UNASKED = OPEN | STEPS | ABOUT_OTHER_PHOTOS | ABOUT_A_LIST
ABOUT_SOMETHING = {"number", "public_id", "reference"}
ADMINISTRATION = "/administration/"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Victims may declare thefts, so that the pages about these are there."""
    return replace(
        settings,
        **DECLARATIONS,
        **CLAIMS,
    )


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> list[Rule]:
    """The back office's URL map."""
    environ = {"GALLERY_INSTANCE": str(tmp_path_factory.mktemp("instance"))}
    app = application(load_settings(environ=environ), Site.BACKOFFICE, mounted_at="/")
    register(app, Site.BACKOFFICE)
    return list(app.url_map.iter_rules())


def methods_of(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def address_of(rule: Rule, item: Item, case: Case) -> str:
    photo = item.photos[0]
    values = {
        "number": item.public_number,
        "public_id": photo.public_id,
        "photo_id": photo.public_id,
        "reference": case.reference,
        "name": "320.webp",
        "code": "jewellery",
        "token": "x",
        "page": "1",
    }
    address = rule.rule
    for name in rule.arguments:
        for kind in (f"<identifier:{name}>", f"<int:{name}>", f"<{name}>"):
            address = address.replace(kind, values[name])
    return address


def test_a_stranger_is_asked_to_sign_in_everywhere(
    rules: list[Rule], backoffice_app: Flask, item: Item, case: Case
) -> None:
    client = backoffice_app.test_client()
    private = [rule for rule in rules if rule.endpoint not in OPEN]
    assert len(private) > 20
    for rule in private:
        for method in methods_of(rule):
            answer = client.open(address_of(rule, item, case), method=method)
            if answer.status_code == 400 and rule.endpoint in STEPS | {"security.two_factor_setup"}:
                continue  # these want the form's token before anything else
            assert answer.status_code == 302, f"{method} {rule} answered {answer.status_code}"
            assert answer.headers["Location"].split("?")[0] == "/connexion"


@pytest.mark.parametrize("path", ["/nulle-part", "/objets/%00", "/verify", "/register", "/reset"])
def test_a_stranger_learns_nothing_of_what_does_not_exist(backoffice_app: Flask, path: str) -> None:
    answer = backoffice_app.test_client().get(path)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/connexion")


def test_another_units_officer_finds_nothing_at_any_address(
    rules: list[Rule], sign_in: SignIn, outsider: Officer, item: Item, case: Case
) -> None:
    desk = Desk(sign_in(outsider))
    about = [rule for rule in rules if rule.arguments & ABOUT_SOMETHING and ADMINISTRATION not in rule.rule]
    assert len(about) > 15
    for rule in about:
        for method in methods_of(rule):
            address = address_of(rule, item, case)
            answer = desk.client.get(address) if method == "GET" else desk.send(address)
            if rule.endpoint in LEADS_TO_THE_LIST:
                assert answer.headers["Location"] == "/albums/fichiers"
                continue
            assert answer.status_code == 404, f"{method} {rule} answered {answer.status_code}"


@pytest.mark.parametrize("who", ["officer", "colleague"])
def test_officers_of_the_unit_may_open_every_page(
    who: str,
    request: pytest.FixtureRequest,
    rules: list[Rule],
    sign_in: SignIn,
    item: Item,
    case: Case,
    make: Factory,
) -> None:
    make.publish(item)
    desk = Desk(sign_in(request.getfixturevalue(who)))
    asked = desk.client.post("/albums/telecharger", data=filled(desk.get("/albums/nouveau"))).headers["Location"]
    desk.make_exports()
    dropped = {"photos": files(pictures.jpeg(pictures.picture(77)))}
    (waiting,) = desk.do(f"/affaires/{case.reference}/photos", dropped).all(".lot-photos img")
    for rule in rules:
        is_asked = rule.endpoint not in UNASKED | ABOUT_A_DECLARATION
        if is_asked and ADMINISTRATION not in rule.rule and "GET" in methods_of(rule):
            there = {EXPORT: asked, WAITING: str(waiting["src"]).rpartition("/")[0]}
            rule_of = next((each for each in there if rule.rule.startswith(each)), "")
            address = rule.rule.replace(rule_of, there.get(rule_of, ""))
            address = address_of(rule, item, case) if not rule_of else address.replace("<name>", "320.webp")
            answer = desk.client.get(address)
            assert answer.status_code == 200, f"{rule} answered {answer.status_code}"


def test_an_agent_is_refused_everywhere_in_the_administration(
    rules: list[Rule], sign_in: SignIn, officer: Officer, item: Item, case: Case
) -> None:
    desk = Desk(sign_in(officer))
    administration = [rule for rule in rules if ADMINISTRATION in rule.rule]
    assert len(administration) > 8
    for rule in administration:
        for method in methods_of(rule):
            address = address_of(rule, item, case)
            answer = desk.client.get(address) if method == "GET" else desk.send(address)
            assert answer.status_code == 403, f"{method} {rule} answered {answer.status_code}"


def test_a_manager_reads_the_list_of_officers_and_no_more(
    rules: list[Rule], sign_in: SignIn, make: Factory, unit: Unit, item: Item, case: Case
) -> None:
    desk = Desk(sign_in(make.officer(unit, "chef@rennes.example", OfficerRole.MANAGER)))
    for rule in rules:
        if ADMINISTRATION in rule.rule and rule.endpoint != "backoffice.officers":
            for method in methods_of(rule):
                address = address_of(rule, item, case)
                answer = desk.client.get(address) if method == "GET" else desk.send(address)
                assert answer.status_code == 403, f"{method} {rule} answered {answer.status_code}"
    assert desk.client.get("/administration/agents").status_code == 200


def test_nothing_changes_without_the_forms_token(desk: Desk, item: Item, rules: list[Rule], case: Case) -> None:
    for rule in rules:
        if "POST" in methods_of(rule):
            answer = desk.client.post(address_of(rule, item, case))
            assert answer.status_code in (400, 302), f"{rule} answered {answer.status_code}"
            assert answer.status_code == 400 or rule.endpoint == "security.login" or rule.endpoint in STEPS


def test_a_script_without_session_is_told_in_json(backoffice_app: Flask, item: Item) -> None:
    answer = backoffice_app.test_client().post(f"/objets/{item.public_number}/photos", headers=JSON)
    assert answer.status_code == 401
    assert "session" in answer.get_json()["sentence"]


def test_a_strangers_large_request_is_not_read(backoffice_app: Flask) -> None:
    answer = backoffice_app.test_client().post("/connexion", data={"email": "a" * 2_000_000})
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/objets/%00", "/affaires/%27", "/photos/%00/320.webp", "/objets?affaire=%00&page=x"])
def test_strange_addresses_are_no_error_of_ours(desk: Desk, path: str) -> None:
    assert desk.client.get(path).status_code in (200, 404)


def test_a_closed_account_is_out_at_once(make: object, sign_in: SignIn, officer: Officer, session: object) -> None:
    from gallery.services.transaction import atomic

    client: FlaskClient = sign_in(officer)
    with atomic(session):  # type: ignore[arg-type]
        officer.active = False
    assert client.get("/objets").status_code == 302


def test_a_password_manager_is_led_to_the_page_that_changes_one(backoffice_app: Flask) -> None:
    answer = backoffice_app.test_client().get("/.well-known/change-password")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/compte/mot-de-passe")
