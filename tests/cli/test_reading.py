"""What is read at a terminal: items, one of them, and all that is public."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask.testing import FlaskClient

from gallery.models import Item, ItemPhoto, SignatureState, Unit
from gallery.services.items.items import ItemSecrets
from gallery.services.transaction import atomic
from tests.factories import Factory

Run = Callable[..., Result]


@pytest.fixture
def items(make: Factory, unit: Unit) -> list[Item]:
    """A draft, then two that are published, the newest last."""
    case = make.case(unit)
    draft = make.item(case, title="Brouillon", secret=ItemSecrets(serial_number="SECRET-1"))
    return [draft, make.published(case, title="Bague"), make.published(case, title="Montre", category="watches")]


def test_items_are_listed_newest_first_and_further(flask: Run, items: list[Item]) -> None:
    first = json.loads(flask("list", "--json", "--limit", 2).output)
    assert [each["number"] for each in first] == [items[2].public_number, items[1].public_number]
    further = flask("list", "--limit", 2, "--after", first[-1]["number"])
    assert (further.exit_code, further.output.split()[:2]) == (0, [items[0].public_number, "draft"])


def test_a_list_is_narrowed_and_says_when_it_is_empty(flask: Run, items: list[Item], unit: Unit) -> None:
    found = flask("list", "--unit", unit.code, "--category", "watches", "--status", "published")
    assert [line.split()[0] for line in found.output.splitlines()] == [items[2].public_number]
    nothing = flask("list", "--status", "returned", "--json")
    assert (nothing.exit_code, json.loads(nothing.output)) == (1, [])
    assert flask("list", "--unit", "NONE").exit_code == flask("list", "--after", "x").exit_code == 2


def test_one_is_shown_with_what_keeps_it_from_the_public(flask: Run, make: Factory, items: list[Item]) -> None:
    draft = flask("show", items[0].public_number.lower())
    assert "keeps it from the public: it has no photo that may be public" in draft.output
    with atomic(make.session):
        photo: ItemPhoto = items[1].photos[0]
        photo.signature_state, photo.signature_attempts = SignatureState.FAILED, 3
    shown = json.loads(flask("show", items[1].public_number, "--json").output)
    assert (shown["status"], shown["obstacles"]) == ("published", [])
    assert [(each["signature"], each["attempts"]) for each in shown["photos"]] == [("failed", 3)]
    assert flask("show", "35-AAAA-2").exit_code == 2


def test_nothing_sealed_is_told(flask: Run, items: list[Item]) -> None:
    told = [flask(*words).output for words in (("list", "--json"), ("show", items[0].public_number, "--json"))]
    assert not [each for each in told if "SECRET" in each or "sealed" in each]


def test_a_file_that_cannot_be_written_is_called_as_it_was(flask: Run, items: list[Item], tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"")
    for folder in ("absent", "photo"):
        refused = flask("export", tmp_path / folder / "objets.csv")
        assert refused.exit_code == 2
        assert f"{tmp_path / folder / 'objets.csv'}: " in refused.output


def test_what_is_exported_is_what_the_site_answers(
    flask: Run, items: list[Item], client: FlaskClient, tmp_path: Path
) -> None:
    table, records = tmp_path / "objets.csv", tmp_path / "objets.json"
    assert flask("export", table).exit_code == flask("export", records, "--json").exit_code == 0
    assert table.read_bytes() == client.get("/objets.csv").data
    written = json.loads(records.read_text("utf-8"))["items"]
    assert written == client.get("/objets.json").get_json()["items"]
    assert len(list(csv.reader(table.open(encoding="utf-8")))) == 3
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(".partial")] == []
