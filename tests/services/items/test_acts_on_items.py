"""Every act on an item and its photos: what is noted of it, what of it the public sees, and where it ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import ItemNotFound, PhotoNotFound, PhotoThereAlready, PublicationRefused
from gallery.models import AuditEntry, Case, DeletedPhoto, Item, Officer, SignatureState, Unit
from gallery.services import audit, revision
from gallery.services.items import categories, deletion, items, photos, signatures
from gallery.services.items.items import ItemSecrets, WrittenItem
from gallery.services.items.renditions import keys_of
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory

HOUR, INSTANT = timedelta(hours=1), timedelta(microseconds=1)
# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


def acts(session: Session, item: Item) -> list[tuple[str, dict[str, object]]]:
    return [(each.action, dict(each.details)) for each in reversed(audit.history(session, item))]


def order(item: Item) -> list[str]:
    return [each.public_id for each in item.photos]


def test_photos_are_placed_shifted_and_put_first(
    session: Session, make: Factory, case: Case, officer: Officer, outsider: Officer
) -> None:
    item, now = make.item(case, with_photos=4), make.now + HOUR
    a, b, c, d = order(item)
    by_id = {each.public_id: each for each in item.photos}
    noted = len(acts(session, item))

    def placed(public_id: str, place: int) -> str:
        with atomic(session):
            photos.place(session, by_id[public_id], order=place, by=officer, now=now)
        session.expire(item)
        assert [each.position for each in item.photos] == [0, 1, 2, 3]
        return "".join("abcd"[[a, b, c, d].index(each)] for each in order(item))

    def shifted(*chosen: str, towards_front: bool) -> str:
        with atomic(session):
            rows = [by_id[each] for each in chosen]
            photos.shift(session, rows, towards_front=towards_front, by=officer, now=now)
        session.expire(item)
        assert [each.position for each in item.photos] == [0, 1, 2, 3]
        return "".join("abcd"[[a, b, c, d].index(each)] for each in order(item))

    assert [placed(d, 1), placed(d, 3), placed(a, 9), placed(a, 0)] == ["dabc", "abdc", "bdca", "abdc"]
    assert [shifted(b, c, towards_front=True), shifted(a, c, towards_front=False)] == ["bacd", "bdac"]
    assert [shifted(b, towards_front=True), shifted(c, towards_front=False)] == ["bdac", "bdac"]
    told = acts(session, item)[noted:]
    assert {action for action, _ in told} == {"place_photo"}
    assert [details["photo"] for _, details in told] == [d, d, a, a, b, a, b, c]
    assert item.updated_at == now
    assert photos.get(item, a) is photos.get_own(session, a, by=officer) is photos.get_seen(session, a, by=officer)
    pytest.raises(PhotoNotFound, photos.get_own, session, a, by=outsider)
    pytest.raises(PhotoNotFound, photos.get_seen, session, a, by=outsider)
    make.publish(item)
    assert photos.get_seen(session, a, by=outsider) is by_id[a]


def test_a_photo_goes_to_another_item_of_which_nobody_has_it(
    session: Session, make: Factory, case: Case, officer: Officer
) -> None:
    source, target, shown = make.item(case, with_photos=2), make.item(case, with_photos=1), make.published(case)
    photo = source.photos[1]
    public_id, sha256 = photo.public_id, photo.original_sha256

    def move(to: Item) -> None:
        with atomic(session):
            photos.move(session, make.at(make.now + HOUR), photo, to, by=officer)

    move(target)
    assert (photo.item, photo.position, photo.is_private, photo.public_id) == (target, 1, False, public_id)
    assert (photo.signature and photo.signature.made_at) == make.now + HOUR
    assert [len(each.photos) for each in (source, target)] == [1, 2]
    assert acts(session, source)[-1] == ("give_photo", {"photo": public_id, "to": target.public_number})
    assert acts(session, target)[-1] == ("receive_photo", {"photo": public_id, "of": source.public_number})
    move(shown)
    # Waits as private; what nobody has seen keeps its address, what somebody has gets another one.
    assert (photo.is_private, photo.public_id) == (True, public_id)
    with atomic(session):
        photos.set_private(session, make.given, photo, is_private=False, by=officer)
        assert photo.shown_at == make.now
        photos.set_private(session, make.at(make.now + HOUR), photo, is_private=False, by=officer)
    assert photo.shown_at == make.now
    move(source)
    assert (photo.public_id != public_id, len(photo.public_id), photo.is_private) == (True, 16, False)
    with atomic(session):
        make.photo(target).original_sha256 = sha256
    pytest.raises(PhotoThereAlready, move, target)
    last = shown.photos[0]
    with pytest.raises(PublicationRefused), atomic(session):
        photos.move(session, make.given, last, target, by=officer)


def test_each_act_on_a_photo_is_noted(session: Session, make: Factory, case: Case, officer: Officer) -> None:
    item, now = make.published(case, *(pictures.jpeg(pictures.picture(seed)) for seed in (1, 2))), make.now + HOUR
    first, second = item.photos
    number, noted = revision.current(session), len(acts(session, item))
    with atomic(session):
        photos.choose_cover(session, item, second, by=officer, now=now)
        photos.set_alt_text(session, first, "le dos", by=officer, now=now)
        photos.set_private(session, make.at(now), second, is_private=True, by=officer)
        photos.set_private(session, make.at(now), second, is_private=False, by=officer)
        photos.set_box(session, first, (0.1, 0.2, 0.3, 0.4), by=officer, now=now)
        photos.set_box(session, first, (0.1, 0.2, 0.3, 0.4), by=officer, now=now)
    turned = photos.prepare_turn(first, quarter_turns=5, settings=make.settings, private=make.private)
    assert (turned.prepared.quarter_turns, turned.seen) == (1, first.rendition_digest)
    with atomic(session):
        photos.turn(session, make.at(now), first, turned, by=officer)
    names = ["choose_cover", "edit_photo", "hide_photo", "show_photo", "box_photo", "turn_photo"]
    on = [second, first, second, second, first, first]
    assert acts(session, item)[noted:] == [
        (name, {"photo": photo.public_id}) for name, photo in zip(names, on, strict=True)
    ]
    assert (item.updated_at, first.alt_text, revision.current(session) > number) == (now, "le dos", True)
    assert first.signature_state is SignatureState.DUE
    assert first.box == pytest.approx([0.6, 0.1, 0.8, 0.3])
    with atomic(session):
        photos.set_box(session, first, None, by=officer, now=now)
    assert (first.box, signatures.box_of(first)) == (None, None)


def test_a_deleted_photo_is_had_back_for_a_day_and_in_its_order(
    session: Session, make: Factory, case: Case, officer: Officer
) -> None:
    item = make.item(case, with_photos=3)
    first, second, _ = item.photos
    ids = [first.public_id, second.public_id]
    for photo, later in ((first, 0), (second, 1)):
        with atomic(session):
            deletion.delete(session, make.at(make.now + later * HOUR), photo, by=officer)
    day = deletion.HAD_BACK_FOR
    assert day == 24 * HOUR

    def left(later: timedelta) -> list[str]:
        return [each.photo.public_id for each in deletion.of_item(session, item, now=make.now + later)]

    # Until its day is over; the last deleted comes first.
    assert left(day - INSTANT) == ids[::-1]
    assert (left(day), left(day + HOUR - INSTANT), left(day + HOUR)) == (ids[1:], ids[1:], [])
    rows = {each.photo.public_id: each for each in session.scalars(select(DeletedPhoto))}
    # Its place when it was deleted.
    assert [rows[each].number for each in ids] == [1, 1]
    assert deletion.count_old(session, now=make.now + day - INSTANT) == 0
    assert deletion.count_old(session, now=make.now + day) == 1
    with atomic(session):
        deletion.condemn(session, item, rows[ids[0]], by=officer, now=make.now)
    assert deletion.count_old(session, now=make.now + day) == 0
    assert acts(session, item)[-1] == ("erase_photo", {"photo": ids[0]})
    assert left(timedelta()) == ids[1:]
    with atomic(session):
        assert deletion.forget_old(session, now=make.now + day + HOUR) == 1
    assert left(timedelta()) == []


def test_what_is_had_back_is_public_where_it_was(session: Session, make: Factory, case: Case, officer: Officer) -> None:
    item = make.published(case, *(pictures.jpeg(pictures.picture(seed)) for seed in (1, 2, 3)))
    draft = make.item(case, with_photos=1)
    hidden = item.photos[2]
    with atomic(session):
        photos.set_private(session, make.given, hidden, is_private=True, by=officer)
    had_back = []
    for photo in (item.photos[1], hidden, draft.photos[0]):
        of, public_id = photo.item, photo.public_id
        with atomic(session):
            deletion.delete(session, make.given, photo, by=officer)
        make.public.delete(keys_of(photo))
        with atomic(session):
            deleted = deletion.get(session, of, public_id, now=make.now)
            back = deletion.restore(session, make.given, of, deleted, by=officer)
        had_back.append((back.is_private, all(make.public.holds(key) for key in keys_of(back))))
        assert acts(session, of)[-1] == ("restore_photo", {"photo": public_id})
    assert had_back == [(False, True), (True, False), (False, False)]


def test_items_are_found_locked_and_listed_beside_each_other(
    session: Session, make: Factory, case: Case, officer: Officer, outsider: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (make.item(case, title=title) for title in "abc")
    make.item(make.case(case.unit), title="elsewhere")
    assert items.MAX_BESIDE == 100
    assert items.beside(session, second) == [(third.public_number, "c"), (first.public_number, "a")]
    monkeypatch.setattr(items, "MAX_BESIDE", 1)
    assert items.beside(session, second) == [(third.public_number, "c")]
    numbers = (first.public_number, second.public_number)
    assert items.lock_both(session, *numbers, by=officer) == (first, second)
    assert items.lock_both(session, *numbers[::-1], by=officer) == (second, first)
    pytest.raises(ItemNotFound, items.lock, session, first.public_number, by=outsider)
    pytest.raises(ItemNotFound, items.lock_both, session, first.public_number, "35-AAAA-A", by=officer)
    seen = list(session.scalars(select(Item.id).where(items.seen_by(outsider))))
    assert seen == []
    make.photo(first)
    make.publish(first)
    assert list(session.scalars(select(Item.id).where(items.seen_by(outsider)))) == [first.id]


def test_what_is_changed_of_an_item_is_named(session: Session, make: Factory, case: Case, officer: Officer) -> None:
    item, other = make.published(case, title="a"), make.case(case.unit)
    watches, weapons = (categories.get_by_code(session, code) for code in ("watches", "weapons"))
    with atomic(session):
        items.change_category(session, make.given, item, item.category, by=officer)
    noted = len(acts(session, item))
    with atomic(session):
        items.change_category(session, make.at(make.now + HOUR), item, watches, by=officer)
    assert acts(session, item)[noted:] == [("edit", {"fields": ["category"]})]
    assert (item.category, item.updated_at) == (watches, make.now + HOUR)
    with pytest.raises(PublicationRefused), atomic(session):
        items.change_category(session, make.given, item, weapons, by=officer)
    session.expire_all()
    description, secret = items.description_of(item), ItemSecrets(withheld={"brand": "Lip", "model": "T18"})
    written = WrittenItem(other, item.category, replace(description, colours=("gold",)), secret, item.version)
    with atomic(session):
        items.edit(session, make.given, item, written, by=officer)
    assert acts(session, item)[-1] == ("edit", {"fields": ["brand", "case", "colours", "model"]})
    assert (item.case, items.description_of(item).colours) == (other, ("gold",))
    # What stays withheld as it was is no change.
    again = replace(written, secret=replace(secret, withheld={"brand": "Lip"}), version=item.version)
    with atomic(session):
        items.edit(session, make.given, item, again, by=officer)
    assert acts(session, item)[-1] == ("edit", {"fields": ["model"]})


def test_a_draft_is_recorded_with_its_keys_and_for_every_process(
    session: Session, make: Factory, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = revision.current(session)
    made = [make.item(case, secret=ItemSecrets("SN-4471", "S-12")) for _ in range(3)]
    assert revision.current(session) == number + 3
    damaged = made.pop(0)
    assert [action for action, _ in acts(session, made[0])] == ["create"]
    keys = ("exhibit_key", "serial_key", "exhibit_look_key", "serial_look_key")
    before = [getattr(made[0], key) for key in keys]
    assert len(set(before)) == 4
    with atomic(session):
        for item in made:
            for key in keys:
                setattr(item, key, None if "look" in key else "")
        damaged.sealed, damaged.exhibit_look_key = b"of another key", None
    monkeypatch.setattr(items, "FILLED_AT_ONCE", 1)
    with atomic(session):
        items.fill_number_keys(session, sealer=make.sealer)
    assert [[getattr(item, key) for key in keys] for item in made] == [before] * 2
    assert damaged.exhibit_look_key is None
    assert session.scalars(select(AuditEntry.action).where(AuditEntry.action == "edit")).all() == []
