import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Item, ItemWords, Officer, Unit
from gallery.services.items import categories, items
from gallery.services.items.items import ItemDescription, ItemSecrets, WrittenItem
from gallery.services.transaction import atomic
from gallery.services.words import item_words
from tests.factories import Factory


def found(session: Session, question: str) -> set[int]:
    """Rows of the items that have every word of a question itself; categories are the gallery's affair."""
    entries = [set(each.item_ids.tolist()) for each in item_words.find(session, question)]
    return set.intersection(*entries) if entries else set()


@pytest.mark.parametrize(
    ("recorded", "question"),
    [
        ("Medaille dorée", "médailles dorées"),
        ("Médailles dorées", "medaille dore"),
        ("Bague en or", "BAGUES d’or"),
        ("Bague en or", "bague d'or"),
        ("Cœur en émail", "coeur email"),
        ("Tableau de chevaux", "tableaux cheval"),
        ("Noyau de pêche sculpté", "noyaux sculptés"),
        ("Vélo Gitane 3x8", "velo gitane 3x8"),
        ("Montre 1e5 n°12-34", "1e5 12 34"),
        ("Théière à fleurs", "theiere fleur"),
        ("Clé plate de 13", "cle 13"),
        ("Statuette : Vénus & Cupidon", "cupidon (vénus)"),
        ("Vielle à roue", "vielle"),
    ],
)
def test_accents_capitals_plurals_and_signs_do_not_matter(
    make: Factory, unit: Unit, session: Session, recorded: str, question: str
) -> None:
    item = make.item(make.case(unit), title=recorded)
    make.item(make.case(unit), title="Pendentif")
    assert found(session, question) == {item.id}


@pytest.mark.parametrize("question", ["montre dorée", "dor", "ag", "bague -or", 'bague" OR "montre'])
def test_what_has_not_every_word_is_not_found(make: Factory, unit: Unit, session: Session, question: str) -> None:
    make.item(make.case(unit), title="Bague en argent")
    assert not found(session, question)


@pytest.mark.parametrize("question", ["", "  ", "de la", "…", "'", '"', "*", "&|!()", "l’"])
def test_a_question_without_words_asks_nothing(session: Session, question: str) -> None:
    assert item_words.find(session, question) == []


def test_eight_words_are_looked_up_and_the_beginning_of_three_letters(
    make: Factory, unit: Unit, session: Session
) -> None:
    item = make.item(make.case(unit), title="Collier orné")
    asked = item_words.find(session, "un1 un2 un3 un4 un5 un6 or orn neuf")
    assert [each.stem for each in asked] == ["un1", "un2", "un3", "un4", "un5", "un6", "or", "orn"]
    # "or" begins "orné" too, but two letters begin too many words.
    assert [each.near_ids.tolist() for each in asked[-2:]] == [[], [item.id]]
    assert item_words.find(session, "pendentif")[0].near_ids.tolist() == [item.id]


def test_every_public_column_is_searched_and_no_sealed_one(make: Factory, unit: Unit, session: Session) -> None:
    secret = ItemSecrets("SERIE123", "SCELLE456", "rayure cachée")
    item = make.item(
        make.case(unit), title="Montre", brand="Lip", inscriptions="« À Jeanne »", colours=("gold",), secret=secret
    )
    for question in ("lip", "jeanne", "dorée", "golden"):
        assert found(session, question) == {item.id}
    for question in ("SERIE123", "SCELLE456", "rayure", "cachée", "12345", "procureure"):
        assert not found(session, question)


def test_a_change_is_found_with_the_change_and_the_former_words_no_more(
    make: Factory, unit: Unit, officer: Officer, session: Session
) -> None:
    item = make.item(make.case(unit), title="Bague")
    with atomic(session):
        written = WrittenItem(item.case, item.category, ItemDescription("Montre"), ItemSecrets(), item.version)
        items.edit(session, make.given, item, written, by=officer)
    assert found(session, "montres") == {item.id}
    assert not found(session, "bagues")


def test_what_is_undone_leaves_no_words(make: Factory, unit: Unit, session: Session) -> None:
    item = make.item(make.case(unit), title="Bague")

    def change_and_fail() -> None:
        with atomic(session):
            session.get_one(Item, item.id).title = "Montre"
            item_words.write(session.get_one(Item, item.id))
            session.flush()
            raise InterruptedError

    pytest.raises(InterruptedError, change_and_fail)
    assert found(session, "bague") == {item.id}
    assert not found(session, "montre")


def test_items_of_an_earlier_version_are_given_their_words(make: Factory, unit: Unit, session: Session) -> None:
    item = make.item(make.case(unit), title="Bague")
    with atomic(session):
        session.delete(session.scalars(select(ItemWords)).one())
    assert not found(session, "bague")
    with atomic(session):
        item_words.fill_missing(session)
    assert found(session, "bague") == {item.id}


def test_the_name_of_a_category_stands_for_its_items(session: Session) -> None:
    (entry,) = item_words.find(session, "bijou")
    assert entry.category_codes == {"jewellery"}
    assert categories.get_by_code(session, "jewellery").name_fr == "Bijoux"
