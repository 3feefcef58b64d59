"""Whether copies of published photos are known again and other pictures are not: python -m bench verify [FOLDER].

All labelled pictures of the folder are published. Copies are made of some of them in every way listed below; then all
distractors are asked, and each labelled picture among the others of its object. --part 2/4 does a quarter of it.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from tqdm import tqdm

from gallery.matching import Catalogue, CatalogueEntry, Copy, describe, lies_as_a_copy, rank
from gallery.matching.evaluation.dataset import Photograph, read_galleries, read_picture
from gallery.services.albums.verification import COMPARED_ITEMS
from gallery.sharing import band
from gallery.sharing.authenticity import recognition

PROCESSES = 2
SITE, OWNER = "https://objets.example.fr", "Gendarmerie d’Ille-et-Vilaine · 02 61 91 35 01"
SHARE_QUALITY = 88
PHONE = (1080, 2160)
POST_TOP, POST_BOTTOM = 420, 480
ANSWERS = OURS, ALTERED, ANOTHER, NOTHING = "ours", "altered", "another photo of ours", "not ours"


@dataclass(frozen=True)
class Published:
    """The labelled pictures, as the service would know them; each process has a copy of it."""

    photographs: list[Photograph] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    details: dict[int, bytes] = field(default_factory=dict)
    catalogue: list[Catalogue] = field(default_factory=list)


@dataclass(frozen=True)
class Said:
    """What is said of a picture. is_known: whether its details alone would do, of a photo that is no longer public."""

    answer: str
    is_known: bool


PUBLISHED = Published()


@dataclass(frozen=True, eq=False)
class Original:
    """What copies are made of. rng: for what is at random, the same for each copy of a picture."""

    image: Image.Image
    rng: np.random.Generator
    number: str


Change = Callable[[Original], Image.Image]


def main(arguments: list[str]) -> None:
    """Print what is said of copies, of other pictures, and of other photos of the same objects."""
    parser = argparse.ArgumentParser(prog="bench verify", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--pictures", type=int, default=200, help="of which copies are made, spread over all sets")
    parser.add_argument("--others", type=int, help="at most this many; all without it")
    parser.add_argument("--part", default="1/1", help="such as 2/4")
    options = parser.parse_args(arguments)
    part, parts = (int(number) for number in options.part.split("/"))
    galleries = read_galleries(options.folder)
    known = {one.path: one for gallery in galleries for one in gallery.photographs}
    labelled = [one for one in known.values() if one.object_id]
    others = [one.path for one in known.values() if not one.object_id][: options.others]
    context = get_context("fork")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        described = list(tqdm(pool.map(_described, labelled, chunksize=16), total=len(labelled), leave=False))
    _publish(labelled, described)
    chosen = [place * len(labelled) // options.pictures for place in range(options.pictures)][part - 1 :: parts]
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        _print_copies(pool, chosen)
        _print_others(pool, others[part - 1 :: parts])
        _print_views(pool, range(part - 1, len(labelled), parts))


def _described(photograph: Photograph) -> tuple[tuple[int, int], bytes, bytes]:
    picture = read_picture(photograph.path)
    signature = describe(picture)
    return (picture.shape[1], picture.shape[0]), signature.compact(), signature.details_bytes()


def _publish(labelled: Sequence[Photograph], described: Sequence[tuple[tuple[int, int], bytes, bytes]]) -> None:
    PUBLISHED.photographs.extend(labelled)
    PUBLISHED.sizes.extend(size for size, _, _ in described)
    PUBLISHED.details.update({number: details for number, (_, _, details) in enumerate(described)})
    catalogue = Catalogue(lambda ids: {each: PUBLISHED.details[each] for each in ids})
    catalogue.add(CatalogueEntry(number, number, compact) for number, (_, compact, _) in enumerate(described))
    PUBLISHED.catalogue.append(catalogue)


def _print_copies(pool: ProcessPoolExecutor, chosen: Sequence[int]) -> None:
    print(f"{len(chosen)} of {len(PUBLISHED.photographs)} published photos")
    print(f"{'copy':<46}" + "".join(f"{heading:>22}" for heading in (*ANSWERS, "known by its details")))
    for name in COPIES | CHANGED_COPIES if chosen else ():
        asked = [(name, each) for each in chosen]
        said = list(tqdm(pool.map(_asked_of_copy, asked), total=len(asked), leave=False))
        counts = Counter(each.answer for each in said)
        columns = [counts[answer] for answer in ANSWERS] + [sum(each.is_known for each in said)]
        print(f"{name:<46}" + "".join(f"{column:22}" for column in columns), flush=True)


def _print_others(pool: ProcessPoolExecutor, others: Sequence[Path]) -> None:
    started = time.perf_counter()
    said = list(tqdm(pool.map(_asked_of_other, others, chunksize=8), total=len(others), leave=False))
    milliseconds = (time.perf_counter() - started) * PROCESSES / max(1, len(others)) * 1000
    _print_strangers("other pictures", others, said)
    print(f"{milliseconds:.0f} ms a picture and processor")


def _print_views(pool: ProcessPoolExecutor, numbers: Sequence[int]) -> None:
    said = list(tqdm(pool.map(_asked_of_view, numbers, chunksize=8), total=len(numbers), leave=False))
    _print_strangers("photos, their own left out", [PUBLISHED.photographs[each].path for each in numbers], said)


def _print_strangers(name: str, paths: Sequence[Path], said: Sequence[Said]) -> None:
    """What is said of pictures that are none of the published ones."""
    counts = Counter(each.answer for each in said)
    print(f"{len(said)} {name}: {dict(counts)}, known by their details: {sum(each.is_known for each in said)}")
    for path, each in zip(paths, said, strict=True):
        if each != Said(NOTHING, is_known=False):
            print(f"  {path.parent.name}/{path.name}: {each}")


def _asked_of_copy(asked: tuple[str, int]) -> Said:
    name, number = asked
    picture = Image.fromarray(read_picture(PUBLISHED.photographs[number].path))
    changed = (COPIES | CHANGED_COPIES)[name](Original(picture, np.random.default_rng(number), _number(number)))
    return _said_of(np.asarray(changed), right=number)


def _asked_of_other(path: Path) -> Said:
    return _said_of(read_picture(path))


def _asked_of_view(number: int) -> Said:
    return _said_of(read_picture(PUBLISHED.photographs[number].path), without=number)


def _said_of(picture: np.ndarray, *, right: int = -1, without: int = -1) -> Said:
    """What the service would say; right: the photo that the picture is a copy of; without: one left out."""
    copies, is_known = {}, False
    for candidate in rank([describe(picture)], PUBLISHED.catalogue[0], limit=COMPARED_ITEMS):
        number = candidate.entry_id
        if number == without:
            continue
        is_known |= lies_as_a_copy(candidate.points, picture.shape[1::-1], PUBLISHED.sizes[number])
        found = recognition.Resemblance.of(candidate)
        says = band.Band(_number(number), SITE, OWNER)
        copy = recognition.copy_of(picture, _share(number), found, says=says)
        if copy is not None:
            copies[number] = copy
    return Said(_in_words(copies, right), is_known)


def _in_words(copies: Mapping[int, Copy], right: int) -> str:
    if not copies:
        return NOTHING
    most = recognition.most_of_it(list(copies.values()))
    if right >= 0 and most is not copies.get(right):
        return ANOTHER
    return OURS if most.is_unaltered else ALTERED


def _number(number: int) -> str:
    letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    drawn = np.random.default_rng([7, number]).choice(list(letters), 5)
    return f"35-{''.join(drawn[:4])}-{drawn[4]}"


def _share(number: int) -> bytes:
    return _jpeg(Image.fromarray(read_picture(PUBLISHED.photographs[number].path)), SHARE_QUALITY)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _network(image: Image.Image, quality: int = 70) -> Image.Image:
    """What a network makes of a picture: 960 pixels at most, compressed again."""
    smaller = image.copy()
    smaller.thumbnail((960, 960), Image.Resampling.LANCZOS)
    return Image.open(BytesIO(_jpeg(smaller, quality))).convert("RGB")


def _half(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Half of the area, anywhere."""
    width, height = round(image.width * 0.5**0.5), round(image.height * 0.5**0.5)
    left, top = int(rng.integers(image.width - width + 1)), int(rng.integers(image.height - height + 1))
    return image.crop((left, top, left + width, top + height))


