from collections.abc import Callable

import pytest
from sqlalchemy import update

from gallery.models import ITEM_STATUSES, Case, Item, ItemStatus, Officer, Unit
from gallery.services.cases import CaseSecrets
from gallery.services.items import categories, items, lists
from gallery.services.items.items import ItemSecrets, WrittenItem
from gallery.services.items.lists import ItemsPart, Wanted
from gallery.services.transaction import atomic
from tests.factories import Factory

SECRET = ItemSecrets(serial_number="SN 44-71/b", exhibit_number="S-12", withheld_details="gravure cachée")


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


@pytest.fixture
def watch(make: Factory, case: Case) -> Item:
    """The item that every search looks for, beside another one."""
    make.item(case, title="Bague en or", secret=ItemSecrets("X-1", "S-13"))
    return make.item(case, category="watches", title="Montre de gousset", brand="Lip", materials="Émail, métal doré",
                     inscriptions="À l’étoile", secret=SECRET)  # fmt: skip


def part_of(make: Factory, unit: Unit, wanted: Wanted, *, number: int = 1, size: int = 9) -> ItemsPart:
    narrowed = lists.narrow(make.session, unit, wanted, sealer=make.sealer)
    return lists.part_of(make.session, narrowed, number=number, size=size)


def counts(make: Factory, unit: Unit, wanted: Wanted) -> dict[ItemStatus, int]:
    narrowed = lists.narrow(make.session, unit, wanted, sealer=make.sealer)
    return lists.counts_by_status(make.session, narrowed)


def found(make: Factory, unit: Unit, words: str) -> list[Item]:
    return part_of(make, unit, Wanted(words=words), number=1, size=9).items


def test_the_list_shows_the_units_own_items_page_by_page(make: Factory, unit: Unit, outsider: Officer) -> None:
    case = make.case(unit)
    for _ in range(5):
        make.item(case)
    make.item(make.case(outsider.unit))
    page = part_of(make, unit, Wanted(), number=2, size=2)
    assert (len(page.items), page.number, page.pages, page.total) == (2, 2, 3, 5)


def test_a_page_past_the_end_is_the_last_one(make: Factory, unit: Unit) -> None:
    make.item(make.case(unit))
    page = part_of(make, unit, Wanted(), number=99, size=2)
    assert (len(page.items), page.number) == (1, 1)


def test_a_page_before_the_first_is_the_first_one(make: Factory, unit: Unit) -> None:
    case = make.case(unit)
    for _ in range(3):
        make.item(case)
    assert [part_of(make, unit, Wanted(), number=number, size=2).number for number in (-1, 0, 1, 2)] == [1, 1, 1, 2]


@pytest.mark.parametrize(("signs", "is_found"), [(2, False), (3, True)])
def test_three_signs_of_a_public_number_find_it(make: Factory, unit: Unit, signs: int, is_found: bool) -> None:
    item = make.item(make.case(unit))
    part = item.public_number.replace("-", "")[-signs:]
    assert found(make, unit, part) == ([item] if is_found else [])


@pytest.mark.parametrize("called", ["n° {}", "N°{}", "objet {}", "Objet n°\u00a0{}", " {} "])
def test_a_public_number_is_found_as_it_is_called_or_printed(make: Factory, unit: Unit, called: str) -> None:
    item = make.item(make.case(unit))
    make.item(make.case(unit))
    assert found(make, unit, called.format(item.public_number)) == [item]
    assert found(make, unit, called.format(item.public_number.replace("-", "\u2011"))) == [item]


@pytest.mark.parametrize("words", ["S-12", "SN 44-71/b", "77/2026", "77 / 2026"])
def test_a_number_that_is_found_is_not_told_to_be_no_word(make: Factory, unit: Unit, words: str) -> None:
    item = make.item(make.case(unit, secret=CaseSecrets("01234/77/2026")), secret=SECRET)
    narrowed = lists.narrow(make.session, unit, Wanted(words=words), sealer=make.sealer)
    assert lists.part_of(make.session, narrowed, number=1, size=9).items == [item]
    assert not narrowed.words.unknown


def test_a_number_that_nothing_has_is_told(make: Factory, unit: Unit, watch: Item) -> None:
    narrowed = lists.narrow(make.session, unit, Wanted(words="S-99"), sealer=make.sealer)
    assert narrowed.words.unknown


def one_letter_wrong(number: str) -> str:
    return number[:4] + ("W" if number[4] != "W" else "X") + number[5:]


