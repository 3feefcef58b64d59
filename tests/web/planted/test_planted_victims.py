"""A copy of all that the public process reads tells nothing of what victims declare and claim."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from gallery import create_app
from gallery.config import Settings, Site
from gallery.database import open_engine
from gallery.models import ClaimProof, Declaration, DeclarationAnswer, DeclaredPhoto, InboxDrop, Item
from gallery.services.claims import claim_filing, claim_seals
from gallery.services.declarations import answers, collecting, sealed_rows
from gallery.services.declarations.opening import codes
from gallery.services.transaction import atomic, end_reading
from gallery.web.resources import resources_of
from tests import pdfs, pictures
from tests.claimant import Claimant
from tests.factories import Factory
from tests.planted import slices_of, told_in
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
OF_THE_VICTIM = (b"GEHEIM", b"geheim@victim", b"0655443322", b"06 55 44 33 22", b"anne@victime")


def test_a_copy_of_all_that_the_public_process_reads_tells_of_no_declaration(
    settings: Settings, engine: Engine, make: Factory, caplog: pytest.LogCaptureFixture
) -> None:
    allowed = replace(settings, **DECLARATIONS)
    victim = Victim(*site(allowed, make))
    # Photos of no other test, whose rows the database file may still hold between its own.
    before = copy_of_all(allowed, engine)
    code = code_of(victim.declares(pictures.jpeg(pictures.picture(4711)), **DECLARED))
    is_readable = engine.dialect.name == "sqlite"
    sent = make.session.scalars(select(InboxDrop.sealed)).one()
    end_reading(make.session)
    copies = [copy_of_all(allowed, engine)]
    # What lies there is looked at: where the database isolates nothing, it is in the copy.
    assert bool(told_in(copies[0], slices_of(sent))) is is_readable
    collect(allowed, make)
    copies.append(copy_of_all(allowed, engine))
    assert victim.opens(code).status_code == 303
    victim.adds(pictures.jpeg(pictures.picture(4712)), **{"pour": "1", "objet-1-mots": "GEHEIM-added"})
    copies.append(copy_of_all(allowed, engine))
    collect(allowed, make)
    copies.append(copy_of_all(allowed, engine) + caplog.text.encode())
    secrets = [*OF_THE_VICTIM, *of_the_code(make, allowed, code), *of_photos(make)]
    assert len(secrets) > 30
    assert told_in(before, secrets) == []
    assert [told for copy in copies if (told := told_in(copy, secrets))] == []
    if not is_readable:
        [reference] = make.session.scalars(select(Declaration.reference))
        assert told_in(copies[-1], [reference.encode()]) == []


CLAIMED = {
    "question-engraved": "GEHEIM-engraved",
    "mots": "GEHEIM-words",
    "nom": "GEHEIM-victim",
    "courriel": "geheim@victim.example",
    "phrase": "GEHEIM-phrase",
}
OF_THE_CLAIMANT = (*OF_THE_VICTIM, b"%PDF-1.")


def test_a_copy_of_all_that_the_public_process_reads_tells_of_no_claim(
    settings: Settings, engine: Engine, make: Factory, planted: Item, caplog: pytest.LogCaptureFixture
) -> None:
    allowed = replace(settings, **CLAIMS)
    claimant = Claimant(*site(allowed, make))
    invoice = pdfs.invoice("GEHEIM")
    proofs = (("a.jpg", pictures.jpeg(pictures.picture(1))), ("b.pdf", invoice))
    before = copy_of_all(allowed, engine)
    code = code_of(claimant.claims(planted.public_number, *proofs, **CLAIMED))
    copies = [copy_of_all(allowed, engine)]
    collect(allowed, make)
    assert "reçue" in claimant.opens(code).text
    copies.append(copy_of_all(allowed, engine))
    more = ("c.jpg", pictures.jpeg(pictures.picture(3)))
    claimant.clock(timedelta())
    said = {"mots": "GEHEIM-later", "numero": planted.public_number}
    claimant.sends("/ma-declaration/demandes/1/preuves", more, status=303, **said)
    copies.append(copy_of_all(allowed, engine))
    collect(allowed, make)
    copies.append(copy_of_all(allowed, engine) + caplog.text.encode())
    of_proofs = [piece for each in make.session.scalars(select(ClaimProof)) for piece in of_proof(each, make)]
    secrets = [*OF_THE_CLAIMANT, *of_the_code(make, allowed, code), *of_proofs, *slices_of(invoice)]
    # The item's own photos have the marks of any JPEG.
    known = told_in(before, secrets)
    secrets = [each for each in secrets if each not in known]
    assert len(secrets) > 25
    assert [told for copy in copies if (told := told_in(copy, secrets))] == []


def site(settings: Settings, make: Factory) -> tuple[FlaskClient, Callable[[timedelta], None]]:
    """The public site, and what moves its clock."""
    app = create_app(settings, {Site.PUBLIC})
    given = resources_of(app)

    def set_clock(later: timedelta) -> None:
        app.extensions["resources"] = replace(given, now=lambda: make.now + later)

    set_clock(timedelta())
    with atomic(make.session):
        collecting.publish_key(make.session, make.sealer)
    return app.test_client(), set_clock


def collect(settings: Settings, make: Factory) -> None:
    """What the worker does with all that lies in the inbox."""
    now = make.now + timedelta(hours=1)
    while collecting.collect(
        make.session, settings=settings, sealer=make.sealer, now=now, handlers=claim_filing.HANDLERS
    ):
        pass
    make.session.expire_all()
    assert make.session.scalars(select(InboxDrop)).all() == []


def of_the_code(make: Factory, settings: Settings, code: str) -> list[bytes]:
    """The code, and what it opens: the key of the answer, which tells nothing closed, and the proof for requests."""
    tidy = codes.tidy(code)
    holder = answers.open_with(make.session, tidy, pepper=settings.declaration_pepper)
    row = make.session.get_one(DeclarationAnswer, holder.locator)
    reference = answers.read(make.session, holder).reference
    assert told_in(row.sealed + row.wrapped, [reference.encode(), holder.identity.encode()]) == []
    glued = tidy.replace(" ", "-")
    return [each.encode() for each in (code, tidy, glued, holder.identity, holder.proof)]


def of_photos(make: Factory) -> list[bytes]:
    """Pieces of each declared photo and of its signature, which can be turned back into a picture."""
    photos = make.session.scalars(select(DeclaredPhoto)).all()
    assert len(photos) == 2
    opened = [sealed_rows.signature_of(each, make.sealer) for each in photos]
    files = [sealed_rows.picture_of(each, make.sealer) for each in photos]
    files += [part for each in opened for part in (each.compact, each.details)]
    return [piece for file in files for piece in slices_of(file)]


def of_proof(proof: ClaimProof, make: Factory) -> list[bytes]:
    """Pieces of a proof as it was sent, and of the pictures that officers see of it."""
    sent = b64decode(make.sealer.unseal(proof.sealed, row=f"claim proof:{proof.public_id}")["file"])
    files = [sent, *claim_seals.pages_of(proof, make.sealer)]
    return [piece for file in files for piece in slices_of(file)]


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
