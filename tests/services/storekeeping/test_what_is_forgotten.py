"""Each thing that is kept for a time goes at its instant, with its files, and nothing beside it does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import imaging
from gallery.errors import TooManyOrphans
from gallery.models import (
    AlbumExport,
    ArchiveState,
    AuditEntry,
    ExportState,
    FormDraft,
    GivenArchive,
    MailReference,
    Network,
    Officer,
    ReleasedFile,
    SentForm,
    Unit,
)
from gallery.services import forgetting, sweeping
from gallery.services.albums import exports, signing_keys
from gallery.services.facebook import archives
from gallery.services.facebook.archives import ArrivingFile, Choices
from gallery.services.gallery import public_items
from gallery.services.items import categories, leftovers, photos, publication
from gallery.services.mails import references
from gallery.services.people import delays, drafts, false_accounts, sent_forms
from gallery.services.storekeeping import named, ownership, released
from gallery.services.sweeping import Sweep, Swept
from gallery.services.transaction import atomic
from gallery.sharing.authenticity import manifest
from gallery.storage import PhotoStore, archive_key, export_key, original_key, sha256_of
from tests.factories import Factory

INSTANT = timedelta(microseconds=1)
# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def forget(session: Session, make: Factory) -> Callable[..., forgetting.Forgotten]:
    def act(later: timedelta) -> forgetting.Forgotten:
        counted = forgetting.count_old(session, make.settings, now=make.now + later)
        with atomic(session):
            forgotten = forgetting.forget_old(session, make.settings, now=make.now + later)
        assert counted == forgotten
        return forgotten

    return act


def test_archives_and_their_files_go_with_the_drafts(
    session: Session, make: Factory, officer: Officer, forget: Callable[..., forgetting.Forgotten]
) -> None:
    with atomic(session):
        choices = Choices(categories.get_by_code(session, "other"))
        archive = archives.receive(session, choices, ArrivingFile("x" * 200 + ".zip", 3), by=officer, now=make.now)
        sent_forms.keep(session, "d", "35-X", by=officer, now=make.now)
        drafts.keep(session, make.given, "s", {"title": ["x"]}, by=officer)
    assert (len(archive.name), archive.name[-4:]) == (120, ".zip")
    key = archive_key(archive.reference)
    kept_for = timedelta(days=make.settings.draft_days)
    assert forget(kept_for) == forgetting.Forgotten(0, 0, 0, 0, 0, 0, [], [])
    gone = forget(kept_for + INSTANT)
    assert (gone.drafts, gone.archives, gone.keys) == (1, [key], [key])
    assert [session.scalars(select(each)).all() for each in (GivenArchive, SentForm, FormDraft)] == [[], [], []]


def test_attempts_are_forgotten_after_a_day(
    session: Session, make: Factory, forget: Callable[..., forgetting.Forgotten]
) -> None:
    with atomic(session):
        for _ in range(2):
            delays.take(session, "d", free=5, now=make.now)
    assert forget(timedelta(hours=24)).attempts == 0
    assert forget(timedelta(hours=24) + INSTANT).attempts == 1


def exported(session: Session, make: Factory, officer: Officer, **fields: Any) -> AlbumExport:
    plain = {
        "reference": fields["reference"], "unit_id": officer.unit_id, "officer_id": officer.id, "title": "x",
        "network": Network.FACEBOOK, "state": ExportState.READY, "album_digest": "d", "album": {}, "photos": {},
        "total": 1, "asked_at": make.now, "expires_at": make.now + timedelta(hours=1),
    }  # fmt: skip
    with atomic(session):
        row = AlbumExport(**{name: value for name, value in (plain | fields).items() if hasattr(AlbumExport, name)})
        session.add(row)
    return row


def test_a_photo_that_is_public_no_longer_takes_the_files_that_show_it(
    session: Session, make: Factory, officer: Officer, outsider: Officer, forget: Callable[..., forgetting.Forgotten]
) -> None:
    exported(session, make, officer, reference="a", photos={"p": "1"})
    exported(session, make, officer, reference="b", photos={"q": "1"})
    exported(session, make, officer, reference="c", photos={"p": "1"}, state=ExportState.FAILED)
    exported(session, make, outsider, reference="d", photos={"p": "1"})
    assert exports.keys_showing(session, officer.unit, "p") == [export_key("a")]
    assert exports.of_use(session, ["a", "c", "unknown"]) == {"a"}
    assert forget(timedelta(minutes=59)).exports == []
    assert sorted(forget(timedelta(hours=1)).exports) == sorted(map(export_key, "abcd"))


def test_released_files_and_references_are_known_for_their_time(session: Session, make: Factory) -> None:
    with atomic(session):
        released.note(session, ["a", "b"], now=make.now)
        released.note(session, ["b"], now=make.now + timedelta(days=1))
        released.forget_old(session, older_than=make.now + INSTANT)
        references.note(session, "M-OLD", day=make.now.date())
        references.note(session, "M-NEW", day=make.now.date() + timedelta(days=731))
    assert released.among(session, ["a", "b"]) == {"b"}
    assert references.find_day(session, "M-OLD") == make.now.date()
    with atomic(session):
        references.note(session, "M-NEWER", day=make.now.date() + timedelta(days=732))
    assert references.find_day(session, "M-OLD") is None
    assert len(session.scalars(select(MailReference)).all()) == 2
    assert [each.digest for each in session.scalars(select(ReleasedFile))] == ["b"]


def test_no_more_drafts_are_kept_than_fifty(
    session: Session, make: Factory, officer: Officer, colleague: Officer
) -> None:
    with atomic(session):
        drafts.keep(session, make.given, "mine too", {}, by=colleague)
        for number in range(drafts.MAX_KEPT + 1):
            drafts.keep(session, make.at(make.now + timedelta(minutes=number)), f"s{number}", {}, by=officer)
    kept = set(session.scalars(select(FormDraft.subject)))
    assert (len(kept), "s0" in kept, "s1" in kept, "mine too" in kept) == (51, False, True, True)


# The sweep.


@pytest.mark.parametrize(("files", "orphans", "is_refused"), [(99, 1, False), (98, 2, False), (97, 3, True)])
def test_a_sweep_is_refused_where_it_would_take_too_much(
    files: int, orphans: int, is_refused: bool, session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two in a hundred are everyday mishaps; and never more than a hundred."""
    assert (sweeping.MAX_UNEXPLAINED, sweeping.MAX_UNEXPLAINED_SHARE) == (100, 0.02)
    keys = [original_key(sha256_of(bytes([number]))) for number in range(files + orphans)]
    listed = [SimpleNamespace(key=key, modified=make.now - timedelta(days=2)) for key in keys]
    foreign = SimpleNamespace(key="lost+found", modified=make.now - timedelta(days=2))
    young = SimpleNamespace(key=original_key(sha256_of(b"young")), modified=make.now)
    store: Any = SimpleNamespace(files=lambda: [*listed, foreign])
    known = {sha256_of(bytes([number])) for number in range(files)}
    monkeypatch.setattr(named, "among", lambda _session, _keys: known)
    monkeypatch.setattr(ownership, "check", lambda *_: None)
    sweep = Sweep(older_than=make.now - timedelta(days=1), now=make.now)

    def refuse(sweep: Sweep = sweep) -> None:
        sweeping._looked_through(session, store, sweeping.StoreName.PRIVATE, sweep)

    if is_refused:
        with pytest.raises(TooManyOrphans) as refusal:
            refuse()
        assert (refusal.value.unexplained, refusal.value.files) == (3, 100)
        refuse(replace(sweep, approved=True))
    else:
        refuse()
    store.files = lambda: [*listed[:files], young]
    refuse()


