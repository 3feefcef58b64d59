"""Secrets are planted in every confidential field; every public page, header and picture is then searched for them."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import bs4
import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Connection, Engine, make_url, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from gallery import create_app, matching
from gallery.config import Settings, Site
from gallery.database import open_engine, session_factory
from gallery.matching.catalogue.shortlisting import question_row
from gallery.matching.ranking.comparison import question_of
from gallery.models import Item, ItemStatus, Network, Officer, StoredSignature, Unit
from gallery.services.albums import postings
from gallery.services.cases import CaseSecrets, TheftWindow
from gallery.services.claims import claim_filing
from gallery.services.declarations import collecting
from gallery.services.declarations.opening import codes
from gallery.services.gallery import public_items
from gallery.services.items import publication
from gallery.services.items.items import ItemSecrets
from gallery.services.operating import counts
from gallery.services.people import official_accounts
from gallery.services.search import lookups, pgvector
from gallery.services.search.database_catalogue import DatabaseCatalogue
from gallery.services.search.memory import Scope
from gallery.services.transaction import atomic
from gallery.storage import rendition_key
from gallery.web.health import site
from gallery.web.resources import resources_of
from tests import pdfs, pictures
from tests.claimant import Claimant
from tests.factories import Factory
from tests.victim import Victim, code_of

CASE_SECRETS = CaseSecrets(
    case_number="PLANTED-case-number",
    discovered_on="2019-02-03",
    discovery_place="PLANTED-place",
    authorised_by="PLANTED-magistrate",
    authorised_on="2019-04-05",
    authorised_scope="PLANTED-scope",
    notes="PLANTED-notes",
)
WITHHELD = {"inscriptions": "PLANTED-engraved", "distinguishing_features": "PLANTED-scratch"}
ITEM_SECRETS = ItemSecrets("PLANTED-serial", "PLANTED-exhibit", "PLANTED-detail", WITHHELD)
MARKS = (
    b"PLANTED", b"2019-02-03", b"2019-04-05", b"f\xc3\xa9vrier 2019", b"avril 2019", b"rennes.example", b"Le Goff",
)  # fmt: skip
GUIDE = Path(__file__).parents[2] / "docs" / "operations.md"
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
    item = make.published(case, photo, secret=ITEM_SECRETS)
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


def walk(client: FlaskClient, number: str) -> dict[str, bytes]:
    """Everything that can be reached from the home page, by address: headers and body together."""
    seen: dict[str, bytes] = {}
    waiting = [
        "/",
        "/objets",
        "/recherche",
        "/robots.txt",
        "/nulle-part",
        f"/albums/{ALBUM}",
        f"/albums/{ALBUM}/lien.jpg",
        "/verifier?numero=https://x.com/gend035/status/1",
        "/verifier?numero=" + number,
    ]
    while waiting:
        address = waiting.pop().split("#")[0]
        if address in seen or not address.startswith("/") or address.startswith("//"):
            continue
        answer = client.get(address)
        seen[address] = str(answer.headers).encode() + answer.data
        if answer.mimetype == "text/html":
            waiting.extend(addresses_in(answer.text))
    return seen


def test_no_secret_is_anywhere_in_public(planted: Item, client: FlaskClient) -> None:
    seen = walk(client, planted.public_number)
    assert [address for address in seen if address.startswith(f"/objets/{planted.public_number}")]
    assert len([address for address in seen if address.startswith("/photos/")]) >= 4
    assert {f"/albums/{ALBUM}", "/comptes-officiels", "/.well-known/official-accounts.json"} <= seen.keys()
    assert "Oui, ce numéro est le nôtre".encode() in seen[f"/verifier?numero={planted.public_number}"]
    assert planted.public_number.encode() in seen[f"/albums/{ALBUM}"]
    leaks = {address: mark for address, body in seen.items() for mark in MARKS if mark in body}
    assert not leaks


def test_no_row_id_is_in_an_address(planted: Item, client: FlaskClient) -> None:
    ours = (address for address in walk(client, planted.public_number) if "https:" not in unquote(address))
    assert not [address for address in ours if re.search(r"/\d+(/|$)", address)]


def test_a_search_answers_without_secrets(planted: Item, client: FlaskClient) -> None:
    form = bs4.BeautifulSoup(client.get("/recherche").text, "html.parser")
    token = form.select_one("input[name=csrf_token]")
    assert token is not None
    photo = pictures.jpeg(pictures.picture(1), quality=50)
    answer = client.post(
        "/recherche",
        data={"csrf_token": token["value"], "photos": (BytesIO(photo), "PLANTED-name.jpg")},
    )
    assert answer.status_code == 200
    assert planted.public_number in answer.text
    assert not [mark for mark in MARKS if mark in answer.data + str(answer.headers).encode()]


@pytest.mark.parametrize("seed", [1, 77, 5], ids=["shown", "hidden", "foreign"])
def test_a_verification_answers_without_secrets(planted: Item, client: FlaskClient, seed: int) -> None:
    form = bs4.BeautifulSoup(client.get("/verifier").text, "html.parser")
    token = form.select_one("input[name=csrf_token]")
    assert token is not None
    photo = pictures.jpeg(pictures.picture(seed), quality=50)
    answer = client.post(
        "/verifier", data={"csrf_token": token["value"], "photo": (BytesIO(photo), "PLANTED-name.jpg")}
    )
    assert answer.status_code == 200
    assert (planted.public_number in answer.text) == (seed == 1)
    assert not [mark for mark in MARKS if mark in answer.data + str(answer.headers).encode()]


def test_what_is_hidden_has_no_address(planted: Item, client: FlaskClient, make: Factory) -> None:
    hidden = next(photo for photo in planted.photos if photo.is_private)
    for rendition in hidden.renditions:
        assert client.get(f"/photos/{hidden.public_id}/{rendition.name}").status_code == 404


def test_public_pictures_carry_no_metadata(planted: Item, client: FlaskClient, make: Factory) -> None:
    record = public_items.get(make.session, planted.public_number)
    for rendition in record.cover.renditions:
        answer = client.get(f"/photos/{record.cover.public_id}/{rendition.name}")
        with Image.open(BytesIO(answer.data)) as picture:
            assert not picture.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment"} & picture.info.keys()


on_postgresql = pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)


@pytest.fixture
def as_public(settings: Settings, planted: Item) -> Iterator[Connection]:
    """Whoever has taken the public process over, and asks its database directly."""
    engine = open_engine(settings.public_database_address)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


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


def test_what_is_no_longer_public_is_told_as_such(planted: Item, client: FlaskClient, make: Factory) -> None:
    gone = make.session.scalars(select(Item).where(Item.title == "PLANTED-withdrawn")).one()
    draft = make.session.scalars(select(Item).where(Item.title == "PLANTED-draft")).one()
    assert client.get(f"/objets/{gone.public_number}").status_code == 410
    assert client.get(f"/objets/{draft.public_number}").status_code == 404
    assert client.get(f"/objets?apres={gone.public_number}").status_code == 200
    assert "Un objet déjà rendu" in client.get("/").text
    page = client.get("/verifier")
    token = bs4.BeautifulSoup(page.text, "html.parser").select_one("input[name=csrf_token]")
    file = make.public.get(rendition_key(gone.photos[0].rendition_digest, gone.photos[0].renditions[-1].name))
    answer = client.post("/verifier", data={"csrf_token": token["value"], "photo": (BytesIO(file), "a.webp")})
    assert "plus" in bs4.BeautifulSoup(answer.text, "html.parser").main.get_text()
    assert not [mark for mark in MARKS if mark in answer.data]


def test_words_find_what_is_published(planted: Item, client: FlaskClient) -> None:
    found = client.get("/objets", query_string={"mots": planted.title.split()[0]})
    assert planted.public_number in found.text


@pytest.fixture
def shortlisted(planted: Item, make: Factory, engine: Engine) -> Iterator[None]:
    """All photos, hidden ones and drafts' too, in the tables of pgvector."""
    with atomic(make.session):
        for _ in range(2):
            pgvector.ensure_tables(make.session)
        pgvector.index_missing(make.session, limit=100)
    yield
    # It may have read the tables, which are then locked.
    make.session.rollback()
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE shortlist_words, shortlist_photos"))
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


