"""What a request works with: settings, database session, stores, keys. Opened once per application."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, current_app, g
from sqlalchemy.orm import Session, sessionmaker

from gallery import imaging, matching
from gallery.config import Settings, Site
from gallery.database import open_engine, session_factory
from gallery.sealing import Sealer
from gallery.services import stores
from gallery.services.gallery.browsing import PublicGallery
from gallery.services.search.database_catalogue import DatabaseCatalogue
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.search.search import PhotoCatalogue
from gallery.storage import PhotoStore


@dataclass(frozen=True)
class Workplace:
    """What one site was given. The public site has no private store, and a sealer without key.

    former: of the photos that were public, loaded when it is first asked.
    """

    settings: Settings
    sessions: sessionmaker[Session]
    public_store: PhotoStore
    sealer: Sealer
    catalogue: PhotoCatalogue
    former: PhotoCatalogue
    gallery: PublicGallery
    now: Callable[[], datetime]
    private: PhotoStore | None

    @property
    def private_store(self) -> PhotoStore:
        """The store of originals: the back office's only."""
        assert self.private is not None, "the public site has no private store"
        return self.private


def open_in(app: Flask, settings: Settings, site: Site) -> None:
    """Open the database and the stores that this site may know, and the encoder; raise SettingInvalid without it."""
    matching.choose_encoder(settings.encoder, settings.instance)
    imaging.configure(at_once=settings.max_photos_decoded_at_once)
    is_public = site is Site.PUBLIC
    address = settings.public_database_address if is_public else settings.database_address
    sessions = session_factory(open_engine(address))
    app.extensions["workplace"] = Workplace(
        settings=settings,
        sessions=sessions,
        public_store=stores.open_public(settings, site),
        sealer=Sealer("" if is_public else settings.sealing_identity),
        catalogue=_catalogue(settings, sessions, Scope.PUBLIC if is_public else Scope.ALL),
        former=_catalogue(settings, sessions, Scope.FORMER),
        gallery=PublicGallery(sessions),
        now=lambda: datetime.now(UTC),
        private=None if is_public else stores.open_private(settings),
    )
    app.teardown_appcontext(_close)


def _catalogue(settings: Settings, sessions: sessionmaker[Session], scope: Scope) -> PhotoCatalogue:
    if settings.catalogue == "pgvector":
        return DatabaseCatalogue(sessions, scope=scope)
    return MemoryCatalogue(sessions, None if scope is Scope.FORMER else settings.snapshot_path, scope=scope)


def workplace() -> Workplace:
    """The workplace of the application that answers."""
    opened: Workplace = current_app.extensions["workplace"]
    return opened


def database() -> Session:
    """The database session of this request, opened at first use and closed with it."""
    if "database" not in g:
        g.database = workplace().sessions()
    session: Session = g.database
    return session


def now() -> datetime:
    """This instant, aware and in UTC."""
    return workplace().now()


def _close(_error: BaseException | None) -> None:
    session = g.pop("database", None)
    if session is not None:
        session.close()
