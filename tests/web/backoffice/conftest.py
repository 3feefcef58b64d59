from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from gallery.models import Case, Item, Officer, OfficerRole, Unit
from tests.factories import Factory
from tests.secret_photos import secret_photo
from tests.web.backoffice.desk import Desk

SignIn = Callable[[Officer], FlaskClient]


@pytest.fixture
def desk(sign_in: SignIn, officer: Officer) -> Desk:
    """The officer's browser, signed in."""
    return Desk(sign_in(officer))


@pytest.fixture
def administrator(make: Factory, unit: Unit) -> Officer:
    return make.officer(unit, "admin@rennes.example", OfficerRole.ADMINISTRATOR)


@pytest.fixture
def office(sign_in: SignIn, administrator: Officer) -> Desk:
    """The administrator's browser, signed in."""
    return Desk(sign_in(administrator))


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    """A case of the officer's unit whose publication is authorised."""
    return make.case(unit)


@pytest.fixture
def item(make: Factory, case: Case) -> Item:
    """A draft of the officer's unit with two photos."""
    return make.item(case, with_photos=2)


@pytest.fixture
def published(make: Factory, case: Case) -> Item:
    """A published item of the officer's unit with one photo."""
    return make.published(case)


@pytest.fixture
def photographed(make: Factory, case: Case) -> Item:
    """A published item of the officer's unit whose one photo shows a secret."""
    return make.published(case, secret_photo())


@pytest.fixture
def ready(make: Factory, case: Case) -> list[Item]:
    """Two drafts that nothing keeps from being published."""
    return [make.item(case, title=title, with_photos=1) for title in ("Bague", "Montre")]
