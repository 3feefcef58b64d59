"""`flask status` and `flask doctor`: how the installation is doing, and what is wrong, in English as in the log."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from gallery.cli.command import Command
from gallery.cli.resources import open_resources
from gallery.services.operating import inspection, state
from gallery.services.operating.counts import Counts
from gallery.services.operating.diagnoses import Level
from gallery.services.operating.state import State, Trouble

UNHEALTHY = 1
TROUBLES = {
    Trouble.DATABASE: "the database does not answer: start it, or correct `database_url`",
    Trouble.SCHEMA: "the tables are of another version than this program: see `flask migrate --check`",
    Trouble.STORE: "a store can't be written: `flask doctor` says why",
    Trouble.DISK: "a disk is nearly full: make room",
    Trouble.QUEUE: "photos wait for more than an hour: start a worker, or read its log",
    Trouble.SWEEP: "no sweep for three hours, or one was refused: read the worker's log, run `flask sweep`",
    Trouble.NOT_OURS: "a store is not this database's: `flask store status` says which",
    Trouble.DROPS: "what victims have sent can't be opened or filed: `flask doctor` says why",
}
WAITING = {
    "waiting_photos": "photos in cases to describe",
    "albums": "albums to make",
    "archives": "archives to read",
    "posts": "posts to send",
    "mails": "mails to send",
    "drops": "drops to file",
}
MARKS = {Level.OK: "ok     ", Level.WARNING: "warning", Level.FAULT: "FAULT  "}


@click.command("status", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for a program.")
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Say in what state the installation is. Exit status: 0 healthy; 1 somebody has to act, and the end says why."""
    with open_resources(waits=True) as given:
        found = state.look(given)
    for line in [json.dumps(_table(found), indent=2)] if as_json else _lines(found):
        click.echo(line)
    context.exit(0 if found.is_healthy else UNHEALTHY)


@click.command("doctor", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="A JSON list of findings, for a program.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Inspect the installation and say what to do about each finding. Exit status: 0 no fault; 1 there is one."""
    with open_resources(waits=True) as given:
        found = inspection.inspect(given)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2, ensure_ascii=False))
    else:
        for each in found:
            click.echo(f"{MARKS[each.level]} {each.part}: {each.what}" + (f". {each.advice}" if each.advice else ""))
    context.exit(UNHEALTHY if any(each.level is Level.FAULT for each in found) else 0)


def _table(found: State) -> dict[str, Any]:
    """What a program reads: numbers, ages in seconds, words."""
    counted = found.counts
    return {
        "healthy": found.is_healthy,
        "troubles": [each.value for each in found.troubles],
        "schema": {"database": found.found, "program": found.known},
        "stores": {name: {"ours": ours} for name, ours in found.ours.items()},
        "snapshot": found.snapshot
        and {"age_seconds": _seconds(found, found.snapshot.written_at), "photos": found.snapshot.photos},
        "queue": counted
        and {
            "undescribed": counted.undescribed,
            "oldest_seconds": _seconds(found, counted.oldest_undescribed_at),
            "failed": counted.failed,
        },
        "waiting": counted and dict(counted.waiting),
        "mails": counted and {each.value: number for each, number in counted.mails.items()},
        "items": counted and {each.value: number for each, number in counted.items.items()},
        "searchable_photos": counted and counted.searchable,
        "inbox": counted and {"unreadable": counted.stuck.unreadable, "unfiled": counted.stuck.unfiled},
        "take_downs": counted and {"due": counted.take_downs, "overdue": counted.overdue},
        "sweeps": counted
        and {each.store: {"age_seconds": _seconds(found, each.at), "refusal": each.refusal} for each in counted.sweeps},
    }


def _lines(found: State) -> list[str]:
    lines = [f"schema: {found.found or 'none'} (program: {found.known})"]
    lines += [f"{name} store: {'ours' if ours else 'NOT ours'}" for name, ours in found.ours.items()]
    snapshot = found.snapshot
    written = snapshot and f"{snapshot.photos} photos, written {_age(found, snapshot.written_at)} ago"
    lines.append(f"snapshot: {written or 'none yet'}")
    lines += _of_counts(found, found.counts) if found.counts else []
    lines += [f"TROUBLE {each}: {TROUBLES[each]}" for each in found.troubles]
    return lines if found.troubles else [*lines, "healthy"]


def _of_counts(found: State, counted: Counts) -> list[str]:
    oldest = counted.oldest_undescribed_at
    waits = f", the oldest for {_age(found, oldest)}" if oldest else ""
    sweeps = [
        f"last sweep of the {each.store} store: {_age(found, each.at)} ago"
        + (f", refused: {each.refusal}" if each.refusal else "")
        for each in counted.sweeps
    ]
    stuck = counted.stuck
    return [
        "items: " + ", ".join(f"{number} {status}" for status, number in counted.items.items()),
        f"photos that the public finds by photo: {counted.searchable}",
        f"photos to describe: {counted.undescribed}{waits}; failed: {counted.failed}",
        "waiting: " + ", ".join(f"{counted.waiting[kind]} {words}" for kind, words in WAITING.items()),
        "mails: " + ", ".join(f"{number} {state}" for state, number in counted.mails.items()),
        f"inbox of victims: {stuck.unreadable} that no key opens, {stuck.unfiled} that can't be filed",
        f"to be taken down from networks: {counted.take_downs}, of them overdue: {counted.overdue}",
        *(sweeps or ["last sweep: none yet"]),
    ]


def _seconds(found: State, at: datetime | None) -> int | None:
    return None if at is None else max(0, round((found.at - at).total_seconds()))


def _age(found: State, at: datetime) -> str:
    """An age as people say it.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    >>> _age(State(now, "", "", None, {}, None, ()), datetime(2026, 11, 29, 9, 30, tzinfo=UTC))
    '2 h 30 min'
    """
    minutes = (_seconds(found, at) or 0) // 60
    if minutes >= 2 * 24 * 60:
        return f"{minutes // (24 * 60)} days"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
