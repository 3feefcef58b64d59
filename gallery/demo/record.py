"""What the demo's units, cases and objects are made of. Nothing and nobody in them exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np

from gallery.demo.drawing.sheet import Sheet


class Drawing(Protocol):
    """A thing that can be drawn, the same from the same random numbers."""

    def draw(self, random: np.random.Generator) -> Sheet:
        """Draw it."""


@dataclass(frozen=True)
class DemoUnit:
    """A unit; kind: "gendarmerie" or "police". Telephone numbers are from the ranges kept free for fiction."""

    code: str
    name: str
    kind: str
    departement: str
    public_phone: str
    public_email: str


@dataclass(frozen=True)
class DemoCase:
    """A case of a unit, authorised to be published."""

    key: str
    unit_code: str
    case_number: str
    discovered_on: str
    discovery_place: str
    authorised_by: str
    authorised_on: str
    theft_from: date
    theft_until: date


@dataclass(frozen=True)
class DemoObject:
    """An object, its drawing, and what a careful officer writes about it.

    key: its kind and a number; status: published, draft or withdrawn.
    """

    key: str
    case_key: str
    category: str
    drawing: Drawing
    title: str
    object_type: str
    materials: str
    colours: tuple[str, ...]
    distinguishing_features: str
    measurements: str = ""
    inscriptions: str = ""
    subject: str = ""
    period: str = ""
    maker: str = ""
    brand: str = ""
    model: str = ""
    state_as_found: str = ""
    serial_number: str = ""
    exhibit_number: str = ""
    withheld_details: str = ""
    status: str = "published"
    stands: bool = False

    @property
    def kind(self) -> str:
        """What it is, more closely than by category: ring, pocket, teapot."""
        return self.key.partition("-")[0]


@dataclass(frozen=True)
class DemoStolen:
    """A stolen object as its owner describes it; picture: file name of a victim's picture, or empty."""

    category: str
    words: str
    colours: tuple[str, ...] = ()
    picture: str = ""


@dataclass(frozen=True)
class DemoTheft:
    """A theft that a victim declares, with the help of a relative. Telephone numbers are from ranges for fiction."""

    day: date
    departement: str
    commune: str
    name: str
    telephone: str
    helper_name: str
    helper_telephone: str
    objects: tuple[DemoStolen, ...]


@dataclass(frozen=True)
class DemoClaim:
    """A claim of an object of the demo, by its key; answers: by name of the question; picture: a victim's, as proof."""

    object_key: str
    name: str
    telephone: str
    answers: Mapping[str, str]
    picture: str
