"""What a command works with: settings, database, both stores, the key."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from gallery import create_app
from gallery.config import Settings, Site
from gallery.database import open_engine, session_factory
from gallery.errors import KeyAbsent
from gallery.sealing import Sealer
from gallery.services import schema, stores
from gallery.services.resources import Resources
from gallery.services.storekeeping import ownership
from gallery.web import resources


def current_settings() -> Settings:
    """The settings of the application that the command runs with."""
    return resources.resources().settings


@contextmanager
def open_resources(*, waits: bool = False, writes: bool = False) -> Iterator[Resources]:
    """Open the back office's database and stores; raise KeyAbsent under the public application, or SchemaUnfit.

    waits: the database may become fit later; else it must be fit now. writes: what the command does would be wrong with
    stores of another database; raises StoreOfAnother, or an Outage.
    """
    settings = current_settings()
    if not settings.sealing_identity:
        raise KeyAbsent
    engine = open_engine(settings.database_address, connections=settings.database_connections)
    sessions = session_factory(engine)
    try:
        if not waits:
            schema.require(sessions())
        given = Resources(
            settings=settings,
            sessions=sessions,
            public=stores.open_public(settings),
            private_store=stores.open_private(settings),
            sealer=Sealer(settings.sealing_identity, settings.digest_key),
            now=now,
        )
        if writes:
            ownership.require(given)
        yield given
    finally:
        engine.dispose()


def now() -> datetime:
    """This instant, aware and in UTC."""
    return datetime.now(UTC)


def password_hash(settings: Settings, password: str) -> str:
    """Argon2id hash for an account, as the back office of these settings makes it."""
    # Flask-Security hashes with the configuration of the application at hand, which may be the public one.
    from gallery.web.backoffice.account import passwords

    with create_app(settings, {Site.BACKOFFICE}).app_context():
        return passwords.password_hash(password)
