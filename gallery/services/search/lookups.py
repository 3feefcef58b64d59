"""What a search asks of the tables of `pgvector`: ids of the signatures of photos that are near to one.

The back office asks the tables. The public site asks functions, which have their owner's rights and answer for shown
photos only: policies on the tables would be tried on each of millions of rows, and keep their indexes from being used.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from gallery.matching import current_version
from gallery.matching.catalogue.shortlisting import LookRow, QuestionRow, unit_numbers
from gallery.matching.tiers.colour import COLOUR_BINS
from gallery.matching.tiers.encoder import Vector, dimensions_in_use
from gallery.matching.tiers.look import FOREGROUND_SHARE, TELLING_BITS
from gallery.models import ItemStatus
from gallery.models.public_rows import IS_OF_THE_DESK
from gallery.services.search.memory import UNPUBLISHED, Scope

Values = dict[str, object]

LOOKS, MIRRORED_LOOKS, HASHES, COLOURS, VECTORS = 500, 50, 20, 100, 150
# Of all vectors those that are looked at once more, since hidden photos and other categories are among them.
NEAREST_VECTORS = 1000
# Candidates that the HNSW index is walked for (its own default is 40). The functions set it themselves: whoever let
# them walk for a single one would learn where hidden photos lie, by what they keep out.
EF_SEARCH = 200
# Numbers of a halfvec for which there is room in one page: the vectors of a wider encoder shortlist nothing.
MAX_DIMENSIONS = 4000
PLANNING = (
    f"hnsw.ef_search = {EF_SEARCH}",
    # Right after a large import the planner knows no numbers yet: it read all words for each word asked, for minutes.
    "enable_seqscan = off",
    # All vectors are read in their order nevertheless, at a cost for which PostgreSQL up to 17 compiles any query.
    "jit = off",
    "statement_timeout = '20s'",
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
    Scope.UNPUBLISHED: f"{_ALL} AND i.status IN ({', '.join(repr(each.value) for each in UNPUBLISHED)})"
    " AND NOT p.is_private",
    Scope.ALL: _ALL,
}
_ITEM = {Scope.PUBLIC: "i.id", Scope.FORMER: "f.item_id", Scope.UNPUBLISHED: "i.id", Scope.ALL: "i.id"}
_NARROWED = " AND (CAST(:item_ids AS integer[]) IS NULL OR {item} = ANY(CAST(:item_ids AS integer[])))"


@dataclass(frozen=True)
class Lookup:
    """One way to near photos. statement: with a place for what is `shown`; parameters: their types, by name."""

    name: str
    statement: str
    parameters: Mapping[str, str]

    def asked(self, scope: Scope) -> TextClause:
        """What a search in this scope executes."""
        if scope in (Scope.ALL, Scope.UNPUBLISHED):
            return text(self._over(scope))
        values = ", ".join(f"CAST(:{name} AS {kind})" for name, kind in self.parameters.items())
        return text(f"SELECT near FROM {self._function(scope)}({values}) AS near")  # noqa: S608  names of ours

    def definition(self, scope: Scope) -> str:
        """What makes the function of a scope that the public may see, planned anew for the values it is asked with."""
        places = {name: f"${place}" for place, name in enumerate(self.parameters, 1)}
        statement = re.sub(r"(?<!:):(\w+)", lambda found: places[found[1]], self._over(scope))
        return f"""
            CREATE OR REPLACE FUNCTION {self._function(scope)}({", ".join(self.parameters.values())})
            RETURNS SETOF integer LANGUAGE plpgsql STABLE SECURITY DEFINER
            SET search_path FROM CURRENT SET hnsw.ef_search = {EF_SEARCH} SET jit = off AS $function$ BEGIN
                RETURN QUERY EXECUTE $query${statement}$query$ USING {", ".join(places.values())};
            END $function$
        """  # noqa: S608  names of ours

    def _over(self, scope: Scope) -> str:
        narrowed = _NARROWED.format(item=_ITEM[scope]) if "item_ids" in self.parameters else ""
        return self.statement.format(shown=_SHOWN[scope] + narrowed)

    def _function(self, scope: Scope) -> str:
        return f"{scope.value}_{self.name}"


# The two similarities of a look, of which what lies beside the object counts less in the first (tiers/look.py).
BY_LOOK = Lookup(
    "near_looks",
    f"""
    WITH asked AS (
        SELECT word, CAST(code AS bit(128)) AS code, frequency, weight FROM unnest(
            CAST(:words AS integer[]), CAST(:codes AS text[]), CAST(:frequencies AS double precision[]),
            CAST(:weights AS integer[])) AS a(word, code, frequency, weight)
    ), gains AS (
        SELECT w.signature_id, a.weight * w.weight AS weight, a.frequency * power(
            1 - bit_count(w.code # a.code) / CAST(64 AS double precision), 3) AS gain
        FROM asked a JOIN shortlist_words w ON w.word = a.word AND bit_count(w.code # a.code) <= {TELLING_BITS}
    ), near AS (
        SELECT signature_id, sum(gain * weight) AS weighted, sum(gain) AS plain FROM gains GROUP BY signature_id
    )
    SELECT near.signature_id FROM near JOIN shortlist_photos p USING (signature_id)
    JOIN ({{shown}}) AS shown USING (signature_id)
    ORDER BY {FOREGROUND_SHARE} * sqrt(near.weighted / (p.weighted_norm * :weighted_norm))
        + {1 - FOREGROUND_SHARE} * sqrt(near.plain / (p.plain_norm * :plain_norm)) DESC, near.signature_id LIMIT :count
    """,  # noqa: S608  numbers of ours
    {
        "words": "integer[]", "codes": "text[]", "frequencies": "double precision[]", "weights": "integer[]",
        "weighted_norm": "double precision", "plain_norm": "double precision", "count": "integer",
        "version": "text", "item_ids": "integer[]",
    },
)  # fmt: skip
BY_HASH = Lookup(
    "near_hashes",
    f"""
    SELECT signature_id FROM (
        SELECT signature_id, hash FROM shortlist_photos WHERE is_telling
        ORDER BY hash <~> CAST(:hash AS bit(256)) LIMIT {EF_SEARCH}
    ) AS near JOIN ({{shown}}) AS shown USING (signature_id)
    ORDER BY hash <~> CAST(:hash AS bit(256)), signature_id LIMIT {HASHES}
    """,  # noqa: S608  numbers of ours
    {"hash": "text", "version": "text"},
)
BY_COLOUR = Lookup(
    "near_colours",
    f"""
    SELECT signature_id FROM (
        SELECT signature_id, colour FROM shortlist_photos
        ORDER BY colour <#> CAST(:colour AS halfvec({COLOUR_BINS})) LIMIT {EF_SEARCH}
    ) AS near JOIN ({{shown}}) AS shown USING (signature_id)
    ORDER BY colour <#> CAST(:colour AS halfvec({COLOUR_BINS})), signature_id LIMIT {COLOURS}
    """,  # noqa: S608  numbers of ours
    {"colour": "text", "version": "text", "item_ids": "integer[]"},
)
BY_VECTOR = Lookup(
    "near_vectors",
    f"""
    SELECT signature_id FROM (
        SELECT signature_id, vector <#> CAST(:vector AS halfvec) AS distance FROM shortlist_vectors
        ORDER BY distance LIMIT {NEAREST_VECTORS}
    ) AS near JOIN ({{shown}}) AS shown USING (signature_id) ORDER BY distance, signature_id LIMIT {VECTORS}
    """,  # noqa: S608  numbers of ours
    {"vector": "text", "version": "text", "item_ids": "integer[]"},
)
TABLES = "shortlist_photos", "shortlist_words", "shortlist_vectors"
IS_UNGUARDED = "SELECT NOT relrowsecurity FROM pg_class WHERE oid = to_regclass(:table)"


def ensure_functions(session: Session) -> None:
    """Make the functions that the public site asks, as they are in this version."""
    for lookup in (BY_LOOK, BY_HASH, BY_COLOUR, BY_VECTOR):
        for scope in (Scope.PUBLIC, Scope.FORMER):
            session.connection().exec_driver_sql(lookup.definition(scope))


def guard(session: Session) -> None:
    """Leave no row of the tables to the public site's role, whatever it was granted."""
    for name in TABLES:
        if is_unguarded(session, name):
            session.execute(text(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"))
            session.execute(
                text(f"CREATE POLICY desk_rows ON {name} USING ({IS_OF_THE_DESK}) WITH CHECK ({IS_OF_THE_DESK})")
            )


def is_unguarded(session: Session, name: str = "shortlist_photos") -> bool:
    """Whether this table is there and guard() has not seen it."""
    return bool(session.scalar(text(IS_UNGUARDED), {"table": name}))


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
    _plan(session)
    among = _among(narrowed_to)
    near = _near_looks(session, scope, question.look, among, LOOKS)
    near |= _near_looks(session, scope, question.mirrored_look, among, MIRRORED_LOOKS)
    near |= _ids(session, BY_COLOUR, scope, {"colour": str(question.colour), **among})
    near |= _near_vectors(session, scope, question.vector, among)
    for placement in question.hashes:
        near |= _ids(session, BY_HASH, scope, {"hash": placement})
    return near


def vectors_near(
    session: Session, vector: Vector, *, narrowed_to: Collection[int] | None = None, scope: Scope = Scope.PUBLIC
) -> set[int]:
    """Ids of the signatures of this scope whose vectors are nearest to this one; none without an encoder."""
    _plan(session)
    return _near_vectors(session, scope, unit_numbers(vector), _among(narrowed_to))


def dimensions() -> int | None:
    """Numbers of the encoder's vectors; None where they shortlist nothing."""
    found = dimensions_in_use()
    return None if found is None or found > MAX_DIMENSIONS else found


def has_any(session: Session, *, scope: Scope = Scope.PUBLIC) -> bool:
    """Whether there is anything to be found at all."""
    one = text(f"SELECT signature_id FROM ({_SHOWN[scope]}) AS shown LIMIT 1")  # noqa: S608  words of ours
    return session.execute(one, _version()).first() is not None


def _plan(session: Session) -> None:
    for setting in PLANNING:
        session.execute(text(f"SET LOCAL {setting}"))


def _among(narrowed_to: Collection[int] | None) -> Values:
    return {"item_ids": None if narrowed_to is None else list(narrowed_to)}


def _near_vectors(session: Session, scope: Scope, numbers: Sequence[float] | None, among: Values) -> set[int]:
    if dimensions() is None or not numbers:
        return set()
    return _ids(session, BY_VECTOR, scope, {"vector": str(numbers), **among})


def _near_looks(session: Session, scope: Scope, look: LookRow, among: Values, count: int) -> set[int]:
    if not look.words:
        return set()
    words, codes, frequencies, weights = (list(column) for column in zip(*look.words, strict=True))
    asked: Values = {"words": words, "codes": codes, "frequencies": frequencies, "weights": weights, "count": count}
    norms: Values = {"weighted_norm": look.norms[0], "plain_norm": look.norms[1]}
    return _ids(session, BY_LOOK, scope, asked | norms | among)


def _ids(session: Session, lookup: Lookup, scope: Scope, values: Values) -> set[int]:
    return set(session.scalars(lookup.asked(scope), values | _version()))


def _version() -> Values:
    return {"version": current_version()}
