"""What a title still says of what is kept from the public."""

import pytest

from gallery.models import Category
from gallery.services.items.obstacles import told_by_title


@pytest.mark.parametrize(
    ("title", "text", "told"),
    [
        ("Montre Rolex Submariner", "ROLEX.", ["ROLEX."]),
        ("Bague en or 18 carats", "or 18 carats, diamant", ["or 18 carats"]),
        ("Bague en or, Diamant", "or 18 carats\ndiamant", ["diamant"]),
        ("Vélo Peugeot PX-10", "Peugeot (France)", ["Peugeot"]),
        ("Vélo Peugeot PX 10", "modèle PX-10", ["PX-10"]),
        ("Vase de Sèvres XIXe", "fin XIXe siècle", ["XIXe"]),
        ("Pendule de 1930", "vers 1930 ; restaurée", ["1930"]),
        ("Bague en or", "or", ["or"]),
        ("Coffret d’Émail", "email/bois", ["email"]),
        # Needless: two letters of a longer text, a number cut in two, words of many things, and what others begin with.
        ("Bague en or", "or, rubis", []),
        ("Plat de 24 cm", "24,5 cm", []),
        ("Vase du siècle", "XIXe, siècle", []),
        ("Rolexine", "Rolex", []),
        ("Montre", "", []),
        # Its category is public.
        ("Montre de gousset", "montre", []),
        ("Montre de gousset", "Montres, gousset", ["gousset"]),
    ],
)
def test_a_title_says_a_whole_text_or_a_part_of_it(title: str, text: str, told: list[str]) -> None:
    assert told_by_title(title, {"brand": text}, Category(name_fr="Montres")) == told


def test_what_two_headings_say_is_told_once() -> None:
    hidden = {"brand": "Lip", "maker": "Lip", "model": "T18"}
    assert told_by_title("Lip T18", hidden, Category(name_fr="Montres")) == ["Lip", "T18"]
