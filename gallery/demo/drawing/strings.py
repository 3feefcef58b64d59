"""Guitars and violins."""

from dataclasses import dataclass

import numpy as np

from gallery.demo.drawing.ornament import STEEL, Print, chip, scratch, sticker
from gallery.demo.drawing.shapes import (
    Points,
    box,
    circle,
    curve,
    discs,
    filled,
    lettering,
    line,
    mirrored,
    stroke,
    strokes,
)
from gallery.demo.drawing.sheet import Material, Sheet

EBONY = Material("#2c2420", gloss=0.3, texture="upright wood", tone=0.10)
IVORY = Material("#ece2c8", gloss=0.5, tone=0.03)
PEARL = Material("#dfe7e4", metal=0.3, gloss=0.8, texture="clouds", tone=0.08)
RAW_WOOD = Material("#d8b98a", gloss=0.1, texture="upright wood", tone=0.10)


@dataclass(frozen=True)
class Guitar:
    """A guitar on its back. form: classical, folk or electric. rosette: colour of the inlay around its mouth."""

    form: str
    top: str
    side: str = "#6b3f22"
    plate: str = ""
    rosette: str = "#7c2f24"
    name: str = ""
    sticker: str = ""
    sticker_colour: str = "#b23a2e"

    def draw(self, random: np.random.Generator) -> Sheet:
        """The guitar, its head up."""
        sheet = Sheet(620, 1560, random, millimetres=390)
        top = Material(self.top, gloss=0.55, texture="upright wood", tone=0.09)
        body = _electric_body() if self.form == "electric" else _guitar_body()
        sheet.paint(filled(body), Material(self.side, gloss=0.5, texture="upright wood", tone=0.1), bevel=14)
        inner = (body - (310, 1160)) * (0.955, 0.965) + (310, 1160)
        if self.form != "electric":
            sheet.paint(filled(inner), IVORY, lift=0)
        inside = (body - (310, 1160)) * (0.93, 0.945) + (310, 1160)
        sheet.paint(filled(inside), top, lift=0, bevel=30 if self.form == "electric" else 6)
        self._draw_wear(sheet)
        if self.form == "electric":
            self._draw_pickups(sheet)
        else:
            self._draw_mouth(sheet)
        self._draw_neck(sheet)
        self._draw_strings(sheet)
        return sheet

    def _draw_wear(self, sheet: Sheet) -> None:
        if self.plate:
            plate = curve((392, 1010), (470, 1080), (468, 1200), (420, 1260), (385, 1190), (352, 1140), (380, 1090), closed=True)
            if self.form == "electric":
                plate = curve((330, 960), (452, 900), (470, 1090), (500, 1270), (430, 1390), (360, 1200), (240, 1150), (230, 960), closed=True)
            sheet.paint(filled(plate), Material(self.plate, gloss=0.7, texture="pebbles", tone=0.16), lift=2, bevel=3)
        chip(sheet, 110, RAW_WOOD, size=7)
        scratch(sheet, 90, length=80)
        if self.sticker:
            sticker(sheet, Print(self.sticker, (self.sticker_colour, "#f4ecd8")), (200, 1330), 46, degrees=-14)

    def _draw_mouth(self, sheet: Sheet) -> None:
        """The rosette, a mosaic of its own, and the dark of the mouth."""
        x, y = 310, 1035
        sheet.paint(filled(circle((x, y), 104)), EBONY, lift=0)
        sheet.paint(filled(circle((x, y), 100)), Material(self.rosette, gloss=0.5), lift=0)
        for radius, count, size in ((92, 52, 4), (84, 46, 5), (76, 42, 4)):
            spots = discs(np.asarray([spot for spot in _ring(x, y, radius, count) if sheet.random.random() < 0.7]), size)
            sheet.paint(spots, IVORY if sheet.random.random() < 0.6 else EBONY, lift=0)
        sheet.paint(filled(circle((x, y), 68)), Material("#1b1512", gloss=0, tone=0.05), lift=0)
        sheet.paint(filled(box(264, 1016, 356, 1058)), Material("#cdb98f", gloss=0, tone=0.05), lift=4)
        sheet.paint(lettering(self.name[:7], (310, 1036), 15), EBONY, lift=0)

    def _draw_pickups(self, sheet: Sheet) -> None:
        for y in (980, 1090, 1196):
            sheet.paint(filled(box(232, y - 24, 388, y + 24, radius=20)), IVORY, bevel=7, lift=4)
            sheet.paint(discs([(250 + 24 * number, y) for number in range(6)], 8), STEEL, bevel=6, lift=0)
        for x, y in ((440, 1290), (470, 1360), (420, 1400)):
            sheet.paint(filled(circle((x, y), 25)), IVORY, bevel=9, lift=6)
            sheet.engrave(stroke(line((x, y), (x + 14, y - 14)), 4), darkness=0.6)
        for x, y in ((250, 1010), (444, 940), (480, 1120), (380, 1380), (250, 1130)):
            sheet.paint(filled(circle((x, y), 6)), STEEL, bevel=3, lift=1)

    def _draw_neck(self, sheet: Sheet) -> None:
        end = 940 if self.form != "electric" else 925
        neck = line((274, 230), (346, 230), (356, end), (264, end))
        sheet.paint(filled(neck), EBONY, bevel=5, lift=5)
        frets = 240 + (end - 250) * (1 - 0.945 ** np.arange(1, 21)) / (1 - 0.945**20)
        lines = [line((273 - (y - 230) * 0.012, y), (347 + (y - 230) * 0.012, y)) for y in frets]
        sheet.paint(strokes(lines, 4), STEEL, bevel=2, lift=0)
        for number in (2, 4, 6, 8, 11, 14, 16):
            y = (frets[number] + frets[number - 1]) / 2
            sheet.paint(discs([(296, y), (324, y)] if number == 11 else [(310, y)], 9), PEARL, lift=0)
        wood = Material(self.side, gloss=0.5, texture="upright wood", tone=0.12)
        head = curve((270, 232), (246, 200), (238, 60), (262, 24), (310, 40), (358, 24), (382, 60), (374, 200), (350, 232), steps=8)
        sheet.paint(filled(head), wood, bevel=8, lift=5)
        sheet.paint(filled(box(270, 222, 350, 236)), IVORY, bevel=3, lift=1)
        for x in (258, 362):
            for y in (72, 124, 176):
                side = -1 if x < 310 else 1
                sheet.paint(filled(box(x - 12 + side * 28, y - 13, x + 12 + side * 28, y + 13, radius=10)), IVORY, bevel=7, lift=3)
                sheet.paint(filled(circle((x, y), 10)), STEEL, bevel=6, lift=3)
        sheet.paint(lettering(self.name, (310, 100), 17, degrees=90), IVORY, lift=0)

    def _draw_strings(self, sheet: Sheet) -> None:
        wood = Material(self.side, gloss=0.3, texture="wood", tone=0.15)
        if self.form == "electric":
            sheet.paint(filled(box(240, 1270, 380, 1330, radius=6)), STEEL, bevel=6, lift=4)
        else:
            sheet.paint(filled(box(216, 1266, 404, 1304, radius=8)), wood, bevel=8, lift=4)
        sheet.paint(filled(box(244, 1272, 376, 1280)), IVORY, bevel=2, lift=2)
        lines = [line((282 + 11.2 * n, 226), (256 + 21.6 * n, 1278)) for n in range(6)]
        sheet.paint(strokes(lines[:3], 3), Material("#b89a66", metal=1, gloss=0.5), lift=3)
        sheet.paint(strokes(lines[3:], 2), STEEL, lift=3)


