"""What the demo's paintings show: a river, a storm, fruit, flowers, snow. No place and no painter of them exists."""

from collections.abc import Callable

import numpy as np

from gallery.demo.drawing.brushwork import Paint, Sketch
from gallery.demo.drawing.jewellery import shade
from gallery.demo.drawing.ornament import blot
from gallery.demo.drawing.shapes import Point, around, box, curve, line, oval

Motif = Callable[[int, int, np.random.Generator], Sketch]


def river(width: int, height: int, random: np.random.Generator) -> Sketch:
    """A river between poplars, a farm with a red roof, an evening sky."""
    sketch = Sketch(width, height, random, top="#6f9cc0", bottom="#f3dcae")
    for _ in range(7):
        _cloud(sketch, (random.uniform(0, width), random.uniform(0.06, 0.32) * height), random.uniform(60, 150), Paint("#f7ead2", below="#c3b9b4", strength=0.75))
    _ridge(sketch, 0.50 * height, 26, "#8ea7b8", "#a9b7b2")
    _ridge(sketch, 0.56 * height, 20, "#6f8f6a", "#93a56b")
    sketch.fill(box(0, 0.62 * height, width, height), Paint("#a5a955", below="#55682f", tone=0.08))
    bank = curve((0.36 * width, 0.625 * height), (0.50 * width, 0.70 * height), (0.40 * width, 0.82 * height), (0.58 * width, 1.05 * height))
    other = curve((1.02 * width, 1.05 * height), (0.74 * width, 0.84 * height), (0.62 * width, 0.70 * height), (0.40 * width, 0.625 * height))
    sketch.fill(np.concatenate([bank, other]), Paint("#e6d3a6", below="#5f86a3", tone=0.05))
    _house(sketch, (0.66 * width, 0.62 * height), 0.15 * width, "#efe2c4", "#a8472f")
    for number, x in enumerate(np.linspace(0.06, 0.40, 7)):
        _poplar(sketch, x * width, (0.66 + 0.012 * number) * height, (0.36 - 0.03 * number) * height)
    _tree(sketch, 0.90 * width, 0.86 * height, 0.56 * height, ("#33502b", "#5f7d35", "#94a84a"))
    for _ in range(60):
        x, y = random.uniform(0, width), random.uniform(0.80, 1.0) * height
        sketch.fill(blot(random, (x, y), 6), Paint(str(random.choice(["#d9c24f", "#c9542f", "#e8e0c8", "#3f5527"])), strength=0.8))
    return sketch


def storm(width: int, height: int, random: np.random.Generator) -> Sketch:
    """A fishing boat before a cliff, in a rising sea."""
    sketch = Sketch(width, height, random, top="#3f4f63", bottom="#d8b98c")
    for _ in range(11):
        _cloud(sketch, (random.uniform(0, width), random.uniform(0.02, 0.36) * height), random.uniform(80, 190), Paint("#8d93a0", below="#3c4757", strength=0.75))
    cliff = curve((0.70 * width, 0.56 * height), (0.74 * width, 0.40 * height), (0.80 * width, 0.33 * height), (0.92 * width, 0.30 * height), (1.02 * width, 0.27 * height))
    sketch.fill(np.concatenate([cliff, line((1.02 * width, 0.6 * height), (0.7 * width, 0.6 * height))]), Paint("#e7dcc4", below="#8d8471", tone=0.14))
    sketch.fill(box(0, 0.55 * height, width, height), Paint("#5d8f92", below="#163a47"))
    for row in range(11):
        _wave(sketch, (0.57 + 0.0042 * row * (row + 1)) * height, 3 + 2.4 * row)
    _boat(sketch, 0.34 * width, 0.68 * height, 0.34 * height)
    for _ in range(5):
        x, y = random.uniform(0.45, 0.95) * width, random.uniform(0.12, 0.3) * height
        wing = curve((x - 15, y - 5), (x - 6, y - 8), (x, y), (x + 6, y - 8), (x + 15, y - 5))
        sketch.trace(wing, 4, Paint("#f4f1e6"))
    return sketch


