"""How long the gallery's pages take with few items and with many: python -m bench gallery [--sizes 200 20000].

Each page is asked for through the whole application, on SQLite, with all sizes in turn.
Limits: 150 ms with the largest number, and 1.5 times the processor's time for the same page with the smallest. A page
that shows more items with more of them to show is compared too, and marked.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from gallery import create_app
from gallery.cli.setup import bring_up_to_date
from gallery.config import Settings, Site, load_settings
from gallery.database import open_engine, session_factory
from gallery.models import Case, Category, Colour, Item, ItemPhoto, ItemStatus, ItemWords, RenditionSize, Unit, UnitKind
from gallery.services import revision
from gallery.services.items.numbering.numbers import draw_public_number
from gallery.services.transaction import atomic, end_reading
from gallery.services.words.folding import words_of
from gallery.web import warming

SIZES = 200, 20_000
REPEATS = 15
SEED = 2026
FIRST, WARMED = "(first request of a process)", "(first request, index built ahead)"
CHANGED = "(first page after a change)"
ONCE = FIRST, WARMED
LIMIT_MS, LIMIT_RATIO = 150, 1.5
UNITS, CASES, KINDS, BRANDS = 5, 400, 6, 150
DEPARTEMENTS = "22", "29", "35", "44", "56"
OFTEN = 0.25
NOUNS = "bague montre vélo collier perceuse violon pendule vase médaille bracelet guitare appareil tableau".split()  # noqa: SIM905
ADJECTIVES = "doré ancien gravé bleu fleuri émaillé rayé sculpté articulé pliant".split()  # noqa: SIM905
MATERIALS = "or argent acier laiton bois cuir porcelaine cristal nacre émail fonte aluminium".split()  # noqa: SIM905
START = datetime(2026, 1, 1, tzinfo=UTC)
PAGES = {
    "home": "/",
    "first page": "/objets",
    "a category": "/objets?categorie=watches",
    "a colour and a material": "/objets?couleur=gold&matiere=or",
    "a brand": "/objets?marque=maison-7",
    "a département": "/objets?departement=35",
    "a theft date": "/objets?vol=2026-03-01&autour=31",
    "a common word": "/objets?mots=bagues",
    "two words": "/objets?mots=bagues+en+or",
    "the name of a category": "/objets?mots=bijoux",
    "sorted by title": "/objets?tri=titre",
    "sorted by theft": "/objets?tri=vol&couleur=red",
    "nothing found": "/objets?mots=licorne&couleur=pink&vol=2019-01-01",
}


@dataclass(frozen=True)
class Timing:
    """What a page took, in milliseconds; processor: in this process, which is all of it on SQLite."""

    wall: float
    processor: float
    cards: int


@dataclass(frozen=True)
class Shop:
    """A gallery of this many items."""

    size: int
    session: Session
    settings: Settings
    client: FlaskClient
    pages: Mapping[str, str]

    def ask(self, name: str) -> Timing:
        """Time a page: of another process where it is the first one, after a change of one item where it is that."""
        if name == WARMED:
            app = create_app(self.settings, {Site.PUBLIC})
            warming.begin(app).join()
            return _timing(app.test_client(), self.pages[name])
        if name == CHANGED:
            with atomic(self.session):
                first = select(func.min(Item.id)).scalar_subquery()
                self.session.execute(update(Item).where(Item.id == first).values(version=Item.version + 1))
                revision.touch(self.session)
        return _timing(self.client, self.pages[name])


def main(arguments: list[str]) -> None:
    """Print the time of each page by size, and what breaks a limit."""
    parser = argparse.ArgumentParser(prog="bench gallery", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        shops = [stack.enter_context(_shop(size)) for size in sorted(options.sizes)]
        print(
            f"medians of {REPEATS}, ms: wall, processor"
            + "".join(f"{shop.size:>18}" for shop in shops)
            + f"{'ratio':>9}"
        )
        for name in shops[0].pages:
            _print_page(name, shops)


def _print_page(name: str, shops: Sequence[Shop]) -> None:
    """Ask every size in turn, so that whatever else the machine does weighs on all of them alike."""
    rounds = [[shop.ask(name) for shop in shops] for _ in range(1 if name in ONCE else REPEATS)]
    found = [_middle(times) for times in zip(*rounds, strict=True)]
    ratio = median(times[-1].processor / times[0].processor for times in rounds)
    times = "".join(f"{each.wall:9.1f}{each.processor:9.1f}" for each in found)
    print(f"{name:40}{times}{ratio:9.2f}{_remark(name, found[-1], found[0], ratio)}")


def _remark(name: str, timing: Timing, small: Timing, ratio: float) -> str:
    if timing.wall > LIMIT_MS or (ratio > LIMIT_RATIO and not name.startswith("(")):
        return "  over the limit" + (
            f", {timing.cards} items in place of {small.cards}" if timing.cards > small.cards else ""
        )
    return ""


@contextmanager
def _shop(size: int) -> Iterator[Shop]:
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(environ={"GALLERY_INSTANCE": folder})
        bring_up_to_date(settings)
        engine = open_engine(settings.database_address)
        with session_factory(engine)() as session:
            fill(session, size)
            client = create_app(settings, {Site.PUBLIC}).test_client()
            pages = (
                {FIRST: "/objets", WARMED: "/objets"}
                | PAGES
                | dict(_pages_within(session, size))
                | {CHANGED: "/objets"}
            )
            end_reading(session)
            yield Shop(size, session, settings, client, pages)
        engine.dispose()


def _pages_within(session: Session, size: int) -> Iterator[tuple[str, str]]:
    numbers = session.scalars(select(Item.public_number).order_by(Item.published_at.desc())).all()
    yield "a page in the middle", f"/objets?apres={numbers[size // 2]}"
    yield "the page before it", f"/objets?avant={numbers[size // 2]}"
    yield "the middle, by title", f"/objets?tri=titre&apres={numbers[size // 2]}"
    yield "an item", f"/objets/{numbers[size // 2]}"


def _middle(times: Sequence[Timing]) -> Timing:
    return Timing(median(each.wall for each in times), median(each.processor for each in times), times[0].cards)


def _timing(client: FlaskClient, path: str) -> Timing:
    started, worked = time.perf_counter(), time.process_time()
    answer = client.get(path)
    cards = answer.text.count('class="item-card"')
    wall, processor = time.perf_counter() - started, time.process_time() - worked
    assert answer.status_code == 200, path
    return Timing(wall * 1000, processor * 1000, cards)


def fill(session: Session, size: int) -> None:
    """Published items that never were, an hour apart, each with three photos without files."""
    rng = random.Random(SEED)
    with atomic(session):
        kinds = list(session.scalars(select(Category.id).where(Category.never_public.is_(False)).limit(KINDS)))
        session.execute(insert(Unit), [_unit(number) for number in range(UNITS)])
        units = list(session.scalars(select(Unit.id)))
        session.execute(insert(Case), [_case(number, rng.choice(units), rng) for number in range(CASES)])
        cases = session.execute(select(Case.id, Case.unit_id)).all()
        numbers = _numbers(size)
        items = [_item(number, numbers[number], kinds, *rng.choice(cases), rng) for number in range(size)]
        session.execute(insert(Item), items)
        ids = list(session.scalars(select(Item.id).order_by(Item.id)))
        texts = [" ".join(words_of(each["title"], each["brand"], each["materials"])) for each in items]
        session.execute(
            insert(ItemWords), [{"item_id": key, "words": text} for key, text in zip(ids, texts, strict=True)]
        )
        session.execute(insert(ItemPhoto), [_photo(key, place) for key in ids for place in range(3)])
        revision.touch(session)


def _unit(number: int) -> dict[str, Any]:
    return {"code": f"U{number}", "name": f"Brigade {number}", "kind": UnitKind.GENDARMERIE, "official_accounts": [],
            "departement": DEPARTEMENTS[number], "public_phone": "02 61 91 00 35", "public_email": "",
            "version": 1}  # fmt: skip


def _case(number: int, unit_id: int, rng: random.Random) -> dict[str, Any]:
    first = date(2025, 6, 1) + timedelta(rng.randrange(400))
    return {"reference": f"{number:012}", "unit_id": unit_id, "sealed": b"", "created_at": START, "version": 1,
            "theft_from": first, "theft_until": first + timedelta(rng.randrange(120))}  # fmt: skip


def _numbers(size: int) -> list[str]:
    drawn: set[str] = set()
    while len(drawn) < size:
        drawn.add(draw_public_number("35"))
    return list(drawn)


def _often(value: str, others: Sequence[str], rng: random.Random) -> str:
    """One value a quarter of the time, so that even few items fill a page with it."""
    return value if rng.random() < OFTEN else rng.choice(others)


def _item(
    number: int, public_number: str, kinds: list[int], case_id: int, unit_id: int, rng: random.Random
) -> dict[str, Any]:
    at = START + timedelta(minutes=number)
    return {
        "public_number": public_number, "unit_id": unit_id, "case_id": case_id, "category_id": rng.choice(kinds),
        "status": ItemStatus.PUBLISHED, "title": f"{_often('Bague', NOUNS, rng)} {rng.choice(ADJECTIVES)} n° {number}",
        "brand": _often("Maison 7", [f"Maison {each}" for each in range(BRANDS)], rng),
        "materials": ", ".join(rng.sample(MATERIALS, 2)),
        "colours": [each.value for each in rng.sample(list(Colour), 2)],
        "sealed": b"", "created_at": at, "updated_at": at, "published_at": at, "version": 1,
    }  # fmt: skip


def _photo(item_id: int, place: int) -> dict[str, Any]:
    sizes = [(320, "webp"), (320, "jpg"), (800, "webp"), (800, "jpg"), (1600, "webp"), (1600, "jpg")]
    renditions = [RenditionSize(f"{size}.{kind}", size, size * 3 // 4) for size, kind in sizes]
    renditions.append(RenditionSize("share.jpg", 1200, 630))
    return {"public_id": f"{item_id}-{place}", "item_id": item_id, "position": place, "renditions": renditions,
            "original_sha256": f"{place:064}", "original_bytes": 1, "media_type": "image/jpeg", "width": 1600,
            "height": 1200, "rendition_digest": "0" * 64, "created_at": START}  # fmt: skip
