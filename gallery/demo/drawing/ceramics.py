"""Vases, plates, and turned silver: what is round about an axis."""

from dataclasses import dataclass

import numpy as np

from gallery.demo.drawing.jewellery import METALS, shade
from gallery.demo.drawing.ornament import blot, dent, rosette, scratch, scroll
from gallery.demo.drawing.shapes import (
    Points,
    around,
    circle,
    curve,
    discs,
    filled,
    lettering,
    line,
    mirrored,
    oval,
    stroke,
    strokes,
)
from gallery.demo.drawing.sheet import Material, Sheet

PROFILES = {
    "baluster": ((0, 40), (92, 44), (88, 84), (80, 150), (150, 260), (212, 420), (200, 580), (140, 760), (104, 880), (130, 930), (0, 934)),
    "amphora": ((0, 50), (120, 52), (116, 86), (76, 170), (90, 250), (220, 380), (236, 520), (170, 720), (80, 860), (112, 930), (0, 934)),
    "bottle": ((0, 30), (60, 34), (54, 80), (46, 240), (60, 380), (180, 520), (232, 700), (200, 860), (130, 926), (0, 934)),
    "bowl": ((0, 300), (250, 304), (262, 340), (256, 480), (220, 660), (140, 790), (90, 830), (120, 920), (0, 934)),
}


