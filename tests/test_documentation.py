"""What the documentation says is true: every setting, command, error and link."""

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import MISSING, fields
from importlib import metadata
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import click
import pytest
from flask import Flask

from gallery import errors
from gallery.cli.command import Command
from gallery.config import Settings
from gallery.services.imports import refusals
from gallery.web.errors import answer_for

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
DEFAULTS = {each.name: "" if each.default is MISSING else str(each.default) for each in fields(Settings)}
# Nobody's fault, and over in a minute: 503.
WHILE_IT_LASTS = {
    errors.TooManySearches, errors.TooManyUploads, errors.DecodersBusy, errors.DecoderStopped,
    errors.DeclarationsClosed,
}  # fmt: skip
FOR_THE_COMMAND_LINE = {
    "BackupAbsent",
    "BackupBusy",
    "BackupDamaged",
    "BackupLocked",
    "BackupOfAnother",
    "BackupTooNew",
    "CopyDiffers",
    "TargetNotEmpty",
    "SettingInvalid",
    "KeyAbsent",
    "SchemaUnfit",
    "ExtensionAbsent",
    "AlreadyTaken",
    "SealBroken",
    "SignatureUnreadable",
    "NumbersExhausted",
    "ManifestInvalid",
    "StoreOfAnother",
    "StoreUnknown",
    "TooManyOrphans",
    *(kind.__name__ for kind in refusals.ImportRefusal.__subclasses__()),
    "RowSharesPhoto",
    "CellRefused",
}


@pytest.mark.parametrize(("name", "default"), DEFAULTS.items(), ids=list(DEFAULTS))
def test_every_setting_is_documented_with_its_default(name: str, default: str) -> None:
    row = re.search(rf"^\| `{name}` \| (.*?) ?\|", OPERATIONS, re.MULTILINE)
    assert row, f"docs/operations.md has no row for {name}"
    assert name == "instance" or row[1].strip("` ") == default


def test_no_setting_is_documented_that_does_not_exist() -> None:
    table = OPERATIONS.split("## Settings")[1].split("## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(DEFAULTS)


def test_every_command_is_documented(backoffice_app: Flask) -> None:
    known = set(backoffice_app.cli.list_commands(click.Context(backoffice_app.cli))) - {"roles", "users"}
    missing = [name for name in sorted(known) if f"`{name}`" not in OPERATIONS]
    assert not missing


def helps(group: click.Group, *names: str) -> Iterator[tuple[str, str]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.name == name
        if isinstance(command, click.Group):
            yield from helps(command, *names, name)
        elif isinstance(command, Command):
            yield " ".join((*names, name)), command.get_help(click.Context(command))


def test_every_command_says_its_exit_statuses(backoffice_app: Flask) -> None:
    said = {name: " ".join(text.split()) for name, text in helps(backoffice_app.cli)}
    assert len(said) > 25
    assert not [name for name, text in said.items() if not re.search(r"Exit status: 0 .*(; 2 | Exit status 2)", text)]


def _concrete(kind: type[errors.GalleryError]) -> list[type[errors.GalleryError]]:
    below = [each for child in kind.__subclasses__() for each in _concrete(child)]
    return below or [kind]


@pytest.mark.parametrize("kind", _concrete(errors.GalleryError), ids=lambda kind: kind.__name__)
def test_every_domain_error_has_its_answer(kind: type[errors.GalleryError]) -> None:
    if kind.__name__ not in FOR_THE_COMMAND_LINE | {"FieldInvalid"}:
        assert answer_for(kind.__new__(kind))[0] < 500 or kind in WHILE_IT_LASTS or issubclass(kind, errors.Outage)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_resolve(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text(encoding="utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_row_of_a_table_is_broken_over_two_lines(document: Path) -> None:
    lines = document.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("|") and not line.endswith("|")] == []


def test_the_glossary_has_each_name_once_and_only_what_the_code_says() -> None:
    rows = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    names = [name for row in rows if row.startswith("| ") for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])]
    files = [path for kind in ("*.py", "*.html") for path in (ROOT / "gallery").rglob(kind)]
    said = {word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    assert names
    assert not [name for name in names if name not in said]
    assert len(names) == len(set(names)), sorted(names)


def test_every_library_that_the_program_imports_is_asked_for_by_name() -> None:
    """What another library happens to bring may be gone with its next version."""
    asked = {
        re.split(r"[\[<>=]", line)[0]
        for name in ("requirements.in", "requirements-extra.in")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
    }
    imported = {
        name.partition(".")[0]
        for path in [*(ROOT / "gallery").rglob("*.py"), *(ROOT / "migrations").rglob("*.py")]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else names_of(node))
    }
    owners = metadata.packages_distributions()
    ours = imported - sys.stdlib_module_names - {"gallery", "_typeshed"}
    spelled = {name: {each.lower().replace("_", "-") for each in owners.get(name, [name])} for name in ours}
    assert not {name for name in ours if not asked & spelled[name]}


def names_of(node: ast.AST) -> list[str]:
    return [each.name for each in node.names] if isinstance(node, ast.Import) else []


def test_no_two_pinned_libraries_bring_the_same_file() -> None:
    """Whichever was unpacked last would win, and an installer that unpacks several at once mixes both."""
    pinned = re.findall(r"^([\w.-]+?)(?:\[.*?\])?==", (ROOT / "requirements-dev.txt").read_text(encoding="utf-8"), re.M)
    owners: dict[str, set[str]] = {}
    for name in pinned:
        with suppress(PackageNotFoundError):
            for path in metadata.files(name) or ():
                if not path.parts[0].endswith(".dist-info") and path.parts[0] not in ("..", "__pycache__"):
                    owners.setdefault(str(path), set()).add(name)
    assert not {path: names for path, names in owners.items() if len(names) > 1}
