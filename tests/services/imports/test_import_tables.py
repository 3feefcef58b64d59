"""Lists as spreadsheets write them: what is read, what is mended, what is refused with a word."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gallery.errors import FieldInvalid
from gallery.services.imports import columns, lists, tables
from gallery.services.imports import folder as folders
from gallery.services.imports.plan import Plan
from gallery.services.imports.refusals import CellFault, CellRefused
from gallery.services.words.tidying import tidy_text
from gallery.sharing.cells import as_typed, harmless
from tests.services.imports.conftest import DEFAULTS, VOCABULARY

ROWS = "photos;titre;numéro de série\r\na.jpg;Bague émaillée — l’œuvre à 5 €;XY42\r\n"
ENCODINGS = {
    "UTF-8": ROWS.encode(),
    "UTF-8 with a mark": ROWS.encode("utf-8-sig"),
    "Windows-1252": ROWS.encode("cp1252"),
    "UTF-16 (Unicode text of Excel)": ROWS.replace(";", "\t").encode("utf-16"),
    "UTF-16 big end": b"\xfe\xff" + ROWS.encode("utf-16-be"),
    "UTF-16 without a mark": ROWS.encode("utf-16-le"),
    "UTF-16 big end without a mark": ROWS.encode("utf-16-be"),
    "sep=": f"sep=;\r\n{ROWS}".encode("utf-8-sig"),
    "sep= quoted, in Windows-1252": f'"sep=;"\r\n{ROWS}'.encode("cp1252"),
    "empty columns and cells at the end": b"photos;titre;num\xe9ro de s\xe9rie;;;\r\n"
    b"a.jpg;Bague \xe9maill\xe9e \x97 l\x92\x9cuvre \xe0 5 \x80;XY42;;;\r\n;;;;;\r\n",
    "empty lines at the beginning": f";;\r\n\r\n{ROWS}".encode(),
    "line ends of an old Macintosh": ROWS.replace("\r\n", "\r").encode(),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.jpg").write_bytes(b"a")
    return tmp_path


def plan_of(folder: Path, content: bytes) -> Plan:
    (folder / "objets.csv").write_bytes(content)
    return folders.read_folder(lists.files_in(folder), vocabulary=VOCABULARY, defaults=DEFAULTS)


@pytest.mark.parametrize("content", ENCODINGS.values(), ids=list(ENCODINGS))
def test_a_list_is_read_as_the_spreadsheet_wrote_it(folder: Path, content: bytes) -> None:
    plan = plan_of(folder, content)
    assert plan.refusals == ()
    (item,) = plan.items
    assert item.description.title == "Bague émaillée — l’œuvre à 5 €"
    assert item.secret.serial_number == "XY42"


@pytest.mark.parametrize("encoding", ["mac-roman", "cp850"], ids=["old Macintosh", "DOS"])
def test_an_encoding_that_can_only_be_guessed_is_refused_with_what_to_do(folder: Path, encoding: str) -> None:
    with pytest.raises(FieldInvalid, match="CSV UTF-8"):
        plan_of(folder, "photos;titre\na.jpg;Hôtel à côté, près d'ici\n".encode(encoding))


@pytest.mark.parametrize(
    ("cell", "number"),
    [('"=""00123"""', "00123"), ('="00123"', "00123"), ("00123", "00123"), ("356938035643809", "356938035643809")],
    ids=["formula quoted", "formula", "zeros", "IMEI"],
)
def test_a_number_keeps_its_zeros(folder: Path, cell: str, number: str) -> None:
    (item,) = plan_of(folder, f"photos;numéro de série\na.jpg;{cell}\n".encode()).items
    assert item.secret.serial_number == number


@pytest.mark.parametrize("column", ["numéro de série", "numéro de scellé", "numéro de procédure", "clé"])
@pytest.mark.parametrize(
    "cell", ["3,56938E+14", "3.57E+14", "1E+15", "356938035643809000", "déc-26", "janv.-26", "#N/A"]
)
def test_a_number_that_the_spreadsheet_has_changed_is_refused(folder: Path, column: str, cell: str) -> None:
    plan = plan_of(folder, f"photos;{column}\na.jpg;{cell}\n".encode())
    assert plan.items == ()
    refusal = plan.refusals[0]
    assert isinstance(refusal.error, CellRefused)
    assert refusal.error.fault in (CellFault.ROUNDED, CellFault.CUT, CellFault.DAY, CellFault.ERROR)
    assert (refusal.column, refusal.error.value) == (column, cell)


