"""`flask evaluate`: how often the matcher is right on labelled photographs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Never

import click
from tqdm import tqdm

from gallery.cli.command import CommandAlone, CommandRefused
from gallery.cli.spoken import said
from gallery.matching.evaluation import evaluation


class Bars:
    """One progress bar for each step of an evaluation."""

    def __init__(self) -> None:
        self._step = ""
        self._bar: tqdm[Never] | None = None

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how many of a step are done."""
        if step != self._step or self._bar is None:
            self.close()
            self._step, self._bar = step, tqdm(total=total, desc=step, unit="photo", disable=None)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the last bar."""
        if self._bar is not None:
            self._bar.close()


@click.command("evaluate", cls=CommandAlone)
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--edge", type=click.IntRange(min=32), help="Reduce every picture to this many pixels first.")
@click.option("--absent", is_flag=True, help="Take the right answers out: what is then called strong or medium?")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, set -> metric -> value, on the last line.")
def evaluate(folders: tuple[Path, ...], edge: int | None, absent: bool, as_json: bool) -> None:
    """Measure recall on the photographs of FOLDERS, as the manifest.csv of each labels them (docs/matching.md)."""
    bars = Bars()
    results: dict[str, dict[str, float]] = {}
    try:
        for folder in folders:
            results |= evaluation.evaluate(folder, edge=edge, absent=absent, progress=bars)
    except FileNotFoundError as error:
        raise CommandRefused(said("no such file: {name}", name=error.filename or error)) from error
    finally:
        bars.close()
    click.echo(table(results))
    if as_json:
        click.echo(json.dumps(results))


def table(results: Mapping[str, Mapping[str, float]]) -> str:
    """A line for each set, a column for each metric, in percent."""
    metrics = list(dict.fromkeys(metric for values in results.values() for metric in values))
    width = max(map(len, [*results, "set"]), default=0)
    lines = [f"{'set':<{width}}" + "".join(f"{metric:>9}" for metric in metrics)]
    for name, values in results.items():
        lines.append(f"{name:<{width}}" + "".join(f"{values[metric]:>8.1%} " for metric in metrics).rstrip())
    return "\n".join(lines)
