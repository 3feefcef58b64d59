"""Why nothing was removed from a store, or nothing could be done, in English, for the log and the terminal."""

from gallery.errors import (
    DiskFull,
    MailServerUnreachable,
    Outage,
    StoreOfAnother,
    StoreRefused,
    StoreUnknown,
    TooManyOrphans,
)


def why(error: StoreRefused | Outage) -> str:
    """One line that says what was found, and what an operator does about it."""
    if isinstance(error, DiskFull):
        return f"the disk is full: make room ({error.why})"
    if isinstance(error, MailServerUnreachable):
        return f"the mail server takes no mail: {error.why}"
    if isinstance(error, Outage):
        return f"a store does not answer: {error.why}"
    return _why_not(error)


def in_one_line(error: Exception) -> str:
    """Any error in one line: its class, and the first line of its message."""
    if isinstance(error, StoreRefused | Outage):
        return why(error)
    return f"{type(error).__name__} {str(error).partition(chr(10))[0]}".strip()


def _why_not(refusal: StoreRefused) -> str:
    name = f"the {refusal.store} store"
    check = f"Is database_url the right one? If so, `flask store adopt {refusal.store}`"
    match refusal:
        case StoreOfAnother(theirs=theirs, ours=ours):
            return f"{name} belongs to database {theirs}, and this is database {ours}: nothing was removed. {check}"
        case StoreUnknown():
            return (
                f"{name} says of no database that it is its own, and its files are not those that this database names:"
                f" nothing was removed. {check}"
            )
        case TooManyOrphans(unexplained=unexplained, files=files):
            return (
                f"{name} has {unexplained} files, of {files}, that this database does not know: nothing was removed."
                " Was an older database restored? If they may go, `flask sweep --yes`"
            )
    return f"{name}: nothing was removed"
