"""`flask create-unit` and `flask create-officer`."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Officer, OfficerRole, Unit, UnitKind
from gallery.services import audit
from gallery.services.transaction import end_reading
from tests import factories

Command = Callable[..., Result]


def test_a_unit_is_created(flask: Command, session: Session) -> None:
    name = "Commissariat de Nantes"
    done = flask("create-unit", "CPN44", "--name", name, "--departement", "44", "--kind", "police")
    assert done.exit_code == 0
    unit = session.scalars(select(Unit)).one()
    assert (unit.code, unit.name, unit.kind) == ("CPN44", name, UnitKind.POLICE)
    assert [entry.action for entry in audit.history(session, unit)] == ["create"]


@pytest.mark.parametrize(
    ("code", "departement", "said"),
    [
        ("GGD35", "35", "code: 'GGD35' is taken already"),
        ("ggd 35", "35", "code: 'ggd 35' is malformed"),
        ("X" * 40, "35", "is malformed"),
        ("NEW", "99", "departement: '99' is no département"),
    ],
)
def test_a_wrong_unit_is_refused_with_the_reason(
    flask: Command, unit: Unit, code: str, departement: str, said: str
) -> None:
    done = flask("create-unit", code, "--name", "Une unité", "--departement", departement)
    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.parametrize("name", ["", " \u200b", "x" * 121], ids=["empty", "nothing to be seen", "too long"])
@pytest.mark.parametrize(
    "command",
    [("create-unit", "CPN44", "--departement", "44"), ("create-officer", "a@rennes.example", "--unit", "GGD35")],
    ids=lambda value: value[0],
)
def test_what_is_no_name_is_refused(
    flask: Command, session: Session, unit: Unit, command: tuple[str, ...], name: str
) -> None:
    done = flask(*command, "--name", name)
    assert (done.exit_code, "a name of 1 to 120 characters" in done.output) == (2, True)
    end_reading(session)
    assert (session.scalars(select(Unit)).all(), session.scalar(select(Officer))) == ([unit], None)


def test_names_and_addresses_are_kept_as_the_pages_keep_them(flask: Command, session: Session) -> None:
    name, email = " Commissariat  de Re\u0301zé\u200b ", " Contact@Reze.example "
    assert flask("create-unit", "CPR44", "--name", name, "--departement", "44", "--email", email).exit_code == 0
    assert flask("create-officer", "a@reze.example", "--unit", "CPR44", "--name", " Zoe\u0301 ").exit_code == 0
    officer = session.scalars(select(Officer)).one()
    assert (officer.name, officer.unit.name) == ("Zoé", "Commissariat de Rézé")
    assert officer.unit.public_email == "contact@reze.example"


def test_a_unit_is_not_reached_by_what_is_no_address(flask: Command, session: Session) -> None:
    done = flask("create-unit", "CPR44", "--name", "Rezé", "--departement", "44", "--email", "contact à reze.example")
    assert (done.exit_code, "no e-mail address" in done.output) == (2, True)
    assert session.scalar(select(Unit)) is None


def test_an_officer_signs_in_with_the_password_printed(
    flask: Command, session: Session, unit: Unit, backoffice_app: Flask
) -> None:
    arguments = ("create-officer", "Camille@Rennes.example", "--unit", unit.code, "--name", "Camille")
    done = flask(*arguments, "--role", "manager")
    end_reading(session)
    password = re.search(r"shown this once: (\S+)", done.output)
    assert password
    assert session.scalars(select(Officer)).one().role is OfficerRole.MANAGER
    factories.sign_in(backoffice_app.test_client(), "camille@rennes.example", password[1])


def test_a_password_can_be_asked_and_is_not_printed(
    flask: Command, sessions: sessionmaker[Session], unit: Unit, backoffice_app: Flask
) -> None:
    arguments = ("create-officer", "a@rennes.example", "--unit", unit.code, "--name", "A", "--ask-password")
    done = flask(*arguments, input="le-cheval-trotte\nle-cheval-trotte\n")
    assert done.exit_code == 0
    assert "le-cheval-trotte" not in done.output
    factories.sign_in(backoffice_app.test_client(), "a@rennes.example", "le-cheval-trotte")


@pytest.mark.parametrize("password", ["court", "password1234", "aaaaaaaaaaaa", "a@b.example@@@"])
def test_a_weak_password_is_refused(flask: Command, session: Session, unit: Unit, password: str) -> None:
    arguments = ("create-officer", "a@b.example", "--unit", unit.code, "--name", "A", "--ask-password")
    done = flask(*arguments, input=f"{password}\n{password}\n")
    end_reading(session)
    assert done.exit_code == 2
    assert session.scalar(select(Officer)) is None


@pytest.mark.parametrize("email", ["nomail", "nomail@", "a b@rennes.example"])
def test_what_is_no_address_is_refused_in_a_sentence(flask: Command, session: Session, unit: Unit, email: str) -> None:
    done = flask("create-officer", email, "--unit", unit.code, "--name", "A")
    end_reading(session)
    assert (done.exit_code, "no e-mail address" in done.output) == (2, True)
    assert "Password" not in done.output
    assert session.scalar(select(Officer)) is None


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_make_no_difference(
    flask: Command, session: Session, unit: Unit, backoffice_app: Flask, form: str
) -> None:
    password = "fougère et menhir au soleil"
    typed = unicodedata.normalize(form, password)
    arguments = ("create-officer", "ZOÉ@rennes.example", "--unit", unit.code, "--name", "Zoé", "--ask-password")
    assert flask(*arguments, input=f"{typed}\n{typed}\n").exit_code == 0
    factories.sign_in(backoffice_app.test_client(), "zoe\u0301@rennes.example", password)


def test_an_unknown_unit_is_refused(flask: Command, sessions: sessionmaker[Session]) -> None:
    done = flask("create-officer", "a@b.example", "--unit", "NONE", "--name", "A")
    assert (done.exit_code, "no unit has this code: NONE" in done.output) == (2, True)


def test_the_public_site_has_no_key_for_it(sessions: sessionmaker[Session], settings: Settings) -> None:
    public_site = create_app(replace(settings, sealing_identity=""), {Site.PUBLIC})
    done = public_site.test_cli_runner().invoke(args=["create-unit", "X", "--name", "X", "--departement", "35"])
    assert (done.exit_code, "wsgi:backoffice" in done.output) == (2, True)
