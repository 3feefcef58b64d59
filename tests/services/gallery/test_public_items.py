from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from gallery.errors import ItemNoLongerPublic, ItemNotFound, PhotoNotFound
from gallery.models import Case, Unit
from gallery.services.cases import TheftWindow
from gallery.services.gallery import public_items
from gallery.services.items import publication
from gallery.services.items.items import ItemSecrets
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory

HOUR = timedelta(hours=1)
PHOTO = pictures.jpeg(pictures.picture(1))

PLANTED = ItemSecrets("PLANTED-SERIAL", "PLANTED-EXHIBIT", "PLANTED-DETAIL")


def test_a_published_item_is_found_by_number(make: Factory, unit: Unit, session: Session) -> None:
    item = make.published(make.case(unit), title="Pendentif", colours=("gold",))
    record = public_items.get(session, item.public_number)
    assert (record.title, record.colours, record.unit.departement) == ("Pendentif", ("gold",), "35")
    assert record.cover.of_type(".webp")[0].name == "320.webp"


def test_a_record_holds_nothing_confidential(make: Factory, unit: Unit, session: Session) -> None:
    item = make.published(make.case(unit), secret=PLANTED)
    text = str(asdict(public_items.get(session, item.public_number)))
    assert "PLANTED" not in text
    assert "12345/2026" not in text


def test_a_draft_does_not_exist(make: Factory, unit: Unit, session: Session) -> None:
    item = make.item(make.case(unit), with_photos=1)
    with pytest.raises(ItemNotFound):
        public_items.get(session, item.public_number)
    with pytest.raises(PhotoNotFound):
        public_items.photo_file_key(session, item.photos[0].public_id, "320.jpg")


def test_a_withdrawn_item_is_gone_with_its_photos(make: Factory, unit: Unit, session: Session) -> None:
    item = make.published(make.case(unit))
    with atomic(session):
        publication.withdraw(session, item, by=None, now=make.now)
    with pytest.raises(ItemNoLongerPublic):
        public_items.get(session, item.public_number)
    with pytest.raises(PhotoNotFound):
        public_items.photo_file_key(session, item.photos[0].public_id, "320.jpg")


def test_a_private_photo_of_a_published_item_is_not_found(make: Factory, unit: Unit, session: Session) -> None:
    item = make.published(make.case(unit))
    hidden = make.photo(item)
    assert hidden.public_id not in str(public_items.get(session, item.public_number))
    with pytest.raises(PhotoNotFound):
        public_items.photo_file_key(session, hidden.public_id, "320.jpg")


def test_a_size_that_was_not_made_is_not_found(make: Factory, unit: Unit, session: Session) -> None:
    item = make.published(make.case(unit))
    with pytest.raises(PhotoNotFound):
        public_items.photo_file_key(session, item.photos[0].public_id, "../../originals")


def test_the_newest_come_first(make: Factory, unit: Unit, session: Session) -> None:
    case = make.case(unit)
    numbers = [make.published(case).public_number for _ in range(3)]
    assert [item.public_number for item in public_items.newest(session, limit=2)] == numbers[:0:-1]


def test_categories_are_counted_in_order(make: Factory, unit: Unit, session: Session) -> None:
    case = make.case(unit)
    make.published(case, category="watches")
    make.published(case)
    make.published(case)
    make.item(case, category="tools", with_photos=1)
    assert [(each.code, each.items) for each in public_items.category_counts(session)] == [
        ("jewellery", 2),
        ("watches", 1),
    ]


@pytest.mark.parametrize(
    ("day", "is_meant"),
    [
        pytest.param(date(2026, 2, 28), False, id="more than a month before the first day"),
        pytest.param(date(2026, 3, 1), True, id="31 days before the first day"),
        pytest.param(date(2026, 4, 15), True, id="between both"),
        pytest.param(date(2026, 5, 31), True, id="31 days after the last day"),
        pytest.param(date(2026, 6, 1), False, id="more than a month after the last day"),
    ],
)
def test_memories_of_the_day_of_a_theft_are_a_month_wide_on_both_sides(
    make: Factory, unit: Unit, session: Session, day: date, is_meant: bool
) -> None:
    item = make.published(make.case(unit, window=TheftWindow(date(2026, 4, 1), date(2026, 4, 30))))
    assert (item.id in public_items.ids_stolen_about(session, day)) is is_meant


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
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