@dataclass(frozen=True)
class Vase:
    """form: a key of PROFILES. decor: flowers, landscape, geometric or drips."""

    form: str
    glaze: str
    ink: str
    accent: str
    decor: str

    def draw(self, random: np.random.Generator) -> Sheet:
        """The vase on its foot."""
        sheet = Sheet(560, 960, random, millimetres=180)
        outline = mirrored(curve(*((280 + float(x), float(y)) for x, y in PROFILES[self.form])), 280)
        sheet.turn(filled(outline), Material(self.glaze, gloss=0.85, texture="clouds", tone=0.05), lift=0)
        half = _half_widths(outline)
        getattr(self, f"_draw_{self.decor}")(sheet, half)
        self._draw_bands(sheet, half)
        self._draw_craquelure(sheet, half)
        return sheet

    def _draw_bands(self, sheet: Sheet, half: Points) -> None:
        ink = Material(self.ink, gloss=0.8, tone=0.08)
        for y, width in ((300, 5), (318, 12), (336, 4), (742, 4), (760, 14), (780, 5), (900, 9)):
            sheet.paint(strokes([_around_axis(np.array([[a, y] for a in np.linspace(-1.5, 1.5, 30)]), half)], width), ink, lift=0)
        spots = _around_axis(np.array([[a, 760] for a in np.linspace(-1.4, 1.4, 21)]), half)
        sheet.paint(discs(spots, 5), Material(self.accent, gloss=0.8), lift=0)

    def _draw_flowers(self, sheet: Sheet, half: Points) -> None:
        ink, accent = Material(self.ink, gloss=0.8, tone=0.12), Material(self.accent, gloss=0.8, tone=0.1)
        leaf = Material(shade(self.ink, 0.75), gloss=0.8, tone=0.1)
        for _ in range(9):
            angle, y = float(sheet.random.uniform(-1.1, 1.1)), float(sheet.random.uniform(390, 700))
            stem = [(angle + 0.3 * t * float(sheet.random.normal(0, 1)), y + 90 * t) for t in (0, 0.5, 1)]
            sheet.paint(strokes([_around_axis(curve(*stem), half)], 4), leaf, lift=0)
            for petal in around((0, 0), 1, int(sheet.random.integers(5, 9)), first=float(sheet.random.uniform(0, 60))):
                shape = oval((petal[0] * 24, petal[1] * 24), (20, 11), degrees=float(np.degrees(np.arctan2(petal[1], petal[0]))))
                sheet.paint(filled(_around_axis(shape / (110, 1) + (angle, y), half)), ink if sheet.random.random() < 0.7 else accent, lift=0)
            sheet.paint(filled(_around_axis(circle((0, 0), 9) / (110, 1) + (angle, y), half)), accent, lift=0)
            for _ in range(3):
                place = angle + float(sheet.random.normal(0, 0.25)), y + float(sheet.random.uniform(20, 90))
                shape = oval((0, 0), (20, 7), degrees=float(sheet.random.uniform(0, 180))) / (110, 1) + place
                sheet.paint(filled(_around_axis(shape, half)), leaf, lift=0)

    def _draw_landscape(self, sheet: Sheet, half: Points) -> None:
        """Pines, hills and a pagoda, in the manner of blue and white ware."""
        for row, level in enumerate((470, 540, 620)):
            knots = [(a, level + float(sheet.random.normal(0, 24))) for a in np.linspace(-1.5, 1.5, 9)]
            hill = np.concatenate([curve(*knots), line((1.5, 735), (-1.5, 735))])
            tone = Material(shade(self.ink, 1.9 - 0.4 * row), gloss=0.8, texture="stain", tone=0.12)
            sheet.paint(filled(_around_axis(hill, half)), tone, lift=0)
        ink = Material(shade(self.ink, 0.7), gloss=0.8, tone=0.1)
        for _ in range(7):
            angle, y = float(sheet.random.uniform(-1.1, 1.1)), float(sheet.random.uniform(560, 700))
            sheet.paint(strokes([_around_axis(line((angle, y), (angle + 0.04, y - 120)), half)], 5), ink, lift=0)
            for step in range(4):
                cloud = oval((float(sheet.random.normal(0, 12)), -40 - 28 * step), (40 - 7 * step, 11)) / (110, 1) + (angle, y)
                sheet.paint(filled(_around_axis(cloud, half)), ink, lift=0)
        angle = float(sheet.random.uniform(-0.5, 0.5))
        for step in range(3):
            roof = line((-60 + 14 * step, 0), (60 - 14 * step, 0), (34 - 10 * step, -26), (-34 + 10 * step, -26)) / (110, 1)
            sheet.paint(filled(_around_axis(roof + (angle, 560 - 50 * step), half)), Material(self.accent, gloss=0.8), lift=0)

    def _draw_geometric(self, sheet: Sheet, half: Points) -> None:
        ink, accent = Material(self.ink, gloss=0.6, tone=0.06), Material(self.accent, gloss=0.6, tone=0.06)
        for row, y in enumerate(np.arange(372, 740, 62)):
            kind = int(sheet.random.integers(3))
            for number, angle in enumerate(np.linspace(-1.4, 1.4, 15) + (row % 2) * 0.1):
                shape = (line((-10, 24), (10, 24), (0, -24)), circle((0, 0), 12), line((-10, 0), (0, -22), (10, 0), (0, 22)))[kind]
                material = accent if sheet.random.random() < 0.3 or number % 5 == row % 5 else ink
                sheet.paint(filled(_around_axis(shape / (110, 1) + (angle, y), half)), material, lift=0)

    def _draw_drips(self, sheet: Sheet, half: Points) -> None:
        """A second glaze that has run down, and its bubbles."""
        ink = Material(self.ink, gloss=0.9, texture="pebbles", tone=0.12)
        knots = [(a, 430 + float(sheet.random.uniform(-20, 250)) * (number % 2)) for number, a in enumerate(np.linspace(-1.5, 1.5, 17))]
        run = np.concatenate([curve(*knots), line((1.5, 60), (-1.5, 60))])
        sheet.turn(filled(_around_axis(run, half)), ink, lift=3)
        for _ in range(90):
            angle, y = float(sheet.random.uniform(-1.3, 1.3)), float(sheet.random.uniform(120, 880))
            shape = blot(sheet.random, (0, 0), float(sheet.random.uniform(3, 11))) / (110, 1) + (angle, y)
            sheet.paint(filled(_around_axis(shape, half)), Material(self.accent, gloss=0.9, tone=0.1), lift=0)

    def _draw_craquelure(self, sheet: Sheet, half: Points) -> None:
        for _ in range(40):
            angle, y = float(sheet.random.uniform(-1.3, 1.3)), float(sheet.random.uniform(80, 900))
            steps = np.cumsum(sheet.random.normal(0, 1, (5, 2)) * (0.06, 14), axis=0) + (angle, y)
            sheet.engrave(stroke(_around_axis(steps, half), 1), depth=0.3, darkness=0.22)


def _half_widths(outline: Points) -> Points:
    """Half the width of a turned thing at each height, from 0 to 959."""
    right = outline[outline[:, 0] >= 280]
    order = np.argsort(right[:, 1])
    return np.asarray(np.interp(np.arange(960), right[order, 1], right[order, 0] - 280))


def _around_axis(points: Points, half: Points) -> Points:
    """Points given as angle (radians from the front) and height, on the sheet."""
    rows = np.clip(points[:, 1], 0, 959).astype(np.intp)
    angles = np.clip(points[:, 0], -1.5, 1.5)
    return np.stack([280 + half[rows] * 0.985 * np.sin(angles), points[:, 1] + 16 * np.cos(angles)], axis=1)


