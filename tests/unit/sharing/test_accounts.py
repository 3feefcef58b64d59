import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.errors import AccountRefused
from gallery.sharing.account_addresses import LONGEST, NETWORKS, AddressFault, kept, read

GENUINE = {
    "https://www.facebook.com/gendarmerie35": "https://www.facebook.com/gendarmerie35",
    "https://m.facebook.com/gendarmerie35/?ref=share#top": "https://www.facebook.com/gendarmerie35",
    "https://www.facebook.com/profile.php?id=100064777&sk=about": "https://www.facebook.com/profile.php?id=100064777",
    "https://mbasic.facebook.com/gendarmerie35": "https://www.facebook.com/gendarmerie35",
    "https://touch.facebook.com/gendarmerie35": "https://www.facebook.com/gendarmerie35",
    "https://facebook.com/p/Gendarmerie-35-100064": "https://www.facebook.com/p/Gendarmerie-35-100064",
    "https://twitter.com/Gendarmerie_035?s=20": "https://x.com/Gendarmerie_035",
    "HTTPS://X.COM/PoliceNat44": "https://x.com/PoliceNat44",
    "https://www.instagram.com/police.nantes/": "https://www.instagram.com/police.nantes",
    "https://youtube.com/@gendarmerie": "https://www.youtube.com/@gendarmerie",
    "https://www.flickr.com/photos/gend35/": "https://www.flickr.com/photos/gend35",
    "https://www.dailymotion.com/gendarmerie": "https://www.dailymotion.com/gendarmerie",
    "https://fr.linkedin.com/company/gendarmerie": "https://www.linkedin.com/company/gendarmerie",
    "https://www.tiktok.com/@gendarmerie": "https://www.tiktok.com/@gendarmerie",
}
REFUSED = {
    "": AddressFault.NOT_HTTPS,
    "facebook.com/gendarmerie35": AddressFault.NOT_HTTPS,
    "http://www.facebook.com/gendarmerie35": AddressFault.NOT_HTTPS,
    "javascript:alert(1)//facebook.com": AddressFault.NOT_HTTPS,
    "data:text/html,facebook.com": AddressFault.NOT_HTTPS,
    "https://www.facebook.com@evil.example/gend": AddressFault.DISGUISED,
    "https://www.facebook.com:8443/gendarmerie35": AddressFault.DISGUISED,
    "https://facebook.com\\@evil.example/gend": AddressFault.DISGUISED,
    "https://www.facebook.com/gend\u202emoc.live": AddressFault.DISGUISED,
    "https://www.face\tbook.com/gendarmerie35": AddressFault.DISGUISED,
    "https://[::1/gendarmerie": AddressFault.DISGUISED,
    "https://xn--80ak6aa92e.com/gendarmerie": AddressFault.DISGUISED,
    "https://fаcebook.com/gendarmerie35": AddressFault.LOOKS_ALIKE,
    "https://faceb00k.com/gendarmerie35": AddressFault.LOOKS_ALIKE,
    "https://faceboook.com/gendarmerie35": AddressFault.LOOKS_ALIKE,
    "https://face-book.com/gendarmerie35": AddressFault.LOOKS_ALIKE,
    "https://facebook.com.evil.example/gendarmerie35": AddressFault.LOOKS_ALIKE,
    "https://facebook-gendarmerie.fr/gendarmerie35": AddressFault.LOOKS_ALIKE,
    "https://www.tvvitter.com/gendarmerie": AddressFault.LOOKS_ALIKE,
    "https://instagrarn.com/gendarmerie": AddressFault.LOOKS_ALIKE,
    "https://youtobe.com/@gendarmerie": AddressFault.LOOKS_ALIKE,
    "https://x.com.evil.example/gendarmerie": AddressFault.LOOKS_ALIKE,
    "https://faceb00k.com/gendarmerie35/../other": AddressFault.LOOKS_ALIKE,
    "https://www.facebook.com/p/../other": AddressFault.DISGUISED,
    "https://www.facebook.com/p/%2e%2E/other": AddressFault.DISGUISED,
    "https://www.facebook.com/./gendarmerie35": AddressFault.DISGUISED,
    "https://www.facebook.com/pages/..%2fother": AddressFault.DISGUISED,
    "https://l.facebook.com/l.php?u=https://evil.example": AddressFault.DISGUISED,
    "https://vm.tiktok.com/ZMabc": AddressFault.DISGUISED,
    "https://business.facebook.com/gendarmerie35": AddressFault.UNKNOWN_NETWORK,
    "https://music.youtube.com/@gendarmerie": AddressFault.UNKNOWN_NETWORK,
    "https://be.linkedin.com/company/gendarmerie": AddressFault.UNKNOWN_NETWORK,
    "https://live.staticflickr.com/65535/1_2_b.jpg": AddressFault.UNKNOWN_NETWORK,
    "https://box.com/gendarmerie": AddressFault.UNKNOWN_NETWORK,
    "https://www.wix.com/gendarmerie": AddressFault.UNKNOWN_NETWORK,
    "https://fox.com/gendarmerie": AddressFault.UNKNOWN_NETWORK,
    "https://www.max.com/gendarmerie": AddressFault.UNKNOWN_NETWORK,
    "https://www.gendarmerie.interieur.gouv.fr/ggd35": AddressFault.UNKNOWN_NETWORK,
    "https://example.fr/gendarmerie": AddressFault.UNKNOWN_NETWORK,
    "https://t.me/gendarmerie": AddressFault.UNKNOWN_NETWORK,
    "https://www.facebook.com/": AddressFault.NO_ACCOUNT,
    "https://www.facebook.com/sharer/sharer.php?u=https://evil.example": AddressFault.NO_ACCOUNT,
    "https://www.facebook.com/groups/12345": AddressFault.NO_ACCOUNT,
    "https://www.facebook.com/profile.php?id=a": AddressFault.NO_ACCOUNT,
    "https://www.facebook.com/profile.php?id=100064777&id=100099999": AddressFault.NO_ACCOUNT,
    "https://www.facebook.com/profile.php?id=100064777&id[]=100099999": AddressFault.NO_ACCOUNT,
    "https://www.facebook.com/profile.php?id=100064777&+id=100099999": AddressFault.NO_ACCOUNT,
    "https://x.com/gendarmerie/status/1": AddressFault.NO_ACCOUNT,
    "https://x.com/login": AddressFault.NO_ACCOUNT,
    "https://www.youtube.com/watch?v=x": AddressFault.NO_ACCOUNT,
    "https://www.instagram.com/" + "a" * 300: AddressFault.NO_ACCOUNT,
}


