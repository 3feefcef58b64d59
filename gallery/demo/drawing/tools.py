"""Hand tools: a bench plane, a handsaw, an adjustable wrench, a cordless drill."""

from dataclasses import dataclass

import numpy as np

from gallery.demo.drawing.ornament import BLACK_PLASTIC, BRASS, RUBBER, STEEL, Print, chip, dent, scratch, sticker
from gallery.demo.drawing.shapes import (
    box,
    circle,
    curve,
    discs,
    filled,
    lettering,
    line,
    moved,
    stroke,
    strokes,
    turned,
)
from gallery.demo.drawing.sheet import Material, Sheet

CHROME = Material("#d3d6d8", metal=1, gloss=0.85, texture="stain", tone=0.05)
RUST = Material("#7a4a2c", gloss=0.05, texture="grain", tone=0.2)


@dataclass(frozen=True)
class Plane:
    """A metal bench plane on its sole, its nose to the left. mark: letters that its owner has stamped."""

    wood: str
    body: str
    name: str
    mark: str

    def draw(self, random: np.random.Generator) -> Sheet:
        """The plane from its left side."""
        sheet = Sheet(1240, 640, random, millimetres=245)
        wood = Material(self.wood, gloss=0.6, texture="upright wood", tone=0.12)
        self._draw_handle(sheet, wood)
        self._draw_iron(sheet)
        self._draw_knob(sheet, wood)
        self._draw_body(sheet)
        chip(sheet, 40, RUST, size=5)
        dent(sheet, 30, size=6)
        scratch(sheet, 90, length=60)
        return sheet

    def _draw_handle(self, sheet: Sheet, wood: Material) -> None:
        handle = curve(
            (820, 520), (880, 400), (872, 290), (800, 190), (826, 136), (900, 128), (962, 190), (986, 300), (976, 420), (1020, 520), closed=True,
        )  # fmt: skip
        sheet.paint(filled(handle), wood, bevel=44, lift=5)
        sheet.engrave(stroke(curve((856, 200), (900, 300), (892, 420)), 3), depth=0.4, darkness=0.2)
        sheet.paint(filled(circle((880, 150), 15)), BRASS, bevel=10, lift=2)

    def _draw_iron(self, sheet: Sheet) -> None:
        """The cutter and its cap, at forty-five degrees, their brass wheel and the lever behind."""
        sheet.paint(filled(line((640, 500), (770, 240), (830, 300), (770, 500))), Material(self.body, gloss=0.4, texture="grain", tone=0.08), bevel=10, lift=4)
        sheet.paint(stroke(line((770, 250), (846, 176)), 14), STEEL, bevel=6, lift=4)
        sheet.paint(filled(circle((852, 170), 18)), STEEL, bevel=8, lift=3)
        sheet.paint(filled(box(770, 330, 826, 412, radius=12)), BRASS, bevel=18, lift=5)
        sheet.engrave(strokes([line((778 + 8 * n, 336), (778 + 8 * n, 406)) for n in range(6)], 3), depth=0.9, darkness=0.4)
        sheet.paint(filled(line((500, 512), (716, 190), (742, 206), (548, 512))), STEEL, bevel=4, lift=4)
        cap = curve((500, 490), (590, 350), (664, 236), (682, 246), (640, 340), (560, 470), (530, 512), steps=8)
        sheet.paint(filled(cap), CHROME, bevel=9, lift=5)
        sheet.paint(filled(turned(box(632, 214, 706, 250, radius=14), -56, (670, 232))), CHROME, bevel=12, lift=5)
        sheet.paint(filled(circle((594, 372), 19)), BRASS, bevel=10, lift=4)
        sheet.engrave(stroke(line((583, 361), (605, 383)), 5), depth=1, darkness=0.6)

    def _draw_knob(self, sheet: Sheet, wood: Material) -> None:
        right = curve((0, 262), (44, 270), (66, 306), (52, 352), (28, 400), (34, 452), (64, 500), (64, 520))
        outline = np.concatenate([moved(right, 300, 0), moved(right[::-1] * (-1, 1), 300, 0)])
        sheet.turn(filled(outline), wood, lift=5)
        sheet.engrave(strokes([curve((250, 442), (300, 450), (350, 442)), curve((240, 492), (300, 500), (360, 492))], 3), depth=0.8, darkness=0.4)
        sheet.paint(filled(circle((300, 270), 12)), BRASS, bevel=7, lift=1)

    def _draw_body(self, sheet: Sheet) -> None:
        """The cast side, its sole shining from use."""
        side = curve(
            (96, 580), (92, 520), (180, 492), (330, 484), (420, 440), (500, 372), (590, 362), (680, 384), (780, 460), (900, 494), (1080, 494), (1148, 520), (1150, 580), steps=10,
        )  # fmt: skip
        sheet.paint(filled(side), Material(self.body, gloss=0.35, texture="pebbles", tone=0.06, relief=0.12), bevel=12, lift=7)
        inner = (side - (620, 560)) * (0.93, 0.80) + (620, 548)
        sheet.engrave(stroke(inner, 3, closed=True), depth=0.7, darkness=0.2)
        sheet.paint(filled(box(84, 566, 1158, 592, radius=3)), STEEL, bevel=6, lift=2)
        sheet.paint(lettering(self.name, (620, 500), 36, serif=False), Material("#d8d3c4", gloss=0.4), lift=0)
        sheet.engrave(lettering(self.mark, (1010, 534), 26), depth=1.2, darkness=0.5)


