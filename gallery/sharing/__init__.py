"""Pure: from public records and their pictures to packages that a unit puts on a social network."""

from gallery.sharing.album import Album, AlbumFile, AlbumItem, AlbumPhoto, ReadPhoto, files_of

__all__ = ["Album", "AlbumFile", "AlbumItem", "AlbumPhoto", "ReadPhoto", "files_of"]
