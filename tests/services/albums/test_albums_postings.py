from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from gallery.errors import ItemNotFound, PostingNotFound, PostingOnline
from gallery.models import DOUBTFUL, Case, FacebookPost, Item, Network, Officer, Posting, PostStage, Unit
from gallery.services import audit
from gallery.services.albums import postings
from gallery.services.facebook import outbox
from gallery.services.items import publication
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory

PHOTO = pictures.jpeg(pictures.picture(1))


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


def exported(make: Factory, officer: Officer | None, *items: Item, unit: Unit, later: int = 0) -> Posting:
    with atomic(make.session):
        return postings.record(
            make.session,
            unit,
            postings.ExportedAlbum(
                numbers=[item.public_number for item in items], network=Network.FACEBOOK, title="Vitré"
            ),
            by=officer,
            now=make.now + timedelta(minutes=later),
        )


def withdraw(make: Factory, item: Item) -> None:
    with atomic(make.session):
        publication.withdraw(make.session, item, by=None, now=make.now)


def test_an_export_is_noted_with_its_items(
    make: Factory, session: Session, unit: Unit, case: Case, officer: Officer
) -> None:
    one, two = make.published(case), make.published(case)
    exported(make, officer, two, one, unit=unit)
    (record,) = postings.kept_by(session, unit)
    assert [posted.item for posted in record.posting.items] == [two, one]
    assert (record.posting.officer, record.items, record.due) == (officer, 2, 0)
    assert audit.history(session, one)[0].action == "share"


def test_exporting_the_same_again_is_the_same_posting(
    make: Factory, session: Session, unit: Unit, case: Case, officer: Officer
) -> None:
    item = make.published(case)
    first = exported(make, officer, item, unit=unit)
    assert exported(make, officer, item, unit=unit, later=30) is first
    assert len(postings.kept_by(session, unit)) == 1


@pytest.mark.parametrize("what", ["later", "another officer", "other items", "put online"])
def test_another_export_is_another_posting(
    make: Factory, session: Session, unit: Unit, case: Case, officer: Officer, colleague: Officer, what: str
) -> None:
    item, other = make.published(case), make.published(case)
    first = exported(make, officer, item, unit=unit)
    if what == "put online":
        with atomic(session):
            postings.set_address(first, "https://facebook.example/album")
    by = colleague if what == "another officer" else officer
    items = (item, other) if what == "other items" else (item,)
    exported(make, by, *items, unit=unit, later=90 if what == "later" else 10)
    assert len(postings.kept_by(session, unit)) == 2


ADDRESS = "https://www.facebook.com/media/set/?set=a.123"


def test_a_withdrawn_item_is_to_be_taken_down(make: Factory, session: Session, unit: Unit, case: Case) -> None:
    gone, shown = make.published(case), make.published(case)
    make.posting(gone, shown, address=ADDRESS)
    assert postings.count_due(session, unit) == 0
    withdraw(make, gone)
    assert [record.item for record in postings.due(session, unit)] == [gone]
    assert postings.count_due(session, unit) == 1
    assert postings.kept_by(session, unit)[0].due == 1


def test_what_was_only_downloaded_is_no_warning_and_stays_in_sight(
    make: Factory, session: Session, unit: Unit, case: Case
) -> None:
    online, downloaded = make.published(case), make.published(case)
    exported(make, None, downloaded, unit=unit)
    make.posting(online, address=ADDRESS)
    withdraw(make, downloaded)
    assert postings.count_due(session, unit) == 0
    withdraw(make, online)
    assert [(each.item, each.is_online) for each in postings.due(session, unit)] == [
        (online, True),
        (downloaded, False),
    ]
    assert postings.count_due(session, unit) == 1
    assert [record.due for record in postings.kept_by(session, unit)] == [1, 0]


@pytest.mark.parametrize(
    ("stage", "fault", "is_online"),
    [
        (PostStage.DUE, "", False),
        (PostStage.SENDING, "", True),
        (PostStage.PUBLISHED, "", True),
        (PostStage.STOPPED, DOUBTFUL, True),
        (PostStage.STOPPED, "token", False),
    ],
)
def test_a_post_that_was_sent_counts_as_online_without_its_address(
    make: Factory, session: Session, unit: Unit, case: Case, stage: PostStage, fault: str, is_online: bool
) -> None:
    item = make.published(case)
    posting = make.posting(item)
    with atomic(session):
        session.add(FacebookPost(posting=posting, page_id="1", album={}, stage=stage, fault=fault))
    withdraw(make, item)
    assert [each.is_online for each in postings.due(session, unit)] == [is_online]
    assert postings.count_due(session, unit) == is_online


