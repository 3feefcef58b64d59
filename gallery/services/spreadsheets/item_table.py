"""Items as the list that an import reads: the same columns, for French spreadsheets, a batch of rows at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from gallery.models import Case, Item
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.imports import columns, tables
from gallery.services.items import items, original_names
from gallery.sharing.cells import harmless, lines

BATCH = 200
# How a spreadsheet knows that the text is in UTF-8.
MARK = "\ufeff"


@dataclass(frozen=True)
class TableWords:
    """How a table is written. colours: word of each code; is_confidential: with what only the unit's officers read."""

    colours: Mapping[str, str]
    is_confidential: bool

    @property
    def act(self) -> str:
        """What the journal calls the writing of such a table; it is noted before the first row leaves."""
        return "export_sealed_list" if self.is_confidential else "export_list"


def written(session: Session, item_ids: Sequence[int], words: TableWords, *, sealer: Sealer) -> Iterator[bytes]:
    """The table of these items in their order, in pieces: its header, then some hundred rows at a time."""
    names = columns.ALL if words.is_confidential else columns.PUBLIC
    yield header(names)
    numbers = _case_numbers(sealer)
    for items_of_batch in batches(session, item_ids):
        cells = (_cells(item, words, numbers, sealer) for item in items_of_batch)
        yield lines([[_safe(name, each.get(name, "")) for name in names] for each in cells]).encode()


def header(names: Sequence[str]) -> bytes:
    """The first row of a table with these columns."""
    return (MARK + lines([names])).encode()


def batches(session: Session, item_ids: Sequence[int]) -> Iterator[Sequence[Item]]:
    """These items in their order, with all that a table says of them, some hundred at a time."""
    for start in range(0, len(item_ids), BATCH):
        ids = item_ids[start : start + BATCH]
        wanted = select(Item).where(Item.id.in_(ids)).options(joinedload(Item.category), joinedload(Item.case))
        found = {item.id: item for item in session.scalars(wanted.options(selectinload(Item.photos)))}
        yield [found[each] for each in ids if each in found]


def _cells(item: Item, words: TableWords, case_number: Callable[[Case], str], sealer: Sealer) -> dict[str, str]:
    public = {column: getattr(item, field) for column, field in columns.DESCRIPTION_COLUMNS.items()}
    public |= {
        columns.KEY: item.public_number,
        columns.PHOTOS: columns.SEPARATOR.join(name for name, _ in original_names.named(item)),
        columns.CATEGORY: item.category.name_fr,
        columns.COLOURS: columns.SEPARATOR.join(words.colours[code] for code in item.colours),
    }
    return public | _confidential(item, case_number, sealer) if words.is_confidential else public


def _confidential(item: Item, case_number: Callable[[Case], str], sealer: Sealer) -> dict[str, str]:
    secret = items.open_secrets(item, sealer)
    withheld = {column: secret.withheld.get(field) for column, field in columns.WITHHELD_HEADINGS.items()}
    hidden = [column for column, text in withheld.items() if text is not None]
    return {
        **{column: text for column, text in withheld.items() if text is not None},
        columns.CASE: case_number(item.case),
        **{column: getattr(secret, field) for column, field in columns.SECRET_COLUMNS.items()},
        columns.WITHHELD: columns.SEPARATOR.join(hidden) or (columns.NOTHING_WITHHELD if secret.is_readable else ""),
    }


def _case_numbers(sealer: Sealer) -> Callable[[Case], str]:
    known: dict[int, str] = {}

    def of(case: Case) -> str:
        if case.id not in known:
            known[case.id] = cases.open_secrets(case, sealer).case_number
        return known[case.id]

    return of


def _safe(column: str, text: str) -> str:
    return harmless(tables.kept_as_text(column, text))
