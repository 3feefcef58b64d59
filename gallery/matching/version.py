"""Which algorithm made a signature: whatever changes the value of any part has another version."""

from gallery.matching.vocabulary import vocabulary

ALGORITHM_VERSION = f"2-{vocabulary().digest}"
"""Number of the code that describes, and name of the vocabulary. The number grows when a pinned value changes."""
