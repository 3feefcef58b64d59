"""Framed oil paintings."""

from dataclasses import dataclass

import numpy as np

from gallery.demo.drawing import canvases
from gallery.demo.drawing.brushwork import brushed
from gallery.demo.drawing.ornament import BRASS, dent, rosette, scratch, scroll
from gallery.demo.drawing.shapes import Mask, box, curve, discs, evenly, filled, lettering, line, strokes
from gallery.demo.drawing.sheet import Material, Sheet, Values, rgb
from gallery.demo.drawing.texture import sample

MOTIFS: dict[str, canvases.Motif] = {
    "river": canvases.river,
    "storm": canvases.storm,
    "fruit": canvases.fruit,
    "bouquet": canvases.bouquet,
    "snow": canvases.snow,
}
GILT = Material("#c99b45", metal=0.85, gloss=0.5, texture="stain", tone=0.07, relief=0.1)


@dataclass(frozen=True)
class Painting:
    """motif: a key of MOTIFS. frame: gilt, or the colour of its wood; border: how wide it is, in pixels."""

    motif: str
    frame: str
    signature: str
    border: int = 110
    width: int = 900
    height: int = 620
    millimetres: float = 620
    signature_ink: str = "#3a1d14"
    plate: str = ""

    def draw(self, random: np.random.Generator) -> Sheet:
        """The painting in its frame, upright."""
        sheet = Sheet(self.width + 2 * self.border, self.height + 2 * self.border, random, millimetres=self.millimetres)
        self._draw_canvas(sheet)
        if self.frame == "gilt":
            self._draw_gilt_frame(sheet)
        else:
            self._draw_wooden_frame(sheet)
        if self.plate:
            self._draw_plate(sheet)
        scratch(sheet, 40, length=50, depth=0.3)
        return sheet

    def _draw_canvas(self, sheet: Sheet) -> None:
        """Paint that lies thick, and has cracked with age."""
        picture, thickness = brushed(MOTIFS[self.motif](self.width, self.height, sheet.random))
        linen = Material("#ffffff", gloss=0.22, texture="weave", tone=0.015, relief=0.05)
        canvas = box(self.border, self.border, self.border + self.width - 5, self.border + self.height - 5)
        sheet.paint(filled(canvas), linen, lift=0, picture=picture)
        sheet.engrave(Mask(self.border, self.border, thickness), depth=-0.7, darkness=0)
        cracks = []
        for x, y in sheet.random.uniform((0.05, 0.05), (0.95, 0.95), (26, 2)) * (self.width, self.height):
            steps = np.cumsum(sheet.random.normal(0, 11, (6, 2)), axis=0)
            cracks.append(steps + (self.border + x, self.border + y))
        sheet.engrave(strokes(cracks, 1), depth=0.4, darkness=0.22)
        place = self.border + self.width - 42 - 8 * len(self.signature), self.border + self.height - 38
        sheet.paint(lettering(self.signature, place, 18), Material(self.signature_ink, gloss=0.3), lift=0)

    def _draw_gilt_frame(self, sheet: Sheet) -> None:
        """Plaster ornaments under gold leaf: scrolls in the corners, a row of beads along the picture."""
        right, low = self.border * 2 + self.width, self.border * 2 + self.height
        inner = box(self.border, self.border, right - self.border, low - self.border)
        sheet.paint(filled(box(0, 0, right, low, radius=6), inner), GILT, bevel=self.border * 0.42, lift=7)
        wide = self.border * 0.62
        sheet.paint(filled(box(wide, wide, right - wide, low - wide), inner), Material("#a87b30", metal=0.85, gloss=0.4, texture="stain", tone=0.12), bevel=9, lift=3)
        edge = self.border * 0.86
        beads = evenly(np.concatenate([box(edge, edge, right - edge, low - edge), line((edge, edge))]), 19)
        sheet.paint(discs(beads, 7), GILT, bevel=7, lift=2)
        rim = self.border * 0.3
        for x, y, degrees in ((rim, rim, 0), (right - rim, rim, 90), (right - rim, low - rim, 180), (rim, low - rim, 270)):
            rosette(sheet, (x, y), self.border * 0.34, 8, depth=-1.3)
            for side in (0, 90):
                along = np.radians(degrees + side)
                at = x + self.border * 0.85 * np.cos(along), y + self.border * 0.85 * np.sin(along)
                scroll(sheet, (float(at[0]), float(at[1])), self.border * 0.27, degrees=degrees + side, depth=-1.3)
        for x, y in ((right / 2, rim), (right / 2, low - rim), (rim, low / 2), (right - rim, low / 2)):
            rosette(sheet, (x, y), self.border * 0.26, 6, depth=-1.3)
        self._draw_mitres(sheet)
        dent(sheet, 26, size=5)

    def _draw_wooden_frame(self, sheet: Sheet) -> None:
        """Moulded wood whose grain runs along each side, with a gilt slip next to the picture."""
        right, low = self.border * 2 + self.width, self.border * 2 + self.height
        slip = self.border * 0.80
        outer, inner = box(0, 0, right, low), box(slip, slip, right - slip, low - slip)
        wood = Material(self.frame, gloss=0.5)
        sheet.paint(filled(outer, inner), wood, bevel=self.border * 0.3, lift=7, picture=self._grain(right, low))
        for share in (0.34, 0.44):
            inset = self.border * share
            sheet.engrave(strokes([box(inset, inset, right - inset, low - inset)], 4, closed=True), depth=0.9, darkness=0.3)
        opening = box(self.border, self.border, right - self.border, low - self.border)
        sheet.paint(filled(inner, opening), GILT, bevel=8, lift=3)
        self._draw_mitres(sheet)
        dent(sheet, 18, size=6)

    def _grain(self, width: int, height: int) -> Values:
        """The wood of the four sides, (height + 8, width + 8, 3)."""
        across, down = np.meshgrid(np.arange(width + 8), np.arange(height + 8))
        is_side = np.minimum(across, width - across) < np.minimum(down, height - down)
        tone = np.where(is_side, sample("upright wood", 90, 40, width + 8, height + 8), sample("wood", 40, 90, width + 8, height + 8))
        return np.asarray(rgb(self.frame) * (1 + 0.13 * tone[..., None]), np.float32)

    def _draw_mitres(self, sheet: Sheet) -> None:
        right, low, inset = self.border * 2 + self.width, self.border * 2 + self.height, self.border
        joints = [
            line((0, 0), (inset, inset)),
            line((right, 0), (right - inset, inset)),
            line((right, low), (right - inset, low - inset)),
            line((0, low), (inset, low - inset)),
        ]
        sheet.engrave(strokes(joints, 2), depth=0.5, darkness=0.45)

    def _draw_plate(self, sheet: Sheet) -> None:
        """A brass plate with the picture's name, screwed to the lower side."""
        x, y = self.border + self.width / 2, self.border * 1.42 + self.height
        half = 26 + 9 * len(self.plate)
        sheet.paint(filled(box(x - half, y - 21, x + half, y + 21, radius=5)), Material("#e9dcae", metal=0.4, gloss=0.5, texture="brushed", tone=0.03), bevel=4, lift=3)
        ink = Material("#2a2016", gloss=0.2)
        sheet.paint(lettering(self.plate, (x, y), 19), ink, lift=0)
        sheet.paint(discs([(x - half + 13, y), (x + half - 13, y)], 5), BRASS, bevel=4, lift=1)
        crack = curve((x + half + 40, y + 20), (x + half + 52, y), (x + half + 46, y - 26))
        sheet.engrave(strokes([crack], 2), depth=0.8, darkness=0.4)
