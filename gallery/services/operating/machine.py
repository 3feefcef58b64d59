"""What an inspection looks at on the machine itself: permissions, room on the disks, versions."""

import os
import platform
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from gallery.services import readiness
from gallery.services.operating.diagnoses import Diagnosis, fault, fine, warning
from gallery.services.resources import Resources

PINNED = Path(__file__).parents[3] / "requirements.txt"
PYTHONS = ((3, 11), (3, 13))
OTHERS = 0o077
# Below this multiple of `least_free_bytes` there is still time to act.
SOON = 4


def permissions(given: Resources) -> Iterator[Diagnosis]:
    """Whether the instance, its secrets, settings and database are its owner's alone, and usable by whoever asks."""
    instance, part = given.settings.instance, "permissions"
    private = [instance / "secrets", instance / "settings.toml", instance / "gallery.sqlite3"]
    private += sorted((instance / "secrets").glob("*")) if (instance / "secrets").is_dir() else []
    loose = [path for path in private if path.exists() and path.stat().st_mode & OTHERS]
    for path in loose:
        mode = "700" if path.is_dir() else "600"
        yield fault(part, "{path} can be read by others", "Run `chmod {mode} {path}`.", path=path, mode=mode)
    if instance.stat().st_mode & stat.S_IWOTH:
        yield fault(part, "{path} can be written by everybody", "Run `chmod o-w {path}`.", path=instance)
    if not os.access(instance, os.W_OK | os.X_OK):
        yield fault(part, "{path} can't be written", "Run the command as the user whose folder it is.", path=instance)
    elif instance.stat().st_uid != os.geteuid():
        advice = "Run commands as that user, so that its processes can read what they write."
        yield warning(part, "{path} belongs to another user", advice, path=instance)
    elif not loose:
        yield fine(part, "{path} and its secrets are this user's alone", path=instance)


def room(given: Resources) -> Iterator[Diagnosis]:
    """Whether there is room where the database, the stores, the snapshot and temporary files lie."""
    least = given.settings.least_free_bytes
    folders = {*readiness.disks(given).values(), Path(tempfile.gettempdir())}
    if given.settings.catalogue == "memory":
        folders.add(_existing(given.settings.snapshot_path))
    for folder in sorted(folders):
        try:
            free = shutil.disk_usage(folder).free
        except OSError as error:
            advice = "Mount the disk, or name another folder."
            yield fault("disk", "{path}: {why}", advice, path=folder, why=error.strerror)
            continue
        said, values = "{path}: {gigabytes:.1f} GB free", {"path": folder, "gigabytes": free / 1e9}
        if free < least:
            yield fault("disk", said, "Make room, or the back office stops taking photos.", **values)
        elif free < SOON * least:
            yield warning("disk", said, "Make room soon.", **values)
        else:
            yield fine("disk", said, **values)


def _existing(folder: Path) -> Path:
    """A folder, or what it will be made in: before the first snapshot there is none."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def versions(_given: Resources) -> Iterator[Diagnosis]:
    """Whether Python and the libraries are those that this version of the program was tested with."""
    running = tuple(map(int, platform.python_version_tuple()[:2]))
    if not PYTHONS[0] <= running <= PYTHONS[1]:
        advice = "Use Python 3.11, 3.12 or 3.13."
        yield fault("versions", "Python {version}", advice, version=platform.python_version())
    others = sorted(_others())
    if others:
        advice = "Run `pip install --require-hashes -r requirements.txt`, then restart all processes."
        what = "libraries that are not there, or not the tested ones (in brackets): {names}"
        yield warning("versions", what, advice, names=", ".join(others))
    else:
        yield fine("versions", "Python {version}, libraries as pinned", version=platform.python_version())


def _others() -> Iterator[str]:
    """Libraries that are absent, or of another version than the pinned one, which is in brackets."""
    if not PINNED.exists():
        return
    for name, version in re.findall(
        r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+) \\$", PINNED.read_text("utf-8"), re.MULTILINE
    ):
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield f"{name} ({version})"
        else:
            if installed != version:
                yield f"{name} {installed} ({version})"