def fruit(width: int, height: int, random: np.random.Generator) -> Sketch:
    """Apples, a lemon and grapes beside a blue jug, on a white cloth."""
    sketch = Sketch(width, height, random, top="#2c211b", bottom="#5a4130")
    sketch.fill(oval((0.2 * width, 0.3 * height), (0.4 * width, 0.34 * height)), Paint("#7d5f44", strength=0.7), softness=90)
    sketch.fill(box(0, 0.64 * height, width, height), Paint("#8a5a34", below="#3f2616", tone=0.08))
    edge = curve((0.10 * width, 0.68 * height), (0.40 * width, 0.66 * height), (0.80 * width, 0.70 * height), (0.90 * width, 0.80 * height))
    hem = curve((0.86 * width, 1.02 * height), (0.60 * width, 0.93 * height), (0.34 * width, 1.02 * height), (0.04 * width, 0.90 * height))
    sketch.fill(np.concatenate([edge, hem]), Paint("#ece5d6", below="#a8a196", tone=0.05))
    for x in (0.22, 0.38, 0.55, 0.72):
        fold = curve((x * width, 0.74 * height), ((x + 0.03) * width, 0.84 * height), ((x - 0.01) * width, 0.98 * height))
        sketch.trace(fold, 16, Paint("#9c978f", strength=0.7), softness=5)
    _jug(sketch, 0.27 * width, 0.74 * height, 0.44 * height)
    for x, y, radius, colour in ((0.47, 0.66, 0.105, "#b5362a"), (0.62, 0.69, 0.098, "#c98a2f"), (0.55, 0.79, 0.10, "#8f9a3a"), (0.735, 0.80, 0.082, "#a83228")):
        _shadow(sketch, (x + 0.04) * width, (y + 0.085) * height, radius * 1.2 * height)
        sketch.ball((x * width, y * height), radius * height, colour)
        stem = curve((x * width, (y - 0.07) * height), (x * width + 4, (y - 0.10) * height), (x * width + 12, (y - 0.125) * height))
        sketch.trace(stem, 5, Paint("#33241a"))
    sketch.fill(oval((0.41 * width, 0.86 * height), (52, 34), degrees=-18), Paint("#f0d048", below="#a8822a"))
    for row, count in enumerate((5, 4, 4, 3, 2, 1)):
        for number in range(count):
            x, y = 0.80 * width + (number - count / 2) * 30 + random.uniform(-5, 5), 0.60 * height + row * 25
            sketch.ball((x, y), 18, "#4d3560")
    return sketch


def bouquet(width: int, height: int, random: np.random.Generator) -> Sketch:
    """Garden flowers in a glass vase, before a green wall."""
    sketch = Sketch(width, height, random, top="#54685a", bottom="#78806a")
    sketch.fill(oval((0.3 * width, 0.3 * height), (0.5 * width, 0.3 * height)), Paint("#9aa786", strength=0.7), softness=80)
    sketch.fill(box(0, 0.82 * height, width, height), Paint("#b58a5e", below="#6b4529", tone=0.06))
    _shadow(sketch, 0.62 * width, 0.90 * height, 120)
    glass = curve((0.36 * width, 0.60 * height), (0.40 * width, 0.70 * height), (0.35 * width, 0.82 * height), (0.42 * width, 0.90 * height), (0.58 * width, 0.90 * height),
                  (0.65 * width, 0.82 * height), (0.60 * width, 0.70 * height), (0.64 * width, 0.60 * height))  # fmt: skip
    sketch.fill(glass, Paint("#7f9aa0", below="#35525c", tone=0.06))
    sketch.trace(curve((0.41 * width, 0.66 * height), (0.42 * width, 0.74 * height), (0.39 * width, 0.82 * height)), 12, Paint("#e9f2ee"), softness=3)
    for x, y in random.normal((0.5, 0.38), (0.20, 0.15), (70, 2)):
        leaf = oval((x * width, y * height), (58, 15), degrees=float(random.uniform(0, 180)))
        sketch.fill(leaf, Paint(str(random.choice(["#2f4a2c", "#4b6b35", "#6d8a45", "#25391f"]))))
    colours = ("#c23a3a", "#e8b83c", "#efe6da", "#7a4a8e", "#df7f93", "#d8682f", "#4f6fae")
    for number, (x, y) in enumerate(((0.30, 0.24), (0.52, 0.15), (0.72, 0.26), (0.40, 0.40), (0.62, 0.42), (0.20, 0.44), (0.80, 0.46), (0.50, 0.29), (0.33, 0.54), (0.66, 0.55))):
        _flower(sketch, x * width, y * height, random.uniform(58, 82), colours[number % 7])
    for x in (0.24, 0.33, 0.76):
        sketch.fill(oval((x * width, 0.93 * height), (26, 11), degrees=float(random.uniform(-40, 40))), Paint("#df7f93", below="#a8455c"))
    return sketch


