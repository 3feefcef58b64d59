import pytest

from gallery.errors import AccountRefused
from gallery.sharing.account_addresses import AddressFault
from gallery.sharing.post_addresses import read

KEPT = {
    "https://www.facebook.com/media/set/?set=a.123&type=3&__cft__[0]=AZ&__tn__=-R": (
        "https://www.facebook.com/media/set/?set=a.123&type=3"
    ),
    "https://m.facebook.com/ggd35/posts/pfbid02?mibextid=Nif5oz#top": "https://www.facebook.com/ggd35/posts/pfbid02",
    "https://facebook.com/story.php?story_fbid=1&id=2&ref=share": "https://www.facebook.com/story.php?story_fbid=1&id=2",
    "https://www.facebook.com/story.php?story_fbid=1&id=2&story_fbid[]=3": (
        "https://www.facebook.com/story.php?story_fbid=1&id=2&story_fbid=3"
    ),
    "https://www.facebook.com/photo.php?fbid=1&fbclid=Iw": "https://www.facebook.com/photo.php?fbid=1",
    "https://twitter.com/Gendarmerie_035/status/1?s=20&t=ab": "https://x.com/Gendarmerie_035/status/1",
    "https://www.instagram.com/p/ab/?igsh=MTc": "https://www.instagram.com/p/ab/",
    "https://m.youtube.com/watch?si=x&v=ab&list=PL1&utm_source=y": "https://www.youtube.com/watch?v=ab&list=PL1",
    "https://www.flickr.com/photos/gend35/albums/72?utm_medium=z": "https://www.flickr.com/photos/gend35/albums/72",
}
REFUSED = {
    "http://www.facebook.com/ggd35/posts/1": AddressFault.NOT_HTTPS,
    "javascript:alert(1)": AddressFault.NOT_HTTPS,
    "https://www.facebook.com.evil.example/x": AddressFault.LOOKS_ALIKE,
    "https://faceboook.com/ggd35/posts/1": AddressFault.LOOKS_ALIKE,
    "https://www.facebook.com@evil.example/x": AddressFault.DISGUISED,
    "https://www.facebook.com/l.php?u=https://evil.example": AddressFault.DISGUISED,
    "https://www.facebook.com//x/../L.php/?u=https://evil.example": AddressFault.DISGUISED,
    "https://www.facebook.com//L.php/?u=https://evil.example": AddressFault.DISGUISED,
    "https://www.facebook.com/ggd35/../other/posts/1": AddressFault.DISGUISED,
    "https://www.facebook.com/ggd35/%2E%2e/other/posts/1": AddressFault.DISGUISED,
    "https://www.facebook.com/%6c.php?u=https://evil.example": AddressFault.DISGUISED,
    "https://www.facebook.com/flx/warn/?u=https://evil.example": AddressFault.DISGUISED,
    "https://www.youtube.com/redirect?q=https://evil.example": AddressFault.DISGUISED,
    "https://www.facebook.com/?ref=home": AddressFault.NO_ACCOUNT,
    "https://www.ouest-france.fr/bretagne/vitre": AddressFault.UNKNOWN_NETWORK,
}


@pytest.mark.parametrize(("text", "address"), KEPT.items(), ids=list(KEPT))
def test_only_what_names_the_post_is_kept(text: str, address: str) -> None:
    assert read(text).address == address
    assert read(address).address == address


@pytest.mark.parametrize(("text", "why"), REFUSED.items(), ids=list(REFUSED))
def test_what_cannot_be_a_posts_address_is_refused(text: str, why: AddressFault) -> None:
    with pytest.raises(AccountRefused) as refusal:
        read(text)
    assert refusal.value.why == why
