"""Files of secrets: which names they may have, and that the disk has them before anybody relies on them."""

import os
from pathlib import Path

import pytest

from gallery.config import secret_files
from gallery.errors import SettingInvalid


@pytest.mark.parametrize("name", ["../settings.toml", "/etc/cron.d/gallery", "authorized_keys", ".", ""])
def test_a_name_that_is_no_secrets_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingInvalid):
        secret_files.put_back(tmp_path / "instance", name, "x" * 40)
    assert not list(tmp_path.iterdir())


def test_file_and_folder_are_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").resolve().name)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    secret_files.put_back(tmp_path, "digest_key", "a" * 64)
    secret_files.replace(tmp_path, "digest_key", "b" * 64)
    assert [each for each in synced if not each.startswith(".")] == ["secrets"] * 3
    assert sum(each.startswith(".digest_key.") or each.startswith("..digest_key.") for each in synced) == 2
    assert secret_files.kept(tmp_path, ["digest_key"]) == {"digest_key": "b" * 64}