def snow(width: int, height: int, random: np.random.Generator) -> Sketch:
    """A village under snow, its church, and a lane with footsteps."""
    sketch = Sketch(width, height, random, top="#8794a8", bottom="#ecc9b0")
    _ridge(sketch, 0.46 * height, 30, "#a9b0c0", "#cfd0d4")
    sketch.fill(box(0, 0.56 * height, width, height), Paint("#e4e6ee", below="#b8c0d6", tone=0.03))
    _steeple(sketch, 0.46 * width, 0.58 * height, 0.38 * height)
    for x, y, wide, wall in ((0.08, 0.60, 0.17, "#a5745a"), (0.30, 0.59, 0.13, "#c9a27e"), (0.58, 0.60, 0.15, "#8d5f4e"), (0.76, 0.63, 0.20, "#b98a64")):
        _house(sketch, (x * width, y * height), wide * width, wall, "#f2f3f7")
    lane = curve((0.47 * width, 0.60 * height), (0.54 * width, 0.72 * height), (0.40 * width, 0.84 * height), (0.34 * width, 1.04 * height))
    other = curve((0.68 * width, 1.04 * height), (0.58 * width, 0.86 * height), (0.62 * width, 0.72 * height), (0.50 * width, 0.60 * height))
    sketch.fill(np.concatenate([lane, other]), Paint("#c3bfc4", below="#9a94a2", tone=0.06))
    for step in range(16):
        y = 0.66 + 0.022 * step
        sketch.fill(oval(((0.525 + 0.012 * (step % 2)) * width, y * height), (3 + step * 0.4, 2 + step * 0.25)), Paint("#757082"))
    for x, y, tall in ((0.16, 0.90, 0.62), (0.90, 0.94, 0.56), (0.70, 0.78, 0.26)):
        _bare_tree(sketch, x * width, y * height, tall * height)
    for x in np.arange(0.02, 0.40, 0.055):
        sketch.fill(box(x * width, 0.80 * height, x * width + 8, 0.89 * height), Paint("#5b4a42"))
    for y in (0.825, 0.86):
        sketch.fill(box(0, y * height, 0.385 * width, y * height + 6), Paint("#6b574d"))
    return sketch


def _cloud(sketch: Sketch, centre: Point, size: float, paint: Paint) -> None:
    x, y = centre
    for _ in range(5):
        right, down = sketch.random.normal(0, (size * 0.5, size * 0.08))
        sketch.fill(oval((x + right, y + down), (size * 0.5, size * 0.17)), paint, softness=size * 0.08)


def _ridge(sketch: Sketch, level: float, rise: float, colour: str, below: str) -> None:
    width, height = sketch.size
    tops = [(x, level + sketch.random.normal(0, rise)) for x in np.linspace(-20, width + 20, 8)]
    foot = line((width + 20, 0.68 * height), (-20, 0.68 * height))
    sketch.fill(np.concatenate([curve(*tops), foot]), Paint(colour, below=below, tone=0.05))


def _poplar(sketch: Sketch, x: float, foot: float, tall: float) -> None:
    sketch.fill(oval((x + 0.16 * tall, foot + 4), (0.22 * tall, 0.03 * tall)), Paint("#40532a"), softness=5)
    sketch.fill(box(x - 3, foot - 0.2 * tall, x + 3, foot), Paint("#4a3826"))
    sketch.fill(oval((x, foot - 0.56 * tall), (0.10 * tall, 0.46 * tall)), Paint("#4d6b35", below="#2f4726", tone=0.14))
    sketch.fill(oval((x - 0.035 * tall, foot - 0.58 * tall), (0.035 * tall, 0.36 * tall)), Paint("#a3ad58", strength=0.8), softness=4)


