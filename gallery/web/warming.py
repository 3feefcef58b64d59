"""What a server process does once it can answer: it makes ready what its first visitor would otherwise wait for."""

import logging
from threading import Thread

from flask import Flask

from gallery import imaging
from gallery.config import Site, own_measures
from gallery.database import why_down
from gallery.services import measures, readiness, schema
from gallery.services.storekeeping import wording
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


def end(app: Flask) -> None:
    """Take back what this process alone could say of itself; what it has counted stays."""
    folder = own_measures(resources_of(app).settings) if "resources" in app.extensions else None
    if folder is not None:
        measures.forget_process(folder)


def _warm(app: Flask) -> None:
    if "resources" not in app.extensions:
        # That of monitors: it has no visitors.
        return
    given = resources_of(app)
    site = Site.BACKOFFICE if given.private_store else Site.PUBLIC
    imaging.warm_up()
    try:
        found = schema.look(given.sessions())
        if found.fit is not schema.Fit.SAME:
            log.error("%s", found.line)
        if given.private_store is not None:
            for refusal in readiness.owner_refusals(readiness.needs_of(given)):
                log.error("officers can change nothing: %s", wording.why(refusal))
        # The officers' pages have no use for the index.
        if given.private_store is None and found.can_be_used:
            catalogues_of(app).gallery.current()
    except Exception as error:
        # A database that is not there yet: the first visitor's request tries again, and says so.
        why = why_down(error)
        log.warning("the gallery's index could not be built ahead%s", f": {why}" if why else "", exc_info=why is None)
    if (folder := own_measures(given.settings)) is not None:
        measures.open_to_group(folder, site.value)
    _load_templates(app)


def _load_templates(app: Flask) -> None:
    """In production read all pages' templates now: once an upgrade has put its files in place, they are its own."""
    if resources_of(app).settings.production:
        for name in app.jinja_env.list_templates():
            app.jinja_env.get_template(name)