@dataclass(frozen=True)
class Plate:
    """A plate seen from above. motif: rooster, boat or bouquet."""

    glaze: str
    ink: str
    accent: str
    motif: str
    words: str = ""

    def draw(self, random: np.random.Generator) -> Sheet:
        """The plate, its motif upright."""
        sheet = Sheet(900, 900, random, millimetres=250)
        glaze = Material(self.glaze, gloss=0.8, texture="clouds", tone=0.04)
        sheet.paint(filled(circle((450, 450), 436)), glaze, bevel=34)
        sheet.engrave(stroke(circle((450, 450), 296), 12, closed=True), depth=1.6, darkness=0.12)
        self._draw_border(sheet)
        getattr(self, f"_draw_{self.motif}")(sheet)
        if self.words:
            sheet.paint(lettering(self.words, (450, 664), 34), Material(self.ink, gloss=0.7), lift=0)
        for _ in range(10):
            spot = sheet.random.uniform(-400, 400, 2)
            sheet.paint(filled(blot(sheet.random, (450 + spot[0] * 0.7, 450 + spot[1] * 0.7), 5)), Material("#8d6a4c", tone=0.2), lift=0)
        crack = curve((850, 380), (790, 400), (760, 440), (700, 430 + float(random.uniform(-30, 30))))
        sheet.engrave(stroke(crack, 2), darkness=0.5)
        scratch(sheet, 50, length=90, depth=0.2)
        return sheet

    def _draw_border(self, sheet: Sheet) -> None:
        ink, accent = (Material(self.ink, gloss=0.7, texture="stain", tone=0.1), Material(self.accent, gloss=0.7, texture="stain", tone=0.1))
        for radius, width in ((424, 8), (312, 5), (326, 2)):
            sheet.paint(stroke(circle((450, 450), radius), width, closed=True), ink, lift=0)
        for number, at in enumerate(around((450, 450), 372, 20)):
            if number % 2:
                for petal in around(at, 18, int(sheet.random.integers(4, 7)), first=float(sheet.random.uniform(0, 90))):
                    sheet.paint(filled(circle((petal[0], petal[1]), float(sheet.random.uniform(8, 13)))), accent, lift=0)
                sheet.paint(filled(circle(at, 8)), ink, lift=0)
            else:
                angle = float(np.degrees(np.arctan2(at[1] - 450, at[0] - 450))) + 90
                for tilt in (-40, 0, 40):
                    sheet.paint(filled(oval(at, (30, 7), degrees=angle + tilt + float(sheet.random.normal(0, 8)))), ink, lift=0)

    def _draw_rooster(self, sheet: Sheet) -> None:
        ink, accent = (Material(self.ink, gloss=0.7, texture="stain", tone=0.15), Material(self.accent, gloss=0.7, texture="stain", tone=0.15))
        for number in range(7):
            feather = curve((380, 470), (300 - number * 8, 330 + number * 18), (240 + number * 4, 360 + number * 26), (230, 420 + number * 20))
            sheet.paint(stroke(feather, 15), accent if number % 2 else ink, lift=0)
        body = curve((350, 460), (420, 440), (500, 380), (520, 300), (560, 300), (570, 380), (540, 480), (470, 540), (390, 520), closed=True)
        sheet.paint(filled(body), ink, lift=0)
        for _ in range(26):
            x, y = sheet.random.uniform(390, 540), sheet.random.uniform(430, 520)
            sheet.paint(filled(oval((x, y), (12, 5), degrees=30)), accent if sheet.random.random() < 0.5 else Material(self.glaze), lift=0)
        sheet.paint(discs([(530, 286), (548, 272), (566, 284)], 14), accent, lift=0)
        sheet.paint(filled(line((570, 306), (606, 318), (570, 326))), accent, lift=0)
        sheet.paint(strokes([line((440, 535), (440, 610), (410, 624)), line((486, 530), (490, 610), (520, 622))], 8), ink, lift=0)

    def _draw_boat(self, sheet: Sheet) -> None:
        ink, accent = (Material(self.ink, gloss=0.7, texture="stain", tone=0.15), Material(self.accent, gloss=0.7, texture="stain", tone=0.15))
        sheet.paint(filled(curve((300, 520), (450, 540), (610, 515), (560, 590), (450, 604), (340, 590), closed=True)), ink, lift=0)
        sheet.paint(filled(line((440, 250), (440, 500), (310, 500))), accent, lift=0)
        sheet.paint(filled(line((456, 280), (456, 500), (580, 490))), ink, lift=0)
        for row in range(4):
            knots = [(x, 606 + row * 12 + float(sheet.random.normal(0, 5))) for x in np.linspace(270 + row * 20, 630 - row * 20, 9)]
            sheet.paint(stroke(curve(*knots), 4), ink, lift=0)
        for _ in range(5):
            x, y = sheet.random.uniform(300, 600), sheet.random.uniform(210, 330)
            sheet.paint(stroke(curve((x - 22, y - 7), (x, y), (x + 22, y - 9)), 4), ink, lift=0)

    def _draw_bouquet(self, sheet: Sheet) -> None:
        ink, accent = (Material(self.ink, gloss=0.7, texture="stain", tone=0.15), Material(self.accent, gloss=0.7, texture="stain", tone=0.15))
        for _ in range(11):
            x, y = float(sheet.random.uniform(310, 590)), float(sheet.random.uniform(270, 480))
            sheet.paint(stroke(curve((450, 610), (x * 0.5 + 225, 520), (x, y)), 5), Material("#5f7a4a", gloss=0.6), lift=0)
            for petal in around((x, y), 22, int(sheet.random.integers(5, 9)), first=float(sheet.random.uniform(0, 60))):
                sheet.paint(filled(circle((petal[0], petal[1]), 16)), accent if sheet.random.random() < 0.75 else ink, lift=0)
            sheet.paint(filled(circle((x, y), 11)), ink, lift=0)


