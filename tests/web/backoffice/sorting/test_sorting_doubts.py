"""The sorting table says what it is not sure of: cards, photos under them, and what two devices wrote."""

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Item, LotPhoto, PhotoLot, Unit
from gallery.services.lots.grouping import DOUBTED
from gallery.services.lots.order import UNREAD_CARD
from gallery.services.transaction import atomic
from gallery.sharing import cards
from gallery.web.backoffice import wording
from gallery.web.backoffice.lots import typed_numbers
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.desk import Desk
from tests.web.backoffice.sorting.conftest import do, dropped, groups, keys, seen, taken


def test_an_unread_card_asks_for_its_number_and_a_doubt_is_shown_until_it_is_answered(
    desk: Desk, make: Factory, session: Session, address: str, number: str, unit: Unit
) -> None:
    elsewhere = make.item(make.case(unit))
    page = dropped(desk, address, taken(1, 10), taken(2, 12))
    session.rollback()
    first, second = session.scalars(select(LotPhoto).order_by(LotPhoto.name)).all()
    with atomic(session):
        first.number = UNREAD_CARD
    page = desk.get(address)
    (key,) = keys(page)
    assert groups(page) == [("Objet 1 carte illisible : vérifiez", 2)]
    assert "Il manque : numéro de la carte à écrire" in page.text
    assert "dire si une carte est visible" not in page.text
    assert "Pas de carte ? « Accepter »." in page.one(f"#illisible-{key}").text
    page = do(desk, address, "noter", vu=seen(page), **{f"numero-{key}": "35-AAAA-A"})
    assert "« 35-AAAA-A » n’est sur aucune carte de votre unité" in page.text
    # Its photos would be public by another case's authorisation.
    page = do(desk, address, "noter", vu=seen(page), **{f"numero-{key}": elsewhere.public_number})
    assert "est le numéro d’un objet d’une autre affaire (« Bague en or »)" in page.text
    assert groups(page) == [("Objet 1 carte illisible : vérifiez", 2)]
    with atomic(session):
        second.together = DOUBTED
    assert not desk.get(address).all("[data-asked=doute]")
    page = do(desk, address, "noter", vu=seen(page), **{f"numero-{key}": number.replace("-", " ").lower()})
    assert groups(page) == [(number, 2)]
    do(desk, address, "annuler")
    with atomic(session):
        first.number = number
    page = desk.get(address)
    assert (
        "À partir de la photo 2, on dirait un autre objet. Est-ce toujours le même"
        in page.one("[data-asked=doute]").text
    )
    assert [each.text for each in page.all(".lot-order")] == ["1", "2"]
    assert "Pour un objet, une question attend encore" in page.text
    asked = [str(each["value"]) for each in page.all("input[name=doute]")]
    # What the page did not ask is not answered by it: the worker may have found it since.
    assert do(desk, address, "tout-garder", vu=seen(page)).all("[data-asked=doute]")
    assert do(desk, address, "tout-garder", vu=[], doute=asked).all("[data-asked=doute]")
    assert not do(desk, address, "tout-garder", vu=seen(page), doute=asked).all("[data-asked=doute]")
    assert do(desk, address, "annuler").all("[data-asked=doute]")
    page = do(desk, address, f"garder:{second.public_id}")
    assert (groups(page), page.all("[data-asked=doute]")) == ([(number, 2)], [])