def test_an_item_published_again_may_stay(make: Factory, session: Session, unit: Unit, case: Case) -> None:
    item = make.published(case)
    make.posting(item, address=ADDRESS)
    withdraw(make, item)
    make.publish(item)
    assert postings.count_due(session, unit) == 0


def test_what_is_ticked_is_no_longer_listed(
    make: Factory, session: Session, unit: Unit, case: Case, officer: Officer
) -> None:
    item = make.published(case)
    posting = exported(make, officer, item, unit=unit)
    withdraw(make, item)
    with atomic(session):
        postings.tick(session, posting, item.public_number, by=officer, now=make.now)
    assert postings.due(session, unit) == []
    assert audit.history(session, item)[0].action == "take_down"


def test_what_was_ticked_and_is_exported_again_is_to_be_taken_down_again(
    make: Factory, session: Session, unit: Unit, case: Case, officer: Officer
) -> None:
    item = make.published(case)
    posting = exported(make, officer, item, unit=unit)
    withdraw(make, item)
    for _ in range(2):
        with atomic(session):
            postings.tick(session, posting, item.public_number, by=officer, now=make.now)
    assert [entry.action for entry in audit.history(session, item)].count("take_down") == 1
    make.publish(item)
    assert exported(make, officer, item, unit=unit, later=30) is posting
    withdraw(make, item)
    assert [each.item for each in postings.due(session, unit)] == [item]


def test_an_item_of_several_postings_is_one_to_take_down_whose_address_comes_first(
    make: Factory, session: Session, unit: Unit, case: Case
) -> None:
    item = make.published(case)
    noted = make.posting(item, address="https://www.facebook.com/media/set/?set=a.123")
    make.now += timedelta(hours=2)
    unknown = make.posting(item)
    withdraw(make, item)
    (record,) = postings.due(session, unit)
    assert [posted.posting for posted in record.posted] == [noted, unknown]
    assert postings.count_due(session, unit) == 1


def test_what_the_press_was_given_is_not_to_be_taken_down(
    make: Factory, session: Session, unit: Unit, case: Case
) -> None:
    item = make.published(case)
    make.posting(item, network=Network.PRESS)
    withdraw(make, item)
    assert (postings.due(session, unit), postings.count_due(session, unit)) == ([], 0)
    assert [record.due for record in postings.kept_by(session, unit)] == [0]


def test_an_item_is_ticked_everywhere_at_once(
    make: Factory, session: Session, unit: Unit, case: Case, officer: Officer
) -> None:
    item, other = make.published(case), make.published(case)
    make.posting(item, other, address=ADDRESS)
    make.posting(item, network=Network.X)
    withdraw(make, item)
    withdraw(make, other)
    with atomic(session):
        postings.tick_everywhere(session, item.public_number, by=officer, now=make.now)
    assert [record.item for record in postings.due(session, unit)] == [other]


def test_another_units_item_is_not_ticked_everywhere(
    make: Factory, session: Session, case: Case, outsider: Officer
) -> None:
    item = make.published(case)
    make.posting(item)
    with pytest.raises(ItemNotFound), atomic(session):
        postings.tick_everywhere(session, item.public_number, by=outsider, now=make.now)


def test_an_item_of_another_posting_is_not_ticked(
    make: Factory, session: Session, unit: Unit, case: Case, officer: Officer
) -> None:
    posting = exported(make, officer, make.published(case), unit=unit)
    with pytest.raises(ItemNotFound), atomic(session):
        postings.tick(session, posting, make.item(case).public_number, by=officer, now=make.now)


def test_a_posting_that_never_went_online_is_forgotten(
    make: Factory, session: Session, unit: Unit, case: Case, officer: Officer
) -> None:
    posting = exported(make, officer, make.published(case), unit=unit)
    with atomic(session):
        outbox.forget(session, posting)
    assert postings.kept_by(session, unit) == []


def test_a_posting_with_an_address_is_not_forgotten(make: Factory, session: Session, case: Case) -> None:
    posting = make.posting(make.published(case), address="https://www.facebook.com/media/set/?set=a.123")
    with pytest.raises(PostingOnline), atomic(session):
        outbox.forget(session, posting)


def test_another_units_posting_is_not_taken(
    make: Factory, session: Session, unit: Unit, case: Case, outsider: Officer
) -> None:
    posting = exported(make, None, make.published(case), unit=unit)
    with pytest.raises(PostingNotFound):
        postings.lock(session, posting.reference, by=outsider)
    assert postings.kept_by(session, outsider.unit) == []


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
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
