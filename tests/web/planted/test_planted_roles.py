"""What each role of the guide reads and writes in a database full of planted secrets, on PostgreSQL."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, make_url, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from gallery import matching
from gallery.config import Settings
from gallery.database import open_engine, session_factory
from gallery.matching.catalogue.shortlisting import question_row
from gallery.matching.ranking.comparison import question_of
from gallery.models import Item, StoredSignature
from gallery.services.operating import counts
from gallery.services.search import lookups, pgvector
from gallery.services.search.database_catalogue import DatabaseCatalogue
from gallery.services.search.memory import Scope
from gallery.services.transaction import atomic
from gallery.web.health import site
from tests import pictures
from tests.factories import Factory
from tests.web.planted.conftest import FORMER, GUIDE, MARKS, columns_of, on_postgresql


@on_postgresql
def test_the_public_role_is_not_given_what_is_confidential(as_public: Connection) -> None:
    for asked in (
        "sealed FROM cases", "sealed FROM items", "serial_key FROM items", "name FROM officers", "title FROM postings",
        "officer_id FROM postings", "address FROM postings", "id FROM audit_entries", "sealed FROM facebook_pages",
        "id FROM page_posts", "id FROM form_drafts", "id FROM given_archives", "id FROM access_links",
        "id FROM desk_sessions", "words FROM item_words",
    ):  # fmt: skip
        with pytest.raises(ProgrammingError, match="permission denied"):
            as_public.execute(text(f"SELECT {asked}"))
        as_public.rollback()


@on_postgresql
def test_the_role_of_the_monitor_reads_what_is_counted_and_nothing_else(
    settings: Settings, planted: Item, engine: Engine, session: Session
) -> None:
    block = re.search(r"```sql\n(CREATE ROLE gallery_health .*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    with engine.begin() as connection:
        connection.execute(text(block[1]))  # type: ignore[index]
    address = make_url(settings.database_url).update_query_dict({"options": "-crole=gallery_health"})
    watched = replace(settings, database_url=address.render_as_string(hide_password=False))
    try:
        monitor = site.application(watched).test_client()
        figures = monitor.get("/metrics").text
        assert json.loads(monitor.get("/readyz").data)["schema"]["database"]
        found = open_engine(watched.database_address)
        with found.connect() as connection:
            read = dict.fromkeys(columns_of(connection))
        found.dispose()
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP OWNED BY gallery_health; DROP ROLE gallery_health"))
    counted = counts.count(session, now=datetime.now(UTC))
    for status, number in counted.items.items():
        assert f'gallery_items{{status="{status.value}"}} {float(number)}' in figures
    assert len([column for column in read if column[0][0] == "items"]) <= 5


@on_postgresql
def test_no_row_that_the_public_role_reads_has_a_secret(as_public: Connection, planted: Item) -> None:
    read = dict(columns_of(as_public))
    assert {
        ("items", "title"),
        ("item_photos", "alt_text"),
        ("signatures", "details"),
        ("units", "name"),
    } <= read.keys()
    assert len(read) > 60
    leaks = {place: mark for place, values in read.items() for mark in MARKS if mark in values}
    assert not leaks
    assert planted.public_number.encode() in read["items", "public_number"]


@on_postgresql
def test_the_public_role_reads_signatures_of_shown_photos_only(
    as_public: Connection, planted: Item, make: Factory
) -> None:
    shown = [photo.id for photo in planted.photos if not photo.is_private]
    former = [
        photo.id
        for item in make.session.scalars(select(Item).where(Item.status.in_(FORMER)))
        for photo in item.photos
        if not photo.is_private
    ]
    assert shown
    assert former
    everything = set(make.session.scalars(select(StoredSignature.photo_id)))
    assert everything > {*shown, *former}
    assert set(as_public.scalars(text("SELECT photo_id FROM signatures"))) == {*shown, *former}
    assert set(as_public.scalars(text("SELECT id FROM item_photos"))) == set(shown)
    assert set(as_public.scalars(text("SELECT id FROM items"))) == {planted.id}


@on_postgresql
def test_the_public_role_writes_nothing(as_public: Connection) -> None:
    for act in (
        "UPDATE items SET title = 'x'",
        "DELETE FROM signatures",
        "INSERT INTO catalogue_revision VALUES (2, 2)",
        "SELECT sealed FROM declaration_inbox",
        "DELETE FROM declaration_inbox",
        "SELECT sealed FROM declarations",
        "SELECT sealed FROM declared_objects",
        "SELECT sealed FROM declared_photos",
        "SELECT item_id FROM proposals",
        "SELECT item_id FROM claims",
        "SELECT state FROM claim_steps",
        "SELECT sealed FROM claim_statements",
        "SELECT copy_of FROM claim_proofs",
        "SELECT address_key FROM declared_addresses",
        "SELECT reference FROM declaration_mails",
        "DELETE FROM mail_references",
        "UPDATE declaration_answers SET sealed = ''",
        "UPDATE declaration_key SET recipient = ''",
        "UPDATE opened_declarations SET locator = ''",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            as_public.execute(text(act))
        as_public.rollback()


@on_postgresql
def test_a_role_of_the_desk_that_owns_nothing_reads_every_row(planted: Item, engine: Engine, make: Factory) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE desk; GRANT SELECT ON ALL TABLES IN SCHEMA public TO desk"))
        connection.execute(text("SET LOCAL ROLE desk"))
        titles = set(connection.scalars(text("SELECT title FROM items")))
        connection.execute(text("RESET ROLE"))
        connection.execute(text("DROP OWNED BY desk; DROP ROLE desk"))
    assert {"PLANTED-draft", "PLANTED-withdrawn"} <= titles


@pytest.fixture
def shortlisted(planted: Item, make: Factory, engine: Engine) -> Iterator[None]:
    """All photos, hidden ones and drafts' too, in the tables of pgvector."""
    for _ in range(2):
        pgvector.ensure_tables(make.session)
    with atomic(make.session):
        pgvector.index_missing(make.session, limit=100)
    yield
    # It may have read the tables, which are then locked.
    make.session.rollback()
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS shortlist_vectors, shortlist_words, shortlist_photos"))
        for name in connection.scalars(text("SELECT oid::regprocedure FROM pg_proc WHERE proname ~ '_near_'")).all():
            connection.execute(text(f"DROP FUNCTION {name}"))


