"""Details that many kinds of objects share: scratches, chips, stickers, rosettes, dials. Drawn on a sheet."""

from dataclasses import dataclass

import numpy as np

from gallery.demo.drawing.shapes import (
    Mask,
    Point,
    Points,
    around,
    box,
    circle,
    curve,
    discs,
    filled,
    lettering,
    line,
    moved,
    oval,
    strokes,
    turned,
)
from gallery.demo.drawing.sheet import Material, Sheet

BRASS = Material("#c9a04e", metal=1, gloss=0.5, texture="brushed", tone=0.03, relief=0.05)
STEEL = Material("#c3c6c9", metal=1, gloss=0.6, texture="brushed", tone=0.04, relief=0.05)
SILVER = Material("#d6d5d0", metal=1, gloss=0.7, texture="stain", tone=0.05)
GOLD = Material("#e2b65a", metal=1, gloss=0.8, texture="stain", tone=0.04)
BLACK_PLASTIC = Material("#2a2a2c", gloss=0.35, texture="grain", tone=0.03, relief=0.04)
RUBBER = Material("#2b2927", gloss=0.1, texture="grain", tone=0.05)
PAPER = Material("#efe8d8", gloss=0.05, texture="clouds", tone=0.04)


def scratch(sheet: Sheet, count: int, *, length: float = 60, depth: float = 0.5) -> None:
    """Fine marks of use anywhere on what is painted."""
    height, width = sheet.alpha.shape
    random = sheet.random
    for _ in range(count):
        x, y = random.uniform(0, width), random.uniform(0, height)
        reach, bow = random.normal(0, length / 2, 2), random.normal(0, length / 10, 2)
        path = curve((x, y), (x + reach[0] / 2 + bow[0], y + reach[1] / 2 + bow[1]), (x + reach[0], y + reach[1]))
        sheet.engrave(strokes([path], 1 if random.random() < 0.6 else 2), depth=depth, darkness=-0.14)


def chip(sheet: Sheet, count: int, material: Material, *, size: float = 6) -> None:
    """Small spots where what lies under the surface shows."""
    for outline in _spots(sheet, count, size):
        mask = filled(outline)
        if _is_inside(sheet, mask):
            sheet.paint(mask, material, lift=0, bevel=1.5)


def dent(sheet: Sheet, count: int, *, size: float = 8) -> None:
    """Small hollows."""
    for outline in _spots(sheet, count, size):
        sheet.engrave(filled(outline), depth=0.8, darkness=0.1)


def _spots(sheet: Sheet, count: int, size: float) -> list[Points]:
    height, width = sheet.alpha.shape
    centres = sheet.random.uniform((0, 0), (width, height), (count, 2))
    return [blot(sheet.random, (x, y), size * sheet.random.uniform(0.4, 1.2)) for x, y in centres]


def _is_inside(sheet: Sheet, mask: Mask) -> bool:
    height, width = sheet.alpha.shape
    rows = np.clip([mask.top, mask.top + mask.cover.shape[0] - 1], 0, height - 1)
    columns = np.clip([mask.left, mask.left + mask.cover.shape[1] - 1], 0, width - 1)
    return bool(sheet.alpha[np.ix_(rows, columns)].min() > 0.9)


def blot(random: np.random.Generator, centre: Point, radius: float) -> Points:
    """An irregular round outline."""
    x, y = centre
    reach = radius * random.uniform(0.6, 1.3, 9)
    angles = np.arange(9) * 2 * np.pi / 9
    return curve(*zip(x + reach * np.cos(angles), y + reach * np.sin(angles), strict=True), closed=True, steps=4)


@dataclass(frozen=True)
class Print:
    """A word on a ground. colours: of the ground and of the word."""

    text: str
    colours: tuple[str, str]


def sticker(sheet: Sheet, label: Print, centre: Point, size: float, *, degrees: float) -> None:
    """A printed round or square sticker with a word."""
    ground, ink = (Material(colour, gloss=0.25, tone=0.02) for colour in label.colours)
    (x, y), text = centre, label.text
    is_round = len(text) < 4
    outline = (
        circle((x, y), size)
        if is_round
        else turned(box(x - size * 1.5, y - size * 0.7, x + size * 1.5, y + size * 0.7, radius=size * 0.2), degrees, (x, y))
    )
    sheet.paint(filled(outline), ground, lift=2)
    inner = (
        circle((x, y), size * 0.84)
        if is_round
        else turned(box(x - size * 1.36, y - size * 0.56, x + size * 1.36, y + size * 0.56, radius=size * 0.14), degrees, (x, y))
    )
    sheet.paint(strokes([inner], max(1, size * 0.06), closed=True), ink, lift=0)
    height = size * 0.7 if is_round else min(size * 0.6, size * 3.4 / len(text))
    sheet.paint(lettering(text, (x, y), height, degrees=-degrees, serif=is_round), ink, lift=0)


def rosette(sheet: Sheet, centre: Point, radius: float, petals: int, *, depth: float = 0.5) -> None:
    """An engraved flower."""
    x, y = centre
    for share in (1.0, 0.62):
        for at in around((x, y), radius * share * 0.62, petals):
            angle = float(np.degrees(np.arctan2(at[1] - y, at[0] - x)))
            petal = oval(at, (radius * share * 0.38, radius * share * 0.16), degrees=angle)
            sheet.engrave(strokes([petal], max(1, radius * 0.05), closed=True), depth=depth, darkness=0.3)
    sheet.engrave(filled(circle((x, y), radius * 0.14)), depth=depth, darkness=0.3)


def scroll(sheet: Sheet, centre: Point, size: float, *, degrees: float, depth: float = 0.5) -> None:
    """An engraved acanthus scroll."""
    x, y = centre
    turns = np.linspace(0, 1, 40)
    spiral = np.stack([x + size * turns * np.cos(turns * 9), y + size * turns * np.sin(turns * 9)], axis=1)
    leaf = curve((x + size * 0.4, y - size * 0.9), (x + size, y - size * 0.6), (x + size * 1.3, y), (x + size, y + size * 0.4))
    drawn = [turned(each, degrees, (x, y)) for each in (spiral, leaf, moved(leaf, -size * 0.15, size * 0.2))]
    sheet.engrave(strokes(drawn, max(1, size * 0.09)), depth=depth, darkness=0.3)


@dataclass(frozen=True)
class Pen:
    """How wide a stroke is, in pixels, and of what."""

    width: float
    ink: Material


def ticks(sheet: Sheet, centre: Point, radii: tuple[float, float], count: int, pen: Pen) -> None:
    """Strokes around a dial, from an inner to an outer radius."""
    inner, outer = radii
    pairs = zip(around(centre, inner, count), around(centre, outer, count), strict=True)
    sheet.paint(strokes([line(tuple(a), tuple(b)) for a, b in pairs], pen.width), pen.ink, lift=0)


def hand(sheet: Sheet, centre: Point, length: float, degrees: float, pen: Pen) -> None:
    """A watch's or a clock's hand; degrees from twelve o'clock."""
    (x, y), width = centre, pen.width
    outline = line((x - width, y + length * 0.15), (x + width, y + length * 0.15), (x + width * 1.2, y - length * 0.6))
    outline = np.concatenate([outline, line((x, y - length), (x - width * 1.2, y - length * 0.6))])
    sheet.paint(filled(turned(outline, degrees, (x, y))), pen.ink, lift=2.5, bevel=width)


def beads(sheet: Sheet, places: Points, size: float, material: Material) -> None:
    """Small balls at these places."""
    sheet.paint(discs(places, size), material, bevel=size, lift=1.5)
