from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from gallery import create_app
from gallery.config import Settings, Site
from gallery.extensions import household


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
    client = create_app(replace(settings, search_rate="2 per minute"), {Site.PUBLIC}).test_client()
    assert statuses(client, *(f"2001:db8:1:2::{each:x}" for each in range(1, 5))) == [400, 400, 429, 429]
    assert statuses(client, "2001:db8:1:3::1") == [400]
