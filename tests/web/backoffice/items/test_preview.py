from gallery.models import Case, Item
from gallery.services.items.items import ItemSecrets
from tests.factories import Factory
from tests.web.backoffice.desk import Desk, filled


def test_it_works(desk: Desk, make: Factory, case: Case) -> None:
    item = make.item(case, with_photos=2, brand="Lip")
    page = desk.get(f"/objets/{item.public_number}/apercu")
    assert "n’est pas publié." in page.one("[role=note]").get_text()
    assert "Lip" in page.text
    assert "Groupement de gendarmerie" in page.text
    assert len(page.all(".photo-viewer img")) == 2
    assert page.one(".big-number").get_text() == item.public_number
    source = str(page.all(".photo-viewer img")[0]["src"])
    assert desk.client.get(source).status_code == 200


def test_nothing_confidential_and_no_hidden_photo_is_in_it(desk: Desk, make: Factory, case: Case) -> None:
    item = make.item(case, with_photos=2, secret=ItemSecrets("SN-4471", "S-12", "cheveu blond"))
    hidden = item.photos[0].public_id
    desk.do(f"/objets/{item.public_number}/photos/choisies", {"geste": "masquer", "photos": hidden})
    html = desk.get(f"/objets/{item.public_number}/apercu").answer.text
    for secret in ("SN-4471", "S-12", "cheveu", "12345/2026", hidden):
        assert secret not in html


def test_an_item_without_photo_can_be_looked_at_too(desk: Desk, make: Factory, case: Case) -> None:
    page = desk.get(f"/objets/{make.item(case).public_number}/apercu")
    assert "ne peut pas encore l’être" in page.text
    assert "Aucune photo n’est visible du public." in page.text


def test_a_duplicate_begins_with_what_is_public(desk: Desk, make: Factory, case: Case) -> None:
    item = make.item(case, category="watches", brand="Lip", colours=("gold",), with_photos=1,
                     secret=ItemSecrets("SN-4471", "S-12", "cheveu blond"))  # fmt: skip
    form = filled(desk.get(f"/objets/nouveau?comme={item.public_number}"))
    assert (form["title"], form["brand"], form["colours"]) == (item.title, "Lip", ["gold"])
    assert (form["category"], form["case"]) == ("watches", case.reference)
    assert (form["serial_number"], form["exhibit_number"], form["withheld_details"]) == ("", "", "")


def test_a_duplicate_keeps_hidden_what_its_model_does_and_not_its_words(desk: Desk, make: Factory, case: Case) -> None:
    secret = ItemSecrets(withheld={"materials": "or 18 carats"})
    item = make.item(case, category="tools", period="1930", secret=secret)
    form = filled(desk.get(f"/objets/nouveau?comme={item.public_number}"))
    assert (form["withhold_materials"], form["materials"], form["period"]) == (["y"], "", "1930")
    assert "withhold_period" not in form


def test_nothing_is_recorded_before_the_duplicate_is_sent(desk: Desk, item: Item) -> None:
    desk.get(f"/objets/nouveau?comme={item.public_number}")
    assert len(desk.get("/objets").all("tbody tr")) == 1


def test_a_duplicate_of_nothing_is_not_found(desk: Desk, item: Item) -> None:
    desk.get("/objets/nouveau?comme=35-AAAA-A", status=404)
