"""Read the settings, once: the only module that reads the environment.

A value comes from `GALLERY_<FIELD>`, else from `settings.toml` in the instance folder, else from the field's default.
Secrets that nobody gave are made at first start, in files that only their owner can read; in production they must have
been given or made before (`flask --app wsgi:setup secrets`), and a weak one is a refusal.
"""

import os
import stat
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from gallery.config import secret_files
from gallery.config.settings import BOTH_SITES, Settings, Site
from gallery.errors import SettingInvalid

SECRET_FIELDS = tuple(secret_files.MAKERS)
SECRETS_OF: Mapping[Site, tuple[str, ...]] = {
    Site.PUBLIC: ("public_secret_key",),
    Site.BACKOFFICE: ("backoffice_secret_key", "password_salt", "sealing_identity", "signing_key"),
}
PLAIN_NAMES: Mapping[str, str] = {"host": "HOST", "port": "PORT"}


def load_settings(
    sites: Collection[Site] = BOTH_SITES,
    *,
    environ: Mapping[str, str] = os.environ,
    make_secrets: bool | None = None,
) -> Settings:
    """Read the settings, with the secrets of these sites only: the public process never sees the back office's.

    make_secrets: make the missing ones; None means everywhere but in production. Raises SettingInvalid.
    """
    instance = Path(environ.get("GALLERY_INSTANCE") or "instance").absolute()
    instance.mkdir(parents=True, exist_ok=True)
    values: dict[str, Any] = _read_file(instance / "settings.toml") | _read_environment(environ)
    values["instance"] = instance
    production = bool(values.get("production", False))
    wanted = {name for site in sites for name in SECRETS_OF[site]}
    for name in SECRET_FIELDS:
        values[name] = (
            secret_files.given_or_made(
                values, name, instance, make=not production if make_secrets is None else make_secrets
            )
            if (name in wanted)
            else ""
        )
    settings = Settings(**values)
    if production:
        _refuse_loose_instance(settings)
    return settings


def make_secrets(*, environ: Mapping[str, str] = os.environ) -> list[Path]:
    """Make the secrets that are missing, in files of the instance folder; return the folder's secret files."""
    settings = load_settings(environ=environ, make_secrets=True)
    return sorted((settings.instance / "secrets").iterdir())


def _read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for each in fields(Settings):
        for variable in (PLAIN_NAMES.get(each.name), f"GALLERY_{each.name.upper()}"):
            if variable and environ.get(variable):
                given[each.name] = _converted(each.name, environ[variable])
    return given


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingInvalid("settings.toml", str(error)) from error
    known = {each.name for each in fields(Settings)} - {"instance"}
    for name in table:
        if name not in known:
            raise SettingInvalid(name, "no such setting (settings.toml)")
    return {name: _converted(name, str(value)) for name, value in table.items()}


def _converted(name: str, text: str) -> bool | int | float | str | Path:
    kind = next(each.type for each in fields(Settings) if each.name == name)
    try:
        if kind is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.strip().lower()]
        if kind in (int, float):
            return int(text) if kind is int else float(text)
    except (KeyError, ValueError) as error:
        raise SettingInvalid(name, f"expects {getattr(kind, '__name__', kind)}") from error
    return text


def _refuse_loose_instance(settings: Settings) -> None:
    if settings.instance.stat().st_mode & stat.S_IWOTH:
        raise SettingInvalid("instance", "the folder can be written by everybody")
