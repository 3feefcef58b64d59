"""Lists as spreadsheets write them: each cell, name and column alone, without a database."""

from pathlib import Path, PurePath

import pytest

from gallery.errors import FieldInvalid
from gallery.services.imports import columns, rows, tables
from gallery.services.imports.names import Photos
from gallery.services.imports.nearness import MAX_FAULTS, MAX_LENGTH, NearNames
from gallery.services.imports.plan import Defaults, KnownWords
from gallery.services.imports.refusals import CellFault, CellRefused, PhotoAmbiguous, PhotoNotInFolder, RowRefused
from gallery.services.imports.tables import Table, TableLine

WORDS = KnownWords(categories={"montres": "watches", "bijoux": "jewellery"}, colours={"or": "gold", "argent": "silver"})
DEFAULTS = Defaults("Sans titre", "other", "PV-1")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("é;1".encode(), "é;1"),
        (b"\xef\xbb\xbf\xc3\xa9;1", "é;1"),
        ("é;1".encode("utf-16"), "é;1"),
        ("e;1".encode("utf-16-le"), "e;1"),
        ("e;1".encode("utf-16-be"), "e;1"),
        ("é;œ".encode("cp1252"), "é;œ"),
    ],
)
def test_the_encoding_of_a_file_is_told(data: bytes, text: str) -> None:
    assert tables.decoded(data, name="a.csv") == text


@pytest.mark.parametrize("data", ["caf\u0161".encode("cp1252"), b"\x8e\x81", "é".encode("cp437") + b"\x9d"])
def test_a_text_in_another_encoding_is_refused(data: bytes) -> None:
    with pytest.raises(FieldInvalid):
        tables.decoded(data, name="a.csv")


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a;b;c\n1;2;3", ["a", "b", "c"]),
        ("a,b,c;d\n", ["a", "b", "c;d"]),
        ("a\tb\tc\n", ["a", "b", "c"]),
        ("sep=|\na|b;;;\n", ["a", "b;;;"]),
        ('"SEP=;"\r\na;b,,,\r\n', ["a", "b,,,"]),
        (";;;\n\na;b\n", ["a", "b"]),
        ("a;b;;\n", ["a", "b"]),
    ],
)
def test_the_separator_is_named_or_the_one_that_the_header_has_most(text: str, cells: list[str]) -> None:
    assert list(tables.read(text.encode(), name="a.csv").header.cells) == cells


def test_rows_are_numbered_as_the_spreadsheet_numbers_them() -> None:
    table = tables.read(b'a;b\n\n1;"x\ny"\n;\n2;3\n', name="a.csv")
    assert [(line.number, list(line.cells)) for line in table.lines] == [(3, ["1", "x\ny"]), (5, ["2", "3"])]
    assert table.header.number == 1
    named = tables.read(b"sep=;\na;b\n1;2\n", name="a.csv")
    assert (named.header.number, named.lines[0].number) == (1, 2)
    assert tables.read(b"", name="a.csv") == Table(TableLine(1, ()), ())


@pytest.mark.parametrize(("data", "place"), [(b"a;b\n1;\0\n", "a.csv:2"), (b'a;b\n1;2\n"x;y', "a.csv:3")])
def test_what_makes_all_of_it_useless_is_told_with_its_row(data: bytes, place: str) -> None:
    with pytest.raises(FieldInvalid) as refusal:
        tables.read(data, name="a.csv")
    assert refusal.value.args[0] == place


@pytest.mark.parametrize(
    ("column", "cell", "fault"),
    [
        ("titre", "#N/A", CellFault.ERROR),
        ("titre", "#ref!", CellFault.ERROR),
        ("titre", "n° #N/A", None),
        ("numéro de série", "3,56938E+14", CellFault.ROUNDED),
        ("numéro de série", "3.5e+9", CellFault.ROUNDED),
        ("numéro de série", "3E+1234", None),
        ("numéro de série", "1234567890123450", CellFault.CUT),
        ("numéro de série", "123456789012345", None),
        ("numéro de série", "12345678901234500", CellFault.CUT),
        ("numéro de série", "1234567890123456", None),
        ("clé", "mars-12", CellFault.DAY),
        ("clé", "juil.-12", CellFault.DAY),
        ("clé", "mars-123", None),
        ("titre", "mars-12", None),
        ("titre", "1234567890123450", None),
    ],
)
def test_what_a_spreadsheet_has_made_of_a_number_is_known(column: str, cell: str, fault: CellFault | None) -> None:
    assert tables.spoilt(column, cell) == fault


