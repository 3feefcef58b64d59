"""Cards on photos that are added on an object's page: hidden in every file, and told where another object is meant."""

from sqlalchemy.orm import Session

from gallery.imaging import Limits, as_array, decode_grey
from gallery.models import Item, Unit
from gallery.services.items.numbering import card_numbers
from gallery.services.transaction import atomic, end_reading
from gallery.sharing.cards import codes_in
from tests.factories import Factory
from tests.secret_photos import files_in
from tests.web.backoffice.desk import Desk
from tests.web.backoffice.sorting.conftest import taken


def codes_of(files: dict[str, bytes]) -> set[str]:
    """What the codes say that any of these files show."""
    return {code.text for data in files.values() for code in codes_in(as_array(decode_grey(data, Limits())))}


def test_the_card_of_another_object_is_hidden_and_told(
    desk: Desk, item: Item, make: Factory, unit: Unit, session: Session
) -> None:
    with atomic(session):
        number = card_numbers.print_cards(session, unit, 1, by=None, now=make.now)[0]
    photo, name = taken(77, 1, card=number)
    assert codes_of({name: photo})
    page = desk.add_photos(item.public_number, photo)
    assert f"la carte du numéro {number}" in page.one("#messages").get_text()
    end_reading(session)
    added = item.photos[-1]
    assert added.hidden
    shown = {key: data for key, data in files_in("private", make).items() if added.rendition_digest in key}
    assert len(shown) > 3
    assert codes_of(shown) == set()


def test_nothing_is_said_of_the_objects_own_card(desk: Desk, item: Item, session: Session) -> None:
    page = desk.add_photos(item.public_number, taken(78, 1, card=item.public_number)[0])
    assert "carte" not in page.one("#messages").get_text()
    end_reading(session)
    assert item.photos[-1].hidden
