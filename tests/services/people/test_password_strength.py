import pytest

from gallery.services.people.password_strength import Weakness, strength_of

OWN = ("Camille Le Goff", "camille@rennes.example", "Objets retrouvés")


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("aaaaaaaaaaaa", Weakness.REPEATED),
        ("abcabcabcabc", Weakness.REPEATED),
        ("password1234", Weakness.COMMON),
        ("azertyuiop123", Weakness.COMMON),
        ("Motdepasse2026!", Weakness.COMMON),
        ("Gend@rmerie2026", Weakness.COMMON),
        ("abcdefghijklm", Weakness.IN_A_ROW),
        ("camille@rennes.example", Weakness.PERSONAL),
        ("CamilleLeGoff35", Weakness.PERSONAL),
        ("objets retrouvés", Weakness.PERSONAL),
        ("camillepassword1", Weakness.PERSONAL),
        ("x" * 128, Weakness.REPEATED),
    ],
)
def test_what_is_soon_guessed_is_named(password: str, weakness: Weakness) -> None:
    assert strength_of(password, own_words=OWN).weakness is weakness


@pytest.mark.parametrize(
    "password", ["fougère et menhir au soleil", "le-cheval-de-Rennes-trotte", "x9$Kq2!vLp0z", "correct horse battery"]
)
def test_what_lasts_is_taken(password: str) -> None:
    assert strength_of(password, own_words=OWN).is_enough
