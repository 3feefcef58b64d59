import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import bs4
import pytest
from flask import Flask
from flask.testing import FlaskClient

from gallery import create_app
from gallery.config import BOTH_SITES, Settings, Site
from gallery.errors import SettingInvalid
from gallery.models import Officer
from gallery.web.headers import HEADERS
from gallery.web.theme import SHIPPED
from tests import factories, used_bootstrap
from tests.page import Browser

PATHS = ["/", "/objets", "/recherche", "/numero", "/aide", "/unites", "/mentions", "/accessibilite"]
TEMPLATES = SHIPPED.parent / "templates"
LOOK = "{% macro look(names) %}{% for name in names.split() %}x-{{ name }} {% endfor %}{% endmacro %}"
DECLARED = 'stylesheets = ["base.css", "bridge.css"]\nscripts = ["scheme.js"]\n[root]\ndata-x-scheme = "system"\n'

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(settings: Settings) -> Write:
    """Writes a file of the instance folder."""

    def written(name: str, content: str | bytes) -> Path:
        path = settings.instance / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


@pytest.fixture
def themed(settings: Settings, write: Write, sessions: object) -> Settings:
    """A theme of the operator's, complete, part of it in the folder of files that can't lie with it."""
    write("blue/look.html", LOOK)
    write("blue/theme.toml", DECLARED)
    write("blue/static/bridge.css", "body { color: blue }")
    write("blue/static/scheme.js", "1")
    write("placed/base.css", "@font-face { src: url(fonts/letters.woff2) }")
    write("placed/fonts/letters.woff2", b"wOF2")
    write("placed/icons/tick.svg", "<svg/>")
    write("placed/README.md", "secret")
    write("placed/brand.html", "<p>Bloc-marque</p>")
    return replace(settings, theme="blue", theme_files="placed")


def client_of(settings: Settings, site: Site = Site.PUBLIC) -> FlaskClient:
    return create_app(settings, {site}).test_client()


def address_of(client: FlaskClient, name: str) -> str:
    tree = bs4.BeautifulSoup(client.get("/").text, "html.parser")
    return next(str(each["href"]) for each in tree.select("link[rel=stylesheet]") if str(each["href"]).endswith(name))


def refusal_of(settings: Settings) -> SettingInvalid:
    with pytest.raises(SettingInvalid) as refusal:
        create_app(settings, {Site.PUBLIC})
    return refusal.value


def test_the_own_theme_gives_our_names_as_they_are(app: Flask) -> None:
    look = app.jinja_env.globals["look"]
    assert look("btn btn-primary") == "btn btn-primary"  # type: ignore[operator]
    assert "/theme/" not in app.test_client().get("/").text


def test_beneath_the_own_theme_lies_what_is_used_of_bootstrap(client: FlaskClient) -> None:
    address = Browser(client).get("/").all("link[rel=stylesheet]")[0]["href"]
    assert str(address).startswith("/static/bootstrap.css?v=")
    assert client.get(str(address)).text == used_bootstrap.used(), "make styles"


def test_lines_that_are_kept_whole_stay_so_in_lists_and_paragraphs() -> None:
    # The shorthand also says that lines break, over what `white-space` of a list around it says.
    sheets = {path.name: path.read_text(encoding="utf-8") for path in (SHIPPED.parent / "static").rglob("*.css")}
    assert "theme.css" in sheets
    assert not [name for name, sheet in sheets.items() if re.search(r"text-wrap\s*:", sheet)]


def test_distances_and_sizes_of_letters_are_of_the_scale() -> None:
    # Of theme.css's --space-* and --text-*: the few others are reckoned from something, or hairs' breadths.
    sheets = [path.read_text(encoding="utf-8") for path in (SHIPPED.parent / "static").rglob("*.css")]
    told = [each for sheet in sheets for each in re.findall(r"(?:margin|padding|gap|font-size)[\w-]*: [^;}]*", sheet)]
    assert len(told) > 700
    assert len([each for each in told if re.search(r"\drem\b", each)]) <= 105


