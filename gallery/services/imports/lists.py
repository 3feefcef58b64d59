"""Which file beside the photos describes them: the one that is understood, or a refusal that names every other."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gallery.services.imports.names import spelt
from gallery.services.imports.refusals import ListUnclear

LIST_NAME = "objets.csv"
LIST_STEM = "objets"
TABLES = frozenset((".csv", ".tsv", ".tab"))
# What may hold a list that only the program that made it opens.
UNREADABLE = frozenset(
    (".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".fods", ".numbers", ".doc", ".docx", ".odt", ".rtf", ".pdf")
)
PICTURES = frozenset(
    (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif", ".heic", ".heif", ".tif", ".tiff", ".bmp", ".gif")
)
# The last cell of each line of an import's report.
REPORT_ENDS = (",new", ",known", ",described")
# "1.jpg" or "vue.jpg" without its ending would be found in any text.
LONGEST_EVERYDAY_STEM = 5
# A longer file is no list: 100,000 rows of 100 characters.
MAX_TEXT_BYTES = 10_000_000


@dataclass(frozen=True)
class FolderFiles:
    """What lies below a folder. lists: every file that may describe photos, in the folder above too."""

    folder: Path
    photos: tuple[Path, ...]
    lists: tuple[Path, ...]


def files_in(folder: Path, *, aside: Iterable[Path] = ()) -> FolderFiles:
    """Tell photos from lists; hidden files, lock files and those set aside are neither."""
    ignored = {path.resolve() for path in aside}
    files = [path for path in sorted(folder.rglob("*")) if _counts(path, folder) and path.resolve() not in ignored]
    names = {each for path in files if path.suffix.lower() in PICTURES for each in _called(path)}
    lists = [path for path in files if _may_describe(path, names)]
    photos = [path for path in files if path not in lists]
    return FolderFiles(folder, tuple(photos), (*lists, *_above(folder, names, ignored)))


def choose(files: FolderFiles, given: Path | None) -> Path | None:
    """The list to read, None where there is none; raise ListUnclear where a person must say which, or export it."""
    if given is not None:
        if given.suffix.lower() in UNREADABLE:
            raise ListUnclear("unreadable", (given.name,))
        return given
    folder, lists = files.folder, files.lists
    names = tuple(_name(path, folder) for path in lists)
    unreadable = tuple(_name(path, folder) for path in lists if path.suffix.lower() in UNREADABLE)
    if unreadable:
        raise ListUnclear("unreadable", unreadable)
    if len(lists) > 1:
        raise ListUnclear("several", names)
    if lists and not (lists[0].parent == folder and spelt(lists[0].name) == LIST_NAME):
        raise ListUnclear("other_name", names)
    return lists[0] if lists else None


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else f"../{path.name}"


def _counts(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) or part == "__MACOSX" for part in path.relative_to(folder).parts)
    return path.is_file() and not hidden


def _called(path: Path) -> Iterator[str]:
    """What a text calls a photo: its name, or the name without its ending when that is no everyday word."""
    yield spelt(path.name)
    if len(path.stem) > LONGEST_EVERYDAY_STEM:
        yield spelt(path.stem)


def _may_describe(path: Path, photo_names: set[str]) -> bool:
    """A table or a document whatever is in it, another file when it is a text that names one of the photos."""
    suffix = path.suffix.lower()
    if suffix in PICTURES:
        return False
    return suffix in UNREADABLE or (suffix in TABLES and not _is_report(path)) or _names_one(path, photo_names)


def _names_one(path: Path, photo_names: set[str]) -> bool:
    text = spelt(_text_of(path))
    return any(name in text for name in photo_names) and not _is_report(path)


def _is_report(path: Path) -> bool:
    """Whether a file is what an import has written about photos: it ends each line with what became of one."""
    lines = [line for line in _text_of(path).splitlines() if line.strip()]
    return bool(lines) and all(line.endswith(REPORT_ENDS) for line in lines)


def _text_of(path: Path) -> str:
    """The text of a file, roughly; empty for what is too long or no text."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_TEXT_BYTES else b""
    except OSError:
        return ""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return "" if "\0" in text else unicodedata.normalize("NFC", text)


def _above(folder: Path, photo_names: set[str], ignored: set[Path]) -> Iterator[Path]:
    """The files in the folder above that have the name of a list, or are tables that name one of the photos."""
    above = folder.resolve().parent
    try:
        files = sorted(path for path in above.iterdir() if path.is_file() and not path.name.startswith((".", "~$")))
    except OSError:
        return
    for path in files:
        suffix = path.suffix.lower()
        is_called_so = suffix in TABLES | UNREADABLE and spelt(path.stem) == LIST_STEM
        if path not in ignored and (is_called_so or (suffix in TABLES | {".txt"} and _names_one(path, photo_names))):
            yield path
