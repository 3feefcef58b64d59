"""What words, drawings, colours and numbers propose goes to an officer first."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from gallery.models import Case, Officer, OfficerRole, ProposalLevel, ProposalState
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.statement import StatedObject, Theft
from gallery.services.items.items import ItemSecrets
from gallery.services.proposals import direct_units, proposals
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.services.proposals.conftest import Work, ring


@pytest.mark.parametrize("is_first", [True, False], ids=["declared first", "published first"])
def test_words_go_to_an_officer_first(
    declare: Callable[..., None],
    work: Work,
    answer: Callable[[], Answer],
    make: Factory,
    case: Case,
    session: Session,
    officer: Officer,
    is_first: bool,
) -> None:
    said = StatedObject(words="Un vélo Peugeot bleu de dame")
    # The unit is in Ille-et-Vilaine.
    if is_first:
        declare(said, theft=Theft(departement="35"))
        work()
    make.published(case, title="Vélo de dame", brand="Peugeot", category="other")
    make.published(case, title="Vélo de course", brand="Gitane", category="other")
    if not is_first:
        work()
        declare(said, theft=Theft(departement="44"))
    work()
    (proposal,) = proposals.waiting(session, officer, limit=10)
    assert (proposal.level, proposal.evidence) == (ProposalLevel.MEDIUM, ["words"] + ["place"] * is_first)
    assert answer().proposals == ()
    with atomic(session):
        proposals.decide(session, proposal, ProposalState.SHOWN, by=officer, now=make.now)
    assert [each.number for each in answer().proposals] == [proposal.item.public_number]
    assert proposals.to_be_told(session, officer, sends_mail=False, limit=10) == [proposal]
    with atomic(session):
        proposals.note_told(session, proposal, by=officer, now=make.now)
    assert proposals.to_be_told(session, officer, sends_mail=True, limit=10) == []


def test_a_drawing_counts_as_the_word_for_its_kind_and_no_kind_counts_twice(
    declare: Callable[..., None], work: Work, make: Factory, case: Case, session: Session, officer: Officer
) -> None:
    with_brand = StatedObject("bicycles", brand="Peugeot", shape="bicycle_city")
    declare(with_brand, StatedObject("bicycles", words="vtt", shape="bicycle_mountain"), StatedObject(shape="scooter"))
    make.published(case, title="Vélo de dame", brand="Peugeot", category="bicycles")
    work()
    assert [each.declared.position for each in proposals.waiting(session, officer, limit=10)] == [1]


@pytest.mark.parametrize("is_declared_first", [True, False])
@pytest.mark.parametrize(("said", "filed"), [("jewellery", "other"), ("other", "jewellery")])
def test_a_category_that_says_nothing_keeps_no_words_apart(
    declare: Callable[..., None], work: Work, make: Factory, case: Case, session: Session, officer: Officer,
    is_declared_first: bool, said: str, filed: str,
) -> None:  # fmt: skip
    def publish() -> None:
        make.published(case, title="Bague", brand="Mauboussin", category=filed)
        make.published(case, title="Montre", brand="Mauboussin", category="watches")

    if not is_declared_first:
        publish()
        work()
    declare(StatedObject(said, words="ma bague", brand="Mauboussin"))
    work()
    if is_declared_first:
        publish()
        work()
    assert [each.item.title for each in proposals.waiting(session, officer, limit=10)] == ["Bague"]


def test_what_words_and_colours_propose_keeps_no_photo_out(
    declare: Callable[..., None], work: Work, answer: Callable[[], Answer], make: Factory, case: Case, session: Session,
    officer: Officer, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(proposals, "MAX_WAITING", 2)
    for title in ("Bague rouge", "Bague rouge", "Bague rouge", "Bague bleue"):
        make.published(case, title=title, category="jewellery")
    declare(StatedObject("jewellery", words="ma bague", colours=("red", "gold"), photos=(ring(),)))
    work()
    waiting = proposals.waiting(session, officer, limit=10)
    assert [(each.item.title, each.evidence) for each in waiting] == [("Bague rouge", ["words"])] * 2
    found = make.published(case, ring("officer"), title="Bijou")
    work()
    assert [each.number for each in answer().proposals] == [found.public_number]


def test_what_found_no_place_is_proposed_once_an_officer_has_dismissed_another(
    declare: Callable[..., None], work: Work, make: Factory, case: Case, session: Session, officer: Officer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(proposals, "MAX_WAITING", 2)
    for _ in range(3):
        make.published(case, title="Bague rouge", category="jewellery")
    declare(StatedObject("jewellery", words="ma bague", colours=("red",)))
    work()
    first, second = proposals.waiting(session, officer, limit=10)
    dismissed, kept = first.item_id, second.item_id
    with atomic(session):
        proposals.decide(session, first, ProposalState.DISMISSED, by=officer, now=make.now)
    work()
    waiting = {each.item_id for each in proposals.waiting(session, officer, limit=10)}
    assert len(waiting) == 2
    assert kept in waiting
    assert dismissed not in waiting


def test_a_number_that_agrees_is_an_officers_to_tell(
    declare: Callable[..., None], work: Work, answer: Callable[[], Answer], make: Factory, case: Case, session: Session,
    officer: Officer,
) -> None:  # fmt: skip
    make.published(case, secret=ItemSecrets(serial_number="XY-4211"))
    make.published(case, secret=ItemSecrets(serial_number="XY-42ll"))
    declare(StatedObject(serial_number="xy 4211"))
    work()
    levels = [each.level for each in proposals.waiting(session, officer, limit=10)]
    assert levels == [ProposalLevel.STRONG, ProposalLevel.MEDIUM]
    assert answer().proposals == ()


def test_a_right_number_shows_a_victim_the_same_as_a_wrong_one(
    declare: Callable[..., None], work: Work, answer: Callable[[], Answer], make: Factory, case: Case, session: Session,
    officer: Officer, outsider: Officer, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(proposals, "MAX_WAITING", 3)
    with atomic(session):
        outsider.role = OfficerRole.MANAGER
        direct_units.switch(session, is_direct=True, by=outsider, now=make.now)

    def published(number: str, case: Case, *photos: bytes, title: str, brand: str = "") -> str:
        fields = {"title": title, "brand": brand, "category": "jewellery"}
        return make.published(case, *photos, secret=ItemSecrets(serial_number=number), **fields).public_number

    of_direct = make.case(outsider.unit)
    seen = published("SEEN-1", case, ring("officer"), title="Objet")
    direct = {published(f"SAID-{each}", of_direct, title="Bague", brand="Mauboussin") for each in (1, 2)}
    published("SAID-3", case, title="Bague", brand="Mauboussin")
    alone = published("ALONE-1", case, title="Montre")
    work()
    said = StatedObject("jewellery", words="bague Mauboussin", photos=(ring(),))
    numbers = ("WRONG-1", "SEEN-1", "SAID-1", "SAID-2", "SAID-3", "ALONE-1")
    declare(*(replace(said, serial_number=number) for number in numbers))
    work()
    shown = [[replace(each, position=0) for each in answer().proposals if each.position == at] for at in range(1, 7)]
    assert shown == [shown[0]] * len(numbers)
    levels = {each.number: each.level for each in shown[0]}
    assert levels.pop(seen) == "strong"
    assert levels.keys() <= direct
    assert set(levels.values()) == {"medium"}
    queue = proposals.waiting(session, officer, limit=50)
    by_number = [each for each in queue if each.evidence == ["serial_number"]]
    assert [(each.declared.position, each.item.public_number) for each in by_number] == [(6, alone)]
