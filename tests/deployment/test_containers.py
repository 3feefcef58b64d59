"""The containers of deploy/ start, confine, share and listen as the units do."""

import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from gallery import cli
from tests.deployment.deployed import (
    APPLICATIONS,
    COMPOSE,
    CONTAINERFILE,
    CONTAINERS,
    KNOWN,
    NGINX,
    ROOT,
    SHARED,
    TIMED,
    UNITS,
    files_of,
    value,
)
from tests.servers.running import PAGES, port_of, text_of
from tests.waiting import PATIENCE

OF_THE_STORE = {"AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ALLOW_HTTP", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def environment_of(container: str) -> dict[str, str]:
    return dict(CONTAINERS[container].get("environment", {}))


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_container_starts_what_there_is(container: str) -> None:
    program, *arguments = CONTAINERS[container]["command"]
    (application,) = (each for each in arguments if each.startswith("wsgi:"))
    assert application.removeprefix("wsgi:") in {*APPLICATIONS, "setup"}
    assert program == "gunicorn" or arguments[2] in cli.COMMANDS
    assert set(environment_of(container)) <= KNOWN | OF_THE_STORE | {"TMPDIR"}


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_container_is_confined(container: str) -> None:
    made = CONTAINERS[container]
    assert (made["user"], made["read_only"], made["cap_drop"]) == ("10001", True, ["ALL"])
    assert made["security_opt"] == ["no-new-privileges:true"]
    assert "mem_limit" in made
    assert f"TimeoutStopSec={made['stop_grace_period'].removesuffix('s')}\n" in text_of("backoffice")


@pytest.mark.parametrize("container", ["setup", "worker", "backup", "restore-test"])
def test_what_makes_large_files_has_a_disk_for_them(container: str) -> None:
    made = CONTAINERS[container]
    assert made["environment"]["TMPDIR"] in made["volumes"]
    assert made["tmpfs"] == ["/tmp:size=512m"]  # noqa: S108  a container's


def test_what_victims_send_fits_the_memory_of_the_proxy() -> None:
    proxy = COMPOSE["services"]["proxy"]
    shared, whole = (int(proxy[name].rstrip("gb")) for name in ("shm_size", "mem_limit"))
    assert whole > shared
    senders, large = (int(re.findall(rf"limit_conn {zone} (\d+);", NGINX)[0]) for zone in ("senders", "large_senders"))
    digits = int(re.findall(r":\(\[0-9\]\{(\d+),\}\)\?:", NGINX)[0])
    smaller = 10 ** (digits - 1) / 1024**2
    largest = max(map(int, re.findall(r"client_max_body_size (\d+)m;.+gallery_group", NGINX)))
    assert large * largest + (senders - large) * smaller < shared * 1024, "one address can't fill it"


def test_what_processes_count_lies_in_memory_and_goes_with_them() -> None:
    assert COMPOSE["volumes"]["metrics"]["driver_opts"]["type"] == "tmpfs"
    assert "uid=10001" in COMPOSE["volumes"]["metrics"]["driver_opts"]["o"]
    # Two replicas of one host name would count in one file.
    assert "GALLERY_METRICS_FOLDER" not in environment_of("worker")


def test_containers_are_backed_up_and_tested_as_the_units_are() -> None:
    cron = (ROOT / "deploy" / "gallery-compose.cron").read_text(encoding="utf-8")
    nightly, monthly = re.findall(
        r"^(\d+ \d+ \S+ \* \*) root cd (\S+) && out=\$\(docker compose run --rm .*?([\w-]+) 2>&1\) \|\|", cron, re.M
    )
    assert (nightly[0], nightly[2]) == ("30 2 * * *", "backup")
    assert (monthly[0], monthly[2]) == ("0 5 1 * *", "restore-test")
    for name in TIMED:
        by_unit = value(name, "ExecStart").partition("/bin/")[2]
        for put, there in (
            ("${BACKUP_DESTINATION}", "/srv/gallery-backups"),
            ("${CREDENTIALS_DIRECTORY}", "/run/secrets"),
        ):
            by_unit = by_unit.replace(put, there)
        assert " ".join(CONTAINERS[name]["command"]) == by_unit
        assert CONTAINERS[name]["profiles"] == [name]


def test_cron_has_something_to_mail_only_where_a_line_fails(tmp_path: Path) -> None:
    cron = (ROOT / "deploy" / "gallery-compose.cron").read_text(encoding="utf-8")
    commands = re.findall(r"^\d+ .* root (cd .*)$", cron, re.M)
    assert len(commands) == 2
    docker = tmp_path / "docker"
    docker.write_text('#!/bin/sh\necho "$@"\necho "what went wrong" >&2\nexit $STATUS\n', encoding="utf-8")
    docker.chmod(0o755)

    def mailed(command: str, status: str) -> str:
        here = command.replace("cd /opt/gallery/deploy", f"cd {tmp_path}")
        given = {"PATH": f"{tmp_path}:/usr/bin:/bin", "STATUS": status}
        ended = subprocess.run(
            ["/bin/sh", "-c", here], env=given, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        return ended.stdout

    for command in commands:
        # cron takes it for the end of a line.
        assert "%" not in command
        assert mailed(command, "0") == ""
        assert "what went wrong" in mailed(command, "1")
    assert mailed(commands[0], "1").endswith("the backup has failed\n")


def test_the_public_containers_are_given_nothing_of_the_back_office() -> None:
    public = [name for name, each in CONTAINERS.items() if "wsgi:public" in each["command"]]
    assert public == ["public-1", "public-2", "search"]
    for name in public:
        assert "GALLERY_PRIVATE_STORE" not in environment_of(name)
        assert "backoffice" not in str(CONTAINERS[name]["volumes"]) + str(CONTAINERS[name]["env_file"])


def test_what_monitors_ask_is_given_no_secret() -> None:
    assert files_of("health") == ["/etc/gallery.env", "-/etc/gallery-health.env"]
    assert not re.search("KEY|SECRET|PASSWORD|PEPPER|IDENTITY|DATABASE", SHARED)
    hidden = {path.removeprefix("-") for path in value("health", "InaccessiblePaths").split()}
    files = {files_of(unit)[1].removeprefix("-") for unit in UNITS if unit != "health"}
    assert hidden == files | {f"/var/lib/{value('health', 'User')}/secrets"}
    assert CONTAINERS["health"]["env_file"] == ["health.env"]
    assert "/var/lib/gallery" not in {each.split(":")[1] for each in CONTAINERS["health"]["volumes"]}


def test_containers_listen_where_nginx_asks_and_are_looked_at_there(app: Flask) -> None:
    by_unit = dict(
        zip(("public-1", "public-2", "search", "backoffice", "health"), (*PAGES, *UNITS[2:4], "health"), strict=True)
    )
    for name, unit in by_unit.items():
        bound = CONTAINERS[name]["command"][3]
        assert bound == f"127.0.0.1:{port_of(unit)}"
        assert f"http://{bound}/" in CONTAINERS[name]["healthcheck"]["test"][-1]
    volumes = {path.partition(":")[0] for each in COMPOSE["services"].values() for path in each.get("volumes", ())}
    assert {name for name in volumes if name[0] not in "./"} == set(COMPOSE["volumes"])
    assert COMPOSE["services"]["worker"]["deploy"]["replicas"] == 2
    folders = {environment_of(name).get("GALLERY_METRICS_FOLDER") for name in by_unit}
    assert len(folders) == len(by_unit), "process ids are each container's own: a folder each"


def test_the_image_copies_what_there_is_and_runs_as_nobody() -> None:
    copied = [line.split()[1:-1] for line in re.findall(r"^COPY (?!--from).+$", CONTAINERFILE, re.MULTILINE)]
    assert not [path for paths in copied for path in paths if not (ROOT / path).exists()]
    assert re.findall(r"^USER (.+)$", CONTAINERFILE, re.MULTILINE) == ["10001"]
    assert set(re.findall(r"GALLERY_\w+(?==)", CONTAINERFILE)) <= KNOWN | {"GALLERY_INSTANCE"}
    assert "HEALTHCHECK" in CONTAINERFILE