def _tree(sketch: Sketch, x: float, foot: float, tall: float, greens: tuple[str, str, str]) -> None:
    trunk = curve((x - 14, foot), (x - 7, foot - 0.3 * tall), (x - 24, foot - 0.6 * tall), (x + 10, foot - 0.6 * tall), (x + 8, foot - 0.3 * tall), (x + 18, foot))
    sketch.fill(trunk, Paint("#5b4430", below="#33241a"))
    for layer, green in enumerate(greens):
        for right, down in sketch.random.normal((-12 * layer, -0.70 * tall - 14 * layer), (0.17 * tall, 0.12 * tall), (26, 2)):
            sketch.fill(blot(sketch.random, (x + right, foot + down), (0.10 - 0.024 * layer) * tall), Paint(green, strength=0.9))


def _bare_tree(sketch: Sketch, x: float, foot: float, tall: float) -> None:
    bark = "#3d3438"
    sketch.fill(line((x - 0.03 * tall, foot), (x - 0.008 * tall, foot - tall), (x + 0.008 * tall, foot - tall), (x + 0.03 * tall, foot)), Paint(bark))
    for share in np.linspace(0.35, 0.95, 13):
        side = -1 if sketch.random.random() < 0.5 else 1
        reach, start = (1.1 - share) * tall * 0.55, foot - share * tall
        bough = curve((x, start), (x + side * reach * 0.5, start - reach * 0.35), (x + side * reach, start - reach * 0.9))
        sketch.trace(bough, 5, Paint(bark))
        sketch.trace(bough - (0, 4), 3, Paint("#eceef4", strength=0.8))
        twig = curve(tuple(bough[12]), (x + side * reach * 0.8, start - reach * 0.3), (x + side * reach * 1.1, start - reach * 0.4))
        sketch.trace(twig, 3, Paint(bark))


def _house(sketch: Sketch, corner: Point, wide: float, wall: str, roof: str) -> None:
    x, foot = corner
    tall = wide * 0.42
    sketch.fill(box(x, foot - tall, x + wide, foot), Paint(wall, below=wall, tone=0.05))
    sketch.fill(box(x + wide * 0.72, foot - tall, x + wide, foot), Paint("#4a3b3a", strength=0.35))
    sketch.fill(line((x - 8, foot - tall), (x + wide * 0.16, foot - tall * 1.75), (x + wide * 0.86, foot - tall * 1.75), (x + wide + 8, foot - tall)), Paint(roof, tone=0.06))
    sketch.fill(box(x + wide * 0.64, foot - tall * 2.05, x + wide * 0.74, foot - tall * 1.7), Paint("#7a4a3c"))
    for share in (0.12, 0.52):
        sketch.fill(box(x + wide * share, foot - tall * 0.72, x + wide * (share + 0.13), foot - tall * 0.30), Paint("#3a3432"))
    sketch.fill(box(x + wide * 0.32, foot - tall * 0.66, x + wide * 0.44, foot), Paint("#54382a"))


def _steeple(sketch: Sketch, x: float, foot: float, tall: float) -> None:
    half = 0.11 * tall
    sketch.fill(box(x - half, foot - 0.62 * tall, x + half, foot), Paint("#c9b8a4", below="#9a8a80", tone=0.05))
    sketch.fill(box(x + half * 0.3, foot - 0.62 * tall, x + half, foot), Paint("#5e5560", strength=0.4))
    sketch.fill(line((x - half * 1.3, foot - 0.62 * tall), (x, foot - tall), (x + half * 1.3, foot - 0.62 * tall)), Paint("#5b6478", below="#7d8698"))
    sketch.fill(line((x - half * 1.3, foot - 0.62 * tall), (x, foot - tall), (x - half * 0.3, foot - 0.66 * tall)), Paint("#eef0f6"))
    sketch.fill(oval((x - 2, foot - 0.50 * tall), (half * 0.32, half * 0.5)), Paint("#3a3640"))


def _wave(sketch: Sketch, level: float, size: float) -> None:
    width, _ = sketch.size
    across = np.arange(-40, width + 40, 10)
    start = sketch.random.uniform(0, 6)
    crest = level - size * np.abs(np.sin(across / (22 + 5 * size) + start)) ** 1.6 * (1 + 0.4 * np.sin(across / 170 + start))
    path = np.stack([across, crest], axis=1).astype(np.float64)
    sketch.fill(np.concatenate([path, path[::-1] + (0, size * 1.9 + 6)]), Paint("#2c6470", below="#1d4754", strength=0.85), softness=2)
    for left in sketch.random.integers(0, len(path) - 12, 7):
        foam = path[left : left + int(sketch.random.integers(4, 11))]
        sketch.trace(foam, 2 + size * 0.28, Paint("#eef2ec", strength=0.9), softness=1)


