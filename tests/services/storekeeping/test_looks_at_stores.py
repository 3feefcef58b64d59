"""One look at both stores: whose one is, is found also while the other does not answer."""

from dataclasses import replace
from threading import Event

import pytest

from gallery.errors import Outage
from gallery.models import StoreName
from gallery.services import readiness
from gallery.services.storekeeping import ownership
from gallery.storage import PhotoStore
from gallery.worker import Worker
from tests.factories import Factory


class Away(PhotoStore):
    """A store that does not answer."""

    def identity(self) -> str | None:
        """Say so."""
        raise Outage("away")


class FewPauses(Event):
    """A stop that comes with the fourth pause; none of them lasts."""

    pauses = 0

    def wait(self, timeout: float | None = None) -> bool:
        """Pause."""
        self.pauses += 1
        if self.pauses == 4:
            self.set()
        return self.is_set()


class Watched(Worker):
    """A worker that counts how often it turns to its work."""

    described = 0

    def describe_next(self) -> bool:
        """Count it."""
        self.described += 1
        return False


@pytest.mark.parametrize("away", StoreName)
def test_a_store_that_does_not_answer_does_not_hide_whose_the_other_is(make: Factory, away: StoreName) -> None:
    silent = Away(make.settings.public_store_address)
    (theirs,) = set(StoreName) - {away}
    other = make.public if theirs is StoreName.PUBLIC else make.private
    other.adopt("another")
    if away is StoreName.PUBLIC:
        given = replace(make.given, public=silent)
    else:
        given = replace(make.given, private_store=silent)
    assert [each.store for each in readiness.owner_refusals(readiness.needs_of(given))] == [theirs]
    working = Watched(given, FewPauses())
    working.run()
    assert working.described == 0, "not even while the look that an outage has ended waits for its next turn"
    look = working.look
    assert look is not None
    ownership.adopt(make.session, other)
    with pytest.raises(Outage):
        look.take()
    look.require()
    assert not look.is_over
