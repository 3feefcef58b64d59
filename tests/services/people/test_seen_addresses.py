"""What is known of an address that somebody has seen: an account of ours, a post, a false account, an imitation."""

import pytest
from sqlalchemy.orm import Session

from gallery.errors import AccountRefused
from gallery.models import Case, Officer, Unit
from gallery.services.albums import seen_addresses
from gallery.services.albums.seen_addresses import Seen, SeenAddress
from gallery.services.items import publication
from gallery.services.people import false_accounts, official_accounts
from gallery.services.transaction import atomic
from gallery.sharing import post_addresses
from tests import pictures
from tests.factories import Factory

PHOTO = pictures.jpeg(pictures.picture(1))
# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


def test_an_address_is_an_account_a_post_or_an_imitation(
    session: Session, make: Factory, case: Case, unit: Unit, officer: Officer
) -> None:
    item, now = make.published(case, PHOTO), make.now
    with atomic(session):
        for account in (
            "www.facebook.com/gendarmerie35",
            "www.facebook.com/profile.php?id=5551",
            "x.com/gendarmerie_35",
        ):
            official_accounts.add(session, unit, f"https://{account}", by=officer, now=now)
        false_accounts.add(session, make.given, "https://x.com/faux35", "", by=officer)
    post = "https://www.facebook.com/permalink.php?story_fbid=77&id=5"
    # As an officer notes them, with a slash at the end or without.
    for noted in (post, "https://www.facebook.com/ggd35/posts/12", "https://x.com/ggd35/status/9"):
        make.posting(item, address=post_addresses.read(noted).address)
    make.posting(item, address="https://www.instagram.com/p/ABC/")
    make.posting(item, address="https://x.com/ggd35/status/8/photo/1")
    make.posting(item, address="https://www.facebook.com/photo/?fbid=4")
    name = unit.name

    def look(text: str) -> SeenAddress:
        return seen_addresses.look_up(session, text)

    for text, seen, of in (
        ("facebook.com/Gendarmerie35", Seen.OUR_ACCOUNT, name),
        ("https://m.facebook.com/gendarmerie35/", Seen.OUR_ACCOUNT, name),
        (post, Seen.OUR_POST, name),
        ("https://m.facebook.com/ggd35/posts/12/?mibextid=x", Seen.OUR_POST, name),
        ("https://www.instagram.com/p/ABC", Seen.OUR_POST, name),
        ("https://x.com/ggd35/status/9/photo/1", Seen.OUR_POST, name),
        ("https://www.facebook.com/photo?fbid=4", Seen.OUR_POST, name),
        ("https://x.com/ggd35/status/8", Seen.OUR_POST, name),
        ("https://x.com/ggd35/status/8/photo/1", Seen.OUR_POST, name),
        ("https://x.com/ggd35/status/81", Seen.UNKNOWN, ""),
        ("https://www.facebook.com/gendarmerie35/posts/1", Seen.NAMES_OUR_ACCOUNT, name),
        ("https://www.facebook.com/gendarmerie35/../other/posts/1", Seen.UNKNOWN, ""),
        ("https://www.facebook.com/gendarmerie35/%2e%2e/other/posts/1", Seen.UNKNOWN, ""),
        ("https://www.facebook.com/profile.php?id=5551", Seen.OUR_ACCOUNT, name),
        ("https://www.facebook.com/profile.php?id=5551&id=6662", Seen.UNKNOWN, ""),
        ("https://x.com/gendarmerie_35/status/1", Seen.NAMES_OUR_ACCOUNT, name),
        ("https://vm.tiktok.com/ZMabc", Seen.UNKNOWN, ""),
        ("https://box.com/gendarmerie35", Seen.UNKNOWN, ""),
        ("https://www.facebook.com/other/posts/1", Seen.UNKNOWN, ""),
        ("https://x.com/faux35", Seen.FALSE_ACCOUNT, ""),
        ("https://x.com/faux35/status/1", Seen.FALSE_ACCOUNT, ""),
        ("https://x.com/vrai35", Seen.UNKNOWN, ""),
        ("https://nowhere.example/gendarmerie35", Seen.UNKNOWN, ""),
    ):
        assert look(text) == SeenAddress(text, seen, of), text
    imitated = look("https://faceb00k.com/gendarmerie35")
    assert (imitated.seen, imitated.unit, bool(imitated.imitated)) == (Seen.IMITATION, "", True)
    with atomic(session):
        publication.withdraw(session, item, by=officer, now=now)
    assert look(post).seen is Seen.UNKNOWN


def test_an_imitated_address_is_told_with_what_it_imitates(session: Session) -> None:
    with pytest.raises(AccountRefused) as refused:
        seen_addresses.account_addresses.read("https://faceb00k.com/x")
    assert seen_addresses.look_up(session, "faceb00k.com/x").imitated == refused.value.imitated
