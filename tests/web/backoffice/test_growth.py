"""What lists of the back office ask of the database and open of what is sealed does not grow with the rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import (
    AlbumExport,
    Category,
    Claim,
    Declaration,
    DeclaredObject,
    ExportState,
    GivenArchive,
    Item,
    ItemStatus,
    Network,
    Officer,
    PostedItem,
    Posting,
    Proposal,
    ProposalLevel,
    ProposalState,
)
from gallery.models.archives import ArchiveState
from gallery.sealing import Sealer
from gallery.services import audit, cases
from gallery.services.cases import TheftWindow, WrittenCase
from gallery.services.declarations import sealed_rows
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.people import desk_sessions
from gallery.services.transaction import atomic, end_reading
from tests.databases import asked_of
from tests.factories import AUTHORISED, Factory
from tests.web.backoffice.desk import Desk

LISTS = (
    "/", "/objets", "/objets?mots=proc-1", "/objets?mots=bague", "/objets?statut=publies", "/objets/nouveau",
    "/affaires", "/photos", "/albums", "/albums/fichiers", "/publications", "/reprise", "/declarations", "/demandes",
    "/rapprochements", "/personnes-a-prevenir", "/quarantaine", "/photos-non-analysees", "/administration/journal",
    "/administration/agents", "/administration/unites", "/recherche",
)  # fmt: skip
# More than a page of each list.
FEW, MANY = 55, 110


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        declarations_legal_act="PLAN-1",
        declarations_impact_assessment="2026-11-29",
        claims_legal_act="PLAN-2",
        claims_impact_assessment="2026-11-29",
    )


class Growing:
    """A unit to which rows of every list are added, each once."""

    def __init__(self, make: Factory, officer: Officer) -> None:
        self.make, self.officer, self.rows = make, officer, 0

    def grow(self, rows: int) -> None:
        session = self.make.session
        with atomic(session):
            category = session.get(Category, 1)
            for number in range(self.rows, rows):
                self._add(session, number, category)
        self.rows = rows

    def _add(self, session: Session, number: int, category: Category | None) -> None:
        make, now, unit = self.make, self.make.now + timedelta(seconds=number), self.officer.unit
        secret = replace(AUTHORISED, case_number=f"PROC-{number}")
        case = cases.create(session, make.given, unit, WrittenCase(TheftWindow(), secret), by=self.officer)
        item = Item(public_number=f"35-{number}", unit=unit, case=case, category=category, title="Bague", sealed=b"",
                    status=ItemStatus.PUBLISHED, created_at=now, updated_at=now, published_at=now)  # fmt: skip
        stated = StatedObject(words="bague", category_code="jewellery")
        contact = Contact("Mme Rougé", "", "06 55 44 33 22")
        statement = Statement(
            Theft(departement="35"), (stated,), contact, phrase="la lune", ends_on=now.date(), consented_at=now
        )
        reference, public_id = f"d{number}", f"o{number}"
        declared = DeclaredObject(public_id=public_id, position=0, category=category,
                                  sealed=sealed_rows.seal_object(stated, public_id, make.sealer))  # fmt: skip
        declaration = Declaration(
            reference=reference, departement="35", ends_on=now.date(), locator=reference, receipt=reference,
            answer_recipient="", proof_digest="", declared_at=now, objects=[declared],
            sealed=sealed_rows.seal_declaration(statement, reference, make.sealer),
        )  # fmt: skip
        session.add_all([item, declaration])
        session.add_all([
            Claim(reference=f"c{number}", declaration=declaration, item=item, claimed_at=now, changed_at=now),
            Proposal(public_id=f"p{number}", declared=declared, item=item, level=ProposalLevel.STRONG, made_at=now,
                     state=ProposalState.NEW),
            Posting(reference=f"p{number}", unit=unit, officer=self.officer, network=Network.X, title="Album",
                    made_at=now, items=[PostedItem(item=item)]),
            AlbumExport(reference=f"e{number}", unit_id=unit.id, officer=self.officer, network=Network.X, title="Album",
                        album={}, album_digest="", photos={f"photo{number}": "digest"}, state=ExportState.READY,
                        total=1, asked_at=now, made_at=now, expires_at=now + timedelta(days=3)),
            GivenArchive(reference=f"a{number}", unit_id=unit.id, officer=self.officer, category_id=1, case_id=None,
                         name="archive.zip", size_bytes=1, state=ArchiveState.DONE, given_at=now),
        ])  # fmt: skip
        session.flush()
        audit.record(session, self.officer, "publish", item, now=now)


@contextmanager
def counted(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """Statements that the database is asked, and sealed values that are opened, inside."""
    counts = {"statements": 0, "opened": 0}
    unseal = Sealer.unseal

    def open_one(self: Sealer, sealed: bytes, *, row: str) -> dict[str, object]:
        counts["opened"] += 1
        return unseal(self, sealed, row=row)

    with monkeypatch.context() as patched, asked_of(session.get_bind()) as asked:
        patched.setattr(Sealer, "unseal", open_one)
        yield counts
    counts["statements"] = len(asked)


def test_no_list_asks_or_opens_more_with_more_rows(
    make: Factory, administrator: Officer, office: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Otherwise one page in a minute writes down that the officer was seen.
    monkeypatch.setattr(desk_sessions, "SEEN_EVERY", timedelta(days=1))
    growing, seen = Growing(make, administrator), {}
    for rows in (FEW, MANY):
        growing.grow(rows)
        end_reading(session)
        # The unit's cases are opened once in a process.
        office.get("/objets/nouveau")
        for address in LISTS:
            with counted(session, monkeypatch) as counts:
                office.get(address)
            seen[address, rows] = counts
    grown = {address: (seen[address, FEW], seen[address, MANY]) for address in LISTS}
    assert {address: both for address, both in grown.items() if both[0] != both[1]} == {}
