"""What the gallery's own form and addresses say is understood by the API too."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from gallery.models import Unit
from gallery.services.cases import TheftWindow
from tests.factories import Factory
from tests.web.public.open_data.test_api import read


@pytest.mark.parametrize(("day", "iso"), [("2026-05-31", "2026-05-31"), ("31/05/2026", "2026-05-31")])
def test_the_day_of_the_theft_is_read_as_the_page_reads_it_and_goes_with_the_next_address(
    client: FlaskClient, make: Factory, unit: Unit, day: str, iso: str
) -> None:
    for window in (TheftWindow(date(2026, 5, 1), date(2026, 5, 31)), TheftWindow(), TheftWindow()):
        make.published(make.case(unit, window=window))
    first = read(client, f"/items?vol={day}&limite=1&autour=31")
    assert (first["total"], f"vol={iso}" in first["next"], "autour=31" in first["next"]) == (3, True, True)
    assert read(client, first["next"])["total"] == 3


def test_what_the_form_of_the_gallery_leaves_empty_says_nothing(client: FlaskClient, make: Factory, unit: Unit) -> None:
    for _ in range(3):
        make.published(make.case(unit))
    empty = "mots=&categorie=&categorie=jewellery&couleur=&vol=&autour=7&tri=&departement="
    for address in (f"/items?{empty}", f"http://localhost/objets.json?{empty}"):
        assert read(client, address)["total"] == 3
    led = client.get(f"/objets?{empty}", headers={"Accept": "application/json"})
    assert read(client, f"http://localhost{led.headers['Location']}")["total"] == 3
