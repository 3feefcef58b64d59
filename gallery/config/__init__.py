"""Everything that differs between two installations: the settings, their rules, and where they are read."""

from gallery.config.loading import (
    is_given,
    kept_secrets,
    load_settings,
    make_secrets,
    own_measures,
    share_measures,
)
from gallery.config.settings import BOTH_SITES, Settings, Site

__all__ = [
    "BOTH_SITES", "Settings", "Site", "is_given", "kept_secrets", "load_settings", "make_secrets", "own_measures",
    "share_measures",
]  # fmt: skip
