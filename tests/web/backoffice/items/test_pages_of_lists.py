"""Lists of albums' files and of archives come by pages, and an act on one of their rows leads back to its page."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from gallery.models import AlbumExport, ArchiveState, ExportState, GivenArchive, Network, Officer
from gallery.services.albums import exports
from gallery.services.facebook import archives
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.web.backoffice.desk import Desk

ROWS = exports.AT_ONCE + 1
LISTS = pytest.mark.parametrize(
    ("address", "row"),
    [("/albums/fichiers", ".album-export"), ("/reprise", ".archives > li")],
    ids=["files", "archives"],
)


@pytest.fixture(autouse=True)
def _rows(make: Factory, officer: Officer) -> None:
    assert archives.AT_ONCE == exports.AT_ONCE
    # Pages ask the real clock whether the file is still there.
    now = datetime.now(UTC)
    whose = {"unit_id": officer.unit.id, "officer": officer}
    with atomic(make.session) as session:
        for number in range(ROWS):
            at = now - timedelta(minutes=number)
            session.add_all([
                AlbumExport(reference=f"e{number}", **whose, network=Network.X, title=f"Album n° {number}", album={},
                            album_digest="", photos={}, state=ExportState.READY, total=1, asked_at=at, made_at=at,
                            expires_at=now + timedelta(days=3)),
                GivenArchive(reference=f"a{number}", **whose, category_id=1, case_id=None, size_bytes=1, given_at=at,
                             name=f"archive-{number}.zip", state=ArchiveState.DONE),
            ])  # fmt: skip


@LISTS
def test_the_newest_are_shown_first_and_the_rest_on_the_next_page(desk: Desk, address: str, row: str) -> None:
    first = desk.get(address)
    assert len(first.all(row)) == ROWS - 1
    following = str(first.one("nav[aria-label=Pages] [rel=next]")["href"])
    second = desk.get(following)
    # Where its script looks again.
    assert second.one("main")["data-own-address"] == f"{address}?page=2"
    (oldest,) = second.all(row)
    assert re.search(rf"(n° |archive-){ROWS - 1}\b", oldest.get_text())
    assert not second.all("[rel=next]")


@LISTS
def test_the_last_row_of_a_page_removed_leads_back_to_it(desk: Desk, address: str, row: str) -> None:
    act = str(desk.get(f"{address}?page=2").one(f"{row} form")["action"])
    left = desk.do(act)
    assert not left.all(row)
    assert left.one("main [role=status] a[href]")["href"] == address


def test_an_empty_list_has_no_pages(desk: Desk, make: Factory) -> None:
    with atomic(make.session) as session:
        session.query(AlbumExport).delete()
    assert "Aucun fichier pour le moment" in desk.get("/albums/fichiers").text
