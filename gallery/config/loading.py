"""Read the settings, once: the only module that reads the environment.

A value comes from `GALLERY_<FIELD>`, else from `settings.toml` in the instance folder, else from the field's default.
Secrets that nobody gave are made at first start, in files that only their owner can read; in production they must have
been given or made before (`flask --app wsgi:setup secrets`), and a weak one is a refusal.
"""

import difflib
import os
import socket
import stat
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from gallery.config import rules, secret_files
from gallery.config.settings import BOTH_SITES, Settings, Site
from gallery.errors import SettingInvalid

PREFIX, INSTANCE, FILE = "GALLERY_", "GALLERY_INSTANCE", "settings.toml"
# The variable that tells prometheus-client where to count.
MEASURES_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
# Its owner's, for the group to read, and what is made in it is the group's.
SHARED_FOLDER = 0o2750
SECRET_FIELDS = tuple(secret_files.MAKERS)
# Made at the first rotation of the sealing identity, from which it is derived until then.
DIGEST_KEY = "digest_key"
SECRETS_OF: Mapping[Site, tuple[str, ...]] = {
    Site.PUBLIC: ("public_secret_key", "declaration_pepper"),
    Site.BACKOFFICE: (
        "backoffice_secret_key",
        "password_salt",
        "declaration_pepper",
        "sealing_identity",
        "signing_key",
    ),  # fmt: skip
}
PLAIN_NAMES: Mapping[str, str] = {"host": "HOST", "port": "PORT"}
KINDS: Mapping[str, Any] = {each.name: each.type for each in fields(Settings) if each.name != "instance"}
WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
# What an empty variable sets to nothing, whatever the file says. Elsewhere it stands for one that is not there, as
# container files write it: a secret is then the one of its file.
_NOTHING_AT_FIRST = {each.name for each in fields(Settings) if each.type is str and not each.default}
MAY_BE_EMPTY = (_NOTHING_AT_FIRST | {"encoder"}) - {*SECRET_FIELDS, DIGEST_KEY}
# What earlier versions asked to be true or false.
FORMER_WORDS = {
    ("second_factor_required", word): "all" if meant else "none" for word, meant in WORDS.items()
}  # fmt: skip
IN_WORDS: Mapping[Any, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def load_settings(
    sites: Collection[Site] = BOTH_SITES,
    *,
    environ: Mapping[str, str] = os.environ,
    make: bool | None = None,
) -> Settings:
    """Read the settings, with the secrets of these sites only: the public process never sees the back office's.

    make: make the instance folder and the secrets that are missing; None means everywhere but in production. Raises
    SettingInvalid.
    """
    instance = Path(environ.get(INSTANCE) or "instance").absolute()
    given = _read_environment(environ)
    if _is_there(instance) or make is not False:
        _make_folder(instance)
    elif sites:
        raise SettingInvalid("instance", f"there is no folder {instance}; `flask migrate` makes it, or name another")
    values: dict[str, Any] = _read_file(instance / FILE) | given
    values["instance"] = instance
    production = bool(values.get("production", False))
    makes = not production if make is None else make
    values |= _secrets(values, instance, sites, make=makes)
    if Site.BACKOFFICE not in sites:
        # Only the worker sends mail: any other process has neither the account nor its password.
        values |= {"smtp_user": "", "smtp_password": ""}
    settings = Settings(**values)
    for site in sorted(sites):
        rules.refuse_for(settings, site)
    if production and instance.exists():
        _refuse_loose_instance(instance)
    return settings


def own_measures(settings: Settings) -> Path | None:
    """Where this process counts, with those of its machine and user; None where nothing is counted."""
    return settings.metrics_path and settings.metrics_path / f"{socket.gethostname()}-{os.geteuid()}"


def share_measures(settings: Settings) -> None:
    """Let this process count in the folder of its machine and user; before the library that counts is first imported.

    Each machine (each container) has folders of its own, since process ids are its own, and each user, so that nobody
    writes where another one counts. Raises SettingInvalid.
    """
    folder = own_measures(settings)
    if folder is None:
        return
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _make_shared(folder)
    except OSError as error:
        raise SettingInvalid("metrics_folder", f"{folder} can't be a folder: {error.strerror}") from error
    os.environ[MEASURES_VARIABLE] = str(folder)


def _make_shared(folder: Path) -> None:
    """Make a folder that its group may read; refuse a link, and somebody else's folder: they could put links there."""
    # With the right mode from the start: confined as our units are, a process may not set a folder's group bit itself.
    mask = os.umask(0o027)
    try:
        folder.mkdir(mode=0o750, exist_ok=True)
    finally:
        os.umask(mask)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        found = os.fstat(descriptor)
        if found.st_uid != os.geteuid():
            raise SettingInvalid("metrics_folder", f"{folder} is another user's: remove it")
        if stat.S_IMODE(found.st_mode) != SHARED_FOLDER:
            os.fchmod(descriptor, SHARED_FOLDER)
    finally:
        os.close(descriptor)


def _secrets(values: Mapping[str, Any], instance: Path, sites: Collection[Site], *, make: bool) -> dict[str, str]:
    """The secrets of these sites; those of the other one are empty."""
    wanted = {name for site in sites for name in SECRETS_OF[site]}
    if not make and not (values.get("declarations_legal_act") or values.get("claims_legal_act")):
        # A service without declarations and claims starts without what they need.
        wanted.discard("declaration_pepper")
    found = dict.fromkeys((*SECRET_FIELDS, DIGEST_KEY), "")
    if Site.BACKOFFICE in sites:
        kept = secret_files.kept(instance, [DIGEST_KEY]).get(DIGEST_KEY, "")
        found[DIGEST_KEY] = values.get(DIGEST_KEY) or kept
    return found | {
        name: secret_files.given_or_made(values, name, instance, make=make) for name in SECRET_FIELDS if name in wanted
    }


def make_secrets(*, environ: Mapping[str, str] = os.environ) -> list[Path]:
    """Make the secrets that are missing, in files of the instance folder; return the folder's secret files."""
    settings = load_settings(environ=environ, make=True)
    return sorted((settings.instance / "secrets").iterdir())


def kept_secrets(settings: Settings) -> dict[str, str]:
    """The secrets of both sites, given or from their files, as far as this machine has them."""
    names = (*SECRET_FIELDS, DIGEST_KEY)
    given = {name: getattr(settings, name) for name in names if getattr(settings, name)}
    return secret_files.kept(settings.instance, names) | given


def is_given(name: str, instance: Path, *, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment or settings.toml gives a secret, so that its file counts for nothing."""
    return bool((_read_file(instance / FILE) | _read_environment(environ)).get(name))


def _is_there(instance: Path) -> bool:
    try:
        return instance.exists()
    except OSError as error:
        raise SettingInvalid("instance", f"{instance} can't be entered: {error.strerror}") from error


def _make_folder(instance: Path) -> None:
    try:
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingInvalid("instance", f"{instance} can't be a folder: {error.strerror}") from error


def _read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """What the environment gives; a variable named as ours that is no setting is refused: nobody else would say so."""
    variables = {f"{PREFIX}{name.upper()}": name for name in KINDS}
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable != INSTANCE and variable not in variables:
            raise SettingInvalid(variable, "there is no such setting" + _nearest(variable, [*variables, INSTANCE]))
    plain = {variable: name for name, variable in PLAIN_NAMES.items()}
    return {
        name: _converted(name, environ[variable])
        for variable, name in (plain | variables).items()
        if environ.get(variable) or (variable in environ and name in MAY_BE_EMPTY)
    }


def _read_file(path: Path) -> dict[str, Any]:
    try:
        if not path.exists():
            return {}
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingInvalid(FILE, f"is no TOML: {error}") from error
    except OSError as error:
        raise SettingInvalid(FILE, f"can't be read: {error.strerror}") from error
    for name, value in table.items():
        if name not in KINDS:
            raise SettingInvalid(name, f"there is no such setting ({FILE})" + _nearest(name, KINDS))
        # A day may be written as TOML has it, without quotes.
        if not isinstance(value, str | int | float | date):
            raise SettingInvalid(name, f"expects {IN_WORDS[KINDS[name]]}")
    return {name: _converted(name, str(value)) for name, value in table.items()}


def _nearest(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f": {near[0]} is meant?" if near else ""


def _converted(name: str, text: str) -> bool | int | float | str:
    kind = KINDS[name]
    try:
        if kind is bool:
            return WORDS[text.strip().lower()]
        if kind in (int, float):
            return int(text) if kind is int else float(text)
    except (KeyError, ValueError) as error:
        raise SettingInvalid(name, f"expects {IN_WORDS[kind]}") from error
    return FORMER_WORDS.get((name, text.strip().lower()), text)


def _refuse_loose_instance(instance: Path) -> None:
    if instance.stat().st_mode & stat.S_IWOTH:
        raise SettingInvalid("instance", "the folder can be written by everybody")
    file = instance / FILE
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise SettingInvalid(FILE, "can be read by others, and may hold passwords; chmod 600 it")
