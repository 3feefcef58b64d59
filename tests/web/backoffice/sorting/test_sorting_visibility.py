"""What the public will see of an object is said, and changed, in its row of the sorting table."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Item, ItemStatus, PhotoLot
from gallery.sealing import Sealer
from gallery.services.items import items
from tests.web.backoffice.desk import VOUCHED, Desk
from tests.web.backoffice.sorting.conftest import do, dropped, keys, only_item, seen, taken

TELLING = {"titre": "Bague en or 18 carats", "categorie": "jewellery", "matieres": "or 18 carats, diamant"}


def test_a_heading_is_hidden_by_its_button_and_is_no_word_of_the_title(
    desk: Desk, session: Session, sealer: Sealer, address: str
) -> None:
    page = dropped(desk, address, taken(1, 10))
    [key] = keys(do(desk, address, f"accepter:{keys(page)[0]}"))
    written = {"groupe": key, f"matieres-{key}": "or 18 carats", f"epoque-{key}": "1930", f"categorie-{key}": "watches"}
    page = do(desk, address, f"cacher:{key}/materials", **written)
    assert page.one(f"#public-materials-{key}").get_text(strip=True) == "Caché"
    assert page.one(f"#public-period-{key}").get_text(strip=True) == "Public"
    assert "or 18 carats" not in page.one(f"#titre-{key}")["placeholder"]
    # Taking back what was done before does not show it.
    page = do(desk, address, "annuler", **{"groupe": keys(page), f"titre-{key}": "Montre"})
    [key] = keys(page)
    assert page.one(f"#public-materials-{key}").get_text(strip=True) == "Caché"
    assert page.one(f"#titre-{key}")["value"] == "Montre"
    do(desk, address, "noter", **{"groupe": key, f"titre-{key}": ""})
    page = do(desk, address, f"accepter:{key}")
    [key] = keys(page)
    do(desk, address, f"cacher:{key}/period")
    do(desk, address, f"montrer:{key}/period")
    do(desk, address, f"montrer:{key}/materials")
    do(desk, address, f"cacher:{key}/materials")
    do(desk, address, "fiches")
    item = only_item(session)
    assert (item.materials, item.period) == ("", "1930")
    assert "carats" not in item.title
    assert items.open_secrets(item, sealer).withheld == {
        "materials": "or 18 carats", "inscriptions": "", "distinguishing_features": "",
    }  # fmt: skip
    # What is written of it later stays hidden, as of an object that the form has made.
    form = f"/objets/{item.public_number}/modifier"
    desk.fill(form, {"inscriptions": "J. R. 1962"})
    session.rollback()
    assert only_item(session).inscriptions == ""


def test_a_title_that_tells_what_is_hidden_is_not_published_until_one_of_both_is_changed(
    desk: Desk, session: Session, address: str
) -> None:
    dropped(desk, address, taken(1, 10), taken(3, 50))
    first, second = keys(do(desk, address, "tout-accepter"))
    words = {f"{name}-{key}": text for key in (first, second) for name, text in TELLING.items()}
    do(desk, address, "noter", groupe=[first, second], **words)
    for key in (first, second):
        page = do(desk, address, f"cacher:{key}/materials")
    assert [each.text.strip() for each in page.all("[data-told]")] == [
        "Ne sera pas publié : le titre dit « or 18 carats », que vous cachez. Changez le titre, ou"
        " appuyez sur « Caché » pour montrer ces mots au public."
    ] * 2
    assert "Prêt" not in page.text
    page = do(desk, address, "publier", **VOUCHED)
    assert "Aucun objet n’est prêt" in page.one("#messages").text
    do(desk, address, "noter", groupe=first, **{f"titre-{first}": "Bague"})
    page = do(desk, address, "publier", **VOUCHED)
    assert "Un objet est publié." in page.one("#messages").text
    assert keys(page) == [second]
    # A draft is public nowhere.
    do(desk, address, "fiches")
    session.rollback()
    told = {item.title: (item.status, item.materials) for item in session.scalars(select(Item))}
    assert told == {"Bague": (ItemStatus.PUBLISHED, ""), TELLING["titre"]: (ItemStatus.DRAFT, "")}


def test_what_one_of_two_objects_hides_stays_hidden_when_they_are_joined(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 10), taken(3, 50))
    first, second = keys(page)
    do(desk, address, f"cacher:{second}/period")
    page = do(desk, address, f"joindre:{second}")
    [key] = keys(page)
    assert page.one(f"#public-period-{key}").get_text(strip=True) == "Caché"


def test_a_heading_that_is_not_in_the_row_is_not_hidden(desk: Desk, address: str) -> None:
    [key] = keys(dropped(desk, address, taken(1, 10)))
    page = do(desk, address, f"cacher:{key}/title")
    assert page.one(f"#public-period-{key}").get_text(strip=True) == "Public"


@pytest.mark.parametrize("leaving", ["retirer", "fiches"])
def test_what_was_hidden_is_in_clear_nowhere_once_its_photos_wait_no_more(
    desk: Desk, session: Session, address: str, leaving: str
) -> None:
    dropped(desk, address, taken(1, 10), taken(3, 50), taken(5, 90))
    first, second, third = keys(do(desk, address, "noter"))
    for key in (first, second):
        do(desk, address, f"accepter:{key}")
    first, second, third = keys(desk.get(address))
    words = {f"{name}-{first}": text for name, text in TELLING.items()}
    do(desk, address, "noter", groupe=[first], **words)
    do(desk, address, "appliquer", objet=[first, second], **{"epoque-tous": "1930"})
    do(desk, address, f"cacher:{first}/materials")
    # Joined, so that undoing knows what was written of each.
    page = do(desk, address, f"joindre:{second}")
    do(desk, address, f"cacher:{third}/period", groupe=third, **{f"epoque-{third}": "1935"})

    def kept() -> str:
        session.rollback()
        lot = session.scalars(select(PhotoLot)).one()
        return str((lot.words, lot.undo))

    assert "carats" in kept()
    do(desk, address, leaving, objet=keys(page)[0])
    assert len(keys(desk.get(address))) == 1
    assert "1935" in kept()
    assert "or 18 carats, diamant" not in kept()


def test_hiding_is_done_and_showing_is_not_where_the_object_has_other_photos_by_now(
    desk: Desk, session: Session, address: str
) -> None:
    page = dropped(desk, address, taken(1, 10), taken(3, 50))
    old, (first, second) = seen(page), keys(page)
    do(desk, address, f"joindre:{second}")
    page = do(desk, address, f"cacher:{first}/period", vu=old, groupe=first, **{f"epoque-{first}": "1930"})
    [key] = keys(page)
    assert page.one(f"#public-period-{key}").get_text(strip=True) == "Caché"
    page = do(desk, address, f"montrer:{first}/period", vu=old)
    assert "Cet objet a changé entre-temps" in page.one("#messages").text
    assert page.one(f"#public-period-{key}").get_text(strip=True) == "Caché"
