"""What monitors ask, and what is noted of each request: never an address, a query, a code or a name."""

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

import wsgi
from gallery import create_app, logs
from gallery.config import Settings, Site
from gallery.database import open_engine, session_factory
from gallery.models import InboxDrop, Unit
from gallery.services import measures
from gallery.services.declarations import inbox
from gallery.services.transaction import atomic
from gallery.storage.keys import PROBE
from gallery.web.health import site
from tests.factories import Factory
from tests.waiting import free_port

SECRETS = ("PLANTED-query", "PLANTED-code", "PLANTED-name", "marie@planted.example", "192.0.2.77", "35-PLNT-7")


@pytest.fixture
def health(make: Factory, sessions: sessionmaker[Session]) -> FlaskClient:
    return site.of(make.resources(sessions)).test_client()


def test_a_sound_installation_lives_and_is_ready(health: FlaskClient) -> None:
    assert health.get("/livez").text == "ok\n"
    answer = health.get("/readyz")
    assert (answer.status_code, answer.json["ready"]) == (200, True)  # type: ignore[index]
    assert set(answer.json["parts"].values()) == {"ok"}  # type: ignore[index]


def test_a_monitor_writes_into_no_store(make: Factory, sessions: sessionmaker[Session]) -> None:
    given = make.resources(sessions)
    assert site.of(given).test_client().get("/readyz").status_code == 200
    assert not any(store.holds(PROBE) for store in (given.public, given.private_store))


