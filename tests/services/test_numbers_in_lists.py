"""Rows of a list that mean an object by its number, however it is written, or by the card on its photos."""

from dataclasses import replace

import pytest

from gallery.models import Case, Officer, Unit
from gallery.services.items.numbering import card_numbers
from gallery.services.lots import lots, receiving
from gallery.services.transaction import atomic
from gallery.sharing import cards
from tests import pictures
from tests.factories import Factory
from tests.services.items.test_case_lists import faults, read, take


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


@pytest.fixture
def number(make: Factory, case: Case, officer: Officer) -> str:
    """The number of a card."""
    with atomic(make.session):
        return card_numbers.print_cards(make.session, case.unit, 1, by=officer, now=make.now)[0]


def drop_with_card(make: Factory, case: Case, number: str, by: Officer) -> None:
    picture = pictures.picture(1, kind="ring")
    picture.paste(cards.drawn(number).convert("RGB").resize((220, 128)), (0, 0))
    received = receiving.receive(make.session, make.given, pictures.jpeg(picture), case.unit)
    with atomic(make.session) as session:
        lots.add(session, make.given, case, replace(received, name="1.jpg"), by=by)


@pytest.mark.parametrize("marks", ["-", " ", ""])
def test_a_number_means_its_object_however_it_is_written(
    marks: str, make: Factory, case: Case, number: str, officer: Officer
) -> None:
    take(make, case, read(make, case, "clé;titre", f"{number};Bague"), officer)
    spelt = number.lower().replace("-", marks)
    found = read(make, case, "clé;titre", f"{spelt};Bague ancienne", ";Montre")
    assert [each.public_number for each in found.changed] == [number]
    made, completed = take(make, case, found, officer)
    assert (len(made), completed) == (1, [number])


def test_a_row_whose_photo_shows_the_card_of_an_object_is_told(
    make: Factory, case: Case, number: str, officer: Officer
) -> None:
    take(make, case, read(make, case, "clé;titre", f"{number};Bague"), officer)
    drop_with_card(make, case, number, officer)
    found = read(make, case, "titre;photos", "Bague;1.jpg", "Montre;")
    assert faults(found) == [(":2", "clé", "number_taken")]
    assert [each.source for each in (found.new[0].planned, *found.refusals)] == [":3", ":2"]


def test_a_row_whose_number_was_given_meanwhile_stops_no_other(
    make: Factory, case: Case, number: str, officer: Officer
) -> None:
    found = read(make, case, "clé;titre", f"{number};Bague", ";Montre")
    first = replace(found.new[0], import_key="of another list")
    take(make, case, replace(found, new=[first]), officer)
    assert len(take(make, case, found, officer)[0]) == 1
