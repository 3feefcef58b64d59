"""`flask verify`: is this package, or this picture, the unit's?"""

import json
from collections import Counter
from pathlib import Path

import click

from gallery.cli.command import Command, CommandRefused
from gallery.cli.resources import current_settings
from gallery.cli.spoken import said
from gallery.errors import ManifestInvalid
from gallery.services import stores
from gallery.services.albums import signing_keys
from gallery.services.items import renditions
from gallery.sharing.authenticity import manifest
from gallery.sharing.authenticity.manifest import Finding, Manifest

DIFFERS = 1
WRONG = {Finding.ALTERED: "altered", Finding.MISSING: "missing", Finding.UNKNOWN: "unknown"}
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify", cls=Command)
@click.argument("file", type=FILE)
@click.option(
    "--manifest", "manifest_file", type=FILE, help="manifest.json, its manifest.sig beside it, for a picture."
)
@click.option("--keys", type=FILE, help="What a site publishes at /.well-known/; default: this site's keys.")
@click.pass_context
def verify(context: click.Context, file: Path, manifest_file: Path | None, keys: Path | None) -> None:
    """Say whether FILE, the package of an album or a picture of one, is what the unit signed.

    Exit status: 0 it is, byte for byte; 1 it differs from it, which may be a picture saved again or a forged one; 2 it
    isn't signed by the site, or can't be read.
    """
    known = _keys(keys)
    if manifest_file is not None:
        signature = _beside(manifest_file, manifest.SIGNATURE_NAME)
        made = manifest.opened(manifest_file.read_bytes(), signature, known)
        context.exit(_tell_picture(file.read_bytes(), made))
    made, findings = manifest.of_package(file, known)
    context.exit(_tell_package(made, findings))


def _beside(file: Path, name: str) -> bytes:
    try:
        return file.with_name(name).read_bytes()
    except OSError as error:
        raise CommandRefused(
            said("{name} can't be read beside {file}: {why}", name=name, file=file.name, why=error.strerror)
        ) from error


def _keys(file: Path | None) -> list[str]:
    if file is None:
        return signing_keys.public_keys(stores.open_public(current_settings()))
    try:
        return [str(each["public_key"]) for each in json.loads(file.read_bytes())["signing_keys"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestInvalid("keys") from error


def _tell_package(made: Manifest, findings: dict[str, Finding]) -> int:
    click.echo(
        said(
            "Signed by {site} for {owner}, {network}, {made_at}.",
            site=made.site,
            owner=made.owner,
            network=made.network,
            made_at=made.made_at,
        )
    )
    wrong = {path: WRONG[finding] for path, finding in findings.items() if finding is not Finding.IDENTICAL}
    for path, why in wrong.items():
        click.echo(said("{path}: {why}", path=path, why=said(why)))
    counts = Counter(findings.values())
    click.echo(
        said(
            "{same} of {findings} files are as they were signed.",
            findings=len(findings),
            same=counts[Finding.IDENTICAL],
        )
    )
    return DIFFERS if wrong else 0


def _tell_picture(data: bytes, made: Manifest) -> int:
    settings = current_settings()
    finding, line = manifest.find(data, made, shown=lambda: renditions.decode(data, settings).image)
    if line is None:
        click.echo(said("Not in the album that {site} signed.", site=made.site))
        return DIFFERS
    file = said(
        "{path} of {owner}, item {item}, {made_at}",
        path=line.path,
        owner=made.owner,
        item=line.item,
        made_at=made.made_at,
    )
    if finding is not Finding.IDENTICAL:
        click.echo(said("It resembles {file}, in other bytes: it may have been changed.", file=file))
        return DIFFERS
    click.echo(said("{file}: byte for byte.", file=file))
    return 0
