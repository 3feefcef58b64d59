"""Places that may be private are proposed in drawn pictures; bench/private_parts.py measures it on photographs."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import get_ident

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from gallery import imaging
from gallery.imaging import Place, PrivateKind, suggesting, text_lines
from gallery.sharing.lettering import font
from tests import pictures
from tests.waiting import PATIENCE, at_once, wait_until

SIZES = {4: (800, 600), 13: (320, 500)}


def proposed(draw_on: Callable[[ImageDraw.ImageDraw], None]) -> dict[PrivateKind, list[Place]]:
    photo = Image.new("RGB", (1600, 1200), (120, 118, 110))
    draw_on(ImageDraw.Draw(photo))
    found = imaging.suggested(imaging.Picture(photo, "image/jpeg", *photo.size))
    return {kind: [each.place for each in found if each.kind is kind] for kind in PrivateKind}


def holds(place: Place, across: float, down: float) -> bool:
    left, top, right, bottom = place
    return left <= across <= right and top <= down <= bottom


def paper(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((300, 500, 1300, 620), fill="white")
    draw.text((800, 560), "Madame Jeanne Martin, 12 rue des Lilas", fill="black", font=font(48), anchor="mm")


@pytest.fixture(params=[True, False], ids=["model", "rules"])
def has_model(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the wheel with the learned model is there."""
    if not request.param:
        monkeypatch.setattr(text_lines, "PACKAGE", "a_package_that_nobody_has")
    assert text_lines.is_installed() is request.param
    return bool(request.param)


@pytest.mark.usefixtures("has_model")
def test_a_line_of_text_is_proposed() -> None:
    assert any(holds(place, 0.5, 560 / 1200) for place in proposed(paper)[PrivateKind.TEXT])


def test_the_model_covers_the_whole_of_a_line_and_little_else() -> None:
    (place,) = proposed(paper)[PrivateKind.TEXT]
    left, top, right, bottom = (share * side for share, side in zip(place, (1600, 1200) * 2, strict=True))
    written = ImageDraw.Draw(Image.new("L", (1, 1))).textbbox(
        (800, 560), "Madame Jeanne Martin, 12 rue des Lilas", font=font(48), anchor="mm"
    )
    assert (left, top) <= written[:2]
    assert (right, bottom) >= written[2:]
    assert bottom - top < 2.5 * (written[3] - written[1])


def test_the_model_reads_what_is_turned_on_its_side() -> None:
    sheet = Image.new("RGB", (1600, 1200), (120, 118, 110))
    paper(ImageDraw.Draw(sheet))
    found = text_lines.find_lines(np.asarray(sheet.rotate(35, fillcolor=(120, 118, 110))))
    assert any(x < 800 < x + width and y < 600 < y + height for x, y, width, height in found)


def test_nothing_of_the_models_package_is_run() -> None:
    # It can fetch other models from a network.
    proposed(paper)
    assert "rapidocr" not in sys.modules


def test_a_package_with_another_model_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "otherocr").mkdir()
    (tmp_path / "otherocr" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(text_lines, "PACKAGE", "otherocr")
    assert not text_lines.is_installed()
    assert proposed(paper)[PrivateKind.TEXT]


class WatchedNet:
    """The model, which is asked only once two threads have come, and says how many others were at it."""

    def __init__(self) -> None:
        self.net, self.lock = text_lines._net(), text_lines._asking
        self.came, self.inside, self.others = set[int](), set[int](), list[int]()

    def __enter__(self) -> None:
        self.came.add(get_ident())
        assert self.lock.acquire(timeout=PATIENCE)

    def __exit__(self, *_: object) -> None:
        self.lock.release()

    def setInput(self, pixels: npt.NDArray[np.float32]) -> None:  # noqa: N802
        self.others.append(len(self.inside))
        self.came.add(get_ident())
        self.inside.add(get_ident())
        self.net.setInput(pixels)

    def forward(self) -> object:
        wait_until(lambda: len(self.came) == 2, "the other officer")
        answer = self.net.forward()
        self.inside.remove(get_ident())
        return answer


def test_two_officers_may_ask_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    alone, watched = proposed(paper)[PrivateKind.TEXT], WatchedNet()
    monkeypatch.setattr(text_lines, "_net", lambda: watched)
    monkeypatch.setattr(text_lines, "_asking", watched)
    first, second = at_once(*[lambda: proposed(paper)[PrivateKind.TEXT]] * 2)
    assert watched.others == [0, 0]
    assert first == second == alone != []


def test_pictures_of_two_sizes_may_be_looked_at_at_once() -> None:
    # With no other windows that have to agree, drawings have something of a face, too.
    sheets = [np.asarray(pictures.picture(seed).convert("L").resize(size)) for seed, size in SIZES.items()]

    def look(grey: npt.NDArray[np.uint8]) -> list[object]:
        return sorted(suggesting._detected("frontalface_alt2", grey, step=1.1, windows=0, smallest=(26, 26)))

    def look_often(grey: npt.NDArray[np.uint8]) -> list[list[object]]:
        return [look(grey) for _ in range(5)]

    alone = [[look(each)] * 5 for each in sheets]
    assert all(found for found, *_ in alone)
    assert at_once(*[partial(look_often, each) for each in sheets] * 2) == alone * 2


def test_a_lit_screen_is_proposed() -> None:
    def telephone(draw: ImageDraw.ImageDraw) -> None:
        draw.rectangle((600, 200, 1000, 1000), fill=(20, 20, 22))
        draw.rectangle((620, 260, 980, 940), fill=(240, 244, 250))

    (place,) = proposed(telephone)[PrivateKind.SCREEN]
    assert holds(place, 0.5, 0.5)
    assert place[0] <= 620 / 1600
    assert place[2] >= 980 / 1600


@pytest.mark.usefixtures("has_model")
def test_nothing_is_proposed_in_an_empty_picture() -> None:
    assert not any(proposed(lambda draw: None).values())
