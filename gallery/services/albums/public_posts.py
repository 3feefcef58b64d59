"""Where a published item is shown on the networks: what anyone sees there, for one who doubts another post of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import AccountRefused
from gallery.models import PUBLIC_POSTS, Item
from gallery.sharing import post_addresses


@dataclass(frozen=True)
class PublicPost:
    """A post of ours. network: its name; address: without what follows its reader."""

    network: str
    address: str


def of_item(session: Session, number: str) -> list[PublicPost]:
    """The posts of a published item that are online as far as we know, newest first; none of another item."""
    posts = PUBLIC_POSTS.of(session)
    addresses = session.scalars(
        select(posts.c.address)
        .join(Item, Item.id == posts.c.item_id)
        .where(Item.public_number == number)
        .order_by(posts.c.made_at.desc(), posts.c.id.desc())
    )
    return list(dict.fromkeys(_on_networks(addresses)))


def _on_networks(addresses: Iterable[str]) -> Iterator[PublicPost]:
    """Those on a network that we know: what else was typed in may be meant for officers only."""
    for address in addresses:
        try:
            post = post_addresses.read(address)
        except AccountRefused:
            continue
        yield PublicPost(post.network.name, post.address)
