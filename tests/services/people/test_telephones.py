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
        ("+262 262 93 50 00", "0262 93 50 00", "tel:+262-262-93-50-00"),
        ("+32 2 555 12 12", "+32 2 555 12 12", "tel:+32-2-555-12-12"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, shown: str, address: str) -> None:
    assert telephones.tidied(typed) == shown
    assert telephones.dialled(shown) == address


@pytest.mark.parametrize(
    ("typed", "shown", "address"),
    [
        ("0262 93 50 00", "0262 93 50 00", "tel:+262-262-93-50-00"),
        ("02 63 01 12 34", "0263 01 12 34", "tel:+262-263-01-12-34"),
        ("0692 12 34 56", "0692 12 34 56", "tel:+262-692-12-34-56"),
        ("06.93.12.34.56", "0693 12 34 56", "tel:+262-693-12-34-56"),
        ("0269 61 12 34", "0269 61 12 34", "tel:+262-269-61-12-34"),
        ("0639 69 12 34", "0639 69 12 34", "tel:+262-639-69-12-34"),
        ("0590 81 12 34 poste 3", "0590 81 12 34 poste 3", "tel:+590-590-81-12-34;ext=3"),
        ("0690 30 12 34", "0690 30 12 34", "tel:+590-690-30-12-34"),
        ("0691 28 12 34", "0691 28 12 34", "tel:+590-691-28-12-34"),
        ("0594 30 12 34", "0594 30 12 34", "tel:+594-594-30-12-34"),
        ("0694 20 12 34", "0694 20 12 34", "tel:+594-694-20-12-34"),
        ("0596 70 12 34", "0596 70 12 34", "tel:+596-596-70-12-34"),
        ("0696 20 12 34", "0696 20 12 34", "tel:+596-696-20-12-34"),
        ("0697 20 12 34", "0697 20 12 34", "tel:+596-697-20-12-34"),
        ("0508 41 12 34", "+508 41 12 34", "tel:+508-41-12-34"),
        ("+508 41 12 34", "+508 41 12 34", "tel:+508-41-12-34"),
    ],
)
def test_a_number_of_overseas_dials_overseas(typed: str, shown: str, address: str) -> None:
    assert telephones.tidied(typed) == shown
    assert telephones.tidied(shown) == shown
    assert telephones.dialled(shown) == address


@pytest.mark.parametrize(
    "typed", ["0299", "O2 61 91 35 01", "02 61 91 35 O1", "02 61 91 35 01 ou 17", "standard", "02 61 91 35 01 45", "+"]
)
def test_what_would_dial_another_number_is_refused(typed: str) -> None:
    with pytest.raises(FieldInvalid):
        telephones.tidied(typed)
    assert telephones.dialled(typed) == ""
