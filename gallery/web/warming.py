"""What a server process does once it can answer: it makes ready what its first visitor would otherwise wait for."""

import logging
from threading import Thread

from flask import Flask

from gallery import imaging
from gallery.web.workplace import Workplace

log = logging.getLogger(__name__)


def begin(app: Flask) -> Thread:
    """Start the process that decodes photos and build the public gallery's index, besides answering.

    A visitor who comes sooner waits for the rest of it.

    Not while an application is made: commands make one too, and whatever forks afterwards would lose the thread.
    """
    thread = Thread(target=_warm, args=(app.extensions["workplace"],), name="warming", daemon=True)
    thread.start()
    return thread


def _warm(place: Workplace) -> None:
    imaging.warm_up()
    # The officers' pages have no use for the index.
    if place.private is not None:
        return
    try:
        place.gallery.current()
    except Exception:
        # A database that is not there yet: the first visitor's request tries again, and says so.
        log.warning("the gallery's index could not be built ahead", exc_info=True)
