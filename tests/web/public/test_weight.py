"""What a first visit of a page weighs, without photos: what its HTML names, and what that names in turn."""

import re
from urllib.parse import urljoin, urlsplit

import bs4
import pytest
from flask.testing import FlaskClient

from gallery.models import Unit
from tests.factories import Factory

LIMIT_BYTES = 250_000
# A third more than these weighed on 2026-11-30.
OTHERS = {"/objets": 60_000, "/objets/NUMBER": 75_000, "/recherche": 100_000}
NAMED = "link[rel=stylesheet], link[rel=icon], script[src], link[rel=preload], link[rel=modulepreload]"
IN_STYLES = re.compile(r"""(?:url\(|@import\s*)["']?([^"')\s]+)""")
IN_SCRIPTS = re.compile(r"""(?:from|import)\s*\(?["']([./][^"']+)["']""")


def sent(client: FlaskClient, address: str) -> tuple[int, str]:
    """The bytes of an answer as they travel, and its text."""
    compressed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert compressed.status_code == 200, address
    return len(compressed.data), client.get(address).text


def weights(client: FlaskClient, page: str) -> dict[str, int]:
    """Bytes by address of a page and of all that it loads by itself, photos aside."""
    found: dict[str, int] = {}
    size, html = sent(client, page)
    found[page] = size
    wanted = [
        urljoin(page, str(each.get("href") or each.get("src")))
        for each in bs4.BeautifulSoup(html, "html.parser").select(NAMED)
    ]
    while wanted:
        address = wanted.pop()
        if address in found or urlsplit(address).scheme == "data":
            continue
        found[address], text = sent(client, address)
        pattern = IN_STYLES if ".css" in address else IN_SCRIPTS if ".js" in address else None
        wanted += [urljoin(address, name) for name in pattern.findall(text)] if pattern else []
    return found


def test_the_home_page_is_light_on_a_first_visit(client: FlaskClient, make: Factory, unit: Unit) -> None:
    case = make.case(unit)
    for number in range(9):
        make.published(case, title=f"Montre de poche en argent, anticonstitutionnellement gravée, n° {number}")
    found = weights(client, "/")
    assert len(found) > 3
    assert sum(found.values()) < LIMIT_BYTES, found


@pytest.mark.parametrize(("path", "limit"), OTHERS.items())
def test_other_pages_are_light_too(client: FlaskClient, make: Factory, unit: Unit, path: str, limit: int) -> None:
    case = make.case(unit)
    items = [make.published(case, title=f"Montre de poche en argent, n° {number}") for number in range(9)]
    found = weights(client, path.replace("NUMBER", items[0].public_number))
    assert len(found) > 3
    assert sum(found.values()) < limit, found
