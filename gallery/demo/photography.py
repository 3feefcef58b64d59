"""Pictures of the demo's objects: the officers' on their table, and three that victims had at home."""

import zlib
from collections.abc import Iterator, Mapping

import numpy as np

from gallery.demo.collection import DEMO_OBJECTS
from gallery.demo.drawing.camera import Scene, photograph
from gallery.demo.drawing.light import Light
from gallery.demo.record import DemoObject

TABLE_LIGHT, WINDOW, LAMP = Light(), Light(degrees=140, strength=1.06, warmth=0.02), Light(degrees=300, warmth=0.24)
LYING = (
    Scene("grey cloth", light=TABLE_LIGHT, has_scale=True, size=0.74),
    Scene("slate", light=WINDOW, turn=17, tilt=14, size=0.8, shift=(0.03, -0.02)),
    Scene("linen", light=LAMP, turn=-31, tilt=10, pan=8, size=0.72, shift=(-0.04, 0.01)),
)
STANDING = (
    Scene("concrete", "plaster", light=TABLE_LIGHT, size=0.78),
    Scene("painted boards", "blue wall", light=WINDOW, pan=12, size=0.74, shift=(0.04, 0)),
    Scene("concrete", "bricks", light=LAMP, pan=-11, turn=1.5, size=0.7, shift=(-0.03, 0)),
)
AT_HOME = {
    "ma-bague.jpg": ("ring-01", Scene("walnut", light=LAMP, turn=38, tilt=12, size=0.66, shift=(0.05, 0.03), noise=4)),
    "mon-velo.jpg": ("bicycle-01", Scene("lawn", "hedge", light=WINDOW, pan=9, turn=-1.5, size=0.72, noise=4)),
    "ma-guitare.jpg": ("guitar-01", Scene("quilt", light=LAMP, turn=62, tilt=9, size=0.84, noise=4, blur=0.8)),
}


def photos_of(item: DemoObject) -> Iterator[bytes]:
    """Two or three photos of an object, as JPEG files; always the same."""
    scenes = STANDING if item.stands else LYING
    count = 3 if zlib.crc32(item.key.encode()) % 3 == 0 else 2
    sheet = item.drawing.draw(_random(item.key))
    for number, scene in enumerate(scenes[:count], start=1):
        yield photograph(sheet, scene, _random(f"{item.key} {number}"))


def victim_pictures() -> Mapping[str, bytes]:
    """Three objects of the demo at their owners' homes, by file name: another place, angle and light."""
    known = {item.key: item for item in DEMO_OBJECTS}
    return {name: photograph(known[key].drawing.draw(_random(key)), scene, _random(name)) for name, (key, scene) in AT_HOME.items()}


def _random(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))
