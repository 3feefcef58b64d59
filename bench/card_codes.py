"""Whether the codes of cards are read in photos as large as telephones take them: python -m bench card_codes [FOLDER].

Cards are laid onto photographs of 4,000 by 3,000 pixels, turned, tilted, blurred a little and saved as JPEG; then they
are read as a dropped photo is. A wrong number would put photos into another object's group.
"""

import argparse
import random
import time
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from gallery import imaging
from gallery.services.items.numbering.numbers import draw_public_number
from gallery.sharing import cards

SHARES = (0.01, 0.0125, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.4, 0.6)
SIZE = (4000, 3000)
BLURS = (0.3, 0.8)
QUALITY = 88
# The drawing is made this many times larger than the sensor's pixels, which each see the mean of theirs.
FINER = 3
NOISE, TILT = 3.0, 0.05


def main(arguments: list[str]) -> None:
    """Print how many codes are read at each width, how many wrongly, and how long the reading of a photo takes."""
    parser = argparse.ArgumentParser(prog="bench card_codes", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--photos", type=int, default=50, help="at each width")
    parser.add_argument("--shares", type=float, nargs="*", default=SHARES, help="widths, as shares of the photo's")
    parser.add_argument("--seed", type=int, default=13)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)  # noqa: S311  drawings, no secret
    print(f"seed {options.seed}")
    paths = sorted(options.folder.rglob("*.jpg"))
    chance.shuffle(paths)
    print("| width of the code | read | unread, but told | wrong | of | ms a photo | of a card left in sight, most |")
    print("|---|---|---|---|---|---|---|")
    for share in options.shares:
        _tell(share, paths[: options.photos], chance)
    _tell(0.0, paths[: options.photos], chance)


def _tell(share: float, paths: list[Path], chance: random.Random) -> None:
    read = told = wrong = 0
    took, left = 0.0, [0.0]
    for path in paths:
        number = draw_public_number("35", choice=chance.choice)
        file = BytesIO()
        picture, corners = with_corners(path, number, share, chance)
        picture.save(file, "JPEG", quality=QUALITY)
        photo = file.getvalue()
        began = time.perf_counter()
        grey = imaging.as_array(imaging.decode_grey(photo, imaging.Limits()))
        found = cards.codes_in(grey)
        took += time.perf_counter() - began
        said = {code.text for code in found}
        left += [_uncovered(corners, code.card) for code in found if code.text == number]
        read += number in said
        told += number not in said and "" in said
        wrong += bool(said - {number, ""})
    name = f"{100 * share:g} %" if share else "no card"
    print(
        f"| {name} | {read} | {told} | {wrong} | {len(paths)} | {1000 * took / len(paths):.0f} | {max(left):.4f} |",
        flush=True,
    )


def photographed(path: Path, number: str, share: float, chance: random.Random) -> Image.Image:
    """A photo of SIZE with a card whose code has this share of its width; 0: without."""
    return with_corners(path, number, share, chance)[0]


def with_corners(path: Path, number: str, share: float, chance: random.Random) -> tuple[Image.Image, np.ndarray]:
    """What `photographed` makes, with the corners of the card in it, (4, 2) float32 in pixels; none without a card."""
    with Image.open(path) as file:
        file.draft("RGB", SIZE)
        photo = np.asarray(ImageOps.fit(ImageOps.exif_transpose(file).convert("RGB"), SIZE))
    if not share:
        return Image.fromarray(photo), np.zeros((0, 2), np.float32)
    laid, corners = _laid(photo, number, share, chance)
    return Image.fromarray(laid), corners


def _uncovered(corners: np.ndarray, place: tuple[float, float, float, float]) -> float:
    """The share of a card's pixels in the photo that are outside of what would be hidden of it."""
    seen = np.zeros(SIZE[::-1], np.uint8)
    cv2.fillConvexPoly(seen, np.rint(corners).astype(np.int32), 1)
    whole = int(seen.sum())
    left, top, right, bottom = (side * size for side, size in zip(place, SIZE * 2, strict=True))
    seen[int(np.floor(top)) : int(np.ceil(bottom)), int(np.floor(left)) : int(np.ceil(right))] = 0
    return int(seen.sum()) / whole


def _laid(photo: np.ndarray, number: str, share: float, chance: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """The photo with a card whose code has this share of its width; the code is whole, the card may be cut."""
    card = np.asarray(cards.drawn(number).convert("L"))
    code = cards.MODULES * cards.MODULE
    scale = share * SIZE[0] / code
    # Turned at will as long as the code fits the height.
    freely = share * SIZE[0] * 2**0.5 < SIZE[1]
    angle = chance.uniform(-180, 180) if freely else chance.choice((0, 90, 180, -90)) + chance.uniform(-5, 5)
    corners = _turned(card, scale, angle, chance)
    reach = 0.71 * scale * code if freely else 0.55 * scale * code
    middle = [chance.uniform(min(reach, side / 2), max(side - reach, side / 2)) for side in SIZE]
    corners += np.array(middle, np.float32)
    low = np.maximum(np.floor(corners.min(0)).astype(int) - 8, 0)
    high = np.minimum(np.ceil(corners.max(0)).astype(int) + 8, SIZE)
    part = photo[low[1] : high[1], low[0] : high[0]]
    seen = _seen(part, card, corners - low, chance)
    whole = photo.copy()
    whole[low[1] : high[1], low[0] : high[0]] = seen
    return whole, corners


def _turned(card: np.ndarray, scale: float, angle: float, chance: random.Random) -> np.ndarray:
    """The corners of the card around the middle of its code."""
    code = cards.MODULES * cards.MODULE
    height, width = card.shape
    middle = ((cards.QUIET + 1) * cards.MODULE + code / 2, height / 2)
    around = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - np.array(middle, np.float32)
    turn = np.deg2rad(angle)
    matrix = scale * np.array([(np.cos(turn), -np.sin(turn)), (np.sin(turn), np.cos(turn))])
    tilt = np.array([[1 + chance.uniform(-TILT, TILT)] for _ in range(4)])
    return np.asarray(around @ matrix.T * tilt, np.float32)


def _seen(part: np.ndarray, card: np.ndarray, corners: np.ndarray, chance: random.Random) -> np.ndarray:
    height, width = part.shape[:2]
    finer = FINER if width * height < 4_000_000 else 1
    shrunk = min(1.0, finer * float(np.linalg.norm(corners[1] - corners[0])) / card.shape[1])
    small = cv2.resize(card, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA)
    there = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32) * np.array(small.shape[::-1], np.float32)
    placing = cv2.getPerspectiveTransform(there, (corners * finer).astype(np.float32))
    paper = np.full(small.shape, 255, np.uint8)
    drawn, mask = (
        cv2.resize(
            cv2.warpPerspective(each, placing, (width * finer, height * finer)),
            (width, height),
            interpolation=cv2.INTER_AREA,
        ).astype(np.float32)
        for each in (small, paper)
    )
    share = (mask / 255)[..., None]
    mixed = part * (1 - share) + (drawn[..., None] * 0.78 + 30 * share)
    soft = cv2.GaussianBlur(mixed, (0, 0), chance.uniform(*BLURS))
    noise = np.random.default_rng(chance.randrange(2**32)).normal(0, NOISE, soft.shape)
    return np.asarray(np.clip(soft + noise, 0, 255), np.uint8)
