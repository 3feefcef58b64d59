"""What the demo's victims send goes the way of real drops, and a start that was interrupted sends nothing twice."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import create_app
from gallery.cli import demo as commands
from gallery.config import Settings, Site, rules
from gallery.config.loading import FILE
from gallery.demo import DEMO_CLAIM, DEMO_THEFT
from gallery.models import Claim, Declaration, InboxDrop, Unit
from gallery.services import demo
from gallery.services.claims import claim_filing
from gallery.services.declarations import answers, collecting
from gallery.services.declarations.opening import codes
from gallery.services.demo import DemoSender
from gallery.services.transaction import atomic, end_reading
from tests import pictures
from tests.factories import Factory

THEFT, CLAIM = codes.made_of(bytes(12)), codes.made_of(bytes(range(12)))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    made_up = dict.fromkeys(("declarations_legal_act", "claims_legal_act"), "PLAN-2")
    days = dict.fromkeys(("declarations_impact_assessment", "claims_impact_assessment"), "2026-11-29")
    return replace(settings, **made_up, **days)


def test_the_victims_of_the_demo_are_filed_once(session: Session, make: Factory, unit: Unit) -> None:
    guitar, given, photo = make.published(make.case(unit)), make.given, pictures.jpeg(pictures.picture(1))
    taken = {"ma-bague.jpg": photo, DEMO_CLAIM.picture: photo}
    for _ in range(2):
        with atomic(session):
            demo.declare(session, given, DEMO_THEFT, DemoSender(THEFT, taken))
            demo.claim(session, given, guitar, DEMO_CLAIM, DemoSender(CLAIM, taken))
    while collecting.collect(
        session, settings=make.settings, sealer=make.sealer, now=make.now, handlers=claim_filing.HANDLERS
    ):
        pass
    theft, claimant = sorted(session.scalars(select(Declaration)), key=lambda each: -len(each.objects))
    assert ([len(each.photos) for each in theft.objects], claimant.objects) == ([1, 0, 0], [])
    assert [claim.item_id for claim in session.scalars(select(Claim))] == [guitar.id]
    for code, row in ((THEFT, theft), (CLAIM, claimant)):
        holder = answers.open_with(session, codes.tidy(code), pepper=make.settings.declaration_pepper)
        assert answers.read(session, holder).reference == row.reference


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_production_is_given_no_officers_whose_password_lies_in_a_file(
    session: Session, settings: Settings, command: str
) -> None:
    service = replace(settings, production=True, public_address="https://objets.example")
    refused = create_app(service, {Site.BACKOFFICE}).test_cli_runner().invoke(args=[command])
    assert (refused.exit_code, "production is on" in refused.output) == (2, True)
    assert session.scalars(select(Unit)).all() == []
    assert not (settings.instance / "demo").exists()


@pytest.mark.parametrize(
    ("off", "sent"),
    [
        ({}, 2),
        ({"claims_legal_act": ""}, 1),
        ({"declarations_legal_act": ""}, 1),
        ({"claims_legal_act": "", "declarations_legal_act": ""}, 0),
        ({"declarations_closed": "Fermé"}, 0),
    ],
    ids=str,
)
def test_what_an_evaluator_has_switched_off_is_not_sent(
    session: Session, make: Factory, unit: Unit, monkeypatch: pytest.MonkeyPatch, off: dict[str, str], sent: int
) -> None:
    guitar, photo = make.published(make.case(unit)), pictures.jpeg(pictures.picture(1))
    monkeypatch.setattr(commands.recognition, "find_by_key", lambda *_, **__: guitar)
    settings = replace(make.settings, **off)
    (settings.instance / FILE).write_text(rules.DEMO_ACT, encoding="utf-8")
    (settings.instance / "demo").mkdir()
    for name in ("ma-bague.jpg", DEMO_CLAIM.picture):
        (settings.instance / "demo" / name).write_bytes(photo)
    commands._send_as_victims(replace(make.given, settings=settings))
    end_reading(session)
    assert len(session.scalars(select(InboxDrop)).all()) == sent
    assert commands.code_path(settings).exists() == bool(sent)
