"""How the tests of restoring ended: noted beside the backups, since the machine that has their key sees no database.

restore-tests/20261201T050312.000000Z-passed   empty: the name says all; whoever lists the backups may read it
"""

import re
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.orm import Session

from gallery.services import audit
from gallery.services.audit import RestoreTest
from gallery.services.backups.vault import Vault

FOLDER: Final = "restore-tests"
NOTE: Final = re.compile(rf"{FOLDER}/(\d{{8}}T\d{{6}}\.\d{{6}})Z-(passed|failed)")


def note(of: Vault, test: RestoreTest) -> None:
    """Note beside the backups how a test of the newest one ended; raises Outage where nothing can be written."""
    of.store.put(f"{FOLDER}/{test.at:%Y%m%dT%H%M%S.%fZ}-{'passed' if test.has_passed else 'failed'}", b"")


def last_noted(of: Vault) -> RestoreTest | None:
    """The last test that was noted beside the backups; None when none was."""
    found = filter(None, (NOTE.fullmatch(file.key) for file in of.store.files(FOLDER)))
    newest = max(found, key=lambda each: each[1], default=None)
    if newest is None:
        return None
    return RestoreTest(datetime.strptime(newest[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), newest[2] == "passed")


def take_over(session: Session, of: Vault) -> None:
    """Write into the journal, where monitors see it, the last test beside the backups, unless it is there already."""
    noted, known = last_noted(of), audit.last_restore_test(session)
    if noted is not None and (known is None or noted.at > known.at):
        audit.record_restore_test(session, noted)
