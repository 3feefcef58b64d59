"""`flask facebook`, against a server that speaks the documented calls."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.cli.facebook import FAULTS
from gallery.config import Settings
from gallery.models import FacebookPage, FacebookPost, Item, Posting, Unit
from gallery.services.transaction import atomic, end_reading
from gallery.web.backoffice.albums import facebook_words
from tests import pictures
from tests.factories import Factory
from tests.parts.graph_server import PAGE, TOKEN, Facebook, Failure

Command = Callable[..., Result]


@pytest.fixture
def settings(settings: Settings, facebook: Facebook) -> Settings:
    return replace(settings, graph_address=facebook.address)


@pytest.fixture
def two(make: Factory, unit: Unit) -> list[Item]:
    case = make.case(unit)
    drawn = [pictures.jpeg(pictures.picture(seed).resize((320, 240))) for seed in range(2)]
    return [make.published(case, photo, title=f"Montre {name}") for photo, name in zip(drawn, "ab", strict=True)]


def connect(flask: Command, unit: Unit, token: str = TOKEN) -> Result:
    return flask("facebook", "connect", "--unit", unit.code, "--page", PAGE, input=f"{token}\n")


def reference_in(session: Session) -> str:
    end_reading(session)
    return session.scalars(select(Posting.reference)).one()


def test_it_works(flask: Command, session: Session, unit: Unit, two: list[Item], facebook: Facebook) -> None:
    connected = connect(flask, unit)
    assert connected.exit_code == 0
    assert "Gendarmerie d’Ille-et-Vilaine" in connected.output
    done = flask("facebook", "publish", "--unit", unit.code, "--text", "Deux montres retrouvées")
    assert done.exit_code == 0
    assert "2 of 2 photos sent, 0 left out" in done.output
    assert f"https://www.facebook.com/{PAGE}/posts/1" in done.output
    assert facebook.posts[0]["message"] == "Deux montres retrouvées"
    assert TOKEN not in connected.output + done.output


def test_the_token_is_sealed(flask: Command, session: Session, unit: Unit) -> None:
    connect(flask, unit)
    end_reading(session)
    assert TOKEN.encode() not in session.scalars(select(FacebookPage.sealed)).one()


def test_a_wrong_token_is_not_kept(flask: Command, session: Session, unit: Unit) -> None:
    refused = connect(flask, unit, "another")
    assert (refused.exit_code, "has expired or is none" in refused.output) == (2, True)
    end_reading(session)
    assert session.scalars(select(FacebookPage)).all() == []


def test_a_dry_run_publishes_nothing(
    flask: Command, session: Session, unit: Unit, two: list[Item], facebook: Facebook
) -> None:
    connect(flask, unit)
    done = flask("facebook", "publish", "--item", two[0].public_number, "--dry-run")
    assert done.exit_code == 0
    assert "Nothing was published. 1 photos of 1 items" in done.output
    assert "Un objet retrouvé cherche son propriétaire" in done.output
    assert (facebook.photos, facebook.posts) == ({}, [])
    assert session.scalars(select(FacebookPost)).all() == []


def test_a_broken_run_is_resumed_with_what_was_sent(
    flask: Command, session: Session, unit: Unit, two: list[Item], facebook: Facebook
) -> None:
    connect(flask, unit)
    facebook.fail("feed", Failure(400, 190, 463))
    broken = flask("facebook", "publish", "--unit", unit.code)
    assert (broken.exit_code, "has expired" in broken.output) == (1, True)
    again = flask("facebook", "resume", reference_in(session), "--unit", unit.code)
    assert again.exit_code == 0
    assert (len(facebook.photos), len(facebook.posts)) == (2, 1)


def test_what_has_to_wait_is_said(
    flask: Command, session: Session, unit: Unit, two: list[Item], facebook: Facebook
) -> None:
    connect(flask, unit)
    facebook.fail("photos", Failure(400, 4))
    done = flask("facebook", "publish", "--unit", unit.code)
    assert (done.exit_code, "Facebook asks to wait" in done.output) == (1, True)
    assert "The worker goes on at" in done.output


def test_an_object_described_otherwise_meanwhile_is_said(
    flask: Command, make: Factory, session: Session, unit: Unit, two: list[Item], facebook: Facebook
) -> None:
    connect(flask, unit)
    facebook.fail("feed", Failure(400, 190, 463))
    flask("facebook", "publish", "--unit", unit.code)
    with atomic(session):
        session.get_one(Item, two[0].id).title = "Montre ancienne"
    again = flask("facebook", "resume", reference_in(session), "--unit", unit.code)
    assert (again.exit_code, "described otherwise by now" in again.output) == (1, True)
    anew = flask("facebook", "publish", "--unit", unit.code)
    assert (anew.exit_code, len(facebook.posts)) == (0, 1)


def test_every_reason_has_words_at_the_terminal_and_on_the_page() -> None:
    assert FAULTS.keys() == facebook_words.FAULTS.keys()


def test_a_page_is_disconnected(flask: Command, session: Session, unit: Unit, two: list[Item]) -> None:
    connect(flask, unit)
    assert flask("facebook", "disconnect", "--unit", unit.code).exit_code == 0
    done = flask("facebook", "publish", "--unit", unit.code)
    assert (done.exit_code, "no Facebook page is connected" in done.output) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["publish"],
        ["publish", "--unit", "NONE"],
        ["connect", "--unit", "GGD35", "--page", "x"],
        ["connect", "--unit", "NONE", "--page", PAGE],
        ["resume", "none", "--unit", "GGD35"],
    ],
    ids=["nothing chosen", "unit", "page", "page's unit", "reference"],
)
def test_wrong_options_are_status_2(flask: Command, unit: Unit, arguments: list[str]) -> None:
    assert flask("facebook", *arguments, input=f"{TOKEN}\n").exit_code == 2
