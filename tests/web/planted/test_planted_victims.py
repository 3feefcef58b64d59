"""A copy of all that the public process reads tells nothing of what victims declare and claim."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gallery import create_app
from gallery.config import Settings, Site
from gallery.database import open_engine
from gallery.models import Item
from gallery.services.claims import claim_filing
from gallery.services.declarations import collecting
from gallery.services.declarations.opening import codes
from gallery.services.transaction import atomic
from gallery.web.resources import resources_of
from tests import pdfs, pictures
from tests.claimant import Claimant
from tests.factories import Factory
from tests.victim import CLAIMS, DECLARATIONS, Victim, code_of
from tests.web.planted.conftest import columns_of

DECLARED = {
    "commune": "GEHEIM-commune",
    "plainte": "GEHEIM-complaint",
    "objet-1-mots": "GEHEIM-words",
    "objet-1-serie": "GEHEIM-number",
    "nom": "GEHEIM-victim",
    "courriel": "geheim@victim.example",
    "telephone": "0655443322",
    "aidant-nom": "GEHEIM-helper",
    "phrase": "GEHEIM-phrase",
}
OF_THE_VICTIM = (b"GEHEIM", b"geheim@victim", b"0655443322", b"06 55 44 33 22", b"anne@victime", b"JFIF", b"/9j/4AAQ")


def test_a_copy_of_all_that_the_public_process_reads_tells_of_no_declaration(
    settings: Settings, engine: Engine, make: Factory, caplog: pytest.LogCaptureFixture
) -> None:
    allowed = replace(settings, **DECLARATIONS)
    app = create_app(allowed, {Site.PUBLIC})
    place = resources_of(app)

    def set_clock(later: timedelta) -> None:
        app.extensions["resources"] = replace(place, now=lambda: make.now + later)

    set_clock(timedelta())
    with atomic(make.session):
        collecting.publish_key(make.session, make.sealer)
    victim = Victim(app.test_client(), set_clock)
    code = code_of(victim.declares(pictures.jpeg(pictures.picture(1)), **DECLARED))
    copies = [copy_of_all(allowed, engine)]
    assert collecting.collect(make.session, settings=allowed, sealer=make.sealer, now=make.now)
    copies.append(copy_of_all(allowed, engine))
    assert victim.opens(code).status_code == 303
    copies.append(copy_of_all(allowed, engine) + caplog.text.encode())
    marks = (*OF_THE_VICTIM, code.encode(), codes.tidy(code).encode())
    assert not [mark for copy in copies for mark in marks if mark in copy]


CLAIMED = {
    "question-engraved": "GEHEIM-engraved",
    "mots": "GEHEIM-words",
    "nom": "GEHEIM-victim",
    "courriel": "geheim@victim.example",
    "phrase": "GEHEIM-phrase",
}
OF_THE_CLAIMANT = (*OF_THE_VICTIM, b"GEHEIM".hex().encode(), b"%PDF", b64encode(b"%PDF-1.4")[:9])


def test_a_copy_of_all_that_the_public_process_reads_tells_of_no_claim(
    settings: Settings, engine: Engine, make: Factory, planted: Item, caplog: pytest.LogCaptureFixture
) -> None:
    allowed = replace(settings, **CLAIMS)
    app = create_app(allowed, {Site.PUBLIC})
    given = app.extensions["resources"]

    def set_clock(later: timedelta) -> None:
        app.extensions["resources"] = replace(given, now=lambda: make.now + later)

    set_clock(timedelta())
    with atomic(make.session):
        collecting.publish_key(make.session, make.sealer)
    claimant = Claimant(app.test_client(), set_clock)
    proofs = (("a.jpg", pictures.jpeg(pictures.picture(1))), ("b.pdf", pdfs.invoice("GEHEIM")))
    before = copy_of_all(allowed, engine)
    code = code_of(claimant.claims(planted.public_number, *proofs, **CLAIMED))
    copies = [copy_of_all(allowed, engine)]
    now = make.now + timedelta(hours=1)
    while collecting.collect(
        make.session, settings=allowed, sealer=make.sealer, now=now, handlers=claim_filing.HANDLERS
    ):
        pass
    assert "reçue" in claimant.opens(code).text
    copies.append(copy_of_all(allowed, engine) + caplog.text.encode())
    marks = [mark for mark in (*OF_THE_CLAIMANT, code.encode(), codes.tidy(code).encode()) if mark not in before]
    assert len(marks) > 8
    assert not [mark for copy in copies for mark in marks if mark in copy]


def copy_of_all(settings: Settings, engine: Engine) -> bytes:
    """The instance folder, and the database: on SQLite its files and its log; on PostgreSQL what the role reads."""
    files = [path for path in settings.instance.rglob("*") if path.is_file()]
    if engine.dialect.name == "sqlite":
        database = Path(str(engine.url.database))
        return b"".join(path.read_bytes() for path in [*files, *database.parent.glob(database.name + "*")])
    public = open_engine(settings.public_database_address)
    with public.connect() as connection:
        rows = b"".join(values for _, values in columns_of(connection))
    public.dispose()
    return rows + b"".join(path.read_bytes() for path in files)
