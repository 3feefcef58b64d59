"""Rings and pendants."""

from dataclasses import dataclass

import numpy as np

from gallery.demo.drawing.ornament import dent, rosette, scratch, scroll
from gallery.demo.drawing.shapes import (
    Point,
    arc,
    around,
    circle,
    curve,
    discs,
    evenly,
    filled,
    lettering,
    line,
    oval,
    stroke,
    strokes,
)
from gallery.demo.drawing.sheet import Material, Sheet, rgb

METALS = {
    "gold": Material("#e0b154", metal=1, gloss=0.85, texture="stain", tone=0.05),
    "rose gold": Material("#d99a7c", metal=1, gloss=0.85, texture="stain", tone=0.05),
    "silver": Material("#cfd0cf", metal=1, gloss=0.75, texture="stain", tone=0.06),
    "dark silver": Material("#9c9a95", metal=1, gloss=0.6, texture="stain", tone=0.12),
}


def shade(colour: str, factor: float) -> str:
    """A colour made darker or paler."""
    channels = np.clip(rgb(colour) * factor + max(0, factor - 1) * 0.25, 0, 1)
    return "#" + "".join(f"{int(channel * 255):02x}" for channel in channels)


def gem(sheet: Sheet, centre: Point, half_axes: tuple[float, float], colour: str, *, sides: int = 8) -> None:
    """A cut stone: table, crown facets of different brightness, and sparks."""
    (x, y), (across, down) = centre, half_axes
    first = 22.5 if sides == 8 else 0.0
    rings = [np.array([x, y]) + (around((0, 0), 1, sides, first=first) * (across * share, down * share)) for share in (1.0, 0.78, 0.5)]
    sheet.paint(filled(oval((x, y), (across, down))), Material(shade(colour, 0.5), gloss=0.9, tone=0), lift=2)
    for outer, inner in ((rings[0], rings[1]), (rings[1], rings[2])):
        for number in range(sides):
            after = (number + 1) % sides
            for corners in ((outer[number], outer[after], inner[number]), (inner[number], inner[after], outer[after])):
                tone = Material(shade(colour, float(sheet.random.uniform(0.45, 1.5))), gloss=0.9, tone=0)
                sheet.paint(filled(np.array(corners)), tone, lift=0)
    sheet.paint(filled(rings[2]), Material(shade(colour, 1.12), gloss=1, tone=0.04, texture="clouds"), lift=0)
    spark = line((x - across * 0.34, y - down * 0.1), (x - across * 0.05, y - down * 0.4), (x - across * 0.28, y - down * 0.36))
    sheet.paint(filled(spark), Material("#ffffff", gloss=1, tone=0), lift=0)


