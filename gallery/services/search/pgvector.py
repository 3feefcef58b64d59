"""The shortlist in PostgreSQL with pgvector (0.7 or later): for catalogues that no process should hold in memory.

Four ways onto it: near hashes and near colours through HNSW indexes, near vectors of the encoder by comparing them all,
and alike looks through an inverted file, a row a photo and visual word, since codes of whole looks lose too much. The
measurements that rank are made of the signatures themselves, by the same code as in memory. Rows follow their
signature: the worker adds them, deleting cascades.
"""

from contextlib import suppress

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gallery.errors import ExtensionAbsent, SignatureUnreadable
from gallery.matching import Signature, current_version
from gallery.matching.catalogue.shortlisting import PhotoRow, photo_row
from gallery.matching.tiers.colour import COLOUR_BINS
from gallery.models import StoredSignature
from gallery.services.search import former_vectors, lookups
from gallery.services.transaction import atomic

# PostgreSQL's insufficient_privilege, feature_not_supported and undefined_file.
NO_EXTENSION = ("42501", "0A000", "58P01")

TABLES = (
    f"""CREATE TABLE IF NOT EXISTS shortlist_photos (
        signature_id integer PRIMARY KEY REFERENCES signatures (id) ON DELETE CASCADE,
        hash bit(256) NOT NULL,
        is_telling boolean NOT NULL,
        colour halfvec({COLOUR_BINS}) NOT NULL,
        weighted_norm real NOT NULL,
        plain_norm real NOT NULL
    )""",
    """CREATE TABLE IF NOT EXISTS shortlist_words (
        word integer NOT NULL,
        signature_id integer NOT NULL REFERENCES shortlist_photos (signature_id) ON DELETE CASCADE,
        code bit(128) NOT NULL,
        weight smallint NOT NULL,
        PRIMARY KEY (word, signature_id) INCLUDE (code, weight)
    )""",
    "CREATE INDEX IF NOT EXISTS ix_shortlist_words_signature ON shortlist_words (signature_id)",
    "CREATE INDEX IF NOT EXISTS ix_shortlist_photos_hash ON shortlist_photos USING hnsw (hash bit_hamming_ops)"
    " WHERE is_telling",
    "CREATE INDEX IF NOT EXISTS ix_shortlist_photos_colour ON shortlist_photos USING hnsw (colour halfvec_ip_ops)",
)
# In pages of their own and in one piece, so that reading them all is quick. A primary key would be walked in their
# place, since searches may not read a table in its order where an index can be used.
VECTORS = (
    """CREATE TABLE shortlist_vectors (
        signature_id integer NOT NULL REFERENCES shortlist_photos (signature_id) ON DELETE CASCADE,
        vector halfvec({dimensions}) NOT NULL
    )""",
    "ALTER TABLE shortlist_vectors ALTER COLUMN vector SET STORAGE PLAIN",
    "CREATE INDEX ix_shortlist_vectors_signature ON shortlist_vectors USING hash (signature_id)",
)
FILLED_AT_ONCE = 500
_WITHOUT_VECTOR = text("""
    SELECT p.signature_id, s.compact FROM shortlist_photos p JOIN signatures s ON s.id = p.signature_id
    WHERE s.version = :version AND p.signature_id > :after
        AND NOT EXISTS (SELECT 1 FROM shortlist_vectors v WHERE v.signature_id = p.signature_id)
    ORDER BY p.signature_id LIMIT :count FOR KEY SHARE OF p
""")
_SIZE_OF = """
    SELECT atttypmod FROM pg_attribute
    WHERE attrelid = to_regclass(:table) AND attname = :name AND NOT attisdropped
"""


def ensure_tables(session: Session) -> None:
    """Make the tables and their indexes where they are not there yet, or are of another version.

    In transactions of its own: what takes long holds no lock that a search or a worker waits for.
    Raises ExtensionAbsent where pgvector is not installed on the server, or this role may not add it to the database.
    """
    with atomic(session):
        _ensure_extension(session)
        has_former = _ensure_own(session, lookups.dimensions())
    if has_former:
        with atomic(session):
            former_vectors.copy(session)
    elif lookups.dimensions() is not None:
        _fill_vectors(session)
    # Only now: until here a search finds what the functions of a former version look for.
    with atomic(session):
        session.execute(text("LOCK TABLE shortlist_photos IN SHARE UPDATE EXCLUSIVE MODE"))
        lookups.ensure_functions(session)


def _ensure_own(session: Session, dimensions: int | None) -> bool:
    """Make what is missing of the tables; returns whether a former version keeps vectors that are to be copied."""
    _lock_photos(session, dimensions)
    if _size_of(session, "shortlist_photos", "colour") not in (None, COLOUR_BINS):
        session.execute(text("DROP TABLE IF EXISTS shortlist_vectors, shortlist_words, shortlist_photos"))
    for statement in TABLES:
        session.execute(text(statement))
    found = _size_of(session, "shortlist_vectors", "vector")
    if found is not None and found != dimensions:
        session.execute(text("DROP TABLE shortlist_vectors"))
        former_vectors.leave(session)
    if dimensions is not None and found != dimensions:
        for statement in VECTORS:
            session.execute(text(statement.format(dimensions=dimensions)))
    has_former = dimensions is not None and _size_of(session, "shortlist_photos", "vector") == dimensions
    if has_former:
        former_vectors.follow(session)
    lookups.guard(session)
    return has_former