@pytest.mark.parametrize(
    ("column", "cell", "is_kept"),
    [
        ("clé", "00123", True),
        ("clé", "0", False),
        ("clé", "12345678901", False),
        ("clé", "123456789012", True),
        ("clé", "1/2", True),
        ("clé", "1 234", True),
        ("clé", "12a", False),
        ("clé", "A12", False),
        ("clé", "", False),
        ("clé", "-12", False),
        ("clé", "mars-12", True),
        ("titre", "#N/A", True),
        ("titre", "00123", False),
        ("titre", "'1234567890123450", False),
    ],
)
def test_a_number_that_would_change_is_written_as_text_and_read_back(column: str, cell: str, is_kept: bool) -> None:
    written = tables.kept_as_text(column, cell)
    assert written == (f"'{cell}" if is_kept else cell)
    assert tables.as_written(column, written) == cell


def test_a_formula_around_a_text_is_taken_off() -> None:
    assert [tables.unquoted(each) for each in ('="00""12"', ' ="a" ', '="a', "=A1", "a")] == [
        '00"12',
        "a",
        '="a',
        "=A1",
        "a",
    ]


# Names of photos.


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    names = ["Bague.jpg", "lot 1/Montre-1.JPG", "lot 1/montre_1.png", "lot 2/montre 1.jpg", "a/x.jpg", "A/X.jpg"]
    return Photos(tmp_path, [tmp_path / each for each in names])


def test_a_photo_is_found_by_its_name_however_it_is_spelt(photos: Photos, tmp_path: Path) -> None:
    ring = tmp_path / "Bague.jpg"
    for name in ("Bague.jpg", "bague.JPG", ".\\BAGUE.jpg", f"{tmp_path.as_posix()}/Bague.jpg", " bague.jpg "):
        assert photos.get(name) == ring
    assert photos.get("a/x.jpg") == tmp_path / "a/x.jpg"
    with pytest.raises(PhotoAmbiguous) as ambiguous:
        photos.get("A/x.JPG")
    assert ambiguous.value.names == ("a/x.jpg", "A/X.jpg")
    with pytest.raises(PhotoNotInFolder) as absent:
        photos.get("bagues.jpg")
    assert absent.value.near == "Bague.jpg"
    with pytest.raises(PhotoNotInFolder) as nowhere:
        photos.get("zzzzzzz.jpg")
    assert nowhere.value.near == ""


@pytest.mark.parametrize("name", ["/etc/passwd", "C:/x.jpg", "..\\x.jpg", "lot 1/../x.jpg"])
def test_a_place_outside_of_the_folder_is_refused(photos: Photos, name: str) -> None:
    with pytest.raises(CellRefused) as refusal:
        photos.get(name)
    assert refusal.value.fault is CellFault.OUTSIDE


def test_photos_that_a_name_may_mean_or_that_are_called_alike(photos: Photos, tmp_path: Path) -> None:
    assert photos.meant_by("bague.jpg") == [tmp_path / "Bague.jpg"]
    assert len(photos.meant_by("MONTRE 1")) == 3
    assert photos.meant_by("…") == photos.meant_by("collier") == []
    first = tmp_path / "lot 1/Montre-1.JPG"
    assert photos.like(first) == [tmp_path / "lot 1/montre_1.png"]
    assert photos.like(tmp_path / "lot 2/montre 1.jpg") == []
    assert photos.name_of(first) == "lot 1/Montre-1.JPG"


def test_near_names_are_found_for_as_many_as_somebody_reads() -> None:
    near = NearNames()
    assert [near.nearest("bagues", ["bague", "montre"]), near.nearest("vélo", ["bague"])] == ["bague", ""]
    assert near.nearest("b" * MAX_LENGTH, ["b" * MAX_LENGTH]) == "b" * MAX_LENGTH
    assert near.nearest("b" * (MAX_LENGTH + 1), ["b" * (MAX_LENGTH + 1)]) == ""
    for _ in range(MAX_FAULTS - 5):
        near.nearest("x", [])
    assert near.nearest("bagues", ["bague"]) == "bague"
    assert near.nearest("bagues", ["bague"]) == ""
    many = NearNames()
    many.nearest("x" * (MAX_LENGTH + 1), range(199_999))  # type: ignore[arg-type]
    assert (many.nearest("bagues", ["bague"]), many.nearest("bagues", ["bague"])) == ("bague", "")


# Rows.


class Folder:
    """Photos of which all are there but those called "absent"."""

    def get(self, name: str) -> PurePath:
        if name.startswith("absent"):
            raise PhotoNotInFolder(name, near="")
        return PurePath(name)


def row_of(header: list[str], *cells: str, needs: tuple[str, ...] = (columns.PHOTOS,)) -> rows.Rows:
    return rows.rows_of(Table(TableLine(1, header), [TableLine(4, cells)]), name="liste.csv", needs=needs)


