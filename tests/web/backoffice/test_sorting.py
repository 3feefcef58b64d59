"""The sorting table: waiting photos with and without cards become objects."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Case, Item, ItemStatus, LotPhoto, Officer, Unit
from gallery.services.items import card_numbers
from gallery.services.items.renditions import keys_of
from gallery.services.lots.grouping import DOUBTED
from gallery.services.lots.order import UNREAD_CARD
from gallery.services.transaction import atomic
from gallery.sharing import cards
from gallery.storage import PhotoStore, original_key
from gallery.web.backoffice.lots import batch, deposit
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.desk import JSON, VOUCHED, Desk, files


@pytest.fixture
def address(case: Case) -> str:
    return f"/affaires/{case.reference}/photos"


@pytest.fixture
def number(make: Factory, unit: Unit) -> str:
    """A number on a card of the unit."""
    with atomic(make.session) as session:
        return card_numbers.print_cards(session, unit, 1, by=None, now=make.now)[0]


def taken(seed: int, second: int, *, card: str = "") -> tuple[bytes, str]:
    photo, exif, file = pictures.picture(seed).resize((1600, 1200)), Image.Exif(), BytesIO()
    if card:
        photo.paste(cards.drawn(card).convert("RGB").resize((330, 192)), (100, 100))
    exif.get_ifd(0x8769)[0x9003] = f"2026:11:29 10:00:{second:02}"
    photo.save(file, "JPEG", quality=90, exif=exif)
    return file.getvalue(), f"IMG_{seed}.jpg"


def dropped(desk: Desk, address: str, *photos: tuple[bytes, str]) -> Page:
    return desk.do(address, {"photos": files(*photos)})


def do(desk: Desk, address: str, act: str, **fields: Any) -> Page:
    return desk.do(f"{address}/trier", {"acte": act} | fields)


def only_item(session: Session) -> Item:
    session.rollback()
    return session.scalars(select(Item)).one()


def groups(page: Page) -> list[tuple[str, int]]:
    return [
        (
            " ".join(each.get_text(" ", strip=True) for each in row.select(".lot-name, .tag")),
            len(row.select(".lot-photos li")),
        )
        for row in page.all("tr[data-group]")
    ]


def keys(page: Page) -> list[str]:
    return [str(each["value"]) for each in page.all("input[name=groupe]")]


def seen(page: Page) -> list[str]:
    """What every form of this page sends of the rows that it shows."""
    return [str(each["value"]) for each in page.all("input[name=vu]")]


def test_photos_from_a_card_on_become_its_object_and_are_published_without_it(
    desk: Desk, session: Session, address: str, number: str, private: PhotoStore, public: PhotoStore
) -> None:
    page = dropped(desk, address, taken(1, 10, card=number), taken(2, 40), taken(3, 5))
    assert groups(page) == [("Objet 1 proposition", 1), (number, 2)]
    written = {"groupe": number, f"categorie-{number}": "watches"}
    for said in ({}, VOUCHED | {"foves-par": ""}, VOUCHED | {"foves-le": "2999-01-01"}, VOUCHED | {"foves-le": "hier"}):
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


def codes(data: bytes) -> list[str]:
    with Image.open(BytesIO(data)) as image:
        return [code.text for code in cards.codes_in(np.asarray(image.convert("L")))]


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


def test_what_is_written_is_kept_by_every_act(desk: Desk, session: Session, address: str) -> None:
    page = dropped(desk, address, taken(1, 10), taken(2, 12), taken(3, 50))
    key = keys(page)[0]
    written = {"groupe": key, f"titre-{key}": "Bague en or", f"categorie-{key}": "jewellery"}
    page = do(desk, address, f"accepter:{key}", **written)
    assert groups(page) == [("Objet 1", 2), ("Objet 2 proposition", 1)]
    key = keys(page)[0]
    # The script sends only what was written since: what another device wrote of the object meanwhile stays.
    page = do(desk, address, "noter", **{"groupe": key, f"epoque-{key}": "1930"})
    assert (page.one(f"#titre-{key}")["value"], page.one(f"#epoque-{key}")["value"]) == ("Bague en or", "1930")
    session.rollback()
    last = session.scalars(select(LotPhoto).where(LotPhoto.name == "IMG_3.jpg")).one().public_id
    page = do(desk, address, "deplacer", photo=last, vers=key)
    assert groups(page) == [("Objet 1", 3)]
    assert groups(do(desk, address, "annuler")) == [("Objet 1", 2), ("Objet 2 proposition", 1)]
    page = do(desk, address, "fiches")
    assert "Une fiche est créée." in page.text
    assert "Un objet n’est pas prêt." in page.text
    assert only_item(session).title == "Bague en or"


def test_what_is_written_on_a_page_outlives_what_another_device_does(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 10), taken(2, 12), taken(3, 50), taken(4, 90))
    old, (first, second, third) = seen(page), keys(page)

    def written(key: str, **more: Any) -> dict[str, Any]:
        return {"vu": old, "groupe": key, f"titre-{key}": "Pendule"} | more

    page = do(desk, address, f"accepter:{first}")
    assert "a changé" not in do(desk, address, f"accepter:{first}", vu=old).text
    page = do(desk, address, "noter", **written(first))
    assert page.one(f"#titre-{keys(page)[0]}")["value"] == "Pendule"
    # Joined there to another object: its words stay, and what it lacks is filled in.
    now_first = keys(do(desk, address, f"joindre:{second}"))[0]
    page = do(desk, address, "noter", **written(second, **{f"epoque-{second}": "1930", f"titre-{second}": "Cartel"}))
    assert (page.one(f"#titre-{now_first}")["value"], page.one(f"#epoque-{now_first}")["value"]) == ("Pendule", "1930")
    assert "réunies, publiées ou retirées entre-temps : « Cartel »." in page.text
    # What the older page shows of these objects is no longer so: nothing is done to them.
    for act in (f"ecarter:{first}", f"accepter:{second}", f"joindre:{second}"):
        assert "Cet objet a changé entre-temps : rien n’a été fait." in do(desk, address, act, vu=old).text
    assert groups(page) == [("Objet 1", 3), ("Objet 2 proposition", 1)]
    for act in ("retirer", "appliquer"):
        assert "Un des objets cochés a changé" in do(desk, address, act, vu=old, objet=[second, third]).text


def test_an_older_page_overwrites_nothing_and_what_contradicts_is_told(
    desk: Desk, session: Session, address: str
) -> None:
    page = dropped(desk, address, taken(1, 10), taken(3, 50))
    old, (first, second) = seen(page), keys(page)
    shown = {"groupe": [first, second]} | {
        f"{name}-{key}": "" for key in (first, second) for name in ("titre", "epoque")
    }
    do(desk, address, "noter", vu=old, **shown | {f"titre-{first}": "Bague", f"epoque-{second}": "1930"})
    # Without its script a page sends every field: those that nobody has written in on it change nothing.
    ours = shown | {f"titre-{first}": "Anneau", f"titre-{second}": "Pendule"}
    answer = desk.send(f"{address}/trier", ours | {"acte": "fiches", "vu": old})
    assert answer.status_code == 409
    page = Page(answer)
    assert "Objet 1, titre : un autre appareil a écrit « Bague »" in page.text
    assert "Vous aviez écrit « Anneau »" in page.text
    written = [page.one(f"#{name}-{key}")["value"] for name in ("titre", "epoque") for key in (first, second)]
    assert written == ["Bague", "Pendule", "", "1930"]
    session.rollback()
    assert not session.scalars(select(Item)).all()
    # Knowingly, and from this page, it is what was written last that stays.
    page = do(
        desk, address, "noter", **shown | {"vu": seen(page), f"titre-{first}": "Anneau", f"titre-{second}": "Pendule"}
    )
    assert [page.one(f"#titre-{key}")["value"] for key in (first, second)] == ["Anneau", "Pendule"]
    assert page.one(f"#epoque-{second}")["value"] == ""


def test_what_could_not_be_kept_is_named_unless_it_was_kept_before(desk: Desk, address: str) -> None:
    page = dropped(desk, address, *[taken(seed, 20 * seed) for seed in range(3)])
    old, (first, second, _) = seen(page), keys(page)
    written = {"groupe": [first, second]} | {f"titre-{key}": f"Vase {key}" for key in (first, second)}
    do(desk, address, "noter", vu=old, **written)
    do(desk, address, "retirer", objet=[first, second])
    assert "pas pu être gardé" not in do(desk, address, "noter", vu=old, **written).text
    more = {
        f"{field}-{key}": f"{field} {place}"
        for place, key in enumerate((first, second))
        for field in ("titre", "matieres", "epoque")
    }
    page = do(desk, address, "noter", vu=old, **written | more)
    assert "« titre 0 », « matieres 0 », « epoque 0 », « titre 1 », « matieres 1 » et un autre." in page.text


def test_what_is_written_of_a_proposal_stays_when_it_is_proposed_otherwise(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(2, 20), taken(3, 40))
    key = keys(page)[0]
    do(desk, address, "noter", **{"groupe": key, f"titre-{key}": "Pendule"})
    page = dropped(desk, address, taken(1, 15))
    other = keys(page)[0]
    assert (groups(page)[0], page.one(f"#titre-{other}")["value"]) == (("Objet 1 proposition", 2), "Pendule")
    page = do(desk, address, "noter", **{"groupe": other, f"titre-{other}": ""})
    assert page.one(f"#titre-{other}")["value"] == ""


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


def test_the_script_is_sent_only_the_rows_that_an_act_changes(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 5), taken(2, 25), taken(3, 50))
    _, second, third = keys(page)
    sent = {"acte": f"joindre:{second}", "vu": seen(page)}
    answer = desk.send(f"{address}/trier", sent, headers=JSON).get_json()["page"]
    part = BeautifulSoup(answer, "html.parser")
    assert [(row["data-same"], row["data-name"]) for row in part.select("[data-same]")] == [(third, "Objet 2")]
    (changed,) = part.select("tr[data-group]")
    assert len(changed.select("li[data-photo]")) == 2


def test_an_unread_card_asks_for_its_number_and_a_doubt_is_shown_until_it_is_answered(
    desk: Desk, session: Session, address: str, number: str
) -> None:
    page = dropped(desk, address, taken(1, 10), taken(2, 12))
    session.rollback()
    first, second = session.scalars(select(LotPhoto).order_by(LotPhoto.name)).all()
    with atomic(session):
        first.number = UNREAD_CARD
    page = desk.get(address)
    (key,) = keys(page)
    assert groups(page) == [("Objet 1 carte illisible : vérifiez", 2)]
    page = do(desk, address, "noter", vu=seen(page), **{f"numero-{key}": "35-AAAA-A"})
    assert "« 35-AAAA-A » n’est sur aucune carte de votre unité" in page.text
    with atomic(session):
        second.together = DOUBTED
    assert not desk.get(address).all("[data-doubt]")
    page = do(desk, address, "noter", vu=seen(page), **{f"numero-{key}": number.replace("-", " ").lower()})
    assert groups(page) == [(number, 2)]
    do(desk, address, "annuler")
    with atomic(session):
        first.number = number
    page = desk.get(address)
    assert "À partir de « IMG_2.jpg », les photos ressemblent peu aux précédentes" in page.one("[data-doubt]").text
    assert "Pour un objet, une question attend encore" in page.text
    page = do(desk, address, f"garder:{second.public_id}")
    assert (groups(page), page.all("[data-doubt]")) == ([(number, 2)], [])


def test_many_objects_are_filled_in_by_one_form(
    desk: Desk, session: Session, make: Factory, case: Case, address: str
) -> None:
    other = make.case(case.unit).reference
    page = dropped(desk, address, taken(1, 10), taken(2, 40), taken(3, 70))
    assert "Cochez d’abord" in do(desk, address, "appliquer", **{"epoque-tous": "1930"}).text
    given = {"categorie-tous": "clocks", "matieres-tous": "laiton", "epoque-tous": "1930", "affaire-tous": other}
    page = do(desk, address, "appliquer", objet=keys(page)[:2], **given)
    page = do(desk, address, "tout-accepter")
    assert [each["value"] for each in page.all("td input[name^=matieres]")] == ["laiton", "laiton", ""]
    page = do(desk, address, "publier", **VOUCHED)
    assert groups(page) == [("Objet 1", 1)]
    assert "Il manque : catégorie à choisir" in page.text
    session.rollback()
    for item in session.scalars(select(Item)):
        # That case has an authorisation, too.
        assert item.status is ItemStatus.PUBLISHED
        assert (item.title, item.period, item.case.reference) == ("Horloge ou pendule, laiton", "1930", other)


def test_what_one_request_has_no_time_for_is_left_to_the_next(
    desk: Desk, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "LONGEST_REQUEST", timedelta(0))
    page = dropped(desk, address, taken(1, 5), taken(2, 25), taken(3, 50))
    do(desk, address, "appliquer", objet=keys(page)[:2], **{"categorie-tous": "clocks"})
    do(desk, address, "tout-accepter")
    sent = {"acte": "publier"} | VOUCHED
    assert desk.send(f"{address}/trier", sent, headers=JSON).get_json()["rest"] == 1
    answer = desk.send(f"{address}/trier", sent | {"suite": "oui"}, headers=JSON).get_json()
    assert answer["rest"] == 0
    assert "2 objets sont publiés." in answer["page"]
    assert len(BeautifulSoup(answer["page"], "html.parser").select(".lot-made a")) == 2


def test_ticked_photos_are_removed(desk: Desk, address: str) -> None:
    (box,) = dropped(desk, address, taken(1, 10)).all("input[name=photo]")
    assert "Cochez d’abord" in do(desk, address, "retirer").text
    assert "Une photo est retirée." in do(desk, address, "retirer", photo=box["value"]).text
    assert not desk.get(address).all(".lot-photos li")


def test_a_photo_that_an_object_has_already_is_told_with_what_to_do(
    desk: Desk, item: Item, address: str, make: Factory, session: Session
) -> None:
    photo = taken(1, 10)
    make.photo(item, photo[0])
    page = dropped(desk, address, photo, taken(2, 12))
    assert len(page.all(".lot-pair img")) == 2
    key, number, before = keys(page)[0], item.public_number, len(item.photos)
    assert not do(desk, address, f"ignorer:{key}/{number}").all(".lot-known")
    page = do(desk, address, f"ajouter:{key}/{number}")
    assert page.one(".lot-made a").get_text() == number
    session.expire_all()
    # The one file is there already, and comes once.
    assert len(only_item(session).photos) == before + 1


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
        assert desk.send(f"{address}/trier", {"acte": f"ajouter:{key}/{theirs.public_number}"}).status_code == 404


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
