"""`flask demo`: an empty database is filled with drawn objects, in units that do not exist."""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session
from tqdm import tqdm

from gallery.cli.accounts import random_password
from gallery.cli.command import Command, CommandRefused
from gallery.cli.pool import in_processes, private_store, public_store
from gallery.cli.resources import current_settings, now, open_resources, password_hash
from gallery.cli.spoken import said
from gallery.config import Settings, rules, secret_files
from gallery.config.loading import FILE
from gallery.demo import DEMO_CASES, DEMO_CLAIM, DEMO_OBJECTS, DEMO_THEFT, DEMO_UNITS, DemoObject, victim_pictures
from gallery.models import Case
from gallery.services import demo
from gallery.services.declarations.opening import codes
from gallery.services.imports import recognition
from gallery.services.imports.destination import Destination
from gallery.services.imports.preparing import PreparedItem
from gallery.services.items.checks import Consultation
from gallery.services.resources import Resources
from gallery.services.transaction import atomic

FIRST_UNIT = DEMO_UNITS[0]
MADE_UP_NOTE = "# Made up by the demo: in production give the real ones, or none."
MADE_UP: Mapping[str, Any] = {
    "declarations_legal_act": rules.DEMO_ACT,
    "declarations_impact_assessment": "2026-11-29",
    "alerts_legal_act": rules.DEMO_ACT,
    "alerts_impact_assessment": "2026-11-29",
    "claims_legal_act": rules.DEMO_ACT,
    "claims_impact_assessment": "2026-11-29",
}
# Everything in the demo's photos is drawn.
CONSULTED = Consultation("Adjudante Morvan", date(2026, 10, 2))
UNIT_OF = {case.key: case.unit_code for case in DEMO_CASES}


@dataclass(frozen=True)
class SignIn:
    """What the demo officer types."""

    email: str
    password: str


@dataclass(frozen=True)
class DemoTask:
    """One object for a process of the pool."""

    item: DemoObject
    settings: Settings


@click.command("demo", cls=Command)
def fill() -> None:
    """Draw some seventy objects into an empty database; in one with units of its own nothing happens."""
    refuse_in_production(current_settings())
    with open_resources(writes=True) as given:
        ensure(given)
    click.echo(said("The demo is there."))


def refuse_in_production(settings: Settings) -> None:
    """Refuse a service that victims use: the demo's officers are administrators with a password in a file."""
    if settings.production:
        raise CommandRefused(said("production is on: the demo belongs in an instance and a database of its own"))


def ensure(given: Resources) -> None:
    """Make the demo where the database is empty, or complete one that was interrupted."""
    with given.sessions() as session:
        if not demo.is_wanted(session):
            return
        password = _password(given.settings)
        for unit in DEMO_UNITS:
            with atomic(session):
                demo.ensure_unit(
                    session, unit, hash_password=lambda: password_hash(given.settings, password), now=now()
                )
        with atomic(session):
            cases = {case.key: demo.ensure_case(session, given, case).id for case in DEMO_CASES}
        _add_objects(given, session, cases)
    _write_pictures(given.settings)
    _send_as_victims(replace(given, settings=_allow_declarations(given.settings)))


def sign_in(settings: Settings) -> SignIn | None:
    """The demo officer's sign-in, where there is a demo."""
    path = _password_path(settings)
    return SignIn(demo.email_of(FIRST_UNIT), path.read_text(encoding="ascii").strip()) if path.exists() else None


def takes_declarations(settings: Settings) -> bool:
    """Whether the demo has made up what allows declarations."""
    path = settings.instance / FILE
    return path.exists() and rules.DEMO_ACT in path.read_text(encoding="utf-8")


def pictures(settings: Settings) -> list[Path]:
    """The victims' pictures that the demo has left to try."""
    return sorted((settings.instance / "demo").glob("*.jpg"))


def code_path(settings: Settings) -> Path:
    """Where the code of the demo's declaration is kept, once it was sent."""
    return settings.instance / "demo" / "ma-declaration.txt"


def prepare(task: DemoTask) -> PreparedItem:
    """What a process of the pool does."""
    private, public = private_store(task.settings), public_store(task.settings)
    return demo.prepare(task.item, settings=task.settings, private=private, public=public)


def _add_objects(given: Resources, session: Session, cases: dict[str, int]) -> None:
    missing = list(_missing(given, session))
    if not missing:
        return
    prepared = in_processes(prepare, [DemoTask(item, given.settings) for item in missing])
    described = tqdm(prepared, total=len(missing), desc="Drawing the demo's objects", unit="object")
    for item, ready in zip(missing, described, strict=True):
        with atomic(session):
            case = session.get_one(Case, cases[item.case_key])
            demo.add(session, item, ready, case, destination=_destination(given, item))


def _missing(given: Resources, session: Session) -> Iterator[DemoObject]:
    for item in DEMO_OBJECTS:
        if recognition.find_by_key(session, item.key, destination=_destination(given, item)) is None:
            yield item


def _destination(given: Resources, item: DemoObject) -> Destination:
    return Destination(given, UNIT_OF[item.case_key], publish=item.status != "draft", consulted=CONSULTED)


def _password_path(settings: Settings) -> Path:
    return settings.instance / "demo" / "password"


def _password(settings: Settings) -> str:
    """The demo officers' password, made once, in a file that only its owner reads."""
    path = _password_path(settings)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        secret_files.write(path, random_password())
    return path.read_text(encoding="ascii").strip()


def _write_pictures(settings: Settings) -> None:
    folder = settings.instance / "demo"
    for name, data in victim_pictures().items():
        if not (folder / name).exists():
            (folder / name).write_bytes(data)


def _allow_declarations(settings: Settings) -> Settings:
    """Make up the legal act and the assessment, where the operator has no settings yet.

    Return the settings as they are from now on.
    """
    path = settings.instance / FILE
    if path.exists():
        return settings
    lines = (f'{name} = "{value}"' for name, value in MADE_UP.items())
    path.write_text("\n".join([MADE_UP_NOTE, *lines]) + "\n", encoding="utf-8")
    path.chmod(0o600)
    return replace(settings, **MADE_UP)


def _send_as_victims(given: Resources) -> None:
    """Declare a theft and claim an object, for the worker to collect, and keep the code that opens what was sent.

    What the operator has switched off since is not sent.
    """
    settings = given.settings
    path = code_path(settings)
    may_send = takes_declarations(settings) and settings.declaration_pepper and not settings.declarations_closed
    if path.exists() or not may_send:
        return
    theft, claim = (_code(settings, purpose) for purpose in ("theft", "claim"))
    taken = {each.name: each.read_bytes() for each in pictures(settings)}
    claimed = next(item for item in DEMO_OBJECTS if item.key == DEMO_CLAIM.object_key)
    sent = []
    with given.sessions() as session, atomic(session):
        if settings.takes_declarations:
            demo.declare(session, given, DEMO_THEFT, demo.DemoSender(theft, taken))
            sent.append(theft)
        item = recognition.find_by_key(session, claimed.key, destination=_destination(given, claimed))
        if settings.takes_claims and item is not None:
            demo.claim(session, given, item, DEMO_CLAIM, demo.DemoSender(claim, taken))
            sent.append(claim)
    if sent:
        path.write_text(sent[0] + "\n", encoding="utf-8")
        path.chmod(0o600)


def _code(settings: Settings, purpose: str) -> str:
    """A code of this installation's own, the same at every start: a start that was interrupted sends nothing twice."""
    return codes.made_of(hmac.digest(settings.declaration_pepper.encode(), b"demo " + purpose.encode(), "sha256"))
