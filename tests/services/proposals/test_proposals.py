"""What was declared is found when it is published, and the other way round; officers decide, and victims are told."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery import matching
from gallery.errors import ChangedMeanwhile, NotAllowed, ProposalNotFound
from gallery.models import AuditEntry, Case, Officer, OfficerRole, Proposal, ProposalLevel, ProposalState, Unit
from gallery.services import revision
from gallery.services.cases import TheftWindow
from gallery.services.declarations import answers, lifecycle, sealed_rows
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.statement import StatedObject, Theft
from gallery.services.items import publication
from gallery.services.items.items import ItemSecrets
from gallery.services.proposals import compared, direct_units, proposals
from gallery.services.proposals import declared as declared_objects
from gallery.services.proposals.work import DeclarationWork
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory
from tests.services.proposals.conftest import Work, ring


def test_what_is_published_tomorrow_is_told(
    declare: Callable[..., None], work: Work, answer: Callable[[], Answer], make: Factory, case: Case, session: Session
) -> None:
    declare(StatedObject("jewellery", photos=(ring(),)))
    work()
    assert answer().proposals == ()
    found = make.published(case, ring("officer"))
    make.published(case)
    work()
    assert [each.number for each in answer().proposals] == [found.public_number]
    assert [each.kind for each in answer().messages] == ["received", "found"]
    assert not answer().proposals[0].has_many_alike
    with atomic(session):
        proposal = session.scalars(select(Proposal)).one()
        proposal.evidence = [*proposal.evidence, "same_model"]
        answers.refresh(session, proposal.declared.declaration)
    assert answer().proposals[0].has_many_alike


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_worker_that_starts_takes_in_some_at_each_call_and_then_compares_what_is_new(
    declare: Callable[..., None], work: Work, answer: Callable[[], Answer], make: Factory, case: Case, session: Session,
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    declare(StatedObject(words="montre"), StatedObject(words="vélo"), StatedObject("jewellery", photos=(ring(),)))
    work()
    found = make.published(case, ring("officer"))
    given = make.resources(sessions, now=lambda: make.now)
    started = DeclarationWork(given, open_catalogue(given, Scope.PUBLIC))
    monkeypatch.setattr(declared_objects, "AT_ONCE", 1)
    for told in (0, 0, 1):
        assert started.compare_next_item()
        session.rollback()
        assert [each.number for each in answer().proposals] == [found.public_number] * told
    assert not started.compare_next_item()


def test_what_is_there_already_is_told(
    declare: Callable[..., None], work: Work, answer: Callable[[], Answer], make: Factory, case: Case, session: Session
) -> None:
    found = make.published(case, ring("officer"))
    work()
    declare(StatedObject("jewellery", photos=(ring(),)))
    work()
    work()
    assert [each.number for each in answer().proposals] == [found.public_number]
    assert len(session.scalars(select(Proposal)).all()) == 1


@pytest.mark.parametrize("is_first", [True, False], ids=["declared first", "published first"])
def test_of_a_screenshot_the_photo_that_it_shows_is_compared_and_the_frame_lies_where_it_is(
    declare: Callable[..., None], work: Work, make: Factory, case: Case, session: Session, is_first: bool
) -> None:
    screenshot = screen_with(ring())
    if is_first:
        declare(StatedObject("jewellery", photos=(screenshot,)))
        work()
    make.published(case, ring("officer"))
    work()
    if not is_first:
        declare(StatedObject("jewellery", photos=(screenshot,)))
        work()
    [proposal] = session.scalars(select(Proposal))
    assert proposal.level is ProposalLevel.STRONG
    shown = compared.pair_to_show(proposal)
    assert shown.declared_photo
    # Its owner may have no other: it is kept whole.
    assert sealed_rows.picture_of(shown.declared_photo, make.sealer) == screenshot
    assert shown.boxes[0]
    assert shown.item_photo
    left, top, right, bottom = shown.boxes[0]
    # The photo lies from a third of the height to two thirds.
    assert (left, 3 * top - 1, right, 3 * bottom - 1) == pytest.approx(box_around(ring()), abs=0.1)
    assert 1 / 3 < top < bottom < 2 / 3


def box_around(photo: bytes) -> matching.Box:
    """What is taken for the object in a photo."""
    described = matching.describe(np.asarray(Image.open(BytesIO(photo)))).details
    assert described
    return described.object_box


def screen_with(photo: bytes) -> bytes:
    """A telephone's screen that shows a photo, a third of its height, between bars."""
    with Image.open(BytesIO(photo)) as picture:
        screen = Image.new("RGB", (picture.width, 3 * picture.height), (18, 18, 18))
        screen.paste(picture, (0, picture.height))
    return pictures.jpeg(screen, quality=90)


@pytest.mark.parametrize("is_first", [True, False], ids=["declared first", "published first"])
def test_officers_see_which_photos_were_compared_and_where_the_object_was_seen(
    declare: Callable[..., None], work: Work, make: Factory, case: Case, session: Session, is_first: bool
) -> None:
    other = pictures.jpeg(pictures.picture(3))
    if is_first:
        declare(StatedObject("jewellery", photos=(other, ring())))
        work()
    item = make.published(case, ring("officer"))
    work()
    if not is_first:
        declare(StatedObject("jewellery", photos=(other, ring())))
        work()
    [proposal] = session.scalars(select(Proposal))
    shown = compared.pair_to_show(proposal)
    assert shown.declared_photo == proposal.declared.photos[1]
    assert shown.item_photo == item.photos[0]
    stored = item.photos[0].signature
    assert stored
    declared = matching.describe(np.asarray(Image.open(BytesIO(ring())))).details
    found = matching.Signature.from_bytes(stored.compact, stored.details).details
    assert declared
    assert found
    # What is declared is compressed once more before it is described.
    assert shown.boxes == (pytest.approx(declared.object_box, abs=0.03), found.object_box)
    item.photos[0].rendition_digest = "turned since"
    assert compared.pair_to_show(proposal).boxes == (None, None)


