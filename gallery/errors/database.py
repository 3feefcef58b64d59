"""What is wrong with the database, which only the operator can put right."""

from gallery.errors.base import GalleryError


class SchemaUnfit(GalleryError):
    """The database's tables are not those that this program works with. fit: a services.schema.Fit value.

    found, known: the newest migrations of the database and of the program; "" where there is none.
    """

    def __init__(self, fit: str, found: str, known: str) -> None:
        super().__init__(f"tables of {found or 'no migration'}, a program of {known}: {fit}")
        self.fit = fit
        self.found = found
        self.known = known


class ExtensionAbsent(GalleryError):
    """PostgreSQL lacks the extension of pgvector, and may not or can't make it."""
