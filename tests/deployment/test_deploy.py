"""The files of deploy/ say what the program is: every path, port, size and variable in them is there."""

import os
import re
import subprocess
from pathlib import Path

import click
import pytest
from flask import Flask

import wsgi
from gallery import cli
from gallery.config import Settings
from gallery.web import languages
from gallery.web.intake import limits
from tests.deployment.deployed import (
    APPLICATIONS,
    COMMANDS,
    COMPOSE,
    CONTAINERFILE,
    CONTAINERS,
    HOSTS,
    KNOWN,
    NGINX,
    ROOT,
    SERVED,
    SHARED,
    SYSUSERS,
    TIMED,
    TMPFILES,
    UNITS,
    files_of,
    value,
)
from tests.deployment.test_containers import environment_of
from tests.servers.running import DEPLOY, PAGES, port_of, started_by, text_of
from tests.waiting import LONG_PATIENCE

cli.register(COMMANDS)
every_unit = pytest.mark.parametrize("unit", UNITS)
FAILED = "failed@gallery-backup.service"
every_unit_and_timed_one = pytest.mark.parametrize("unit", [*UNITS, *TIMED])


@every_unit
def test_a_unit_starts_what_there_is(unit: str) -> None:
    program, *arguments = started_by(unit)
    assert Path(program).name in ("gunicorn", "flask")
    assert program.startswith(value(unit, "WorkingDirectory") + "/.venv/bin/")
    (application,) = (each for each in arguments if each.startswith("wsgi:"))
    assert application.removeprefix("wsgi:") in APPLICATIONS


@every_unit_and_timed_one
def test_a_unit_names_settings_that_there_are(unit: str) -> None:
    assert set(re.findall(r"(GALLERY_\w+)=", text_of(unit) + SHARED)) <= KNOWN


def test_every_unit_is_read() -> None:
    files = {path.stem.removeprefix("gallery-").partition("@")[0] for path in DEPLOY.glob("*.service")}
    assert files == {unit.partition("@")[0] for unit in (*UNITS, *TIMED, FAILED)}
    assert {path.stem.removeprefix("gallery-") for path in DEPLOY.glob("*.timer")} == set(TIMED)


@pytest.mark.parametrize("unit", TIMED)
def test_a_timer_starts_a_command_that_there_is_with_its_options(unit: str) -> None:
    program, *arguments = value(unit, "ExecStart").split()
    assert Path(program).name == "flask"
    commands = wsgi.setup if "wsgi:setup" in arguments else COMMANDS
    command = commands.cli.get_command(click.Context(commands.cli), arguments[2])
    assert command is not None
    options = {name for parameter in command.params for name in parameter.opts}
    assert {each for each in arguments[3:] if each.startswith("--")} <= options
    assert value(unit, "Type") == "oneshot"
    timer = (DEPLOY / f"gallery-{unit}.timer").read_text(encoding="utf-8")
    assert {"OnCalendar", "Persistent"} <= set(re.findall(r"^(\w+)=", timer, re.MULTILINE))


def test_the_nightly_backup_is_the_one_that_the_guide_tells_of() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for unit in TIMED:
        told = value(unit, "ExecStart").partition("bin/")[2].replace("${BACKUP_DESTINATION}", "DESTINATION")
        assert told.replace("${CREDENTIALS_DIRECTORY}/", "") in guide
    # Whoever backs up may read both stores and write the destination alone.
    assert (
        value("backup", "ReadWritePaths")
        == re.findall(r"BACKUP_DESTINATION=(\S+)$", text_of("backup"), re.MULTILINE)[0]
    )


HARDENING = {
    "NoNewPrivileges": "true", "PrivateTmp": "true", "PrivateDevices": "true", "ProtectSystem": "strict",
    "ProtectHome": "true", "ProtectKernelTunables": "true", "ProtectKernelModules": "true", "RestrictSUIDSGID": "true",
    "RestrictNamespaces": "true", "LockPersonality": "true",
}  # fmt: skip
PUBLISHED = "/var/lib/gallery-published"


