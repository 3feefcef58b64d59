"""A unit’s waiting photos, and what the sorting table does and shows of them."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Case, Item, Unit
from gallery.services.items.numbering import card_numbers
from gallery.services.transaction import atomic
from gallery.sharing import cards
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.desk import Desk, files


@pytest.fixture
def address(case: Case) -> str:
    return f"/affaires/{case.reference}/photos"


@pytest.fixture
def number(make: Factory, unit: Unit) -> str:
    """A number on a card of the unit."""
    with atomic(make.session) as session:
        return card_numbers.print_cards(session, unit, 1, by=None, now=make.now)[0]


def taken(seed: int, second: int, *, card: str = "") -> tuple[bytes, str]:
    photo, exif, file = pictures.picture(seed).resize((1600, 1200)), Image.Exif(), BytesIO()
    if card:
        photo.paste(cards.drawn(card).convert("RGB").resize((330, 192)), (100, 100))
    exif.get_ifd(0x8769)[0x9003] = f"2026:11:29 10:00:{second:02}"
    photo.save(file, "JPEG", quality=90, exif=exif)
    return file.getvalue(), f"IMG_{seed}.jpg"


def dropped(desk: Desk, address: str, *photos: tuple[bytes, str]) -> Page:
    return desk.do(address, {"photos": files(*photos)})


def do(desk: Desk, address: str, act: str, **fields: Any) -> Page:
    """Do an act, on a page that shows the table as it is by now unless `vu` says otherwise."""
    if "vu" not in fields:
        fields["vu"] = seen(desk.get(address))
    return desk.do(f"{address}/trier", {"acte": act} | fields)


def only_item(session: Session) -> Item:
    session.rollback()
    return session.scalars(select(Item)).one()


def groups(page: Page) -> list[tuple[str, int]]:
    return [
        (
            " ".join(each.get_text(" ", strip=True) for each in row.select(".lot-name, .tag")),
            len(row.select(".lot-photos li")),
        )
        for row in page.all("tr[data-group]")
    ]


def keys(page: Page) -> list[str]:
    return [str(each["value"]) for each in page.all("input[name=groupe]")]


def seen(page: Page) -> list[str]:
    """What every form of this page sends of the rows that it shows."""
    return [str(each["value"]) for each in page.all("input[name=vu]")]


def codes(data: bytes) -> list[str]:
    with Image.open(BytesIO(data)) as image:
        return [code.text for code in cards.codes_in(np.asarray(image.convert("L")))]
