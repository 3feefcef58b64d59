from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Case, Item, Officer, Unit
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.cases import CaseSecrets
from gallery.services.days import day_in_paris
from gallery.services.transaction import end_reading
from tests.factories import Factory
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk, filled

WRITTEN = {
    "case_number": "01234/00567/2026",
    "theft_from": "2026-03-01",
    "theft_until": "2026-03-09",
    "discovered_on": "2026-04-02",
    "discovery_place": "Box 12, zone de la Haie",
    "authorised_by": "M. le procureur de Rennes",
    "authorised_on": "2026-05-04",
    "authorised_scope": "Les vélos seulement",
    "notes": "Voir aussi\nl’affaire de Fougères.",
}


def opened(desk: Desk, **changes: str) -> str:
    """Open a case through its form, and return its address."""
    answer = desk.fill("/affaires/nouvelle", WRITTEN | changes)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_it_works(desk: Desk) -> None:
    page = desk.get(opened(desk))
    assert page.one("h1").get_text() == "Affaire 01234/00567/2026"
    for words in ("Box 12, zone de la Haie", "M. le procureur de Rennes le 4 mai 2026", "entre le 1er mars 2026",
                  "Elle couvre : Les vélos seulement"):  # fmt: skip
        assert words.lower() in page.text.lower()


def test_the_list_shows_the_units_cases_with_their_leave_to_publish(desk: Desk, make: Factory, unit: Unit) -> None:
    make.item(make.case(unit))
    make.case(unit, CaseSecrets(case_number="99/2026"))
    rows = [row.get_text(" ", strip=True) for row in desk.get("/affaires").all("tbody tr")]
    assert "99/2026" in rows[0]
    assert "non autorisée 0 objet" in rows[0]
    assert "autorisée 1 objet" in rows[1]


def test_a_list_has_pages_and_says_where_it_ends(
    desk: Desk, make: Factory, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "PAGE_SIZE", 1)
    for _ in range(2):
        make.case(unit)
    for path in ("/affaires", "/photos"):
        assert desk.get(path).one("nav[aria-label=Pages] [rel=next]")["href"] == f"{path}?page=2"
        page = desk.get(f"{path}?page=3")
        assert page.one("main .message a")["href"] == path
        assert "Aucune affaire sur cette page." in page.text


def test_a_unit_without_case_is_told_how_to_begin(desk: Desk) -> None:
    page = desk.get("/affaires")
    assert "n’a encore aucune affaire" in page.text
    assert not page.all("table")


def test_a_colleague_sees_it_and_another_unit_does_not(
    desk: Desk, sign_in: SignIn, colleague: Officer, outsider: Officer
) -> None:
    address = opened(desk)
    assert "01234/00567/2026" in Desk(sign_in(colleague)).get("/affaires").text
    assert "01234" not in Desk(sign_in(outsider)).get("/affaires").text
    assert sign_in(outsider).get(address).status_code == 404


