"""Facebook archives in the back office: given, reported, confirmed, forgotten."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import Case, GivenArchive, Item, Officer
from gallery.services.transaction import end_reading
from gallery.worker import Worker
from tests import pictures
from tests.archives import Shot, archive, zipped
from tests.factories import Factory, sign_in
from tests.page import Page
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import JSON, Desk

PHOTO = pictures.jpeg(pictures.picture(1).resize((320, 240)))
PACKAGE = archive({"Vitré": [Shot("1.jpg", PHOTO, "Bague en or"), Shot("2.jpg", None)]})
HTML = zipped({"posts/album/0.html": "<html>"})


@pytest.fixture
def work(settings: Settings, sessions: sessionmaker[Session], make: Factory) -> Callable[[], int]:
    """Do what the worker does."""
    return Worker(make.resources(sessions), Event()).run_once


def sent(package: bytes = PACKAGE, name: str = "facebook.zip", **choices: str) -> dict[str, Any]:
    return {"archive": (BytesIO(package), name), "case": "", "category": "jewellery"} | choices


def reference_in(session: Session) -> str:
    end_reading(session)
    return session.scalars(select(GivenArchive.reference)).one()


def test_it_works(desk: Desk, session: Session, work: Callable[[], int]) -> None:
    assert "Lecture de l’archive" in desk.do("/reprise", sent()).one(".archives").get_text()
    work()
    report = desk.get("/reprise").one(".archives").get_text()
    assert "Un brouillon sera créé." in report
    assert "Une photo ne peut pas être reprise." in report
    assert "Vitré, 2.jpg" in report
    page = desk.do(f"/reprise/{reference_in(session)}/importer")
    assert "Création des brouillons" in page.one(".archives").get_text()
    work()
    assert "Un brouillon est créé." in desk.get("/reprise").one(".archives").get_text()
    end_reading(session)
    item = session.scalars(select(Item)).one()
    assert item.title == "Bague en or"
    history = desk.get(f"/objets/{item.public_number}").text
    assert "a repris l’objet de l’album Facebook « Vitré », photo du 13 mai 2014" in history


def test_several_parts_are_given_together(desk: Desk, session: Session, work: Callable[[], int]) -> None:
    first = archive({"Vitré": [Shot("1.jpg", None, "Bague en or")]}, layout="2020")
    second = zipped({"posts/media/Objets_1/1.jpg": PHOTO})
    parts = [(BytesIO(second), "facebook-2.zip"), (BytesIO(first), "facebook-1.zip")]
    page = desk.do("/reprise", sent() | {"archive": parts})
    assert "facebook-2.zip, facebook-1.zip" in page.one(".archives").get_text()
    work()
    assert "Un brouillon sera créé." in desk.get("/reprise").one(".archives").get_text()
    desk.do(f"/reprise/{reference_in(session)}/importer")
    work()
    end_reading(session)
    assert session.scalars(select(Item)).one().title == "Bague en or"


def test_a_case_of_the_unit_may_be_chosen(desk: Desk, session: Session, case: Case, work: Callable[[], int]) -> None:
    desk.do("/reprise", sent(case=case.reference))
    work()
    desk.do(f"/reprise/{reference_in(session)}/importer")
    work()
    end_reading(session)
    assert session.scalars(select(Item)).one().case_id == case.id


@pytest.mark.parametrize(
    ("package", "sentence"),
    [(b"no zip", "n’est pas une archive ZIP"), (HTML, "au format HTML. Demandez à Facebook la même au format JSON")],
    ids=["no zip", "pages"],
)
def test_what_is_no_archive_is_refused_in_the_form(desk: Desk, session: Session, package: bytes, sentence: str) -> None:
    answer = desk.send("/reprise", sent(package))
    assert answer.status_code == 422
    assert sentence in Page(answer).one("#archive-error").get_text()
    assert session.scalars(select(GivenArchive)).all() == []


def test_the_script_is_told_in_json(desk: Desk) -> None:
    answer = desk.send("/reprise", sent(HTML), headers=JSON)
    assert answer.status_code == 400
    assert "JSON" in answer.get_json()["sentence"]


@pytest.mark.parametrize("has_field", [False, True], ids=["no field", "no file"])
def test_without_a_file_the_form_asks_for_one(desk: Desk, has_field: bool) -> None:
    answer = desk.send("/reprise", sent(name="") if has_field else {"case": "", "category": "other"})
    assert answer.status_code == 422
    assert "Choisissez l’archive" in Page(answer).one("#archive-error").get_text()


@pytest.mark.parametrize("choice", [{"case": "none"}, {"category": "none"}], ids=["case", "category"])
def test_what_was_not_offered_is_refused(desk: Desk, session: Session, choice: dict[str, str]) -> None:
    assert desk.send("/reprise", sent(**choice)).status_code == 422
    assert session.scalars(select(GivenArchive)).all() == []


def test_another_units_case_is_not_offered(desk: Desk, make: Factory, outsider: Officer) -> None:
    theirs = make.case(outsider.unit)
    assert theirs.reference not in desk.get("/reprise").text
    assert desk.send("/reprise", sent(case=theirs.reference)).status_code == 422


def test_too_large_a_file_is_refused_before_it_is_read(
    settings: Settings, backoffice_app: Flask, officer: Officer
) -> None:
    client = create_app(replace(settings, max_archive_bytes=2**20), {Site.BACKOFFICE}).test_client()
    sign_in(client, officer.email)
    answer = client.post("/reprise", data=sent(b"0" * 2_200_000), headers=JSON)
    assert answer.status_code == 413
    assert "ligne de commande" in answer.get_json()["sentence"]


def test_a_file_larger_than_memory_goes_to_the_disk(
    desk: Desk, backoffice_app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gallery.web.requests import MemoryRequest

    folders = []
    kept = MemoryRequest._get_file_stream
    monkeypatch.setattr(
        MemoryRequest,
        "_get_file_stream",
        lambda self, *given, **named: folders.append(self.upload_folder) or kept(self, *given, **named),
    )
    desk.do("/reprise", sent())
    assert folders == [settings.instance]
    assert [path.name for path in settings.instance.iterdir() if path.is_file() and "sqlite" not in path.name] == []


def test_it_can_be_forgotten_before_and_after(
    desk: Desk, session: Session, settings: Settings, make: Factory, work: Callable[[], int]
) -> None:
    desk.do("/reprise", sent())
    reference = reference_in(session)
    assert make.private.holds(f"archives/{reference}")
    page = desk.do(f"/reprise/{reference}/oublier")
    assert not page.all(".archives")
    assert not make.private.holds(f"archives/{reference}")


@pytest.mark.parametrize("end", ["importer", "oublier"])
def test_a_form_sent_again_brings_no_removed_file_back(
    desk: Desk, session: Session, make: Factory, work: Callable[[], int], end: str
) -> None:
    desk.do("/reprise", sent(envoi="k"))
    work()
    reference = reference_in(session)
    desk.do(f"/reprise/{reference}/{end}")
    work()
    assert not make.private.holds(f"archives/{reference}")
    assert desk.send("/reprise", sent(envoi="k")).status_code == (302 if end == "importer" else 404)
    assert not make.private.holds(f"archives/{reference}")


def test_confirmed_too_early_or_twice_nothing_happens(desk: Desk, session: Session, work: Callable[[], int]) -> None:
    desk.do("/reprise", sent())
    desk.do(f"/reprise/{reference_in(session)}/importer")
    work()
    assert "Un brouillon sera créé." in desk.get("/reprise").text
    desk.do(f"/reprise/{reference_in(session)}/importer")
    work()
    desk.do(f"/reprise/{reference_in(session)}/importer")
    work()
    end_reading(session)
    assert len(session.scalars(select(Item)).all()) == 1


def test_another_unit_sees_nothing_of_it(desk: Desk, sign_in: SignIn, outsider: Officer, session: Session) -> None:
    desk.do("/reprise", sent())
    theirs = Desk(sign_in(outsider))
    assert "facebook.zip" not in theirs.get("/reprise").text
    assert theirs.send(f"/reprise/{reference_in(session)}/importer").status_code == 404
    assert theirs.send(f"/reprise/{reference_in(session)}/oublier").status_code == 404