def test_a_long_pause_is_told_in_hours_or_days(backoffice_app: Flask) -> None:
    with backoffice_app.test_request_context():
        told = [wording.pause(minutes).replace("\xa0", " ") for minutes in (1, 59, 60, 24 * 60, 48 * 60)]
    assert told == ["1 minute", "59 minutes", "1 heure", "1 jour", "2 jours"]


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
    assert "Objet 1, titre : « Bague » a été écrit entre-temps, et c’est ce qui est gardé." in page.text
    assert "Vous aviez écrit « Anneau »" in page.text
    assert "Rien n’a été créé ni publié" in page.text
    written = [page.one(f"#{name}-{key}")["value"] for name in ("titre", "epoque") for key in (first, second)]
    assert written == ["Bague", "Pendule", "", "1930"]
    session.rollback()
    assert not session.scalars(select(Item)).all()
    # Knowingly, and from this page, it is what was written last that stays.
    old = seen(page)
    page = do(
        desk, address, "noter", **shown | {"vu": seen(page), f"titre-{first}": "Anneau", f"titre-{second}": "Pendule"}
    )
    assert [page.one(f"#titre-{key}")["value"] for key in (first, second)] == ["Anneau", "Pendule"]
    assert page.one(f"#epoque-{second}")["value"] == ""
    late = {"acte": "noter", "vu": old, "groupe": second, f"epoque-{second}": "1950"}
    page = Page(desk.send(f"{address}/trier", late))
    assert "Objet 2, époque : ce champ a été vidé entre-temps" in page.text
    assert "Rien n’a été créé" not in page.text


def test_words_of_an_older_page_and_of_a_category_that_is_gone_are_no_contradiction(
    desk: Desk, session: Session, address: str
) -> None:
    page = dropped(desk, address, taken(1, 10))
    (key,) = keys(page)
    with atomic(session):
        session.scalars(select(PhotoLot)).one().words = {key: {"title": "Bague", "category": "gone"}}
    sent = {"groupe": key, f"titre-{key}": "Anneau", f"categorie-{key}": "jewellery"}
    page = do(desk, address, "noter", vu=seen(desk.get(address)), **sent)
    assert page.one(f"#titre-{key}")["value"] == "Anneau"
    assert page.one(f"#categorie-{key} option[selected]")["value"] == "jewellery"
    # As a page said what it showed before it marked each field.
    (vu,) = seen(page)
    page = do(desk, address, "noter", vu=vu.rpartition("/")[0], **sent | {f"titre-{key}": "Alliance"})
    assert page.one(f"#titre-{key}")["value"] == "Alliance"
    assert not page.one("#messages").text.strip()


def with_stained_card() -> bytes:
    stained = cards.drawn("35-K7QM-4")
    left, top = (cards.QUIET + 1 + 9) * cards.MODULE, cards.CARD[1] // 2
    stained.paste(1, (left, top - 2 * cards.MODULE, left + 12 * cards.MODULE, top + 11 * cards.MODULE))
    photo = Image.new("RGB", (1600, 1200), (120, 120, 120))
    photo.paste(stained.convert("RGB").resize((550, 320)), (150, 90))
    return pictures.jpeg(photo, quality=95)


def test_a_card_that_could_not_be_read_is_hidden_once_its_number_is_typed(
    desk: Desk, session: Session, address: str, number: str
) -> None:
    page = dropped(desk, address, (with_stained_card(), "IMG_1.jpg"))
    (key,) = keys(page)
    assert groups(page) == [("Objet 1 carte illisible : vérifiez", 1)]
    page = do(desk, address, "noter", vu=seen(page), **{f"numero-{key}": number})
    assert groups(page) == [(number, 1)]
    assert "La carte est cachée sur la photo" in page.text
    session.rollback()
    (place,) = session.scalars(select(LotPhoto)).one().hidden or ()
    assert place == pytest.approx([150 / 1600, 90 / 1200, 700 / 1600, 410 / 1200], abs=0.04)


def test_a_card_is_hidden_when_its_number_comes_again_after_the_service_ended_before_it_was(
    desk: Desk, session: Session, address: str, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = dropped(desk, address, (with_stained_card(), "IMG_1.jpg"))
    sent = {"vu": seen(page), "envoi": "one", f"numero-{keys(page)[0]}": number}
    with monkeypatch.context() as ended:
        ended.setattr(typed_numbers, "hide_cards", lambda _: None)
        assert groups(do(desk, address, "noter", **sent)) == [(number, 1)]
    told = [do(desk, address, "noter", **sent).one("#messages").text for _ in range(2)]
    assert ["La carte est cachée sur la photo" in each for each in told] == [True, False]
    session.rollback()
    (photo,) = session.scalars(select(LotPhoto)).all()
    assert len(photo.hidden or ()) == 1
