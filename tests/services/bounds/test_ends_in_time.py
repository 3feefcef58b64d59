"""At which instant a declaration or a claim is over, told of, purged, and may no longer be opened."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import ClaimStepRefused
from gallery.models import (
    Claim,
    ClaimState,
    Declaration,
    DeclarationMessage,
    DeclarationState,
    Item,
    ItemStatus,
    Officer,
)
from gallery.services.claims import claim_ending, progress
from gallery.services.claims.progress import NextStep
from gallery.services.declarations import lifecycle
from gallery.services.declarations.answers import MessageKind
from gallery.services.declarations.told_claims import ClaimNotice
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.services.bounds.conftest import DAY, INSTANT, Declare

# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


@pytest.mark.parametrize(
    ("state", "days_changed", "days_seen", "is_due"),
    [
        (ClaimState.RETURNED, 0, 0, True),
        (ClaimState.RETURNED, -1, 0, False),
        (ClaimState.NOT_ESTABLISHED, 0, 0, True),
        (ClaimState.NOT_ESTABLISHED, 0, -1, False),
        (ClaimState.NOT_ESTABLISHED, -1, 0, False),
        (ClaimState.RETURNED, 0, None, False),
        (ClaimState.AGREED, 9, 9, False),
    ],
)
def test_a_claim_is_over_once_seen_and_kept_for_as_long_as_it_may_be_contested(
    state: ClaimState, days_changed: int, days_seen: int | None, is_due: bool, session: Session, settings: Settings,
    claim: Callable[..., Claim], make: Factory,
) -> None:  # fmt: skip
    changed_at = make.now - (settings.claim_days + days_changed) * DAY
    seen_at = None if days_seen is None else make.now - (settings.claim_contest_days + days_seen) * DAY
    made = claim(make.now - 900 * DAY, state=state, changed_at=changed_at, seen_at=seen_at)
    told = {"at": make.now - claim_ending.LAST_WARNING, "told_at": make.now - claim_ending.LAST_WARNING}
    with atomic(session):
        session.add(
            DeclarationMessage(
                declaration_id=made.declaration_id, claim_id=made.id, kind=MessageKind.CLAIM_ENDS_IN_A_WEEK, **told
            )
        )
    assert claim_ending.count_due(session, settings, now=make.now) == is_due
    with atomic(session):
        assert claim_ending.purge(session, settings, now=make.now).erased == is_due
    assert session.scalar(select(func.count(Declaration.id))) == 1 - is_due


def test_nobody_agrees_to_an_item_that_was_returned_nor_to_a_claim_that_is_held(
    session: Session, claim: Callable[..., Claim], officer: Officer, make: Factory
) -> None:
    made = claim(make.now, state=ClaimState.WITH_MAGISTRATE)

    def agree() -> None:
        with atomic(session):
            row = session.get_one(Claim, made.id)
            step = NextStep(ClaimState.AGREED, ClaimNotice(), row.version)
            progress.change(session, make.given, row, step, by=officer)

    with atomic(session):
        session.get_one(Item, made.item_id).status = ItemStatus.RETURNED
    pytest.raises(ClaimStepRefused, agree)
    with atomic(session):
        session.get_one(Item, made.item_id).status = ItemStatus.PUBLISHED
        session.get_one(Claim, made.id).held_at = make.now
    pytest.raises(ClaimStepRefused, agree)
    with atomic(session):
        session.get_one(Claim, made.id).held_at = None
    agree()


def test_an_end_is_told_of_and_what_was_shown_too_before_it_is_purged(
    session: Session, settings: Settings, declare: Declare, make: Factory
) -> None:
    row, grace = declare(make.now), settings.declaration_grace_days * DAY
    with atomic(session):
        lifecycle.close(session, row, by=None, now=make.now)
        lifecycle.close(session, row, by=None, now=make.now + DAY)  # harmless
    assert row.closed_at == make.now
    assert lifecycle.count_due(session, settings, now=make.now + grace - INSTANT) == 0
    assert lifecycle.count_due(session, settings, now=make.now + grace) == 1


@pytest.mark.parametrize("days", [0, 1])
def test_what_stays_in_quarantine_goes_after_its_end_and_the_grace(
    days: int, session: Session, settings: Settings, declare: Declare, make: Factory
) -> None:
    row = declare(make.now, held=True)
    now = make.now + (365 + settings.declaration_grace_days + days) * DAY
    assert lifecycle.count_due(session, settings, now=now) == days
    with atomic(session):
        lifecycle.prolong(session, row, by=None, now=make.now)
        lifecycle.close(session, row, by=None, now=make.now)
    assert (row.state, len(row.messages)) == (DeclarationState.QUARANTINED, 1)


def test_it_is_prolonged_for_a_year_and_for_two_in_all(session: Session, declare: Declare, make: Factory) -> None:
    row, today = declare(make.now), make.now.date()
    for later, ends_on in ((0, 365), (100, 465), (400, 731), (731, 731)):
        with atomic(session):
            lifecycle.prolong(session, row, by=None, now=make.now + later * DAY)
        assert row.ends_on == today + ends_on * DAY
    messages = len(row.messages)
    with atomic(session):
        lifecycle.prolong(session, row, by=None, now=make.now + 732 * DAY)
    assert len(row.messages) == messages


def test_open_ones_end_the_day_after_their_last_and_those_without_objects_never(
    session: Session, settings: Settings, declare: Declare, make: Factory
) -> None:
    row, claimant = declare(make.now), declare(make.now, objects=0)

    def purge(days: int) -> lifecycle.Purged:
        with atomic(session):
            return lifecycle.purge(session, settings, now=make.now + days * DAY)

    assert purge(334).warned == 0
    assert [purge(335).warned, purge(336).warned, purge(357).warned, purge(358).warned] == [1, 0, 0, 1]
    assert (purge(365).ended, purge(366).ended) == (0, 1)
    assert [each.kind for each in row.messages] == [
        MessageKind.RECEIVED, MessageKind.ENDS_SOON, MessageKind.ENDS_IN_A_WEEK, MessageKind.ENDED,
    ]  # fmt: skip
    assert (row.state, claimant.state) == (DeclarationState.CLOSED, DeclarationState.OPEN)
