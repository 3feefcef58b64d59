"""The secrets of an installation: given, or made into files that hold one each and that only their owner can read."""

import base64
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pyrage

from gallery.errors import SettingInvalid

MAKERS: Mapping[str, Callable[[], str]] = {
    "public_secret_key": lambda: secrets.token_urlsafe(48),
    "backoffice_secret_key": lambda: secrets.token_urlsafe(48),
    "password_salt": lambda: secrets.token_urlsafe(48),
    "declaration_pepper": lambda: secrets.token_urlsafe(48),
    "sealing_identity": lambda: str(pyrage.x25519.Identity.generate()),
    "signing_key": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
}
# Made of the sealing identity at its first rotation, and not by itself.
NAMES = frozenset(MAKERS) | {"digest_key"}


def given_or_made(values: Mapping[str, Any], name: str, instance: Path, *, make: bool) -> str:
    """The secret that was given, or the one in its file, which is made where that is wanted; raise SettingInvalid."""
    if values.get(name):
        return str(values[name])
    path = instance / "secrets" / name
    if not path.exists():
        if not make:
            raise SettingInvalid(name, "missing; give it, or run `flask --app wsgi:setup secrets` once")
        _make(path, MAKERS[name]())
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingInvalid(name, f"the file {path.name} can be read by others; chmod 600 it")
    return _read(path)


def kept(instance: Path, names: Iterable[str]) -> dict[str, str]:
    """The secrets among these that lie in files of the instance folder."""
    paths = {name: instance / "secrets" / name for name in names}
    return {name: _read(path) for name, path in paths.items() if path.exists()}


def put_back(instance: Path, name: str, value: str) -> bool:
    """Make the file of a secret unless there is one; say whether it is this one now.

    Raises SettingInvalid, also for a name that is no secret's: names come from backups, and one may be a path.
    """
    if name not in NAMES:
        raise SettingInvalid("secrets", f"there is no secret called {name!r}")
    path = instance / "secrets" / name
    _make(path, value)
    return _read(path) == value


def replace(instance: Path, name: str, value: str) -> None:
    """Write the file of a secret over the one that is there, whole or not at all."""
    path = instance / "secrets" / name
    partial = path.with_name(f".{name}.{secrets.token_hex(4)}")
    write(partial, value)
    partial.replace(path)
    _keep_names(path.parent)


def _read(path: Path) -> str:
    try:
        value = path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError as error:
        raise SettingInvalid(path.name, f"the file {path.name} holds no secret of ours: it is not ASCII") from error
    except OSError as error:
        raise SettingInvalid(path.name, f"the file {path.name} can't be read: {error.strerror}") from error
    if not value:
        raise SettingInvalid(path.name, f"the file {path.name} is empty: put the secret back from its backup")
    return value


def _make(path: Path, value: str) -> None:
    try:
        write(path, value)
    except OSError as error:
        raise SettingInvalid(path.name, f"the file {path} can't be made: {error.strerror}") from error


def write(path: Path, value: str) -> None:
    """Create the file with mode 0600 from its first byte; a process that came first wins."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value + "\n")
        file.flush()
        # A power cut must not leave a name with nothing behind it: what was sealed in between would be lost.
        os.fsync(file.fileno())
    try:
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink()
    _keep_names(path.parent)


def _keep_names(folder: Path) -> None:
    """Have the disk keep which files a folder has."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
