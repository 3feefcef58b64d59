"""The rules of docs/design.md that a tool can see; `make check` runs the import contract itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "gallery").rglob("*.py"))
TEMPLATES = sorted((ROOT / "gallery" / "templates").rglob("*.html"))
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50
PURE = ("imaging", "matching", "sharing", "demo", "storage", "sealing", "errors")
NO_FLASK = ("services", "models", "database")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "gallery").parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} has a relative import"
            yield f"{node.module}.{node.names[0].name}" if node.module == "gallery" else node.module or ""


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Names of everything called: `session.commit()` and `abort()` give "commit" and "abort"."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            yield getattr(function, "attr", getattr(function, "id", "")), node.lineno


every_source = pytest.mark.parametrize("path", SOURCES, ids=name_of)


@every_source
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE_LINES


@every_source
def test_functions_stay_short(path: Path) -> None:
    long = [each.name for each in functions(path) if (each.end_lineno or 0) - each.lineno >= MAX_FUNCTION_LINES]
    assert not long


@every_source
def test_modules_say_what_they_hold(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree), "a module opens with what it holds"


@every_source
def test_no_file_is_named_for_nothing(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "misc"}


@pytest.mark.parametrize("path", [each for each in SOURCES if room_of(each) in PURE], ids=name_of)
def test_pure_rooms_know_neither_the_web_nor_the_database(path: Path) -> None:
    forbidden = ("flask", "werkzeug", "wtforms", "sqlalchemy", "gallery.models", "gallery.services", "gallery.database")
    assert not [each for each in imports(path) if each.startswith(forbidden)]


@pytest.mark.parametrize("path", [each for each in SOURCES if room_of(each) in NO_FLASK], ids=name_of)
def test_services_and_tables_know_no_web_framework(path: Path) -> None:
    forbidden = ("flask", "werkzeug", "wtforms", "gallery.web", "gallery.extensions")
    allowed = {"flask_security"} if path.name == "units.py" and room_of(path) == "models" else set()
    assert not [each for each in imports(path) if each.startswith(forbidden) and each not in allowed]


@every_source
def test_only_one_place_commits(path: Path) -> None:
    if name_of(path) != "gallery/services/transaction.py":
        assert not [call for call in calls(path) if call[0] in {"commit", "rollback"}]


@every_source
def test_only_the_settings_read_the_environment(path: Path) -> None:
    if name_of(path) != "gallery/config/loading.py":
        assert not re.search(r"os\.environ|getenv\(", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [each for each in SOURCES if room_of(each) != "web"], ids=name_of)
def test_the_request_is_known_under_web_only(path: Path) -> None:
    names = {"abort", "flash", "request", "session", "current_app", "g"}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    taken = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "flask"
        for alias in node.names
    }
    assert not taken & names


@pytest.mark.parametrize("path", [each for each in SOURCES if room_of(each) in (*PURE, *NO_FLASK)], ids=name_of)
def test_the_clock_is_read_at_the_edges_only(path: Path) -> None:
    assert not re.search(r"datetime\.now\(|date\.today\(|time\.time\(", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_load_nothing_from_elsewhere_and_run_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""(src|href|action)=["'](https?:)?//""", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)", text)
    assert not re.search(r"\s(style|on[a-z]+)=[\"']", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_class_goes_through_the_themes_macro(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    through_look = r"class=(\"\{\{ look\((?:(?!\}\}).)*\) \}\}\"|look\()"
    assert not [each[0] for each in re.finditer(r"(?<![\w.-])class\s*=.{30}", re.sub(through_look, "", text))]


@pytest.mark.parametrize("path", [each for each in SOURCES if room_of(each) == "web"], ids=name_of)
def test_python_gives_no_class_to_a_field(path: Path) -> None:
    assert not re.search(r"""['"]class_?['"]\s*:|\bclass_?=["']""", path.read_text(encoding="utf-8"))


def test_the_two_sites_do_not_know_each_other() -> None:
    for mine, other in (("public", "backoffice"), ("backoffice", "public")):
        for path in (ROOT / "gallery" / "web" / mine).rglob("*.py"):
            assert not [each for each in imports(path) if each.startswith(f"gallery.web.{other}")], name_of(path)