@pytest.mark.parametrize("unit", [*UNITS, *TIMED, FAILED])
def test_a_unit_is_confined_and_has_its_limits(unit: str) -> None:
    assert {name: value(unit, name) for name in HARDENING} == HARDENING
    assert re.fullmatch(r"\d+[MG]", value(unit, "MemoryMax"))
    assert int(value(unit, "CPUWeight")) > 0
    assert int(value(unit, "TasksMax")) > 0


@every_unit
def test_a_unit_starts_after_what_it_asks_ends_before_it_and_never_gives_up(unit: str) -> None:
    assert value(unit, "Wants") == "network-online.target"
    assert set(value(unit, "After").split()) == {"network-online.target", "postgresql.service", "redis-server.service"}
    assert (value(unit, "Restart"), value(unit, "StartLimitIntervalSec")) == ("always", "0")


def test_every_site_speaks_no_old_tls_and_keeps_the_version_of_the_proxy_to_itself() -> None:
    servers = NGINX.split("\nserver {")[1:]
    assert len(servers) == 4
    for server in servers:
        assert "    server_tokens off;\n" in server
        assert ("    ssl_protocols TLSv1.2 TLSv1.3;\n" in server) == ("listen 443 ssl" in server)


@pytest.mark.systemd
def test_systemd_understands_every_line_and_finds_each_unit_confined(tmp_path: Path) -> None:
    for file in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        # Where the program lies on this machine is not the question.
        (tmp_path / file.name).write_text(re.sub(r"=/opt/gallery\S*", "=/bin/true", file.read_text("utf-8")), "utf-8")
    units = sorted(tmp_path.iterdir())
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units]
    told = subprocess.run(command, capture_output=True, text=True, timeout=LONG_PATIENCE, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    for unit in tmp_path.glob("*.service"):
        command = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", unit]
        rated = subprocess.run(command, capture_output=True, text=True, timeout=LONG_PATIENCE, check=False)
        assert rated.returncode == 0, rated.stdout[-200:]


@every_unit
def test_a_unit_keeps_its_files_to_itself(unit: str) -> None:
    user = value(unit, "User")
    assert f"GALLERY_INSTANCE=/var/lib/{user}" in text_of(unit)
    assert value(unit, "StateDirectory") == user
    assert value(unit, "StateDirectoryMode") == "0700"
    publishes = PUBLISHED in "".join(re.findall(r"^ReadWritePaths=(.+)$", text_of(unit), re.MULTILINE))
    assert publishes == (unit in ("backoffice", "worker@1"))
    assert value(unit, "UMask") == ("0027" if publishes else "0077")
    assert user == ("gallery-public" if "wsgi:public" in text_of(unit) else "gallery-backoffice")


def test_nginx_asks_the_ports_that_the_units_listen_on() -> None:
    assert re.findall(r"server 127\.0\.0\.1:(\d+)[ ;]", NGINX) == [str(port_of(unit)) for unit in SERVED]
    groups = set(re.findall(r"^upstream (\w+)", NGINX, re.MULTILINE))
    assert (
        set(re.findall(r"http://(gallery_(?!\$)\w+)", NGINX)) | {"gallery_pages", "gallery_search", "gallery_acts"}
        == groups
    )


def test_the_searches_are_pages_of_the_public_site(app: Flask) -> None:
    groups = re.findall(r'^\s+"(\S+ \S*)" (\w+);$', NGINX, re.MULTILINE)

    def group(asked: str) -> str:
        fitting = (name for text, name in groups if text[0] == "~" and re.search(text[1:], asked))
        return dict(groups).get(asked) or next(fitting, "gallery_pages")

    routed = {
        (rule.endpoint, prefix)
        for rule in app.url_map.iter_rules()
        for method in {"GET", "POST"} & (rule.methods or set())
        for prefix in languages.PREFIXES.values()
        if group(f"{method} {prefix}{re.sub(r'<[^>]+>', 'x', rule.rule)}") == "gallery_search"
    }
    pages = {"search", "by_fingerprint", "shared_photos", "photo_preview", "verify", "turn"}
    assert routed == {(f"public.{page}", prefix) for page in pages for prefix in ("", "/en")} | {("api.by_photos", "")}


def said_of(site: str, path: str) -> str:
    """What nginx is told of a path, as it chooses among the locations of a server."""
    (server,) = (each for each in NGINX.split("\nserver {")[1:] if f"server_name {HOSTS[site]};" in each)
    found = re.findall(r"location (=|~) (\S+) \{ (client_max_body_size .+) \}$", server, re.MULTILINE)
    exact = [told for kind, place, told in found if kind == "=" and place == path]
    fitting = [told for kind, place, told in found if kind == "~" and re.search(place, path)]
    return (exact + fitting + re.findall(r"^    (client_max_body_size .+)$", server, re.MULTILINE))[0]


def size_of(site: str, path: str) -> int:
    """What nginx lets in at a path, in bytes."""
    return int(re.findall(r"client_max_body_size (\d+)m;", said_of(site, path))[0]) * 2**20


def test_what_the_program_keeps_on_a_disk_does_not_wait_in_the_memory_of_victims(
    backoffice_app: Flask, settings: Settings
) -> None:
    table, on_disk = limits.table(settings), set()
    for rule in (each for each in backoffice_app.url_map.iter_rules() if "POST" in (each.methods or ())):
        told = said_of("backoffice", re.sub(r"<[^>]+>", "x", rule.rule))
        waits_on_disk = "client_body_temp_path /var/lib/gallery-uploads;" in told
        assert waits_on_disk != table.get(rule.endpoint, limits.PLAIN).in_memory, rule.endpoint
        if waits_on_disk:
            on_disk.add(rule.endpoint)
    assert {"backoffice.add_photos", limits.ARCHIVE_ROUTE} <= on_disk
    assert "/var/lib/gallery-uploads" in COMPOSE["services"]["proxy"]["volumes"]
    assert not [each for each in NGINX.split("\nserver {")[:-1] if "gallery-uploads" in each]


def test_nginx_lets_in_what_each_route_takes(app: Flask, backoffice_app: Flask, settings: Settings) -> None:
    table = limits.table(settings)
    for site, application in (("public", app), ("backoffice", backoffice_app)):
        for rule in application.url_map.iter_rules():
            if "POST" in (rule.methods or ()):
                expected = table.get(rule.endpoint, limits.PLAIN).body
                spoken = rule.endpoint in application.extensions.get(languages.SPOKEN_KEY, ())
                for prefix in languages.PREFIXES.values() if spoken else [""]:
                    assert size_of(site, prefix + re.sub(r"<[^>]+>", "x", rule.rule)) == expected, rule.endpoint


def test_what_changes_something_is_asked_over_a_connection_of_its_own() -> None:
    assert "keepalive" not in re.findall(r"^upstream gallery_acts (.+)$", NGINX, re.MULTILINE)[0]
    default, posts = re.findall(r"^    (?:default|\"~\^POST \") (\w+);$", NGINX, re.MULTILINE)
    assert (default, posts) == ("gallery_pages", "gallery_acts")


def test_folders_that_units_and_nginx_use_are_made_first() -> None:
    made = set(re.findall(r"^d (?!\S+-published/)(\S+)", TMPFILES, re.MULTILINE))
    written = [re.findall(r"^ReadWritePaths=(.+)$", text_of(unit), re.MULTILINE) for unit in UNITS]
    used = {path for paths in written for each in paths for path in each.split()}
    used |= set(re.findall(r"^        root ([^\s;]+)", NGINX, re.MULTILINE))
    used |= set(re.findall(r"\b(?:client_body_temp|proxy_cache)_path (/[^\s;]+)", NGINX))
    log = re.findall(r"error_log (\S+) ", NGINX)[0]
    assert made == used | {str(Path(log).parent)}
    assert log in (DEPLOY / "gallery.logrotate").read_text(encoding="utf-8")
    # What root opens there nobody else may have put there (CVE-2016-1247).
    assert f"d {Path(log).parent} 0751 root adm -\n" in TMPFILES
    named = {each for unit in UNITS for name in ("User", "SupplementaryGroups") for each in value(unit, name).split()}
    assert named == set(re.findall(r"^[ug] (\S+)", SYSUSERS, re.MULTILINE))


def test_everybody_means_the_same_folders_by_what_is_published() -> None:
    """Units, containers, nginx and tmpfiles; whoever reads them is in the group that they are given."""
    places = {"GALLERY_PUBLIC_STORE": f"{PUBLISHED}/photos", "GALLERY_SNAPSHOT_FOLDER": f"{PUBLISHED}/catalogue"}
    assert places.items() <= dict(re.findall(r"^(GALLERY_\w+)=(\S+)$", SHARED, re.MULTILINE)).items()
    named = r"GALLERY_\w+(?==)"
    for unit in (*UNITS, "backup"):
        assert files_of(unit)[0] == "/etc/gallery.env"
        assert not set(re.findall(named, text_of(unit))) & set(re.findall(named, SHARED)), unit
    for name in set(CONTAINERS) - {"restore-test"}:
        assert places.items() <= environment_of(name).items(), name
    assert f"alias {PUBLISHED}/photos/;" in NGINX
    made = re.findall(r"^d (\S+-published\S*) 2750 gallery-backoffice (\S+)", TMPFILES, re.MULTILINE)
    assert made == [(place, "gallery-published") for place in (PUBLISHED, *places.values())]
    assert all(place in CONTAINERFILE for place in places.values())
    members = set(re.findall(r"^m (\S+) gallery-published$", SYSUSERS, re.MULTILINE))
    assert members == {"gallery-public", "www-data"}
    for unit in (*PAGES, "search"):
        assert "gallery-published" in value(unit, "SupplementaryGroups")
        assert "GALLERY_PICTURE_DELIVERY=nginx" in text_of(unit)


@pytest.mark.parametrize(("command", "site"), [("migrate", "backoffice"), ("restore", "setup")])
def test_a_command_run_by_hand_has_what_the_back_office_has(tmp_path: Path, command: str, site: str) -> None:
    (tmp_path / "systemd-run").write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", encoding="utf-8")
    (tmp_path / "systemd-run").chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    asked = [DEPLOY / "gallery-flask", command, "a b"]
    told = subprocess.run(
        asked,
        env={"PATH": path, "LANG": "fr_FR.UTF-8"},
        text=True,
        check=True,
        stdout=subprocess.PIPE,
        timeout=LONG_PATIENCE,
    )
    given, _, started = told.stdout.partition("--\n")
    properties = re.findall(r"^--property=(\w+)=(.+)$", given, re.MULTILINE)
    for name in ("User", "WorkingDirectory", "StateDirectory", "StateDirectoryMode", "UMask"):
        assert dict(properties)[name] == value("backoffice", name)
    assert [file for name, file in properties if name == "EnvironmentFile"] == files_of("backoffice")
    assert ("Environment", "GALLERY_INSTANCE=/var/lib/gallery-backoffice") in properties
    assert "--setenv=LANG=fr_FR.UTF-8\n" in given
    flask = f"{value('backoffice', 'WorkingDirectory')}/.venv/bin/flask"
    assert started.splitlines() == [flask, "--app", f"wsgi:{site}", command, "a b"]


def test_a_rolling_restart_takes_each_process_that_serves_and_waits_for_it(app: Flask, backoffice_app: Flask) -> None:
    script = (DEPLOY / "rolling-restart").read_text(encoding="utf-8")
    pages = re.findall(r"for port in (.+);", script)[0].split()
    others = re.findall(r"renew gallery-(\w+) \"http://127.0.0.1:(\d+)/pret\"", script)
    assert pages == [str(port_of(unit)) for unit in PAGES]
    assert others == [(unit, str(port_of(unit))) for unit in ("search", "backoffice")]
    for site in (app, backoffice_app):
        assert site.url_map.bind("").match("/pret")[0].endswith(".ready")
    assert all(value(unit, "ExecReload").startswith("/bin/kill -HUP") for unit in (*PAGES, "search", "backoffice"))
