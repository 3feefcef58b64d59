"""An object store that falls silent, or is slow, while an officer sends photos: it is said, and nothing is lost."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Item, ItemPhoto
from gallery.services.transaction import end_reading
from tests import pictures
from tests.parts import s3_server
from tests.waiting import PATIENCE, begin, wait_until
from tests.web.backoffice.desk import Desk

SAID = "Les photos ne peuvent être ni lues ni gardées en ce moment."


@pytest.fixture
def patience() -> float:
    return 2


@pytest.fixture
def settings(settings: Settings, object_store: s3_server.Store, patience: float) -> Settings:
    """How long a store may be silent, in seconds: short where it never answers, long where it does."""
    return replace(settings, private_store=f"s3://{s3_server.BUCKET}/private", store_answer_seconds=patience)


def count(session: Session) -> int:
    end_reading(session)
    return session.scalar(select(func.count()).select_from(ItemPhoto)) or 0


def test_a_silent_store_is_told_and_the_same_photo_goes_in_afterwards(
    desk: Desk, item: Item, object_store: s3_server.Store, session: Session, backoffice_app: Flask
) -> None:
    before, photo = count(session), pictures.jpeg(pictures.picture(77))
    object_store.answers.clear()
    answer = desk.add_photo_by_script(item.public_number, photo)
    assert (answer.status_code, SAID in answer.get_json()["sentence"]) == (503, True)
    desk.get(f"/objets/{item.public_number}")
    assert count(session) == before
    object_store.answers.set()
    # For five seconds a store that was lost is left alone; monitors and officers see when it is back.
    wait_until(lambda: backoffice_app.test_client().get("/pret").status_code == 200, "the store")
    assert desk.add_photo_by_script(item.public_number, photo).status_code < 300
    assert count(session) == before + 1


@pytest.mark.parametrize("patience", [60])
def test_a_slow_store_is_waited_for(desk: Desk, item: Item, object_store: s3_server.Store, session: Session) -> None:
    before, asked = count(session), len(object_store.asked)
    object_store.answers.clear()
    sent = begin(lambda: desk.add_photo_by_script(item.public_number, pictures.jpeg(pictures.picture(78))))
    wait_until(lambda: len(object_store.asked) > asked, "the store being asked")
    object_store.answers.set()
    assert sent.result(PATIENCE).status_code < 300
    assert count(session) == before + 1