@pytest.mark.parametrize("slip", [
    one_letter_wrong,
    lambda number: number[:4] + number[5:],
    lambda number: f"objet n° {one_letter_wrong(number).lower().replace('-', ' ')}",
])  # fmt: skip
def test_a_slip_in_a_number_lists_what_has_nearly_the_same(
    make: Factory, unit: Unit, slip: Callable[[str], str]
) -> None:
    case = make.case(unit)
    item, elsewhere = make.item(case, title="Bague"), make.item(make.case(make.unit("GGD44")))
    make.item(case, title="Montre")
    narrowed = lists.narrow(make.session, unit, Wanted(words=slip(item.public_number)), sealer=make.sealer)
    assert narrowed.is_no_number
    assert lists.numbers_of(make.session, narrowed, limit=9) == [item.public_number]
    assert not narrowed.words.unknown
    hidden = Wanted(words=one_letter_wrong(elsewhere.public_number))
    assert not found(make, unit, hidden.words), "another unit's"
    watches = Wanted(words=slip(item.public_number), status=ItemStatus.PUBLISHED)
    assert part_of(make, unit, watches).total == 0


@pytest.mark.parametrize("words", ["126334", "flfh", "montre 1950", "S-12"])
def test_what_is_no_number_is_words(make: Factory, unit: Unit, watch: Item, words: str) -> None:
    assert not lists.narrow(make.session, unit, Wanted(words=words), sealer=make.sealer).is_no_number


@pytest.mark.parametrize(
    ("words", "title"), [("10 vases or", "Vases en or"), ("18 louis or", "Louis en or"), ("la bagua or", "Bague en or")]
)
def test_words_that_could_be_a_mistyped_number_find_what_they_say(
    make: Factory, unit: Unit, words: str, title: str
) -> None:
    case = make.case(unit)
    for each in ("Vases en or", "Louis en or", "Bague en or", "Montre"):
        make.item(case, title=each)
    narrowed = lists.narrow(make.session, unit, Wanted(words=words), sealer=make.sealer)
    assert not narrowed.is_no_number
    assert lists.part_of(make.session, narrowed, number=1, size=9).items[0].title == title


def test_counts_name_every_status(make: Factory, unit: Unit) -> None:
    case = make.case(unit)
    make.item(case)
    make.published(case)
    found = counts(make, unit, Wanted())
    assert found == {**dict.fromkeys(ITEM_STATUSES, 0), ItemStatus.DRAFT: 1, ItemStatus.PUBLISHED: 1}


@pytest.mark.parametrize(
    "words",
    ["montre", "Gousset MONTRE", "email", "lip", "métal dore", "etoile", "S-12", "s 12", "sn4471B", "SN 44-71/b"],
)
def test_an_item_is_found_by_its_words_and_numbers(make: Factory, unit: Unit, watch: Item, words: str) -> None:
    assert found(make, unit, words) == [watch]


def test_an_item_is_found_by_its_public_number_or_a_part_of_it(make: Factory, unit: Unit, watch: Item) -> None:
    assert found(make, unit, watch.public_number.lower().replace("-", " ")) == [watch]
    assert found(make, unit, watch.public_number[3:7]) == [watch]


def test_items_are_found_by_their_cases_number(make: Factory, unit: Unit, watch: Item) -> None:
    assert len(found(make, unit, "12345/2026")) == 2
    assert found(make, unit, "99999/2026") == []


@pytest.mark.parametrize("words", ["cachée", "ontre", "%", "_", "' AND 1=1", "SN447", "***", "S-1"])
def test_nothing_else_finds_it(make: Factory, unit: Unit, watch: Item, words: str) -> None:
    assert found(make, unit, words) == []


def test_a_search_says_nothing_of_other_units(make: Factory, watch: Item, outsider: Officer) -> None:
    assert found(make, outsider.unit, "S-12") == []
    assert found(make, outsider.unit, watch.public_number) == []


def test_a_category_narrows_the_list(make: Factory, unit: Unit, watch: Item) -> None:
    wanted = Wanted(category=categories.get_by_code(make.session, "watches"))
    page = part_of(make, unit, wanted, number=1, size=9)
    assert page.items == [watch]
    found = counts(make, unit, wanted)
    assert found[ItemStatus.DRAFT] == 1


