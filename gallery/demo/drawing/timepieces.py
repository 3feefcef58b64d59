"""Wrist watches, pocket watches and mantel clocks: everything with a dial."""

from dataclasses import dataclass

import numpy as np

from gallery.demo.drawing.jewellery import METALS
from gallery.demo.drawing.ornament import BRASS, STEEL, Pen, beads, dent, hand, rosette, scratch, scroll, ticks
from gallery.demo.drawing.shapes import (
    Points,
    around,
    box,
    circle,
    curve,
    discs,
    evenly,
    filled,
    lettering,
    line,
    mirrored,
    oval,
    stroke,
    strokes,
)
from gallery.demo.drawing.sheet import Material, Sheet

ROMAN = ("XII", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI")


@dataclass(frozen=True)
class Dial:
    """numerals: roman, arabic or batons. minutes: the time it stopped at, from midnight."""

    face: str
    ink: str
    numerals: str
    name: str
    minutes: int
    has_seconds: bool = True

    def draw(self, sheet: Sheet, x: float, y: float, radius: float) -> None:
        """The face, its numerals and hands."""
        ink = Material(self.ink, gloss=0.5, tone=0.02)
        sheet.paint(filled(circle((x, y), radius)), Material(self.face, gloss=0.45, texture="clouds", tone=0.03), lift=0)
        ticks(sheet, (x, y), (radius * 0.91, radius * 0.96), 60, Pen(max(1, radius * 0.012), ink))
        ticks(sheet, (x, y), (radius * 0.88, radius * 0.96), 12, Pen(max(2, radius * 0.026), ink))
        self._draw_numerals(sheet, x, y, radius, ink)
        sheet.paint(lettering(self.name, (x, y - radius * 0.34), radius * 0.085), ink, lift=0)
        for _ in range(14):
            spot = sheet.random.normal(0, radius * 0.4, 2)
            sheet.engrave(filled(circle((x + spot[0], y + spot[1]), radius * 0.012)), darkness=0.25)
        if self.has_seconds:
            self._draw_seconds(sheet, x, y + radius * 0.42, radius * 0.26, ink)
        hand(sheet, (x, y), radius * 0.52, self.minutes / 2, Pen(radius * 0.035, ink))
        hand(sheet, (x, y), radius * 0.80, self.minutes * 6, Pen(radius * 0.024, ink))
        sheet.paint(filled(circle((x, y), radius * 0.05)), BRASS, bevel=radius * 0.04, lift=2)

    def _draw_numerals(self, sheet: Sheet, x: float, y: float, radius: float, ink: Material) -> None:
        for number, at in enumerate(around((x, y), radius * 0.73, 12)):
            if self.has_seconds and number == 6:
                continue
            if self.numerals == "batons":
                inner = (x + (at[0] - x) * 0.86, y + (at[1] - y) * 0.86)
                sheet.paint(stroke(line(inner, (float(at[0]), float(at[1]))), radius * 0.05), ink, bevel=radius * 0.02, lift=1)
            else:
                text = ROMAN[number] if self.numerals == "roman" else str(number or 12)
                sheet.paint(lettering(text, at, radius * (0.13 if self.numerals == "roman" else 0.17)), ink, lift=0)

    def _draw_seconds(self, sheet: Sheet, x: float, y: float, radius: float, ink: Material) -> None:
        sheet.paint(filled(circle((x, y), radius)), Material(self.face, gloss=0.3, texture="brushed", tone=0.05), bevel=4, lift=0)
        ticks(sheet, (x, y), (radius * 0.82, radius * 0.97), 30, Pen(max(1, radius * 0.05), ink))
        hand(sheet, (x, y), radius * 0.8, float(sheet.random.uniform(0, 360)), Pen(radius * 0.05, ink))


@dataclass(frozen=True)
class Watch:
    """A wrist watch laid flat. strap: colour of leather, or metal for a bracelet of links."""

    metal: str
    strap: str
    face: str
    ink: str
    numerals: str
    name: str
    minutes: int
    bezel: str = ""
    is_square: bool = False

    def draw(self, random: np.random.Generator) -> Sheet:
        """The watch, its strap open above and below."""
        sheet = Sheet(560, 1480, random, millimetres=58)
        metal = METALS[self.metal]
        for side in (-1, 1):
            self._draw_links(sheet, metal, side) if self.strap == "metal" else self._draw_strap(sheet, side)
        lug = [line((280 + 112 * s, 740 - 236), (280 + 112 * s, 740 + 236)) for s in (-1, 1)]
        sheet.paint(strokes(lug, 44), metal, bevel=16, lift=5)
        sheet.paint(filled(box(476, 706, 530, 774, radius=12)), metal, bevel=14, lift=4)
        for y in range(712, 772, 9):
            sheet.engrave(stroke(line((496, y), (530, y)), 3), depth=0.8, darkness=0.4)
        self._draw_case(sheet, metal)
        Dial(self.face, self.ink, self.numerals, self.name, self.minutes, not self.bezel).draw(sheet, 280, 740, 162)
        scratch(sheet, 70, length=50)
        dent(sheet, 24, size=4)
        return sheet

    def _draw_case(self, sheet: Sheet, metal: Material) -> None:
        if self.is_square:
            sheet.paint(filled(box(70, 530, 490, 950, radius=60)), metal, bevel=26, lift=8)
            sheet.engrave(stroke(box(90, 550, 470, 930, radius=48), 3, closed=True), depth=0.8, darkness=0.35)
            sheet.paint(filled(box(108, 568, 452, 912, radius=30)), Material(self.face, gloss=0.4, texture="brushed", tone=0.03), bevel=6, lift=0)
            for x, y in ((142, 602), (418, 602), (142, 878), (418, 878)):
                rosette(sheet, (x, y), 22, 6)
            return
        sheet.paint(filled(circle((280, 740), 214)), metal, bevel=24, lift=8)
        if self.bezel:
            sheet.paint(filled(circle((280, 740), 206), circle((280, 740), 166)), Material(self.bezel, gloss=0.8, tone=0.02), bevel=8, lift=1)
            for number, at in enumerate(around((280, 740), 186, 12)):
                sheet.paint(lettering(str(number * 5 or 60), at, 17), Material("#f0ece0", gloss=0.4), lift=0)
            ticks(sheet, (280, 740), (182, 190), 60, Pen(2, Material("#f0ece0", gloss=0.4)))
        else:
            beads(sheet, around((280, 740), 188, 72), 5, metal)

    def _draw_strap(self, sheet: Sheet, side: int) -> None:
        leather = Material(self.strap, gloss=0.35, texture="leather", tone=0.10, relief=0.12)
        outline = line((176, 540), (384, 540), (350, 70), (334, 40), (226, 40), (210, 70))
        stitches = [line((x, y), (x + s * 1.3, y + 14)) for x, s in ((204, -1), (356, 1)) for y in range(90, 500, 24)]
        flip = _as_drawn if side < 0 else _upside_down
        sheet.paint(filled(flip(outline)), leather, bevel=14, lift=6)
        sheet.paint(strokes([flip(one) for one in stitches], 3), Material("#e3d3ad", tone=0.05), lift=1)
        if side > 0:
            holes = [(280.0, 1480.0 - 110 - 44 * n) for n in range(6)]
            sheet.paint(discs(holes, 9), Material("#1d1612", gloss=0), lift=0)
        else:
            sheet.paint(filled(box(206, 22, 354, 120, radius=16), box(230, 44, 330, 98, radius=8)), STEEL, bevel=8, lift=5)
            sheet.paint(stroke(line((280, 34), (280, 112)), 10), STEEL, bevel=5, lift=3)
        for _ in range(9):
            y = float(sheet.random.uniform(120, 480))
            fold = flip(curve((214, y), (280, y + float(sheet.random.normal(0, 9))), (346, y + float(sheet.random.normal(0, 9)))))
            sheet.engrave(stroke(fold, 2), depth=0.8, darkness=0.2)

    def _draw_links(self, sheet: Sheet, metal: Material, side: int) -> None:
        for row in range(11):
            y = 740 + side * (236 + row * 46)
            half = 100 - row * 2.6
            for left, right in ((-half, -half * 0.42), (-half * 0.38, half * 0.38), (half * 0.42, half)):
                sheet.paint(filled(box(280 + left, y - 21, 280 + right, y + 21, radius=9)), metal, bevel=9, lift=3)


@dataclass(frozen=True)
class PocketWatch:
    """A pocket watch, its cover open or absent, with a piece of chain."""

    metal: str
    face: str
    ink: str
    numerals: str
    name: str
    minutes: int

    def draw(self, random: np.random.Generator) -> Sheet:
        """The watch, its crown up."""
        sheet = Sheet(860, 1200, random, millimetres=66)
        metal = METALS[self.metal]
        bow = float(random.uniform(-60, 60))
        chain = evenly(curve((430, 190), (500, 110), (640 + bow, 90), (760, 180), (800, 330), (770 + bow / 2, 470)), 24)
        for number, (x, y) in enumerate(chain):
            sheet.paint(stroke(oval((x, y), (17, 11 if number % 2 else 6), degrees=number * 13.0), 7, closed=True), metal, bevel=4, lift=4)
        sheet.paint(stroke(circle((430, 250), 66), 20, closed=True), metal, bevel=10, lift=5)
        sheet.paint(filled(box(386, 262, 474, 350, radius=18)), metal, bevel=16, lift=5)
        for x in range(394, 472, 9):
            sheet.engrave(stroke(line((x, 272), (x, 318)), 3), depth=0.8, darkness=0.4)
        sheet.paint(filled(circle((430, 720), 400)), metal, bevel=44, lift=8)
        self._draw_chasing(sheet)
        sheet.paint(filled(circle((430, 720), 334)), metal, bevel=14, lift=2)
        Dial(self.face, self.ink, self.numerals, self.name, self.minutes).draw(sheet, 430, 720, 318)
        for _ in range(4):
            start, reach = sheet.random.uniform(-220, 220, 2), sheet.random.normal(0, 90, 2)
            crack = curve(
                *[(430 + start[0] + reach[0] * t + float(sheet.random.normal(0, 8)), 720 + start[1] + reach[1] * t) for t in (0, 0.4, 0.7, 1)]
            )
            sheet.engrave(stroke(crack, 2), depth=0.3, darkness=0.45)
        scratch(sheet, 60, length=60)
        dent(sheet, 36, size=6)
        return sheet

    def _draw_chasing(self, sheet: Sheet) -> None:
        for number, at in enumerate(around((430, 720), 368, 30)):
            if sheet.random.random() < 0.5:
                rosette(sheet, at, 22, int(sheet.random.integers(4, 8)), depth=0.8)
            else:
                scroll(sheet, at, 18, degrees=number * 12.0 + float(sheet.random.uniform(0, 180)), depth=0.8)


@dataclass(frozen=True)
class Clock:
    """A mantel clock seen from the front. body: colour of marble or wood; is_wood says which."""

    body: str
    face: str
    ink: str
    numerals: str
    name: str
    minutes: int
    is_wood: bool = False

    def draw(self, random: np.random.Generator) -> Sheet:
        """The clock on its feet."""
        sheet = Sheet(900, 1040, random, millimetres=330)
        body = Material(self.body, gloss=0.6, texture="upright wood" if self.is_wood else "clouds", tone=0.11 if self.is_wood else 0.16)
        for x in (170, 730):
            sheet.paint(filled(box(x - 60, 970, x + 60, 1034, radius=24)), BRASS, bevel=24, lift=2)
        sheet.paint(filled(box(60, 890, 840, 990, radius=12)), body, bevel=16, lift=4)
        outline = mirrored(curve((450, 120), (560, 132), (650, 200), (690, 330), (690, 600), (720, 800), (760, 896), (450, 900)), 450)
        sheet.paint(filled(outline), body, bevel=26, lift=8)
        if not self.is_wood:
            self._draw_veins(sheet)
        self._draw_bronzes(sheet)
        sheet.paint(filled(circle((450, 420), 236)), BRASS, bevel=26, lift=8)
        beads(sheet, around((450, 420), 216, 64), 7, BRASS)
        Dial(self.face, self.ink, self.numerals, self.name, self.minutes, has_seconds=False).draw(sheet, 450, 420, 196)
        for x in (410, 490):
            sheet.paint(filled(circle((x, 500), 10)), Material("#1d1712", metal=0.5), bevel=4, lift=0)
        scratch(sheet, 70, length=60)
        dent(sheet, 30, size=6)
        return sheet

    def _draw_veins(self, sheet: Sheet) -> None:
        pale = Material("#e6ddcc", gloss=0.6, tone=0.05)
        for _ in range(16):
            start, reach = sheet.random.uniform((200, 200), (700, 960)), sheet.random.normal(0, 130, 2)
            knots = [(start[0] + reach[0] * t + float(sheet.random.normal(0, 14)), start[1] + reach[1] * t) for t in (0, 0.3, 0.6, 1)]
            vein = stroke(curve(*knots), int(sheet.random.integers(1, 5)))
            inside = sheet.alpha[min(1039, max(0, int(knots[-1][1]))), min(899, max(0, int(knots[-1][0])))] > 0.9
            if inside:
                sheet.paint(vein, pale, lift=0)

    def _draw_bronzes(self, sheet: Sheet) -> None:
        for side in (-1, 1):
            for y, size in ((660, 40), (740, 52), (830, 44)):
                x = 450 + side * (150 + (y - 640) * 0.3)
                leaf = curve(
                    (x - size, y), (x, y - size * 0.5), (x + size, y), (x + size * 0.3, y + size * 0.6), (x - size * 0.5, y + size * 0.4), closed=True
                )
                sheet.paint(filled(leaf), BRASS, bevel=12, lift=5)
                scroll(sheet, (x - size * 0.2, y), size * 0.36, degrees=float(sheet.random.uniform(0, 360)), depth=1)
        sheet.paint(filled(oval((450, 790), (96, 70))), BRASS, bevel=22, lift=6)
        rosette(sheet, (450, 790), 58, int(sheet.random.integers(6, 10)), depth=1.2)
        urn = mirrored(curve((450, 10), (470, 20), (462, 44), (520, 60), (516, 90), (472, 112), (476, 132), (450, 136)), 450)
        sheet.paint(filled(urn), BRASS, bevel=18, lift=5)
        for number in range(9):
            x = 130 + number * 80
            rosette(sheet, (x, 940), 24, 5 + int(sheet.random.integers(4)), depth=0.7)


def _as_drawn(points: Points) -> Points:
    return points


def _upside_down(points: Points) -> Points:
    """The other end of a strap."""
    return points * (1, -1) + (0, 1480)
