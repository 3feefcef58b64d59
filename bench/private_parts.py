"""How many private parts of photos are proposed, and how much else: python -m bench private_parts [FOLDER].

Plates, lines of text and lit screens are drawn, faces are those of a NumPy file, (n, h, w) of 0 to 1, such as the
lfw_subset.npy that scikit-image comes with; each is laid onto a photograph, turned a little and saved as JPEG.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from gallery import imaging
from gallery.imaging import Picture, Place, PrivateKind, suggested
from gallery.sharing.lettering import font

SIZE = (1600, 1200)
QUALITY = 88
# A part is found when proposed places cover this much of it.
COVERED = 0.6
# Degrees: more, and the box around a long line is mostly paper.
TURNED = 3
SHARES = {
    PrivateKind.FACE: (0.08, 0.25),
    PrivateKind.PLATE: (0.1, 0.3),
    PrivateKind.TEXT: (0.15, 0.5),
    PrivateKind.SCREEN: (0.15, 0.4),
}
WORDS = [
    "Madame",
    "Jeanne",
    "Martin",
    "12",
    "rue",
    "des",
    "Lilas",
    "35500",
    "Vitré",
    "facture",
    "du",
    "3",
    "mai",
    "téléphone",
    "client",
    "numéro",
]
SHEETS = Path("../shared/data")

Draw = Callable[[random.Random], Image.Image]


def main(arguments: list[str]) -> None:
    """Print how many of each kind were found, and how many places a photograph gets as it is."""
    parser = argparse.ArgumentParser(prog="bench private_parts", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHEETS)
    parser.add_argument("--photos", type=int, default=60)
    parser.add_argument("--faces", type=Path)
    options = parser.parse_args(arguments)
    chance = random.Random(13)  # noqa: S311  drawings, no secret
    paths = sorted(options.folder.rglob("*.jpg"))
    chance.shuffle(paths)
    paths = paths[: options.photos]
    _tell_besides(paths)
    print("| laid onto a photo | found | by any kind | of |\n|---|---|---|---|")
    for kind, draw in _drawings(options.faces).items():
        _tell_found(kind, draw, paths, chance)


def _tell_besides(paths: list[Path]) -> None:
    counts: Counter[PrivateKind] = Counter()
    began = time.perf_counter()
    for path in paths:
        counts.update(each.kind for each in suggested(_picture(_photo(path))))
    took = 1000 * (time.perf_counter() - began) / len(paths)
    told = ", ".join(f"{kind.value} {counts[kind] / len(paths):.2f}" for kind in PrivateKind)
    print(f"places proposed in a photograph as it is, {len(paths)} of them: {told}; {took:.0f} ms a photo", flush=True)


def _tell_found(kind: PrivateKind, draw: Draw, paths: list[Path], chance: random.Random) -> None:
    found = any_kind = 0
    for path in paths:
        photo = _photo(path)
        place = _laid(photo, draw(chance), SHARES[kind], chance)
        proposed = suggested(_picture(photo))
        found += _are_over([each.place for each in proposed if each.kind is kind], place)
        any_kind += _are_over([each.place for each in proposed], place)
    print(f"| {kind.value} | {found} | {any_kind} | {len(paths)} |", flush=True)


def _photo(path: Path) -> Image.Image:
    with Image.open(path) as file:
        return ImageOps.fit(ImageOps.exif_transpose(file).convert("RGB"), SIZE)


def _picture(photo: Image.Image) -> Picture:
    file = BytesIO()
    photo.save(file, "JPEG", quality=QUALITY)
    return imaging.decode(file.getvalue(), imaging.Limits())


def _laid(photo: Image.Image, part: Image.Image, shares: tuple[float, float], chance: random.Random) -> Place:
    """Lay a part onto the photo, and say where it is."""
    width = round(chance.uniform(*shares) * SIZE[0])
    small = part.resize((width, round(width * part.height / part.width)), Image.Resampling.LANCZOS)
    turned = small.convert("RGBA").rotate(chance.uniform(-TURNED, TURNED), Image.Resampling.BICUBIC, expand=True)
    left, top = (chance.randrange(max(1, side - own)) for side, own in zip(SIZE, turned.size, strict=True))
    photo.paste(turned, (left, top), turned)
    right, bottom = left + turned.width, top + turned.height
    return left / SIZE[0], top / SIZE[1], right / SIZE[0], bottom / SIZE[1]


def _are_over(places: list[Place], part: Place) -> bool:
    """Whether places together cover enough of a part."""
    covered = np.zeros(SIZE[::-1], bool)
    for place in places:
        covered[_pixels(place)] = True
    return bool(covered[_pixels(part)].mean() >= COVERED)


def _pixels(place: Place) -> tuple[slice, slice]:
    left, top, right, bottom = (round(share * side) for share, side in zip(place, 2 * SIZE, strict=True))
    return slice(top, bottom), slice(left, right)


def _drawings(faces: Path | None) -> dict[PrivateKind, Draw]:
    drawn: dict[PrivateKind, Draw] = {
        PrivateKind.PLATE: _plate,
        PrivateKind.TEXT: _line,
        PrivateKind.SCREEN: _screen,
    }
    if faces is None:
        return drawn
    known = np.load(faces)[:100]
    return {PrivateKind.FACE: lambda chance: _face(known[chance.randrange(len(known))])} | drawn


def _face(grey: np.ndarray) -> Image.Image:
    return Image.fromarray(np.uint8(255 * grey)).resize((250, 250), Image.Resampling.BICUBIC)


def _plate(chance: random.Random) -> Image.Image:
    plate = Image.new("RGB", (520, 110), "white")
    draw = ImageDraw.Draw(plate)
    for left in (0, 478):
        draw.rectangle((left, 0, left + 42, 110), fill=(0, 51, 153))
    letters = "".join(chance.choices("ABCDEFGHJKLMNPQRSTVWXYZ", k=4))
    text = f"{letters[:2]}-{chance.randrange(100, 999)}-{letters[2:]}"
    draw.text((260, 55), text, fill="black", font=font(86, bold=True), anchor="mm")
    draw.rectangle((0, 0, 519, 109), outline="black", width=3)
    return plate


def _line(chance: random.Random) -> Image.Image:
    paper = Image.new("RGB", (900, 48), (246, 244, 238))
    ImageDraw.Draw(paper).text(
        (450, 24), " ".join(chance.sample(WORDS, 6)), fill=(30, 30, 40), font=font(36), anchor="mm"
    )
    return paper


def _screen(chance: random.Random) -> Image.Image:
    screen = Image.new("RGB", (420, 800), (18, 18, 20))
    draw = ImageDraw.Draw(screen)
    draw.rounded_rectangle((14, 24, 406, 776), 18, fill=(236, 240, 246))
    for row in range(6):
        top = 60 + 110 * row
        draw.rounded_rectangle((34, top, 386, top + 80), 10, fill="white")
        draw.text((50, top + 40), " ".join(chance.sample(WORDS, 2)), fill=(60, 60, 70), font=font(24), anchor="lm")
    return screen