def test_it_counts_its_items_by_where_they_stand(desk: Desk, make: Factory, case: Case) -> None:
    make.item(case)
    make.published(case)
    page = desk.get(f"/affaires/{case.reference}")
    assert "2 objets : brouillon 1, publié 1" in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"case_number": "  "}, "Donnez le numéro de procédure."),
        ({"theft_until": "2026-02-01"}, "Cette date précède le début"),
        ({"authorised_by": ""}, "Dites aussi qui a autorisé"),
        ({"authorised_scope": ""}, "Dites ce que couvre l’autorisation."),
        ({"authorised_on": ""}, "Donnez aussi la date de l’autorisation."),
        ({"discovered_on": "2026-02-31"}, "Cette date n’existe pas."),
        ({"discovered_on": "2999-01-01"}, "Cette date est dans l’avenir."),
        ({"discovered_on": "0226-01-01"}, "Vérifiez l’année"),
        ({"discovery_place": "x" * 241}, "Ce texte est trop long"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_is_wrong_is_said_beside_its_field(desk: Desk, changes: dict[str, str], sentence: str) -> None:
    answer = desk.fill("/affaires/nouvelle", WRITTEN | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert "n’a encore aucune affaire" in desk.get("/affaires").text


def test_a_change_is_kept_and_written_in_the_history(desk: Desk) -> None:
    address = opened(desk)
    desk.fill(f"{address}/modifier", {"discovery_place": "Grange de Betton"})
    page = desk.get(address)
    assert "Grange de Betton" in page.text
    assert "a modifié : lieu de découverte" in page.one(".history").get_text()


def test_the_edit_form_holds_what_is_kept(desk: Desk) -> None:
    form = filled(desk.get(f"{opened(desk)}/modifier"))
    assert {name: form[name] for name in WRITTEN} == WRITTEN


def test_the_second_of_two_officers_is_told_and_nothing_is_overwritten(
    desk: Desk, sign_in: SignIn, colleague: Officer
) -> None:
    address = opened(desk)
    mine = filled(desk.get(f"{address}/modifier"))
    Desk(sign_in(colleague)).fill(f"{address}/modifier", {"discovery_place": "Grange de Betton"})
    answer = desk.client.post(f"{address}/modifier", data=mine | {"notes": "À relire."})
    assert answer.status_code == 409
    assert "Un collègue a modifié" in answer.text
    assert "Grange de Betton" in answer.text
    assert "À relire." in answer.text
    assert "À relire." not in desk.get(address).text


def test_the_leave_stays_while_items_are_public(desk: Desk, published: Item, case: Case) -> None:
    answer = desk.fill(f"/affaires/{case.reference}/modifier", {"authorised_by": "", "authorised_on": ""})
    assert answer.status_code == 422
    assert "retirez-les d’abord" in answer.text


@pytest.mark.parametrize(
    "typed",
    ["3/1/25", "03.01.2025", "3 janvier 2025", "le 3 janv. 25", " 2025-01-03 ", "0025-01-03", "2025-1-3", "03012025"],
)
def test_a_day_is_read_as_it_is_typed(desk: Desk, typed: str) -> None:
    assert "3 janvier 2025" in desk.get(opened(desk, theft_from=typed)).text


@pytest.mark.parametrize("typed", ["31 février 2025", "31/02/2025", "hier", "2025", "3/13/2025"])
def test_what_is_no_day_is_told_with_how_to_write_one(desk: Desk, typed: str) -> None:
    answer = desk.fill("/affaires/nouvelle", WRITTEN | {"theft_from": typed})
    assert answer.status_code == 422
    assert "Écrivez-la ainsi\xa0: 29/11/2026." in answer.text


def test_today_in_paris_is_not_in_the_future(desk: Desk) -> None:
    opened(desk, discovered_on=day_in_paris(datetime.now(UTC)).isoformat())


@pytest.mark.parametrize("version", ["", "x", "99"])
def test_a_form_of_no_known_version_changes_nothing(desk: Desk, version: str) -> None:
    address = opened(desk)
    answer = desk.fill(f"{address}/modifier", {"version": version, "notes": "forcé"})
    assert answer.status_code in (409, 422)
    assert "forcé" not in desk.get(address).text


def test_a_new_case_offers_to_cover_everything_and_keeps_it_only_with_a_magistrate(
    desk: Desk, session: Session, sealer: Sealer
) -> None:
    form = filled(desk.get("/affaires/nouvelle"))
    assert form["authorised_scope"] == "Tous les objets de l’affaire"
    desk.client.post("/affaires/nouvelle", data=form | {"case_number": "1/2026"})
    end_reading(session)
    (case,) = session.scalars(select(Case)).all()
    assert cases.open_secrets(case, sealer).authorised_scope == ""


def test_an_authorisation_without_scope_asks_for_it(desk: Desk, case: Case) -> None:
    page = desk.get(f"/affaires/{case.reference}")
    assert page.all("a[href$='#authorised_scope']")
