import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gallery import create_app
from gallery.config import BOTH_SITES, Settings, Site, load_settings
from gallery.errors import KeyAbsent, SettingInvalid
from gallery.services.resources import Resources
from gallery.web.headers import HEADERS
from tests.factories import PRODUCTION

ROOT = Path(__file__).parents[2]
SHARED = {"static", "bootstrap.static"}


def given_to(app: Flask) -> Resources:
    return app.extensions["resources"]  # type: ignore[no-any-return]


def test_the_public_site_has_no_back_office_rule(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()} - SHARED
    assert endpoints
    assert {endpoint.split(".")[0] for endpoint in endpoints} == {"public", "api"}


def test_the_back_office_has_no_public_rule(backoffice_app: Flask) -> None:
    endpoints = {rule.endpoint for rule in backoffice_app.url_map.iter_rules()} - SHARED
    assert {endpoint.split(".")[0] for endpoint in endpoints} == {"backoffice", "security"}


def test_the_public_process_imports_neither_the_back_office_nor_commands(settings: Settings) -> None:
    program = (
        # What says commands in French is no command: every process knows their names.
        "import sys, wsgi; wsgi.public; unwanted = ('gallery.web.backoffice', 'gallery.cli.', 'alembic'); "
        "print({name for name in sys.modules if name.startswith(unwanted)} - {'gallery.cli.spoken'} or 'none')"
    )
    environ = {"GALLERY_INSTANCE": str(settings.instance), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "none"


def test_the_public_site_has_neither_originals_nor_keys(app: Flask) -> None:
    resources = given_to(app)
    assert resources.private_store is None
    with pytest.raises(KeyAbsent):
        resources.sealer.unseal(b"anything", row="item:1")


def test_a_public_process_starts_without_the_back_offices_secrets(tmp_path: Path) -> None:
    settings = load_settings({Site.PUBLIC}, environ={"GALLERY_INSTANCE": str(tmp_path)})
    made = {each.name for each in (tmp_path / "secrets").iterdir()}
    assert made == {"public_secret_key", "declaration_pepper"}
    assert create_app(settings, {Site.PUBLIC}).test_client().get("/vivant").status_code == 200


def test_both_sites_are_one_application_for_trying_out(settings: Settings) -> None:
    client = create_app(settings, BOTH_SITES).test_client()
    assert client.get("/vivant").status_code == 200
    answer = client.get("/agents/objets")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/agents/connexion")


def test_their_cookies_do_not_meet(settings: Settings) -> None:
    client = create_app(settings, BOTH_SITES).test_client()
    client.get("/recherche")
    client.get("/agents/connexion")
    assert client.get_cookie("galerie", path="/") is not None
    assert client.get_cookie("agents", path="/agents") is not None


def test_production_refuses_both_sites_in_one_process(tmp_path: Path) -> None:
    environ = PRODUCTION | {"GALLERY_INSTANCE": str(tmp_path)}
    settings = load_settings(environ=environ, make=True)
    with pytest.raises(SettingInvalid) as refusal:
        create_app(settings, BOTH_SITES)
    assert refusal.value.field == "production"


def test_production_cookies_travel_by_https_only(tmp_path: Path) -> None:
    environ = PRODUCTION | {"GALLERY_INSTANCE": str(tmp_path)}
    settings = load_settings(environ=environ, make=True)
    assert create_app(settings, {Site.PUBLIC}).config["SESSION_COOKIE_SECURE"]


@pytest.mark.parametrize("path", ["/", "/objets", "/recherche", "/verifier", "/nulle-part", "/static/theme.css"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
