"""What the worker does for photos that wait: describes them, looks for them in the gallery, and puts them together."""

from dataclasses import dataclass, field

from gallery.services.lots import describing
from gallery.services.lots.proposing import Proposer
from gallery.services.resources import Resources
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.search.search import PhotoCatalogue


@dataclass
class LotWork:
    """The catalogue of all photos is in memory only while photos wait to be looked at."""

    given: Resources
    _catalogue: PhotoCatalogue | None = field(default=None, init=False)
    _seen: describing.SeenItems = field(default_factory=describing.SeenItems, init=False)
    _proposer: Proposer = field(default_factory=Proposer, init=False)

    def describe_next(self) -> bool:
        """Look at the next waiting photo; False when there is none."""
        with self.given.sessions() as session:
            is_busy = describing.describe_next(session, self.given, self._opened, self._seen)
        if not is_busy:
            self._catalogue = None
        return is_busy

    def propose_next(self) -> bool:
        """Put together the photos of the next lot that is due; False when there is none."""
        with self.given.sessions() as session:
            return self._proposer.propose_next(session)

    def _opened(self) -> PhotoCatalogue:
        if self._catalogue is None:
            self._catalogue = open_catalogue(self.given, Scope.ALL)
        return self._catalogue
