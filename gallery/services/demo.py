"""The demo: units, cases and objects that do not exist, recorded through the same services as real ones.

Every step finds what an interrupted run has left and goes on from there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import demo
from gallery.config import Settings
from gallery.demo import DemoCase, DemoClaim, DemoObject, DemoTheft, DemoUnit
from gallery.models import Case, Item, Officer, OfficerRole, Unit, UnitKind
from gallery.services import cases
from gallery.services.cases import CaseSecrets, TheftWindow
from gallery.services.claims import claim_drops
from gallery.services.claims.claimed import Claimant, ClaimWords
from gallery.services.declarations import collecting, dropping
from gallery.services.declarations.opening import codes, locks
from gallery.services.declarations.opening.locks import Lock
from gallery.services.declarations.statement import USUAL_DAYS, Contact, StatedObject, Statement, Theft
from gallery.services.imports import importing, preparing, recognition
from gallery.services.imports.destination import Destination
from gallery.services.imports.plan import PlannedItem
from gallery.services.imports.preparing import PreparedItem
from gallery.services.items import publication
from gallery.services.items.items import SECRET_TEXTS, ItemDescription, ItemSecrets
from gallery.services.people import units
from gallery.services.resources import Resources
from gallery.storage import PhotoStore


@dataclass(frozen=True)
class DemoSender:
    """A victim at the public site: the code that will open what they send, and their pictures by file name, as JPEG."""

    code: str
    pictures: Mapping[str, bytes]


def is_wanted(session: Session) -> bool:
    """Say whether the database has no unit of a real service: it is empty, or a demo was begun in it."""
    codes = set(session.scalars(select(Unit.code)))
    return codes <= {unit.code for unit in demo.DEMO_UNITS}


def email_of(unit: DemoUnit) -> str:
    """The address that the demo's officer of a unit signs in with."""
    return f"demo@{unit.public_email.partition('@')[2]}"


def ensure_unit(session: Session, unit: DemoUnit, *, hash_password: Callable[[], str], now: datetime) -> None:
    """Add a demo unit with its officer; inside atomic()."""
    row = session.scalar(select(Unit).where(Unit.code == unit.code)) or units.create_unit(
        session,
        units.NewUnit(unit.code, unit.departement, _written(unit)),
        by=None,
        now=now,
    )
    if session.scalar(select(Officer.id).where(Officer.email == email_of(unit))) is None:
        units.create_officer(
            session,
            units.NewOfficer(unit=row, email=email_of(unit), name="Camille Le Goff", role=OfficerRole.ADMINISTRATOR),
            password_hash=hash_password(),
            by=None,
            now=now,
        )


def ensure_case(session: Session, given: Resources, case: DemoCase) -> Case:
    """The case of the demo, opened when it is missing; inside atomic()."""
    unit = units.get_by_code(session, case.unit_code)
    known = cases.find_by_number(session, unit, case.case_number, sealer=given.sealer)
    if known is not None:
        return known
    secret = CaseSecrets(
        case_number=case.case_number,
        discovered_on=case.discovered_on,
        discovery_place=case.discovery_place,
        authorised_by=case.authorised_by,
        authorised_on=case.authorised_on,
    )
    window = TheftWindow(case.theft_from, case.theft_until)
    return cases.create(session, given, unit, cases.WrittenCase(window=window, secret=secret), by=None)


def prepare(item: DemoObject, *, settings: Settings, private: PhotoStore, public: PhotoStore) -> PreparedItem:
    """Draw an object's photos, keep their files and describe them: the slow part."""
    shown = public if item.status == "published" else None
    photos = tuple(
        preparing.describe(data, settings=settings, private=private, public=shown) for data in demo.photos_of(item)
    )
    return PreparedItem(_planned(item), photos, ())


def add(session: Session, item: DemoObject, prepared: PreparedItem, case: Case, *, destination: Destination) -> None:
    """Write the rows of an object, as it is to stand; inside atomic()."""
    importing.add(session, prepared, case.id, destination=destination)
    row = recognition.find_by_key(session, item.key, destination=destination)
    assert row is not None, "the object was added above"
    for number, photo in enumerate(row.photos, start=1):
        photo.alt_text = f"{item.title}, vue {number}"
    if item.status == "withdrawn":
        publication.withdraw(session, row, by=None, now=destination.given.now())


def declare(session: Session, given: Resources, theft: DemoTheft, sender: DemoSender) -> None:
    """Drop a victim's declaration as the public site would; inside atomic(). The same code twice is filed once.

    Raises DeclarationsOff and DeclarationsClosed.
    """
    now = given.now()
    stated = Statement(
        Theft(theft.day, theft.day, theft.departement, theft.commune),
        tuple(
            StatedObject(
                each.category,
                each.words,
                colours=each.colours,
                photos=(sender.pictures[each.picture],) if each.picture else (),
            )
            for each in theft.objects
        ),
        Contact(theft.name, telephone=theft.telephone),
        ends_on=now.date() + timedelta(days=USUAL_DAYS),
        consented_at=now,
        helper=Contact(theft.helper_name, telephone=theft.helper_telephone),
    )
    collecting.publish_key(session, given.sealer)
    dropping.drop(session, given, stated, _lock(given, sender.code))


def claim(session: Session, given: Resources, item: Item, claim: DemoClaim, sender: DemoSender) -> None:
    """Drop a claim of an object of the demo, as the public site would; inside atomic(). Raises ClaimsOff."""
    said = ClaimWords(given.now(), claim.answers, photos=(sender.pictures[claim.picture],))
    collecting.publish_key(session, given.sealer)
    who = Claimant(Contact(claim.name, telephone=claim.telephone)), _lock(given, sender.code)
    claim_drops.claim(session, given, item.public_number, said, who)


def _lock(given: Resources, code: str) -> Lock:
    return locks.make(codes.tidy(code), pepper=given.settings.declaration_pepper)


def _written(unit: DemoUnit) -> units.WrittenUnit:
    return units.WrittenUnit(
        name=unit.name, kind=UnitKind(unit.kind), public_phone=unit.public_phone, public_email=unit.public_email
    )


def _planned(item: DemoObject) -> PlannedItem:
    description = {each.name: getattr(item, each.name) for each in fields(ItemDescription)}
    secret = {name: getattr(item, name) for name in SECRET_TEXTS}
    return PlannedItem(
        source=item.key,
        key=item.key,
        photos=(),
        category_code=item.category,
        case_number=item.case_key,
        description=ItemDescription(**description),
        secret=ItemSecrets(**secret),
    )
