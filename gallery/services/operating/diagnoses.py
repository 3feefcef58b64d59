"""What an inspection finds: one line on a part of the installation, and one sentence on what to do about it."""

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How bad it is. WARNING: it works, and could be better; FAULT: something does not work, or is not safe."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Diagnosis:
    """One line. what: what was found, without any secret; advice: what to do, empty when nothing need be done."""

    part: str
    level: Level
    what: str
    advice: str = ""


def fine(part: str, what: str) -> Diagnosis:
    """All is well with this part."""
    return Diagnosis(part, Level.OK, what)


def warning(part: str, what: str, advice: str) -> Diagnosis:
    """It works, and could be better."""
    return Diagnosis(part, Level.WARNING, what, advice)


def fault(part: str, what: str, advice: str) -> Diagnosis:
    """It does not work, or is not safe."""
    return Diagnosis(part, Level.FAULT, what, advice)
