from pathlib import Path

import pytest


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"GALLERY_INSTANCE": str(tmp_path / "instance")}
