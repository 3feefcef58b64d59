"""How long one new item takes to compare with all that is declared: python -m bench declarations [--declarations N].

Each declaration has five objects, each with a photo and a few words. Photos are drawn, a hundred of them, and used
again; what a search of them costs does not depend on that. A worker that starts opens all of them, some at each call.
"""

import argparse
import random
import resource
import secrets
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from statistics import median

import numpy as np
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session
from tqdm import tqdm

from gallery import matching
from gallery.config import load_settings
from gallery.database import Base, open_engine, session_factory
from gallery.models import (
    Category,
    ComparedItem,
    Declaration,
    DeclarationChange,
    DeclarationState,
    DeclaredObject,
    DeclaredPhoto,
    Proposal,
)
from gallery.sealing import Sealer
from gallery.services import stores
from gallery.services.declarations import sealed_rows
from gallery.services.declarations.changes import ChangeKind
from gallery.services.declarations.sealed_rows import ObjectSecrets, SignatureParts
from gallery.services.items import categories
from gallery.services.proposals import comparing
from gallery.services.proposals.declared import DeclaredObjects
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory

NOW = datetime(2026, 11, 29, 9, 30, tzinfo=UTC)
OBJECTS, DRAWN, TIMES, AT_ONCE = 5, 100, 5, 50
THINGS = ("bague", "collier", "bracelet", "montre", "vélo", "tronçonneuse", "perceuse", "guitare", "tableau", "vase")
WORDS = ("or", "argent", "bleu", "rouge", "noir", "ancienne", "gravée", "Makita", "Lip", "diamant", "saphir", "cuir")


def main(arguments: list[str]) -> None:
    """Print the seconds of a comparison, and the memory."""
    parser = argparse.ArgumentParser(prog="bench declarations", description=__doc__)
    parser.add_argument("--declarations", type=int, default=10_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(environ={"GALLERY_INSTANCE": folder})
        engine = open_engine(settings.database_address)
        Base.metadata.create_all(engine)
        sealer = Sealer(settings.sealing_identity)
        with session_factory(engine)() as session:
            with atomic(session):
                categories.ensure_categories(session)
            private, public = stores.open_private(settings), stores.open_public(settings)
            make = Factory(session, settings, private, public, sealer, NOW)
            declare(session, sealer, options.declarations)
            measure(session, DeclaredObjects(session_factory(engine), sealer), make)


def declare(session: Session, sealer: Sealer, count: int) -> None:
    """Write the rows of this many declarations."""
    parts = [_described(seed) for seed in tqdm(range(DRAWN), desc="photos")]
    kinds = list(session.scalars(select(Category.id)))
    draw = random.Random(1)
    for start in tqdm(range(0, count, AT_ONCE), desc="declarations"):
        keys = range(start + 1, min(start + AT_ONCE, count) + 1)
        objects = [key * OBJECTS + place for key in keys for place in range(OBJECTS)]
        with atomic(session):
            session.execute(insert(Declaration), [_declaration(key) for key in keys])
            session.execute(insert(DeclaredObject), [_object(key, draw, kinds, sealer) for key in objects])
            session.execute(insert(DeclaredPhoto), [_photo(key, draw.choice(parts), sealer) for key in objects])
    with atomic(session):
        session.add(DeclarationChange(kind=ChangeKind.OBJECTS.value, number=1))


def measure(session: Session, declared: DeclaredObjects, make: Factory) -> None:
    """Publish items and compare each."""
    case, seconds, calls = make.case(make.unit()), [], []
    for number in range(TIMES + 1):
        photo = pictures.jpeg(pictures.relit(pictures.cropped(pictures.picture(number))))
        make.published(case, photo, title="Montre Lip ancienne en or")
        begun = time.process_time()
        while (session.scalar(select(func.count(ComparedItem.item_id))) or 0) <= number:
            called = time.process_time()
            assert comparing.compare_next_item(session, declared, now=lambda: NOW)
            if number == 0:
                calls.append(time.process_time() - called)
        seconds.append(time.process_time() - begun)
    made = len(session.scalars(select(Proposal.id)).all())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(declared.catalogue)} photos of {len(declared.words)} objects, {made} proposals, {memory:.0f} MiB")
    print("Seconds of one processor:")
    print(
        f"the first item, with the opening of all: {seconds[0]:.1f} s in {len(calls)} calls, at most {max(calls):.2f} s"
    )
    print(f"each further item: {median(seconds[1:]):.2f} s, at most {max(seconds[1:]):.2f} s")


def _described(seed: int) -> SignatureParts:
    signature = matching.describe(np.asarray(pictures.picture(seed)), None)
    return SignatureParts(signature.version, signature.compact(), signature.details_bytes())


def _declaration(key: int) -> dict[str, object]:
    texts = {name: secrets.token_hex(8) for name in ("reference", "receipt", "locator")}
    ends_on = date(2026, 11, 29) + timedelta(days=365)
    rest = {"departement": "35", "answer_recipient": "", "proof_digest": "", "sealed": b"", "version": 1}
    return {"id": key, "state": DeclarationState.OPEN, "ends_on": ends_on, "declared_at": NOW, **texts, **rest}


def _object(key: int, draw: random.Random, kinds: list[int], sealer: Sealer) -> dict[str, object]:
    said = ObjectSecrets(" ".join([draw.choice(THINGS), *draw.sample(WORDS, 3)]), "", "", ())
    public_id = f"o{key}"
    sealed = sealer.seal(asdict(said), row=f"declared object:{public_id}")
    return {
        "id": key, "public_id": public_id, "declaration_id": key // OBJECTS, "position": key % OBJECTS,
        "category_id": draw.choice(kinds), "sealed": sealed, "compared_at": NOW,
    }  # fmt: skip


def _photo(key: int, parts: SignatureParts, sealer: Sealer) -> dict[str, object]:
    public_id = f"p{key}"
    sealed = sealed_rows.seal_signature(parts, public_id, sealer)
    compact = sealed_rows.seal_compact(parts, public_id, sealer)
    return {
        "id": key, "public_id": public_id, "object_id": key, "position": 0, "sealed": b"",
        "sealed_signature": sealed, "sealed_compact": compact, "version": parts.version,
    }  # fmt: skip
