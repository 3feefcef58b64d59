from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import pytest

from gallery.config import Settings, Site, load_settings, make_secrets
from gallery.config.bounds import BOUNDS
from gallery.config.loading import MAY_BE_EMPTY
from gallery.errors import SettingInvalid
from tests.factories import PRODUCTION


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("port", "99999"),
        ("port", "many"),
        ("declaring_browsers_at_one_address", "20"),
        ("production", "perhaps"),
        ("max_upload_bytes", "0"),
        ("photo_cache_seconds", "86400"),
        ("page_size", "1000000"),
        ("trusted_proxies", "-1"),
        ("trusted_proxies", "99"),
        ("smtp_host", "two words"),
        ("smtp_host", "smtp.example.fr"),
        ("smtp_port", "0"),
        ("smtp_security", "ssl"),
        ("mail_sender", "objets"),
        ("worker_pause_seconds", "-2"),
        ("worker_pause_seconds", "nan"),
        ("worker_pause_seconds", "inf"),
        ("public_secret_key", "short"),
        ("public_secret_key", "password" * 5),
        ("sealing_identity", "x" * 60),
        ("public_address", "example.fr"),
        ("public_address", "https://example.fr/"),
        ("search_rate", "whenever"),
        ("search_rate", "0 per minute"),
        ("sign_in_rate", "5 per minute; 0 per hour"),
        ("site_name", "Objets\x1b[31m"),
        ("database_url", "nonsense"),
        ("database_url", "mysql://localhost/gallery"),
        ("database_url", "postgres://localhost/gallery"),
        ("database_url", "postgresql+psycopg2://localhost/gallery"),
        ("database_url", "postgresql://localhost:port/gallery"),
        ("database_url", "postgresql://localhost/gallery?sslmod=require"),
        ("database_url", "sqlite://"),
        ("database_url", "sqlite:///:memory:"),
        ("database_url", "sqlite:////no/such/folder/gallery.sqlite3"),
        ("database_url", "sqlite:///gallery.sqlite3"),
        ("public_database_url", "postgresql//localhost/gallery"),
        ("public_store", "photos/public"),
        ("public_store", "s3:/bucket"),
        ("public_store", "s3://"),
        ("private_store", "~/photos"),
        ("private_store", "ftp://host/photos"),
        ("private_store", "file:photos"),
        ("redis_url", "http://localhost"),
        ("redis_url", "redis://localhost:port"),
        ("catalogue", "pgvector"),
    ],
)
def test_a_wrong_value_is_refused_by_name(environ: dict[str, str], field: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ | {f"GALLERY_{field.upper()}": value})
    assert refusal.value.field == field


def test_an_empty_variable_sets_to_nothing_what_may_be_empty(environ: dict[str, str]) -> None:
    (load_settings(environ=environ).instance / "settings.toml").write_text(
        'redis_url = "redis://here"\nsite_name = "Retrouvés"\nport = 8081\n', encoding="utf-8"
    )
    emptied = dict.fromkeys(("GALLERY_ENCODER", "GALLERY_REDIS_URL", "GALLERY_SITE_NAME", "GALLERY_PORT", "HOST"), "")
    settings = load_settings(environ=environ | emptied)
    assert (settings.encoder, settings.redis_url) == ("", "")
    assert (settings.site_name, settings.port, settings.host) == ("Retrouvés", 8081, "127.0.0.1")


@pytest.mark.parametrize("name", sorted(MAY_BE_EMPTY))
def test_no_setting_that_may_be_empty_is_refused_for_being_so(environ: dict[str, str], name: str) -> None:
    assert getattr(load_settings(environ=environ | {f"GALLERY_{name.upper()}": ""}), name) == ""


def test_the_environment_wins_over_the_file(environ: dict[str, str]) -> None:
    instance = load_settings(environ=environ).instance
    (instance / "settings.toml").write_text('page_size = 12\nsite_name = "Retrouvés"\n', encoding="utf-8")
    settings = load_settings(environ=environ | {"GALLERY_PAGE_SIZE": "48"})
    assert (settings.page_size, settings.site_name) == (48, "Retrouvés")


def test_a_day_in_the_file_needs_no_quotes(environ: dict[str, str]) -> None:
    instance = load_settings(environ=environ).instance
    (instance / "settings.toml").write_text("accessibility_date = 2026-11-29\n", encoding="utf-8")
    assert load_settings(environ=environ).accessibility_date == "2026-11-29"


def test_an_unknown_name_in_the_file_is_refused(environ: dict[str, str]) -> None:
    instance = load_settings(environ=environ).instance
    (instance / "settings.toml").write_text("page_sise = 12\n", encoding="utf-8")
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ)
    assert refusal.value.field == "page_sise"


def test_host_and_port_are_honoured_by_their_plain_names(environ: dict[str, str]) -> None:
    settings = load_settings(environ=environ | {"HOST": "0.0.0.0", "PORT": "8080"})
    assert (settings.host, settings.port) == ("0.0.0.0", 8080)


