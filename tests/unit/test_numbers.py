import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.services.items.numbering.numbers import (
    ALPHABET,
    draw_public_number,
    is_in_three_parts,
    is_meant_as_number,
    near_numbers,
    read_public_number,
)

DEPARTEMENTS = ["01", "35", "2A", "2B", "95", "971", "988"]


@pytest.mark.parametrize("departement", DEPARTEMENTS)
def test_a_drawn_number_can_be_read_back(departement: str) -> None:
    number = draw_public_number(departement)
    assert re.fullmatch(rf"{departement}-[{ALPHABET}]{{4}}-[{ALPHABET}]", number)
    assert read_public_number(number) == number


def test_the_alphabet_has_no_letters_that_are_mistaken_for_digits() -> None:
    assert not set("01OI") & set(ALPHABET)
    assert len(ALPHABET) == 32


@pytest.mark.parametrize("typed", ["35-k7qm-{}", " 35 K7QM {} ", "35k7qm{}", "35.K7QM.{}"])
def test_people_type_numbers_in_their_own_way(typed: str) -> None:
    number = next(n for n in (read_public_number(f"35K7QM{c}") for c in ALPHABET) if n)
    assert read_public_number(typed.format(number[-1].lower())) == number


@given(st.sampled_from(DEPARTEMENTS), st.integers(0, 4), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(departement: str, place: int, wrong: str) -> None:
    number = draw_public_number(departement)
    letters = list(number.replace("-", ""))
    index = len(departement) + place
    is_changed = letters[index] != wrong
    letters[index] = wrong
    assert (read_public_number("".join(letters)) is None) == is_changed


@given(st.sampled_from(DEPARTEMENTS), st.integers(0, 3))
def test_two_swapped_neighbours_are_found(departement: str, place: int) -> None:
    letters = list(draw_public_number(departement).replace("-", ""))
    index = len(departement) + place
    is_changed = letters[index] != letters[index + 1]
    letters[index], letters[index + 1] = letters[index + 1], letters[index]
    assert (read_public_number("".join(letters)) is None) == is_changed


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_none(text: str) -> None:
    number = read_public_number(text)
    assert number is None or read_public_number(number) == number


@pytest.mark.parametrize("typed", ["-" * 100_000, "\ufdfa" * 200, "n°" * 100_000])
def test_what_has_no_end_is_no_number(typed: str) -> None:
    assert read_public_number(typed) is None
    assert not is_meant_as_number(typed)
    assert near_numbers(typed) == []


@pytest.mark.parametrize(("typed", "parts"), [("21-FLFH-Y", True), ("n° 21 FLFH Y", True), ("126334", False)])
def test_a_number_has_three_parts_and_a_reference_may_have_one(typed: str, parts: bool) -> None:
    assert is_meant_as_number(typed)
    assert is_in_three_parts(typed) is parts
