from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from gallery import create_app
from gallery.config import Settings, Site
from gallery.extensions import household
from tests.page import Browser


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_ipv6_network_is_one_visitor(address: str, counted: str) -> None:
    assert household(address) == counted


def statuses(client: FlaskClient, *addresses: str) -> list[int]:
    return [client.post("/recherche", environ_base={"REMOTE_ADDR": each}).status_code for each in addresses]


def test_changing_the_address_within_the_network_gains_nothing(settings: Settings, sessions: object) -> None:
    client = create_app(replace(settings, search_rate="2 per day"), {Site.PUBLIC}).test_client()
    assert statuses(client, *(f"2001:db8:1:2::{each:x}" for each in range(1, 5))) == [400, 400, 429, 429]
    assert statuses(client, "2001:db8:1:3::1") == [400]


def test_each_browser_has_its_own_allowance_and_an_address_that_of_several(
    settings: Settings, sessions: object
) -> None:
    app = create_app(replace(settings, search_rate="2 per day", browsers_at_one_address=3), {Site.PUBLIC})
    clients = [app.test_client() for _ in range(4)]
    tokens = [Browser(each).get("/recherche").token for each in clients]
    sent = [
        [client.post("/recherche", data={"csrf_token": token}).status_code for _ in range(3)]
        for client, token in zip(clients, tokens, strict=True)
    ]
    # What is refused to one is not counted for the address; the fourth finds nothing left.
    assert sent == [[400, 400, 429], [400, 400, 429], [400, 400, 429], [429, 429, 429]]
    # Whoever has none has not begun, and is held by the address all the same.
    assert statuses(app.test_client(), "127.0.0.1") == [429]


def test_a_browser_keeps_its_allowance_at_another_address(settings: Settings, sessions: object) -> None:
    client = create_app(replace(settings, search_rate="2 per day"), {Site.PUBLIC}).test_client()
    Browser(client).get("/recherche")
    assert statuses(client, "192.0.2.1", "192.0.2.2", "192.0.2.3") == [400, 400, 429]
