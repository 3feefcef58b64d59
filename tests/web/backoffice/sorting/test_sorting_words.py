"""What is written on the sorting table is kept by every act, whatever another device does."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Case, Item, ItemStatus, LotPhoto
from gallery.services.transaction import atomic
from gallery.web.backoffice.lots import batch
from tests.factories import Factory
from tests.web.backoffice.desk import JSON, VOUCHED, Desk
from tests.web.backoffice.sorting.conftest import do, dropped, groups, keys, only_item, seen, taken


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


def test_the_script_is_sent_only_the_rows_that_an_act_changes(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 5), taken(2, 25), taken(3, 50))
    _, second, third = keys(page)
    sent = {"acte": f"joindre:{second}", "vu": seen(page)}
    answer = desk.send(f"{address}/trier", sent, headers=JSON).get_json()["page"]
    part = BeautifulSoup(answer, "html.parser")
    assert [(row["data-same"], row["data-name"]) for row in part.select("[data-same]")] == [(third, "Objet 2")]
    (changed,) = part.select("tr[data-group]")
    assert len(changed.select("li[data-photo]")) == 2


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
    page = do(desk, address, "tout-accepter")
    sent = {"acte": "publier", "vu": seen(page)} | VOUCHED
    assert desk.send(f"{address}/trier", sent, headers=JSON).get_json()["rest"] == 1
    answer = desk.send(f"{address}/trier", sent | {"suite": "oui"}, headers=JSON).get_json()
    assert answer["rest"] == 0
    assert "2 objets sont publiés." in answer["page"]
    assert len(BeautifulSoup(answer["page"], "html.parser").select(".lot-made a")) == 2


def test_an_act_that_is_sent_again_is_done_once_and_asks_nobody_about_their_own_words(
    desk: Desk, session: Session, address: str
) -> None:
    page = dropped(desk, address, taken(1, 10), taken(2, 12), taken(3, 50))
    first, second = keys(page)
    written = {"vu": seen(page), "groupe": first, f"titre-{first}": "Pendule", f"categorie-{first}": "jewellery"}
    joined = written | {"envoi": "one"}
    do(desk, address, f"joindre:{second}", **joined)
    page = do(desk, address, f"joindre:{second}", **joined)
    assert groups(page) == [("Objet 1", 3)]
    assert not page.all(".message")
    do(desk, address, "appliquer", objet=keys(page), **{"matieres-tous": "or", "envoi": "two"})
    for _ in range(2):
        page = do(desk, address, "annuler", envoi="three", vu=[])
    assert groups(page) == [("Objet 1", 3)]
    made = {"envoi": "four", "vu": seen(page), "groupe": keys(page), f"epoque-{keys(page)[0]}": "1930"}
    for _ in range(2):
        page = do(desk, address, "fiches", **made)
    assert not page.all(".message-warning")
    item = only_item(session)
    assert (item.title, item.period) == ("Pendule", "1930")


def test_what_was_not_done_is_said_again_when_it_is_sent_again(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 10), taken(2, 30), taken(3, 50))
    old, (first, second, _) = seen(page), keys(page)
    do(desk, address, f"joindre:{second}")
    for act, why in (("reunir", "Un des objets cochés a changé"), (f"accepter:{second}", "Cet objet a changé")):
        for _ in range(2):
            assert why in do(desk, address, act, vu=old, objet=[first, second], envoi=act).one("#messages").text
    for _ in range(2):
        assert "Cochez d’abord" in do(desk, address, "separer", envoi="none").one("#messages").text


def test_what_was_left_when_the_answer_was_lost_is_said_again_and_gone_on_with(
    desk: Desk, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "LONGEST_REQUEST", timedelta(0))
    page = dropped(desk, address, taken(1, 5), taken(2, 25), taken(3, 50))
    do(desk, address, "appliquer", objet=keys(page)[:2], **{"categorie-tous": "clocks"})
    shown = seen(do(desk, address, "tout-accepter"))

    def publish(**fields: str) -> tuple[int, str]:
        answer = desk.send(f"{address}/trier", {"acte": "publier", "vu": shown} | fields, headers=JSON).get_json()
        (told,) = BeautifulSoup(answer["page"], "html.parser").select("#messages")
        return answer["rest"], told.get_text().replace("\xa0", " ")

    for _ in range(2):
        rest, told = publish(envoi="one")
        assert rest == 0
        assert "Rien n’est publié : cochez d’abord la vérification" in told
    for _ in range(2):
        rest, told = publish(envoi="two", **VOUCHED)
        assert rest == 1
        assert "Encore un objet est prêt" in told
    for _ in range(2):
        rest, told = publish(envoi="three", suite="oui", **VOUCHED)
        assert rest == 0
        assert "Un objet n’est pas prêt." in told


def test_what_is_proposed_otherwise_than_the_page_shows_is_not_accepted_with_all(
    desk: Desk, session: Session, address: str
) -> None:
    old = seen(dropped(desk, address, taken(1, 5), taken(2, 25), taken(3, 50), taken(4, 58)))
    assert len(old) == 3
    session.rollback()
    with atomic(session):
        for photo in session.scalars(select(LotPhoto).where(LotPhoto.name.in_(["IMG_1.jpg", "IMG_2.jpg"]))):
            photo.together = "one"
    page = do(desk, address, "tout-accepter", vu=old)
    assert "Un objet est nouveau ou a changé entre-temps" in page.one("#messages").text
    assert groups(page) == [("Objet 1 proposition", 2), ("Objet 2", 2)]
    page = do(desk, address, "tout-accepter", vu=seen(page))
    assert groups(page) == [("Objet 1", 2), ("Objet 2", 2)]


def test_nobody_publishes_photos_that_came_to_an_object_after_they_looked(
    desk: Desk, session: Session, address: str
) -> None:
    page = dropped(desk, address, taken(1, 5), taken(2, 25), taken(3, 50))
    do(desk, address, "appliquer", tous="oui", **{"categorie-tous": "clocks"})
    page = do(desk, address, "tout-accepter")
    old, third = seen(page), keys(page)[2]
    do(desk, address, f"joindre:{third}")
    page = do(desk, address, "publier", vu=old, **VOUCHED)
    assert "Un objet est publié." in page.one("#messages").text
    assert "Un objet est nouveau, ou n’a plus les mêmes photos que sur votre page." in page.one("#messages").text
    assert [len(row.select("li[data-photo]")) for row in page.all("tr[data-group]")] == [2]
    do(desk, address, "publier", vu=seen(page), **VOUCHED)
    session.rollback()
    assert {item.status for item in session.scalars(select(Item))} == {ItemStatus.PUBLISHED}


def test_the_script_is_told_whether_an_act_was_done(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 10), taken(2, 40))

    def is_done(**fields: str) -> bool:
        sent = {"acte": "appliquer", "vu": seen(page), "objet": keys(page)[0]} | fields
        return bool(desk.send(f"{address}/trier", sent, headers=JSON).get_json()["done"])

    for _ in range(2):
        assert not is_done(envoi="one")
    for _ in range(2):
        assert is_done(envoi="two", **{"epoque-tous": "1930"})


def test_what_was_made_stays_told_where_the_next_press_makes_nothing(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 5), taken(2, 25))
    key = keys(page)[0]
    do(desk, address, "appliquer", tous="oui", **{"categorie-tous": "clocks"})
    do(desk, address, "tout-accepter")
    do(desk, address, "publier", envoi="one", **VOUCHED)
    # The answer was lost, and a word is written before the button is pressed again.
    page = do(desk, address, "publier", envoi="two", groupe=key, **{f"titre-{key}": "Montre"}, **VOUCHED)
    assert "Aucun objet n’attend plus." in page.one("#messages").text
    assert len(page.all(".lot-made a")) == 2
    assert not do(desk, address, "noter").all(".lot-made a")
