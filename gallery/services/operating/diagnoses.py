"""What an inspection finds: one line on a part of the installation, and one sentence on what to do about it."""

import enum
from dataclasses import dataclass

from gallery.services.phrase import Phrase


class Level(enum.StrEnum):
    """How bad it is. WARNING: it works, and could be better; FAULT: something does not work, or is not safe."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Diagnosis:
    """One line. found: without any secret; needed: what to do, empty when nothing need be done."""

    part: str
    level: Level
    found: Phrase
    needed: Phrase = Phrase("")

    @property
    def what(self) -> str:
        """What was found, in English."""
        return str(self.found)

    @property
    def advice(self) -> str:
        """What to do, in English."""
        return str(self.needed)


def fine(part: str, what: str, **values: object) -> Diagnosis:
    """All is well with this part. values: what is put into the sentences, here and below."""
    return Diagnosis(part, Level.OK, Phrase(what, values))


def warning(part: str, what: str, advice: str, **values: object) -> Diagnosis:
    """It works, and could be better."""
    return Diagnosis(part, Level.WARNING, Phrase(what, values), Phrase(advice, values))


def fault(part: str, what: str, advice: str, **values: object) -> Diagnosis:
    """It does not work, or is not safe."""
    return Diagnosis(part, Level.FAULT, Phrase(what, values), Phrase(advice, values))
