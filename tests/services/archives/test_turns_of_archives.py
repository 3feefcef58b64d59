"""Archives take their turns: one that can't be read keeps no other waiting."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import ArchiveState, GivenArchive
from gallery.services.rests import LONGEST
from gallery.services.transaction import end_reading
from gallery.storage import archive_key
from gallery.worker import Worker
from tests.factories import Factory
from tests.services.archives.conftest import Give


def test_an_archive_that_cannot_be_read_keeps_no_later_one_waiting(
    session: Session, give: Give, worker: Worker, make: Factory
) -> None:
    unreadable = give()
    path = Path(make.settings.private_store_address, archive_key(unreadable))
    # What reading a link to itself answers is an error of the disk; the superuser reads any file.
    path.unlink()
    path.symlink_to(path)
    readable = give()
    for _ in range(3):
        worker._attempt(worker.advance_archive, "take an archive over")
        make.now += LONGEST
    end_reading(session)
    states = dict(session.execute(select(GivenArchive.reference, GivenArchive.state)).tuples().all())
    assert states == {unreadable: ArchiveState.READING, readable: ArchiveState.READ}