@dataclass(frozen=True)
class Ring:
    """A finger ring on its side. head: solitaire, cluster, oval, baguette, signet or band."""

    metal: str
    head: str
    stone: str = "#f4f6f8"
    side_stone: str = ""
    initials: str = ""

    def draw(self, random: np.random.Generator) -> Sheet:
        """The ring, its head up."""
        sheet = Sheet(900, 1000, random, millimetres=31)
        metal = METALS[self.metal]
        width = {"band": 92, "signet": 74}.get(self.head, 58)
        self._draw_hoop(sheet, metal, width)
        self._draw_shoulders(sheet, metal, width)
        getattr(self, f"_draw_{self.head}")(sheet, metal)
        scratch(sheet, 40, length=40)
        dent(sheet, 26, size=4)
        return sheet

    def _draw_hoop(self, sheet: Sheet, metal: Material, width: float) -> None:
        x, y, radius = 450, 590, 330
        inside = Material(shade(metal.colour, 0.6), metal=1, gloss=0.4, texture="brushed", tone=0.10)
        sheet.paint(filled(circle((x, y), radius), oval((x, y + 8), (radius - width, radius - width - 6))), metal, bevel=width * 0.5)
        lip = filled(circle((x, y), radius - width + 8), oval((x, y + 14), (radius - width - 16, radius - width - 26)))
        sheet.paint(lip, inside, bevel=6, lift=1)
        for inset in (10, width - 12):
            sheet.engrave(stroke(circle((x, y), radius - inset), 2, closed=True), depth=0.8, darkness=0.3)

    def _draw_shoulders(self, sheet: Sheet, metal: Material, width: float) -> None:
        """Chasing along the hoop, drawn by the ring's own chance; stones if it has them."""
        x, y, radius = 450.0, 590.0, 330 - width / 2
        for number, degrees in enumerate(range(-75, 256, 11)):
            at = arc((x, y), radius, degrees, degrees, points=1)[0]
            kind = sheet.random.integers(4)
            if kind == 0:
                rosette(sheet, at, width * 0.26, int(sheet.random.integers(4, 8)), depth=0.8)
            elif kind == 1:
                scroll(sheet, at, width * 0.2, degrees=float(sheet.random.uniform(0, 360)), depth=0.8)
            elif kind == 2:
                mark = line(tuple(arc((x, y), radius - width * 0.3, degrees, degrees, points=1)[0]), tuple(at))
                sheet.engrave(stroke(mark, 4), depth=0.9, darkness=0.35)
            else:
                sheet.engrave(filled(circle(at, width * 0.1)), depth=0.9, darkness=0.3)
            if self.side_stone and min(number, 29 - number) < 5:
                self._set_stone(sheet, at[0], at[1], width * 0.33, metal)

    def _set_stone(self, sheet: Sheet, x: float, y: float, radius: float, metal: Material) -> None:
        sheet.paint(filled(circle((x, y), radius * 1.25)), metal, bevel=radius * 0.4, lift=3)
        gem(sheet, (x, y), (radius, radius), self.side_stone, sides=6)

    def _claws(self, sheet: Sheet, metal: Material, reach: tuple[float, float], count: int, y: float) -> None:
        across, down = reach
        for at in around((0, 0), 1, count, first=-90 + 180 / count):
            sheet.paint(filled(circle((450 + at[0] * across, y + at[1] * down), 15)), metal, bevel=12, lift=4)

    def _draw_solitaire(self, sheet: Sheet, metal: Material) -> None:
        sheet.paint(filled(curve((360, 300), (450, 270), (540, 300), (500, 210), (400, 210), closed=True)), metal, bevel=22, lift=6)
        sheet.paint(filled(circle((450, 165), 122)), metal, bevel=16, lift=8)
        gem(sheet, (450, 165), (108, 108), self.stone)
        self._claws(sheet, metal, (108, 108), 6, 165)

    def _draw_oval(self, sheet: Sheet, metal: Material) -> None:
        sheet.paint(filled(oval((450, 185), (176, 138))), metal, bevel=30, lift=9)
        outline = oval((450, 185), (152, 116), points=26)
        sheet.paint(discs(outline, 15), metal, bevel=12, lift=2)
        for at in outline:
            gem(sheet, at, (12, 12), self.side_stone or "#eef3f6", sides=6)
        gem(sheet, (450, 185), (126, 92), self.stone, sides=12)
        self._claws(sheet, metal, (128, 94), 4, 185)

    def _draw_cluster(self, sheet: Sheet, metal: Material) -> None:
        sheet.paint(filled(circle((450, 190), 168)), metal, bevel=24, lift=9)
        for number, at in enumerate(around((450, 190), 112, 8)):
            sheet.paint(filled(circle(at, 46)), metal, bevel=10, lift=4)
            gem(sheet, at, (39, 39), self.side_stone if number % 2 and self.side_stone else self.stone, sides=8)
        sheet.paint(filled(circle((450, 190), 62)), metal, bevel=12, lift=4)
        gem(sheet, (450, 190), (54, 54), self.stone)
        self._claws(sheet, metal, (76, 76), 8, 190)

    def _draw_baguette(self, sheet: Sheet, metal: Material) -> None:
        frame = line((300, 100), (600, 100), (620, 130), (620, 270), (600, 300), (300, 300), (280, 270), (280, 130))
        sheet.paint(filled(frame), metal, bevel=22, lift=9)
        for number in range(5):
            left = 312 + number * 56.0
            tone = shade(self.stone, float(sheet.random.uniform(0.8, 1.15)))
            pane = line((left, 126), (left + 52, 126), (left + 52, 274), (left, 274))
            sheet.paint(filled(pane), Material(shade(tone, 0.6), gloss=0.9, tone=0.02), bevel=9, lift=1)
            step = line((left + 12, 144), (left + 40, 144), (left + 40, 256), (left + 12, 256))
            sheet.paint(filled(step), Material(tone, gloss=1, tone=0.06, texture="stain"), bevel=5, lift=0)

    def _draw_signet(self, sheet: Sheet, metal: Material) -> None:
        plate = curve((270, 190), (330, 90), (450, 62), (570, 90), (630, 190), (580, 300), (450, 336), (320, 300), closed=True)
        sheet.paint(filled(plate), metal, bevel=34, lift=8)
        shield = curve((330, 120), (450, 104), (570, 120), (560, 220), (450, 300), (340, 220), closed=True)
        sheet.engrave(stroke(shield, 5, closed=True), depth=1.0, darkness=0.4)
        sheet.engrave(lettering(self.initials, (450, 178), 84), depth=1.2, darkness=0.5)
        for x, degrees in ((365, 20), (535, 160)):
            scroll(sheet, (x, 255), 26, degrees=degrees, depth=0.9)

    def _draw_band(self, sheet: Sheet, metal: Material) -> None:
        for number, degrees in enumerate(np.linspace(-128, -52, 7)):
            at = arc((450, 590), 284, degrees, degrees, points=1)[0]
            if self.side_stone and number % 2 == 0:
                self._set_stone(sheet, at[0], at[1], 24, metal)
            else:
                rosette(sheet, at, 26, 6, depth=1.0)
        if self.initials:
            sheet.engrave(lettering(self.initials, (450, 874), 36), depth=1.0, darkness=0.45)


