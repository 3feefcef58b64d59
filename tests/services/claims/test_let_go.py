"""An item that was hidden for an agreed claim: its unit is told once the claim is no more, however that came."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Claim, Declaration, Item, ItemStatus, Officer
from gallery.services.claims import claim_drops, let_go
from gallery.services.declarations import dropping
from gallery.services.declarations.dropping import DropKind
from gallery.services.items import publication
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory
from tests.services.claims.conftest import OTHER_CODE, STATES, Somebody

Decide = Callable[..., None]
Act = Callable[[Somebody, Claim, Decide], None]


def withdraw(somebody: Somebody, claim: Claim, decide: Decide) -> None:
    with atomic(somebody.session):
        claim_drops.withdraw(somebody.session, somebody.holder(), claim.reference, now=somebody.now)
    somebody.collects()


def delete_all(somebody: Somebody, claim: Claim, decide: Decide) -> None:
    with atomic(somebody.session):
        dropping.request(somebody.session, somebody.holder(), DropKind.DELETE, now=somebody.now)
    somebody.collects()


def agree_no_longer(somebody: Somebody, claim: Claim, decide: Decide) -> None:
    decide(claim, STATES.WITH_MAGISTRATE)


WAYS = {"withdrawn": withdraw, "all deleted": delete_all, "no longer agreed": agree_no_longer}


@pytest.fixture
def claim(somebody: Somebody, item: Item, decide: Decide) -> Claim:
    claim = somebody.claims(item, somebody.says())
    decide(claim, STATES.WITH_MAGISTRATE, STATES.AGREED)
    return claim


@pytest.mark.parametrize("act", WAYS.values(), ids=list(WAYS))
def test_its_unit_sees_that_the_claim_is_no_more_until_the_item_is_published_again(
    somebody: Somebody, claim: Claim, item: Item, decide: Decide, session: Session, officer: Officer,
    outsider: Officer, make: Factory, act: Act,
) -> None:  # fmt: skip
    assert let_go.listed(session, officer, limit=5) == []
    act(somebody, claim, decide)
    end_reading(session)
    assert item.status is ItemStatus.WITHDRAWN
    assert (let_go.listed(session, officer, limit=5), let_go.is_let_go(session, item)) == ([item], True)
    assert let_go.listed(session, outsider, limit=5) == []
    # Another one, withdrawn after that for whatever reason, changes nothing of it.
    other = make.published(item.case)
    with atomic(session):
        publication.withdraw(session, other, by=officer, now=make.now)
    assert let_go.listed(session, officer, limit=5) == [item]
    make.publish(item)
    assert let_go.listed(session, officer, limit=5) == []
    with atomic(session):
        publication.withdraw(session, item, by=officer, now=make.now)
    assert not let_go.is_let_go(session, item)


def test_with_objects_of_their_own_the_declaration_stays_and_the_unit_is_told(
    somebody: Somebody, claim: Claim, item: Item, decide: Decide, session: Session, officer: Officer, make: Factory
) -> None:
    # Another claim keeps the declaration.
    other = make.published(item.case)
    with atomic(session):
        claim_drops.claim(session, make.given, other.public_number, somebody.says(), somebody.holder())
    somebody.collects()
    withdraw(somebody, claim, decide)
    assert session.scalars(select(Declaration)).one()
    assert let_go.listed(session, officer, limit=5) == [item]


def test_of_an_item_that_is_promised_again_or_was_returned_nothing_is_said(
    somebody: Somebody, claim: Claim, item: Item, decide: Decide, session: Session, officer: Officer
) -> None:
    other = somebody.claims(item, somebody.says(), OTHER_CODE)
    withdraw(somebody, claim, decide)
    decide(other, STATES.WITH_MAGISTRATE, STATES.AGREED)
    assert let_go.listed(session, officer, limit=5) == []
    decide(other, STATES.RETURNED)
    assert let_go.listed(session, officer, limit=5) == []