def _ring(x: float, y: float, radius: float, count: int) -> list[tuple[float, float]]:
    angles = np.arange(count) * 2 * np.pi / count
    return [(x + radius * float(np.cos(a)), y + radius * float(np.sin(a))) for a in angles]


def _guitar_body() -> Points:
    right = curve((310, 832), (420, 842), (500, 910), (500, 1010), (464, 1100), (500, 1190), (580, 1290), (570, 1430), (470, 1510), (310, 1526))
    return mirrored(right, 310)


def _electric_body() -> Points:
    return curve(
        (262, 900), (240, 850), (170, 800), (120, 830), (130, 920), (160, 1030), (120, 1130), (70, 1260), (90, 1420),
        (200, 1510), (330, 1516), (470, 1490), (560, 1390), (560, 1240), (490, 1110), (480, 1000), (520, 900), (490, 850),
        (430, 860), (380, 930), (358, 940), closed=True,
    )  # fmt: skip


@dataclass(frozen=True)
class Violin:
    """A violin on its back, without its bow."""

    varnish: str
    edge: str = "#3a2416"
    tailpiece: str = "#2b211c"
    flame: float = 0.09

    def draw(self, random: np.random.Generator) -> Sheet:
        """The violin, its scroll up."""
        sheet = Sheet(620, 1480, random, millimetres=220)
        varnish = Material(self.varnish, gloss=0.75, texture="upright wood", tone=0.09 + self.flame / 2)
        body = _violin_body()
        sheet.paint(filled(body), Material(self.edge, gloss=0.6, texture="upright wood", tone=0.1), bevel=12)
        plate = (body - (310, 1050)) * (0.955, 0.97) + (310, 1050)
        sheet.paint(filled(plate), varnish, bevel=90, lift=0)
        for inset in (0.92, 0.90):
            sheet.engrave(stroke((body - (310, 1050)) * (inset, inset + 0.02) + (310, 1050), 2, closed=True), darkness=0.5)
        sheet.stain(0.07)
        chip(sheet, 70, RAW_WOOD, size=5)
        scratch(sheet, 80, length=70)
        self._draw_openings(sheet)
        self._draw_neck(sheet)
        self._draw_fittings(sheet)
        return sheet

    def _draw_openings(self, sheet: Sheet) -> None:
        dark = Material("#1c130d", gloss=0, tone=0.02)
        for side in (-1, 1):
            spine = curve((58, -96), (80, -78), (76, -40), (92, 20), (110, 70), (100, 106), (78, 98))
            path = np.asarray(spine * (side, 1) + (310, 1080))
            sheet.paint(stroke(path, 9), dark, lift=0)
            sheet.paint(discs([tuple(path[0]), tuple(path[-1])], 13), dark, lift=0)
            notch = line((310 + side * 70, 1096), (310 + side * 104, 1084))
            sheet.paint(stroke(notch, 4), dark, lift=0)

    def _draw_neck(self, sheet: Sheet) -> None:
        sheet.paint(filled(line((282, 170), (338, 170), (352, 940), (268, 940))), EBONY, bevel=16, lift=8)
        wood = Material(self.varnish, gloss=0.6, texture="upright wood", tone=0.12)
        sheet.paint(filled(line((284, 172), (336, 172), (328, 60), (292, 60))), wood, bevel=14, lift=4)
        sheet.paint(filled(circle((310, 46), 36)), wood, bevel=14, lift=4)
        for radius in (26, 17, 9):
            sheet.engrave(stroke(circle((310, 46), radius), 3, closed=True), depth=1, darkness=0.35)
        sheet.paint(filled(box(298, 84, 322, 160, radius=8)), Material("#1c130d", gloss=0, tone=0), lift=0)
        for number, y in enumerate((94, 112, 130, 148)):
            side = -1 if number % 2 else 1
            ends = sorted((310 - side * 22, 310 + side * 76))
            sheet.paint(filled(box(ends[0], y - 4, ends[1], y + 4, radius=4)), EBONY, bevel=4, lift=3)
            sheet.paint(filled(circle((310 + side * 80, y), 12)), EBONY, bevel=7, lift=3)
        sheet.paint(filled(box(280, 164, 340, 174)), IVORY, bevel=3, lift=1)

    def _draw_fittings(self, sheet: Sheet) -> None:
        piece = line((270, 1200), (350, 1200), (334, 1400), (286, 1400))
        sheet.paint(filled(piece), Material(self.tailpiece, gloss=0.7, texture="upright wood", tone=0.1), bevel=16, lift=8)
        for number in range(4):
            sheet.paint(filled(circle((283 + 18 * number, 1216), 6)), STEEL, bevel=4, lift=2)
        rest = curve((180, 1360), (250, 1340), (272, 1390), (250, 1430), (190, 1424), closed=True)
        sheet.paint(filled(rest), EBONY, bevel=26, lift=9)
        bridge = line((256, 1092), (364, 1092), (374, 1112), (340, 1106), (326, 1116), (294, 1116), (280, 1106), (246, 1112))
        sheet.paint(filled(bridge), RAW_WOOD, bevel=4, lift=9)
        lines = [line((292 + 12 * n, 168), (274 + 24 * n, 1096), (283 + 18 * n, 1216)) for n in range(4)]
        sheet.paint(strokes(lines, 2), STEEL, lift=5)


def _violin_body() -> Points:
    right = curve(
        (310, 704), (390, 716), (474, 770), (486, 850), (470, 900), (484, 918), (440, 960), (416, 1030), (440, 1110), (494, 1140),
        (484, 1160), (530, 1240), (520, 1350), (440, 1430), (310, 1444),
    )  # fmt: skip
    return mirrored(right, 310)