def test_what_was_released_or_given_is_explained(
    session: Session, make: Factory, officer: Officer, private: PhotoStore
) -> None:
    orphan, let_go = (original_key(sha256_of(each)) for each in (b"a", b"b"))
    with atomic(session):
        released.note(session, [sha256_of(b"b")], now=make.now)
        choices = Choices(categories.get_by_code(session, "other"))
        archive = archives.receive(session, choices, ArrivingFile("a.zip", 3), by=officer, now=make.now)
        archive.state = ArchiveState.DONE
    keys = [orphan, let_go, archive_key(archive.reference), archive_key("f" * 12)]
    assert sweeping._unexplained(session, keys) == 2
    assert sweeping._useless_archives(session, keys) == ((keys[2],), (keys[3],))
    assert Swept(9, ("a", "b", "c"), [OSError()]).removed == 2


def test_a_sweep_that_removes_nothing_says_as_much_as_one_that_does(
    session: Session, make: Factory, private: PhotoStore
) -> None:
    private.put(original_key(sha256_of(b"x")), b"x")
    ownership.adopt(session, private)
    sweep = Sweep(older_than=make.now + timedelta(days=9999), now=make.now, dry_run=True, approved=True)
    looked, removed = sweeping.sweep_private(session, private, sweep)
    assert (looked.seen + removed.seen, removed.removed, private.holds(original_key(sha256_of(b"x")))) == (1, 1, True)


