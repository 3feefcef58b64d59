import stat
from collections.abc import Collection

import pytest

from gallery.config import Site, load_settings, make_secrets
from gallery.errors import SettingInvalid
from tests.factories import PRODUCTION

SECRETS = (
    "public_secret_key",
    "backoffice_secret_key",
    "password_salt",
    "declaration_pepper",
    "sealing_identity",
    "signing_key",
)


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


@pytest.mark.parametrize("sites", [{Site.PUBLIC}, ()], ids=["public", "no-site"])
@pytest.mark.parametrize("password", ["geheim", ""], ids=["with-password", "without"])
def test_whoever_sends_no_mail_needs_and_has_no_account_at_the_mail_server(
    environ: dict[str, str], sites: Collection[Site], password: str
) -> None:
    given = environ | {"GALLERY_SMTP_USER": "objets", "GALLERY_SMTP_PASSWORD": password}
    settings = load_settings(sites, environ=given)
    assert (settings.smtp_user, settings.smtp_password) == ("", "")


def test_the_back_office_is_given_the_password_of_the_mail_server(environ: dict[str, str]) -> None:
    given = environ | {"GALLERY_SMTP_USER": "objets", "GALLERY_SMTP_PASSWORD": "geheim"}
    settings = load_settings({Site.BACKOFFICE}, environ=given)
    assert settings.smtp_password == "geheim"
    assert "geheim" not in repr(settings)


def test_secrets_are_not_in_the_representation(environ: dict[str, str]) -> None:
    settings = load_settings(environ=environ)
    assert not [name for name in SECRETS if getattr(settings, name) in repr(settings)]


@pytest.mark.parametrize("name", SECRETS)
def test_production_refuses_to_start_without_a_secret(environ: dict[str, str], name: str) -> None:
    settings = load_settings(environ=environ)
    (settings.instance / "secrets" / name).unlink()
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ | PRODUCTION | {"GALLERY_DECLARATIONS_LEGAL_ACT": "PLAN-1"})
    assert refusal.value.field == name


def test_production_without_declarations_starts_without_their_secret(environ: dict[str, str]) -> None:
    settings = load_settings(environ=environ)
    (settings.instance / "secrets" / "declaration_pepper").unlink()
    assert load_settings(environ=environ | PRODUCTION).declaration_pepper == ""


def test_production_starts_with_secrets_made_before(environ: dict[str, str]) -> None:
    make_secrets(environ=environ)
    assert load_settings(environ=environ | PRODUCTION).production


def test_a_secret_file_that_others_can_read_is_refused(environ: dict[str, str]) -> None:
    settings = load_settings(environ=environ)
    (settings.instance / "secrets" / "password_salt").chmod(0o644)
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ)
    assert refusal.value.field == "password_salt"


def test_an_empty_variable_is_no_secret(environ: dict[str, str]) -> None:
    made = load_settings(environ=environ).signing_key
    assert load_settings(environ=environ | {"GALLERY_SIGNING_KEY": ""}).signing_key == made


@pytest.mark.parametrize("content", [b"", b"\n", "clé".encode()], ids=["empty", "a line", "no ASCII"])
def test_a_secret_file_that_holds_no_secret_is_refused(environ: dict[str, str], content: bytes) -> None:
    settings = load_settings(environ=environ)
    (settings.instance / "secrets" / "public_secret_key").write_bytes(content)
    with pytest.raises(SettingInvalid) as refusal:
        load_settings(environ=environ)
    assert refusal.value.field == "public_secret_key"
