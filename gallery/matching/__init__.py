"""Finding the same object in other photos: describe a picture, keep a catalogue, rank its items.

Arrays in, values out. Never a database or a request, nor a file but the vocabulary and the operator's encoder.
"""

from gallery.matching.catalogue.catalogue import Catalogue, CatalogueEntry
from gallery.matching.catalogue.searched import Searched
from gallery.matching.copies.same_picture import Copy, find_copy, lies_as_a_copy
from gallery.matching.evidence import Candidate, Evidence, Likelihood, Measurement, PointPair
from gallery.matching.findability import Advice, Findability, advise, findability_of
from gallery.matching.fingerprint import FINGERPRINT_BYTES, Fingerprint, browser_model
from gallery.matching.framing import find_photo
from gallery.matching.memory import keep_little
from gallery.matching.naming.categories import LikelyCategory, likely_categories
from gallery.matching.naming.colours import main_colours
from gallery.matching.ranking.doubting import doubtful_places
from gallery.matching.ranking.fingerprints import rank_fingerprints
from gallery.matching.ranking.putting_together import put_together, shared_details
from gallery.matching.ranking.ranking import Ranked, rank, rank_objects
from gallery.matching.signature import Details, Signature, describe, read_details
from gallery.matching.threads import use_one_thread
from gallery.matching.tiers.efficientnet import for_browsers as model_for_browsers
from gallery.matching.tiers.encoder import choose as choose_encoder
from gallery.matching.tiers.encoder import configure, path_in_use
from gallery.matching.tiers.foreground import Box
from gallery.matching.tiers.reduced import Pixels, reduce
from gallery.matching.version import current_version, is_newer

__all__ = [
    "FINGERPRINT_BYTES",
    "Advice",
    "Box",
    "Candidate",
    "Catalogue",
    "CatalogueEntry",
    "Copy",
    "Details",
    "Evidence",
    "Findability",
    "Fingerprint",
    "Likelihood",
    "LikelyCategory",
    "Measurement",
    "Pixels",
    "PointPair",
    "Ranked",
    "Searched",
    "Signature",
    "advise",
    "browser_model",
    "choose_encoder",
    "configure",
    "current_version",
    "describe",
    "doubtful_places",
    "find_copy",
    "find_photo",
    "findability_of",
    "is_newer",
    "lies_as_a_copy",
    "likely_categories",
    "main_colours",
    "model_for_browsers",
    "path_in_use",
    "put_together",
    "rank",
    "rank_fingerprints",
    "rank_objects",
    "read_details",
    "reduce",
    "shared_details",
]

keep_little()
use_one_thread()
