"""What a request works with: settings, database session, stores, key. Opened once per application."""

from datetime import UTC, datetime

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from gallery import imaging, matching
from gallery.config import Settings, Site
from gallery.database import open_engine, session_factory
from gallery.errors import DeclarationsOff
from gallery.sealing import Sealer
from gallery.services import stores
from gallery.services.resources import Resources


def open_in(app: Flask, settings: Settings, site: Site) -> None:
    """Open the database and the stores that this site may know, and the encoder; raise SettingInvalid without it."""
    matching.choose_encoder(settings.encoder, settings.instance)
    imaging.configure(at_once=settings.max_photos_decoded_at_once)
    is_public = site is Site.PUBLIC
    address = settings.public_database_address if is_public else settings.database_address
    app.extensions["resources"] = Resources(
        settings=settings,
        sessions=session_factory(open_engine(address, connections=settings.database_connections)),
        public=stores.open_public(settings, site),
        private_store=None if is_public else stores.open_private(settings),
        sealer=Sealer("") if is_public else Sealer(settings.sealing_identity, settings.digest_key),
        now=lambda: datetime.now(UTC),
    )
    app.teardown_appcontext(_close)


def resources_of(app: Flask) -> Resources:
    """What an application was given."""
    opened: Resources = app.extensions["resources"]
    return opened


def resources() -> Resources:
    """What the application was given that answers this request."""
    return resources_of(current_app)


def database() -> Session:
    """The database session of this request, opened at first use and closed with it."""
    if "database" not in g:
        g.database = resources().sessions()
    session: Session = g.database
    return session


def now() -> datetime:
    """This instant, aware and in UTC."""
    return resources().now()


def require_declarations() -> None:
    """Raise DeclarationsOff where victims may not declare what was stolen."""
    if not resources().settings.takes_declarations:
        raise DeclarationsOff


def require_codes() -> None:
    """Raise DeclarationsOff where nobody has a code: neither declarations nor claims are taken."""
    if not resources().settings.gives_codes:
        raise DeclarationsOff


def _close(_error: BaseException | None) -> None:
    session = g.pop("database", None)
    if session is not None:
        session.close()
