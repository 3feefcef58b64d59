"""Vectors that versions until November 2026 keep beside the colours, in `shortlist_photos.vector`.

Their processes serve on while the tables are brought up to date, and again if that version is brought back: the column
and its index stay for them. The next release takes both away, and this module with them.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

# What a worker of such a version writes from now on: it updates a row that it has just added.
_FOLLOWING = (
    """CREATE OR REPLACE FUNCTION take_former_vector() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT
    AS $function$ BEGIN
        INSERT INTO shortlist_vectors (signature_id, vector) VALUES (NEW.signature_id, NEW.vector);
        RETURN NULL;
    END $function$""",
    """CREATE OR REPLACE TRIGGER take_former_vector AFTER UPDATE OF vector ON shortlist_photos
    FOR EACH ROW WHEN (NEW.vector IS NOT NULL) EXECUTE FUNCTION take_former_vector()""",
)
# Two that add at once would both find that a vector is missing. Workers go on indexing.
ONE_AT_A_TIME = "LOCK TABLE shortlist_vectors IN SHARE UPDATE EXCLUSIVE MODE"
_COPY = """
    INSERT INTO shortlist_vectors (signature_id, vector) SELECT signature_id, vector FROM shortlist_photos p
    WHERE vector IS NOT NULL AND NOT EXISTS (SELECT 1 FROM shortlist_vectors v WHERE v.signature_id = p.signature_id)
"""


def follow(session: Session) -> None:
    """Have the vectors that a worker of a former version writes added to those that are compared. Inside atomic()."""
    for statement in _FOLLOWING:
        session.execute(text(statement))


def leave(session: Session) -> None:
    """Take them over no more: they are of another encoder. Inside atomic()."""
    session.execute(text("DROP FUNCTION IF EXISTS take_former_vector CASCADE"))


def copy(session: Session) -> None:
    """Take over what is there and was not yet: 15 s for 75,500 photos. Inside an atomic() after that of follow()."""
    for statement in (ONE_AT_A_TIME, _COPY):
        session.execute(text(statement))