@dataclass(frozen=True)
class Handsaw:
    """A handsaw lying, its handle to the right. band: a strip of paint by which its owner knows it."""

    wood: str
    name: str
    band: str
    mark: str

    def draw(self, random: np.random.Generator) -> Sheet:
        """The saw, its teeth down."""
        sheet = Sheet(1560, 520, random, millimetres=660)
        self._draw_blade(sheet)
        chip(sheet, 240, RUST, size=6)
        scratch(sheet, 130, length=120)
        self._draw_handle(sheet)
        return sheet

    def _draw_blade(self, sheet: Sheet) -> None:
        teeth = [(1220 - 14 * n - (0 if n % 2 else 3), 414 - 0.62 * n + (0 if n % 2 else 11)) for n in range(81)]
        blade = np.concatenate([line((1230, 112), (1230, 414)), line(*teeth), line((88, 366), (80, 286), (110, 274))])
        sheet.paint(filled(blade), Material("#b7babb", metal=0.9, gloss=0.45, texture="brushed", tone=0.10, relief=0.06), bevel=3, lift=4)
        sheet.stain(0.07)
        sheet.engrave(lettering(self.name, (720, 270), 54, degrees=3), depth=0.5, darkness=0.3)
        sheet.engrave(lettering("* TREMPE SPECIALE *", (724, 330), 20, degrees=2), depth=0.4, darkness=0.26)
        sheet.engrave(stroke(curve((470, 300), (560, 226), (720, 206), (880, 214), (980, 290)), 3), depth=0.4, darkness=0.3)

    def _draw_handle(self, sheet: Sheet) -> None:
        wood = Material(self.wood, gloss=0.55, texture="wood", tone=0.13)
        outline = curve(
            (1128, 128), (1190, 84), (1290, 60), (1340, 96), (1400, 84), (1470, 60), (1512, 88), (1490, 140), (1508, 240), (1540, 340),
            (1524, 420), (1470, 446), (1440, 400), (1370, 424), (1290, 440), (1230, 470), (1180, 440), (1190, 380), (1160, 300), (1180, 210), closed=True,
        )  # fmt: skip
        hole = curve((1300, 170), (1370, 140), (1424, 158), (1432, 250), (1448, 330), (1390, 356), (1300, 340), (1270, 260), closed=True)
        sheet.paint(filled(outline, hole), wood, bevel=22, lift=7)
        for x, y in ((1204, 150), (1216, 236), (1236, 330), (1240, 412)):
            sheet.paint(filled(circle((x, y), 17)), BRASS, bevel=7, lift=2)
            sheet.engrave(stroke(line((x - 12, y - 7), (x + 12, y + 7)), 4), depth=1, darkness=0.5)
        paint = Material(self.band, gloss=0.4, texture="stain", tone=0.08)
        sheet.paint(filled(line((1436, 196), (1500, 186), (1516, 246), (1436, 258))), paint, bevel=10, lift=0)
        sheet.engrave(lettering(self.mark, (1300, 398), 24, degrees=8), depth=1.2, darkness=0.55)