@dataclass(frozen=True)
class Pendant:
    """A pendant on its chain. form: locket (an oval that opens), cross or drop."""

    metal: str
    form: str
    stone: str = "#7c1f2b"
    initials: str = ""

    def draw(self, random: np.random.Generator) -> Sheet:
        """Chain above, pendant below."""
        sheet = Sheet(860, 1100, random, millimetres=105)
        metal = METALS[self.metal]
        self._draw_chain(sheet, metal)
        sheet.paint(filled(circle((430, 596), 40), circle((430, 596), 24)), metal, bevel=9, lift=4)
        getattr(self, f"_draw_{self.form}")(sheet, metal)
        scratch(sheet, 26, length=36)
        dent(sheet, 20, size=4)
        return sheet

    def _draw_chain(self, sheet: Sheet, metal: Material) -> None:
        bow = float(sheet.random.uniform(-50, 50))
        path = curve((430, 560), (250, 470), (110 + bow, 300), (200, 120), (430, 60), (650, 130), (750 + bow, 300), (610, 470), (430, 560))
        places = evenly(path, 25)
        for number, (x, y) in enumerate(places):
            after = places[(number + 1) % len(places)]
            degrees = float(np.degrees(np.arctan2(after[1] - y, after[0] - x)))
            link = oval((x, y), (17, 10 if number % 2 else 5), degrees=degrees)
            sheet.paint(stroke(link, 7, closed=True), metal, bevel=4, lift=3)

    def _draw_locket(self, sheet: Sheet, metal: Material) -> None:
        sheet.paint(filled(oval((430, 830), (200, 236))), metal, bevel=46, lift=8)
        sheet.engrave(stroke(oval((430, 830), (168, 202)), 5, closed=True), depth=0.9, darkness=0.35)
        outline = oval((430, 830), (184, 218), points=44)
        sheet.paint(discs(outline, 6), metal, bevel=5, lift=1)
        for degrees in np.arange(0, 360, 45) + float(sheet.random.uniform(0, 45)):
            at = oval((430, 830), (116, 146), points=360)[int(degrees)]
            scroll(sheet, at, 34, degrees=float(degrees + sheet.random.uniform(-30, 30)), depth=1.0)
        sheet.paint(filled(oval((430, 830), (66, 84))), metal, bevel=14, lift=3)
        sheet.engrave(lettering(self.initials or "M", (430, 826), 62), depth=1.2, darkness=0.5)

    def _draw_cross(self, sheet: Sheet, metal: Material) -> None:
        cross = line((386, 640), (474, 640), (462, 740), (590, 728), (590, 816), (462, 804), (480, 1040), (380, 1040))
        cross = np.concatenate([cross, line((398, 804), (270, 816), (270, 728), (398, 740))])
        sheet.paint(filled(cross), metal, bevel=20, lift=8)
        for x, y in ((430, 690), (320, 772), (540, 772), (430, 870), (430, 940), (430, 1004)):
            scroll(sheet, (x - 8, y), 20, degrees=float(sheet.random.uniform(0, 360)), depth=1.0)
            sheet.engrave(filled(circle((x + 22, y + 12), 5)), depth=1.0, darkness=0.35)
        sheet.paint(filled(circle((430, 772), 50)), metal, bevel=12, lift=3)
        gem(sheet, (430, 772), (40, 40), self.stone)

    def _draw_drop(self, sheet: Sheet, metal: Material) -> None:
        outline = curve((430, 622), (520, 760), (566, 880), (520, 1000), (430, 1044), (340, 1000), (294, 880), (340, 760), closed=True)
        sheet.paint(filled(outline), metal, bevel=26, lift=8)
        inner = (outline - (430, 870)) * 0.8 + (430, 874)
        for at in evenly(np.concatenate([inner, inner[:1]]), 36):
            gem(sheet, at, (15, 15), "#eef2f5", sides=6)
        gem(sheet, (430, 890), (76, 94), self.stone, sides=12)
        sheet.engrave(strokes([line((430, 660), (430, 740))], 4), depth=0.8)
