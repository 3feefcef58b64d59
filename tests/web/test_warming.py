"""A server process builds the gallery's index before its first visitor, without making anybody wait."""

import importlib.util
import logging
import threading
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from flask import Flask

from gallery import create_app
from gallery.config import Site, load_settings
from gallery.models import Unit
from gallery.web import warming
from gallery.web.catalogues import catalogues_of
from gallery.web.resources import resources_of
from tests.databases import asked_of
from tests.factories import PRODUCTION, Factory
from tests.waiting import PATIENCE

GUNICORN = Path(__file__).parents[2] / "gunicorn.conf.py"


def statements_of_the_index(app: Flask) -> list[str]:
    """What building the index of this application asks of the database now."""
    place = resources_of(app)
    with place.sessions() as session:
        engine = session.get_bind()
    with asked_of(engine) as asked:
        catalogues_of(app).gallery.current()
    return [each for each in asked if "items" in each]


def test_it_works(app: Flask, make: Factory, unit: Unit) -> None:
    make.published(make.case(unit))
    warming.begin(app).join(PATIENCE)
    assert not statements_of_the_index(app)
    assert len(catalogues_of(app).gallery.current().entries) == 1


def test_without_it_the_first_visitor_waits(app: Flask, make: Factory, unit: Unit) -> None:
    make.published(make.case(unit))
    assert statements_of_the_index(app)


def test_the_back_office_builds_no_index(backoffice_app: Flask, make: Factory, unit: Unit) -> None:
    make.published(make.case(unit))
    warming.begin(backoffice_app).join(PATIENCE)
    assert statements_of_the_index(backoffice_app)


def test_a_database_without_tables_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(load_settings({Site.PUBLIC}, environ={"GALLERY_INSTANCE": str(tmp_path)}), {Site.PUBLIC})
    with caplog.at_level(logging.WARNING):
        warming.begin(app).join(PATIENCE)
    assert "no migration" in caplog.text
    assert app.test_client().get("/vivant").status_code == 200


def test_in_production_no_template_is_read_once_an_upgrade_has_replaced_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = PRODUCTION | {"GALLERY_INSTANCE": str(tmp_path)}
    app = create_app(load_settings({Site.PUBLIC}, environ=environ, make=True), {Site.PUBLIC})
    warming.begin(app).join(PATIENCE)
    read: list[str] = []
    monkeypatch.setattr(app.jinja_env.loader, "get_source", lambda _, name: read.append(name))
    answer = app.test_client().get("/a-propos-de-rien", base_url="https://objets.example")
    assert "<html" in answer.text
    assert read == []


def gunicorns_own_file() -> ModuleType:
    specification = importlib.util.spec_from_file_location("gunicorn_conf", GUNICORN)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_gunicorn_warms_each_process(app: Flask, make: Factory, unit: Unit) -> None:
    make.published(make.case(unit))
    gunicorns_own_file().post_worker_init(SimpleNamespace(wsgi=app))
    for thread in threading.enumerate():
        if thread.name == "warming":
            thread.join(PATIENCE)
    assert not statements_of_the_index(app)
