"""The worker's half: drops about claims are opened, checked and filed, each in one transaction; twice is harmless."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from gallery import imaging
from gallery.config import Settings
from gallery.errors import PhotoRefused, StatementInvalid
from gallery.models import Claim, ClaimProof, ClaimState, ClaimStatement, Declaration, DeclarationState, Item, ProofKind
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.claims import claim_ending, claim_seals, claimed, progress
from gallery.services.claims.claim_seals import FrozenFields
from gallery.services.claims.claimed import MAX_CLAIMS, MAX_STATEMENTS, Claimant, ClaimWords
from gallery.services.days import day_in_paris
from gallery.services.declarations import answers, collecting, contact_address, filing, flood
from gallery.services.declarations.answers import MessageKind
from gallery.services.declarations.collecting import DropHandler, Opened
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.statement import MAX_DAYS, Statement, Theft
from gallery.services.items.renditions import limits_of
from gallery.services.transaction import atomic


@dataclass(frozen=True)
class OpenedProof:
    """A proof that could be read. file: as it was sent; pages: JPEG files to look at."""

    kind: ProofKind
    file: bytes
    pages: tuple[bytes, ...]


@dataclass(frozen=True)
class ReadWords:
    """What was sent at one time. unread: how many proofs could not be read; receipt: of the drop."""

    said: ClaimWords
    proofs: tuple[OpenedProof, ...]
    unread: int
    receipt: str


def file_claim(session: Session, opened: Opened, settings: Settings, sealer: Sealer, now: datetime) -> None:
    """File a claim, or append to the one that its owner has on the item already; raise StatementInvalid."""
    read = _read(opened, settings, now)
    item = _item(session, str(opened.fields.get("number")))
    with atomic(session):
        if not collecting.take(session, opened.receipt) or item is None:
            return
        declaration = _declaration(session, opened, settings, sealer, now)
        if declaration is None:
            return
        claim = next((each for each in declaration.claims if each.item_id == item.id), None)
        if claim is None and len(declaration.claims) < MAX_CLAIMS:
            claim = _add(session, declaration, item, settings, now)
        if claim is not None:
            _append(session, claim, read, sealer, now)


def append(session: Session, opened: Opened, settings: Settings, sealer: Sealer, now: datetime) -> None:
    """Append to a claim what its owner has sent since; raise StatementInvalid."""
    read = _read(opened, settings, now)
    with atomic(session):
        if collecting.take(session, opened.receipt) and (claim := _own(session, opened)):
            _append(session, claim, read, sealer, now)


def withdraw(session: Session, opened: Opened, _settings: Settings, _sealer: Sealer, now: datetime) -> None:
    """Erase a claim, as its owner asks."""
    with atomic(session):
        if collecting.take(session, opened.receipt) and (claim := _own(session, opened)):
            claim_ending.erase(session, claim, by=None, now=now)


def note_seen(session: Session, opened: Opened, _settings: Settings, _sealer: Sealer, now: datetime) -> None:
    """Note which states their addressee has seen; one that was set anew since, with another notice, is not seen."""
    with atomic(session):
        declaration = collecting.find_asked(session, opened)
        if not collecting.take(session, opened.receipt) or declaration is None:
            return
        given = opened.fields.get("seen")
        seen = {tuple(map(str, each)) for each in given if isinstance(each, list)} if isinstance(given, list) else set()
        for each in declaration.claims:
            if each.seen_at is None and _is_among(each, seen, opened.at):
                # Without a new version of the row, which an officer may have open, or be changing.
                as_seen = update(Claim).where(Claim.id == each.id, Claim.changed_at == each.changed_at)
                session.execute(as_seen.values(seen_at=now))
        answers.refresh(session, declaration)


def _is_among(claim: Claim, seen: Collection[tuple[str, ...]], at: datetime) -> bool:
    """Whether a claim was shown as it is. at: when the drop came, for a public site of before 2026-12-01."""
    state = (claim.reference, claim.state.value)
    return (*state, claim.changed_at.astimezone(UTC).isoformat()) in seen or (state in seen and claim.changed_at <= at)


HANDLERS: Mapping[DropKind, DropHandler] = {
    DropKind.CLAIM: file_claim,
    DropKind.ADD_TO_CLAIM: append,
    DropKind.WITHDRAW_CLAIM: withdraw,
    DropKind.CLAIM_SEEN: note_seen,
}


def _read(opened: Opened, settings: Settings, now: datetime) -> ReadWords:
    """What was sent, checked, with its proofs as pictures; slow."""
    said = claimed.from_fields(opened.fields.get("said"))
    claimed.check(said, max_proofs=settings.max_claim_proofs)
    # The clock of a sender is not to be ahead of the worker's.
    said = replace(said, said_at=min(said.said_at, now))
    proofs, unread = _read_proofs(said, settings)
    return ReadWords(said, proofs, unread, opened.receipt)


def _item(session: Session, number: str) -> Item | None:
    """An item that is or was public: it may have been withdrawn since the form was opened."""
    found = session.scalar(select(Item).where(Item.public_number == number[:16]))
    return found if found is not None and found.published_at is not None else None


def _own(session: Session, opened: Opened) -> Claim | None:
    declaration, reference = collecting.find_asked(session, opened), opened.fields.get("reference")
    return next((each for each in declaration.claims if each.reference == reference), None) if declaration else None


def _declaration(
    session: Session, opened: Opened, settings: Settings, sealer: Sealer, now: datetime
) -> Declaration | None:
    """The declaration of whoever has a code, or a new one without objects for whoever has none."""
    if "claimant" not in opened.fields:
        return collecting.find_asked(session, opened)
    claimant: Claimant = claimed.claimant_from_fields(opened.fields["claimant"])
    statement = Statement(
        theft=Theft(),
        objects=(),
        contact=claimant.contact,
        ends_on=day_in_paris(now) + timedelta(days=MAX_DAYS - 1),
        consented_at=min(opened.at, now),
        phrase=claimant.phrase,
        language=claimant.language,
    )
    lock = collecting.lock_in(opened.fields.get("lock"))
    held = flood.is_suspected(session, statement.contact, settings=settings, sealer=sealer, now=now)
    arrival = filing.Arrival(lock, opened.receipt, is_suspected=held)
    made = filing.add(session, filing.DescribedStatement(statement), arrival, sealer=sealer, now=now)
    persons = contact_address.to_confirm(claimant.contact, None, settings) if not held else {}
    contact_address.ask(session, made, persons, sealer=sealer, now=now)
    return made


def _add(session: Session, declaration: Declaration, item: Item, settings: Settings, now: datetime) -> Claim:
    is_held = declaration.state is DeclarationState.QUARANTINED or flood.is_claim_suspected(
        session, declaration, settings=settings, now=now
    )
    claim = Claim(
        reference="R-" + "".join(secrets.choice(filing.ALPHABET) for _ in range(filing.REFERENCE_LENGTH)),
        declaration=declaration,
        item=item,
        state=ClaimState.RECEIVED,
        claimed_at=now,
        held_at=now if is_held else None,
        changed_at=now,
        # The page itself says that it was received.
        told_at=now,
    )
    progress.note_step(claim, now)
    session.add(claim)
    session.flush()
    answers.tell(session, declaration, MessageKind.CLAIM_RECEIVED, now=now, claim=claim)
    return claim


def _append(session: Session, claim: Claim, read: ReadWords, sealer: Sealer, now: datetime) -> None:
    # Two workers count one after the other.
    session.refresh(claim, with_for_update=True)
    said, position = read.said, len(claim.statements) + 1
    if position > MAX_STATEMENTS or claim.state in progress.ENDED:
        return
    sealed = claim_seals.freeze(FrozenFields(said.answers, said.words, read.unread), claim, position, sealer)
    rows = [_row(number, each, sealer) for number, each in enumerate(read.proofs, start=1)]
    digest = claim_seals.digest_of(claim.reference, position, said.said_at, sealed, [each.digest for each in rows])
    claim.statements.append(
        ClaimStatement(
            position=position, said_at=said.said_at, sealed=sealed, digest=digest, receipt=read.receipt, proofs=rows
        )
    )
    # A new version, though no column is another: an officer whose page lacks this decides nothing.
    flag_modified(claim, "state")
    audit.record(session, None, "file_claim", claim, now=now, digest=digest, proofs=len(rows))
    if position > 1:
        answers.tell(session, claim.declaration, MessageKind.CLAIM_ADDED, now=now, claim=claim)
    if claim.state is ClaimState.PROOFS_ASKED:
        progress.take_up(session, claim, now=now)


def _row(position: int, proof: OpenedProof, sealer: Sealer) -> ClaimProof:
    public_id = secrets.token_hex(12)
    sealed = claim_seals.seal_file(proof.file, public_id, sealer)
    return ClaimProof(
        public_id=public_id,
        position=position,
        kind=proof.kind,
        pages=len(proof.pages),
        sealed=sealed,
        sealed_pages=claim_seals.seal_pages(proof.pages, public_id, sealer),
        digest=hashlib.sha256(sealed).hexdigest(),
        copy_of="",
    )


def _read_proofs(said: ClaimWords, settings: Settings) -> tuple[tuple[OpenedProof, ...], int]:
    """The proofs as pictures, made anew in the confined process, and how many could not be read; slow."""
    proofs, unread = [], 0
    for kind, files in ((ProofKind.PHOTO, said.photos), (ProofKind.DOCUMENT, said.documents)):
        for file in files:
            try:
                proofs.append(OpenedProof(kind, file, _pages(kind, file, settings)))
            except PhotoRefused:
                unread += 1
    return tuple(proofs), unread


def _pages(kind: ProofKind, file: bytes, settings: Settings) -> tuple[bytes, ...]:
    limits = limits_of(settings)
    if kind is ProofKind.PHOTO:
        return (imaging.document_page(imaging.decode(file, limits)),)
    if not imaging.is_pdf(file):
        raise StatementInvalid("documents")
    return tuple(imaging.document_page(each) for each in imaging.pdf_pages(file, limits, max_pages=claimed.MAX_PAGES))