@pytest.mark.parametrize(("text", "address"), GENUINE.items())
def test_an_accounts_address_is_kept_in_one_form(text: str, address: str) -> None:
    assert read(text).address == address
    assert read(address) == read(text) == kept(address)


@pytest.mark.parametrize(("text", "why"), REFUSED.items())
def test_an_address_that_cant_be_an_accounts_is_refused_with_the_reason(text: str, why: AddressFault) -> None:
    with pytest.raises(AccountRefused) as refusal:
        read(text)
    assert refusal.value.why == why
    assert bool(refusal.value.imitated) == (why is AddressFault.LOOKS_ALIKE)


def test_every_network_has_an_example_here() -> None:
    assert {read(text).network for text in GENUINE} == set(NETWORKS)


@given(st.text() | st.builds("https://{}/{}".format, st.text(), st.text()))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        account = read(text)
    except AccountRefused:
        return
    assert account.address.startswith("https://")
    assert read(account.address) == account


def test_the_longest_address_is_read_and_one_character_more_is_not() -> None:
    longest = "https://x.com/gend?a=".ljust(LONGEST, "a")
    assert read(longest).address == "https://x.com/gend"
    with pytest.raises(AccountRefused):
        read(longest + "a")


@pytest.mark.parametrize(
    ("longest", "is_account"),
    [
        ("https://x.com/" + "a" * 15, True),
        ("https://x.com/" + "a" * 16, False),
        ("https://www.facebook.com/abc", True),
        ("https://www.facebook.com/ab", False),
        ("https://www.facebook.com/" + "a" * 81, False),
        ("https://www.facebook.com/profile.php?id=" + "1" * 20, True),
        ("https://www.facebook.com/profile.php?id=" + "1" * 21, False),
        ("https://www.facebook.com/profile.php?id=12", False),
        ("https://www.instagram.com/" + "a" * 30, True),
        ("https://www.instagram.com/" + "a" * 31, False),
        ("https://www.tiktok.com/@" + "a" * 24, True),
        ("https://www.tiktok.com/@" + "a" * 25, False),
    ],
)
def test_the_name_of_an_account_is_as_long_as_its_network_has_it(longest: str, is_account: bool) -> None:
    if is_account:
        assert read(longest).address == longest
    else:
        with pytest.raises(AccountRefused):
            read(longest)
