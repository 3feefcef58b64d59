from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery import imaging, matching
from gallery.matching.tiers.shipped_model import NAME
from gallery.models import Officer, Unit
from gallery.services.items import renditions
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.search.suggesting import Suggestion, suggest
from tests import pictures
from tests.factories import Factory

WATCH = pictures.jpeg(pictures.picture(9, kind="watch"))
SHOWN_AGAIN = pictures.jpeg(pictures.recompressed(pictures.picture(9, kind="watch"), quality=60))


@pytest.fixture
def make(make: Factory, officer: Officer) -> Factory:
    """With the program's own model, once what chooses none has been made."""
    matching.configure(Path(NAME))
    return make


def suggested(make: Factory, sessions: sessionmaker[Session], officer: Officer) -> Suggestion:
    picture = imaging.decode(SHOWN_AGAIN, renditions.limits_of(make.settings))
    photo = matching.describe(np.asarray(imaging.as_array(picture)))
    return suggest(make.session, [photo], catalogue=MemoryCatalogue(sessions, scope=Scope.ALL), by=officer)


def test_what_resembles_an_item_is_of_its_category(
    make: Factory, sessions: sessionmaker[Session], unit: Unit, officer: Officer
) -> None:
    make.photo(make.item(make.case(unit), category="stamps"), WATCH)
    suggestion = suggested(make, sessions, officer)
    assert suggestion.categories[0].code == "stamps"
    assert suggestion.colours


def test_a_draft_of_another_unit_suggests_nothing(
    make: Factory, sessions: sessionmaker[Session], unit: Unit, outsider: Officer
) -> None:
    make.photo(make.item(make.case(unit), category="stamps"), WATCH)
    assert "stamps" not in [each.code for each in suggested(make, sessions, outsider).categories]
