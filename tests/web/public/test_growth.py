"""What lists of the public site ask of the database does not grow with the rows."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import AlbumPage, Item, PostedItem, Posting, Unit
from gallery.services import revision
from gallery.services.transaction import atomic, end_reading
from tests.databases import asked_of
from tests.factories import Factory
from tests.web.backoffice.items.test_growth import FEW, MANY, Growing

ALBUM = "abcdefghjk"
LISTS = (
    "/", "/objets", "/objets?mots=bague", "/objets?mots=licorne", "/objets?mots=35-12", "/objets?tri=titre",
    "/objets?categorie=jewellery", f"/albums/{ALBUM}", f"/albums/{ALBUM}?page=2", "/objets.atom",
    "/objets.json", "/catalogue.jsonld", "/unites", "/comptes-officiels", "/sitemap.xml", "/api/v1/items",
    "/api/v1/items?limite=50", "/api/v1/categories", "/api/v1/units", f"/api/v1/albums/{ALBUM}",
    "/api/v1/official-accounts",
)  # fmt: skip


def publish(session: Session, growing: Growing, rows: int) -> None:
    """As many objects, all of them in one album, which pages that were kept know nothing of."""
    growing.grow(rows)
    with atomic(session):
        posting = session.scalars(select(Posting).order_by(Posting.id)).first()
        assert posting is not None
        posting.pages = posting.pages or [AlbumPage(code=ALBUM)]
        there = {each.item_id for each in posting.items}
        posting.items += [PostedItem(item=item) for item in session.scalars(select(Item)) if item.id not in there]
        revision.touch(session)
    end_reading(session)


@pytest.mark.parametrize(("few", "many"), [(FEW, MANY), (3, 6)])
def test_no_list_asks_more_with_more_rows(
    make: Factory, unit: Unit, client: FlaskClient, session: Session, few: int, many: int
) -> None:
    growing, seen = Growing(make, make.officer(unit, "camille@rennes.example")), {}
    lists = (*LISTS, f"/objets/{make.published(make.case(unit)).public_number}")
    for rows in (few, many):
        publish(session, growing, rows)
        # The first page after a change brings the index up to date.
        client.get("/objets?tri=anciens", follow_redirects=True)
        for address in lists:
            with asked_of(session.get_bind()) as asked:
                answer = client.get(address, follow_redirects=True)
            assert answer.status_code == 200, address
            seen[address, rows] = len(asked)
    grown = {address: (seen[address, few], seen[address, many]) for address in lists}
    assert {address: both for address, both in grown.items() if both[0] != both[1]} == {}
