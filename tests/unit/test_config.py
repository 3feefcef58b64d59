import stat
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from gallery.config import Site, load_settings, make_secrets
from gallery.errors import SettingInvalid

SECRETS = ("public_secret_key", "backoffice_secret_key", "password_salt", "sealing_identity", "signing_key")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"GALLERY_INSTANCE": str(tmp_path / "instance")}


def test_a_first_start_makes_secrets_that_only_their_owner_reads(environ: dict[str, str]) -> None:
    settings = load_settings(environ=environ)
    for name in SECRETS:
        path = settings.instance / "secrets" / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(getattr(settings, name)) >= 32


def test_a_second_start_finds_the_same_secrets(environ: dict[str, str]) -> None:
    assert load_settings(environ=environ) == load_settings(environ=environ)


def test_the_public_site_is_given_its_own_secret_only(environ: dict[str, str]) -> None:
    load_settings(environ=environ)
    settings = load_settings({Site.PUBLIC}, environ=environ)
    assert settings.public_secret_key
    assert [settings.backoffice_secret_key, settings.password_salt, settings.sealing_identity] == ["", "", ""]


def test_secrets_are_not_in_the_representation(environ: dict[str, str]) -> None:
    settings = load_settings(environ=environ)
    assert not [name for name in SECRETS if getattr(settings, name) in repr(settings)]


@pytest.mark.parametrize("name", SECRETS)
def test_production_refuses_to_start_without_a_secret(environ: dict[str, str], name: str) -> None:
    settings = load_settings(environ=environ)
    (settings.instance / "secrets" / name).unlink()
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ | {"GALLERY_PRODUCTION": "yes"})
    assert refusal.value.field == name


def test_production_starts_with_secrets_made_before(environ: dict[str, str]) -> None:
    make_secrets(environ=environ)
    assert load_settings(environ=environ | {"GALLERY_PRODUCTION": "yes"}).production


def test_a_secret_file_that_others_can_read_is_refused(environ: dict[str, str]) -> None:
    settings = load_settings(environ=environ)
    (settings.instance / "secrets" / "password_salt").chmod(0o644)
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ)
    assert refusal.value.field == "password_salt"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("port", "99999"),
        ("port", "many"),
        ("production", "perhaps"),
        ("max_upload_bytes", "0"),
        ("photo_cache_seconds", "86400"),
        ("public_secret_key", "short"),
        ("sealing_identity", "x" * 60),
        ("trusted_proxies", "-1"),
        ("public_address", "example.fr"),
        ("worker_pause_seconds", "-2"),
        ("search_rate", "whenever"),
    ],
)
def test_a_wrong_value_is_refused_by_name(environ: dict[str, str], field: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ | {f"GALLERY_{field.upper()}": value})
    assert refusal.value.field == field


def test_the_environment_wins_over_the_file(environ: dict[str, str]) -> None:
    instance = load_settings(environ=environ).instance
    (instance / "settings.toml").write_text('page_size = 12\nsite_name = "Retrouvés"\n', encoding="utf-8")
    settings = load_settings(environ=environ | {"GALLERY_PAGE_SIZE": "48"})
    assert (settings.page_size, settings.site_name) == (48, "Retrouvés")


def test_an_unknown_name_in_the_file_is_refused(environ: dict[str, str]) -> None:
    instance = load_settings(environ=environ).instance
    (instance / "settings.toml").write_text("page_sise = 12\n", encoding="utf-8")
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ)
    assert refusal.value.field == "page_sise"


def test_host_and_port_are_honoured_by_their_plain_names(environ: dict[str, str]) -> None:
    settings = load_settings(environ=environ | {"HOST": "0.0.0.0", "PORT": "8080"})
    assert (settings.host, settings.port) == ("0.0.0.0", 8080)


def test_settings_do_not_change(environ: dict[str, str]) -> None:
    with pytest.raises(FrozenInstanceError):
        load_settings(environ=environ).port = 1  # type: ignore[misc]


def test_production_refuses_a_folder_that_everybody_writes(environ: dict[str, str]) -> None:
    instance = Path(environ["GALLERY_INSTANCE"])
    make_secrets(environ=environ)
    instance.chmod(0o777)
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ | {"GALLERY_PRODUCTION": "yes"})
    assert refusal.value.field == "instance"
