"""All objects of the demo, in the order in which they are published."""

from collections.abc import Iterable
from itertools import chain

from gallery.demo.household import household
from gallery.demo.record import DemoObject
from gallery.demo.valuables import valuables
from gallery.demo.workshop import workshop


def _in_turn(objects: Iterable[DemoObject]) -> tuple[DemoObject, ...]:
    """The objects of each kind spread over the whole, so that neighbours differ and the newest, at the end, are a varied lot."""
    kinds: dict[str, list[DemoObject]] = {}
    for item in objects:
        kinds.setdefault(item.kind if item.status == "published" else "", []).append(item)
    places = [((number + 0.5) / len(alike), item) for alike in kinds.values() for number, item in enumerate(alike)]
    return tuple(item for _, item in sorted(places, key=lambda place: place[0]))


DEMO_OBJECTS = _in_turn(chain(valuables(), household(), workshop()))
