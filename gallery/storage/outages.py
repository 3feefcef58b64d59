"""What the library and the system raise, told apart: the disk is full, or the store does not answer."""

import errno
import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from obstore.exceptions import AlreadyExistsError, BaseError, InvalidPathError, NotSupportedError

from gallery.errors import DiskFull, StoreUnreachable

FULL = (errno.ENOSPC, errno.EDQUOT)
# After a failure the store is left alone for this long, so that its silence does not hold every thread of a site.
REST_SECONDS = 5.0
# What is no failure of the store.
OUR_FAULTS = (AlreadyExistsError, InvalidPathError, NotSupportedError)
log = logging.getLogger(__name__)


@contextmanager
def told_apart() -> Iterator[None]:
    """Raise DiskFull or StoreUnreachable for what a store's library raises; a file that is absent stays what it is."""
    try:
        yield
    except (FileNotFoundError, *OUR_FAULTS):
        raise
    except (BaseError, OSError) as error:
        raise cause_of(error) from error


def cause_of(error: Exception) -> DiskFull | StoreUnreachable:
    """What an error of a store means, with the first line of what it said."""
    why = " ".join(str(error).split("\n\n")[0].split())
    found = re.search(r"os error (\d+)", str(error))
    number = error.errno if isinstance(error, OSError) and error.errno else int(found[1]) if found else None
    return DiskFull(why) if number in FULL else StoreUnreachable(why)


def full_disk(error: OSError) -> DiskFull | None:
    """The outage that an error of the system means, if it is that the disk has no room left."""
    return DiskFull(error.strerror or "") if error.errno in FULL else None


class StoreLine:
    """The line to a store: once it was lost, callers are refused at once for a while, and one tries again.

    rest_seconds: 0 refuses nobody, as for a folder, where one file is out of reach and the next may not be. The loss is
    one line in the log, and so is the return.
    """

    def __init__(self, name: str, *, rest_seconds: float = REST_SECONDS) -> None:
        self._name, self._rest_seconds = name, rest_seconds
        self._lock = threading.Lock()
        self._lost: StoreUnreachable | None = None
        self._try_again_at = 0.0

    @contextmanager
    def used(self) -> Iterator[None]:
        """Use the line; raise StoreUnreachable when it is lost, or was a moment ago."""
        self._refuse_at_rest()
        try:
            yield
        except StoreUnreachable as error:
            self._lose(error)
            raise
        except FileNotFoundError:
            self._find()
            raise
        else:
            self._find()

    def _refuse_at_rest(self) -> None:
        with self._lock:
            if self._lost is None:
                return
            if time.monotonic() < self._try_again_at:
                raise StoreUnreachable(self._lost.why)
            # Others go on resting while this caller tries.
            self._try_again_at = time.monotonic() + self._rest_seconds

    def _lose(self, error: StoreUnreachable) -> None:
        with self._lock:
            if self._lost is None:
                log.error("the store %s does not answer: %s", self._name, error.why)
            self._lost = error
            self._try_again_at = time.monotonic() + self._rest_seconds

    def _find(self) -> None:
        with self._lock:
            if self._lost is not None:
                log.warning("the store %s answers again", self._name)
            self._lost = None
