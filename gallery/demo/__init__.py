"""The demo: some seventy objects drawn by code, in six units that do not exist. Pure: pictures and words, no database."""

from gallery.demo.collection import DEMO_OBJECTS
from gallery.demo.photography import photos_of, victim_pictures
from gallery.demo.record import DemoCase, DemoClaim, DemoObject, DemoTheft, DemoUnit
from gallery.demo.units import DEMO_CASES, DEMO_UNITS
from gallery.demo.victims import DEMO_CLAIM, DEMO_THEFT

__all__ = [
    "DEMO_CASES", "DEMO_CLAIM", "DEMO_OBJECTS", "DEMO_THEFT", "DEMO_UNITS", "DemoCase", "DemoClaim", "DemoObject", "DemoTheft",
    "DemoUnit", "photos_of", "victim_pictures",
]  # fmt: skip
