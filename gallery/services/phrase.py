"""A sentence for whoever runs the service: in English in the log, at a terminal in its language (`cli/spoken.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Phrase:
    """An English sentence apart from what is put into it, which may be phrases too.

    >>> str(Phrase("the store: {why}", {"why": Phrase("the disk is full")}))
    'the store: the disk is full'
    """

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence.format(**self.values)
