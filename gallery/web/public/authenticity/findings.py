"""Which answer `/verifier` gives: what was found, what to do about it, and what the code of a picture says besides.

Only what contradicts us is called false. What we do not know may be genuine, and then nothing is to be reported.
"""

from dataclasses import dataclass
from enum import StrEnum

from gallery.services.albums.seen_addresses import Seen, SeenAddress
from gallery.services.albums.verification import Authenticity, Code, Verification

# A small part of a picture says little of the rest: a telephone's screenshot of a post shows more of the photo.
SMALL_PART = 0.2
MAX_OF_IT = 0.8


class PictureFinding(StrEnum):
    """The answer itself, each a piece of the page."""

    OURS = "ours"
    PART_IS_OURS = "part_is_ours"
    ALTERED = "altered"
    GONE = "gone"
    CODE_ONLY = "code_only"
    PAGE_OF_OURS = "page_of_ours"
    NOT_A_NUMBER = "not_a_number"
    NO_OBJECT = "no_object"
    LEADS_ELSEWHERE = "leads_elsewhere"
    OUR_POST = "our_post"
    OUR_ACCOUNT = "our_account"
    NAMES_OUR_ACCOUNT = "names_our_account"
    FALSE_ACCOUNT = "false_account"
    IMITATION = "imitation"
    UNKNOWN = "unknown"


class CodeNote(StrEnum):
    """What the code of a picture says against the picture."""

    LEADS_ELSEWHERE = "leads_elsewhere"
    OTHER_OBJECT = "other_object"
    GONE = "gone"
    NO_OBJECT = "no_object"


# What contradicts us is to be reported; what we do not know is only to be doubted.
TO_REPORT = {PictureFinding.ALTERED, PictureFinding.FALSE_ACCOUNT, PictureFinding.IMITATION}
TO_DOUBT = {
    PictureFinding.NOT_A_NUMBER,
    PictureFinding.NO_OBJECT,
    PictureFinding.LEADS_ELSEWHERE,
    PictureFinding.NAMES_OUR_ACCOUNT,
    PictureFinding.UNKNOWN,
}
BY_AUTHENTICITY = {
    Authenticity.OURS: PictureFinding.OURS,
    Authenticity.ALTERED: PictureFinding.ALTERED,
    Authenticity.NO_LONGER_PUBLIC: PictureFinding.GONE,
    Authenticity.NOT_A_NUMBER: PictureFinding.NOT_A_NUMBER,
    Authenticity.NOT_OURS: PictureFinding.NO_OBJECT,
}
BY_ADDRESS = {
    Seen.OUR_POST: PictureFinding.OUR_POST,
    Seen.OUR_ACCOUNT: PictureFinding.OUR_ACCOUNT,
    Seen.NAMES_OUR_ACCOUNT: PictureFinding.NAMES_OUR_ACCOUNT,
    Seen.FALSE_ACCOUNT: PictureFinding.FALSE_ACCOUNT,
    Seen.IMITATION: PictureFinding.IMITATION,
    Seen.UNKNOWN: PictureFinding.UNKNOWN,
}


@dataclass(frozen=True)
class Told:
    """What the page says. code: what the picture's code says to it; shows_part: it shows part of our photo only."""

    finding: PictureFinding
    code: CodeNote | None = None
    shows_part: bool = False

    @property
    def is_to_be_reported(self) -> bool:
        """Whether to report what was seen."""
        return self.finding in TO_REPORT

    @property
    def is_to_be_doubted(self) -> bool:
        """Whether to say that the unknown is not false, and how to be sure."""
        return self.finding in TO_DOUBT


def of_number(found: Verification) -> Told:
    """What is said of a number."""
    return Told(BY_AUTHENTICITY[found.authenticity])


def of_code(code: Code) -> Told:
    """What is said of a scanned code."""
    if code.is_other_page:
        return Told(PictureFinding.PAGE_OF_OURS)
    return Told(PictureFinding.LEADS_ELSEWHERE if code.leads_elsewhere else BY_AUTHENTICITY[code.authenticity])


def of_address(address: SeenAddress) -> Told:
    """What is said of the address of a post or an account."""
    return Told(BY_ADDRESS[address.seen])


def of_picture(found: Verification) -> Told:
    """What is said of a picture."""
    if found.authenticity is Authenticity.NOT_OURS:
        has_code = found.code is not None and found.code.item is not None
        return Told(PictureFinding.CODE_ONLY) if has_code else Told(PictureFinding.UNKNOWN, _note(found))
    finding = BY_AUTHENTICITY[found.authenticity]
    if finding is not PictureFinding.OURS or found.copy is None:
        return Told(finding, _note(found))
    if found.copy.covered_share < SMALL_PART:
        finding = PictureFinding.PART_IS_OURS
    return Told(finding, _note(found), shows_part=found.copy.shown_share < MAX_OF_IT)


def _note(found: Verification) -> CodeNote | None:
    code = found.code
    if code is None or not found.is_contradicted:
        return None
    if code.leads_elsewhere:
        return CodeNote.LEADS_ELSEWHERE
    if code.item:
        return CodeNote.OTHER_OBJECT
    return CodeNote.GONE if code.authenticity is Authenticity.NO_LONGER_PUBLIC else CodeNote.NO_OBJECT
