"""A claim: dropped by the public half, frozen by the worker's, decided by officers, told to the code, really erased."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery.errors import ChangedMeanwhile, ClaimNotFound, ClaimStepRefused, PublicationRefused
from gallery.models import AuditEntry, Claim, ClaimStatement, Declaration, InboxDrop, Item, ItemStatus, Officer
from gallery.sealing import Sealer
from gallery.services.claims import claim_desk, claim_drops, claim_seals, progress
from gallery.services.claims.copied_proofs import FORMER, ClaimWork
from gallery.services.claims.progress import NextStep
from gallery.services.declarations import filing, lifecycle
from gallery.services.declarations.opening import locks
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.declarations.told_claims import ClaimNotice
from gallery.services.items import publication
from gallery.services.items.obstacles import Obstacle
from gallery.services.resources import Resources
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.transaction import atomic, end_reading
from gallery.storage import rendition_key
from tests import pdfs, pictures
from tests.factories import Factory
from tests.services.claims.conftest import CODE, NOTHING, OTHER_CODE, STATES, Somebody, as_sent, count, frozen


def test_it_works(
    somebody: Somebody, item: Item, session: Session, sealer: Sealer, officer: Officer, make: Factory
) -> None:
    photo = pictures.jpeg(pictures.picture(5))
    claim = somebody.claims(item, somebody.says("une éraflure", photo, documents=(pdfs.invoice(pages=2),)))
    (said,) = frozen(session, claim, sealer, officer, make.now)
    assert (said.answers, said.words, said.unread, said.is_as_filed) == (
        {"engraved": "J.R. 1962"}, "une éraflure", 0, True,
    )  # fmt: skip
    picture, document = claim.statements[0].proofs
    assert as_sent(picture, sealer) == photo
    assert [page[:3] for page in claim_seals.pages_of(document, sealer)] == [b"\xff\xd8\xff"] * 2
    assert as_sent(document, sealer).startswith(b"%PDF")
    (told,) = somebody.reads().claims
    assert (told.number, told.state) == (item.public_number, "received")
    assert count(session, InboxDrop) == [0]
    assert {"file_claim", "read_claim"} <= set(session.scalars(select(AuditEntry.action)))


def test_what_was_written_stays_as_it_was_and_more_is_appended(
    somebody: Somebody,
    item: Item,
    decide: Callable[..., None],
    session: Session,
    sealer: Sealer,
    officer: Officer,
    make: Factory,
) -> None:
    """Whatever services do to a claim later, its first statement keeps every byte and its digest."""
    claim = somebody.claims(item, somebody.says("first", pictures.jpeg(pictures.picture(5))))
    row = claim.statements[0]

    def as_kept() -> tuple[object, ...]:
        end_reading(session)
        first = session.get_one(ClaimStatement, row.id)
        return (first.sealed, first.digest, first.said_at, [(each.sealed, each.digest) for each in first.proofs])

    before = as_kept()
    decide(claim, STATES.UNDER_REVIEW, STATES.PROOFS_ASKED, notice=ClaimNotice(asked=("invoice",)))
    somebody.adds(claim, somebody.says("second"))
    # The same item claimed again with the same code is appended, too.
    with atomic(session):
        claim_drops.claim(session, make.given, item.public_number, somebody.says("third"), somebody.holder())
    somebody.collects()
    with atomic(session):
        lifecycle.replace_code(
            session,
            session.get_one(Declaration, claim.declaration_id),
            locks.make(OTHER_CODE, pepper=somebody.given.settings.declaration_pepper),
            by=officer,
            now=make.now,
        )
        progress.tell_again(session, session.get_one(Declaration, claim.declaration_id), sealer=sealer)
    decide(claim, STATES.WITH_MAGISTRATE, STATES.AGREED, STATES.RETURNED)
    assert as_kept() == before
    said = frozen(session, claim, sealer, officer, make.now)
    assert [(each.words, each.is_as_filed) for each in said] == [("first", True), ("second", True), ("third", True)]
    with atomic(session):
        session.get_one(ClaimStatement, row.id).said_at -= timedelta(days=400)
    assert not frozen(session, claim, sealer, officer, make.now)[0].is_as_filed


def test_a_lost_code_is_replaced_and_the_notice_with_it(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session, sealer: Sealer, officer: Officer
) -> None:
    claim = somebody.claims(item, somebody.says())
    decide(claim, STATES.PROOFS_ASKED, notice=ClaimNotice(asked=("invoice",)))
    with atomic(session):
        declaration = session.get_one(Declaration, claim.declaration_id)
        lock = locks.make(OTHER_CODE, pepper=somebody.given.settings.declaration_pepper)
        lifecycle.replace_code(session, declaration, lock, by=officer, now=somebody.now)
        progress.tell_again(session, declaration, sealer=sealer)
    assert somebody.reads(OTHER_CODE).claims[0].notice.asked == ("invoice",)


@pytest.mark.parametrize("notice", [b"damaged", b""], ids=["unreadable", "sealed to the lost code"])
def test_a_notice_that_can_not_be_read_keeps_nothing_else_from_whoever_has_the_code(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session, sealer: Sealer, officer: Officer,
    notice: bytes,
) -> None:  # fmt: skip
    claim = somebody.claims(item, somebody.says())
    decide(claim, STATES.PROOFS_ASKED, notice=ClaimNotice(asked=("invoice",)))
    lock = locks.make(OTHER_CODE, pepper=somebody.given.settings.declaration_pepper)
    with atomic(session):
        declaration = session.get_one(Declaration, claim.declaration_id)
        lifecycle.replace_code(session, declaration, lock, by=officer, now=somebody.now)
        if notice:
            session.get_one(Claim, claim.id).sealed_notice = notice
            progress.tell_again(session, declaration, sealer=sealer)
    (told,) = somebody.reads(OTHER_CODE).claims
    assert (told.state, told.notice) == ("proofs_asked", NOTHING)
    assert (session.get_one(Claim, claim.id).told is None) is bool(notice)


def test_what_is_asked_for_is_sent_and_studied(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session
) -> None:
    claim = somebody.claims(item, somebody.says())
    decide(claim, STATES.PROOFS_ASKED, notice=ClaimNotice(asked=("invoice", "own_photo")))
    assert somebody.reads().claims[0].notice.asked == ("invoice", "own_photo")
    somebody.adds(claim, somebody.says("", documents=(pdfs.invoice(),)))
    assert session.get_one(Claim, claim.id).state is STATES.UNDER_REVIEW
    assert [each.state for each in somebody.reads().claims[0].steps] == ["received", "proofs_asked", "under_review"]


def test_an_agreement_hides_the_item_and_no_other_claimant_learns_of_it(
    somebody: Somebody, item: Item, decide: Callable[..., None], session: Session, officer: Officer
) -> None:
    first = somebody.claims(item, somebody.says())
    second = somebody.claims(item, somebody.says("à moi"), OTHER_CODE)
    before = somebody.reads(OTHER_CODE)
    assert len(before.claims) == 1
    assert claim_desk.others(session, first) == [second]
    meeting = ClaimNotice(where="à la brigade", when="mardi 8 décembre à 14 h", bring="votre carte d’identité")
    decide(first, STATES.WITH_MAGISTRATE)
    decide(first, STATES.AGREED, notice=meeting)
    assert session.get_one(Item, item.id).status is ItemStatus.WITHDRAWN
    assert somebody.reads().claims[0].notice == meeting
    assert somebody.reads(OTHER_CODE) == before
    decide(second, STATES.WITH_MAGISTRATE)
    for refused in (STATES.AGREED, STATES.RETURNED):
        with pytest.raises(ClaimStepRefused):
            decide(second, refused)
    decide(first, STATES.RETURNED)
    assert session.get_one(Item, item.id).status is ItemStatus.RETURNED


def test_two_officers_do_not_overwrite_each_other(
    somebody: Somebody, item: Item, session: Session, officer: Officer, decide: Callable[..., None]
) -> None:
    claim = somebody.claims(item, somebody.says())
    seen = claim.version
    decide(claim, STATES.UNDER_REVIEW)
    step = NextStep(STATES.PROOFS_ASKED, NOTHING, version=seen)
    with pytest.raises(ChangedMeanwhile), atomic(session):
        progress.change(session, somebody.given, session.get_one(Claim, claim.id), step, by=officer)


def test_another_units_officer_finds_nothing(
    somebody: Somebody, item: Item, session: Session, officer: Officer, outsider: Officer
) -> None:
    claim = somebody.claims(item, somebody.says())
    assert [each.reference for each in claim_desk.listed(session, officer, ended=False, limit=9, offset=0).claims] == [
        claim.reference
    ]
    assert claim_desk.listed(session, outsider, ended=False, limit=9, offset=0).total == 0
    with pytest.raises(ClaimNotFound):
        claim_desk.get(session, claim.reference, outsider)


@pytest.mark.parametrize("is_prior", [True, False])
def test_what_was_declared_before_the_item_was_public_is_known(
    is_prior: bool, somebody: Somebody, item: Item, session: Session, sealer: Sealer, make: Factory, officer: Officer
) -> None:
    """The first publication counts: an item that was withdrawn and published again had been seen before."""
    declared_at = make.now - timedelta(days=1) if is_prior else make.now + timedelta(hours=1)
    stated = StatedObject("jewellery", "bague")
    statement = Statement(
        Theft(), (stated,), Contact("Mme Rougé", "", "0655443322"), make.now.date() + timedelta(days=300), make.now
    )
    lock = locks.make(CODE, pepper=somebody.given.settings.declaration_pepper)
    with atomic(session):
        described = filing.DescribedStatement(statement, [filing.DescribedObject(stated, ())])
        filing.add(session, described, filing.Arrival(lock, "r"), sealer=sealer, now=declared_at)
        row = session.get_one(Item, item.id)
        publication.withdraw(session, row, by=officer, now=make.now)
        later = make.now + timedelta(days=2)
        publication.publish(session, replace(make.given, now=lambda: later), row, by=officer)
        claim_drops.claim(session, make.given, item.public_number, somebody.says(), somebody.holder())
    somebody.collects()
    claim = session.scalars(select(Claim)).one()
    assert [each.is_prior for each in claim_desk.prior_objects(session, claim)] == [is_prior]


def test_our_own_photo_is_no_proof(
    somebody: Somebody, item: Item, make: Factory, session: Session, sessions: sessionmaker[Session]
) -> None:
    shown = make.public.get(rendition_key(item.photos[0].rendition_digest, "share.jpg"))
    with Image.open(BytesIO(shown)) as opened:
        screenshot = pictures.jpeg(pictures.cropped(opened.convert("RGB")), quality=45)
    claim = somebody.claims(item, somebody.says("", screenshot, pictures.jpeg(pictures.picture(91))))
    given = Resources(
        settings=somebody.given.settings,
        sessions=sessions,
        public=make.public,
        private_store=None,
        sealer=make.sealer,
        now=lambda: make.now,
    )
    work = ClaimWork(given, open_catalogue(given, Scope.PUBLIC))
    while work.compare_next_proof():
        pass
    end_reading(session)
    assert [each.copy_of for each in claim.statements[0].proofs] == [item.public_number, ""]
    assert item.public_number != FORMER


def test_what_a_claimant_was_promised_is_not_published_again(
    somebody: Somebody, item: Item, decide: Callable[..., None], make: Factory
) -> None:
    claim = somebody.claims(item, somebody.says())
    decide(claim, STATES.WITH_MAGISTRATE, STATES.AGREED)
    with pytest.raises(PublicationRefused) as refusal:
        make.publish(item)
    assert refusal.value.obstacles == (Obstacle.PROMISED,)
    decide(claim, STATES.WITH_MAGISTRATE)
    assert make.publish(item).status is ItemStatus.PUBLISHED