def test_what_is_used_of_bootstrap_has_every_class_and_variable_that_we_name() -> None:
    whole, ours = used_bootstrap.WHOLE.read_text(encoding="utf-8"), used_bootstrap.USED.read_text(encoding="utf-8")
    looks = re.findall(r"look\('([^']+)'", "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")))
    ruled = {name for look in looks for name in look.split() if re.search(rf"[,}}]\.{name}(?![\w.-])", whole)}
    assert {"btn-primary", "form-control", "visually-hidden", "table"} <= ruled
    assert not [name for name in ruled if not re.search(rf"\.{name}(?![\w.-])", ours)]
    named = set(re.findall(r"var\((--bs-[\w-]+)\)", ours))
    assert not [name for name in named if f"{name}:" in whole and f"{name}:" not in ours]


@pytest.mark.parametrize(
    ("declared", "address"), [("true", "/bootstrap/static/css/bootstrap.min.css"), ('"used"', "/static/bootstrap.css")]
)
def test_a_theme_may_have_bootstrap_beneath(themed: Settings, write: Write, declared: str, address: str) -> None:
    write("blue/theme.toml", f"bootstrap = {declared}")
    client = client_of(themed)
    first = str(Browser(client).get("/").all("link[rel=stylesheet]")[0]["href"])
    assert first.split("?")[0] == address
    assert client.get(first).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_every_class_of_a_page_is_the_themes(themed: Settings, path: str) -> None:
    page = Browser(client_of(themed)).get(path)
    names = {name for each in page.all("[class]") for name in each["class"]}
    assert names
    assert not [name for name in names if not name.startswith("x-")]


def test_the_back_office_wears_it_too(themed: Settings) -> None:
    page = Browser(client_of(themed, Site.BACKOFFICE)).get("/connexion")
    assert page.one("main")["class"] == ["x-container"]
    assert page.one("script[src*='/theme/']")


def test_both_sites_in_one_process_serve_it_under_their_own_paths(themed: Settings) -> None:
    client = create_app(themed, BOTH_SITES).test_client()
    tree = bs4.BeautifulSoup(client.get("/agents/connexion").text, "html.parser")
    address = str(tree.select("link[href*='/theme/']")[0]["href"])
    assert address.startswith("/agents/theme/")
    assert client.get(address).status_code == 200


def test_its_stylesheets_come_in_order_and_over_ours(themed: Settings) -> None:
    browser = Browser(client_of(themed))
    for address, ours in (
        ("/", []),
        ("/recherche", ["search.css"]),
        ("/conseils/inventaire", ["search.css", "inventory.css"]),
    ):
        links = browser.get(address).all("link[rel=stylesheet]")
        files = [str(each["href"]).split("?")[0].rsplit("/", 1)[1] for each in links]
        assert files == ["theme.css", "public.css", *ours, "base.css", "bridge.css"]


def test_sheets_of_single_pages_of_the_back_office_lie_below_it_too(themed: Settings, officer: Officer) -> None:
    client = client_of(themed, Site.BACKOFFICE)
    factories.sign_in(client, officer.email)
    links = Browser(client).get("/publications").all("link[rel=stylesheet]")
    files = [str(each["href"]).split("?")[0].rsplit("/", 1)[1] for each in links]
    assert files[-3:] == ["album.css", "base.css", "bridge.css"]


def test_the_root_carries_its_attributes(themed: Settings) -> None:
    assert Browser(client_of(themed)).get("/").one("html")["data-x-scheme"] == "system"


