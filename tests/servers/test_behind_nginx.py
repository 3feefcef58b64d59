"""What the shipped files make of requests: which process answers, what is written down, what is let in."""

import re
import socket
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.request import urlopen

import pytest

from gallery.web.intake.limits import FORM_BYTES
from tests import pictures
from tests.servers.running import BACKOFFICE_HOST, PUBLIC_HOST, Proxied
from tests.servers.visitors import Visitor
from tests.web.intake.conftest import drawn_phone_photo

pytestmark = [pytest.mark.slow, pytest.mark.nginx]


def test_both_sites_answer_under_their_names(served: Proxied) -> None:
    assert "Objets retrouvés" in Visitor(served.port, PUBLIC_HOST).ask("GET", "/")[1]
    assert "Espace des agents" in Visitor(served.port, BACKOFFICE_HOST).ask("GET", "/connexion")[1]


def test_a_visitor_may_be_answered_by_both_groups(served: Proxied) -> None:
    visitor = Visitor(served.port, PUBLIC_HOST)
    kind, body = visitor.form(drawn_phone_photo())  # the form of the pages' group, answered by that of the searches
    assert visitor.ask("POST", "/recherche", body, Content_Type=kind)[0] == 200


def test_what_is_too_large_for_a_route_is_stopped_by_nginx(served: Proxied) -> None:
    visitor = Visitor(served.port, PUBLIC_HOST)
    assert visitor.ask("POST", "/aide", b"x" * (FORM_BYTES + 1))[0] == 413


def test_nothing_of_a_request_is_written_down(served: Proxied) -> None:
    for port in served.direct.values():
        for request in (b"GET /secret-query?telephone=0612345678 HTTP/9.9\r\n\r\n", b"\x16\x03secret-query\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port), timeout=240) as connection:
                connection.sendall(request)
                connection.recv(1000)
    Visitor(served.direct["public"], PUBLIC_HOST).ask("GET", "/objets?mots=secret-query")
    logs = "".join(path.read_text(encoding="utf-8") for path in served.logs)
    assert "Refused a request that is not HTTP" in logs
    assert "secret-query" not in logs
    assert "127.0.0.1" not in logs.replace("Listening at: http://127.0.0.1", "")


def test_every_example_of_the_page_works(served: Proxied, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(pictures.jpeg(pictures.picture(1, kind="ring")))
    with urlopen(f"http://127.0.0.1:{served.direct['public']}/api") as page:
        text = page.read().decode()
    examples = re.findall(r'data-example="(\w+)"><code>(.*?)</code>', text, re.DOTALL)
    assert [language for language, _ in examples] == ["curl", "python"] * 2
    for language, code in examples:
        command = ["bash", "-c"] if language == "curl" else [sys.executable, "-c"]
        done = subprocess.run([*command, unescape(code)], cwd=tmp_path, timeout=240, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert ('"total":0' if "items" in code else '"objects":[]') in done.stdout or language == "python"
