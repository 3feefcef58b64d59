"""What goes wrong with claims of items."""

from gallery.errors.base import ChangedMeanwhile
from gallery.errors.declarations import DeclarationNotFound, DeclarationsOff


class ClaimsOff(DeclarationsOff):
    """The operator has not said what allows claims, so there are none."""


class ClaimNotFound(DeclarationNotFound):
    """No claim has this reference, or its item belongs to another unit."""


class ClaimStepRefused(ChangedMeanwhile):
    """The claim may not move to that state from where it stands, or the item was promised to another claimant."""
