"""What the first page says of photos that could not be analysed, and of sweeps that stopped."""

import pytest
from sqlalchemy.orm import Session

from gallery.errors import StoreOfAnother, StoreUnknown, TooManyOrphans
from gallery.models import Case, Item, Officer, OfficerRole, SignatureState, StoreName
from gallery.services.storekeeping import reports
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory
from tests.web.backoffice.desk import Desk


def fail(session: Session, item: Item) -> None:
    with atomic(session):
        item.photos[1].signature_state = SignatureState.FAILED


def test_failed_photos_are_counted_named_and_tried_again(desk: Desk, session: Session, item: Item) -> None:
    assert "analys" not in desk.get("/").text
    fail(session, item)
    assert "Une photo n’a pas pu être analysée" in desk.get("/").text
    page = desk.get("/photos-non-analysees")
    assert f"{item.public_number} photo 2" in " ".join(page.text.split())
    answer = desk.send("/photos-non-analysees", {})
    assert answer.status_code == 302
    assert "Une photo va être de nouveau analysée." in desk.get("/").text
    end_reading(session)
    assert item.photos[1].signature_state is SignatureState.DUE
    assert "Toutes les photos de l’unité sont analysées" in desk.get("/photos-non-analysees").text


def test_another_units_failed_photos_are_neither_counted_nor_tried_again(
    desk: Desk, session: Session, make: Factory, outsider: Officer
) -> None:
    theirs = make.item(make.case(outsider.unit), with_photos=2)
    fail(session, theirs)
    assert "analys" not in desk.get("/").text
    desk.send("/photos-non-analysees", {})
    end_reading(session)
    assert theirs.photos[1].signature_state is SignatureState.FAILED


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (TooManyOrphans("private", unexplained=1234, files=5000), "fichiers sur"),
        (StoreOfAnother("private", theirs="a", ours="b"), "appartiennent à une autre base de données"),
        (StoreUnknown("private"), "ne sont pas ceux que la base de données connaît"),
    ],
    ids=["too many", "another's", "unknown"],
)
def test_administrators_read_that_a_sweep_stopped_and_nobody_else(
    desk: Desk, session: Session, officer: Officer, case: Case, make: Factory, refusal: object, words: str
) -> None:
    with atomic(session):
        reports.record(session, StoreName.PRIVATE, refusal, now=make.now)
    assert words not in desk.get("/").text
    with atomic(session):
        session.get(Officer, officer.id).role = OfficerRole.ADMINISTRATOR
    assert words in desk.get("/").text
    with atomic(session):
        reports.record(session, StoreName.PRIVATE, None, now=make.now)
    assert words not in desk.get("/").text