@dataclass(frozen=True)
class Silverware:
    """form: teapot or candlestick. initials: engraved on its belly or foot."""

    form: str
    metal: str = "silver"
    initials: str = ""

    def draw(self, random: np.random.Generator) -> Sheet:
        """Standing, seen from the front."""
        return self._teapot(random) if self.form == "teapot" else self._candlestick(random)

    def _teapot(self, random: np.random.Generator) -> Sheet:
        sheet = Sheet(1080, 860, random, millimetres=270)
        metal, wood = METALS[self.metal], Material("#3a2317", gloss=0.5, texture="wood", tone=0.12)
        handle = curve((330, 330), (200, 260), (100, 330), (120, 480), (230, 580), (330, 600))
        sheet.paint(stroke(handle, 40), wood, bevel=18, lift=3)
        spout = curve((720, 620), (800, 560), (850, 420), (930, 320), (990, 310), (960, 400), (910, 540), (830, 690), (730, 720), closed=True)
        sheet.paint(filled(spout), metal, bevel=44, lift=4)
        belly = mirrored(curve((530, 250), (640, 262), (740, 380), (790, 540), (740, 700), (640, 770), (660, 830), (530, 834)), 530)
        sheet.turn(filled(belly), metal, lift=6)
        lid = mirrored(curve((530, 90), (556, 104), (560, 140), (544, 160), (600, 190), (650, 250), (530, 262)), 530)
        sheet.turn(filled(lid), metal, lift=5)
        sheet.paint(filled(circle((530, 106), 34)), wood, bevel=26, lift=3)
        self._chase(sheet, 530, 520, 190)
        return sheet

    def _candlestick(self, random: np.random.Generator) -> Sheet:
        sheet = Sheet(520, 1080, random, millimetres=130)
        profile = ((0, 60), (74, 62), (80, 84), (46, 96), (52, 190), (96, 212), (60, 240), (34, 330), (56, 420), (84, 480), (40, 540),
                   (30, 690), (60, 760), (92, 800), (60, 850), (130, 930), (220, 990), (228, 1050), (0, 1056))  # fmt: skip
        outline = mirrored(curve(*((260.0 + x, float(y)) for x, y in profile)), 260)
        sheet.turn(filled(outline), METALS[self.metal])
        for y, half in ((84, 78), (212, 94), (480, 82), (800, 90), (992, 214), (1030, 224)):
            sheet.engrave(stroke(curve((260 - half, y), (260, y + 8), (260 + half, y)), 5), depth=1, darkness=0.4)
        self._chase(sheet, 260, 965, 120)
        for y in (140, 420, 640, 780):
            rosette(sheet, (260, y), 26, int(random.integers(5, 9)), depth=1)
        return sheet

    def _chase(self, sheet: Sheet, x: float, y: float, reach: float) -> None:
        for number, at in enumerate(np.linspace(-1, 1, 9)):
            for row in (-0.55, 0.0, 0.55) if self.form == "teapot" else (0.0,):
                if abs(at) > 0.3 or row or not self.initials:
                    size = reach * 0.11 * (1.2 - abs(at) * 0.5)
                    scroll(sheet, (x + at * reach, y + row * reach), size, degrees=number * 40.0 + float(sheet.random.uniform(0, 90)), depth=1)
        if self.initials:
            sheet.engrave(stroke(oval((x, y), (reach * 0.24, reach * 0.24)), 3, closed=True), depth=1, darkness=0.35)
            sheet.engrave(lettering(self.initials, (x, y), reach * 0.2), depth=1.2, darkness=0.5)
        dent(sheet, 30, size=6)
        scratch(sheet, 70, length=50)
