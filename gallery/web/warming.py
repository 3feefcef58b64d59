"""What a server process does once it can answer: it makes ready what its first visitor would otherwise wait for."""

import logging
from threading import Thread

from flask import Flask

from gallery import imaging
from gallery.database import why_down
from gallery.services import schema
from gallery.web.catalogues import catalogues_of
from gallery.web.resources import resources_of

log = logging.getLogger(__name__)


def begin(app: Flask) -> Thread:
    """Say when the tables are not this program's, start what decodes photos, and build the gallery's index.

    A visitor who comes sooner waits for the rest of it.

    Not while an application is made: commands make one too, and whatever forks afterwards would lose the thread.
    """
    thread = Thread(target=_warm, args=(app,), name="warming", daemon=True)
    thread.start()
    return thread


def _warm(app: Flask) -> None:
    given = resources_of(app)
    imaging.warm_up()
    try:
        found = schema.look(given.sessions())
        if found.fit is not schema.Fit.SAME:
            log.error("%s", found.line)
        # The officers' pages have no use for the index.
        if given.private_store is None and found.can_be_used:
            catalogues_of(app).gallery.current()
    except Exception as error:
        # A database that is not there yet: the first visitor's request tries again, and says so.
        why = why_down(error)
        log.warning("the gallery's index could not be built ahead%s", f": {why}" if why else "", exc_info=why is None)
