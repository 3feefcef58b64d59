"""What the back office's user publishes is read by the public site's, and by nobody else, as deploy/ sets it.

Real users of the system: processes that give up root for a number, with the groups, modes and masks of those files.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.selection import IN_CI
from tests.servers.running import DEPLOY, ROOT, text_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0 and not IN_CI, reason="only root can become two users: run this test as root"),
]
WRITER, READER, STRANGER, GROUP = 61_001, 61_002, 61_003, 61_010
PROGRAM = """
import mmap, os, sys
from pathlib import Path
import numpy
from gallery import errors
from gallery.services.search.snapshots import last_written
from gallery.storage import PhotoStore
PhotoStore("memory:").put("a", b"")
user, groups, mask = int(sys.argv[1]), [int(each) for each in sys.argv[2].split(",") if each], int(sys.argv[3], 8)
os.setgroups(groups); os.setgid(user); os.setuid(user); os.umask(mask)
folder = Path(sys.argv[4])
def write():
    PhotoStore(str(folder / "photos")).put("renditions/ab/320.webp", b"picture")
    (folder / "catalogue" / "1-1-1").mkdir()
    numpy.save(folder / "catalogue" / "1-1-1" / "made_at.npy", numpy.arange(3))
def read():
    assert PhotoStore(str(folder / "photos")).get("renditions/ab/320.webp") == b"picture"
    assert numpy.load(folder / "catalogue" / "1-1-1" / "made_at.npy", mmap_mode="r").sum() == 3
try:
    {"write": write, "read": read}[sys.argv[5]]()
except (OSError, errors.Outage) as error:
    print(type(error).__name__)
else:
    print("done")
"""


def mask_of(unit: str) -> str:
    return re.findall(r"^UMask=(\d+)$", text_of(unit), re.MULTILINE)[0]


def does(user: int, groups: Sequence[int], mask: str, folder: Path, act: str) -> str:
    arguments = [str(user), ",".join(map(str, groups)), mask, str(folder), act]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def published() -> Iterator[Path]:
    """The folders as systemd-tmpfiles makes them, below one that anybody may go through."""
    lines = (DEPLOY / "gallery-tmpfiles.conf").read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as machine:
        Path(machine).chmod(0o711)
        for line in (each for each in lines if each.startswith("d ") and "-published" in each):
            kind, path, mode, user, group, _ = line.split()
            assert (kind, user, group) == ("d", "gallery-backoffice", "gallery-published")
            folder = Path(machine) / Path(path).relative_to("/var/lib")
            folder.mkdir()
            os.chown(folder, WRITER, GROUP)
            folder.chmod(int(mode, 8))
        yield Path(machine) / "gallery-published"


def test_the_public_user_reads_what_the_back_office_publishes_and_others_do_not(published: Path) -> None:
    assert does(WRITER, [], mask_of("worker@1"), published, "write") == "done"
    assert does(READER, [GROUP], mask_of("public"), published, "read") == "done"
    assert does(READER, [GROUP], mask_of("public"), published, "write") == "StoreUnreachable"
    # A unit that was not given the group: pages say that photos can't be had, and nothing breaks.
    assert does(STRANGER, [], mask_of("public"), published, "read") in ("StoreUnreachable", "PermissionError")


STARTING = f"""
import os
from gallery.config import load_settings
from gallery.errors import SettingInvalid
os.setgroups([]); os.setgid({STRANGER}); os.setuid({STRANGER})
try:
    load_settings((), make=False)
except SettingInvalid as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("folder_mode", "sentence"),
    [(0o711, "settings.toml: can't be read: Permission denied"), (0o700, "can't be entered: Permission denied")],
    ids=["instance", "folder above"],
)
def test_whoever_may_not_enter_the_instance_is_told_so(folder_mode: int, sentence: str) -> None:
    with tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder:
        instance = Path(folder) / "instance"
        instance.mkdir(mode=0o700)
        (instance / "settings.toml").write_text("", encoding="utf-8")
        Path(folder).chmod(folder_mode)
        surroundings = {"PATH": os.environ["PATH"], "GALLERY_INSTANCE": str(instance)}
        started = [sys.executable, "-c", STARTING]
        done = subprocess.run(
            started, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=120, check=False
        )
    assert done.returncode == 0, done.stderr
    assert sentence in done.stdout
