"""Folders as people give them: what is a list, what is a photo, and which item of the unit one is already."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

import pytest

from gallery.errors import FieldInvalid, PhotoUnreadable
from gallery.sealing import Sealer
from gallery.services.imports import folder, lists, recognition
from gallery.services.imports.lists import FolderFiles
from gallery.services.imports.plan import Defaults, KnownWords, Plan, PlannedItem
from gallery.services.imports.recognition import Digests, Known, Listed
from gallery.services.imports.refusals import ListRefused, ListUnclear, PhotoOfOtherItem
from gallery.services.items.items import ItemDescription, ItemSecrets
from gallery.storage import sha256_of

WORDS = KnownWords({"montres": "watches"}, {"or": "gold"})
DEFAULTS = Defaults("Objet", "other", "PV")
SEALER = Sealer("", "01" * 32)
Lay = Callable[..., Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    def write(**files: str | bytes) -> Path:
        top = tmp_path / "lot"
        for name, content in files.items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return top

    return lambda files: write(**files)


def read(top: Path, *, aside: Sequence[Path] = (), **options: object) -> Plan:
    return folder.read_folder(lists.files_in(top, aside=aside), vocabulary=WORDS, defaults=DEFAULTS, **options)  # type: ignore[arg-type]


def refusals(plan: Plan) -> list[tuple[str, str]]:
    return [(each.source, type(each.error).__name__) for each in plan.refusals]


def test_photos_without_a_list_are_items_of_their_own(lay: Lay) -> None:
    top = lay(
        {"b.jpg": "", "a/c.png": "", ".hidden.jpg": "", "~$x.docx": "", "__MACOSX/b.jpg": "", "notes.txt": "rien"}
    )
    plan = read(top)
    assert [(each.source, each.case_number, each.category_code, each.key) for each in plan.items] == [
        ("a/c.png", "PV", "other", None), ("b.jpg", "PV", "other", None), ("notes.txt", "PV", "other", None),
    ]  # fmt: skip
    assert (plan.has_list, plan.refusals) == (False, ())
    assert [type(each.error).__name__ for each in read(top, takes_unlisted=False).refusals] == ["PhotoUnlisted"] * 3


def test_a_row_takes_its_photos_and_what_is_called_alike_waits(lay: Lay) -> None:
    table = "photos;titre;catégorie\nmontre.jpg;Lip;montres\n"
    plan = read(lay({"objets.csv": table, "montre.jpg": "", "Montre.png": "", "seul.jpg": ""}))
    assert [(each.source, each.category_code, each.is_listed) for each in plan.items] == [
        ("objets.csv:2", "watches", True), ("seul.jpg", "other", False),
    ]  # fmt: skip
    assert refusals(plan) == [("Montre.png", "PhotoLikeListed")]
    assert plan.has_list


def test_what_a_refused_row_may_mean_waits_with_it_and_what_shares_it_too(lay: Lay) -> None:
    table = "photos;catégorie\na.jpg;tapis\na.jpg|b.jpg;\nb.jpg|c.jpg;\nd.jpg;\n"
    plan = read(lay({"objets.csv": table, **{f"{name}.jpg": "" for name in "abcd"}}))
    assert [each.source for each in plan.items] == ["objets.csv:5"]
    assert refusals(plan) == [
        ("objets.csv:2", "CellRefused"), ("objets.csv:3", "RowSharesPhoto"), ("objets.csv:4", "RowSharesPhoto"),
    ]  # fmt: skip
    assert {path.name: sources for path, sources in plan.held.items()} == {
        "a.jpg": ("objets.csv:2", "objets.csv:3"),
        "b.jpg": ("objets.csv:3", "objets.csv:4"),
        "c.jpg": ("objets.csv:4",),
    }


def test_a_row_that_may_mean_any_photo_holds_them_all(lay: Lay) -> None:
    plan = read(lay({"objets.csv": "photos;titre\nabsent.jpg;x\n", "a.jpg": "", "b.jpg": ""}))
    assert plan.items == ()
    assert refusals(plan)[1:] == [("a.jpg", "PhotoMayBeListed"), ("b.jpg", "PhotoMayBeListed")]
    twice = read(lay({"objets.csv": "photos;clé\na.jpg;K\nb.jpg;K\n", "a.jpg": "", "b.jpg": ""}))
    assert [each.key for each in twice.items] == ["K"]
    assert refusals(twice)[0] == ("objets.csv:3", "CellRefused")
    with pytest.raises(ListRefused):
        read(lay({"objets.csv": "photo;titre\na.jpg;x\n"}))


def test_the_list_is_the_one_that_is_understood(lay: Lay, tmp_path: Path) -> None:
    top = lay({"a.jpg": ""})
    table, other = "photos;titre\na.jpg;x\n", top / "autre.csv"
    other.write_text(table)
    with pytest.raises(ListUnclear) as unclear:
        read(top)
    assert (unclear.value.why, unclear.value.files) == ("other_name", ("autre.csv",))
    assert read(top, given=other).has_list
    (top / "Objets.CSV").write_text(table)
    with pytest.raises(ListUnclear) as several:
        read(top)
    assert (several.value.why, len(several.value.files)) == ("several", 2)
    assert read(top, aside=[other]).has_list
    assert refusals(read(lay({"b.jpg": ""}), given=top / "Objets.CSV")) == [("b.jpg", "PhotoMayBeListed")]
    (top / "x.xlsx").write_bytes(b"PK")
    with pytest.raises(ListUnclear) as unreadable:
        read(top)
    assert (unreadable.value.why, unreadable.value.files) == ("unreadable", ("x.xlsx",))
    with pytest.raises(ListUnclear):
        read(top, given=top / "x.xlsx")


@pytest.mark.parametrize(
    ("name", "text", "is_list"),
    [
        ("lisezmoi.txt", "la photo collier.jpg montre", True),
        ("lisezmoi.txt", "la photo COLLIER montre", True),
        ("lisezmoi.txt", "la photo bague montre", False),  # no everyday word
        ("lisezmoi.txt", "la photo bague.jpg montre", True),
        ("lisezmoi.txt", "collier\0", False),
        ("rapport.csv", "collier.jpg,35-X,new\nbague.jpg,35-Y,known\n", False),
        ("rapport.csv", "collier.jpg,35-X,new\nbague.jpg\n", True),
        ("vide.csv", "", True),
        ("vide.pdf", "", True),
    ],
)
def test_what_may_describe_photos_is_a_list(name: str, text: str, is_list: bool, lay: Lay) -> None:
    found = lists.files_in(lay({"collier.jpg": "", "bague.jpg": "", name: text}))
    assert [path.name for path in found.lists] == ([name] if is_list else [])
    assert len(found.photos) == (2 if is_list else 3)


def test_a_list_in_the_folder_above_is_seen(lay: Lay, tmp_path: Path) -> None:
    top = lay({"collier.jpg": ""})
    for name in ("objets.csv", "autre.txt", "~$objets.csv", "objets.txt"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in lists.files_in(top).lists] == ["objets.csv"]
    (tmp_path / "autre.txt").write_text("collier.jpg")
    assert [path.name for path in lists.files_in(top).lists] == ["autre.txt", "objets.csv"]
    with pytest.raises(ListUnclear) as unclear:
        lists.choose(FolderFiles(top, (), (tmp_path / "objets.csv",)), None)
    assert unclear.value.files == ("../objets.csv",)


def test_a_list_has_so_many_bytes(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (folder.MAX_LIST_BYTES, lists.MAX_TEXT_BYTES) == (32 * 1024 * 1024, 10_000_000)
    table = "photos;titre\na.jpg;x\n"
    top = lay({"objets.csv": table, "a.jpg": ""})
    monkeypatch.setattr(folder, "MAX_LIST_BYTES", len(table))
    assert read(top).has_list
    monkeypatch.setattr(folder, "MAX_LIST_BYTES", len(table) - 1)
    with pytest.raises(FieldInvalid):
        read(top)


# Which item a planned one is.


def planned(key: str | None = None, *photos: str, listed: bool = True, own: bool = True) -> PlannedItem:
    return PlannedItem(
        source=f"row {key}", key=key, photos=tuple(map(PurePath, photos)), category_code="other", case_number="",
        description=ItemDescription(""), secret=ItemSecrets(), is_listed=listed, has_own_key=own,
    )  # fmt: skip


def known(number: int, key: str | None, *digests: str, undescribed: bool = False) -> Known:
    sealed = recognition.import_key(key, SEALER) if key else None
    return Known(number, f"N{number}", sealed, frozenset(digests), is_undescribed=undescribed)


def recognised(item: PlannedItem, digests: set[str], *there: Known, listed: Listed = recognition.NOT_LISTED) -> object:
    found = recognition.recognise(item, digests, there, listed=listed, sealer=SEALER)
    return found.item_id if found else None


def test_a_row_is_the_item_of_its_key_or_of_its_number() -> None:
    assert recognised(planned("K"), {"a"}, known(1, "J", "b"), known(2, "K", "a")) == 2
    assert recognised(planned("N1"), {"a"}, known(1, "J", "a")) == 1
    assert recognised(planned("K"), {"a"}, known(1, "J", "b")) is None


def test_a_photo_alone_is_the_item_that_has_it() -> None:
    alone = planned(None, listed=False)
    assert recognised(alone, {"a"}, known(1, "J", "b"), known(2, None, "a", "c")) == 2
    assert recognised(alone, {"x"}, known(1, "J", "b")) is None
    assert recognised(planned("K", listed=False), {"a"}, known(1, "J", "a")) is None


def test_no_photo_of_another_item_is_doubled() -> None:
    with pytest.raises(PhotoOfOtherItem) as refusal:
        recognised(planned("K"), {"a", "b"}, known(1, "K", "a"), known(2, "J", "b"), known(3, None, "z"))
    assert refusal.value.numbers == ("N2",)
    shared = Listed(keys=frozenset({recognition.import_key("J", SEALER)}))
    assert recognised(planned("K"), {"a", "b"}, known(1, "K", "a"), known(2, "J", "b"), listed=shared) == 1
    assert recognised(planned("K"), {"a"}, known(1, "K", "a"), known(2, "J", "a")) == 1


def test_a_new_row_means_the_item_that_nobody_has_described() -> None:
    assert recognised(planned("K"), {"a"}, known(1, None, "a", undescribed=True)) == 1
    with pytest.raises(PhotoOfOtherItem):
        recognised(planned("K"), {"a"}, known(1, None, "a"))
    with pytest.raises(PhotoOfOtherItem):
        recognised(planned("K"), {"a", "b"}, known(1, None, "a", undescribed=True), known(2, None, "b"))
    by_photo = planned("photo:a", own=False)
    assert recognised(by_photo, {"a"}, known(1, "J", "a", "z")) == 1
    assert recognised(planned("photo:q", own=False), {"q", "a"}, known(1, "J", "a")) == 1
    with pytest.raises(PhotoOfOtherItem):
        recognised(planned("photo:q", own=False), {"q", "a"}, known(1, "J", "a", "z"))
    with pytest.raises(PhotoOfOtherItem):
        recognised(by_photo, {"a"}, known(1, None, "a"))
    with pytest.raises(PhotoOfOtherItem):
        recognised(planned("photo:a", own=True), {"a"}, known(1, "J", "a"))


def test_nothing_is_left_to_do_once_all_is_there_and_described() -> None:
    assert recognition.has_all(known(1, "K", "a", "b"), planned("K"), {"a"})
    assert not recognition.has_all(known(1, "K", "a"), planned("K"), {"a", "b"})
    assert not recognition.has_all(None, planned("K"), set())
    assert not recognition.has_all(known(1, "K", "a", undescribed=True), planned("K"), {"a"})
    assert recognition.has_all(known(1, "K", "a", undescribed=True), planned("K", listed=False), {"a"})


def test_rows_without_a_key_are_called_by_their_first_photo_and_doubles_are_refused() -> None:
    reads: list[PurePath] = []

    def content(path: PurePath) -> bytes:
        reads.append(path)
        if path.name == "broken.jpg":
            raise PhotoUnreadable
        return path.name[:1].encode()

    rows = [
        replace(planned(None, "a.jpg"), source="1"),
        replace(planned(None, "a-bis.jpg", "c.jpg"), source="2"),
        replace(planned(None, "broken.jpg", "d.jpg"), source="3"),
        replace(planned("K", "d.jpg"), source="4"),
        replace(planned(None, "e.jpg", listed=False), source="5"),
    ]
    plan = Plan(tuple(rows), (), {PurePath("h.jpg"): ("0",)})
    read_plan, listed = recognition.read_listed(plan, Digests(content), sealer=SEALER)
    a, c, d, h = (sha256_of(name) for name in (b"a", b"c", b"d", b"h"))
    assert [(each.source, each.key) for each in read_plan.items] == [("3", f"photo:{d}"), ("4", "K"), ("5", None)]
    assert [(each.source, each.error.args) for each in read_plan.refusals] == [("1", ("2",)), ("2", ("1",))]
    assert listed.named == {d: ("3", "4")}
    assert listed.held == {h: ("0",), a: ("1", "2"), c: ("2",)}
    assert listed.keys == {recognition.import_key(key, SEALER) for key in ("K", f"photo:{d}")}
    assert len(reads) == len(set(reads))
