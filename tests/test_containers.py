"""The containers of deploy/ start, confine, share and listen as the units do."""

import re

import pytest
from flask import Flask

from gallery import cli
from tests.deployed import APPLICATIONS, COMPOSE, CONTAINERFILE, CONTAINERS, KNOWN, ROOT, SHARED, UNITS, files_of, value
from tests.servers.running import PAGES, port_of

OF_THE_STORE = {"AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ALLOW_HTTP", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def environment_of(container: str) -> dict[str, str]:
    return dict(CONTAINERS[container].get("environment", {}))


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_container_starts_what_there_is(container: str) -> None:
    program, *arguments = CONTAINERS[container]["command"]
    (application,) = (each for each in arguments if each.startswith("wsgi:"))
    assert application.removeprefix("wsgi:") in APPLICATIONS
    assert program == "gunicorn" or arguments[-1] in cli.COMMANDS
    assert set(environment_of(container)) <= KNOWN | OF_THE_STORE


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_container_is_confined(container: str) -> None:
    made = CONTAINERS[container]
    assert (made["user"], made["read_only"], made["cap_drop"]) == ("10001", True, ["ALL"])
    assert made["security_opt"] == ["no-new-privileges:true"]
    assert container == "setup" or "mem_limit" in made


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
    assert {name for name in volumes if not name.startswith(".")} == set(COMPOSE["volumes"])
    assert COMPOSE["services"]["worker"]["deploy"]["replicas"] == 2
    folders = {environment_of(name).get("GALLERY_METRICS_FOLDER") for name in by_unit}
    assert len(folders) == len(by_unit), "process ids are each container's own: a folder each"


def test_the_image_copies_what_there_is_and_runs_as_nobody() -> None:
    copied = [line.split()[1:-1] for line in re.findall(r"^COPY (?!--from).+$", CONTAINERFILE, re.MULTILINE)]
    assert not [path for paths in copied for path in paths if not (ROOT / path).exists()]
    assert re.findall(r"^USER (.+)$", CONTAINERFILE, re.MULTILINE) == ["10001"]
    assert set(re.findall(r"GALLERY_\w+(?==)", CONTAINERFILE)) <= KNOWN | {"GALLERY_INSTANCE"}
    assert "HEALTHCHECK" in CONTAINERFILE
