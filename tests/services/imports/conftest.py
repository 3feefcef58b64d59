"""A folder of photos beside its list, and the plan that an import makes of them."""

from pathlib import Path

import pytest

from gallery.errors import GalleryError
from gallery.services.imports import folder as folders
from gallery.services.imports import lists
from gallery.services.imports.plan import Defaults, KnownWords, Plan

VOCABULARY = KnownWords(
    categories={"jewellery": "jewellery", "bijoux": "jewellery", "other": "other"},
    colours={"dore": "gold", "noir": "black"},
)
DEFAULTS = Defaults(title="Objet retrouvé", category_code="other", case_number="Import 2026-11-24")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.jpg", "b.jpg", "sous-dossier/c.jpg", ".caché.jpg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def read(folder: Path, text: str | None = None, *, encoding: str = "utf-8") -> Plan:
    csv_file = None
    if text is not None:
        csv_file = folder / "objets.csv"
        csv_file.write_bytes(text.encode(encoding))
    return folders.read_folder(lists.files_in(folder), csv_file, vocabulary=VOCABULARY, defaults=DEFAULTS)


def sources(plan: Plan) -> list[str]:
    return [item.source for item in plan.items]


def taken(plan: Plan) -> list[str]:
    return [path.name for item in plan.items for path in item.photos]


def reasons(plan: Plan) -> dict[str, type[GalleryError]]:
    return {refusal.source: type(refusal.error) for refusal in plan.refusals}


def photos_at(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