# What else is read by id or kept beside.


def test_public_photos_are_found_by_their_signatures_and_hidden_ones_are_not(
    session: Session, make: Factory, unit: Unit
) -> None:
    item, draft = make.published(make.case(unit)), make.item(make.case(unit), with_photos=1)
    hidden = make.photo(item)
    shown, secret, drafted = (each.signature.id for each in (item.photos[0], hidden, draft.photos[0]))
    found = public_items.photos_of_signatures(session, [shown, secret, drafted])
    assert {key: each.public_id for key, each in found.items()} == {shown: item.photos[0].public_id}
    assert public_items.photos_of_signatures(session, []) == {}


def test_sizes_of_photos_that_were_public_are_of_those_asked_for(
    session: Session, make: Factory, unit: Unit, officer: Officer
) -> None:
    case = make.case(unit)
    items = [make.published(case), make.published(case), make.item(case, with_photos=1)]
    first, second, draft = (item.photos[0].signature.id for item in items)
    assert public_items.sizes_of_former_photos(session, [first, second, draft]) == {}
    with atomic(session):
        for item in items[:2]:
            publication.withdraw(session, item, by=None, now=make.now)
    sizes = public_items.sizes_of_former_photos(session, [first, draft])
    share = next(each for each in items[0].photos[0].renditions if each.name == "share.jpg")
    assert sizes == {first: (share.width, share.height)}
    with atomic(session):
        photos.move(session, make.given, items[0].photos[0], items[2], by=officer)
    assert public_items.sizes_of_former_photos(session, [first, draft]) == {}


def test_the_files_that_a_photo_has_had_are_known(session: Session, make: Factory, unit: Unit) -> None:
    photo = make.item(make.case(unit), with_photos=1).photos[0]
    digests = leftovers.digests_of(photo, ())
    assert photo.rendition_digest in digests
    # Turned or not, by this version of the renditions and by those before.
    assert len(digests) == 4 * imaging.RENDITION_VERSION
    files = leftovers.Files(photo.original_sha256, frozenset({photo.rendition_digest, "e" * 64}), photo.renditions)
    keys = leftovers.keys_without_row(session, files)
    assert len(keys) == len(photo.renditions)
    assert len(leftovers.keys_without_row(session, files, apart_from=photo)) == 2 * len(photo.renditions) + 1


def test_what_officers_wrote_of_a_false_account_is_theirs(session: Session, make: Factory, officer: Officer) -> None:
    with atomic(session):
        false_accounts.add(session, make.given, "https://x.com/faux", "vu hier", by=officer)
    (noted,) = false_accounts.all_noted(session, sealer=make.sealer)
    assert (noted.account.address, noted.note, noted.reported_at) == ("https://x.com/faux", "vu hier", make.now)
    assert false_accounts.is_any_false(session, ["https://x.com/FAUX"])
    assert not false_accounts.is_any_false(session, ["https://x.com/vrai"])
    with atomic(session):
        false_accounts.withdraw(session, noted.reference, by=officer, now=make.now)
    assert false_accounts.all_noted(session, sealer=make.sealer) == []
    acts = session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.like("%report_account")).order_by(AuditEntry.id)
    )
    assert acts.all() == ["report_account", "unreport_account"]


def test_a_signing_key_is_shown_once_until_it_is_withdrawn(make: Factory, public: PhotoStore) -> None:
    key = make.settings.signing_key
    shown = manifest.public_key_of(key)
    for _ in range(2):
        signing_keys.publish(key, public=public, now=make.now)
    assert signing_keys.public_keys(public) == [shown]
    assert not signing_keys.withdraw("another", public=public)
    assert signing_keys.withdraw(shown, public=public)
    assert not signing_keys.withdraw(shown, public=public)
    assert signing_keys.public_keys(public) == []
