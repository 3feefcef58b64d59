"""The sorting table: waiting photos with and without cards become objects."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Case, Item, LotPhoto, Officer
from gallery.services.items.numbering import card_numbers
from gallery.services.items.renditions import keys_of
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore, original_key
from gallery.web.backoffice.lots import deposit
from tests.factories import Factory
from tests.web.backoffice.desk import JSON, VOUCHED, Desk, files
from tests.web.backoffice.sorting.conftest import codes, do, dropped, groups, keys, only_item, seen, taken


def test_photos_from_a_card_on_become_its_object_and_are_published_without_it(
    desk: Desk, session: Session, address: str, number: str, private: PhotoStore, public: PhotoStore
) -> None:
    page = dropped(desk, address, taken(1, 10, card=number), taken(2, 40), taken(3, 5))
    assert groups(page) == [("Objet 1 proposition", 1), (number, 2)]
    written = {"groupe": number, f"categorie-{number}": "watches"}
    for said in (
        {},
        VOUCHED | {"foves-par": ""},
        VOUCHED | {"foves-le": "2999-01-01"},
        VOUCHED | {"foves-le": "hier"},
        VOUCHED | {"foves-le": "0126-01-01"},
    ):
        assert "Rien n’est publié" in do(desk, address, "publier", **written, **said).text
    page = do(desk, address, "publier", **written, **VOUCHED)
    assert "Un objet est publié." in page.text
    assert page.one(".lot-made a")["href"] == f"/objets/{number}"
    assert groups(page) == [("Objet 1 proposition", 1)]
    item = only_item(session)
    assert (item.public_number, item.title, item.category.code) == (number, "Montre", "watches")
    sheet = desk.get(f"/objets/{number}").text
    assert "FOVeS consulté par Adjudante Morvan le 20 novembre 2026" in " ".join(sheet.split())
    assert "FOVeS consulté par Adjudante Morvan" in desk.get(address.removesuffix("/photos")).text
    # Neither the sizes for the pages nor the picture for albums have the card; the original does.
    with_card = item.photos[0]
    for key in keys_of(with_card):
        for store in (private, public):
            assert not codes(store.get(key))
    assert codes(private.get(original_key(with_card.original_sha256))) == [number]


def test_a_turned_photo_still_hides_its_card(
    desk: Desk, session: Session, address: str, number: str, private: PhotoStore
) -> None:
    dropped(desk, address, taken(1, 10, card=number))
    do(desk, address, "fiches", **{"groupe": number, f"categorie-{number}": "watches"})
    photo = only_item(session).photos[0]
    desk.do(f"/objets/{number}/photos/choisies", {"geste": "droite", "photos": photo.public_id})
    session.rollback()
    assert photo.quarter_turns == 1
    assert not any(codes(private.get(key)) for key in keys_of(photo))


def test_a_card_of_another_unit_names_no_object_and_ends_the_one_before(
    desk: Desk, make: Factory, outsider: Officer, address: str, number: str
) -> None:
    with atomic(make.session) as session:
        (theirs,) = card_numbers.print_cards(session, outsider.unit, 1, by=None, now=make.now)
    page = dropped(desk, address, taken(1, 10, card=number), taken(2, 30, card=theirs), taken(3, 50))
    assert groups(page) == [(number, 1), ("Objet 2 proposition", 1), ("Objet 3 proposition", 1)]


def test_telephones_of_one_model_are_told_apart_by_their_folders(desk: Desk, make: Factory, address: str) -> None:
    unit = make.session.scalars(select(Case)).one().unit
    with atomic(make.session) as session:
        one, other = card_numbers.print_cards(session, unit, 2, by=None, now=make.now)
    series = [(taken(1, 10, card=one), "a"), (taken(2, 20, card=other), "b"), (taken(3, 30), "a"), (taken(4, 40), "b")]
    for photo, folder in series:
        desk.send(address, {"photos": files(photo), "dossier": folder}, headers=JSON)
    assert sorted(groups(desk.get(address))) == sorted([(one, 2), (other, 2)])


def test_an_object_is_joined_to_the_one_before_it_and_cut_where_another_begins(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 10), taken(2, 12), taken(3, 50))
    first, second = keys(page)
    written = {"groupe": [first, second], f"titre-{second}": "Bague en or", f"epoque-{first}": "1930"}
    page = do(desk, address, f"joindre:{second}", **written)
    assert groups(page) == [("Objet 1", 3)]
    (key,) = keys(page)
    assert (page.one(f"#titre-{key}")["value"], page.one(f"#epoque-{key}")["value"]) == ("Bague en or", "1930")
    cuts = page.all("button[value^=couper]")
    assert len(cuts) == 2
    page = do(desk, address, str(cuts[0]["value"]))
    assert groups(page) == [("Objet 1", 1), ("Objet 2", 2)]
    # There is none before the first, and its first photo begins it.
    assert not page.all("tr[data-group]")[0].select("[value^=joindre]")
    assert groups(do(desk, address, f"joindre:{keys(page)[0]}")) == groups(page)


def test_ticked_photos_are_removed(desk: Desk, address: str) -> None:
    (box,) = dropped(desk, address, taken(1, 10)).all("input[name=photo]")
    assert "Cochez d’abord" in do(desk, address, "retirer").text
    assert "Une photo est retirée." in do(desk, address, "retirer", photo=box["value"]).text
    assert not desk.get(address).all(".lot-photos li")


def test_a_photo_that_an_object_has_already_is_told_with_what_to_do(
    desk: Desk, item: Item, address: str, make: Factory, session: Session
) -> None:
    photo = taken(1, 10)
    dropped(desk, address, photo, taken(2, 12))
    make.photo(item, photo[0])
    page = desk.get(address)
    assert len(page.all(".lot-pair img")) == 2
    key, number, before = keys(page)[0], item.public_number, len(item.photos)
    assert not do(desk, address, f"ignorer:{key}/{number}").all(".lot-known")
    page = do(desk, address, f"ajouter:{key}/{number}")
    assert page.one(".lot-made a").get_text() == number
    session.expire_all()
    # The one file is there already, and comes once.
    assert len(only_item(session).photos) == before + 1


def test_a_photo_that_another_object_has_becomes_no_second_one_until_somebody_says_so(
    desk: Desk, item: Item, address: str, make: Factory
) -> None:
    photo = taken(1, 10)
    dropped(desk, address, photo, taken(2, 40))
    make.photo(item, photo[0])
    page = do(desk, address, "tout-accepter")
    first, second = keys(page)
    assert "dire si c’est l’objet qui a déjà cette photo" in page.one(f"#groupe-{first}").text
    named = {f"categorie-{key}": "watches" for key in (first, second)} | {"groupe": [first, second]}
    assert "Un objet est publié." in do(desk, address, "publier", **named, **VOUCHED).text
    page = do(desk, address, "fiches")
    assert "Aucun objet n’est prêt" in page.text
    assert keys(page) == [first]
    do(desk, address, f"ignorer:{first}/{item.public_number}")
    assert "Une fiche est créée." in do(desk, address, "fiches").text


@pytest.mark.parametrize("is_published", [True, False])
def test_another_units_object_is_told_once_it_is_published(
    desk: Desk, make: Factory, outsider: Officer, address: str, *, is_published: bool
) -> None:
    photo = taken(1, 10)
    theirs = make.item(make.case(outsider.unit))
    make.photo(theirs, photo[0])
    if is_published:
        make.publish(theirs)
    page = dropped(desk, address, photo)
    assert (theirs.public_number in page.text) is is_published
    assert not page.all("button[value^=ajouter]")
    key = keys(page)[0]
    if not is_published:
        do(desk, address, f"ignorer:{key}/{theirs.public_number}")
        sent = {"acte": f"ajouter:{key}/{theirs.public_number}", "vu": seen(page)}
        assert desk.send(f"{address}/trier", sent).status_code == 404


def test_sheets_are_printed_with_numbers_that_nobody_else_is_given(desk: Desk, session: Session) -> None:
    answer = desk.send("/etiquettes", {"feuilles": "1"})
    assert (answer.mimetype, answer.data[:4]) == ("application/pdf", b"%PDF")
    assert desk.send("/etiquettes", {"feuilles": "999"}).status_code == 409


def test_a_row_says_what_would_make_its_object_easier_to_find(desk: Desk, address: str, session: Session) -> None:
    dropped(desk, address, taken(1, 0), taken(2, 20), taken(3, 23))
    assert [each.text[:14] for each in desk.get(address).all("[data-advice]")] == ["Une seule vue "]
    with atomic(session):
        for photo in session.scalars(select(LotPhoto)):
            photo.object_share, photo.point_size = 0.01, 3.0
    assert [each.text[:26] for each in desk.get(address).all("[data-advice]")] == ["L’objet est petit dans l’i"] * 2


def test_a_row_asks_for_the_number_of_what_bears_one_until_a_third_photo_may_show_it(desk: Desk, address: str) -> None:
    (key,) = keys(dropped(desk, address, taken(1, 0), taken(2, 3)))

    def advice_of(category: str) -> list[str]:
        page = do(desk, address, "noter", groupe=key, **{f"categorie-{key}": category})
        return [each.text[:26] for each in page.all("[data-advice]")]

    assert advice_of("paintings") == []
    assert advice_of("watches") == ["Numéro, poinçon ou gravure"]
    dropped(desk, address, taken(3, 6))
    assert not desk.get(address).all("[data-advice]")


def test_a_telephone_gets_smaller_pages_with_a_way_to_the_next_object_to_sort(
    desk: Desk, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deposit, "ROWS_ON_A_TELEPHONE", 1)
    page = dropped(desk, address, taken(1, 0), taken(2, 20), taken(3, 40))
    assert len(groups(page)) == 3
    first, second, third = keys(page)
    assert page.one("[data-next]")["href"] == f"{address}#groupe-{first}"
    desk.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0"
    page = desk.get(address)
    assert keys(page) == [first]
    assert page.one("[data-next]")["href"] == f"{address}?page=2#groupe-{second}"
    page = desk.get(f"{address}?page=3")
    assert keys(page) == [third]
    assert page.one("[data-next]")["href"] == f"{address}#groupe-{first}"