DECLARED = {
    "commune": "GEHEIM-commune",
    "plainte": "GEHEIM-complaint",
    "objet-1-mots": "GEHEIM-words",
    "objet-1-serie": "GEHEIM-number",
    "nom": "GEHEIM-victim",
    "courriel": "geheim@victim.example",
    "telephone": "0655443322",
    "aidant-nom": "GEHEIM-helper",
    "phrase": "GEHEIM-phrase",
}
OF_THE_VICTIM = (b"GEHEIM", b"geheim@victim", b"0655443322", b"06 55 44 33 22", b"anne@victime", b"JFIF", b"/9j/4AAQ")


def test_a_copy_of_all_that_the_public_process_reads_tells_of_no_declaration(
    settings: Settings, engine: Engine, make: Factory, caplog: pytest.LogCaptureFixture
) -> None:
    allowed = replace(settings, declarations_legal_act="PLAN-1", declarations_impact_assessment="2026-11-29")
    app = create_app(allowed, {Site.PUBLIC})
    place = resources_of(app)

    def set_clock(later: timedelta) -> None:
        app.extensions["resources"] = replace(place, now=lambda: make.now + later)

    set_clock(timedelta())
    with atomic(make.session):
        collecting.publish_key(make.session, make.sealer)
    victim = Victim(app.test_client(), set_clock)
    code = code_of(victim.declares(pictures.jpeg(pictures.picture(1)), **DECLARED))
    copies = [copy_of_all(allowed, engine)]
    assert collecting.collect(make.session, settings=allowed, sealer=make.sealer, now=make.now)
    copies.append(copy_of_all(allowed, engine))
    assert victim.opens(code).status_code == 303
    copies.append(copy_of_all(allowed, engine) + caplog.text.encode())
    marks = (*OF_THE_VICTIM, code.encode(), codes.tidy(code).encode())
    assert not [mark for copy in copies for mark in marks if mark in copy]


