import pytest

from gallery.errors import FieldInvalid
from gallery.services.people import telephones


@pytest.mark.parametrize(
    ("typed", "shown", "address"),
    [
        ("02 61 91 35 01", "02 61 91 35 01", "tel:+33-2-61-91-35-01"),
        ("0261913501", "02 61 91 35 01", "tel:+33-2-61-91-35-01"),
        ("02.61.91.35.01", "02 61 91 35 01", "tel:+33-2-61-91-35-01"),
        ("+33 (0)2 61 91 35 01", "02 61 91 35 01", "tel:+33-2-61-91-35-01"),
        ("0033 2 61 91 35 01", "02 61 91 35 01", "tel:+33-2-61-91-35-01"),
        ("02 61 91 35 01 poste 12", "02 61 91 35 01 poste 12", "tel:+33-2-61-91-35-01;ext=12"),
        ("02 61 91 35 01 (P. 12)", "02 61 91 35 01 poste 12", "tel:+33-2-61-91-35-01;ext=12"),
        ("02\u00a061\u202f91\u00a035\u00a001", "02 61 91 35 01", "tel:+33-2-61-91-35-01"),
        ("+262 262 93 50 00", "+262 262 93 50 00", "tel:+262-262-93-50-00"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, shown: str, address: str) -> None:
    assert telephones.tidied(typed) == shown
    assert telephones.dialled(shown) == address


@pytest.mark.parametrize(
    "typed", ["0299", "O2 61 91 35 01", "02 61 91 35 O1", "02 61 91 35 01 ou 17", "standard", "02 61 91 35 01 45", "+"]
)
def test_what_would_dial_another_number_is_refused(typed: str) -> None:
    with pytest.raises(FieldInvalid):
        telephones.tidied(typed)
    assert telephones.dialled(typed) == ""
