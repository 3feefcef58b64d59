"""The packages that there are, by network."""

from collections.abc import Callable, Iterator, Mapping

from gallery.sharing import dailymotion, facebook, flickr, press, thread
from gallery.sharing.album import Album, ReadPhoto
from gallery.sharing.archive import Entry

PACKAGES: Mapping[str, Callable[[Album, ReadPhoto], Iterator[Entry]]] = {
    "facebook": facebook.entries,
    "x": thread.entries,
    "flickr": flickr.entries,
    "dailymotion": dailymotion.entries,
    "press": press.entries,
}
