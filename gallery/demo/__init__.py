"""The demo: some seventy objects drawn by code, in six units that do not exist. Pure: pictures and words, no database."""

from gallery.demo.collection import DEMO_OBJECTS
from gallery.demo.photography import photos_of, victim_pictures
from gallery.demo.record import DemoCase, DemoObject, DemoUnit
from gallery.demo.units import DEMO_CASES, DEMO_UNITS

__all__ = ["DEMO_CASES", "DEMO_OBJECTS", "DEMO_UNITS", "DemoCase", "DemoObject", "DemoUnit", "photos_of", "victim_pictures"]
