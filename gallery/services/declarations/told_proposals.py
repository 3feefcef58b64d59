"""What a victim is told of what resembles a declared object: nothing that a serial number has brought about."""

from dataclasses import dataclass

from gallery import matching
from gallery.models import DeclarationState, DeclaredObject, ProposalLevel, ProposalState

_SAME_MODEL = matching.Evidence.SAME_MODEL.value
# What a victim is told of a pair that rests on a number alone, once an officer has shown it.
_BY_NUMBER = ProposalLevel.MEDIUM.value


@dataclass(frozen=True)
class AnsweredProposal:
    """An item that an officer, or its level, has shown. position: of the declared object; number: the item's.

    has_many_alike: many objects look like it, so that a detail decides.
    """

    position: int
    number: str
    level: str
    # What was sealed before it was told says nothing of it.
    has_many_alike: bool = False


def told_of(declared: DeclaredObject) -> list[AnsweredProposal]:
    """What may be shown of an object's proposals, also once its search has ended; the page shows what is public of it.

    The level is told without the serial number, which has no part in their order either: it would tell whether the
    declared one is right.
    """
    is_held = declared.declaration.state is DeclarationState.QUARANTINED
    told = [
        AnsweredProposal(
            declared.position, each.item.public_number, each.told_level or _BY_NUMBER, _SAME_MODEL in each.evidence
        )
        for each in declared.proposals
        if not is_held and each.state is ProposalState.SHOWN
    ]
    degrees = list(ProposalLevel)
    return sorted(told, key=lambda each: (degrees.index(ProposalLevel(each.level)), each.number))