def test_a_changed_number_is_found_and_the_old_one_is_not(
    make: Factory, unit: Unit, watch: Item, officer: Officer
) -> None:
    with atomic(make.session) as session:
        secret = ItemSecrets(serial_number="SN 44-71/b", exhibit_number="S-99")
        written = WrittenItem(watch.case, watch.category, items.description_of(watch), secret, watch.version)
        items.edit(session, make.given, watch, written, by=officer)
    assert (found(make, unit, "S-12"), found(make, unit, "S-99")) == ([], [watch])


def test_the_digest_tells_nothing_without_the_key(watch: Item) -> None:
    assert watch.exhibit_key is not None
    assert len(watch.exhibit_key) == 64
    assert watch.exhibit_key != watch.serial_key


def test_items_of_an_earlier_version_get_their_digests(make: Factory, unit: Unit, watch: Item) -> None:
    with atomic(make.session) as session:
        session.execute(
            update(Item).values(exhibit_key=None, serial_key=None, exhibit_look_key=None, serial_look_key=None)
        )
    assert found(make, unit, "S-12") == []
    with atomic(make.session) as session:
        items.fill_number_keys(session, sealer=make.sealer)
    assert found(make, unit, "S-12") == [watch]


def test_only_the_categories_that_a_unit_has_are_offered(make: Factory, unit: Unit, watch: Item) -> None:
    assert [each.code for each in lists.used_categories(make.session, unit)] == ["jewellery", "watches"]


@pytest.mark.parametrize("words", ["bagues", "alliance", "bague en or perdue à Rennes", "bage", "Bijoux", "BIJOU"])
def test_words_find_a_ring_in_whichever_form(make: Factory, unit: Unit, watch: Item, words: str) -> None:
    assert [item.title for item in found(make, unit, words)] == ["Bague en or"]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Porte-monnaie (Longchamp)", "porte monnaie longchamp"),
        ("Porte-monnaie (Longchamp)", "Longchamp"),
        ("Lampe « Art déco »", "art deco"),
        ("Buste d’Æmilia", "aemilia"),
        ("Buste d’Æmilia", "Æmilia"),
        ("Arc-en-ciel en émail", "arc-en-ciel"),
    ],
)
def test_signs_accents_and_hyphens_do_not_matter(make: Factory, unit: Unit, title: str, words: str) -> None:
    item = make.item(make.case(unit), title=title)
    assert found(make, unit, words) == [item]


def test_what_answers_more_of_the_words_comes_first(make: Factory, unit: Unit) -> None:
    case = make.case(unit)
    titles = ["Montre en or", "Bague en or", "Bague en argent"]
    for title in titles:
        make.item(case, title=title)
    assert [item.title for item in found(make, unit, "bague en or")][:2] == ["Bague en or", "Bague en argent"]


def test_what_was_understood_is_told(make: Factory, unit: Unit, watch: Item) -> None:
    narrowed = lists.narrow(make.session, unit, Wanted(words="montr gousett licorne"), sealer=make.sealer)
    assert (narrowed.words.respelt, narrowed.words.unknown) == ({"gousett": "gousset"}, ("licorne",))


@pytest.mark.parametrize("written", ["DBL-OO1I", "DBL0011", "DBL-0O1l", "dbl 0o1i", "ＤＢＬ-0O1I", "DBL-0О1I"])
def test_a_number_is_found_as_it_may_be_misread(make: Factory, unit: Unit, written: str) -> None:
    case = make.case(unit)
    drill = make.item(case, title="Perceuse", secret=ItemSecrets(serial_number="DBL-0O1I", exhibit_number="SC-0B1"))
    make.item(case, title="Autre", secret=ItemSecrets(serial_number="DBL-0O71", exhibit_number="SC-0B7"))
    assert found(make, unit, written) == [drill]
    assert found(make, unit, "sc 08l") == [drill]


@pytest.mark.parametrize("written", ["35 693803 564380 9", "356938035643809", "35693803564380", "3569380356438012"])
def test_a_telephone_is_found_by_its_imei_with_or_without_check_digit(make: Factory, unit: Unit, written: str) -> None:
    phone = make.item(make.case(unit), title="Téléphone", secret=ItemSecrets(serial_number="35-693803-564380-9"))
    assert found(make, unit, written) == [phone]


def test_a_wrong_imei_is_another_number(make: Factory, unit: Unit) -> None:
    make.item(make.case(unit), title="Téléphone", secret=ItemSecrets(serial_number="356938035643809"))
    assert found(make, unit, "356938035643808") == []