@pytest.mark.parametrize("typed", ["'1234567890123450", "''1234567890123450"], ids=["spreadsheet", "other program"])
def test_a_number_that_does_end_in_zeros_is_taken_after_apostrophes(folder: Path, typed: str) -> None:
    (item,) = plan_of(folder, f"photos;numéro de série\na.jpg;{typed}\n".encode()).items
    assert item.secret.serial_number == "1234567890123450"


@pytest.mark.parametrize("column", ["numéro de série", "numéro de scellé"])
def test_a_number_longer_than_its_form_takes_is_refused(folder: Path, column: str) -> None:
    assert plan_of(folder, f"photos;{column}\na.jpg;{'A' * 120}\n".encode()).items
    (refusal,) = plan_of(folder, f"photos;{column}\na.jpg;{'A' * 121}\n".encode()).refusals
    assert isinstance(refusal.error, CellRefused)
    assert (refusal.error.fault, refusal.error.limit) == (CellFault.TOO_LONG, 120)


@pytest.mark.parametrize("title", ["3,56938E+14", "356938035643809000", "déc-26"])
def test_in_a_title_the_same_is_a_title(folder: Path, title: str) -> None:
    assert plan_of(folder, f"photos;titre\na.jpg;{title}\n".encode()).items[0].description.title == title


def test_a_value_under_a_column_without_a_name_is_refused(folder: Path) -> None:
    plan = plan_of(folder, b"photos;;titre\na.jpg;secret;Bague\n")
    assert plan.items == ()


def test_what_nobody_sees_is_not_kept_in_a_title(folder: Path) -> None:
    rows = 'photos;titre;signes particuliers\na.jpg;"Ba\u00adgue\u200b en\nor\u202e";"Rayée\r\nau dos\u200b"\n'
    (item,) = plan_of(folder, rows.encode()).items
    assert item.description.title == "Bague en or"
    assert item.description.distinguishing_features == "Rayée\nau dos"


def test_rows_are_counted_as_the_spreadsheet_does(folder: Path) -> None:
    # It shows no row for `sep=`, and one row for a cell of several lines.
    rows = 'sep=;\r\nphotos;titre;catégorie\r\n\r\na.jpg;"Bague\nen\nor";\r\na.jpg;;soucoupes\r\n'
    assert plan_of(folder, rows.encode()).refusals[0].source == "objets.csv:4"


def test_days_and_decimals_stay_as_a_french_spreadsheet_writes_them(folder: Path) -> None:
    (item,) = plan_of(folder, 'photos;époque;dimensions;titre\r\na.jpg;31/12/2025;"12,5 × 8";3,5\r\n'.encode()).items
    assert (item.description.period, item.description.measurements) == ("31/12/2025", "12,5 × 8")
    assert item.description.title == "3,5"


words = st.text(alphabet=st.sampled_from("=+-@'\t ;|,\n09.Ea#N/é–"), max_size=12).map(tidy_text)


@given(words, st.sampled_from(columns.ALL))
def test_a_cell_made_harmless_for_a_spreadsheet_is_read_as_it_was(word: str, column: str) -> None:
    cell = harmless(tables.kept_as_text(column, word))
    assert not re.match("[=+@\t\r-]", cell)
    assert tables.spoilt(column, cell) is None
    assert tables.as_written(column, as_typed(tidy_text(cell))) == word


@given(st.binary(max_size=300))
def test_whatever_the_bytes_a_list_is_a_table_or_refused(data: bytes) -> None:
    try:
        table = tables.read(data, name="objets.csv")
    except FieldInvalid:
        return
    assert all("\0" not in cell for line in (table.header, *table.lines) for cell in line.cells)


def is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@given(st.text(alphabet="abcéàœ€ -", min_size=1, max_size=30), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_what_a_spreadsheet_writes_comes_back(title: str, encoding: str) -> None:
    written = f"photos;titre\na.jpg;{title}\n".encode(encoding)
    # "éœœ" in cp1252 is one Chinese letter in UTF-8, and nothing in the file tells.
    assume(encoding != "cp1252" or not is_utf8(written) or title.isascii())
    table = tables.read(written, name="objets.csv")
    assert (table.lines[0].cells[1:] or [""])[0] == title.strip()