def test_what_was_dismissed_never_comes_back(
    declare: Callable[..., None], work: Work, make: Factory, case: Case, session: Session, officer: Officer
) -> None:
    item = make.published(case, title="Vélo de dame", brand="Peugeot")
    declare(StatedObject(words="vélo Peugeot"))
    work()
    (proposal,) = proposals.waiting(session, officer, limit=10)
    with atomic(session):
        proposals.decide(session, proposal, ProposalState.DISMISSED, by=officer, now=make.now)
        item.updated_at += timedelta(hours=1)
        revision.touch(session)
    work()
    assert proposals.waiting(session, officer, limit=10) == []
    with pytest.raises(ChangedMeanwhile), atomic(session):
        proposals.decide(session, proposal, ProposalState.SHOWN, by=officer, now=make.now)


def test_two_thefts_are_not_one(
    declare: Callable[..., None], work: Work, make: Factory, unit: Unit, session: Session, officer: Officer
) -> None:
    last_year = make.case(unit, window=TheftWindow(date(2025, 3, 1), date(2025, 3, 8)))
    make.published(last_year, title="Vélo de dame", brand="Peugeot")
    declare(StatedObject(words="vélo Peugeot"), theft=Theft(date(2026, 3, 1), date(2026, 3, 8)))
    work()
    assert proposals.waiting(session, officer, limit=10) == []


def test_another_unit_and_a_closed_declaration_show_nothing(
    declare: Callable[..., None], work: Work, make: Factory, case: Case, session: Session, officer: Officer,
    outsider: Officer,
) -> None:  # fmt: skip
    make.published(case, title="Vélo de dame", brand="Peugeot")
    declare(StatedObject(words="vélo Peugeot"))
    work()
    (proposal,) = proposals.waiting(session, officer, limit=10)
    with pytest.raises(ProposalNotFound):
        proposals.get(session, proposal.public_id, outsider)
    with atomic(session):
        lifecycle.close(session, proposal.declared.declaration, by=None, now=make.now)
    assert [proposals.count_waiting(session, officer), proposals.count_all_waiting(session, officer)] == [0, 0]


def test_a_direct_unit_shows_what_is_middling_but_no_number_alone(
    declare: Callable[..., None], work: Work, answer: Callable[[], Answer], make: Factory, case: Case, session: Session,
    officer: Officer,
) -> None:  # fmt: skip
    with pytest.raises(NotAllowed), atomic(session):
        direct_units.switch(session, is_direct=True, by=officer, now=make.now)
    with atomic(session):
        officer.role = OfficerRole.MANAGER
        direct_units.switch(session, is_direct=True, by=officer, now=make.now)
    bicycle = make.published(case, title="Vélo de dame", brand="Peugeot")
    numbered = make.published(case, secret=ItemSecrets(serial_number="XY-4211"))
    declare(StatedObject(words="vélo Peugeot"), StatedObject(serial_number="xy 4211"))
    work()
    assert [each.number for each in answer().proposals] == [bicycle.public_number]
    assert [each.item_id for each in proposals.waiting(session, officer, limit=10)] == [numbered.id]
    assert "direct_on" in set(session.scalars(select(AuditEntry.action)))


def test_what_is_not_public_is_for_the_officers_of_its_unit_until_it_is(
    declare: Callable[..., None], work: Work, answer: Callable[[], Answer], make: Factory, case: Case, session: Session,
    officer: Officer, outsider: Officer,
) -> None:  # fmt: skip
    declare(StatedObject("jewellery", photos=(ring(),)))
    work()
    draft = make.item(case)
    make.photo(draft, ring("officer"))
    work()
    waiting = proposals.waiting(session, officer, limit=10)
    assert [(each.item_id, each.level) for each in waiting] == [(draft.id, ProposalLevel.STRONG)]
    assert proposals.waiting(session, outsider, limit=10) == []
    assert answer().proposals == ()
    with pytest.raises(ChangedMeanwhile), atomic(session):
        proposals.decide(session, waiting[0], ProposalState.SHOWN, by=officer, now=make.now)
    make.now += timedelta(hours=1)
    make.publish(draft)
    work()
    assert [each.number for each in answer().proposals] == [draft.public_number]


def test_a_new_draft_and_one_that_is_kept_again_are_compared(
    declare: Callable[..., None], work: Work, make: Factory, case: Case, session: Session, officer: Officer
) -> None:
    declare(StatedObject(serial_number="XY-4211"))
    work()
    make.item(case, secret=ItemSecrets(serial_number="XY-4211"))
    work()
    assert proposals.count_waiting(session, officer) == 1
    returned = make.item(case, secret=ItemSecrets(serial_number="XY-4211"))
    with atomic(session):
        publication.hand_back(session, returned, by=officer, now=make.now)
    work()
    with atomic(session):
        publication.take_back(session, returned, by=officer, now=make.now)
    work()
    assert proposals.count_waiting(session, officer) == 2
