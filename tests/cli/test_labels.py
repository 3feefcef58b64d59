"""`flask labels`, and the button that does the same: what a printer gets is read as a camera would."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
from click.testing import Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import CardNumber, Officer, Unit
from gallery.services.transaction import end_reading
from gallery.sharing import cards
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk

# Of A4, in points.
A4 = (595.3, 841.9)
DOTS_PER_POINT = 150 / 72


def codes_on(data: bytes) -> list[list[str]]:
    """What each sheet says to what reads photos here: OpenCV never reads some four of a hundred codes."""
    document = pypdfium2.PdfDocument(data)
    sheets = []
    for page in document:
        assert np.allclose(page.get_size(), A4, atol=0.5)
        grey = page.render(scale=DOTS_PER_POINT, grayscale=True).to_numpy().squeeze()
        sheets.append(sorted(code.text for code in cards.codes_in(grey)))
    document.close()
    return sheets


def reserved(session: Session, unit: Unit) -> set[str]:
    end_reading(session)
    return set(session.scalars(select(CardNumber.number).where(CardNumber.unit_id == unit.id)))


def test_the_command_prints_the_numbers_that_it_reserves(
    flask: Callable[..., Result], session: Session, unit: Unit, tmp_path: Path
) -> None:
    output = tmp_path / "etiquettes.pdf"
    done = flask("labels", "--unit", unit.code, "--count", 13, "--output", output)
    assert done.exit_code == 0, done.output
    first, second = codes_on(output.read_bytes())
    assert (len(first), len(second)) == (10, 3)
    assert {*first, *second} == reserved(session, unit)
    assert [path.name for path in tmp_path.glob("etiquettes*")] == [output.name]


def test_a_sheet_that_cant_be_written_takes_no_numbers(
    flask: Callable[..., Result], session: Session, unit: Unit, tmp_path: Path
) -> None:
    done = flask("labels", "--unit", unit.code, "--output", tmp_path / "absent" / "etiquettes.pdf")
    assert done.exit_code != 0
    assert "etiquettes.pdf" in done.output
    assert "Traceback" not in done.output
    assert reserved(session, unit) == set()


def test_the_button_prints_other_numbers_each_time(
    sign_in: SignIn, session: Session, officer: Officer, unit: Unit
) -> None:
    desk = Desk(sign_in(officer))
    (first,) = codes_on(desk.send("/etiquettes", {"feuilles": 1}).data)
    assert set(first) == reserved(session, unit)
    (second,) = codes_on(desk.send("/etiquettes", {"feuilles": 1}).data)
    assert not set(first) & set(second)
    assert {*first, *second} == reserved(session, unit)
    assert "4980 numéros d’avance" in " ".join(desk.get("/etiquettes").text.split())
