"""The files of deploy/, read once for the tests that compare them with the program."""

import re
from dataclasses import fields

import yaml
from flask import Flask

import wsgi
from gallery.config import Settings
from tests.servers.running import DEPLOY, PAGES, text_of

ROOT = DEPLOY.parent
UNITS = (*PAGES, "search", "backoffice", "worker@1", "health")
TIMED = ("backup", "restore-test")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
TMPFILES = (DEPLOY / "gallery-tmpfiles.conf").read_text(encoding="utf-8")
SYSUSERS = (DEPLOY / "gallery-sysusers.conf").read_text(encoding="utf-8")
SERVED = (*PAGES, *PAGES, "search", "backoffice")
APPLICATIONS = {*wsgi.SITES, "health"}
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
CONTAINERS = {name: each for name, each in COMPOSE["services"].items() if each["image"] == "gallery"}
COMMANDS = Flask("commands")
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
# What every unit but that of the other machine is given.
SHARED = (DEPLOY / "gallery.env").read_text(encoding="utf-8")
KNOWN = {f"GALLERY_{field.name.upper()}" for field in fields(Settings)}
HOSTS = {"public": "objets.example.fr", "backoffice": "agents.example.fr"}


def value(unit: str, name: str) -> str:
    return re.findall(rf"^{name}=(.+)$", text_of(unit), re.MULTILINE)[0]


def files_of(unit: str) -> list[str]:
    """The files of variables that a unit is given, in their order."""
    return re.findall(r"^EnvironmentFile=(.+)$", text_of(unit), re.MULTILINE)
