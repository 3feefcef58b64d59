"""Bicycles, seen from their right side."""

from dataclasses import dataclass

import numpy as np

from gallery.demo.drawing.ornament import BLACK_PLASTIC, RUBBER, STEEL, Print, chip, scratch, sticker
from gallery.demo.drawing.shapes import (
    Point,
    Points,
    arc,
    around,
    box,
    circle,
    curve,
    discs,
    filled,
    lettering,
    line,
    stroke,
    strokes,
    turned,
)
from gallery.demo.drawing.sheet import Material, Sheet

REAR, FRONT = (300.0, 640.0), (1060.0, 640.0)
CRANK, SEAT, HEAD_TOP, HEAD_LOW = (600.0, 668.0), (520.0, 340.0), (920.0, 320.0), (942.0, 396.0)


@dataclass(frozen=True)
class Bicycle:
    """form: city, race, mountain or child. Colours as #rrggbb; basket, rack, mudguards as said."""

    form: str
    frame: str
    bands: str
    saddle: str = "#2b2522"
    tyre: str = "#2b2927"
    name: str = ""
    sticker: str = ""
    sticker_colours: tuple[str, str] = ("#c8402f", "#f6efdc")
    basket: str = ""
    has_rack: bool = False
    has_mudguards: bool = False

    def draw(self, random: np.random.Generator) -> Sheet:
        """The bicycle, leaning to the right."""
        sheet = Sheet(1380, 930, random, millimetres=1720)
        paint = Material(self.frame, gloss=0.75, texture="stain", tone=0.05)
        for hub in (REAR, FRONT):
            self._draw_wheel(sheet, hub)
        self._draw_drive(sheet)
        if self.has_rack:
            self._draw_rack(sheet)
        self._draw_frame(sheet, paint)
        self._draw_marks(sheet)
        self._draw_bar(sheet)
        self._draw_seat(sheet)
        if self.basket:
            self._draw_basket(sheet)
        self._draw_pedals(sheet)
        scratch(sheet, 60, length=30)
        return sheet

    @property
    def _radius(self) -> float:
        return 232 if self.form == "child" else 262

    def _draw_wheel(self, sheet: Sheet, hub: Point) -> None:
        radius = self._radius
        width = {"mountain": 34, "race": 15, "city": 22, "child": 28}[self.form]
        sheet.paint(stroke(circle(hub, radius), width, closed=True), Material(self.tyre, gloss=0.15, tone=0.05), bevel=width / 2, lift=0)
        if self.form == "mountain":
            lugs = [line(tuple(a), tuple(b)) for a, b in zip(around(hub, radius + 12, 64), around(hub, radius + 20, 64), strict=True)]
            sheet.paint(strokes(lugs, 8), RUBBER, lift=0)
        sheet.paint(stroke(circle(hub, radius - width / 2 - 7), 13, closed=True), STEEL, bevel=6, lift=0)
        spread = zip(around(hub, 20, 36, first=-60), around(hub, radius - width / 2 - 10, 36), strict=True)
        sheet.paint(strokes([line(tuple(a), tuple(b)) for a, b in spread], 2), STEEL, lift=0)
        sheet.paint(filled(circle(hub, 22)), STEEL, bevel=10, lift=0)
        degrees = float(sheet.random.uniform(0, 360))
        for offset in (0, 150):
            place = turned(np.array([[hub[0], hub[1] - radius * 0.62]]), degrees + offset, hub)[0]
            plate = turned(box(place[0] - 26, place[1] - 10, place[0] + 26, place[1] + 10, radius=8), degrees + offset + 90, tuple(place))
            sheet.paint(filled(plate), Material("#e8872c", gloss=0.8, texture="leather", tone=0.1), bevel=4, lift=2)
        if self.has_mudguards:
            first = (185, 345) if hub == REAR else (190, 305)
            guard = arc(hub, radius + width / 2 + 9, *first)
            sheet.paint(stroke(guard, 11), Material(self.bands, gloss=0.7), bevel=5, lift=2)

    def _draw_drive(self, sheet: Sheet) -> None:
        chain = np.concatenate([line((REAR[0], REAR[1] - 34), (CRANK[0], CRANK[1] - 62)), line((CRANK[0], CRANK[1] + 62), (REAR[0], REAR[1] + 34))])
        sheet.paint(strokes([chain[:2], chain[2:]], 6), Material("#6d665c", metal=0.8, gloss=0.3, tone=0.2), lift=1)
        for radius in (40, 30):
            sheet.paint(filled(circle(REAR, radius), circle(REAR, radius - 8)), STEEL, bevel=3, lift=1)
        teeth = discs(around(CRANK, 64, 40), 4)
        sheet.paint(teeth, STEEL, lift=0)
        sheet.paint(filled(circle(CRANK, 64), circle(CRANK, 46)), STEEL, bevel=5, lift=2)
        arms = [line(CRANK, tuple(end)) for end in around(CRANK, 56, 5)]
        sheet.paint(strokes(arms, 12), STEEL, bevel=5, lift=2)

    def _draw_frame(self, sheet: Sheet, paint: Material) -> None:
        stay = 11 if self.form == "race" else 14
        for end in (SEAT, CRANK):
            sheet.paint(stroke(line(REAR, end), stay), paint, bevel=stay / 2, lift=4)
        fork = curve(HEAD_LOW, (980, 520), (1020, 600), FRONT)
        sheet.paint(stroke(fork, 18), paint, bevel=9, lift=4)
        if self.form == "mountain":
            sheet.paint(stroke(line((958, 424), (1012, 580)), 30), BLACK_PLASTIC, bevel=14, lift=4)
            sheet.paint(stroke(line((958, 424), (986, 500)), 18), STEEL, bevel=9, lift=2)
        tube = {"race": 22, "city": 24, "mountain": 32, "child": 28}[self.form]
        for path in self._tubes():
            sheet.paint(stroke(path, tube), paint, bevel=tube / 2, lift=5)
        sheet.paint(stroke(line(HEAD_TOP, HEAD_LOW), tube + 8), paint, bevel=tube / 2, lift=4)

    def _tubes(self) -> list[Points]:
        seat = line((SEAT[0] - 12, SEAT[1] - 30), CRANK)
        down = line(HEAD_LOW, CRANK)
        if self.form == "city":
            return [curve(HEAD_LOW, (840, 540), (700, 640), CRANK), curve((930, 350), (800, 500), (680, 580), (578, 570)), seat]
        top = line((926, 348), (552, 470)) if self.form in ("child", "mountain") else line((926, 348), (SEAT[0], SEAT[1] + 14))
        return [top, down, seat]

    def _draw_marks(self, sheet: Sheet) -> None:
        """Bands, name, stickers and chipped paint: what its owner knows it by."""
        band = Material(self.bands, gloss=0.7, tone=0.02)
        width = 34 if self.form in ("mountain", "child") else 28
        for path, shares in ((self._tubes()[2], (0.3, 0.36, 0.78)), (self._tubes()[1], (0.16, 0.22, 0.84))):
            for share in shares:
                at = int(share * (len(path) - 1)) if len(path) > 2 else 0
                start, end = (path[at], path[at + 1]) if len(path) > 2 else (path[0], path[1])
                place = start if len(path) > 2 else start + share * (end - start)
                along = (end - start) / np.hypot(*(end - start))
                across = np.array([-along[1], along[0]]) * width / 2.4
                sheet.paint(stroke(np.stack([place - across, place + across]), 9), band, lift=0)
        middle = self._tubes()[1][len(self._tubes()[1]) // 2] if self.form == "city" else np.array([772.0, 532.0])
        slope = -44 if self.form != "city" else -48
        size = 27 if self.form in ("mountain", "child") else 20
        sheet.paint(lettering(self.name, (middle[0], middle[1]), size, degrees=-slope, serif=False), Material("#f3ead4", gloss=0.6, tone=0.02), lift=0)
        chip(sheet, 900, Material("#8b7d6f", metal=0.6, gloss=0.2, texture="stain", tone=0.2), size=5)
        if self.sticker:
            sticker(sheet, Print(self.sticker, self.sticker_colours), (548, 520), 24, degrees=76)

    def _draw_bar(self, sheet: Sheet) -> None:
        sheet.paint(stroke(line((930, 330), (912, 262)), 20), STEEL, bevel=9, lift=4)
        if self.form == "race":
            bar = curve((908, 262), (990, 250), (1030, 290), (1010, 360), (940, 372))
            sheet.paint(stroke(bar, 22), Material(self.saddle, gloss=0.2, texture="leather", tone=0.1), bevel=10, lift=5)
            sheet.paint(stroke(curve((1012, 262), (1050, 300), (1040, 350)), 11), STEEL, bevel=5, lift=4)
            return
        bar = curve((908, 258), (940, 226), (900, 196), (800, 200)) if self.form == "city" else curve((914, 258), (900, 232), (850, 224))
        sheet.paint(stroke(bar, 15), STEEL, bevel=7, lift=5)
        sheet.paint(stroke(bar[-12:], 25), Material(self.saddle, gloss=0.2, texture="leather", tone=0.1), bevel=11, lift=4)
        sheet.paint(filled(circle((906, 204), 22)), STEEL, bevel=16, lift=4)
        sheet.paint(filled(circle((972, 300), 34)), Material("#d9d4c4", metal=0.7, gloss=0.8, tone=0.04), bevel=18, lift=5)

    def _draw_seat(self, sheet: Sheet) -> None:
        top = 250 if self.form != "child" else 300
        sheet.paint(stroke(line((SEAT[0] - 8, SEAT[1] - 20), (SEAT[0] - 26, top + 18)), 17), STEEL, bevel=8, lift=3)
        leather = Material(self.saddle, gloss=0.4, texture="leather", tone=0.12, relief=0.1)
        saddle = curve(
            (388, top - 14),
            (450, top - 8),
            (530, top + 2),
            (612, top + 4),
            (606, top + 18),
            (520, top + 24),
            (460, top + 48),
            (396, top + 40),
            closed=True,
        )
        sheet.paint(filled(saddle), leather, bevel=16, lift=5)
        sheet.paint(discs([(402, top + 10), (418, top + 24), (604, top + 11)], 5), STEEL, bevel=4, lift=1)

    def _draw_rack(self, sheet: Sheet) -> None:
        rods = [line((200, 356), (500, 356)), line((220, 356), REAR), line((300, 356), REAR), line((420, 356), (320, 610))]
        sheet.paint(strokes(rods, 9), STEEL, bevel=4, lift=3)
        sheet.paint(filled(box(176, 360, 204, 392, radius=8)), Material("#b3221d", gloss=0.9, texture="leather", tone=0.12), bevel=6, lift=3)

    def _draw_basket(self, sheet: Sheet) -> None:
        """Wicker, woven as chance had it."""
        cane = Material(self.basket, gloss=0.3, texture="grain", tone=0.14)
        basket = line((960, 190), (1190, 190), (1160, 350), (985, 350))
        sheet.paint(filled(basket), Material(self.basket, gloss=0.1, texture="pebbles", tone=0.3), bevel=10, lift=6)
        for row in range(9):
            y = 202 + row * 18
            inset = row * 2.8
            offset = row % 2 * 14
            for x in np.arange(962 + inset + offset, 1176 - inset, 28):
                tone = Material(self.basket, gloss=0.4, texture="grain", tone=float(sheet.random.uniform(0.05, 0.35)))
                sheet.paint(stroke(curve((x, y + 4), (x + 10, y - 3), (x + 21, y + 4)), 9), tone, bevel=4, lift=2)
        sheet.paint(stroke(line((954, 188), (1196, 188)), 17), cane, bevel=8, lift=4)

    def _draw_pedals(self, sheet: Sheet) -> None:
        turn = float(sheet.random.uniform(20, 70))
        for degrees, lift in ((turn + 180, 1), (turn, 6)):
            end = turned(np.array([[CRANK[0] + 110, CRANK[1]]]), degrees, CRANK)[0]
            sheet.paint(stroke(line(CRANK, tuple(end)), 16), STEEL, bevel=7, lift=lift)
            sheet.paint(filled(box(end[0] - 36, end[1] - 10, end[0] + 36, end[1] + 12, radius=5)), BLACK_PLASTIC, bevel=5, lift=4)
        sheet.paint(filled(circle(CRANK, 15)), STEEL, bevel=10, lift=3)
