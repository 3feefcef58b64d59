from collections.abc import Callable
from dataclasses import replace

import pytest

from gallery.errors import PublicationRefused
from gallery.models import Item, ItemStatus, Officer, Unit
from gallery.services.cases import CaseSecrets
from gallery.services.items import categories, deletion, items, publication
from gallery.services.items.items import ItemSecrets, WrittenItem
from gallery.services.items.obstacles import Obstacle
from gallery.services.items.renditions import keys_of
from gallery.services.transaction import atomic
from tests.factories import Factory


def without_photo(make: Factory, unit: Unit) -> Item:
    return make.item(make.case(unit))


def never_public(make: Factory, unit: Unit) -> Item:
    return make.item(make.case(unit), category="weapons", with_photos=1)


def not_authorised(make: Factory, unit: Unit) -> Item:
    return make.item(make.case(unit, CaseSecrets(case_number="7/2026")), with_photos=1)


def only_a_private_photo(make: Factory, unit: Unit) -> Item:
    item = make.item(make.case(unit), with_photos=1)
    with atomic(make.session):
        item.photos[0].is_private = True
    return item


def of_an_unreachable_unit(make: Factory, unit: Unit) -> Item:
    item = make.item(make.case(unit), with_photos=1)
    with atomic(make.session):
        item.unit.public_phone = item.unit.public_email = ""
    return item


def with_a_telling_title(make: Factory, unit: Unit) -> Item:
    secret = ItemSecrets(withheld={"materials": "or 18 carats, diamant"})
    return make.item(make.case(unit), title="Bague en or 18 carats", secret=secret, with_photos=1)


@pytest.mark.parametrize(
    ("made", "obstacle"),
    [
        (without_photo, Obstacle.NO_PUBLIC_PHOTO),
        (only_a_private_photo, Obstacle.NO_PUBLIC_PHOTO),
        (never_public, Obstacle.CATEGORY_NEVER_PUBLIC),
        (not_authorised, Obstacle.CASE_NOT_AUTHORISED),
        (of_an_unreachable_unit, Obstacle.UNIT_UNREACHABLE),
        (with_a_telling_title, Obstacle.TELLING_TITLE),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_an_item_that_may_not_be_public_is_refused(
    make: Factory, unit: Unit, made: Callable[[Factory, Unit], Item], obstacle: Obstacle
) -> None:
    item = made(make, unit)
    with pytest.raises(PublicationRefused) as refusal:
        make.publish(item)
    assert refusal.value.obstacles == (obstacle,)
    assert item.status is ItemStatus.DRAFT


def test_publishing_copies_the_public_photos_to_the_public_store(make: Factory, unit: Unit) -> None:
    item = make.item(make.case(unit), with_photos=2)
    with atomic(make.session):
        item.photos[1].is_private = True
    shown, hidden = item.photos
    assert not make.public.holds(keys_of(shown)[0])
    make.publish(item)
    assert all(make.public.holds(key) for key in keys_of(shown))
    assert not any(make.public.holds(key) for key in keys_of(hidden))


def test_publishing_twice_keeps_the_first_date(make: Factory, unit: Unit) -> None:
    item = make.published(make.case(unit))
    version = item.version
    make.publish(item)
    assert item.version == version


def test_a_withdrawn_item_can_be_published_again(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.published(make.case(unit))
    with atomic(make.session):
        publication.withdraw(make.session, item, by=officer, now=make.now)
    assert item.status is ItemStatus.WITHDRAWN
    assert make.publish(item).status is ItemStatus.PUBLISHED


def test_a_photo_added_to_a_published_item_waits_as_private(make: Factory, unit: Unit) -> None:
    item = make.published(make.case(unit))
    assert make.photo(item).is_private


def test_the_last_public_photo_of_a_published_item_stays(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.published(make.case(unit))
    with pytest.raises(PublicationRefused), atomic(make.session):
        deletion.delete(make.session, make.given, item.photos[0], by=officer)
    assert len(item.photos) == 1


HIDDEN = ItemSecrets(withheld={"materials": "or 18 carats, diamant", "object_type": "bijou"})


def retitle(make: Factory, item: Item, title: str, *, by: Officer, secret: ItemSecrets = HIDDEN) -> None:
    with atomic(make.session) as session:
        written = WrittenItem(
            item.case, item.category, replace(items.description_of(item), title=title), secret, item.version
        )
        items.edit(session, make.given, item, written, by=by)


@pytest.mark.parametrize("title", ["Bague or 18 carats", "Bague, diamant"])
def test_a_published_item_gets_no_title_that_tells_what_is_hidden(
    make: Factory, unit: Unit, officer: Officer, title: str
) -> None:
    item = make.published(make.case(unit), title="Bague", secret=HIDDEN)
    with pytest.raises(PublicationRefused) as refusal:
        retitle(make, item, title, by=officer)
    assert refusal.value.obstacles == (Obstacle.TELLING_TITLE,)
    assert (item.title, item.status) == ("Bague", ItemStatus.PUBLISHED)


def test_a_title_that_told_it_before_it_was_hidden_may_stay_and_tell_less_but_no_more(
    make: Factory, unit: Unit, officer: Officer
) -> None:
    item = make.published(make.case(unit), title="Bague or 18 carats, rubis")
    retitle(make, item, "Bague or 18 carats, rubis", by=officer)
    assert publication.told_by_title(item, sealer=make.sealer) == ["or 18 carats"]
    retitle(make, item, "Belle bague or 18 carats", by=officer)
    with pytest.raises(PublicationRefused):
        retitle(make, item, "Belle bague or 18 carats, diamant", by=officer)
    retitle(make, item, "Belle bague", by=officer)
    with pytest.raises(PublicationRefused):
        retitle(make, item, "Belle bague or 18 carats", by=officer)
    shown = replace(HIDDEN, withheld={})
    retitle(make, item, "Belle bague or 18 carats", by=officer, secret=shown)
    assert (item.title, item.status) == ("Belle bague or 18 carats", ItemStatus.PUBLISHED)


def test_a_published_item_comes_to_no_category_without_which_its_title_would_tell_what_is_hidden(
    make: Factory, unit: Unit, officer: Officer
) -> None:
    item = make.published(make.case(unit), title="Bijou ancien", secret=HIDDEN)
    tools = categories.get_by_code(make.session, "tools")
    with pytest.raises(PublicationRefused) as refusal, atomic(make.session) as session:
        items.change_category(session, make.given, item, tools, by=officer)
    assert refusal.value.obstacles == (Obstacle.TELLING_TITLE,)
    assert item.category.code == "jewellery"
    retitle(make, item, "Broche", by=officer)
    with atomic(make.session) as session:
        items.change_category(session, make.given, item, tools, by=officer)
    assert item.category.code == "tools"


def test_what_was_given_back_is_published_only_once_that_is_undone(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.published(make.case(unit))
    with atomic(make.session):
        publication.hand_back(make.session, item, by=officer, now=make.now)
    with pytest.raises(PublicationRefused) as refusal:
        make.publish(item)
    assert refusal.value.obstacles == (Obstacle.HANDED_BACK,)
    with atomic(make.session):
        publication.take_back(make.session, item, by=officer, now=make.now)
    assert make.publish(item).status is ItemStatus.PUBLISHED
