"""What lists of the back office ask of the database and open of what is sealed does not grow with the rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import (
    AlbumExport,
    Category,
    Claim,
    Declaration,
    DeclarationState,
    DeclaredObject,
    ExportState,
    GivenArchive,
    Item,
    ItemPhoto,
    ItemStatus,
    Network,
    Officer,
    PostedItem,
    Posting,
    Proposal,
    ProposalLevel,
    ProposalState,
    RenditionSize,
    SignatureState,
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
from tests.victim import CLAIMS, DECLARATIONS
from tests.web.backoffice.desk import Desk

LISTS = (
    "/", "/objets", "/objets?mots=proc-1", "/objets?mots=bague", "/objets?statut=publies", "/objets/nouveau",
    "/affaires", "/photos", "/albums", "/albums/fichiers", "/publications", "/reprise", "/declarations", "/demandes",
    "/rapprochements", "/personnes-a-prevenir", "/quarantaine", "/photos-non-analysees", "/administration/journal",
    "/administration/agents", "/administration/unites",
)  # fmt: skip
# Of any list, whatever it is made of.
ROWS = "main :is(tbody tr, li, article, option)"
# More than a page of each list.
FEW, MANY = 55, 110


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        **DECLARATIONS,
        **CLAIMS,
    )


class Growing:
    """A unit to which rows of every list are added, each once."""

    def __init__(self, make: Factory, officer: Officer) -> None:
        self.make, self.officer, self.rows = make, officer, 0

    def grow(self, rows: int) -> None:
        session = self.make.session
        for number in range(self.rows, rows):
            self.make.officer(self.make.unit(f"U{number}"), f"agent{number}@gendarmerie.example")
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
        item.photos = [
            ItemPhoto(public_id=f"i{number}", position=0, original_sha256=f"{number:064}", original_bytes=1,
                      media_type="image/jpeg", width=320, height=240, rendition_digest=f"{number:064}",
                      renditions=(RenditionSize("320.jpg", 320, 240),),
                      signature_state=SignatureState.FAILED, created_at=now),
        ]  # fmt: skip
        declared, told = self._declared(number, "", DeclarationState.OPEN, category).objects
        held = self._declared(number, "q", DeclarationState.QUARANTINED, category)
        proposed = {"item": item, "level": ProposalLevel.STRONG, "made_at": now}
        session.add_all([
            item, held,
            Claim(reference=f"c{number}", declaration=declared.declaration, item=item, claimed_at=now, changed_at=now),
            Proposal(public_id=f"p{number}", declared=declared, state=ProposalState.NEW, **proposed),
            Proposal(public_id=f"t{number}", declared=told, state=ProposalState.SHOWN, decided_at=now, **proposed),
            Posting(reference=f"p{number}", unit=unit, officer=self.officer, network=Network.X, title="Album",
                    made_at=now, items=[PostedItem(item=item)]),
            # Pages ask the real clock whether the file is still there.
            AlbumExport(reference=f"e{number}", unit_id=unit.id, officer=self.officer, network=Network.X, title="Album",
                        album={}, album_digest="", photos={f"photo{number}": "digest"}, state=ExportState.READY,
                        total=1, asked_at=now, made_at=now, expires_at=datetime.now(UTC) + timedelta(days=3)),
            GivenArchive(reference=f"a{number}", unit_id=unit.id, officer=self.officer, category_id=1, case_id=None,
                         name="archive.zip", size_bytes=1, state=ArchiveState.DONE, given_at=now),
        ])  # fmt: skip
        session.flush()
        audit.record(session, self.officer, "publish", item, now=now)

    def _declared(self, number: int, kind: str, state: DeclarationState, category: Category | None) -> Declaration:
        """A declaration of two objects."""
        make, now, reference = self.make, self.make.now + timedelta(seconds=number), f"d{kind}{number}"
        stated = StatedObject(words="bague", category_code="jewellery")
        contact = Contact("Mme Rougé", "", "06 55 44 33 22")
        helper = Contact("Anne Rougé", "", "06 11 22 33 44")
        statement = Statement(
            Theft(departement="35"),
            (stated,),
            contact,
            helper=helper,
            phrase="la lune",
            ends_on=now.date(),
            consented_at=now,
        )
        public_ids = [f"o{kind}{number}", f"s{kind}{number}"]
        return Declaration(
            reference=reference, departement="35", ends_on=now.date(), locator=reference, receipt=reference,
            answer_recipient="", proof_digest="", declared_at=now, state=state, has_helper=True,
            objects=[
                DeclaredObject(public_id=public_id, position=position, category=category,
                               sealed=sealed_rows.seal_object(stated, public_id, make.sealer))
                for position, public_id in enumerate(public_ids)
            ],
            sealed=sealed_rows.seal_declaration(statement, reference, make.sealer),
        )  # fmt: skip


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
    shown = {address: [len(office.get(address).all(ROWS))] for address in LISTS}
    for rows in (FEW, MANY):
        growing.grow(rows)
        end_reading(session)
        # The unit's cases are opened once in a process.
        office.get("/objets/nouveau")
        for address in LISTS:
            # A first look makes lines of the journal, later ones within the hour count in them.
            office.get(address)
            end_reading(session)
            with counted(session, monkeypatch) as counts:
                page = office.get(address)
            seen[address, rows] = counts
            shown[address].append(len(page.all(ROWS)))
    assert {address: numbers for address, numbers in shown.items() if numbers[0] >= numbers[1]} == {}
    grown = {address: (seen[address, FEW], seen[address, MANY]) for address in LISTS}
    assert {address: both for address, both in grown.items() if both[0] != both[1]} == {}


def test_no_list_asks_more_for_each_row_that_it_shows(
    make: Factory, administrator: Officer, office: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_sessions, "SEEN_EVERY", timedelta(days=1))
    growing, asked = Growing(make, administrator), {}
    for rows in (3, 6):
        growing.grow(rows)
        for address in LISTS:
            office.get(address)
            end_reading(session)
            with counted(session, monkeypatch) as counts:
                office.get(address)
            asked[address, rows] = counts["statements"]
    more = {address: (asked[address, 3], asked[address, 6]) for address in LISTS}
    assert {address: both for address, both in more.items() if both[0] != both[1]} == {}
