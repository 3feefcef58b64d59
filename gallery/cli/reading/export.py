"""`flask export`: what the public gallery shows, as one file."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from gallery import create_app
from gallery.cli.command import Command
from gallery.cli.resources import current_settings, open_resources
from gallery.cli.spoken import said
from gallery.config import Site
from gallery.services.gallery.gallery_index import Filters


@click.command("export", cls=Command)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON, as /objets.json has it, in place of a table (CSV).")
def export(file: Path, as_json: bool) -> None:
    """Write everything that is public at this moment into FILE, to be published elsewhere.

    Its addresses are of `public_address`. Exit status: 0 the file is there, whole; 2 nothing was written.
    """
    # What the pages show is written by what writes the pages, which needs an address that is asked.
    from gallery.web.public.api import spreadsheet

    settings = current_settings()
    with open_resources():
        site = create_app(settings, {Site.PUBLIC})
    with site.test_request_context(base_url=settings.public_address or None):
        _write(file, _json() if as_json else spreadsheet.written(Filters()))
    click.echo(said("{file}: {size} bytes", file=file, size=file.stat().st_size))


def _json() -> Iterator[str]:
    """A JSON object, an item a line."""
    from gallery.web.public.api import records, spreadsheet
    from gallery.web.resources import resources

    yield '{"licence": ' + json.dumps(resources().settings.data_licence) + ', "items": ['
    comma = ""
    for items in spreadsheet.pieces(Filters()):
        for item in items:
            yield f"{comma}\n" + json.dumps(records.item(item), ensure_ascii=False, default=str)
            comma = ","
    yield "\n]}\n"


def _write(path: Path, pieces: Iterator[str]) -> None:
    """Write a file that is there whole or not at all."""
    partial = Path(f"{path}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        # The name that whoever called it knows.
        error.filename = str(path)
        raise
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
