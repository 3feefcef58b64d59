import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import AlbumEmpty, ItemNotFound, NoLongerInAlbum, PhotoNotFound
from gallery.models import Case, Item, ItemStatus, Network, Officer, Unit
from gallery.sealing import Sealer
from gallery.services.albums import compose, package
from gallery.services.albums.compose import Edits, Surroundings
from gallery.services.cases import CaseSecrets, TheftWindow
from gallery.services.items import publication
from gallery.services.items.lists import Narrowed
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore
from tests import pictures
from tests.factories import Factory
from tests.unit.sharing.watched import NETWORKS
from tests.web.planted.conftest import CASE_SECRETS, ITEM_SECRETS, MARKS

PHOTO = pictures.jpeg(pictures.picture(1))


def words(first: date | None, last: date | None) -> str:
    return f"de {first} à {last}"


AROUND = Surroundings("https://objets.example.fr", "Ille-et-Vilaine", words)


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


def numbers(*items: Item) -> list[str]:
    return [item.public_number for item in items]


def test_an_album_of_a_unit_has_its_published_items(make: Factory, session: Session, unit: Unit, case: Case) -> None:
    first, second = make.published(case), make.published(case)
    make.item(case, with_photos=1)
    found = compose.of_unit(session, unit)
    assert [item.public_number for item in found] == numbers(second, first)


def test_an_album_of_a_case_has_no_other_items(make: Factory, session: Session, unit: Unit, case: Case) -> None:
    wanted = make.published(case)
    make.published(make.case(unit, CaseSecrets("99/2026", authorised_by="X", authorised_on="2026-10-01")))
    assert [item.public_number for item in compose.of_unit(session, unit, case=case)] == numbers(wanted)


def test_chosen_items_keep_their_order(make: Factory, session: Session, unit: Unit, case: Case) -> None:
    asked = numbers(*reversed([make.published(case) for _ in range(3)]))
    assert [item.public_number for item in compose.of_numbers(session, unit, asked)] == asked


def test_a_draft_is_left_out_or_refused(make: Factory, session: Session, unit: Unit, case: Case) -> None:
    shown, draft = make.published(case), make.item(case, with_photos=1)
    assert len(compose.of_numbers(session, unit, numbers(shown, draft))) == 1
    with pytest.raises(NoLongerInAlbum) as refused:
        compose.all_of_numbers(session, unit, numbers(shown, draft))
    assert refused.value.numbers == (draft.public_number,)


def test_items_of_another_unit_are_left_out(make: Factory, session: Session, unit: Unit, outsider: Officer) -> None:
    theirs = make.published(make.case(outsider.unit))
    assert compose.of_numbers(session, unit, numbers(theirs)) == []


def test_nothing_makes_no_album() -> None:
    with pytest.raises(AlbumEmpty):
        compose.compose([], AROUND)


def test_a_caption_tells_the_number_the_unit_and_the_address(
    make: Factory, session: Session, unit: Unit, case: Case
) -> None:
    item = make.published(case, title="Montre", brand="Lip", model="T18")
    (entry,) = compose.compose(compose.of_unit(session, unit), AROUND).items
    assert entry.caption.splitlines() == [
        "Montre",
        "Lip, T18",
        "Vol commis de 2026-03-01 à 2026-06-27.",
        f"Objet n° {item.public_number}, conservé par : {unit.name}.",
        f"Il est à vous ? https://objets.example.fr/objets/{item.public_number}",
    ]


def test_an_officers_words_replace_those_that_were_proposed(
    make: Factory, session: Session, unit: Unit, case: Case
) -> None:
    first, second = make.published(case), make.published(case)
    album = compose.compose(compose.of_unit(session, unit), AROUND)
    changed = compose.edited(album, Edits(title="Vitré", captions={first.public_number: "La mienne ?"}))
    captions = {item.number: item.caption for item in changed.items}
    assert (changed.title, changed.place) == ("Vitré", "Ille-et-Vilaine")
    assert captions[first.public_number] == "La mienne ?"
    assert second.public_number in captions[second.public_number]


def test_a_private_photo_is_in_no_album(
    make: Factory, session: Session, unit: Unit, case: Case, public: PhotoStore
) -> None:
    item = make.published(case)
    hidden = make.photo(item)
    found = compose.of_unit(session, unit)
    read = compose.photo_reader(session, found, public=public)
    (entry,) = compose.compose(found, AROUND).items
    assert [photo.public_id for photo in entry.photos] == [item.photos[0].public_id]
    with pytest.raises(PhotoNotFound):
        read(hidden.public_id)


