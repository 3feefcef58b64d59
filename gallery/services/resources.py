"""What requests, commands and the worker all work with. It knows no room of the services."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.sealing import Sealer
from gallery.storage import PhotoStore


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Settings, database, both stores, the key and the clock.

    The public site has no private store, and a sealer without a key. now: aware, in UTC.
    """

    settings: Settings
    sessions: sessionmaker[Session]
    public: PhotoStore
    private_store: PhotoStore | None
    sealer: Sealer
    now: Callable[[], datetime]

    @property
    def private(self) -> PhotoStore:
        """The store of originals: the back office's and the worker's only."""
        assert self.private_store is not None, "the public site has no private store"
        return self.private_store
