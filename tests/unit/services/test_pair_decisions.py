"""Rules of proposals that need no database: which pairs are plausible, what is told of them, what comes first."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from gallery.matching import Candidate, Evidence, Likelihood, Measurement
from gallery.models import ProposalLevel
from gallery.services.proposals import comparing
from gallery.services.proposals.declared import DeclaredWords
from gallery.services.proposals.proposals import PairResemblance, _degree
from gallery.services.proposals.rows import Occasion, Pair
from gallery.services.search import search
from gallery.services.search.search import FoundItem, Hints
from gallery.services.words.folding import stem

DAY = timedelta(days=1)
MONTH = timedelta(days=31)
STRONG, MEDIUM, WEAK = ProposalLevel.STRONG, ProposalLevel.MEDIUM, ProposalLevel.WEAK
MARCH = date(2026, 3, 1)


# Proposals.


@pytest.mark.parametrize(
    ("case", "theft", "may_be"),
    [
        (Occasion(None, None), Occasion(None, None), True),
        (Occasion(MARCH, MARCH), Occasion(None, None), True),
        (Occasion(None, MARCH), Occasion(MARCH + MONTH, None), True),
        (Occasion(None, MARCH), Occasion(MARCH + MONTH + DAY, None), False),
        (Occasion(MARCH, None), Occasion(None, MARCH - MONTH), True),
        (Occasion(MARCH, None), Occasion(None, MARCH - MONTH - DAY), False),
        (Occasion(MARCH, None), Occasion(MARCH + 900 * DAY, None), True),
        (Occasion(None, MARCH), Occasion(None, MARCH + 900 * DAY), True),
    ],
)
def test_two_periods_meet_within_the_width_of_a_memory(case: Occasion, theft: Occasion, may_be: bool) -> None:
    assert comparing.may_be_one(case, theft) is may_be


@pytest.mark.parametrize(
    ("level", "reasons", "meets", "told"),
    [
        (STRONG, (), True, STRONG),
        (MEDIUM, (), True, MEDIUM),
        (WEAK, (), True, None),
        (STRONG, (), False, None),
        (STRONG, ("same_photo",), False, STRONG),
        (WEAK, ("same_photo",), False, None),
        (STRONG, ("many_details",), False, None),
    ],
)
def test_what_is_told_of_a_pair(level: ProposalLevel, reasons: tuple[str, ...], meets: bool, told: object) -> None:
    theft = Occasion(MARCH, MARCH) if meets else Occasion(MARCH + 900 * DAY, None)
    assert comparing._told((level, reasons), Occasion(MARCH, MARCH), theft) == told


def test_a_number_raises_what_officers_see_and_nothing_else() -> None:
    pair = Pair(1, 2)
    plain = comparing._with_number(pair, (MEDIUM, ("words",)), MEDIUM, None)
    assert plain == PairResemblance(1, 2, MEDIUM, ("words",), MEDIUM)
    for found, number, level in ((MEDIUM, STRONG, STRONG), (STRONG, MEDIUM, STRONG), (WEAK, MEDIUM, MEDIUM)):
        with_number = comparing._with_number(pair, (found, ()), None, number)
        assert with_number == PairResemblance(1, 2, level, ("serial_number",), None)


@pytest.mark.parametrize(
    ("told", "reasons", "is_direct", "shows"),
    [
        (STRONG, ("same_photo",), False, True),
        (STRONG, ("words", "many_details"), False, True),
        (STRONG, ("words", "serial_number"), False, False),
        (MEDIUM, ("same_photo",), False, False),
        (MEDIUM, ("words",), True, True),
        (None, ("serial_number", "same_photo"), True, False),
        (None, ("same_photo",), False, False),
    ],
)
def test_what_shows_itself_to_a_victim(told: object, reasons: tuple[str, ...], is_direct: bool, shows: bool) -> None:
    resemblance = PairResemblance(1, 2, STRONG, reasons, told)  # type: ignore[arg-type]
    assert resemblance.shows_itself(is_direct=is_direct) is shows


def test_levels_have_an_order_and_none_is_the_last() -> None:
    assert [_degree(each) for each in (STRONG, MEDIUM, WEAK, None)] == [0, 1, 2, 3]
    assert _degree("medium") == 1


@pytest.mark.parametrize(
    ("declared", "item", "agrees"),
    [
        ("lip montre", "lip montre", True),
        ("lip", "lip", False),
        ("lip montre or bleu", "lip montre", True),
        ("lip montre or bleu rond", "lip montre", False),
        ("lip collier", "lip pendentif", True),
        ("", "lip", False),
        ("guitare folk bois clair", "tableau bois clair", False),
        ("guitare folk bois clair", "basse bois clair", True),
        ("guitare folk bois clair", "objet bois clair", True),
        ("instrument folk bois clair", "tableau bois clair", True),
    ],
)
def test_half_of_the_words_agree_and_two_at_least_and_what_kind_of_thing_it_is(
    declared: str, item: str, agrees: bool
) -> None:
    asked, offered = (frozenset(map(stem, each.split())) for each in (declared, item))
    assert comparing.agree(DeclaredWords(asked, None), comparing._Agreeing(offered)) is agrees


@pytest.mark.parametrize(
    ("declared", "colours", "item", "agrees"),
    [
        ("bague", "dor gold", "bague dor gold", True),
        ("bague", "dor gold argent", "bague argent", True),
        ("bague", "dor gold", "bague argent", False),
        ("bague dor", "dor gold", "dor gold", False),
        ("", "dor gold noir", "dor gold noir", False),
        ("lip montre acier", "roug", "lip montre dor", True),
    ],
)
def test_the_chosen_colours_count_as_one_word_beside_what_it_is(
    declared: str, colours: str, item: str, agrees: bool
) -> None:
    asked, chosen, offered = (frozenset(map(stem, each.split())) for each in (declared, colours, item))
    assert comparing.agree(DeclaredWords(asked, None, chosen), comparing._Agreeing(offered)) is agrees


def test_pairs_are_plausible_where_both_are_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    march = Occasion(MARCH, MARCH)
    monkeypatch.setattr(
        comparing.rows, "occasions_of_items", lambda _session, ids: {2: march, 3: march, 5: march} if ids else {}
    )
    monkeypatch.setattr(comparing.rows, "occasions_of_open_objects", lambda _session, ids: {1: march} if ids else {})
    found = {
        Pair(1, 2): (STRONG, ("same_look",)),
        Pair(1, 3): (WEAK, ()),
        Pair(1, 4): (STRONG, ()),  # returned
        Pair(9, 2): (STRONG, ()),  # closed
    }
    session: Any = None
    plausible = comparing._plausible(session, found, {Pair(1, 5): MEDIUM, Pair(1, 2): MEDIUM})
    assert [(each.object_id, each.item_id, each.level, each.told_level) for each in plausible] == [
        (1, 2, STRONG, STRONG), (1, 5, MEDIUM, None),
    ]  # fmt: skip


# Search.


def candidate(number: int, likelihood: Likelihood = Likelihood.WEAK, *evidence: Evidence) -> Candidate:
    return Candidate(number, number, 0, likelihood, evidence, Measurement(256, 0.0, 0.0), 0.0)


def test_the_nearest_are_shown_and_all_with_evidence() -> None:
    without = [candidate(100 + each) for each in range(search.NEAREST)]
    evident = [candidate(each, Likelihood.WEAK, Evidence.SAME_COLOURS) for each in range(15)]
    behind = candidate(200)
    assert search.worth_showing([*without, *evident, behind]) == [*without, *evident]


def test_a_nearer_one_without_a_nameable_reason_is_shown_before_those_with_one() -> None:
    nearest = candidate(100)
    evident = [candidate(each, Likelihood.WEAK, Evidence.SAME_COLOURS) for each in range(30)]
    assert search.worth_showing([nearest, *evident]) == [nearest, *evident]
    found = {each: FoundItem(each.item_id, None, 0, each.likelihood, each.evidence) for each in [nearest, *evident]}  # type: ignore[arg-type]
    assert [each.item for each in search._in_order([nearest, *evident], found)][:2] == [100, 0]


def test_where_several_objects_are_looked_for_the_most_alike_is_never_left_out() -> None:
    nearer = [candidate(each) for each in range(20)]
    alike = candidate(100, Likelihood.MEDIUM, Evidence.SOME_DETAILS)
    assert search.beside_others([*nearer, alike]) == [alike, *nearer[: search.MAX_BESIDE_OTHERS - 1]]


def test_those_that_agree_with_more_come_first_among_equals() -> None:
    candidates = [
        candidate(1, Likelihood.WEAK),
        candidate(2, Likelihood.MEDIUM, Evidence.SAME_LOOK),
        candidate(3, Likelihood.MEDIUM, Evidence.SAME_LOOK),
        candidate(4, Likelihood.STRONG, Evidence.SAME_LOOK),
        candidate(5, Likelihood.WEAK, Evidence.SAME_COLOURS),
        candidate(6, Likelihood.STRONG, Evidence.SAME_LOOK),
    ]
    agreements = {1: 9, 2: 0, 3: 2, 4: 1, 5: 0}
    found = {
        each: FoundItem(each.item_id, None, 0, each.likelihood, each.evidence, agreements[each.item_id])  # type: ignore[arg-type]
        for each in candidates
        if each.item_id in agreements
    }
    assert [each.item for each in search._in_order(candidates, found)] == [4, 3, 2, 1, 5]


def test_colours_and_the_departement_are_what_may_agree() -> None:
    item: Any = SimpleNamespace(colours=("gold", "red"), unit=SimpleNamespace(departement="35"))
    assert search._agreements(item, Hints(colours=("red", "gold", "blue"), departement="35")) == 3
    assert search._agreements(item, Hints(departement="44")) == 0