def _fill_vectors(session: Session) -> None:
    """Add the vectors of photos that have a row and none: they went when another encoder was tried, or none."""
    last: int | None = 0
    while last is not None:
        with atomic(session):
            last = _fill_some(session, after=last)


def _fill_some(session: Session, *, after: int) -> int | None:
    """Add some of them; returns the last that was looked at, None where there was none. Inside atomic()."""
    session.execute(text(former_vectors.ONE_AT_A_TIME))
    wanted = {"version": current_version(), "after": after, "count": FILLED_AT_ONCE}
    found = session.execute(_WITHOUT_VECTOR, wanted).all()
    for signature_id, compact in found:
        with suppress(SignatureUnreadable):
            _add_vector(session, signature_id, photo_row(Signature.from_bytes(compact)))
    return found[-1].signature_id if found else None


def _lock_photos(session: Session, dimensions: int | None) -> None:
    """Wait for those who are writing, before they can wait for anything that is locked here.

    A worker reads this table first, and then writes to all: whoever locks another one before, or this one more strictly
    later on, waits for a worker that waits in turn.
    """
    colours, vectors = _size_of(session, "shortlist_photos", "colour"), _size_of(session, "shortlist_vectors", "vector")
    if colours is None:
        return
    is_dropping = colours != COLOUR_BINS or vectors not in (None, dimensions)
    mode = "ACCESS EXCLUSIVE" if is_dropping or lookups.is_unguarded(session) else "SHARE ROW EXCLUSIVE"
    session.execute(text(f"LOCK TABLE shortlist_photos IN {mode} MODE"))


def _size_of(session: Session, table: str, column: str) -> int | None:
    """How many numbers a column holds; None where it is not there."""
    return session.execute(text(_SIZE_OF), {"table": table, "name": column}).scalar()


def _ensure_extension(session: Session) -> None:
    try:
        session.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") in NO_EXTENSION:
            raise ExtensionAbsent from error
        raise


def index_missing(session: Session, *, limit: int) -> int:
    """Add the rows of at most `limit` signatures that have none; return how many were looked at. Inside atomic()."""
    wanted = (
        select(StoredSignature.id, StoredSignature.compact)
        .where(
            StoredSignature.version == current_version(),
            ~select(text("1")).select_from(text("shortlist_photos f")).where(text("f.signature_id = signatures.id"))
            .exists(),
        )
        .order_by(StoredSignature.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )  # fmt: skip
    found = session.execute(wanted).all()
    for signature_id, compact in found:
        try:
            _add(session, signature_id, photo_row(Signature.from_bytes(compact)))
        except SignatureUnreadable:
            # A row that nothing is near to, so that it is not looked at again; reindexing replaces the signature.
            _add(session, signature_id, PhotoRow("0" * 256, False, [0.0] * COLOUR_BINS, (1.0, 1.0), []))
    return len(found)


def count_again(session: Session) -> None:
    """Tell PostgreSQL's planner how large the tables have become: its own turn comes a minute late. Inside atomic()."""
    tables = "shortlist_photos, shortlist_words, signatures, item_photos, items"
    session.execute(text(f"ANALYZE {tables}{', shortlist_vectors' if lookups.dimensions() is not None else ''}"))


def _add(session: Session, signature_id: int, row: PhotoRow) -> None:
    session.execute(
        text(
            "INSERT INTO shortlist_photos (signature_id, hash, is_telling, colour, weighted_norm, plain_norm) VALUES"
            " (:id, CAST(:hash AS bit(256)), :is_telling, CAST(:colour AS halfvec), :weighted_norm, :plain_norm)"
        ),
        {
            "id": signature_id,
            "hash": row.hash,
            "is_telling": row.is_telling,
            "colour": str(row.colour),
            "weighted_norm": row.norms[0],
            "plain_norm": row.norms[1],
        },
    )
    _add_vector(session, signature_id, row)
    session.execute(
        text(
            "INSERT INTO shortlist_words (signature_id, word, code, weight)"
            " SELECT :id, word, CAST(code AS bit(128)), weight"
            " FROM unnest(CAST(:words AS integer[]), CAST(:codes AS text[]), CAST(:weights AS integer[]))"
            " AS a(word, code, weight)"
        ),
        {
            "id": signature_id,
            "words": [word for word, _, _ in row.words],
            "codes": [code for _, code, _ in row.words],
            "weights": [weight for _, _, weight in row.words],
        },
    )


def _add_vector(session: Session, signature_id: int, row: PhotoRow) -> None:
    if row.vector and lookups.dimensions() is not None:
        session.execute(
            text("INSERT INTO shortlist_vectors (signature_id, vector) VALUES (:id, CAST(:vector AS halfvec))"),
            {"id": signature_id, "vector": str(row.vector)},
        )