def faults(found: rows.Rows) -> list[tuple[str, str]]:
    return [(each.column, each.error.fault.value) for each in found.faults]  # type: ignore[attr-defined]


def test_a_header_names_columns_that_there_are_once_each() -> None:
    assert faults(row_of(["Photos", "TITRE"], "a.jpg", "x")) == []
    wrong = row_of(["photos", "titr", "prix", "type", "Type"], "a.jpg")
    assert faults(wrong) == [("titr", "column_unknown"), ("prix", "column_unknown"), ("type", "column_twice")]
    assert [each.error.known for each in wrong.faults[:2]] == ["titre", ""]  # type: ignore[attr-defined]
    assert faults(row_of(["titre"], "x")) == [("photos", "column_absent")]
    assert faults(row_of(["photos", "", "titre"], "a.jpg", "", "x")) == []
    assert {each.source for each in wrong.faults} == {"liste.csv:1"}


def test_each_cell_of_a_row_has_its_own_fault() -> None:
    (row,) = row_of(["photos", "clé", "titre"], "a.jpg| b.jpg |a.jpg", "mars-12", "#N/A", "moved").rows
    assert [each.error.fault.value for each in row.faults] == ["moved", "day", "error"]  # type: ignore[attr-defined]
    assert (row.has_moved, list(row.names), row.source) == (True, ["a.jpg", "b.jpg"], "liste.csv:4")
    (empty,) = row_of(["photos", "titre"], " | ", "x").rows
    assert [(each.column, each.error.fault.value) for each in empty.faults] == [("photos", "absent")]  # type: ignore[attr-defined]
    (short,) = row_of(["photos", "titre"], "a.jpg").rows
    assert (short.faults, dict(short.cells)) == ((), {"photos": "a.jpg"})


def planned(header: list[str], *cells: str) -> object:
    (row,) = row_of(header, *cells).rows
    return rows.planned(row, Folder(), WORDS, DEFAULTS, NearNames())


def test_a_row_becomes_an_item() -> None:
    header = [
        "photos",
        "clé",
        "catégorie",
        "couleurs",
        "titre",
        "numéro de série",
        "numéro de procédure",
        "caché du public",
    ]
    item = planned(header, "b.jpg|a.jpg|b.jpg", "K1", "Montres", "OR|argent|or", "Lip", "'007", "PV-2", "inscriptions")
    assert (item.photos, item.key, item.has_own_key) == ((PurePath("b.jpg"), PurePath("a.jpg")), "K1", True)
    assert (item.category_code, item.case_number, item.names_case) == ("watches", "PV-2", True)
    assert (item.description.title, item.description.colours) == ("Lip", ("gold", "silver"))
    assert (item.secret.serial_number, item.withheld, item.is_listed) == ("007", ("inscriptions",), True)
    plain = planned(["photos", "titre"], "a.jpg", "")
    assert (plain.key, plain.has_own_key, plain.names_case, plain.withheld) == (None, False, False, None)
    assert (plain.category_code, plain.case_number, plain.description.title) == ("other", "PV-1", "Sans titre")
    assert planned(["photos", "caché du public"], "a.jpg", "rien").withheld == ()


def test_a_row_is_refused_with_all_that_is_wrong_with_it() -> None:
    with pytest.raises(RowRefused) as refusal:
        planned(["photos", "catégorie", "couleurs", "titre"], "absent.jpg|a.jpg", "vélo", "vert", "x" * 6000)
    assert [each.column for each in refusal.value.refusals] == ["photos", "catégorie", "titre", "couleurs"]
    limits = {each.column: each.error for each in refusal.value.refusals}
    assert limits["titre"].limit < 6000  # type: ignore[attr-defined]


@pytest.mark.parametrize(("count", "is_taken"), [(rows.MAX_WORDS, True), (rows.MAX_WORDS + 1, False)])
def test_a_cell_names_forty_photos_at_most(count: int, is_taken: bool) -> None:
    cell = "|".join(f"{number}.jpg" for number in range(count))
    if is_taken:
        assert len(planned(["photos"], cell).photos) == count
    else:
        with pytest.raises(RowRefused):
            planned(["photos"], cell)


@pytest.mark.parametrize(("length", "is_taken"), [(rows.LONGEST_TEXT, True), (rows.LONGEST_TEXT + 1, False)])
def test_a_confidential_text_is_as_long_as_any(length: int, is_taken: bool) -> None:
    if is_taken:
        assert len(planned(["photos", "signes réservés"], "a.jpg", "x" * length).secret.withheld_details) == length
    else:
        with pytest.raises(RowRefused):
            planned(["photos", "signes réservés"], "a.jpg", "x" * length)