@dataclass(frozen=True)
class Wrench:
    """An adjustable wrench lying, its jaws to the left. tape: colour of the strip around its handle; mark: what is written on it."""

    name: str
    tape: str
    mark: str

    def draw(self, random: np.random.Generator) -> Sheet:
        """The wrench, half open."""
        sheet = Sheet(1440, 500, random, millimetres=255)
        shank = curve((380, 190), (520, 186), (900, 178), (1240, 166), (1350, 176), (1392, 250), (1350, 326), (1240, 336), (900, 322), (520, 312), (380, 320), steps=10)
        sheet.paint(filled(shank, circle((1318, 250), 30)), CHROME, bevel=20, lift=6)
        recess = curve((500, 222), (860, 214), (1160, 208), (1216, 250), (1160, 292), (860, 286), (500, 278), closed=True)
        sheet.engrave(filled(recess), depth=1.6, darkness=0.22)
        sheet.paint(lettering(self.name, (770, 250), 34, serif=False), Material("#3a3d40", gloss=0.3), lift=0)
        self._draw_head(sheet)
        tape = Material(self.tape, gloss=0.35, texture="weave", tone=0.08, relief=0.06)
        for left in (1040, 1096, 1148):
            sheet.paint(filled(line((left, 164), (left + 62, 162), (left + 50, 338), (left - 12, 336))), tape, bevel=12, lift=2)
        sheet.paint(lettering(self.mark, (1098, 250), 44, degrees=86, serif=False), Material("#2a2620", gloss=0.1), lift=0)
        sheet.stain(0.09)
        chip(sheet, 110, Material("#5d4636", gloss=0.1, texture="grain", tone=0.2), size=6)
        dent(sheet, 40, size=7)
        scratch(sheet, 120, length=70)
        return sheet

    def _draw_head(self, sheet: Sheet) -> None:
        """The fixed jaw above, the sliding one below, and the worm that moves it."""
        slide = line((60, 330), (228, 344), (300, 420), (420, 400), (430, 330), (330, 290), (250, 286), (64, 276))
        sheet.paint(filled(slide), CHROME, bevel=10, lift=4)
        head = curve((52, 112), (160, 56), (300, 44), (420, 90), (480, 180), (470, 300), (410, 372), (350, 372), (330, 330), (300, 300), (262, 280),
                     (254, 216), (230, 168), (56, 164), steps=8)  # fmt: skip
        sheet.paint(filled(head, box(316, 246, 398, 342, radius=10)), CHROME, bevel=14, lift=6)
        sheet.paint(filled(box(322, 254, 392, 336, radius=12)), Material("#9a9c9d", metal=1, gloss=0.5, texture="grain", tone=0.05), bevel=26, lift=0)
        sheet.engrave(strokes([line((324, 264 + 11 * n), (390, 258 + 11 * n)) for n in range(7)], 4), depth=1.3, darkness=0.5)
        sheet.engrave(strokes([line((70 + 22 * n, 120), (70 + 22 * n, 136)) for n in range(8)], 2), depth=0.7, darkness=0.4)
        sheet.paint(filled(circle((434, 196), 13)), STEEL, bevel=6, lift=1)


