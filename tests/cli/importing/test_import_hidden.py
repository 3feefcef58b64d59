"""A folder is imported whose photos wait in a case, partly hidden."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from gallery.models import ItemStatus, Officer, Unit
from gallery.services.items import redaction
from gallery.services.items.redaction import RedactedPhoto
from gallery.services.lots import lots, receiving
from gallery.services.transaction import atomic
from tests.cli.importing.conftest import Command, statuses
from tests.factories import VOUCHED, Factory
from tests.secret_photos import COVER, files_in, secret_photo, telling_files


@pytest.mark.usefixtures("without_pool")
def test_what_is_hidden_of_a_waiting_photo_is_hidden_in_the_object_that_is_imported(
    flask: Command, session: Session, make: Factory, unit: Unit, officer: Officer, folder: Path
) -> None:
    received = receiving.receive(session, secret_photo(), unit, settings=make.settings, private=make.private)
    with atomic(session):
        waiting = lots.add(session, make.given, make.case(unit), received, by=officer)
    prepared = redaction.prepare(waiting, [COVER], settings=make.settings, private=make.private)
    with atomic(session):
        hidden = RedactedPhoto(prepared, waiting.rendition_digest)
        before = redaction.hide_waiting(session, waiting, hidden, by=officer, now=make.now)
    redaction.empty(session, before, private=make.private, public=make.public)
    (folder / "00.jpg").write_bytes(secret_photo())
    done = flask("import", folder, "--unit", unit.code, "--publish", *VOUCHED, "--undescribed")
    assert done.exit_code == 0, done.output
    assert statuses(session) == {ItemStatus.PUBLISHED: 1}
    assert files_in("public", make)
    assert telling_files(make) == []
