"""A SQLite database that is not there for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.web.resources import resources_of


@contextmanager
def database_away(app: Flask, settings: Settings) -> Iterator[None]:
    """Meanwhile no file can be opened under the database's name; afterwards all is as it was."""
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    for each in file.parent.glob(f"{file.name}*"):
        each.rename(each.with_name(f"away-{each.name}"))
    file.mkdir()
    try:
        forget_connections(app)
        yield
    finally:
        file.rmdir()
        for each in file.parent.glob(f"away-{file.name}*"):
            each.rename(each.with_name(each.name.removeprefix("away-")))


def forget_connections(app: Flask) -> Engine:
    """The engine of an application, which opens what it asks for next anew."""
    sessions: sessionmaker[Session] = resources_of(app).sessions
    with sessions() as session:
        engine = session.get_bind()
    assert isinstance(engine, Engine)
    engine.dispose()
    return engine
