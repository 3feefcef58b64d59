"""What the public will see of an object is said, and changed, in its row of the sorting table."""

from sqlalchemy.orm import Session

from gallery.sealing import Sealer
from gallery.services.items import items
from tests.web.backoffice.desk import Desk
from tests.web.backoffice.sorting.conftest import do, dropped, keys, only_item, taken


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
    page = do(desk, address, "annuler")
    assert page.one(f"#public-materials-{key}").get_text(strip=True) == "Public"
    do(desk, address, f"cacher:{key}/period")
    do(desk, address, f"montrer:{key}/period")
    do(desk, address, f"cacher:{key}/materials")
    do(desk, address, "fiches")
    item = only_item(session)
    assert (item.materials, item.period) == ("", "1930")
    assert "carats" not in item.title
    assert items.open_secrets(item, sealer).withheld == {"materials": "or 18 carats"}


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
