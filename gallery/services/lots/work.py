"""What the worker does for photos that wait: describes them, looks for them in the gallery, puts them together, and
looks for private parts."""

from dataclasses import dataclass, field

from gallery.services.lots import describing, private_parts
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
    _is_describing: bool = field(default=False, init=False)
    _proposer: Proposer = field(default_factory=Proposer, init=False)

    def describe_next(self) -> bool:
        """Look at the next waiting photo; False when there is none."""
        with self.given.sessions() as session:
            self._is_describing = describing.describe_next(session, self.given, self._opened, self._seen)
        if not self._is_describing:
            self._catalogue = None
        return self._is_describing

    def propose_next(self) -> bool:
        """Put together the photos of the next lot that is due; False when there is none."""
        with self.given.sessions() as session:
            return self._proposer.propose_next(session)

    def look_next(self) -> bool:
        """Look for private parts in a photo, once none waits to be described; False when there is none."""
        if self._is_describing:
            return False
        with self.given.sessions() as session:
            return private_parts.look_next(session, self.given)

    def _opened(self) -> PhotoCatalogue:
        if self._catalogue is None:
            self._catalogue = open_catalogue(self.given, Scope.ALL)
        return self._catalogue
