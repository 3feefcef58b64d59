"""`flask status` and `flask doctor`: how the installation is doing, and what is wrong."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import click

from gallery.cli.command import Command
from gallery.cli.resources import open_resources
from gallery.cli.spoken import said, told
from gallery.models import ItemStatus, MailState
from gallery.services.audit import RestoreTest
from gallery.services.operating import inspection, state
from gallery.services.operating.counts import Counts, SweepSeen
from gallery.services.operating.diagnoses import Level
from gallery.services.operating.state import State, Trouble

Kind = TypeVar("Kind")
UNHEALTHY = 1
OURS, NOT_OURS = "{name} store: ours", "{name} store: NOT ours"
TROUBLES = {
    Trouble.DATABASE: "the database does not answer: start it, or correct `database_url`",
    Trouble.SCHEMA: "the tables are of another version than this program: see `flask migrate --check`",
    Trouble.STORE: "a store can't be written: `flask doctor` says why",
    Trouble.DISK: "a disk is nearly full: make room",
    Trouble.QUEUE: "photos wait for more than an hour, or two in a case: start a worker, or read its log",
    Trouble.LATE_DROPS: "what victims have sent waits for more than half an hour: start a worker, or read its log",
    Trouble.SWEEP: "no sweep for three hours, or one was refused: read the worker's log, run `flask sweep`",
    Trouble.NOT_OURS: "a store is not this database's: `flask store status` says which",
    Trouble.DROPS: "what victims have sent can't be opened or filed: `flask doctor` says why",
    Trouble.BACKUP: "no whole backup for two days: read the log of `flask backup`",
    Trouble.RESTORE_TEST: "the last restore test failed, or none was noted for 40 days: read its log, test again",
}
WAITING = {
    "waiting_photos": "{number} photos in cases to describe",
    "albums": "{number} albums to make",
    "archives": "{number} archives to read",
    "posts": "{number} posts to send",
    "mails": "{number} mails to send",
    "drops": "{number} drops to file",
}
ITEMS = {
    ItemStatus.DRAFT: "{number} drafts",
    ItemStatus.PUBLISHED: "{number} published",
    ItemStatus.RETURNED: "{number} returned",
    ItemStatus.WITHDRAWN: "{number} withdrawn",
}
MAILS = {
    MailState.DUE: "{number} due",
    MailState.DEFERRED: "{number} deferred",
    MailState.SENT: "{number} sent",
    MailState.REFUSED: "{number} refused",
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
        rows = [{name: getattr(each, name) for name in ("part", "level", "what", "advice")} for each in found]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for each in found:
            what, advice = told(each.found), told(each.needed)
            line = said("{mark} {part}: {what}", mark=said(MARKS[each.level]), part=said(each.part), what=what)
            click.echo(f"{line}. {advice}" if advice else line)
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
            "oldest_waiting_seconds": {kind: _seconds(found, at) for kind, at in counted.oldest_waiting_at.items()},
        },
        "waiting": counted and dict(counted.waiting),
        "mails": counted and {each.value: number for each, number in counted.mails.items()},
        "items": counted and {each.value: number for each, number in counted.items.items()},
        "searchable_photos": counted and counted.searchable,
        "inbox": counted and {"unreadable": counted.stuck.unreadable, "unfiled": counted.stuck.unfiled},
        "take_downs": counted and {"due": counted.take_downs, "overdue": counted.overdue},
        "sweeps": counted
        and {each.store: {"age_seconds": _seconds(found, each.at), "refusal": each.refusal} for each in counted.sweeps},
        "backup": counted and {"age_seconds": _seconds(found, counted.backed_up_at)},
        "restore_test": counted
        and counted.restore_test
        and {"age_seconds": _seconds(found, counted.restore_test.at), "passed": counted.restore_test.has_passed},
    }


def _lines(found: State) -> list[str]:
    lines = [said("schema: {found} (program: {known})", found=found.found or said("none"), known=found.known)]
    lines += [said(OURS if ours else NOT_OURS, name=name) for name, ours in found.ours.items()]
    if snapshot := found.snapshot:
        age = _age(found, snapshot.written_at)
        lines.append(said("snapshot: {photos} photos, written {age} ago", photos=snapshot.photos, age=age))
    else:
        lines.append(said("snapshot: none yet"))
    lines += _of_counts(found, found.counts) if found.counts else []
    lines += [said("TROUBLE {name}: {what}", name=each, what=said(TROUBLES[each])) for each in found.troubles]
    return lines if found.troubles else [*lines, said("healthy")]


def _of_counts(found: State, counted: Counts) -> list[str]:
    stuck, backup = counted.stuck, counted.backed_up_at
    return [
        said("items: {numbers}", numbers=_numbers(ITEMS, counted.items)),
        said("photos that the public finds by photo: {number}", number=counted.searchable),
        _of_queue(found, counted),
        said("waiting: {numbers}", numbers=_numbers(WAITING, counted.waiting)),
        said("mails: {numbers}", numbers=_numbers(MAILS, counted.mails)),
        said(
            "inbox of victims: {unreadable} that no key opens, {unfiled} that can't be filed",
            unreadable=stuck.unreadable,
            unfiled=stuck.unfiled,
        ),
        said(
            "to be taken down from networks: {due}, of them overdue: {overdue}",
            due=counted.take_downs,
            overdue=counted.overdue,
        ),
        *([_of_sweep(found, each) for each in counted.sweeps] or [said("last sweep: none yet")]),
        said("last backup: {age} ago", age=_age(found, backup)) if backup else said("last backup: none yet"),
        _of_restore_test(found, counted.restore_test),
    ]


def _of_restore_test(found: State, test: RestoreTest | None) -> str:
    if test is None:
        return said("last restore test: none noted yet")
    outcome = "last restore test: passed, {age} ago" if test.has_passed else "last restore test: FAILED, {age} ago"
    return said(outcome, age=_age(found, test.at))


def _of_queue(found: State, counted: Counts) -> str:
    numbers = {"number": counted.undescribed, "failed": counted.failed}
    if counted.oldest_undescribed_at is None:
        return said("photos to describe: {number}; failed: {failed}", **numbers)
    age = _age(found, counted.oldest_undescribed_at)
    return said("photos to describe: {number}, the oldest for {age}; failed: {failed}", age=age, **numbers)


def _of_sweep(found: State, seen: SweepSeen) -> str:
    values = {"name": seen.store, "age": _age(found, seen.at)}
    if not seen.refusal:
        return said("last sweep of the {name} store: {age} ago", **values)
    return said("last sweep of the {name} store: {age} ago, refused: {why}", why=seen.refusal, **values)


def _numbers(sentences: Mapping[Kind, str], numbers: Mapping[Kind, int]) -> str:
    return ", ".join(said(sentence, number=numbers[kind]) for kind, sentence in sentences.items())


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
        return said("{days} days", days=minutes // (24 * 60))
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
