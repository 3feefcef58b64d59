"""A declaration that an officer takes: filed at once, described by the worker, copied for its owner, found by all."""

import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import matching
from gallery.config import Settings
from gallery.errors import DeclarationNotFound, DecoderStopped, StatementInvalid
from gallery.imaging.process import guard
from gallery.models import (
    Addressee,
    Declaration,
    DeclaredPhoto,
    MailKind,
    MailState,
    Officer,
    Proposal,
    ProposalLevel,
    ProposalState,
)
from gallery.services import audit
from gallery.services.claims import copies
from gallery.services.declarations import changes, describing, desk, sealed_rows
from gallery.services.declarations.changes import ChangeKind
from gallery.services.declarations.opening import locks
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory

CODE = "pomme rivière cheval maison tapis lune"
# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, max_declared_objects=2, max_declared_photos=2)


def statement(make: Factory, *objects: StatedObject) -> Statement:
    return Statement(
        theft=Theft(date(2025, 3, 1), None, "44"),
        objects=objects,
        contact=Contact("Rougé", "rouge@victim.example", "0655443322"),
        helper=Contact("Anne", "ROUGE@victim.example"),
        ends_on=make.now.date() + timedelta(days=365),
        consented_at=make.now,
    )


def photo(seed: int = 1) -> bytes:
    return pictures.jpeg(pictures.picture(seed))


def take(session: Session, make: Factory, officer: Officer, *objects: StatedObject, **mailing: str) -> Declaration:
    lock = locks.make(CODE, pepper=make.settings.declaration_pepper)
    given = replace(make.given, settings=replace(make.settings, **mailing))  # type: ignore[arg-type]
    with atomic(session):
        return desk.take(session, statement(make, *objects), lock, given=given, by=officer)


MAILING = {
    "smtp_host": "localhost", "mail_sender": "a@b.example", "public_address": "http://c.example",
    "alerts_legal_act": "PLAN-3", "alerts_impact_assessment": "2026-11-29",
}  # fmt: skip


def test_it_is_the_units_and_any_unit_finds_it(
    session: Session, make: Factory, officer: Officer, outsider: Officer
) -> None:
    made = take(session, make, officer, StatedObject("jewellery", "bague", photos=(photo(),)), **MAILING)
    assert (made.unit, made.declared_at, len(made.receipt)) == (officer.unit, make.now, 32)
    # Both have one address: one code is sent.
    assert [(each.person, each.kind, each.state) for each in made.mails] == [
        (Addressee.VICTIM, MailKind.CODE, MailState.DUE)
    ]
    assert desk.get(session, made.reference) is made
    pytest.raises(DeclarationNotFound, desk.get, session, "D-AAAAAAAA")
    (entry,) = audit.history(session, made)
    assert (entry.action, entry.officer, entry.details) == ("file_declaration", officer, {"objects": 1})
    # Its département is that of the outsider's unit, and it was taken by the officer's.
    assert [desk.listed(session, each, limit=9, offset=0).total for each in (officer, outsider)] == [1, 0]
    too_much = [StatedObject(words="x")] * 3, [StatedObject("jewellery", "x", photos=(photo(),) * 3)]
    for objects in too_much:
        pytest.raises(StatementInvalid, take, session, make, officer, *objects)


def test_its_photos_are_described_and_its_objects_compared_once_all_are(
    session: Session, make: Factory, officer: Officer
) -> None:
    ring = StatedObject("jewellery", "bague", photos=(photo(1), photo(2)))
    made, unreadable = take(session, make, officer, ring), set[int]()
    first, second = made.objects[0].photos
    with atomic(session):
        made.objects[0].compared_at = make.now
    number = changes.current(session, ChangeKind.OBJECTS)
    assert describing.describe_next(session, make.given, unreadable=unreadable)
    assert (first.version, second.version) == (matching.current_version(), "")
    assert made.objects[0].compared_at == make.now
    with atomic(session):
        second.sealed, sealed = b"broken", second.sealed
    assert describing.describe_next(session, make.given, unreadable=unreadable)
    assert unreadable == {second.id}
    # The other one is compared meanwhile.
    session.expire_all()
    assert (second.version, made.objects[0].compared_at) == ("", None)
    assert not describing.describe_next(session, make.given, unreadable=unreadable)
    number = changes.current(session, ChangeKind.OBJECTS)
    with atomic(session):
        second.sealed, made.objects[0].compared_at = sealed, make.now
    assert describing.describe_next(session, make.given, unreadable=set())
    session.expire_all()
    assert (second.version, made.objects[0].compared_at) == (matching.current_version(), None)
    later = changes.current(session, ChangeKind.OBJECTS)
    assert later == number + 1
    parts = sealed_rows.signature_of(second, make.sealer)
    assert sealed_rows.opened_compact(second.sealed_compact or b"", second.public_id, make.sealer) == parts.compact
    assert not describing.describe_next(session, make.given, unreadable=set())


def test_its_owner_is_given_a_copy_of_all_of_it(session: Session, make: Factory, officer: Officer) -> None:
    made = take(
        session, make, officer, StatedObject("jewellery", "bague", photos=(photo(),)), StatedObject(words="vélo")
    )
    item = make.published(make.case(officer.unit), photo(3))
    with atomic(session):
        for state in (ProposalState.SHOWN, ProposalState.NEW):
            target = made.objects[0 if state is ProposalState.SHOWN else 1]
            session.add(
                Proposal(
                    public_id=state.value, declared=target, item=item, level=ProposalLevel.STRONG, evidence=[],
                    told_level=ProposalLevel.STRONG, state=state, made_at=make.now, decided_at=make.now,
                )
            )  # fmt: skip
    session.expire_all()
    with atomic(session):
        packed = copies.give(session, made, sealer=make.sealer, by=officer, now=make.now)
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert archive.namelist() == ["objet-1-photo-1.jpg", "declaration.json"]
        assert archive.read("objet-1-photo-1.jpg") == photo()
        said = json.loads(archive.read("declaration.json"))
    assert (said["reference"], said["state"], said["theft_from"], said["departement"]) == (
        made.reference, "open", "2025-03-01", "44",
    )  # fmt: skip
    assert said["said"]["contact"]["name"] == "Rougé"
    assert [(each["number"], each["category"], each["words"]) for each in said["objects"]] == [
        (1, "jewellery", "bague"), (2, None, "vélo"),
    ]  # fmt: skip
    assert [[one["item"] for one in each["proposals"]] for each in said["objects"]] == [[item.public_number], []]
    assert [each["kind"] for each in said["messages"]] == ["received", "copy_given"]
    assert audit.history(session, made, limit=1)[0].action == "copy_declaration"
    assert session.scalars(select(DeclaredPhoto)).one().position == 0


@pytest.mark.skipif(not guard.IS_POSSIBLE, reason="photos are decoded in the process itself here")
def test_while_nothing_can_be_decoded_no_photo_is_given_up(
    session: Session, make: Factory, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(session, make, officer, StatedObject("jewellery", "bague", photos=(photo(1),)))
    unreadable = set[int]()
    with monkeypatch.context() as broken:
        guard.stop()
        broken.setattr(guard, "_PROGRAM", "raise SystemExit(1)")
        with pytest.raises(DecoderStopped):
            describing.describe_next(session, make.given, unreadable=unreadable)
        guard.stop()
    assert describing.describe_next(session, make.given, unreadable=unreadable)
    assert not describing.describe_next(session, make.given, unreadable=unreadable)
    assert not unreadable