def _screenshot(image: Image.Image, *, is_dark: bool) -> Image.Image:
    """The picture in a post, as a telephone shows it."""
    ground, ink = ((24, 25, 26), (230, 230, 230)) if is_dark else ((255, 255, 255), (20, 20, 20))
    screen = Image.new("RGB", PHONE, ground)
    draw = ImageDraw.Draw(screen)
    scale = min(PHONE[0] / image.width, (PHONE[1] - POST_TOP - POST_BOTTOM) / image.height)
    shown = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    screen.paste(shown, ((PHONE[0] - shown.width) // 2, POST_TOP))
    draw.rectangle((0, 0, PHONE[0], 70), fill=(50, 50, 50))
    draw.text((40, 15), "12:41      4G   87 %", fill=(255, 255, 255), font_size=34)
    draw.ellipse((30, 100, 150, 220), fill=(30, 90, 200))
    draw.text((180, 110), "Objets retrouvés - officiel", fill=ink, font_size=44)
    draw.text((30, 260), "Regardez et partagez ! Cette bague est", fill=ink, font_size=42)
    draw.text((30, 320), "peut-être celle de votre grand-mère.", fill=ink, font_size=42)
    for row, line in enumerate(("J’aime    Commenter    Partager", "Marie : c’est la mienne !", "Voir la suite")):
        draw.text((30, POST_TOP + shown.height + 40 + 100 * row), line, fill=ink, font_size=40)
    return screen


def _banded(image: Image.Image, number: str) -> Image.Image:
    photo = Image.open(BytesIO(_jpeg(image, SHARE_QUALITY))).convert("RGB")
    return band.with_band(photo, band.Band(number, SITE, OWNER))


def _falsely_banded(image: Image.Image, number: str) -> Image.Image:
    """With another telephone number and its code, as a fraud would have it."""
    return band.with_band(image, band.Band(number, SITE, OWNER.replace("02 61 91 35 01", "06 12 34 56 78")))


def _inlaid(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """With another photo over 4 % of it, as a face would be."""
    altered = image.copy()
    face = Image.fromarray(read_picture(PUBLISHED.photographs[int(rng.integers(len(PUBLISHED.photographs)))].path))
    size = round(0.2 * image.width), round(0.2 * image.height)
    place = int(rng.integers(image.width - size[0])), int(rng.integers(image.height - size[1]))
    altered.paste(face.resize(size), place)
    return altered


def _written_over(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    altered = image.copy()
    height = max(10, image.width // 18)
    place = int(rng.integers(max(1, round(image.width * 0.4)))), int(rng.integers(image.height - height))
    ImageDraw.Draw(altered).text(place, "06 12 34 56 78", fill=(200, 0, 0), font_size=height)
    return altered


COPIES: dict[str, Change] = {
    "960 pixels, quality 70": lambda one: _network(one.image),
    "960 pixels, quality 20": lambda one: _network(one.image, 20),
    "half of it": lambda one: _half(one.image, one.rng),
    "half of it, 960 pixels, quality 20": lambda one: _network(_half(one.image, one.rng), 20),
    "screenshot, light": lambda one: _screenshot(_network(one.image), is_dark=False),
    "screenshot, dark, 960 pixels, quality 70": lambda one: _network(_screenshot(one.image, is_dark=True)),
    "screenshot of half of it, light": lambda one: _screenshot(_half(one.image, one.rng), is_dark=False),
    "the same, dark, 960 pixels, quality 20": lambda one: _network(
        _screenshot(_half(one.image, one.rng), is_dark=True), 20
    ),
    "with band, 960 pixels, quality 70": lambda one: _network(_banded(one.image, one.number)),
    "with band, screenshot, 960 pixels, quality 20": lambda one: _network(
        _screenshot(_banded(one.image, one.number), is_dark=False), 20
    ),
}
CHANGED_COPIES: dict[str, Change] = {
    "mirrored": lambda one: one.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "inlaid picture, 960 pixels, quality 70": lambda one: _network(_inlaid(one.image, one.rng)),
    "the same, screenshot": lambda one: _network(_screenshot(_inlaid(one.image, one.rng), is_dark=False)),
    "text over it, 960 pixels, quality 70": lambda one: _network(_written_over(one.image, one.rng)),
    "another telephone number, 960, quality 70": lambda one: _network(_falsely_banded(one.image, one.number)),
}
