import pytest
from PIL import Image

from gallery.sharing import lettering


@pytest.mark.parametrize(
    "text", ["Œuvre « à l’été » – n° 3…", "Ćwikła, Žižkov, Győr", "Часы «Полёт»", "Ρολόι", "Đồng hồ", "Bague\n€"]
)
def test_what_the_font_has_is_not_missing(text: str) -> None:
    assert lettering.missing_letters(text) == ""


@pytest.mark.parametrize(
    ("text", "missing"),
    [("Montre ساعة", "ساعة"), ("Bague 💍 en or 💍", "💍"), ("時計 Seiko", "時計"), ("Zoé\u200d 👩\u200d🎨", "👩🎨")],
)
def test_letters_that_no_picture_can_show_are_named_once(text: str, missing: str) -> None:
    assert lettering.missing_letters(text) == missing


def test_cyrillic_is_drawn() -> None:
    blank, drawn = Image.new("RGB", (200, 40)), Image.new("RGB", (200, 40))
    lettering.write(drawn, (5, 20), "Часы", lettering.font(24), "#ffffff")
    assert drawn.tobytes() != blank.tobytes()
