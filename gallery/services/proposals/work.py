"""What the worker does for victims: files what they have declared, compares it with what is published, and writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from gallery.services.declarations import collecting, describing, inbox, quarantine
from gallery.services.declarations.collecting import DropHandler
from gallery.services.declarations.dropping import DropKind
from gallery.services.mails import delivery
from gallery.services.mails.delivery import OwedMails
from gallery.services.proposals import comparing, helper_calls
from gallery.services.proposals.declared import DeclaredObjects
from gallery.services.resources import Resources
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.search.search import PhotoCatalogue
from gallery.services.transaction import atomic

LOOK_EVERY = timedelta(hours=1)


@dataclass(eq=False)
class DeclarationWork:
    """Nothing is done, and nothing read, where the operator takes neither declarations nor claims."""

    given: Resources
    # Of published photos: the worker has one, whoever asks it.
    published: PhotoCatalogue
    # For kinds of drops that other rooms know.
    handlers: Mapping[DropKind, DropHandler] = field(default_factory=dict)
    # Declared photos that could not be described: not tried again by this process.
    _unreadable: set[int] = field(default_factory=set)
    # Declarations in quarantine whose seal is broken, likewise.
    _broken: set[int] = field(default_factory=set)
    # Declared objects of which some part can't be read, likewise.
    _broken_objects: set[int] = field(default_factory=set)
    # The last declaration of which it was seen whether somebody helps, and when they are gone through again.
    _helpers_seen_to: int = 0
    _helpers_from: datetime = datetime.min.replace(tzinfo=UTC)

    def publish_key(self) -> bool:
        """Say for whom the public site seals what victims declare."""
        given = self.given
        if given.settings.gives_codes:
            with given.sessions() as session, atomic(session):
                collecting.publish_key(session, given.sealer)
                inbox.try_again(session)
        return True

    def collect_next(self) -> bool:
        """File the next declaration or claim that somebody has dropped; False when there is none."""
        given = self.given
        if not given.settings.gives_codes:
            return False
        with given.sessions() as session:
            return collecting.collect(
                session, settings=given.settings, sealer=given.sealer, now=given.now(), handlers=self.handlers
            )

    def settle_next(self) -> bool:
        """Carry out what officers have said of one declaration in quarantine; False when there is none."""
        given = self.given
        if not given.settings.gives_codes:
            return False
        with given.sessions() as session:
            return quarantine.settle_next(
                session, settings=given.settings, sealer=given.sealer, broken=self._broken, now=given.now()
            )

    def describe_next(self) -> bool:
        """Describe the next declared photo that this version of the matcher has not described; False without any."""
        given = self.given
        if not given.settings.takes_declarations:
            return False
        with given.sessions() as session:
            return describing.describe_next(session, given, unreadable=self._unreadable)

    def compare_next_object(self) -> bool:
        """Look for the next declared object among the items of units; False when none is due."""
        given = self.given
        if not given.settings.takes_declarations:
            return False
        with given.sessions() as session:
            catalogues, broken = (self.published, self._unpublished), self._broken_objects
            return comparing.compare_next_object(session, catalogues, sealer=given.sealer, broken=broken, now=given.now)

    def compare_next_item(self) -> bool:
        """Compare the next item with what is declared; False when none is due."""
        given = self.given
        if not given.settings.takes_declarations:
            return False
        with given.sessions() as session:
            return comparing.compare_next_item(session, self._declared, now=given.now)

    def send_next_mail(self) -> bool:
        """Send the next mail to a victim; False when none is due. Raises MailServerUnreachable."""
        given = self.given
        if not (given.settings.gives_codes and given.settings.sends_mail):
            return False
        with given.sessions() as session:
            return delivery.send_next(
                session, settings=given.settings, sealer=given.sealer, owed=self._owed, now=given.now()
            )

    def look_for_helpers(self) -> bool:
        """See whether somebody helps with some declarations from before that was noted; False when there are none.

        Looked for again each hour: during an upgrade a worker of the version before may still file some.
        """
        given = self.given
        if not given.settings.gives_codes or given.now() < self._helpers_from:
            return False
        with given.sessions() as session:
            last = helper_calls.look_at_some(session, sealer=given.sealer, after=self._helpers_seen_to)
        self._helpers_seen_to = last or 0
        if last is None:
            self._helpers_from = given.now() + LOOK_EVERY
        return last is not None

    @cached_property
    def _unpublished(self) -> PhotoCatalogue:
        return open_catalogue(self.given, Scope.UNPUBLISHED)

    @cached_property
    def _declared(self) -> DeclaredObjects:
        given = self.given
        return DeclaredObjects(given.sessions, given.sealer)

    @cached_property
    def _owed(self) -> OwedMails:
        return OwedMails()
