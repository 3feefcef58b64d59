"""`flask keys`: which keys there are, new ones in their place, and the end of the former ones."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import click

from gallery.cli.command import Command, CommandRefused
from gallery.cli.operating.counting import Counting
from gallery.cli.resources import current_settings, now, open_resources
from gallery.cli.spoken import said
from gallery.config import Settings, is_given, kept_secrets, secret_files
from gallery.config.loading import DIGEST_KEY
from gallery.config.values import keys_of
from gallery.sealing import Sealer
from gallery.services import resealing, stores
from gallery.services.albums import signing_keys
from gallery.services.declarations import collecting
from gallery.sharing.authenticity import manifest

SESSIONS: Final = ("public_secret_key", "backoffice_secret_key")
CHANGEABLE: Final = ("sealing_identity", "signing_key", *SESSIONS)
FIXED: Final[Mapping[str, str]] = {
    "password_salt": "every password would have to be chosen again",
    "declaration_pepper": "no victim's code would open a declaration",
    DIGEST_KEY: "numbers and second factors hang on it",
}
RESTART: Final = "Restart every process now."
SOME_LEFT: Final = 1
MAX_NAMED: Final = 20


@click.group("keys")
def keys() -> None:
    """The installation's keys: list, rotate, reseal, retire."""


@keys.command("list", cls=Command)
def list_keys() -> None:
    """Name each key with what tells it from others, since when it is there, and what can't be changed."""
    settings = current_settings()
    secrets = kept_secrets(settings)
    for name in (*CHANGEABLE, *FIXED):
        for number, key in enumerate(keys_of(secrets.get(name, ""))):
            state = said("former") if number else _since(settings, name)
            fixed = f"  {said('stays: {why}', why=said(FIXED[name]))}" if name in FIXED else ""
            click.echo(f"{name:22} {_mark(name, key):64} {state}{fixed}")
    if DIGEST_KEY not in secrets:
        click.echo(f"{DIGEST_KEY:22} {said('made of sealing_identity, and kept by itself once that is rotated')}")
    for key in signing_keys.public_keys(stores.open_public(settings)):
        click.echo(f"{said('shown signing key'):22} {key}")


@keys.command("rotate", cls=Command)
@click.argument("name", type=click.Choice(CHANGEABLE))
def rotate(name: str) -> None:
    """Make a new key for what is signed or sealed from now on; the former one still opens what there is."""
    settings = current_settings()
    present = _present(settings, name)
    if name == "signing_key":
        # Its public half is still shown, and what it has signed is still recognised.
        signing_keys.publish(present, public=stores.open_public(settings), now=now())
        present = ""
    if name == "sealing_identity":
        _part_digests(settings)
    made = "\n".join([secret_files.MAKERS[name](), *keys_of(present)])
    secret_files.replace(settings.instance, name, made)
    click.echo(
        said(
            "{name} is {mark} from now on. {restart}",
            name=name,
            mark=_mark(name, keys_of(made)[0]),
            restart=said(RESTART),
        )
    )
    if name == "sealing_identity":
        click.echo(said("Then run `flask keys reseal`, and copy secrets/ to where you keep its copy."))


@keys.command("reseal", cls=Command)
@click.pass_context
def reseal(context: click.Context) -> None:
    """Seal to the newest sealing identity what a former one opens; can be stopped, and run again. Restart first.

    Exit status: 0 done; 1 some values, whose rows are named, are opened by no key and stay.
    """
    with open_resources() as given, given.sessions() as session, Counting() as told:
        done = resealing.reseal(session, given.sealer, told)
    click.echo(said("{count} values sealed anew.", count=done.count))
    for column, rows in done.lost.items():
        named = ", ".join("/".join(map(str, each)) for each in rows[:MAX_NAMED])
        click.echo(
            said("{column}: {count} values that no key opens stay as they are. Rows: {rows}",
                 column=column, count=len(rows), rows=named + (" …" if len(rows) > MAX_NAMED else "")),
            err=True,
        )  # fmt: skip
    if done.lost:
        context.exit(SOME_LEFT)


@keys.command("retire", cls=Command)
@click.argument("name", type=click.Choice(CHANGEABLE))
@click.option("--key", help="Of the signing keys: the public half that is shown no longer.")
@click.pass_context
def retire(context: click.Context, name: str, key: str | None) -> None:
    """Forget the former keys of this name. Exit status: 0 forgotten; 1 some are still needed, and stay."""
    settings = current_settings()
    if name == "signing_key":
        _stop_showing(settings, key)
        return
    present = keys_of(_present(settings, name))
    if name == "sealing_identity" and not _is_needless():
        context.exit(SOME_LEFT)
    secret_files.replace(settings.instance, name, present[0])
    click.echo(
        said(
            "{count} former keys of {name} forgotten. {restart}",
            name=name,
            restart=said(RESTART),
            count=len(present) - 1,
        )
    )


def _stop_showing(settings: Settings, key: str | None) -> None:
    if key is None or key == manifest.public_key_of(settings.signing_key):
        raise CommandRefused(said("--key: a former one of `flask keys list`; rotate the present one first"))
    if not signing_keys.withdraw(key, public=stores.open_public(settings)):
        raise CommandRefused(said("--key: no such key is shown"))
    click.echo(said("What this key has signed is the unit's no longer."))


def _is_needless() -> bool:
    with open_resources() as given, given.sessions() as session:
        is_published = collecting.is_key_published(session, given.sealer)
        left = resealing.former(session, given.sealer)
    if not is_published:
        click.echo(said("declarations are still sealed to a former identity: restart the worker"), err=True)
    for column, count in left.items():
        how = said("until these claims are over" if column in resealing.FROZEN else "run `flask keys reseal`")
        click.echo(
            said("{column}: {count} values need a former identity: {how}", column=column, count=count, how=how),
            err=True,
        )
    return is_published and not left


def _present(settings: Settings, name: str) -> str:
    """The secret as its file has it, which is where it can be changed."""
    found = secret_files.kept(settings.instance, [name]).get(name)
    if found is None or is_given(name, settings.instance):
        raise CommandRefused(
            said(
                "{name} is given by the environment or settings.toml: write the new key there, and the "
                "former ones in lines after it",
                name=name,
            )
        )
    return found


def _part_digests(settings: Settings) -> None:
    if not settings.digest_key:
        digest_key = Sealer(settings.sealing_identity).digest_key
        if not secret_files.put_back(settings.instance, DIGEST_KEY, digest_key):
            raise CommandRefused(said("secrets/{key} is there, and is not the one in use", key=DIGEST_KEY))


def _since(settings: Settings, name: str) -> str:
    path = settings.instance / "secrets" / name
    if not path.exists() or is_given(name, settings.instance):
        return said("given")
    return said("since {day:%Y-%m-%d}", day=datetime.fromtimestamp(path.stat().st_mtime, UTC))


def _mark(name: str, key: str) -> str:
    marks: dict[str, Callable[[str], str]] = {
        "sealing_identity": lambda text: Sealer(text).recipient,
        "signing_key": manifest.public_key_of,
    }
    return marks.get(name, lambda text: hashlib.sha256(text.encode()).hexdigest()[:12])(key)
