"""`flask list` and `flask show`: the items, and the state of one of them. Nothing confidential is opened."""

import json
from dataclasses import asdict
from datetime import datetime

import click

from gallery.cli.command import Command
from gallery.cli.resources import open_resources
from gallery.cli.spoken import said
from gallery.cli.words import OBSTACLES
from gallery.models import ITEM_STATUSES, ItemStatus
from gallery.services.items import categories
from gallery.services.operating import overview
from gallery.services.operating.overview import ItemState, ListedItem, PhotoState, Sought
from gallery.services.people import units

MAX_LISTED = 10_000
NOTHING_FOUND = 1
STATUSES = [each.value for each in ITEM_STATUSES]


@click.command("list", cls=Command)
@click.option("--unit", "unit_code", metavar="CODE", help="Only the items of this unit.")
@click.option("--category", "category_code", metavar="CODE", help="Only those of this category.")
@click.option("--status", type=click.Choice(STATUSES), help="Only those with this status.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, MAX_LISTED), help="How many at most.")
@click.option("--after", default="", metavar="NUMBER", help="Go on after the last item that was listed.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list, for a program.")
@click.pass_context
def list_items(
    context: click.Context,
    unit_code: str | None,
    category_code: str | None,
    status: str | None,
    limit: int,
    after: str,
    as_json: bool,
) -> None:
    """List the items of all units, the newest first. Nothing confidential is opened.

    Exit status: 0 there are some; 1 there are none; 2 no such unit, category or item.
    """
    with open_resources() as given, given.sessions() as session:
        sought = Sought(
            unit=units.get_by_code(session, unit_code) if unit_code else None,
            category=categories.get_by_code(session, category_code) if category_code else None,
            status=ItemStatus(status) if status else None,
            after=after,
        )
        found = overview.listed(session, sought, limit=limit)
    for line in [_written([asdict(each) for each in found])] if as_json else map(_line, found):
        click.echo(line)
    context.exit(0 if found else NOTHING_FOUND)


@click.command("show", cls=Command)
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for a program.")
def show(number: str, as_json: bool) -> None:
    """Show the state of the item with this public NUMBER: its status, what keeps it from the public, its photos.

    Exit status: 0 it is shown; 2 no item has this number.
    """
    with open_resources() as given, given.sessions() as session:
        found = overview.state_of(session, number, sealer=given.sealer)
    for line in [_written(asdict(found))] if as_json else _lines(found):
        click.echo(line)


def _written(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=_instant)


def _instant(value: datetime) -> str:
    return value.isoformat(timespec="seconds")


def _line(item: ListedItem) -> str:
    counts = said("photos: {count}", count=item.photos)
    if item.undescribed:
        counts += ", " + said("not yet described: {count}", count=item.undescribed)
    return f"{item.number}  {item.status.value:9}  {item.unit}  {item.category}  {counts}  {item.title}"


def _lines(item: ItemState) -> list[str]:
    instants = {"created": item.created_at, "changed": item.changed_at, "published": item.published_at}
    told = {name: _instant(each) if each else said("never") for name, each in instants.items()}
    obstacles = ", ".join(said(OBSTACLES[each]) for each in item.obstacles)
    return [
        f"{item.number}: {item.title}",
        said("status: {status}", status=item.status.value),
        said("unit: {unit}", unit=item.unit),
        said("category: {category}", category=item.category),
        said("created: {created}", created=told["created"]),
        said("changed: {changed}", changed=told["changed"]),
        said("published: {published}", published=told["published"]),
        said("keeps it from the public: {obstacles}", obstacles=obstacles or said("nothing")),
        *map(_photo, item.photos),
    ]


def _photo(photo: PhotoState) -> str:
    if photo.version:
        described = said("described by {version}", version=photo.version)
    else:
        described = said("{state}, attempts: {count}", state=photo.signature.value, count=photo.attempts)
    private = said("private") + ", " if photo.is_private else ""
    return said("photo {photo}: {told}", photo=photo.public_id, told=private + described)
