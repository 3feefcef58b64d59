"""Why nothing is done with a store, or was removed from it, for the log and the terminal."""

from gallery.errors import (
    DiskFull,
    MailServerUnreachable,
    Outage,
    StoreOfAnother,
    StoreRefused,
    StoreUnknown,
    TooManyOrphans,
)
from gallery.services.phrase import Phrase

CHECK = "Is database_url the right one? If so, `flask store adopt {store}`"


def why(error: StoreRefused | Outage) -> Phrase:
    """One line that says what was found, and what an operator does about it."""
    match error:
        case DiskFull():
            return Phrase("the disk is full: make room ({why})", {"why": error.why})
        case MailServerUnreachable():
            return Phrase("the mail server takes no mail: {why}", {"why": error.why})
        case Outage():
            return Phrase("a store does not answer: {why}", {"why": error.why})
    return _why_not(error)


def in_one_line(error: Exception) -> str:
    """Any error in one line of English: its class, and the first line of its message."""
    if isinstance(error, StoreRefused | Outage):
        return str(why(error))
    return f"{type(error).__name__} {str(error).partition(chr(10))[0]}".strip()


def _why_not(refusal: StoreRefused) -> Phrase:
    store = {"store": refusal.store}
    check = Phrase(CHECK, store)
    match refusal:
        case StoreOfAnother(theirs=theirs, ours=ours):
            return Phrase(
                "the {store} store belongs to database {theirs}, and this is database {ours}. {check}",
                store | {"theirs": theirs, "ours": ours, "check": check},
            )
        case StoreUnknown():
            return Phrase(
                "the {store} store says of no database that it is its own, and its files are not those that this"
                " database names. {check}",
                store | {"check": check},
            )
        case TooManyOrphans(unexplained=unexplained, files=files):
            return Phrase(
                "the {store} store has {unexplained} files, of {files}, that this database does not know: nothing was"
                " removed. Was an older database restored? If they may go, `flask sweep --yes`",
                store | {"unexplained": unexplained, "files": files},
            )
    return Phrase("the {store} store: nothing was removed", store)
