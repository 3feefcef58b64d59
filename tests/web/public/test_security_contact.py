from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from gallery import create_app
from gallery.config import Settings, Site

ADDRESS = "/.well-known/security.txt"


def test_it_works(settings: Settings) -> None:
    given = replace(
        settings, security_contact="mailto:securite@rennes.example", public_address="https://objets.rennes.example"
    )
    answer = create_app(given, {Site.PUBLIC}).test_client().get(ADDRESS)
    assert answer.mimetype == "text/plain"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:securite@rennes.example"
    assert fields["Canonical"] == "https://objets.rennes.example/.well-known/security.txt"
    assert timedelta() < datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC) < timedelta(days=365)


def test_nothing_is_said_where_nobody_is_named(client: FlaskClient) -> None:
    assert client.get(ADDRESS).status_code == 404
