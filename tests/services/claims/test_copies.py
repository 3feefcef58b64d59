"""The copy of all that is kept, for somebody who claims an object: what was said, proofs, states, and what was told."""

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import AuditEntry, Claim, Declaration, Item, Officer
from gallery.services.claims import copies
from gallery.services.declarations.told_claims import ClaimNotice
from gallery.services.transaction import atomic
from tests import pdfs, pictures
from tests.factories import Factory
from tests.services.claims.conftest import STATES, Somebody

PHOTO, INVOICE = pictures.jpeg(pictures.picture(5)), pdfs.invoice()
PROOFS = ["demande-1-envoi-1-preuve-1.jpg", "demande-1-envoi-1-preuve-2.pdf"]
NOTICE = ClaimNotice(asked=("invoice",))


@pytest.fixture
def claim(somebody: Somebody, item: Item, decide: Callable[..., None]) -> Claim:
    claim = somebody.claims(item, somebody.says("une éraflure", PHOTO, documents=(INVOICE,)))
    decide(claim, STATES.PROOFS_ASKED, notice=NOTICE)
    return claim


@pytest.fixture
def give(session: Session, claim: Claim, make: Factory, officer: Officer) -> Callable[[], tuple[Any, dict[str, bytes]]]:
    def given() -> tuple[Any, dict[str, bytes]]:
        with atomic(session):
            declaration = session.get_one(Declaration, claim.declaration_id)
            packed = copies.give(session, declaration, sealer=make.sealer, by=officer, now=make.now)
        with zipfile.ZipFile(BytesIO(packed)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        return json.loads(files.pop(copies.TABLE)), files

    return given


def test_it_has_what_was_said_the_proofs_as_they_were_sent_and_what_was_told(
    give: Callable[[], tuple[Any, dict[str, bytes]]], claim: Claim, item: Item, session: Session, officer: Officer
) -> None:
    table, files = give()
    assert files == dict(zip(PROOFS, (PHOTO, INVOICE), strict=True))
    (told,) = table["claims"]
    assert (told["reference"], told["item"], told["state"]) == (claim.reference, item.public_number, "proofs_asked")
    assert [each["state"] for each in told["steps"]] == ["received", "proofs_asked"]
    assert told["notice"]["asked"] == ["invoice"]
    (said,) = told["said"]
    assert (said["words"], said["answers"], said["proofs"]) == ("une éraflure", {"engraved": "J.R. 1962"}, PROOFS)
    assert {each["kind"]: each["claim"] for each in table["messages"]} == {
        "received": None, "claim_received": claim.reference, "claim_news": claim.reference, "copy_given": None,
    }  # fmt: skip
    assert table["said"]["contact"]["telephone"] == "0655443322"
    assert session.scalar(select(AuditEntry.officer_id).where(AuditEntry.action == "read_claim")) == officer.id


def test_a_part_that_no_key_opens_keeps_nothing_else_back(
    give: Callable[[], tuple[Any, dict[str, bytes]]], claim: Claim, session: Session
) -> None:
    with atomic(session):
        found = session.get_one(Claim, claim.id)
        found.declaration.sealed = found.sealed_notice = b"broken"
        found.statements[0].sealed = found.statements[0].proofs[0].sealed = b"broken"
    table, files = give()
    assert (list(files), table["unreadable_files"]) == (PROOFS[1:], PROOFS[:1])
    (told,) = table["claims"]
    assert (table["said"], told["notice"], told["said"][0]["words"]) == (copies.UNREADABLE,) * 3
    assert told["state"] == "proofs_asked"
