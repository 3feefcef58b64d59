"""The rules of docs/design.md that a tool can see; `make check` runs the import contract itself."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "gallery").rglob("*.py"))
TEMPLATES = sorted((ROOT / "gallery" / "templates").rglob("*.html"))
# What others wrote is as long as they like.
STATIC = sorted(path for path in (ROOT / "gallery" / "static").rglob("*.*") if "vendor" not in path.parts)
SCRIPTS = [path for path in STATIC if path.suffix == ".js"]
STYLES = [path for path in STATIC if path.suffix == ".css"]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50
MAX_MODULES = 20
MAX_TEMPLATE_COLUMNS = 160
MAX_PARAMETERS = 5
PURE = ("imaging", "matching", "sharing", "demo", "storage", "sealing", "errors")
# In a frozen class: a field that can be changed, or a value that is put in later.
CHANGES = re.compile(
    r"^\w+: (list|dict|set)\[|cached_property|__setattr__|self\.\w+ = |self\.\w+\.(append|update|clear)\("
)
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


def faults(paths: Iterable[Path], fault: Callable[[Path], object]) -> list[str]:
    """Every file that breaks a rule, with what breaks it: one line each."""
    found = ((path, fault(path)) for path in paths)
    return [f"{name_of(path)}: {wrong}" for path, wrong in found if wrong]


def in_rooms(*rooms: str) -> list[Path]:
    return [path for path in SOURCES if room_of(path) in rooms]


def imports_of(path: Path, *forbidden: str) -> list[str]:
    return [each for each in imports(path) if each.startswith(forbidden)]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def found_in(path: Path, pattern: str) -> list[str]:
    return [each[0] for each in re.finditer(pattern, text_of(path))]


def test_the_rules_are_asked_of_something() -> None:
    assert len(SOURCES) > 200
    assert len(TEMPLATES) > 50
    assert min(len(SCRIPTS), len(STYLES)) > 5
    assert len(TESTS) > 200
    assert {room_of(path) for path in SOURCES} >= {*PURE, *NO_FLASK, "web"}


def test_files_stay_short() -> None:
    def lines(path: Path) -> int:
        return len(text_of(path).splitlines())

    files = [*SOURCES, *TEMPLATES, *SCRIPTS, *STYLES, *TESTS]
    assert not faults(files, lambda path: lines(path) > MAX_FILE_LINES and f"{lines(path)} lines")


def test_folders_stay_small() -> None:
    modules = Counter(path.parent for path in [*SOURCES, *TESTS] if path.name != "__init__.py")
    assert not faults(modules, lambda folder: modules[folder] > MAX_MODULES and f"{modules[folder]} modules")


def test_functions_stay_short() -> None:
    def long(path: Path) -> list[str]:
        return [each.name for each in functions(path) if (each.end_lineno or 0) - each.lineno >= MAX_FUNCTION_LINES]

    assert not faults(SOURCES, long)


def test_modules_say_what_they_hold() -> None:
    def is_silent(path: Path) -> bool:
        tree = ast.parse(text_of(path))
        return bool(tree.body) and not ast.get_docstring(tree)

    assert not faults(SOURCES, is_silent)


def test_no_file_is_named_for_nothing() -> None:
    assert not faults(SOURCES, lambda path: path.stem in {"utils", "helpers", "common", "misc"})


def test_pure_rooms_know_neither_the_web_nor_the_database() -> None:
    forbidden = ("flask", "werkzeug", "wtforms", "sqlalchemy", "gallery.models", "gallery.services", "gallery.database")
    assert not faults(in_rooms(*PURE), lambda path: imports_of(path, *forbidden))


def test_services_and_tables_know_no_web_framework() -> None:
    forbidden = ("flask", "werkzeug", "wtforms", "gallery.web", "gallery.extensions")

    def known(path: Path) -> list[str]:
        allowed = {"flask_security"} if path.name == "units.py" and room_of(path) == "models" else set()
        return [each for each in imports_of(path, *forbidden) if each not in allowed]

    assert not faults(in_rooms(*NO_FLASK), known)


def test_only_one_place_commits() -> None:
    others = [path for path in SOURCES if name_of(path) != "gallery/services/transaction.py"]
    assert not faults(others, lambda path: [call for call in calls(path) if call[0] in {"commit", "rollback"}])


def test_one_module_guards_cookies() -> None:
    others = [path for path in SOURCES if name_of(path) != "gallery/web/cookies.py"]
    assert not faults(others, lambda path: [call for call in calls(path) if call[0] in {"set_cookie", "delete_cookie"}])


def test_only_the_settings_read_the_environment() -> None:
    others = [path for path in SOURCES if name_of(path) != "gallery/config/loading.py"]
    assert not faults(others, lambda path: found_in(path, r"os\.environ|getenv\("))


def test_the_request_is_known_under_web_only() -> None:
    names = {"abort", "flash", "request", "session", "current_app", "g"}

    def taken(path: Path) -> set[str]:
        tree = ast.parse(text_of(path))
        imported = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "flask")
        return {alias.name for node in imported for alias in node.names} & names

    assert not faults((path for path in SOURCES if room_of(path) != "web"), taken)


def test_the_clock_is_read_at_the_edges_only() -> None:
    clock = r"datetime\.now\(|date\.today\(|time\.time\("
    assert not faults(in_rooms(*PURE, *NO_FLASK), lambda path: found_in(path, clock))


def test_templates_load_nothing_from_elsewhere_and_run_nothing_inline() -> None:
    elsewhere = r"""(src|href|action)=["'](https?:)?//"""
    inline_script = r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)"
    inline_attribute = r"\s(style|on[a-z]+)=[\"']"
    assert not faults(TEMPLATES, lambda path: found_in(path, f"{elsewhere}|{inline_script}|{inline_attribute}"))