def _boat(sketch: Sketch, x: float, foot: float, tall: float) -> None:
    hull = curve((x - 0.42 * tall, foot - 0.17 * tall), (x - 0.30 * tall, foot), (x + 0.26 * tall, foot), (x + 0.46 * tall, foot - 0.20 * tall))
    sketch.fill(hull, Paint("#7d2f26", below="#2d1a18"))
    sketch.trace(line(tuple(hull[0]), tuple(hull[-1])), 7, Paint("#e8dcc0"))
    sketch.fill(box(x - 3, foot - 1.05 * tall, x + 3, foot - 0.14 * tall), Paint("#3a2a20"))
    main = curve((x + 6, foot - 1.0 * tall), (x + 0.26 * tall, foot - 0.55 * tall), (x + 0.36 * tall, foot - 0.26 * tall), (x + 6, foot - 0.24 * tall))
    sketch.fill(main, Paint("#f0e2c2", below="#c08f5c"))
    jib = curve((x - 6, foot - 0.92 * tall), (x - 0.22 * tall, foot - 0.5 * tall), (x - 0.40 * tall, foot - 0.24 * tall), (x - 6, foot - 0.26 * tall))
    sketch.fill(jib, Paint("#d9a066", below="#9c5a38"))
    spray = curve((x - 0.5 * tall, foot + 6), (x - 0.2 * tall, foot - 6), (x + 0.2 * tall, foot + 4), (x + 0.52 * tall, foot - 4))
    sketch.trace(spray, 12, Paint("#eef2ec"), softness=3)


def _jug(sketch: Sketch, x: float, foot: float, tall: float) -> None:
    _shadow(sketch, x + 0.3 * tall, foot + 2, 0.4 * tall)
    handle = curve((x + 0.14 * tall, foot - 0.86 * tall), (x + 0.40 * tall, foot - 0.84 * tall), (x + 0.40 * tall, foot - 0.5 * tall), (x + 0.24 * tall, foot - 0.36 * tall))
    sketch.trace(handle, 17, Paint("#24466e", below="#16263d"))
    body = curve((x - 0.15 * tall, foot - tall), (x - 0.12 * tall, foot - 0.8 * tall), (x - 0.30 * tall, foot - 0.4 * tall), (x - 0.18 * tall, foot), (x + 0.18 * tall, foot),
                 (x + 0.30 * tall, foot - 0.4 * tall), (x + 0.12 * tall, foot - 0.8 * tall), (x + 0.17 * tall, foot - 0.97 * tall))  # fmt: skip
    sketch.fill(body, Paint("#3a6aa0", below="#1c3555", tone=0.05))
    sketch.fill(oval((x + 0.16 * tall, foot - 0.4 * tall), (0.11 * tall, 0.36 * tall)), Paint("#101c2e", strength=0.7), softness=16)
    sketch.fill(oval((x - 0.13 * tall, foot - 0.46 * tall), (0.045 * tall, 0.17 * tall)), Paint("#d5e3ef", strength=0.9), softness=7)
    sketch.fill(oval((x, foot - 0.98 * tall), (0.15 * tall, 0.035 * tall)), Paint("#14202f"))


def _shadow(sketch: Sketch, x: float, y: float, reach: float) -> None:
    sketch.fill(oval((x, y), (reach, reach * 0.26)), Paint("#2a1d16", strength=0.6), softness=reach * 0.1)


def _flower(sketch: Sketch, x: float, y: float, size: float, colour: str) -> None:
    for share, dark in ((1.0, 0.72), (0.72, 0.9), (0.46, 1.08)):
        for at in around((x, y), size * share * 0.6, 8, first=float(sketch.random.uniform(0, 45))):
            angle = float(np.degrees(np.arctan2(at[1] - y, at[0] - x)))
            sketch.fill(oval(at, (size * share * 0.42, size * share * 0.26), degrees=angle), Paint(shade(colour, dark), below=shade(colour, dark * 0.8)))
    sketch.fill(oval((x, y), (size * 0.13, size * 0.12)), Paint("#4a3420"))

