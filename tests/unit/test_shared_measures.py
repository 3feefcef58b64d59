"""The folder that processes count in: one a machine and user, nobody else's, and read however deep it lies."""

import os
import socket
import stat
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from gallery.config import Settings, load_settings, share_measures
from gallery.config.loading import MEASURES_VARIABLE
from gallery.errors import SettingInvalid
from gallery.services import measures
from tests.waiting import LONG_PATIENCE

COUNT = "from gallery.services import measures; measures.request_answered('public', 'home', 200, 0.1)"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    # Set and taken back, whatever the test makes of it.
    monkeypatch.setenv(MEASURES_VARIABLE, "")
    names = {"GALLERY_INSTANCE": str(tmp_path / "instance"), "GALLERY_METRICS_FOLDER": str(tmp_path / "shared" / "one")}
    return load_settings((), environ=names)


def own_folder(settings: Settings) -> Path:
    assert settings.metrics_path is not None
    return settings.metrics_path / f"{socket.gethostname()}-{os.geteuid()}"


def test_what_is_counted_a_folder_deeper_is_read(settings: Settings, tmp_path: Path) -> None:
    share_measures(settings)
    folder = own_folder(settings)
    assert os.environ[MEASURES_VARIABLE] == str(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o2750
    subprocess.run([sys.executable, "-c", COUNT], check=True, timeout=LONG_PATIENCE)
    counted = {each.name: each.value for metric in measures.shared(tmp_path / "shared") for each in metric.samples}
    assert counted["gallery_requests_total"] == 1


def test_a_killed_process_says_nothing_more_and_a_living_one_does(settings: Settings) -> None:
    share_measures(settings)
    folder = own_folder(settings)

    def items() -> list[float]:
        found = [each for metric in measures.shared(folder) for each in metric.samples]
        return [each.value for each in found if each.name == "gallery_index_items"]

    index = "from gallery.services import measures; measures.index_built({}); print(flush=True); input()"
    with ExitStack() as stack:
        killed, living = (
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", index.format(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            )
            for number in (3, 5)
        )
        for each in (killed, living):
            assert each.stdout is not None
            each.stdout.readline()
        killed.kill()
        killed.wait(LONG_PATIENCE)
        # Of all processes the one that has fewest.
        assert items() == [3]
        measures.open_to_group(folder, "public")
        assert items() == [5]
        living.kill()


def test_a_link_in_its_place_is_refused_and_nothing_behind_it_is_changed(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir(mode=0o700)
    folder = own_folder(settings)
    folder.parent.mkdir(parents=True)
    folder.symlink_to(tmp_path / "secret")
    with pytest.raises(SettingInvalid):
        share_measures(settings)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o700


def test_a_folder_of_somebody_else_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    own_folder(settings).mkdir(parents=True)
    mine, fstat = os.geteuid(), os.fstat
    monkeypatch.setattr(os, "fstat", lambda descriptor: _of_another(fstat(descriptor), mine + 1))
    with pytest.raises(SettingInvalid, match="another user"):
        share_measures(settings)


def _of_another(found: os.stat_result, user: int) -> os.stat_result:
    return os.stat_result([*found[:4], user, *found[5:10]])


def test_a_measure_that_the_library_can_not_count_is_lost_without_harm() -> None:
    with measures._without_harm():
        raise RuntimeError
