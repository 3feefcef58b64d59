"""`flask import` run again: what was deleted stays away, and nothing is mixed up with what was there."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import DeletedPhoto, Item, ItemPhoto, Officer, Unit
from gallery.services.items import deletion
from gallery.services.transaction import atomic
from tests import pictures
from tests.cli.importing.conftest import Command, count, draw, refused
from tests.factories import Factory


@pytest.mark.usefixtures("without_pool")
def test_what_an_officer_has_deleted_stays_away(
    flask: Command, session: Session, unit: Unit, folder: Path, officer: Officer, make: Factory
) -> None:
    draw(folder, 3)
    (folder / "objets.csv").write_text("clé,photos,titre\nB,00.jpg|01.jpg,Bague\n")
    command = ("import", folder, "--unit", unit.code)
    assert flask(*command).exit_code == 0
    assert count(session, Item) == 2
    ring, other = session.scalars(select(Item).order_by(Item.title)).all()
    with atomic(session):
        deletion.delete(session, make.given, ring.photos[1], by=officer)
        deletion.delete(session, make.given, other.photos[0], by=officer)
        session.query(DeletedPhoto).update({"is_condemned": True})
    deletion.destroy(session, private=make.private, public=make.public)
    for words in (("--dry-run",), ()):
        done = flask(*command, *words)
        assert (done.exit_code, len(refused(done))) == (1, 1)
        assert "refused: 02.jpg: an officer deleted this photo" in done.output
        assert "0 items with 0 photos" in done.output
    assert count(session, ItemPhoto) == 1


@pytest.mark.usefixtures("without_pool")
def test_a_key_that_another_folder_used_is_no_reason_to_mix_two_objects(
    flask: Command, session: Session, unit: Unit, folder: Path, tmp_path: Path
) -> None:
    draw(folder, 1)
    (folder / "objets.csv").write_text("clé,photos,titre\n1,00.jpg,Bague\n")
    assert flask("import", folder, "--unit", unit.code).exit_code == 0
    second = tmp_path / "second"
    second.mkdir()
    (second / "00.jpg").write_bytes(pictures.jpeg(pictures.picture(7)))
    (second / "objets.csv").write_text("clé,photos,titre\n1,00.jpg,Montre\n")
    done = flask("import", second, "--unit", unit.code)
    assert count(session, Item) == 1
    number = session.scalars(select(Item.public_number)).one()
    assert (done.exit_code, refused(done)[0]) == (
        1,
        f"refused: objets.csv:2: its clé is that of {number}, which has none of its photos: give it another clé, or, "
        f"where it is that item, {number}",
    )
