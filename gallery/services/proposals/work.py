"""What the worker does for victims: files what they have declared, compares it with what is published, and writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.sealing import Sealer
from gallery.services.declarations import collecting
from gallery.services.declarations.collecting import DropHandler
from gallery.services.declarations.dropping import DropKind
from gallery.services.mails import delivery
from gallery.services.proposals import comparing
from gallery.services.proposals.declared import DeclaredObjects
from gallery.services.search.database_catalogue import DatabaseCatalogue
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.search.search import PhotoCatalogue
from gallery.services.transaction import atomic


@dataclass(frozen=True)
class DeclarationWork:
    """Nothing is done, and nothing read, where the operator takes neither declarations nor claims."""

    settings: Settings
    sessions: sessionmaker[Session]
    sealer: Sealer
    now: Callable[[], datetime]
    # For kinds of drops that other rooms know.
    handlers: Mapping[DropKind, DropHandler]

    def publish_key(self) -> bool:
        """Say to whom the public site seals what victims declare."""
        if self.settings.gives_codes:
            with self.sessions() as session, atomic(session):
                collecting.publish_key(session, self.sealer)
        return True

    def collect_next(self) -> bool:
        """File the next declaration or claim that somebody has dropped; False when there is none."""
        if not self.settings.gives_codes:
            return False
        with self.sessions() as session:
            return collecting.collect(
                session, settings=self.settings, sealer=self.sealer, now=self.now(), handlers=self.handlers
            )

    def compare_next_object(self) -> bool:
        """Look for the next declared object among what is published; False when none is due."""
        if not self.settings.takes_declarations:
            return False
        with self.sessions() as session:
            return comparing.compare_next_object(session, self._catalogue, sealer=self.sealer, now=self.now())

    def compare_next_item(self) -> bool:
        """Compare the next published item with what is declared; False when none is due."""
        if not self.settings.takes_declarations:
            return False
        with self.sessions() as session:
            return comparing.compare_next_item(session, self._declared, now=self.now())

    def send_next_mail(self) -> bool:
        """Send the next mail to a victim; False when none is due. Raises MailServerUnreachable."""
        if not (self.settings.gives_codes and self.settings.sends_mail):
            return False
        with self.sessions() as session:
            return delivery.send_next(session, settings=self.settings, sealer=self.sealer, now=self.now())

    @cached_property
    def _catalogue(self) -> PhotoCatalogue:
        if self.settings.catalogue == "pgvector":
            return DatabaseCatalogue(self.sessions, scope=Scope.PUBLIC)
        return MemoryCatalogue(self.sessions, self.settings.snapshot_path)

    @cached_property
    def _declared(self) -> DeclaredObjects:
        return DeclaredObjects(self.sessions, self.sealer)
