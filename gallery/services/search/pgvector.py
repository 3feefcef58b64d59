"""The shortlist in PostgreSQL with pgvector (0.7 or later): for catalogues that no process should hold in memory.

Four ways onto it: near hashes, near colours and near vectors of the encoder through HNSW indexes, and alike looks
through an inverted file, a row a photo and visual word, since codes of whole looks lose too much. The measurements that
rank are made of the signatures themselves, by the same code as in memory. Rows follow their signature: the worker adds
them, deleting cascades.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import TextClause, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gallery.errors import ExtensionAbsent, SignatureUnreadable
from gallery.matching import Signature, current_version
from gallery.matching.catalogue.shortlisting import LookRow, PhotoRow, QuestionRow, photo_row
from gallery.matching.tiers.colour import COLOUR_BINS
from gallery.matching.tiers.encoder import dimensions_in_use
from gallery.matching.tiers.look import FOREGROUND_SHARE
from gallery.models import ItemStatus
from gallery.models import Signature as SignatureTable
from gallery.services.search.memory import Scope

Values = dict[str, object]

LOOKS, MIRRORED_LOOKS, HASHES, COLOURS, VECTORS = 500, 50, 20, 100, 150
# Differing bits of two codes of 128 beyond which their gain, a thousandth of the most, is not worth adding up.
MOST_BITS = 57
# Candidates that the HNSW index is walked for (its own default is 40).
EF_SEARCH = 200
# Numbers of a halfvec that an HNSW index takes: the vectors of a wider encoder shortlist nothing.
MOST_DIMENSIONS = 4000
# PostgreSQL's insufficient_privilege, feature_not_supported and undefined_file.
NO_EXTENSION = ("42501", "0A000", "58P01")
PLANNING = (
    f"hnsw.ef_search = {EF_SEARCH}",
    # Right after a large import the planner knows no numbers yet: it read all words for each word asked, for minutes.
    "enable_seqscan = off",
    "statement_timeout = '20s'",
)

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
_ALL = """
    SELECT s.id AS signature_id FROM signatures s
    JOIN item_photos p ON p.id = s.photo_id JOIN items i ON i.id = p.item_id
    WHERE s.version = :version