CLAIMED = {
    "question-engraved": "GEHEIM-engraved",
    "mots": "GEHEIM-words",
    "nom": "GEHEIM-victim",
    "courriel": "geheim@victim.example",
    "phrase": "GEHEIM-phrase",
}
OF_THE_CLAIMANT = (*OF_THE_VICTIM, b"GEHEIM".hex().encode(), b"%PDF", b64encode(b"%PDF-1.4")[:9])


def test_a_copy_of_all_that_the_public_process_reads_tells_of_no_claim(
    settings: Settings, engine: Engine, make: Factory, planted: Item, caplog: pytest.LogCaptureFixture
) -> None:
    allowed = replace(settings, claims_legal_act="PLAN-2", claims_impact_assessment="2026-11-29")
    app = create_app(allowed, {Site.PUBLIC})
    given = app.extensions["resources"]

    def set_clock(later: timedelta) -> None:
        app.extensions["resources"] = replace(given, now=lambda: make.now + later)

    set_clock(timedelta())
    with atomic(make.session):
        collecting.publish_key(make.session, make.sealer)
    claimant = Claimant(app.test_client(), set_clock)
    proofs = (("a.jpg", pictures.jpeg(pictures.picture(1))), ("b.pdf", pdfs.invoice("GEHEIM")))
    before = copy_of_all(allowed, engine)
    code = code_of(claimant.claims(planted.public_number, *proofs, **CLAIMED))
    copies = [copy_of_all(allowed, engine)]
    now = make.now + timedelta(hours=1)
    while collecting.collect(
        make.session, settings=allowed, sealer=make.sealer, now=now, handlers=claim_filing.HANDLERS
    ):
        pass
    assert "reçue" in claimant.opens(code).text
    copies.append(copy_of_all(allowed, engine) + caplog.text.encode())
    marks = [mark for mark in (*OF_THE_CLAIMANT, code.encode(), codes.tidy(code).encode()) if mark not in before]
    assert len(marks) > 8
    assert not [mark for copy in copies for mark in marks if mark in copy]


def copy_of_all(settings: Settings, engine: Engine) -> bytes:
    """The instance folder, and the database: on SQLite its files and its log; on PostgreSQL what the role reads."""
    files = [path for path in settings.instance.rglob("*") if path.is_file()]
    if engine.dialect.name == "sqlite":
        database = Path(str(engine.url.database))
        return b"".join(path.read_bytes() for path in [*files, *database.parent.glob(database.name + "*")])
    public = open_engine(settings.public_database_address)
    with public.connect() as connection:
        rows = b"".join(values for _, values in columns_of(connection))
    public.dispose()
    return rows + b"".join(path.read_bytes() for path in files)
