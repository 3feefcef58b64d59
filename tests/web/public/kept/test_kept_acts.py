"""No change leaves an old page standing: each act on items, accounts and albums, and each page that is kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Case, Item, Network, Officer, Unit
from gallery.services import cases
from gallery.services.albums import postings
from gallery.services.items import categories, deletion, items, photos, publication
from gallery.services.items.items import WrittenItem
from gallery.services.people import official_accounts, units
from gallery.services.transaction import atomic
from tests.factories import AUTHORISED, WINDOW, Factory
from tests.web.public.kept.conftest import ALBUM, OF_OBJECTS

# Every act of officers that the public sees. Each is done to a site that has kept all pages; then every page must be
# what a process that has kept nothing says.


@dataclass(frozen=True)
class Desk:
    """What officers act on. item: published and in the album; shown: published; draft: ready to be."""

    make: Factory
    item: Item
    shown: Item
    draft: Item
    officer: Officer
    account: str

    @property
    def session(self) -> Session:
        return self.make.session

    @property
    def by(self) -> dict[str, Any]:
        return {"by": self.officer, "now": self.make.now}

    def describe(self, **changes: Any) -> None:
        description = replace(items.description_of(self.item), **changes)
        secret, version = items.open_secrets(self.item, self.make.sealer), self.item.version
        case, category = self.item.case, self.item.category
        written = WrittenItem(case, category, description, secret, version)
        items.edit(self.session, self.make.given, self.item, written, by=self.officer)

    def turn(self) -> None:
        photo, settings, private = self.item.photos[0], self.make.settings, self.make.private
        turned = photos.prepare_turn(photo, quarter_turns=1, settings=settings, private=private)
        photos.turn(self.session, self.make.given, photo, turned, by=self.officer)

    def move_window(self) -> None:
        case, window = self.item.case, replace(WINDOW, first=date(2026, 4, 1))
        written = cases.WrittenCase(window=window, secret=AUTHORISED, version=case.version)
        cases.edit(self.session, self.make.given, case, written, by=self.officer)

    def name_category(self) -> None:
        names = {"name_fr": "Joyaux", "name_en": "Gems", "never_public": False, "withholds": True}
        category = self.item.category
        categories.edit(
            self.session, category, categories.WrittenCategory(version=category.version, **names), **self.by
        )

    def rename_category_back(self) -> None:
        names = {"name_fr": "Bijoux", "name_en": "Jewellery", "never_public": False, "withholds": True}
        category = categories.get_by_code(self.session, "jewellery")
        categories.edit(
            self.session, category, categories.WrittenCategory(version=category.version, **names), **self.by
        )

    def name_unit(self) -> None:
        unit = self.item.unit
        contact = {"public_phone": "02 61 91 00 36", "public_email": ""}
        units.edit_unit(
            self.session,
            unit,
            units.WrittenUnit(name="Vitré", kind=unit.kind, version=unit.version, **contact),
            **self.by,
        )

    def export(self, *exported: Item) -> None:
        numbers = [each.public_number for each in exported]
        postings.record(
            self.session,
            self.item.unit,
            postings.ExportedAlbum(numbers=numbers, network=Network.X, title="", code=ALBUM),
            **self.by,
        )


# In an order in which each still changes something.
ACTS: dict[str, Callable[[Desk], object]] = {
    "publish": lambda desk: publication.publish(desk.session, desk.make.given, desk.draft, by=desk.officer),
    "album": lambda desk: desk.export(desk.shown),
    "title": lambda desk: desk.describe(title="Alliance"),
    "brand": lambda desk: desk.describe(brand="Boucheron"),
    "theft window": Desk.move_window,
    "cover": lambda desk: photos.choose_cover(desk.session, desk.item, desk.item.photos[1], **desk.by),
    "alternative": lambda desk: photos.set_alt_text(desk.session, desk.item.photos[0], "Une", **desk.by),
    "turn": Desk.turn,
    "photo hidden": lambda desk: photos.set_private(
        desk.session, desk.make.given, desk.item.photos[0], is_private=True, by=desk.officer
    ),
    "photo deleted": lambda desk: deletion.delete(
        desk.session, desk.make.given, desk.item.photos[2], by=desk.officer
    ),
    "unit": Desk.name_unit,
    "category named": Desk.name_category,
    "category": lambda desk: items.change_category(
        desk.session, desk.make.given, desk.item, categories.get_by_code(desk.session, "watches"), by=desk.officer
    ),
    "account": lambda desk: official_accounts.add(desk.session, desk.item.unit, "https://x.com/gend035", **desk.by),
    "account checked": lambda desk: official_accounts.check_again(
        desk.session, desk.account, by=desk.officer, now=desk.make.now.replace(year=2027)
    ),
    "account removed": lambda desk: official_accounts.remove(desk.session, desk.account, **desk.by),
    "département": lambda desk: official_accounts.declare_none(desk.session, "23", **desk.by),
    "département no more": lambda desk: official_accounts.withdraw_declaration(desk.session, "48", **desk.by),
    "hand back": lambda desk: publication.hand_back(desk.session, desk.shown, **desk.by),
    "withdraw": lambda desk: publication.withdraw(desk.session, desk.item, **desk.by),
}  # fmt: skip


@pytest.fixture
def desk(make: Factory, case: Case, item: Item, unit: Unit, officer: Officer) -> Iterator[Desk]:
    with atomic(make.session) as session:
        account = official_accounts.add(session, unit, "https://www.facebook.com/gend35", by=officer, now=make.now)
        official_accounts.declare_none(session, "48", by=officer, now=make.now)
    reference = account.reference
    desk = Desk(make, item, make.published(case, title="Montre"), make.item(case, with_photos=1), officer, reference)
    yield desk
    with atomic(make.session):
        desk.rename_category_back()


def test_no_change_leaves_an_old_page_standing(desk: Desk, app: Flask, settings: Settings) -> None:
    addresses = [each.format(number=desk.item.public_number) for each in OF_OBJECTS]
    keeping = app.test_client()
    without = create_app(replace(settings, kept_pages_bytes=0), {Site.PUBLIC}).test_client()
    stale, idle = [], []
    before = [keeping.get(address).data for address in addresses]
    for name, act in ACTS.items():
        with atomic(desk.session):
            act(desk)
        after = [keeping.get(address).data for address in addresses]
        stale += [f"{name}: {address}" for address, page in zip(addresses, after, strict=True)
                  if page != without.get(address).data]  # fmt: skip
        idle += [name] if after == before else []
        before = after
    assert not stale
    assert not idle, "these acts change nothing that the public sees"
