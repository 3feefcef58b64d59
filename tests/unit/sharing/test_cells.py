"""Every table that we write is opened by a spreadsheet, whoever typed what is in it."""

import re
from pathlib import Path

import pytest

from gallery.sharing.cells import harmless

GALLERY = Path(__file__).parents[3] / "gallery"


@pytest.mark.parametrize("begins", ["=1+1", "+33 2", "-1", "@SUM(A1)", "＝1+1"])
@pytest.mark.parametrize(
    "before", ["", "Bague\n", "Bague\r\n", "Bague\n  ", "Bague\t", "Bague;", "Bague, ", "Bague\u2028"]
)
def test_nothing_begins_a_formula(before: str, begins: str) -> None:
    assert harmless(before + begins) == f"{before}'{begins}"


@pytest.mark.parametrize(
    "cell", ["Bague en or", "Diamètre - 18 mm", "2+2=4", "a@b.example", "", "l'anneau\nde la grand-mère"]
)
def test_the_rest_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_whoever_writes_a_table_makes_its_cells_harmless() -> None:
    writers = [path for path in GALLERY.rglob("*.py") if "csv.writer(" in path.read_text(encoding="utf-8")]
    assert writers
    assert not [path.name for path in writers if not re.search(r"\bharmless\b", path.read_text(encoding="utf-8"))]
