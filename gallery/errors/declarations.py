"""What goes wrong with declarations of victims and the codes that open them."""

from gallery.errors.base import GalleryError, NotFound


class DeclarationsOff(NotFound):
    """The operator has not said what allows declarations, so there are none."""


class DeclarationsClosed(GalleryError):
    """No declaration is taken for a time. sentence: the operator's, or empty while the worker has not begun."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StatementInvalid(GalleryError):
    """A declaration lacks something, or has more than it may. field: which part."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class CodeMistyped(GalleryError):
    """The words can't be a code of ours. word: the one that is not in the list; count: how many words there are, where
    there are not six; without either, two are mixed up.
    """

    def __init__(self, word: str = "", count: int | None = None) -> None:
        super().__init__(word, count)
        self.word, self.count = word, count


class CodeUnknown(GalleryError):
    """A code of ours that opens no declaration: never sent, not yet filed, replaced or deleted."""


class DeclarationNotFound(NotFound):
    """No declaration has this reference, or the officer may not know of it."""


class ProposalNotFound(DeclarationNotFound):
    """No proposal has this id, or its item belongs to another unit."""
