"""The files of deploy/ say what the program is: every path, port, size and variable in them is there."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

import wsgi
from gallery.config import Settings
from gallery.web.intake import limits
from tests.servers.running import DEPLOY, port_of

UNITS = sorted(path.stem.removeprefix("gallery-") for path in DEPLOY.glob("gallery-*.service"))
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
SERVED = ("public", "search", "backoffice")
HOSTS = {"public": "objets.example.fr", "backoffice": "agents.example.fr"}
every_unit = pytest.mark.parametrize("unit", UNITS)


def text_of(unit: str) -> str:
    return (DEPLOY / f"gallery-{unit}.service").read_text(encoding="utf-8")


def value(unit: str, name: str) -> str:
    return re.findall(rf"^{name}=(.+)$", text_of(unit), re.MULTILINE)[0]


@every_unit
def test_a_unit_starts_what_there_is(unit: str) -> None:
    program, *arguments = value(unit, "ExecStart").split()
    assert Path(program).name in ("gunicorn", "flask")
    assert program.startswith(value(unit, "WorkingDirectory") + "/.venv/bin/")
    (application,) = (each for each in arguments if each.startswith("wsgi:"))
    assert application.removeprefix("wsgi:") in wsgi.SITES


@every_unit
def test_a_unit_names_settings_that_there_are(unit: str) -> None:
    known = {field.name.upper() for field in fields(Settings)}
    assert set(re.findall(r"GALLERY_(\w+)=", text_of(unit))) <= known


@every_unit
def test_a_unit_keeps_its_files_to_itself(unit: str) -> None:
    user = value(unit, "User")
    assert f"GALLERY_INSTANCE=/var/lib/{user}" in text_of(unit)
    assert value(unit, "StateDirectory") == user
    assert value(unit, "StateDirectoryMode") == "0700"
    assert user == ("gallery-public" if "wsgi:public" in text_of(unit) else "gallery-backoffice")


def test_nginx_asks_the_ports_that_the_units_listen_on() -> None:
    assert re.findall(r"server 127\.0\.0\.1:(\d+);", NGINX) == [str(port_of(unit)) for unit in SERVED]
    groups = set(re.findall(r"^upstream (\w+)", NGINX, re.MULTILINE))
    assert set(re.findall(r"http://(gallery_(?!\$)\w+)", NGINX)) | {"gallery_pages", "gallery_search"} == groups


def test_the_searches_are_pages_of_the_public_site(app: Flask) -> None:
    routed = re.findall(r'^\s+"(\w+) (/\S+)" gallery_search;$', NGINX, re.MULTILINE)
    assert len(routed) == 6
    adapter = app.url_map.bind("objets.example.fr")
    asked = {adapter.match(path, method)[0] for method, path in routed}
    pages = {"public.search", "public.shared_photos", "public.photo_preview", "public.verify", "public.turn"}
    assert asked == {*pages, "api.by_photos"}


def size_of(site: str, path: str) -> int:
    """What nginx lets in at a path, in bytes, as it chooses among the locations of a server."""
    (server,) = (each for each in NGINX.split("\nserver {")[1:] if f"server_name {HOSTS[site]};" in each)
    found = re.findall(r"location (=|~) (\S+) \{ client_max_body_size (\d+)m;", server)
    exact = [size for kind, place, size in found if kind == "=" and place == path]
    fitting = [size for kind, place, size in found if kind == "~" and re.search(place, path)]
    return int((exact + fitting + re.findall(r"^    client_max_body_size (\d+)m;", server, re.MULTILINE))[0]) * 2**20


def test_nginx_lets_in_what_each_route_takes(app: Flask, backoffice_app: Flask, settings: Settings) -> None:
    table = limits.table(settings)
    for site, application in (("public", app), ("backoffice", backoffice_app)):
        for rule in application.url_map.iter_rules():
            if "POST" in (rule.methods or ()):
                expected = table.get(rule.endpoint, limits.PLAIN).body
                assert size_of(site, re.sub(r"<[^>]+>", "x", rule.rule)) == expected, rule.endpoint
