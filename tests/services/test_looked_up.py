"""What is looked up of albums, addresses, the gallery and cases of an import: all of it, in order, and of whom."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery.errors import AccountRefused, ItemNotFound, NoLongerInAlbum, PhotoNotFound, PostingNotFound
from gallery.models import Case, Item, ItemStatus, Network, Officer, Unit
from gallery.sealing import Sealer
from gallery.services import revision
from gallery.services.albums import compose, postings, seen_addresses
from gallery.services.albums.compose import Edits, Surroundings
from gallery.services.albums.seen_addresses import Seen, SeenAddress
from gallery.services.cases import CaseSecrets, TheftWindow
from gallery.services.gallery import browsing, public_items
from gallery.services.gallery.gallery_index import Filters, Sort
from gallery.services.gallery.public_gallery import PublicGallery
from gallery.services.imports import destination as destinations
from gallery.services.imports import importing, preparing
from gallery.services.imports.destination import Authorisation, Destination, FoundCase
from gallery.services.imports.importing import Outcome
from gallery.services.imports.plan import PlannedItem
from gallery.services.imports.recognition import Listed
from gallery.services.imports.weighing import Weighing
from gallery.services.items import publication
from gallery.services.items.items import ItemDescription, ItemSecrets
from gallery.services.items.lists import Narrowed
from gallery.services.people import false_accounts, official_accounts
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import AUTHORISED, Factory

HOUR = timedelta(hours=1)
PHOTO = pictures.jpeg(pictures.picture(1))
AROUND = Surroundings("https://objets.example.fr", "Ille-et-Vilaine", lambda first, last: f"{first}/{last}")
# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


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


def test_cases_of_a_number_are_of_one_unit_or_of_all(
    session: Session, make: Factory, unit: Unit, outsider: Officer, sealer: Sealer
) -> None:
    ours, theirs = (make.case(of, CaseSecrets(case_number="7/2026")) for of in (unit, outsider.unit))
    found = compose.cases_of_number(session, "7/2026", unit=None, sealer=sealer)
    assert {each.id for each in found} == {ours.id, theirs.id}
    assert compose.cases_of_number(session, "7/2026", unit=unit, sealer=sealer) == [ours]
    assert compose.cases_of_number(session, "8/2026", unit=None, sealer=sealer) == []


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


def test_an_address_is_an_account_a_post_or_an_imitation(
    session: Session, make: Factory, case: Case, unit: Unit, officer: Officer
) -> None:
    item, now = make.published(case, PHOTO), make.now
    with atomic(session):
        official_accounts.add(session, unit, "https://www.facebook.com/gendarmerie35", by=officer, now=now)
        false_accounts.add(session, make.given, "https://x.com/faux35", "", by=officer)
    post = "https://www.facebook.com/permalink.php?story_fbid=77&id=5"
    make.posting(item, address=post)
    name = unit.name

    def look(text: str) -> SeenAddress:
        return seen_addresses.look_up(session, text)

    for text, seen, of in (
        ("facebook.com/Gendarmerie35", Seen.OUR_ACCOUNT, name),
        ("https://m.facebook.com/gendarmerie35/", Seen.OUR_ACCOUNT, name),
        (post, Seen.OUR_POST, name),
        ("https://www.facebook.com/gendarmerie35/posts/1", Seen.ON_OUR_ACCOUNT, name),
        ("https://www.facebook.com/other/posts/1", Seen.UNKNOWN, ""),
        ("https://x.com/faux35", Seen.FALSE_ACCOUNT, ""),
        ("https://x.com/faux35/status/1", Seen.FALSE_ACCOUNT, ""),
        ("https://x.com/vrai35", Seen.UNKNOWN, ""),
        ("https://nowhere.example/gendarmerie35", Seen.UNKNOWN, ""),
    ):
        assert look(text) == SeenAddress(text, seen, of), text
    imitated = look("https://faceb00k.com/gendarmerie35")
    assert (imitated.seen, imitated.unit, bool(imitated.imitated)) == (Seen.IMITATION, "", True)
    with atomic(session):
        publication.withdraw(session, item, by=officer, now=now)
    assert look(post).seen is Seen.UNKNOWN


def test_a_posting_is_locked_by_its_unit_and_counted_of_an_item(
    session: Session, make: Factory, case: Case, officer: Officer, outsider: Officer
) -> None:
    item, other = make.published(case, PHOTO), make.published(case, PHOTO)
    posting = make.posting(item, other, address="https://x.com/a/status/1", network=Network.X)
    make.posting(item, network=Network.PRESS)
    assert [postings.count_of_item(session, each) for each in (item, make.item(case))] == [1, 0]
    assert postings.lock(session, posting.reference, by=officer) is posting
    pytest.raises(PostingNotFound, postings.lock, session, posting.reference, by=outsider)
    pytest.raises(PostingNotFound, postings.lock, session, "none", by=officer)


def test_the_gallery_is_read_in_pieces_and_loosened(
    session: Session, sessions: sessionmaker[Session], make: Factory, unit: Unit
) -> None:
    gallery = PublicGallery(sessions)
    window = TheftWindow(date(2026, 3, 10), date(2026, 3, 12))
    cases = make.case(unit), make.case(unit, AUTHORISED, window), make.case(unit)
    for title, of in zip(("alpha", "bravo", "charlie"), cases, strict=True):
        make.now += HOUR
        item = make.published(of, PHOTO, title=title, brand="Lip")
    pieces = list(browsing.in_pieces(session, gallery, Filters(), sort=Sort.NEWEST, size=2))
    assert [[each.title for each in piece] for piece in pieces] == [["charlie", "bravo"], ["alpha"]]
    assert list(browsing.in_pieces(session, gallery, Filters(text="zèbre"), sort=Sort.NEWEST, size=2)) == []
    counts = browsing.units(session, gallery)
    assert [(each.unit.code, each.items) for each in counts] == [(unit.code, 3)]
    similar = browsing.similar(session, gallery, item.public_number, limit=1)
    assert [len(similar), item.public_number in {each.public_number for each in similar}] == [1, False]
    on = Filters(stolen_on=date(2026, 3, 20))
    assert browsing.looser(session, gallery, Filters(text="zèbre")) is None
    loosened = browsing.looser(session, gallery, replace(on, text="bravo"))
    assert loosened is not None
    assert (loosened.filters.margin_days, loosened.items) == (31, 1)
    assert browsing.looser(session, gallery, replace(on, text="bravo", margin_days=183)) is None


def test_an_item_is_previewed_as_it_would_be_shown(session: Session, make: Factory, case: Case, unit: Unit) -> None:
    draft, shown = make.item(case, title="x", with_photos=1), make.published(case, PHOTO)
    later = make.now + HOUR
    assert public_items.preview(session, draft, now=later).published_at == later
    assert public_items.preview(session, shown, now=later).published_at == make.now
    assert len(public_items.preview(session, draft, now=later).photos) == 1
    both = [draft.id, shown.id]
    assert list(public_items.by_ids(session, both)) == [shown.id]
    numbers = [draft.public_number, shown.public_number]
    assert list(public_items.by_numbers(session, numbers)) == [shown.public_number]
    by_code = public_items.categories_by_code(session)
    assert ("jewellery" in by_code, "weapons" in by_code) == (True, False)
    assert public_items.ids_in_category(session, "jewellery") == {shown.id}
    assert public_items.returned(session) == 0
    with atomic(session):
        publication.hand_back(session, shown, by=None, now=later)
    assert public_items.returned(session) == 1


def test_the_revision_is_read_past_any_transaction(session: Session, sessions: sessionmaker[Session]) -> None:
    before = revision.committed(sessions)
    revision.touch(session)
    assert revision.current(session) == before + 1
    session.commit()
    assert revision.committed(sessions) == before + 1


@pytest.fixture
def destination(make: Factory, unit: Unit) -> Destination:
    return Destination(make.given, unit.code, publish=True)


def test_cases_are_foreseen_as_they_would_be(
    session: Session, make: Factory, unit: Unit, destination: Destination
) -> None:
    known, allowed = make.case(unit, CaseSecrets("PV 1")), make.case(unit, replace(AUTHORISED, case_number="PV 2"))
    leave = Authorisation("Mme la procureure", "2026-10-01")
    wanted = {"pv1": None, "PV 1": leave, "PV 2": None, "PV 3": None, "PV 4": leave}
    assert destinations.foresee_cases(session, wanted, destination=destination) == {
        "pv1": FoundCase(known.id, False),
        "PV 1": FoundCase(known.id, True),
        "PV 2": FoundCase(allowed.id, True),
        "PV 3": FoundCase(None, False),
        "PV 4": FoundCase(None, True),
    }
    assert "weapons" in destinations.never_public_categories(session)
    assert "jewellery" not in destinations.never_public_categories(session)


def test_an_import_is_weighed_as_it_would_be_written(
    session: Session, make: Factory, case: Case, destination: Destination, tmp_path: Path
) -> None:
    for seed in (1, 2):
        (tmp_path / f"{seed}.jpg").write_bytes(pictures.jpeg(pictures.picture(seed)))
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    read = partial(preparing.read_photo, settings=make.settings)

    def planned(*names: str, key: str | None = "K") -> PlannedItem:
        title = "Bague" if key else "Objet retrouvé"
        return PlannedItem(
            ":2", key, tuple(tmp_path / name for name in names), "jewellery", "PV", ItemDescription(title=title),
            ItemSecrets(), is_listed=key is not None, has_own_key=key is not None,
        )  # fmt: skip

    def examined(*names: str, key: str | None = "K") -> preparing.ExaminedItem:
        return preparing.examine(planned(*names, key=key), read=read, settings=make.settings)

    first = examined("1.jpg", "bad.jpg", "gone.jpg")
    assert (len(first.digests), [each.source for each in first.refusals]) == (1, [":2 bad.jpg", ":2 gone.jpg"])
    weighing = Weighing(session, destination, Listed())
    new = weighing.weigh(first, ("category_never_public",))
    assert (new.outcome, new.photos, new.obstacles, new.is_new) == (Outcome.NEW, 1, ("category_never_public",), True)
    # The row after it, of the same name, is the item that this one would make.
    again = weighing.weigh(examined("1.jpg", "2.jpg"), ())
    assert (again.outcome, again.photos, again.is_new) == (Outcome.KNOWN, 1, False)
    quiet = Weighing(session, replace(destination, publish=False), Listed())
    assert quiet.weigh(first, ("category_never_public",)).obstacles == ()

    prepared = preparing.prepare(
        planned("1.jpg", key=None), read=read, settings=make.settings, private=make.private, public=None
    )
    with atomic(session):
        made = importing.add(session, prepared, case.id, destination=destination)
    described = Weighing(session, destination, Listed()).weigh(examined("1.jpg", "2.jpg"), ("case_not_authorised",))
    assert (described.outcome, described.public_number, described.photos) == (
        Outcome.DESCRIBED, made.public_number, 1,
    )  # fmt: skip
    # It stays in its own case, which is authorised.
    assert described.obstacles == ()
    with atomic(session):
        imported = importing.add(
            session,
            preparing.prepare(planned("1.jpg"), read=read, settings=make.settings, private=make.private, public=None),
            case.id,
            destination=destination,
            listed=Listed(),
        )
    assert (imported.outcome, imported.photos, imported.obstacles) == (Outcome.DESCRIBED, 0, ())
    assert session.get_one(Item, session.query(Item.id).scalar()).title == "Bague"


def test_an_imitated_address_is_told_with_what_it_imitates(session: Session) -> None:
    with pytest.raises(AccountRefused) as refused:
        seen_addresses.account_addresses.read("https://faceb00k.com/x")
    assert seen_addresses.look_up(session, "faceb00k.com/x").imitated == refused.value.imitated
