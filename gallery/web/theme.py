"""The theme: what our names of looks become as classes, the stylesheets over ours, and the files that come with it.

A theme is a folder: `look.html` with the macro of the same name, `theme.toml`, and `static/`. What the program may not
ship lies in a second folder, where the operator has placed it (docs/theme.md).
"""

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, send_file, url_for
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, TemplateError
from markupsafe import Markup

from gallery.config import Settings
from gallery.errors import SettingInvalid

SHIPPED = Path(__file__).parent.parent / "themes"
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/vnd.microsoft.icon",
}
# The brand in the header, the upper half of the footer.
PARTS = ("brand.html", "footer.html")
# What may lie beneath our stylesheets, by the key of theme.toml: endpoint and file.
BOOTSTRAP = {"used": ("static", "bootstrap.css"), True: ("bootstrap.static", "css/bootstrap.min.css")}
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Theme:
    """A theme whose files are all there. folder: its own; placed: the operator's; root: attributes of the page's root.

    files: everything that is served, by its path in the address. parts: pieces of pages that the theme or the operator
    brings. bootstrap: which of Bootstrap's stylesheets lies beneath ours, if any. digest: changes when a file does: the
    addresses carry it, and with them those in the stylesheets. stylesheets, scripts: paths among the files, in the
    order in which they are loaded; needs: what else must be there.
    """

    folder: Path
    placed: Path
    files: Mapping[str, Path]
    parts: frozenset[str]
    digest: str
    bootstrap: bool | str = False
    stylesheets: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    root: Mapping[str, str] = field(default_factory=dict)

    def address(self, name: str) -> str:
        """Where browsers find one of the files."""
        return url_for("theme", digest=self.digest, name=name)

    def base(self) -> str:
        """Where browsers find what the theme has of Bootstrap."""
        endpoint, name = BOOTSTRAP[self.bootstrap]
        return url_for(endpoint, filename=name)


def open_theme(settings: Settings) -> Theme:
    """Read the theme that the settings name; raise SettingInvalid, with the reason, when it can't be worn."""
    folder = SHIPPED / settings.theme if settings.theme in _shipped() else settings.instance / settings.theme
    if not (folder / "look.html").is_file():
        raise SettingInvalid("theme", f"neither one of {', '.join(_shipped())} nor a folder with a look.html: {folder}")
    placed = settings.instance / (settings.theme_files or Path("themes", folder.name))
    # The theme's own files come before the operator's.
    files = dict(_files(placed)) | dict(_files(folder / "static"))
    parts = frozenset(name for name in PARTS if any((each / name).is_file() for each in (folder, placed)))
    theme = Theme(folder, placed, files, parts, _digest(files), **_declared(folder / "theme.toml"))
    missing = [name for name in (*theme.stylesheets, *theme.scripts, *theme.needs) if name not in theme.files]
    if missing:
        raise SettingInvalid("theme_files", f"{', '.join(missing)} not in {placed}; docs/theme.md says what to place")
    return theme


def init_app(app: Flask, settings: Settings) -> None:
    """Give the templates `look` and `theme`, and serve the theme's files where it has any."""
    theme = open_theme(settings)
    parts = PrefixLoader({"theme": FileSystemLoader([theme.folder, theme.placed])})
    app.jinja_loader = ChoiceLoader([parts, app.jinja_loader] if app.jinja_loader else [parts])
    app.jinja_env.globals["theme"] = theme
    app.jinja_env.globals["look"] = _look(app)
    if theme.files:
        app.add_url_rule("/theme/<digest>/<path:name>", "theme", lambda digest, name: _serve(theme, digest, name))


def _digest(files: Mapping[str, Path]) -> str:
    known = hashlib.sha256()
    for name, path in sorted(files.items()):
        about = path.stat()
        known.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return known.hexdigest()[:12]


def _shipped() -> list[str]:
    return sorted(each.parent.name for each in SHIPPED.glob("*/look.html"))


def _declared(path: Path) -> dict[str, Any]:
    """What theme.toml says, each key of its kind."""
    kinds = {"bootstrap": bool | str, "stylesheets": list, "scripts": list, "needs": list, "root": dict}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingInvalid("theme", f"{path.name}: {error}") from error
    for name, value in table.items():
        if not isinstance(value, kinds.get(name, ())):
            raise SettingInvalid("theme", f"{path.name}: {name} is none of {', '.join(kinds)}, or not of its kind")
    if table.get("bootstrap") and table["bootstrap"] not in BOOTSTRAP:
        raise SettingInvalid("theme", f'{path.name}: bootstrap is neither true nor false nor "used"')
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.suffix in KINDS and path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _look(app: Flask) -> Callable[[str], Markup]:
    """The theme's macro, asked once for each of the few hundred values that the templates have."""
    try:
        macro = app.jinja_env.get_template("theme/look.html").module.look  # type: ignore[attr-defined]
    except (TemplateError, AttributeError) as error:
        raise SettingInvalid("theme", f"look.html has no macro look that can be read: {error}") from error

    @lru_cache(4096)
    def look(names: str) -> Markup:
        return Markup(" ".join(macro(names).split()))  # noqa: S704 - what a macro of an .html file returns is escaped

    return look


def _serve(theme: Theme, digest: str, name: str) -> Response:
    """Answer one of the known files; an address of former files is answered too, and not kept."""
    path = theme.files.get(name)
    if path is None:
        abort(404)
    answer = send_file(path, mimetype=KINDS[path.suffix], max_age=A_YEAR if digest == theme.digest else 0)
    answer.cache_control.immutable = digest == theme.digest
    return answer