def test_the_operators_brand_stands_in_the_header(themed: Settings) -> None:
    assert "Bloc-marque" in Browser(client_of(themed)).get("/").one("header").get_text()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("base.css", "text/css; charset=utf-8"),
        ("scheme.js", "text/javascript; charset=utf-8"),
        ("fonts/letters.woff2", "font/woff2"),
        ("icons/tick.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_files_have_their_type_and_are_kept_for_a_year(themed: Settings, name: str, kind: str) -> None:
    client = client_of(themed)
    answer = client.get(address_of(client, "base.css").replace("base.css", name))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert {"max-age=31536000", "immutable"} <= set(answer.headers["Cache-Control"].split(", "))


def test_files_and_pages_keep_the_security_headers(themed: Settings) -> None:
    client = client_of(themed)
    for path in ("/", address_of(client, "base.css")):
        headers = client.get(path).headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS


def test_a_file_that_changed_has_another_address(themed: Settings, write: Write) -> None:
    before = address_of(client_of(themed), "base.css")
    os.utime(write("placed/base.css", "body { color: green }"), ns=(1, 1))
    client = client_of(themed)
    assert address_of(client, "base.css") != before
    assert "immutable" not in client.get(before).headers["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "brand.html",
        "../blue/look.html",
        "..%2f..%2fsecrets%2fsigning_key",
        "%2fetc%2fpasswd",
        "no.css",
        "",
    ],
)
def test_nothing_else_is_served(themed: Settings, name: str) -> None:
    client = client_of(themed)
    assert (
        client.get(address_of(client, "base.css").replace("base.css", name), follow_redirects=True).status_code == 404
    )


def test_a_theme_that_is_nowhere_is_refused(settings: Settings) -> None:
    refusal = refusal_of(replace(settings, theme="velvet"))
    assert refusal.field == "theme"
    assert "dsfr, own" in refusal.why


def test_a_file_that_nobody_placed_is_refused_by_name(themed: Settings) -> None:
    (themed.instance / "placed" / "base.css").unlink()
    refusal = refusal_of(themed)
    assert (refusal.field, refusal.why.split(" ")[0]) == ("theme_files", "base.css")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("theme.toml", "stylesheets = "),
        ("theme.toml", 'stylesheets = "base.css"'),
        ("theme.toml", "colour = true"),
        ("look.html", "{% macro look(names) %}"),
        ("look.html", "{% macro class(names) %}{% endmacro %}"),
    ],
)
def test_a_folder_that_is_no_theme_is_refused(themed: Settings, write: Write, name: str, content: str) -> None:
    write(f"blue/{name}", content)
    assert refusal_of(themed).field == "theme"


# The DSFR's theme, with empty files where the operator places the DSFR's own.


@pytest.fixture
def dsfr(settings: Settings, write: Write, sessions: object) -> Settings:
    for name in ("dsfr.min.css", "fonts/Marianne-Regular.woff2", "fonts/Marianne-Bold.woff2"):
        write(f"themes/dsfr/{name}", "")
    return replace(settings, theme="dsfr")


def test_it_is_not_worn_without_the_dsfrs_files(settings: Settings) -> None:
    refusal = refusal_of(replace(settings, theme="dsfr"))
    assert refusal.field == "theme_files"
    assert "dsfr.min.css" in refusal.why


def test_nothing_of_the_dsfr_is_shipped() -> None:
    assert sorted(each.name for each in (SHIPPED / "dsfr").rglob("*") if each.is_file()) == [
        "bridge.css",
        "look.html",
        "scheme.js",
        "theme.toml",
    ]


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        ("btn btn-primary", "btn fr-btn btn-primary"),
        ("tag", "tag fr-tag"),
        ("tag status status-published", "fr-badge fr-badge--no-icon fr-badge--success"),
        ("message", "fr-alert fr-alert--info"),
        ("message message-error", "fr-alert fr-alert--error"),
        ("gallery-page", "gallery-page"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_our_names_become_the_dsfrs(dsfr: Settings, names: str, classes: str) -> None:
    look = create_app(dsfr, {Site.PUBLIC}).jinja_env.globals["look"]
    assert look(names) == classes  # type: ignore[operator]


def test_bootstrap_does_not_lie_beneath_the_dsfr(dsfr: Settings) -> None:
    page = Browser(client_of(dsfr)).get("/")
    files = [str(each["href"]).split("?")[0].rsplit("/", 1)[1] for each in page.all("link[rel=stylesheet]")]
    assert files == ["theme.css", "public.css", "dsfr.min.css", "bridge.css"]


def test_the_dsfr_is_told_to_follow_the_system(dsfr: Settings) -> None:
    assert Browser(client_of(dsfr)).get("/").one("html")["data-fr-scheme"] == "system"
