"""A list read into a case and taken: what each row would make, what it changes, and what the table of it says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import AuditEntry, Case, Item, Officer, Unit
from gallery.services.imports import recognition, vocabulary
from gallery.services.imports.columns import comparable
from gallery.services.imports.refusals import CellRefused
from gallery.services.items import categories, items
from gallery.services.items.items import ItemDescription, ItemSecrets, WrittenItem
from gallery.services.items.numbering import card_numbers
from gallery.services.spreadsheets import case_list, item_table
from gallery.services.spreadsheets.case_list import CaseList
from gallery.services.spreadsheets.item_table import MARK, TableWords
from gallery.services.spreadsheets.taking import Taking
from gallery.services.transaction import atomic
from tests.factories import Factory

COLOURS = {"gold": "or", "silver": "argent"}
# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


def read(make: Factory, case: Case, *lines: str) -> CaseList:
    return case_list.read(make.session, case, "\n".join(lines), colours=COLOURS, sealer=make.sealer)


def faults(found: CaseList) -> list[tuple[str, str, str]]:
    return [(each.source, each.column, each.error.fault.value) for each in found.refusals]  # type: ignore[attr-defined]


def take(make: Factory, case: Case, found: CaseList, by: Officer) -> tuple[list[str], list[str]]:
    with atomic(make.session):
        act = Taking(make.session, make.given, case, by)
        return act.make(found.new), act.complete(found.changed)


def noted(session: Session) -> list[tuple[int, int]]:
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "import_list").order_by(AuditEntry.id))
    return [(each.details["created"], each.details["completed"]) for each in entries]


def test_rows_become_drafts_once(make: Factory, case: Case, officer: Officer, session: Session) -> None:
    lines = ("titre;catégorie;couleurs;numéro de série;clé", "Montre Lip;watches;or;'007;K1", "Bague;;;;", "Bague;;;;")
    found = read(make, case, *lines)
    assert ([len(found.new), len(found.changed), found.unchanged], faults(found)) == ([3, 0, 0], [])
    made, completed = take(make, case, found, officer)
    assert (len(made), completed) == (3, [])
    watch = session.scalars(select(Item).where(Item.public_number == made[0])).one()
    assert (watch.title, watch.category.code, watch.colours, watch.case_id) == (
        "Montre Lip",
        "watches",
        ["gold"],
        case.id,
    )
    assert items.open_secrets(watch, make.sealer).serial_number == "007"
    assert session.scalars(select(Item).where(Item.public_number == made[1])).one().category.code == "other"
    again = read(make, case, *lines)
    assert ([len(again.new), len(again.changed), again.unchanged], faults(again)) == ([0, 0, 3], [])
    assert take(make, case, found, officer) == ([], [])  # somebody was faster
    assert noted(session) == [(3, 0)]


def test_the_journal_says_what_was_taken_each_time(
    make: Factory, case: Case, officer: Officer, session: Session
) -> None:
    item = make.item(case, title="Bague")
    lines = f"{item.public_number};Bague ancienne;", ";Montre;watches", ";Vase;"
    found = read(make, case, "clé;titre;catégorie", *lines)
    first, *others = found.new
    take(make, case, replace(found, new=[first], changed=[]), officer)
    take(make, case, replace(found, new=others), officer)
    assert noted(session) == [(1, 0), (1, 0), (0, 1)]


def test_a_draft_is_completed_and_what_is_empty_leaves_it(
    make: Factory, case: Case, officer: Officer, session: Session
) -> None:
    item = make.item(case, title="Bague", brand="Lip", secret=ItemSecrets("S1", "", "rayure"))
    header = "clé;titre;marque;signes réservés;couleurs;caché du public;inscriptions"
    found = read(make, case, header, f"{item.public_number};Bague ancienne;;griffe;or;inscriptions;J. R.")
    (changed,) = found.changed
    assert set(changed.changes) == {"titre", "signes réservés", "couleurs", "caché du public", "inscriptions"}
    assert take(make, case, found, officer) == ([], [item.public_number])
    session.refresh(item)
    secret = items.open_secrets(item, make.sealer)
    assert (item.title, item.brand, item.colours, item.inscriptions) == ("Bague ancienne", "Lip", ["gold"], "")
    assert (secret.serial_number, secret.withheld_details, secret.withheld) == (
        "S1",
        "griffe",
        {"inscriptions": "J. R."},
    )
    assert take(make, case, found, officer) == ([], [])  # it was changed meanwhile
    same = read(make, case, header, f"{item.public_number};Bague ancienne;;;;;")
    assert ([len(same.changed), same.unchanged], faults(same)) == ([0, 1], [])


def test_a_list_shows_no_engraving_of_a_watch_that_nobody_chose_to_show(
    make: Factory, case: Case, officer: Officer, session: Session
) -> None:
    watch, tool, chosen = (make.item(case, category=code) for code in ("watches", "tools", "watches"))
    rows = (
        f"{watch.public_number};J. R.;;",
        f"{tool.public_number};A. B.;watches;",
        f"{chosen.public_number};C. D.;;marque",
    )
    found = read(
        make, case, "clé;inscriptions;catégorie;caché du public;titre", *(f"{row};Bague en or" for row in rows)
    )
    take(make, case, found, officer)
    for item in (watch, tool, chosen):
        session.refresh(item)
    assert [item.inscriptions for item in (watch, tool, chosen)] == ["", "", "C. D."]
    assert "inscriptions" in items.open_secrets(watch, make.sealer).withheld


def test_what_is_no_draft_of_the_case_is_refused_where_it_would_change(
    make: Factory, case: Case, unit: Unit, outsider: Officer
) -> None:
    published, elsewhere = make.published(case, title="a"), make.item(make.case(unit), title="b")
    theirs = make.item(make.case(outsider.unit), title="c")
    rows = [f"{each.public_number};x" for each in (published, elsewhere, theirs)]
    found = read(make, case, "clé;titre", *rows, f"{published.public_number};a")
    assert faults(found) == [
        (":2", "clé", "not_a_draft"), (":3", "clé", "of_other_case"), (":5", "clé", "used_twice"),
    ]  # fmt: skip
    assert [each.planned.key for each in found.new] == [theirs.public_number]
    assert found.refused_rows == 3


def test_every_fault_is_told_and_a_faulty_header_uses_nothing(make: Factory, case: Case) -> None:
    found = read(make, case, "titre;catégorie;numéro de procédure;clé", "x;tapis;PV-9;K", "y;;;K", "z;;;K")
    assert faults(found) == [
        (":2", "numéro de procédure", "other_case"), (":2", "catégorie", "unknown"), (":4", "clé", "used_twice"),
    ]  # fmt: skip
    assert len(found.new) == 1
    without = read(make, case, "titre;prix", "x;3")
    assert ([len(without.new), len(without.changed), without.unchanged], faults(without)) == (
        [0, 0, 0], [(":1", "prix", "column_unknown")],
    )  # fmt: skip


def test_a_row_of_another_case_is_refused_for_that_alone(make: Factory, case: Case) -> None:
    found = read(make, case, "titre;numéro de procédure", "x;PV-9", "y;")
    assert faults(found) == [(":2", "numéro de procédure", "other_case")]
    assert [each.planned.description.title for each in found.new] == ["y"]


def test_the_number_of_the_case_itself_is_no_fault(make: Factory, case: Case) -> None:
    number = case_list.cases.open_secrets(case, make.sealer).case_number
    assert faults(read(make, case, "titre;numéro de procédure", f"x;{number.lower()} ")) == []


def test_a_card_of_the_unit_gives_its_number_once(make: Factory, case: Case, officer: Officer) -> None:
    with atomic(make.session):
        (number,) = card_numbers.print_cards(make.session, case.unit, 1, by=officer, now=make.now)
    found = read(make, case, "clé;titre", f"{number};x", f"{number.replace('-', ' ')};y")
    assert [each.number for each in found.new] == [number]
    assert faults(found) == [(":3", "clé", "used_twice")]
    assert take(make, case, found, officer)[0] == [number]


@pytest.mark.parametrize(("rows", "is_taken"), [(2, True), (3, False)])
def test_a_list_has_so_many_rows(
    rows: int, is_taken: bool, make: Factory, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert case_list.MAX_ROWS == 3000
    monkeypatch.setattr(case_list, "MAX_ROWS", 2)
    lines = ["titre", *[f"x{number}" for number in range(rows)]]
    if is_taken:
        assert len(read(make, case, *lines).new) == rows
    else:
        with pytest.raises(CellRefused) as refusal:
            read(make, case, *lines)
        assert (refusal.value.fault.value, refusal.value.limit) == ("too_many_rows", 2)


def test_the_table_says_what_a_list_would(
    make: Factory, case: Case, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = ItemSecrets("007", "S-1", "rayure", {"inscriptions": "J. R."})
    ring = make.item(case, title="=Bague", colours=("gold", "silver"), secret=secret, with_photos=1)
    watch = make.item(case, title="Montre", category="watches")
    number = case_list.cases.open_secrets(case, make.sealer).case_number

    def table(*, is_confidential: bool) -> list[list[str]]:
        words = TableWords(COLOURS, is_confidential)
        assert words.act == ("export_sealed_list" if is_confidential else "export_list")
        ids = [watch.id, ring.id, 10**6]
        text = b"".join(item_table.written(session, ids, words, sealer=make.sealer)).decode()
        assert text.startswith(MARK)
        return [line.split(";") for line in text.removeprefix(MARK).splitlines()]

    monkeypatch.setattr(item_table, "BATCH", 1)
    header, first, second = table(is_confidential=False)
    assert "numéro de série" not in header
    assert [first[header.index("clé")], second[header.index("clé")]] == [watch.public_number, ring.public_number]
    assert second[header.index("couleurs")] == "or|argent"
    assert second[header.index("photos")] == f"{ring.public_number}-01.jpg"
    assert second[header.index("titre")].strip('"').startswith("'=")
    assert "J. R." not in str(second)
    header, first, second = table(is_confidential=True)
    told = dict(zip(header, second, strict=True))
    assert (told["numéro de série"], told["numéro de scellé"], told["signes réservés"]) == ("'007", "S-1", "rayure")
    assert (told["inscriptions"], told["caché du public"], told["numéro de procédure"]) == (
        "J. R.",
        "inscriptions",
        f"'{number}",
    )
    assert dict(zip(header, first, strict=True))["caché du public"] == "rien"


def test_a_row_of_which_the_photos_have_gone_is_left_out(make: Factory, case: Case, officer: Officer) -> None:
    found = read(make, case, "titre", "x", "y")
    gone = replace(found.new[0], planned=replace(found.new[0].planned, photos=(case_list.PurePath("gone"),)))
    made, _ = take(make, case, replace(found, new=[gone, found.new[1]]), officer)
    assert len(made) == 1


def test_an_item_that_was_written_since_stays_as_it_is(make: Factory, case: Case, officer: Officer) -> None:
    item = make.item(case, title="a")
    found = read(make, case, "clé;titre", f"{item.public_number};b")
    with atomic(make.session):
        written = WrittenItem(item.case, item.category, ItemDescription("c"), ItemSecrets(), item.version)
        items.edit(make.session, make.at(make.now + timedelta(hours=1)), item, written, by=officer)
    assert take(make, case, found, officer) == ([], [])
    make.session.refresh(item)
    assert item.title == "c"


def test_a_category_of_the_very_name_goes_before_one_that_begins_with_it(session: Session) -> None:
    *_, other, garden = sorted(categories.all_in_order(session), key=lambda each: each.code == "garden")
    other.name_fr = "Jardin"
    other.position = garden.position - 1
    session.flush()
    words = vocabulary.known(session, {}).categories
    assert (words["jardin"], words[comparable("Jardin et extérieur")]) == (other.code, "garden")
    session.rollback()


def test_rows_numbered_from_one_in_another_case_are_other_objects(
    make: Factory, case: Case, unit: Unit, officer: Officer
) -> None:
    lines = ("clé;titre", "1;Montre")
    take(make, case, read(make, case, *lines), officer)
    assert read(make, case, *lines).unchanged == 1
    found = read(make, make.case(unit), *lines)
    assert (faults(found), found.unchanged) == ([(":2", "clé", "key_of_other_case")], 0)


def test_a_column_without_a_word_makes_no_row_another(make: Factory, case: Case, officer: Officer) -> None:
    take(make, case, read(make, case, "titre;catégorie", "Montre;watches", "Bague;"), officer)
    found = read(make, case, "titre;marque;catégorie;inscriptions", "Montre;;watches;", "Bague;;;")
    assert (found.unchanged, found.new, faults(found)) == (2, [], [])


def test_a_row_is_known_by_what_it_was_known_by_before(make: Factory, case: Case, officer: Officer) -> None:
    lines = ("titre;marque;catégorie", "Montre;;watches")
    (item,) = read(make, case, *lines).new
    said = repr((case.reference, [("catégorie", "watches"), ("marque", ""), ("titre", "Montre")]))
    former = replace(item, import_key=recognition.import_key(f"row:1:{said}", make.sealer))
    with atomic(make.session):
        Taking(make.session, make.given, case, officer).make([former])
    assert read(make, case, *lines).unchanged == 1
