"""`flask labels`: cards with numbers that objects will have, to print and lay beside them."""

from pathlib import Path

import click

from gallery.cli.command import Command
from gallery.cli.resources import now, open_resources
from gallery.cli.spoken import said
from gallery.services.items.numbering import card_numbers
from gallery.services.people import units
from gallery.services.transaction import atomic
from gallery.sharing import cards


@click.command("labels", cls=Command)
@click.option("--unit", "unit_code", required=True, metavar="CODE")
@click.option("--count", default=cards.CARDS_PER_SHEET, show_default=True, help="How many cards, 200 at most.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF to write.")
def labels(unit_code: str, count: int, output: Path) -> None:
    """Reserve the next free numbers of a unit and write A4 sheets of cards that carry them, each with its QR code."""
    partial = Path(f"{output}.partial")
    try:
        # Written before the numbers are taken for good: where that fails, none is lost.
        with open_resources() as given, given.sessions() as session, atomic(session):
            unit = units.get_by_code(session, unit_code)
            numbers = card_numbers.print_cards(session, unit, count, by=None, now=now())
            partial.write_bytes(cards.sheets(numbers))
        partial.replace(output)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    click.echo(said("{numbers} cards written to {output}.", numbers=len(numbers), output=output))
