"""What a backup notes of the files that it needs."""

from datetime import timedelta

import pytest

from gallery.services.backups import making, vault
from gallery.services.backups.making import BackedUp
from gallery.services.backups.named_files import NamedFile
from gallery.services.backups.vault import Vault
from tests.unit.services.test_backups import NAMED, NOW, made_of
from tests.unit.services.test_backups import kept as kept
from tests.unit.services.test_backups import source as source

DAY = timedelta(days=1)


def test_what_was_copied_again_is_known_as_it_lies_there(source: BackedUp, kept: Vault) -> None:
    """A backup that was broken off has noted a file which a later one found damaged and copied again."""
    broken_off = made_of(source, kept)[0].snapshot
    assert broken_off is not None
    kept.store.delete([f"{vault.SNAPSHOTS}/{broken_off.id}/{vault.COMPLETE}"])
    (name,) = [name for name, _ in kept.names(broken_off)][:1]
    kept.store.put(vault.file_key(name), b"damaged")
    kept.note_read(vault.LastRead(broken_off.id, frozenset({name})))
    again = made_of(source, kept, now=NOW + DAY)[0].snapshot
    last = made_of(source, kept, now=NOW + 2 * DAY)[0].snapshot
    assert again is not None
    assert last is not None
    assert dict(kept.names(last))[name] == dict(kept.names(again))[name] != dict(kept.names(broken_off))[name]


def test_a_file_that_can_be_made_again_is_not_missed(
    source: BackedUp, kept: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    album = NamedFile("albums/absent.zip", in_private=True, may_lack=True)
    monkeypatch.setattr(making, "named_files", lambda _connection: iter([NAMED[0], album]))
    made, _ = made_of(source, kept)
    assert (made.written, list(made.missing), list(made.gone)) == (1, [], [])
