"""`flask keys`: a rotation breaks neither what is sealed, nor digests, nor second factors, nor open pages."""

import pytest
from click.testing import Result
from flask import Flask
from flask import session as session_of_request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf, validate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from gallery import create_app
from gallery.config import Settings, Site, load_settings
from gallery.models import Unit
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.albums import signing_keys
from gallery.services.declarations import collecting
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore
from gallery.web.backoffice.account import second_factor
from tests.factories import AUTHORISED, Factory


class Installation:
    """One whose processes are restarted before each command."""

    def __init__(self, settings: Settings) -> None:
        self._environ = {
            "GALLERY_INSTANCE": str(settings.instance),
            "GALLERY_DATABASE_URL": settings.database_url,
            "GALLERY_PASSWORD_SALT": settings.password_salt,
            "GALLERY_ENCODER": "",
        }

    @property
    def settings(self) -> Settings:
        return load_settings(environ=self._environ, make=False)

    @property
    def sealer(self) -> Sealer:
        return Sealer(self.settings.sealing_identity, self.settings.digest_key)

    def app(self, site: Site = Site.BACKOFFICE) -> Flask:
        return create_app(self.settings, {site})

    def run(self, *arguments: str) -> Result:
        return self.app().test_cli_runner().invoke(args=["keys", *arguments], catch_exceptions=False)


@pytest.fixture
def installation(settings: Settings, backoffice_app: Flask) -> Installation:
    return Installation(settings)


def test_a_new_sealing_identity_breaks_nothing_and_the_former_one_ends(
    installation: Installation, settings: Settings, make: Factory, unit: Unit, session: Session
) -> None:
    case = make.case(unit)
    before, digest = case.sealed, make.sealer.fingerprint("AB-123", purpose="serial number")
    factors = second_factor.configuration(settings)
    assert installation.run("rotate", "sealing_identity").exit_code == 0
    now = installation.sealer
    assert now.recipient != make.sealer.recipient
    assert cases.open_secrets(case, now) == AUTHORISED
    assert now.fingerprint("AB-123", purpose="serial number") == digest
    for name in ("SECURITY_TOTP_SECRETS", "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS"):
        assert second_factor.configuration(installation.settings)[name] == factors[name]
    early = installation.run("retire", "sealing_identity")
    assert (early.exit_code, "cases.sealed: 1 values" in early.output) == (1, True)
    assert "1 values sealed anew" in installation.run("reseal").output
    assert "0 values sealed anew" in installation.run("reseal").output
    with atomic(session):
        collecting.publish_key(session, make.sealer)
    unpublished = installation.run("retire", "sealing_identity")
    assert (unpublished.exit_code, "restart the worker" in unpublished.output) == (1, True)
    with atomic(session):
        collecting.publish_key(session, installation.sealer)
    assert installation.run("retire", "sealing_identity").exit_code == 0
    end_reading(session)
    assert case.sealed != before
    assert cases.open_secrets(case, installation.sealer) == AUTHORISED
    assert installation.sealer.fingerprint("AB-123", purpose="serial number") == digest
    assert len(installation.settings.sealing_identity.split()) == 1


@pytest.mark.parametrize("site", Site)
def test_what_was_signed_with_a_former_session_key_is_good_until_it_is_retired(
    installation: Installation, site: Site
) -> None:
    name = f"{site}_secret_key"
    signed = _sessions(installation.app(site)).dumps({"a": 1})
    with installation.app(site).test_request_context():
        token = generate_csrf()
        kept = dict(session_of_request)
    assert installation.run("rotate", name).exit_code == 0
    assert _sessions(installation.app(site)).loads(signed) == {"a": 1}
    with installation.app(site).test_request_context():
        session_of_request.update(kept)
        validate_csrf(token)
    assert installation.run("retire", name).exit_code == 0
    with pytest.raises(BadSignature):
        _sessions(installation.app(site)).loads(signed)


def _sessions(app: Flask) -> URLSafeTimedSerializer:
    made = SecureCookieSessionInterface().get_signing_serializer(app)
    assert made is not None
    return made


def test_a_former_signing_key_is_shown_until_it_is_retired(installation: Installation, public: PhotoStore) -> None:
    installation.run("rotate", "signing_key")
    [former] = signing_keys.public_keys(public)
    assert former in installation.run("list").output
    assert "sealing_identity" in installation.run("list").output
    assert installation.run("retire", "signing_key", "--key", former).exit_code == 0
    assert signing_keys.public_keys(public) == []


@pytest.mark.parametrize("place", ["environment", "settings.toml"])
@pytest.mark.parametrize("act", ["rotate", "retire"])
def test_a_key_that_is_given_besides_its_file_is_not_changed_in_the_file(
    installation: Installation, settings: Settings, monkeypatch: pytest.MonkeyPatch, place: str, act: str
) -> None:
    file = settings.instance / "secrets" / "sealing_identity"
    given = file.read_text()
    if place == "environment":
        # The command reads the environment of its own process.
        monkeypatch.setenv("GALLERY_SEALING_IDENTITY", given.strip())
    else:
        (settings.instance / "settings.toml").write_text(f'sealing_identity = "{given.strip()}"')
    refused = installation.run(act, "sealing_identity")
    assert (refused.exit_code, "given by the environment or settings.toml" in refused.output) == (2, True)
    assert file.read_text() == given


def test_a_key_that_the_environment_gives_is_changed_there(installation: Installation, settings: Settings) -> None:
    (settings.instance / "secrets" / "sealing_identity").rename(settings.instance / "moved")
    given = (settings.instance / "moved").read_text().strip()
    installation._environ["GALLERY_SEALING_IDENTITY"] = given
    refused = installation.run("rotate", "sealing_identity")
    assert (refused.exit_code, "given by the environment" in refused.output) == (2, True)
