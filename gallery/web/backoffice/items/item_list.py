"""The unit's items: narrowed down, searched, and acted on together."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from gallery.models import Case, Category, ItemStatus, OfficerRole, SweepReport
from gallery.services import cases
from gallery.services.albums import postings
from gallery.services.cases import CaseRecord
from gallery.services.items import categories, failed, lists
from gallery.services.items.lists import Wanted
from gallery.services.lots import lots
from gallery.services.proposals import proposals
from gallery.services.storekeeping import reports
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.items import bulk_undo
from gallery.web.backoffice.proposals.quarantine import count_held
from gallery.web.requests import page_number
from gallery.web.resources import database, resources

# How a status is written in an address.
STATUSES = {
    "brouillons": ItemStatus.DRAFT,
    "publies": ItemStatus.PUBLISHED,
    "restitues": ItemStatus.RETURNED,
    "retires": ItemStatus.WITHDRAWN,
}
LONGEST_SEARCH = 120


@dataclass(frozen=True)
class ListFilters:
    """What the address narrows the list to. status, category, case: as written in the address; empty: everything."""

    status: str
    category: Category | None
    case: Case | None
    words: str

    @property
    def wanted(self) -> Wanted:
        """What is wanted, as the service takes it."""
        return Wanted(STATUSES.get(self.status), self.case, self.category, self.words)

    @property
    def are_set(self) -> bool:
        """Something is left out of the list."""
        return bool(self.status or self.category or self.case or self.words)

    def address(self, **changes: object) -> dict[str, object]:
        """The arguments of this list's address, with these changes; those that say nothing are left out."""
        arguments: dict[str, object] = {
            "statut": self.status,
            "categorie": self.category.code if self.category else "",
            "affaire": self.case.reference if self.case else "",
            "mots": self.words,
        }
        return {name: value for name, value in (arguments | changes).items() if value}


def listing() -> ResponseReturnValue:
    """The unit's items, the last changed first, as the address narrows them down."""
    unit, filters = current_officer().unit, asked_filters()
    narrowed = lists.narrow(database(), unit, filters.wanted, sealer=resources().sealer)
    number, size = page_number(), resources().settings.page_size
    return render_template(
        "backoffice/items.html",
        page=lists.part_of(database(), narrowed, number=number, size=size),
        counts=lists.counts_by_status(database(), narrowed),
        cases=unit_cases(),
        used_categories=lists.used_categories(database(), unit),
        categories=categories.all_in_order(database()),
        filters=filters,
        understood=narrowed.words,
        is_no_number=narrowed.is_no_number,
        can_undo=bulk_undo.is_offered(),
        statuses=STATUSES,
        take_down=postings.count_due(database(), unit),
        failed_photos=failed.count(database(), unit),
        sweeps=refused_sweeps(),
        proposed=count_proposed(),
        held=count_held(),
        waiting=sum(lots.waiting_by_case(database(), unit).values()),
    )


def count_proposed() -> int:
    """How many proposals nobody of the unit has looked at; 0 where no declarations are taken."""
    if not resources().settings.takes_declarations:
        return 0
    return proposals.count_waiting(database(), current_officer())


def refused_sweeps() -> list[SweepReport]:
    """What administrators are told of the upkeep of files; others can do nothing about it."""
    return reports.refused(database()) if current_officer().role is OfficerRole.ADMINISTRATOR else []


def unit_cases() -> list[CaseRecord]:
    """The cases of the officer's unit, with their secrets."""
    return cases.kept_by(database(), current_officer().unit, sealer=resources().sealer)


def asked_filters(said: Mapping[str, str] | None = None) -> ListFilters:
    """What this request's address says, or a form that carries it on."""
    said = request.args if said is None else said
    status = said.get("statut", "")
    reference, code = tidy_line(said.get("affaire")), tidy_line(said.get("categorie"))
    return ListFilters(
        status=status if status in STATUSES else "",
        category=categories.get_by_code(database(), code) if code else None,
        case=cases.get(database(), reference, by=current_officer()) if reference else None,
        words=tidy_line(said.get("mots"))[:LONGEST_SEARCH],
    )
