"""The packages that there are, by network."""

from collections.abc import Callable, Iterator, Mapping

from gallery.sharing.album import Album, ReadPhoto
from gallery.sharing.archive import PackageFile
from gallery.sharing.networks import dailymotion, facebook, flickr, press, x

PACKAGES: Mapping[str, Callable[[Album, ReadPhoto], Iterator[PackageFile]]] = {
    "facebook": facebook.entries,
    "x": x.entries,
    "flickr": flickr.entries,
    "dailymotion": dailymotion.entries,
    "press": press.entries,
}