def test_the_entry_point_needs_no_secret(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLERY_INSTANCE", str(settings.instance))
    monkeypatch.setenv("GALLERY_DATABASE_URL", settings.database_url)
    for secret in (settings.instance / "secrets").iterdir():
        secret.unlink()
    assert wsgi._health.__wrapped__().test_client().get("/livez").status_code == 200
    assert not list((settings.instance / "secrets").iterdir())


def test_a_program_older_or_newer_than_its_tables_ends_readiness(health: FlaskClient, session: Session) -> None:
    known = session.scalar(text("SELECT version_num FROM alembic_version"))
    with atomic(session):
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    try:
        answer, figures = health.get("/readyz"), health.get("/metrics").text
    finally:
        with atomic(session):
            session.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": known})
    assert (answer.status_code, answer.json["parts"]["schema"]) == (503, "lacking")  # type: ignore[index]
    assert answer.json["schema"] == {"database": "0001", "program": known}  # type: ignore[index]
    assert 'gallery_ready{part="schema"} 0.0' in figures
    assert "gallery_photos_undescribed" not in figures


def test_a_database_that_goes_right_after_it_was_looked_at_is_no_error_page(
    make: Factory, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "LOOKED_EVERY_SECONDS", 3600)
    given = make.resources(sessions)
    asked = [sessions]
    health = site.of(replace(given, sessions=lambda: asked[-1]())).test_client()  # type: ignore[arg-type]
    assert health.get("/readyz").status_code == 200
    asked.append(session_factory(open_engine(f"postgresql://gallery@127.0.0.1:{free_port()}/gallery")))
    assert [health.get(path).status_code for path in ("/readyz", "/metrics")] == [200, 200]
    assert 'gallery_ready{part="database"} 0.0' in health.get("/metrics").text


def test_without_redis_the_service_is_ready_and_degraded(make: Factory, sessions: sessionmaker[Session]) -> None:
    given = make.resources(sessions)
    given = replace(given, settings=replace(given.settings, redis_url=f"redis://127.0.0.1:{free_port()}/0"))
    answer = site.of(given).test_client().get("/readyz")
    assert (answer.status_code, answer.json["parts"]["limiter"]) == (200, "degraded")  # type: ignore[index]


def test_figures_are_those_of_the_installation(health: FlaskClient, make: Factory, unit: Unit) -> None:
    make.published(make.case(unit))
    figures = health.get("/metrics").text
    for line in (
        'gallery_items{status="published"} 1.0',
        "gallery_photos_searchable 1.0",
        'gallery_mails{state="due"} 0.0',
    ):
        assert line in figures
    assert 'gallery_ready{part="store"} 1.0' in figures


def test_a_monitor_sees_drops_that_cannot_be_filed_and_a_store_of_another_database(
    health: FlaskClient, make: Factory, session: Session
) -> None:
    make.public.adopt("another database")
    with atomic(session):
        tried = {"sealed": b"", "received_at": make.now}
        session.add(InboxDrop(receipt="1" * 8, attempts=inbox.MAX_ATTEMPTS, **tried))
        session.add(InboxDrop(receipt="2" * 8, attempts=inbox.MAX_ATTEMPTS - 1, **tried))
    figures = health.get("/metrics").text
    for line in (
        "gallery_drops_stuck 1.0",
        'gallery_store_ours{store="public"} 0.0',
        'gallery_store_ours{store="private"} 1.0',
    ):
        assert line in figures


def expressions() -> list[str]:
    """What the alarms and the dashboard of deploy/ ask Prometheus."""
    deploy = Path(__file__).parents[2] / "deploy"
    rules = yaml.safe_load((deploy / "prometheus-rules.yml").read_text(encoding="utf-8"))
    board = json.loads((deploy / "grafana-dashboard.json").read_text(encoding="utf-8"))
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    return asked + [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]


def test_alarms_and_dashboard_ask_for_figures_and_labels_that_are_shown(health: FlaskClient) -> None:
    measures.request_answered("public", "items", 500, 0.1)
    measures.picture_refused(ValueError())
    measures.index_built(1)
    with measures.part_of_search("rank"):
        pass
    families = [*text_string_to_metric_families(health.get("/metrics").text), *measures.OURS.collect()]
    labels = {each.name: set(each.labels) for family in families for each in family.samples}
    for expression in expressions():
        grouped = {label for group in re.findall(r"by \(([^)]*)\)", expression) for label in group.split(", ")}
        for name, chosen in re.findall(r"(gallery_\w+)(?:\{([^}]*)\})?", expression):
            # Of these there are figures once there was one.
            if not name.startswith(("gallery_snapshot_", "gallery_sweep_", "gallery_last_")):
                assert grouped | set(re.findall(r"(\w+)!?[=~]", chosen)) <= labels[name], expression


def counted(endpoint: str, status: str) -> float:
    return (
        measures.OURS.get_sample_value(
            "gallery_requests_total", {"site": "public", "endpoint": endpoint, "status": status}
        )
        or 0.0
    )


def test_requests_are_counted_by_endpoint_and_not_by_address(client: FlaskClient) -> None:
    before = counted("item", "4xx"), counted("none", "4xx")
    client.get("/objets/35-PLNT-7?mots=PLANTED-query")
    client.get("/PLANTED-name")
    assert (counted("item", "4xx"), counted("none", "4xx")) == (before[0] + 1, before[1] + 1)
    labels = {value for metric in measures.OURS.collect() for each in metric.samples for value in each.labels.values()}
    assert not [label for label in labels if "PL" in label or "/" in label]


def named(settings: Settings, **headers: str) -> str:
    client = create_app(settings, {Site.PUBLIC}).test_client()
    return client.get("/vivant", headers=headers).headers["X-Request-ID"]


def test_a_request_has_an_id_and_a_trusted_proxy_may_give_it(settings: Settings) -> None:
    given = "0123456789abcdef0123456789abcdef"
    proxied = replace(settings, trusted_proxies=1)
    assert re.fullmatch(r"[0-9a-f]{32}", named(settings))
    assert named(settings, **{"X-Request-ID": given}) != given
    assert named(proxied, **{"X-Request-ID": given}) == given
    assert named(proxied, **{"X-Request-ID": "PLANTED-name of somebody"}).isalnum()


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged as JSON from here on."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def broken(_number: str) -> str:
    """Fail as a careless line of code does: with what the visitor has sent."""
    raise ValueError(" ".join(SECRETS))


def test_an_unexpected_error_is_logged_with_its_place_and_nothing_of_the_request(
    app: Flask, lines: io.StringIO
) -> None:
    app.testing = False
    app.view_functions["public.item"] = lambda number: broken(number)
    answer = app.test_client().get(
        "/objets/35-PLNT-7?mots=PLANTED-query&courriel=marie@planted.example",
        headers={"User-Agent": "PLANTED-name", "X-Forwarded-For": "192.0.2.77", "Cookie": "code=PLANTED-code"},
    )
    assert answer.status_code == 500
    (line,) = [json.loads(each) for each in lines.getvalue().splitlines()]
    assert line["message"] == "unexpected error in public.item"
    assert line["request"] == answer.headers["X-Request-ID"]
    assert line["error"] == ["ValueError"]
    assert line["raised_at"][-1].endswith("broken")
    assert not [secret for secret in SECRETS if secret in lines.getvalue()]


def test_no_line_names_a_person_even_if_a_library_does(lines: io.StringIO) -> None:
    logging.getLogger("some.library").warning("GET /objets?mots=PLANTED-query from 192.0.2.77, marie@planted.example")
    assert not [secret for secret in SECRETS if secret in lines.getvalue()]