def test_every_class_goes_through_the_themes_macro() -> None:
    through_look = r"class=(\"\{\{ look\((?:(?!\}\})[\s\S])*\) \}\}\"|look\()"

    def plain(path: Path) -> list[str]:
        text = re.sub(r"\{#.*?#\}", "", text_of(path), flags=re.DOTALL)
        return [each[0] for each in re.finditer(r"(?<![\w.-])class\s*=.{30}", re.sub(through_look, "", text))]

    assert not faults(TEMPLATES, plain)


def test_python_gives_no_class_to_a_field() -> None:
    given = r"""['"]class_?['"]\s*:|\bclass_?=["']"""
    assert not faults(in_rooms("web"), lambda path: found_in(path, given))


def test_the_two_sites_do_not_know_each_other() -> None:
    for mine, other in (("public", "backoffice"), ("backoffice", "public")):
        sources = (ROOT / "gallery" / "web" / mine).rglob("*.py")
        assert not faults(sources, lambda path, other=other: imports_of(path, f"gallery.web.{other}"))


def test_no_template_is_wide() -> None:
    def wide(path: Path) -> list[int]:
        return [place for place, line in enumerate(text_of(path).splitlines(), 1) if len(line) > MAX_TEMPLATE_COLUMNS]

    assert not faults(TEMPLATES, wide)


def test_one_script_makes_elements() -> None:
    ours = [path for path in SCRIPTS if path.name != "element.js"]
    assert not faults(ours, lambda path: found_in(path, r"createElement\("))


def test_no_two_classes_have_one_name() -> None:
    places: dict[str, list[str]] = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(name_of(path))
    assert not {name: paths for name, paths in places.items() if len(paths) > 1}


def test_find_may_find_nothing_and_get_raises() -> None:
    def breach(path: Path) -> list[str]:
        found = {
            each.name: ast.unparse(each.returns)
            for each in functions(path)
            if each.returns and re.match(r"_?(find|get)(_|$)", each.name)
        }
        may_be_nothing = re.compile(r"None|^(list|dict|set|frozenset|Sequence|Mapping|Iterator)\[")
        return [
            f"{name} -> {answer}"
            for name, answer in found.items()
            if bool(may_be_nothing.search(answer)) is not name.lstrip("_").startswith("find")
        ]

    assert not faults(in_rooms("services"), breach)


def test_frozen_values_stay_as_they_were_built() -> None:
    def changeable(path: Path) -> list[str]:
        found = []
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.ClassDef) and any("frozen=True" in ast.unparse(d) for d in node.decorator_list):
                own = [ast.unparse(each) for each in node.body]
                found += [f"{node.name}: {text.splitlines()[0]}" for text in own if CHANGES.search(text)]
        return found

    assert not faults(SOURCES, changeable)


def test_no_function_takes_many_parameters() -> None:
    def long_lists(path: Path) -> list[str]:
        # The options of a command are its own; `**` takes details of an entry.
        found = (each for each in functions(path) if not any("click." in ast.unparse(d) for d in each.decorator_list))
        taken = [(each.name, [*each.args.posonlyargs, *each.args.args, *each.args.kwonlyargs]) for each in found]
        return [name for name, own in taken if len({each.arg for each in own} - {"self", "cls"}) > MAX_PARAMETERS]

    assert not faults(SOURCES, long_lists)