@pytest.mark.parametrize(
    ("given", "production", "who"),
    [
        ("", False, "none"), ("", True, "administrators"), ("none", True, "none"), ("all", False, "all"),
        ("True", False, "all"), ("false", True, "none"), ("1", False, "all"), ("no", True, "none"),
    ],
)  # fmt: skip
def test_who_must_have_a_second_factor(environ: dict[str, str], given: str, production: bool, who: str) -> None:
    settings = load_settings(environ=environ | {"GALLERY_SECOND_FACTOR_REQUIRED": given})
    assert replace(settings, production=production, public_address="https://x.example").second_factor_for == who


def test_every_number_has_its_bounds() -> None:
    numbers = {each.name for each in fields(Settings) if each.type in (int, float)}
    assert set(BOUNDS) == numbers


@pytest.mark.parametrize(
    "address", ["sqlite:////var/gallery.sqlite3", "postgresql://who:p%40ss@[::1]:5432/gallery?sslmode=require"]
)
def test_addresses_of_databases_are_taken(environ: dict[str, str], address: str) -> None:
    assert load_settings(environ=environ | {"GALLERY_DATABASE_URL": address}).database_address == address


def test_a_refusal_never_says_the_password_of_an_address(environ: dict[str, str]) -> None:
    for address in ("postgresql://who:geheim@host:port/x", "redis://:geheim@host:port", "mysql://who:geheim@host/x"):
        name = "REDIS_URL" if address.startswith("redis") else "DATABASE_URL"
        with pytest.raises(SettingInvalid) as refusal:
            load_settings(environ=environ | {f"GALLERY_{name}": address})
        assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("GALLERY_PRODUTION", "GALLERY_PRODUCTION"),
        ("GALLERY_DATABSE_URL", "GALLERY_DATABASE_URL"),
        ("GALLERY_INSTANC", "GALLERY_INSTANCE"),
    ],
)
def test_a_mistyped_variable_is_refused_with_the_one_that_is_meant(
    environ: dict[str, str], variable: str, meant: str
) -> None:
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ | {variable: "true"})
    assert refusal.value.field == variable
    assert meant in refusal.value.why


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"GALLERY_PUBLIC_ADDRESS": ""}, "public_address"),
        ({"GALLERY_PUBLIC_ADDRESS": "http://objets.example"}, "public_address"),
        ({"GALLERY_ONE_MACHINE_TRUSTED_WITH_EVERYTHING": ""}, "database_url"),
        ({"GALLERY_GRAPH_ADDRESS": "http://127.0.0.1"}, "graph_address"),
    ],
    ids=["no address", "plain http", "sqlite", "plain http for tokens"],
)
def test_production_refuses_what_trying_out_may_have(
    environ: dict[str, str], given: dict[str, str], field: str
) -> None:
    make_secrets(environ=environ)
    with pytest.raises(SettingInvalid) as refusal:
        load_settings({Site.BACKOFFICE}, environ=environ | PRODUCTION | given)
    assert refusal.value.field == field


def test_production_refuses_a_file_of_settings_that_others_read(environ: dict[str, str]) -> None:
    make_secrets(environ=environ)
    file = Path(environ["GALLERY_INSTANCE"]) / "settings.toml"
    file.write_text('site_name = "Retrouvés"', encoding="utf-8")
    file.chmod(0o640)
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ | PRODUCTION)
    assert refusal.value.field == "settings.toml"
    file.chmod(0o600)
    assert load_settings(environ=environ | PRODUCTION).site_name == "Retrouvés"


@pytest.mark.parametrize(
    "text",
    ["page_size = [12]", "page_size = 12.5", "page_size = 2026-11-29", "site_name = {a = 1}", "= 3", "production = 2"],
)
def test_a_file_of_settings_that_can_not_be_used_is_refused(environ: dict[str, str], text: str) -> None:
    instance = load_settings(environ=environ).instance
    (instance / "settings.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingInvalid):
        load_settings(environ=environ)


def test_an_instance_that_can_be_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ={"GALLERY_INSTANCE": str(tmp_path / "file" / "instance")})
    assert refusal.value.field == "instance"


def test_pgvector_needs_postgresql_for_the_site_that_searches(environ: dict[str, str]) -> None:
    only_public = environ | {
        "GALLERY_CATALOGUE": "pgvector",
        "GALLERY_PUBLIC_DATABASE_URL": "postgresql://gallery_public@localhost/gallery",
    }
    assert load_settings({Site.PUBLIC}, environ=only_public).catalogue == "pgvector"
    with pytest.raises(SettingInvalid) as refusal:
        load_settings({Site.BACKOFFICE}, environ=only_public)
    assert refusal.value.field == "catalogue"


def test_settings_do_not_change(environ: dict[str, str]) -> None:
    with pytest.raises(FrozenInstanceError):
        load_settings(environ=environ).port = 1  # type: ignore[misc]


def test_production_refuses_a_folder_that_everybody_writes(environ: dict[str, str]) -> None:
    instance = Path(environ["GALLERY_INSTANCE"])
    make_secrets(environ=environ)
    instance.chmod(0o777)
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ | PRODUCTION)
    assert refusal.value.field == "instance"