@pytest.mark.parametrize("network", NETWORKS)
def test_no_secret_is_in_any_byte_of_a_package(
    make: Factory, session: Session, unit: Unit, officer: Officer, public: PhotoStore, network: str
) -> None:
    case = make.case(unit, CASE_SECRETS, TheftWindow(date(2026, 1, 5), date(2026, 2, 8)))
    original = pictures.jpeg(pictures.picture(1), exif=pictures.exif_with(b"PLANTED-gps"), comment=b"PLANTED-comment")
    item = make.published(case, original, secret=ITEM_SECRETS)
    secret_photo = make.photo(item)
    make.item(case, title="PLANTED-draft", secret=ITEM_SECRETS, with_photos=1)
    gone = make.published(case, title="PLANTED-withdrawn", secret=ITEM_SECRETS)
    with atomic(session):
        publication.withdraw(session, gone, by=officer, now=make.now)

    found = compose.of_unit(session, unit)
    album = package.album_of(found, AROUND)
    digests = compose.photo_digests(session, package.numbers_of(album))
    entries = package.entries(make.given, album, Network(network), digests, made_at=make.now)
    data = b"".join(package.streamed(entries, told=list))
    marks = [*MARKS, secret_photo.public_id.encode(), secret_photo.rendition_digest.encode(), case.reference.encode()]
    with zipfile.ZipFile(BytesIO(data)) as opened:
        contents = [opened.read(name) for name in opened.namelist()]
        assert item.public_number in " ".join(opened.namelist())
    assert not [mark for mark in marks for content in [data, *contents] if mark in content]


def test_a_machine_for_trying_out_leads_to_itself(settings: Settings) -> None:
    assert compose.site_address(settings) == "http://127.0.0.1:5000"
    assert compose.site_address(replace(settings, public_address="https://a.example")) == "https://a.example"


def test_cases_of_a_number_are_found_in_every_unit(
    make: Factory, session: Session, unit: Unit, outsider: Officer, sealer: Sealer
) -> None:
    mine, theirs = make.case(unit), make.case(outsider.unit)
    assert compose.cases_of_number(session, "12345/2026", unit=None, sealer=sealer) == [mine, theirs]
    assert compose.cases_of_number(session, "12345/2026", unit=unit, sealer=sealer) == [mine]
    assert compose.cases_of_number(session, "8/2026", unit=None, sealer=sealer) == []


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_an_album_is_of_a_list_a_photo_or_numbers(
    session: Session, make: Factory, case: Case, unit: Unit, outsider: Officer
) -> None:
    first, second = (make.published(case, PHOTO, title=title) for title in "ab")
    draft = make.item(case, with_photos=1)
    listed = compose.of_list(session, Narrowed((Item.unit_id == unit.id,), ItemStatus.DRAFT))
    assert [each.title for each in listed] == ["b", "a"]
    photo = second.photos[0].public_id
    assert compose.of_photo(session, unit, photo).public_number == second.public_number
    for of, public_id in ((outsider.unit, photo), (unit, draft.photos[0].public_id), (unit, "none")):
        pytest.raises(PhotoNotFound, compose.of_photo, session, of, public_id)
    assert compose.unit_of(session, draft.public_number) is unit
    pytest.raises(ItemNotFound, compose.unit_of, session, "35-AAAA-A")
    numbers = [second.public_number, first.public_number, second.public_number]
    assert [each.title for each in compose.of_numbers(session, unit, numbers)] == ["b", "a"]
    with pytest.raises(NoLongerInAlbum) as gone:
        compose.all_of_numbers(session, unit, [*numbers, "z", draft.public_number])
    assert gone.value.numbers == (draft.public_number, "z")
    assert [each.title for each in compose.all_of_numbers(session, unit, numbers)] == ["b", "a"]
    digests = {each.photos[0].public_id: each.photos[0].rendition_digest for each in (first, second)}
    assert compose.digests_of(session, [*digests, draft.photos[0].public_id]) == digests
    assert compose.photo_digests(session, [first.public_number]) == {first.photos[0].public_id: digests.popitem()[1]}


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_an_album_is_renewed_in_the_officers_words(session: Session, make: Factory, case: Case, unit: Unit) -> None:
    items = [make.published(case, PHOTO, title=title, brand="Lip") for title in "ab"]
    records = compose.of_numbers(session, unit, [each.public_number for each in items])
    album = compose.compose(records, AROUND, code="K7")
    assert (album.page_code, album.page_address.endswith("K7"), album.place) == ("K7", True, "Ille-et-Vilaine")
    assert album.items[0].keywords == ("objet retrouvé", "Bijoux", "Lip", "Ille-et-Vilaine")
    captions = {records[0].public_number: "Mes mots", records[1].public_number: album.items[1].caption + "\r\n"}
    edited = compose.edited(album, Edits(title="Titre", post="Post", captions=captions))
    assert [each.is_edited for each in edited.items] == [True, False]
    assert (edited.title, edited.post, edited.description) == ("Titre", "Post", album.description)
    renewed = compose.renewed(edited, records[:1], AROUND)
    assert (renewed.title, renewed.post, renewed.items[0].caption) == ("Titre", "Post", "Mes mots")
    # A text that nobody has edited says how many there are now.
    assert renewed.description == compose.compose(records[:1], AROUND, code="K7").description != album.description
