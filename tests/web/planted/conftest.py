"""Secrets planted in every confidential field, and the roles that the guide gives to the database’s users."""

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import bs4
import pytest
from sqlalchemy import Connection, Engine, make_url, text

from gallery.config import Settings
from gallery.database import open_engine
from gallery.models import Item, ItemStatus, Network, Officer, Unit
from gallery.services.albums import postings
from gallery.services.cases import CaseSecrets, TheftWindow
from gallery.services.items import publication, withholding
from gallery.services.items.items import ItemDescription, ItemSecrets
from gallery.services.people import official_accounts
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory

CASE_SECRETS = CaseSecrets(
    case_number="PLANTED-case-number",
    discovered_on="2019-02-03",
    discovery_place="PLANTED-place",
    authorised_by="PLANTED-magistrate",
    authorised_on="2019-04-05",
    authorised_scope="PLANTED-scope",
    notes="PLANTED-notes",
)
# Every heading that an officer may keep from the public, as if each had been written in the form and ticked.
SHOWN, ITEM_SECRETS = withholding.withhold(
    ItemDescription("Bague en or", **{name: f"PLANTED-{name}" for name in withholding.FIELDS}),
    ItemSecrets("PLANTED-serial", "PLANTED-exhibit", "PLANTED-detail"),
    withholding.FIELDS,
)
MARKS = (
    b"PLANTED", b"2019-02-03", b"2019-04-05", b"f\xc3\xa9vrier 2019", b"avril 2019", b"rennes.example", b"Le Goff",
)  # fmt: skip
GUIDE = Path(__file__).parents[3] / "docs" / "operations.md"
ROLE = re.compile(r"```sql\n(?P<sql>CREATE ROLE gallery_public .*?)```", re.DOTALL)
FORMER = (ItemStatus.WITHDRAWN, ItemStatus.RETURNED)
ALBUM = "abcdefghjk"
ALBUM_PAGES = (f"/albums/{ALBUM}", f"/albums/{ALBUM}/lien.jpg")


@pytest.fixture
def settings(settings: Settings, engine: Engine) -> Iterator[Settings]:
    """On PostgreSQL the public site has the role that the operator's guide makes."""
    if engine.dialect.name != "postgresql":
        yield settings
        return
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32))"))
        connection.execute(text(ROLE.search(GUIDE.read_text(encoding="utf-8"))["sql"]))
    address = make_url(settings.database_url).update_query_dict({"options": "-crole=gallery_public"})
    yield replace(settings, public_database_url=address.render_as_string(hide_password=False))
    with engine.begin() as connection:
        connection.execute(text("DROP OWNED BY gallery_public; DROP ROLE gallery_public"))


@pytest.fixture
def planted(make: Factory, unit: Unit, officer: Officer) -> Item:
    """A published item with a secret wherever one can be, beside a draft and a withdrawn one."""
    case = make.case(unit, CASE_SECRETS, TheftWindow(date(2026, 1, 5), date(2026, 2, 8)))
    photo = pictures.jpeg(pictures.picture(1), exif=pictures.exif_with(b"PLANTED-gps"), comment=b"PLANTED-comment")
    item = make.published(case, photo, secret=ITEM_SECRETS, **asdict(SHOWN))
    make.photo(item, pictures.jpeg(pictures.picture(77)))
    make.item(case, title="PLANTED-draft", secret=ITEM_SECRETS, with_photos=1)
    returned = make.published(case, title="PLANTED-returned", secret=ITEM_SECRETS)
    gone = make.published(case, title="PLANTED-withdrawn", secret=ITEM_SECRETS)
    with atomic(make.session):
        item.photos[1].alt_text = "PLANTED-alt"
        publication.withdraw(make.session, gone, by=officer, now=make.now)
        publication.hand_back(make.session, returned, by=officer, now=make.now)
        _share(make, unit, officer, item, gone)
    return item


def _share(make: Factory, unit: Unit, officer: Officer, *items: Item) -> None:
    """An album with a page, and an account of the unit: what officers do of which the public reads a part."""
    numbers = [item.public_number for item in items]
    posting = postings.record(
        make.session,
        unit,
        postings.ExportedAlbum(numbers=numbers, network=Network.FACEBOOK, title="PLANTED-title", code=ALBUM),
        by=officer,
        now=make.now,
    )
    postings.set_address(posting, "https://intranet.example/PLANTED-address")
    official_accounts.add(make.session, unit, "https://x.com/gendarmerie35", by=officer, now=make.now)
    official_accounts.declare_none(make.session, "48", by=officer, now=make.now)


def addresses_in(page: str) -> Iterator[str]:
    tree = bs4.BeautifulSoup(page, "html.parser")
    for element in tree.select("[href], [src], [action], [srcset], [data-src], [data-pswp-src]"):
        for name in ("href", "src", "action", "data-src", "data-pswp-src"):
            yield str(element.get(name) or "")
        yield from (part.split()[0] for part in str(element.get("srcset") or "").split(",") if part.strip())


on_postgresql = pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)


@pytest.fixture
def as_public(settings: Settings, planted: Item) -> Iterator[Connection]:
    """Whoever has taken over the public process, and asks its database directly."""
    engine = open_engine(settings.public_database_address)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def columns_of(connection: Connection) -> Iterator[tuple[tuple[str, str], bytes]]:
    """Every value of every column that a role may read, views too, as one text a column."""
    readable = """
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public'
          AND has_column_privilege(format('%I.%I', table_schema, table_name), column_name, 'SELECT')
    """
    for name, column in connection.execute(text(readable)).all():
        values = connection.scalars(text(f'SELECT CAST("{column}" AS text) FROM "{name}"')).all()
        yield (name, column), "\n".join(map(str, values)).encode()
