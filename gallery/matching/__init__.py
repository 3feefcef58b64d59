"""Finding the same object in other photos: describe a picture, keep a catalogue, rank its items.

Arrays in, values out. Never a file, a database or a request.
"""

from gallery.matching.catalogue import Catalogue, Entry
from gallery.matching.evidence import Candidate, Evidence, Likelihood, Measurement
from gallery.matching.foreground import Box
from gallery.matching.ranking import rank
from gallery.matching.searched import Searched
from gallery.matching.signature import Signature, describe
from gallery.matching.threads import use_one_thread
from gallery.matching.version import ALGORITHM_VERSION

__all__ = [
    "ALGORITHM_VERSION",
    "Box",
    "Candidate",
    "Catalogue",
    "Entry",
    "Evidence",
    "Likelihood",
    "Measurement",
    "Searched",
    "Signature",
    "describe",
    "rank",
]

use_one_thread()