@dataclass(frozen=True)
class Drill:
    """A cordless drill standing on its battery, its chuck to the left. label: a sticker of its owner's."""

    shell: str
    grip: str
    name: str
    label: str
    label_colours: tuple[str, str] = ("#f2f0e8", "#1d3f7a")

    def draw(self, random: np.random.Generator) -> Sheet:
        """The drill from its left side."""
        sheet = Sheet(1040, 1000, random, millimetres=215)
        shell = Material(self.shell, gloss=0.5, texture="grain", tone=0.03, relief=0.03)
        rubber = Material(self.grip, gloss=0.15, texture="leather", tone=0.08, relief=0.15)
        self._draw_chuck(sheet)
        self._draw_grip(sheet, shell, rubber)
        self._draw_motor(sheet, shell, rubber)
        self._draw_battery(sheet, shell)
        chip(sheet, 40, Material("#b8b2a6", gloss=0.1, tone=0.1), size=5)
        dent(sheet, 24, size=6)
        scratch(sheet, 110, length=50)
        return sheet

    def _draw_chuck(self, sheet: Sheet) -> None:
        sheet.paint(filled(line((20, 246), (44, 232), (150, 230), (150, 264), (44, 262))), STEEL, bevel=14, lift=3)
        sheet.engrave(strokes([line((48 + 26 * n, 232), (74 + 26 * n, 262)) for n in range(4)], 4), depth=1.2, darkness=0.5)
        sheet.paint(filled(line((120, 218), (168, 194), (168, 300), (120, 276))), STEEL, bevel=30, lift=3)
        sheet.paint(filled(box(160, 176, 312, 318, radius=14)), BLACK_PLASTIC, bevel=52, lift=4)
        sheet.engrave(strokes([line((184, 184 + 13 * n), (290, 184 + 13 * n)) for n in range(11)], 4), depth=1.1, darkness=0.4)
        ring = Material("#2f3134", gloss=0.4, texture="grain", tone=0.03)
        sheet.paint(filled(box(306, 150, 400, 344, radius=16)), ring, bevel=60, lift=5)
        for number in range(15):
            sheet.paint(lettering(str(number + 1), (354, 168 + 11.5 * number), 9, serif=False), Material("#e8e6dc"), lift=0)

    def _draw_grip(self, sheet: Sheet, shell: Material, rubber: Material) -> None:
        grip = curve((552, 360), (566, 480), (600, 620), (612, 780), (820, 780), (812, 660), (780, 520), (770, 340), steps=10)
        sheet.paint(filled(grip), shell, bevel=34, lift=5)
        sleeve = curve((640, 400), (668, 540), (690, 740), (800, 740), (790, 640), (762, 520), (750, 380), closed=True, steps=10)
        sheet.paint(filled(sleeve), rubber, bevel=24, lift=2)
        sheet.engrave(strokes([curve((690 + 4 * n, 470 + 34 * n), (730 + 4 * n, 478 + 34 * n), (772 + 3 * n, 466 + 34 * n)) for n in range(7)], 5), depth=1, darkness=0.35)
        trigger = curve((556, 380), (512, 400), (506, 450), (530, 500), (580, 520), (590, 400), closed=True)
        sheet.paint(filled(trigger), Material("#b3261e", gloss=0.5, tone=0.03), bevel=18, lift=5)
        sheet.paint(filled(box(596, 366, 662, 392, radius=10)), RUBBER, bevel=8, lift=3)

    def _draw_motor(self, sheet: Sheet, shell: Material, rubber: Material) -> None:
        housing = curve((390, 150), (470, 128), (700, 122), (860, 134), (926, 176), (938, 250), (918, 330), (850, 372), (700, 384), (520, 372), (390, 346), steps=10)
        sheet.paint(filled(housing), shell, bevel=64, lift=7)
        back = curve((800, 126), (880, 138), (934, 190), (942, 256), (920, 336), (850, 376), (800, 380), (826, 250), steps=10)
        sheet.paint(filled(back), rubber, bevel=44, lift=3)
        vents = [line((842 + 4 * n, 196 + 24 * n), (912, 196 + 24 * n)) for n in range(6)]
        sheet.paint(strokes(vents, 9), Material("#141414", gloss=0), lift=0)
        sheet.paint(lettering(self.name, (596, 226), 50, serif=False), Material("#f4f1e6", gloss=0.5, tone=0.02), lift=0)
        sheet.paint(lettering("18 V", (500, 294), 26, serif=False), Material("#1b1b1b", gloss=0.4), lift=0)
        sheet.paint(filled(box(560, 104, 668, 134, radius=10)), BLACK_PLASTIC, bevel=10, lift=3)
        sheet.paint(discs([(470, 160), (470, 336), (760, 150), (760, 352)], 11), STEEL, bevel=5, lift=1)

    def _draw_battery(self, sheet: Sheet, shell: Material) -> None:
        sheet.paint(filled(box(520, 764, 880, 838, radius=22)), shell, bevel=26, lift=5)
        sheet.paint(filled(box(496, 826, 908, 962, radius=26)), BLACK_PLASTIC, bevel=22, lift=5)
        sheet.paint(filled(box(560, 826, 700, 850, radius=6)), shell, bevel=8, lift=3)
        for number in range(4):
            lit = Material("#7fd05a" if number < 2 else "#3a4438", gloss=0.8, tone=0.02)
            sheet.paint(filled(circle((552 + 26 * number, 800), 8)), lit, bevel=4, lift=0)
        sheet.paint(lettering("4,0 Ah", (830, 802), 22, serif=False), Material("#1b1b1b", gloss=0.4), lift=0)
        sticker(sheet, Print(self.label, self.label_colours), (700, 904), 42, degrees=-4)