"""
_SHOWN = {
    Scope.PUBLIC: f"{_ALL} AND i.status = '{ItemStatus.PUBLISHED.value}' AND NOT p.is_private",
    # The public site's role may not read the photos themselves (models/public_rows.py).
    Scope.FORMER: "SELECT s.id AS signature_id FROM signatures s JOIN former_photos f ON f.photo_id = s.photo_id"
    " WHERE s.version = :version",
    Scope.ALL: _ALL,
}
_NARROWED = " AND i.id = ANY(CAST(:item_ids AS integer[]))"
# The two similarities of a look, of which what lies beside the object counts less in the first (tiers/look.py).
_BY_LOOK = f"""
    WITH asked AS (
        SELECT word, CAST(code AS bit(128)) AS code, frequency, weight FROM unnest(
            CAST(:words AS integer[]), CAST(:codes AS text[]), CAST(:frequencies AS double precision[]),
            CAST(:weights AS integer[])) AS a(word, code, frequency, weight)
    ), gains AS (
        SELECT w.signature_id, a.weight * w.weight AS weight, a.frequency * power(
            1 - bit_count(w.code # a.code) / CAST(64 AS double precision), 3) AS gain
        FROM asked a JOIN shortlist_words w ON w.word = a.word AND bit_count(w.code # a.code) <= {MOST_BITS}
    ), near AS (
        SELECT signature_id, sum(gain * weight) AS weighted, sum(gain) AS plain FROM gains GROUP BY signature_id
    )
    SELECT near.signature_id FROM near JOIN shortlist_photos p USING (signature_id)
    JOIN ({{shown}}) AS shown USING (signature_id)
    ORDER BY {FOREGROUND_SHARE} * sqrt(near.weighted / (p.weighted_norm * :weighted_norm))
        + {1 - FOREGROUND_SHARE} * sqrt(near.plain / (p.plain_norm * :plain_norm)) DESC, near.signature_id LIMIT :count
"""  # noqa: S608  numbers of ours
_BY_HASH = """
    SELECT signature_id FROM (
        SELECT signature_id, hash FROM shortlist_photos WHERE is_telling
        ORDER BY hash <~> CAST(:hash AS bit(256)) LIMIT :walked
    ) AS near JOIN ({shown}) AS shown USING (signature_id)
    ORDER BY hash <~> CAST(:hash AS bit(256)), signature_id LIMIT :count
"""
_BY_COLOUR = f"""
    SELECT signature_id FROM (
        SELECT signature_id, colour FROM shortlist_photos
        ORDER BY colour <#> CAST(:colour AS halfvec({COLOUR_BINS})) LIMIT :walked
    ) AS near JOIN ({{shown}}) AS shown USING (signature_id)
    ORDER BY colour <#> CAST(:colour AS halfvec({COLOUR_BINS})), signature_id LIMIT :count
"""  # noqa: S608  numbers of ours
_BY_VECTOR = """
    SELECT signature_id FROM (
        SELECT signature_id, vector FROM shortlist_photos
        ORDER BY vector <#> CAST(:vector AS halfvec) LIMIT :walked
    ) AS near JOIN ({shown}) AS shown USING (signature_id)
    ORDER BY vector <#> CAST(:vector AS halfvec), signature_id LIMIT :count
"""
_SIZE_OF = """
    SELECT atttypmod FROM pg_attribute
    WHERE attrelid = to_regclass('shortlist_photos') AND attname = :name AND NOT attisdropped
"""


def ensure_tables(session: Session) -> None:
    """Make the tables and their indexes where they are not there yet, or are of another version; inside atomic().

    Raises ExtensionAbsent where pgvector is not installed on the server, or this role may not add it to the database.
    """
    _ensure_extension(session)
    if _size_of(session, "colour") not in (None, COLOUR_BINS):
        session.execute(text("DROP TABLE shortlist_words, shortlist_photos"))
    for statement in TABLES:
        session.execute(text(statement))
    if _size_of(session, "vector") != _dimensions():
        for statement in _vector_column(_dimensions()):
            session.execute(text(statement))


def _size_of(session: Session, column: str) -> int | None:
    """How many numbers a column of the photos holds; None where it is not there."""
    return session.execute(text(_SIZE_OF), {"name": column}).scalar()


def _dimensions() -> int | None:
    """Numbers of the encoder's vectors; None where they shortlist nothing."""
    dimensions = dimensions_in_use()
    return None if dimensions is None or dimensions > MOST_DIMENSIONS else dimensions


def _vector_column(dimensions: int | None) -> Iterator[str]:
    yield "ALTER TABLE shortlist_photos DROP COLUMN IF EXISTS vector"
    if dimensions is not None:
        yield f"ALTER TABLE shortlist_photos ADD COLUMN vector halfvec({dimensions})"
        yield "CREATE INDEX ix_shortlist_photos_vector ON shortlist_photos USING hnsw (vector halfvec_ip_ops)"


def _ensure_extension(session: Session) -> None:
    try:
        session.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") in NO_EXTENSION:
            raise ExtensionAbsent from error
        raise


def index_missing(session: Session, *, limit: int) -> int:
    """Add the rows of signatures that have none, at most so many; return how many were looked at. Inside atomic()."""
    wanted = (
        select(SignatureTable.id, SignatureTable.compact)
        .where(
            SignatureTable.version == current_version(),
            ~select(text("1")).select_from(text("shortlist_photos f")).where(text("f.signature_id = signatures.id"))
            .exists(),
        )
        .order_by(SignatureTable.id)
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
    session.execute(text("ANALYZE shortlist_photos, shortlist_words, signatures, item_photos, items"))


def signatures_near(
    session: Session,
    question: QuestionRow,
    *,
    narrowed_to: Collection[int] | None = None,
    scope: Scope = Scope.PUBLIC,
) -> set[int]:
    """Ids of the signatures of this scope that a question should be compared with.

    narrowed_to: ids of the items among which looks and colours are sought; a near hash is found wherever it is.
    """
    for setting in PLANNING:
        session.execute(text(f"SET LOCAL {setting}"))
    among: Values = {} if narrowed_to is None else {"item_ids": list(narrowed_to)}
    looks = _shown(_BY_LOOK, scope, narrowed=bool(among))
    near = _near_looks(session, looks, question.look, among, LOOKS)
    near |= _near_looks(session, looks, question.mirrored_look, among, MIRRORED_LOOKS)
    colour = {"colour": str(question.colour), "count": COLOURS, "walked": EF_SEARCH, **among}
    near |= _ids(session, _shown(_BY_COLOUR, scope, narrowed=bool(among)), colour)
    if _dimensions() is not None and question.vector:
        vector = {"vector": str(question.vector), "count": VECTORS, "walked": EF_SEARCH, **among}
        near |= _ids(session, _shown(_BY_VECTOR, scope, narrowed=bool(among)), vector)
    for placement in question.hashes:
        near |= _ids(session, _shown(_BY_HASH, scope), {"hash": placement, "count": HASHES, "walked": EF_SEARCH})
    return near


def _near_looks(session: Session, statement: TextClause, look: LookRow, among: Values, count: int) -> set[int]:
    if not look.words:
        return set()
    words, codes, frequencies, weights = (list(column) for column in zip(*look.words, strict=True))
    asked: Values = {"words": words, "codes": codes, "frequencies": frequencies, "weights": weights, "count": count}
    norms: Values = {"weighted_norm": look.norms[0], "plain_norm": look.norms[1]}
    return _ids(session, statement, asked | norms | among)


def has_any(session: Session, *, scope: Scope = Scope.PUBLIC) -> bool:
    """Whether there is anything to be found at all."""
    one = _shown("SELECT signature_id FROM ({shown}) AS shown LIMIT 1", scope)
    return session.execute(one, _version()).first() is not None


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
    if row.vector and _dimensions() is not None:
        session.execute(
            text("UPDATE shortlist_photos SET vector = CAST(:vector AS halfvec) WHERE signature_id = :id"),
            {"id": signature_id, "vector": str(row.vector)},
        )
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


def _shown(statement: str, scope: Scope, *, narrowed: bool = False) -> TextClause:
    return text(statement.format(shown=_SHOWN[scope] + (_NARROWED if narrowed else "")))


def _ids(session: Session, statement: TextClause, values: Values) -> set[int]:
    return set(session.scalars(statement, values | _version()))


def _version() -> Values:
    return {"version": current_version()}
