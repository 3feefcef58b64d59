"""A folder is imported whose photos wait in a case, partly hidden."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from gallery.cli.imports import run
from gallery.cli.imports.run import ImportTask
from gallery.errors import ChangedMeanwhile
from gallery.models import ItemStatus, LotPhoto, Officer, Unit
from gallery.services.imports import importing
from gallery.services.imports.importing import ImportedItem
from gallery.services.imports.preparing import PreparedItem
from gallery.services.items import redaction
from gallery.services.items.redaction import RedactedPhoto
from gallery.services.lots import lots, receiving
from gallery.services.transaction import atomic, end_reading
from tests import pictures
from tests.cli.importing.conftest import Command, refused, statuses
from tests.factories import VOUCHED, Factory
from tests.secret_photos import COVER, files_in, secret_photo, telling_files


def let_wait(make: Factory, unit: Unit, officer: Officer) -> LotPhoto:
    case = make.case(unit)
    received = receiving.receive(make.session, make.given, secret_photo(), unit)
    with atomic(make.session) as session:
        return lots.add(session, make.given, case, received, by=officer)


def hide(make: Factory, waiting: LotPhoto, officer: Officer) -> None:
    prepared = redaction.prepare(waiting, [COVER], settings=make.settings, private=make.private)
    with atomic(make.session) as session:
        hidden = RedactedPhoto(prepared, waiting.rendition_digest)
        before = redaction.hide_waiting(session, make.given, waiting, hidden, by=officer)
    redaction.empty(make.session, before, private=make.private, public=make.public)


@pytest.mark.usefixtures("without_pool")
def test_what_is_hidden_of_a_waiting_photo_is_hidden_in_the_object_that_is_imported(
    flask: Command, session: Session, make: Factory, unit: Unit, officer: Officer, folder: Path
) -> None:
    hide(make, let_wait(make, unit, officer), officer)
    (folder / "00.jpg").write_bytes(secret_photo())
    done = flask("import", folder, "--unit", unit.code, "--publish", *VOUCHED, "--undescribed")
    assert done.exit_code == 0, done.output
    assert statuses(session) == {ItemStatus.PUBLISHED: 1}
    assert files_in("public", make)
    assert telling_files(make) == []


def test_what_is_hidden_while_the_import_runs_is_hidden_in_the_object_too(
    flask: Command,
    session: Session,
    make: Factory,
    unit: Unit,
    officer: Officer,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = [let_wait(make, unit, officer)]
    end_reading(session)

    def prepared_meanwhile(
        work: Callable[[ImportTask], PreparedItem], tasks: Iterable[ImportTask]
    ) -> Iterator[PreparedItem]:
        for task in tasks:
            done = work(task)
            if waiting:
                hide(make, waiting.pop(), officer)
                end_reading(session)
            yield done

    monkeypatch.setattr(run, "in_processes", prepared_meanwhile)
    (folder / "00.jpg").write_bytes(secret_photo())
    # Grey, as no part of it is to have the colour of the secret.
    (folder / "01.jpg").write_bytes(pictures.jpeg(pictures.picture(1).convert("L").convert("RGB")))
    done = flask("import", folder, "--unit", unit.code, "--publish", *VOUCHED, "--undescribed")
    assert done.exit_code == 0, done.output
    assert statuses(session) == {ItemStatus.PUBLISHED: 2}
    assert telling_files(make) == []


@pytest.mark.usefixtures("without_pool")
def test_an_object_that_is_changed_again_and_again_is_named_and_the_others_are_imported(
    flask: Command, session: Session, unit: Unit, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = importing.add

    def hindered(session: Session, prepared: PreparedItem, *args: Any, **options: Any) -> ImportedItem:
        if prepared.planned.photos[0].name == "00.jpg":
            raise ChangedMeanwhile
        return add(session, prepared, *args, **options)

    monkeypatch.setattr(importing, "add", hindered)
    for seed in range(2):
        (folder / f"{seed:02}.jpg").write_bytes(pictures.jpeg(pictures.picture(seed)))
    done = flask("import", folder, "--unit", unit.code, "--publish", *VOUCHED, "--undescribed")
    (named,) = refused(done)
    assert "00.jpg" in named
    assert named.endswith(": someone else changed it at the same time; run the command again")
    assert statuses(session) == {ItemStatus.PUBLISHED: 1}
