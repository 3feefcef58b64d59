"""Which algorithm made a signature: whatever changes the value of any part has another version."""

from gallery.matching.tiers.encoder import in_use
from gallery.matching.tiers.vocabulary import vocabulary

ALGORITHM_VERSION = f"5-{vocabulary().digest}"
"""Number of the code that describes, and name of the vocabulary. The number grows when a pinned value changes."""


def current_version() -> str:
    """The version that this process makes and reads: that of the algorithm, and of the encoder where there is one."""
    encoder = in_use()
    return f"{ALGORITHM_VERSION}+{encoder.version}" if encoder else ALGORITHM_VERSION


def is_newer(version: str) -> bool:
    """Whether a later algorithm than this process's made a signature of this version."""
    number = version.partition("-")[0]
    return number.isdecimal() and int(number) > int(ALGORITHM_VERSION.partition("-")[0])
