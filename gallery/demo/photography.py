"""Pictures of the demo's objects: the officers' on their table, and three that victims had at home."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from gallery.demo.collection import DEMO_OBJECTS
from gallery.demo.drawing.camera import Scene, photograph
from gallery.demo.drawing.light import Light
from gallery.demo.record import DemoObject

TABLE_LIGHT, WINDOW, LAMP = Light(), Light(degrees=140, strength=1.06, warmth=0.02), Light(degrees=300, warmth=0.24)
LYING = (
    (Scene("grey cloth", light=TABLE_LIGHT, has_scale=True, size=0.76), ("grey cloth", "blue cloth", "green felt", "paper")),
    (Scene("slate", light=WINDOW, turn=17, tilt=14, size=0.8, shift=(0.03, -0.02)), ("slate", "oak", "painted boards", "concrete")),
    (Scene("linen", light=LAMP, turn=-31, tilt=10, pan=8, size=0.72, shift=(-0.04, 0.01)), ("linen", "walnut", "carpet", "oak")),
)
STANDING = (
    (Scene("concrete", "plaster", light=TABLE_LIGHT, size=0.78), ("concrete", "painted boards")),
    (Scene("painted boards", "blue wall", light=WINDOW, pan=12, size=0.74, shift=(0.04, 0)), ("painted boards", "oak", "slate")),
    (Scene("concrete", "bricks", light=LAMP, pan=-11, turn=1.5, size=0.7, shift=(-0.03, 0)), ("concrete", "walnut", "slate")),
)
"""Each picture that an officer takes: how, and what lies under the object."""
AT_HOME = {
    "ma-bague.jpg": ("ring-01", Scene("walnut", light=LAMP, turn=38, tilt=12, size=0.66, shift=(0.05, 0.03), noise=4)),
    "mon-velo.jpg": ("bicycle-01", Scene("lawn", "hedge", light=WINDOW, pan=9, turn=-1.5, size=0.72, noise=4)),
    "ma-guitare.jpg": ("guitar-01", Scene("quilt", light=LAMP, turn=62, tilt=9, size=0.84, noise=4, blur=0.8)),
}


def photos_of(item: DemoObject) -> Iterator[bytes]:
    """Two or three photos of an object, as JPEG files, the same at every call."""
    scenes = STANDING if item.stands else LYING
    count = 3 if zlib.crc32(item.key.encode()) % 3 == 0 else 2
    sheet = item.drawing.draw(_random(item.key))
    for number, (scene, grounds) in enumerate(scenes[:count], start=1):
        random = _random(f"{item.key} {number}")
        yield photograph(sheet, _by_hand(scene, grounds, random), random)


def _by_hand(scene: Scene, grounds: Sequence[str], random: np.random.Generator) -> Scene:
    """The scene as one officer happens to take it: no two objects lie on the same cloth at the same angle in the same light."""
    return replace(
        scene,
        ground=str(random.choice(grounds)),
        light=replace(scene.light, degrees=scene.light.degrees + float(random.uniform(-40, 40)), strength=scene.light.strength * float(random.uniform(0.9, 1.08))),
        turn=scene.turn + float(random.uniform(-1, 1)) * (1.5 if scene.back else 16),
        tilt=scene.tilt + float(random.uniform(0, 6)) * (not scene.back),
        pan=scene.pan + float(random.uniform(-7, 7)),
        size=scene.size * float(random.uniform(0.9, 1.04)),
    )


def victim_pictures() -> Mapping[str, bytes]:
    """Three objects of the demo at their owners' homes, by file name: another place, angle and light."""
    known = {item.key: item for item in DEMO_OBJECTS}
    return {name: photograph(known[key].drawing.draw(_random(key)), scene, _random(name)) for name, (key, scene) in AT_HOME.items()}


def _random(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))
