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
        yield fault(part, f"{path} can be read by others", f"Run `chmod {mode} {path}`.")
    if instance.stat().st_mode & stat.S_IWOTH:
        yield fault(part, f"{instance} can be written by everybody", f"Run `chmod o-w {instance}`.")
    if not os.access(instance, os.W_OK | os.X_OK):
        yield fault(part, f"{instance} can't be written", "Run the command as the user whose folder it is.")
    elif instance.stat().st_uid != os.geteuid():
        advice = "Run commands as that user, so that its processes can read what they write."
        yield warning(part, f"{instance} belongs to another user", advice)
    elif not loose:
        yield fine(part, f"{instance} and its secrets are this user's alone")


def room(given: Resources) -> Iterator[Diagnosis]:
    """Whether there is room where the database, the stores, the snapshot and temporary files lie."""
    least = given.settings.least_free_bytes
    stores = (given.public.folder, given.private.folder)
    folders = {given.settings.instance, *(Path(each) for each in stores if each), Path(tempfile.gettempdir())}
    for folder in sorted(folders):
        try:
            free = shutil.disk_usage(folder).free
        except OSError as error:
            yield fault("disk", f"{folder}: {error.strerror}", "Mount the disk, or name another folder.")
            continue
        said = f"{folder}: {free / 1e9:.1f} GB free"
        if free < least:
            yield fault("disk", said, "Make room, or the back office stops taking photos.")
        elif free < SOON * least:
            yield warning("disk", said, "Make room soon.")
        else:
            yield fine("disk", said)


def versions(_given: Resources) -> Iterator[Diagnosis]:
    """Whether Python and the libraries are those that this version of the program was tested with."""
    running = tuple(map(int, platform.python_version_tuple()[:2]))
    if not PYTHONS[0] <= running <= PYTHONS[1]:
        yield fault("versions", f"Python {platform.python_version()}", "Use Python 3.11, 3.12 or 3.13.")
    others = sorted(_others())
    if others:
        advice = "Run `pip install --require-hashes -r requirements.txt`, then restart all processes."
        yield warning("versions", "not the tested ones: " + ", ".join(others), advice)
    else:
        yield fine("versions", f"Python {platform.python_version()}, libraries as pinned")


def _others() -> Iterator[str]:
    """Libraries that are another version than the pinned one, or absent though this machine needs them."""
    if not PINNED.exists():
        return
    for name, version in re.findall(
        r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+) \\$", PINNED.read_text("utf-8"), re.MULTILINE
    ):
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield f"{name} is missing"
        else:
            if installed != version:
                yield f"{name} {installed} instead of {version}"
