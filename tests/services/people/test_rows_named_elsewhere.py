"""Whoever holds an account or a unit does not wait for rows just written that name it: each might wait."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import Officer, OfficerRole, Unit
from gallery.services.albums import postings
from gallery.services.people import drafts, officers, official_accounts, second_factor, sent_forms
from gallery.services.people.officers import NewRole
from gallery.services.proposals import direct_units
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.waiting import PATIENCE, begin

Act = Callable[[Session, Factory, Officer], object]
ACTS: dict[str, Act] = {
    "form": lambda session, make, by: sent_forms.made_by(session, "a" * 64, by=by),
    "draft": lambda session, make, by: drafts.keep(session, make.given, "new item", {"title": ["Bague"]}, by=by),
    "posting": lambda session, make, by: postings.hold(session, by.unit),
    "no-account": lambda session, make, by: official_accounts.declare_none(
        session, by.unit.departement, by=by, now=make.now
    ),
    "direct": lambda session, make, by: direct_units.switch(session, is_direct=True, by=by, now=make.now),
    "recovery-code": lambda session, make, by: second_factor.take_recovery_code(session, by, lambda _kept: None),
    "account": lambda session, make, by: officers.lock(session, by.public_id, by=by),
    "role": lambda session, make, by: officers.change_role(
        session, by, NewRole(OfficerRole.MANAGER, OfficerRole.ADMINISTRATOR), by=by, now=make.now
    ),
}


# On SQLite whoever writes second waits before anything else.
@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_it_gets_on_beside_a_row_that_names_it(
    sessions: sessionmaker[Session], make: Factory, unit: Unit, act: Act
) -> None:
    first, _second = (
        make.officer(unit, f"{each}@rennes.example", OfficerRole.ADMINISTRATOR).id for each in ("first", "second")
    )

    def other() -> None:
        with sessions() as session, atomic(session):
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            act(session, make, session.get_one(Officer, first))

    with sessions() as naming, atomic(naming):
        # As a foreign key does when a row that has one is added.
        for named in (Officer.id, Unit.id):
            naming.execute(select(named).with_for_update(read=True, key_share=True))
        begin(other).result(PATIENCE)