@on_postgresql
@pytest.mark.usefixtures("shortlisted")
def test_a_search_in_pgvector_works_with_the_guides_role(settings: Settings, planted: Item, make: Factory) -> None:
    public = open_engine(settings.public_database_address)
    asked = matching.describe(np.asarray(pictures.picture(1)))
    found = matching.rank([asked], DatabaseCatalogue(session_factory(public)).current())
    assert found[0].item_id == planted.id
    gone = make.session.scalars(select(Item).where(Item.title == "PLANTED-withdrawn")).one()
    former = DatabaseCatalogue(session_factory(public), scope=Scope.FORMER).current()
    stored = gone.photos[0].signature
    found = matching.rank([matching.Signature.from_bytes(stored.compact, stored.details)], former)
    assert found[0].item_id == gone.id
    public.dispose()


@on_postgresql
@pytest.mark.usefixtures("shortlisted")
def test_the_public_role_learns_from_pgvector_of_shown_photos_only(
    as_public: Connection, settings: Settings, planted: Item, make: Factory, engine: Engine
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        as_public.execute(text("SELECT hash FROM shortlist_photos"))
    as_public.rollback()
    # What an earlier guide granted.
    with engine.begin() as connection:
        connection.execute(text("GRANT SELECT ON shortlist_photos, shortlist_words TO gallery_public"))
    for name in ("shortlist_photos", "shortlist_words"):
        assert as_public.scalar(text(f"SELECT count(*) FROM {name}")) == 0
        assert make.session.scalar(text(f"SELECT count(*) FROM {name}"))
    hidden = next(photo for photo in planted.photos if photo.is_private)
    signature = make.session.scalars(select(StoredSignature).where(StoredSignature.photo_id == hidden.id)).one()
    question = question_row(question_of(matching.Signature.from_bytes(signature.compact)))
    # However it is walked.
    as_public.execute(text("SET hnsw.ef_search = 1; SET enable_sort = off"))
    with Session(as_public) as session:
        seen = set(session.scalars(select(StoredSignature.id)))
        assert signature.id not in seen
        shown = lookups.signatures_near(session, question, scope=Scope.PUBLIC)
        former = lookups.signatures_near(session, question, scope=Scope.FORMER)
    assert shown
    assert former
    assert shown | former <= seen
    assert signature.id in lookups.signatures_near(make.session, question, scope=Scope.ALL)
