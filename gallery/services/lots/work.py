"""What the worker does for photos that wait: describes them, looks for them in the gallery, and puts them together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.services.lots import describing, proposing
from gallery.services.search.database_catalogue import DatabaseCatalogue
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.search.search import PhotoCatalogue
from gallery.storage import PhotoStore


@dataclass
class LotWork:
    """The catalogue of all photos is in memory only while photos wait to be looked at."""

    settings: Settings
    sessions: sessionmaker[Session]
    private: PhotoStore
    now: Callable[[], datetime]
    _catalogue: PhotoCatalogue | None = field(default=None, init=False)

    def describe_next(self) -> bool:
        """Look at the next waiting photo; False when there is none."""
        lease = timedelta(minutes=self.settings.worker_lease_minutes)
        with self.sessions() as session:
            is_busy = describing.describe_next(
                session, self._opened, settings=self.settings, private=self.private, lease=lease, now=self.now()
            )
        if not is_busy:
            self._catalogue = None
        return is_busy

    def propose_next(self) -> bool:
        """Put together the photos of the next lot that is due; False when there is none."""
        with self.sessions() as session:
            return proposing.propose_next(session)

    def _opened(self) -> PhotoCatalogue:
        if self._catalogue is None:
            is_in_database = self.settings.catalogue == "pgvector"
            self._catalogue = (
                DatabaseCatalogue(self.sessions, scope=Scope.ALL)
                if is_in_database
                else MemoryCatalogue(self.sessions, self.settings.snapshot_path, scope=Scope.ALL)
            )
        return self._catalogue
