"""The captions of an album as files for a spreadsheet and for a text editor."""

from collections.abc import Sequence

from gallery.sharing.addresses import page_address
from gallery.sharing.album import Album, AlbumFile
from gallery.sharing.cells import harmless, lines

_COLUMNS = ("fichier", "numéro", "titre", "légende", "texte alternatif", "adresse")
_RULE = "\n" + "-" * 40 + "\n"


def table(files: Sequence[AlbumFile], site_address: str) -> bytes:
    """legendes.csv: one row a photo, as French spreadsheets open it (semicolons, UTF-8 with its mark)."""
    return lines([_COLUMNS, *(map(harmless, _row(each, site_address)) for each in files)]).encode("utf-8-sig")


def _row(file: AlbumFile, site_address: str) -> tuple[str, ...]:
    address = page_address(site_address, file.item.number)
    return (file.path, file.item.number, file.item.title, file.caption, file.photo.alt_text, address)


def text(files: Sequence[AlbumFile]) -> bytes:
    """legendes.txt: one paragraph a photo."""
    parts = [f"{file.path}\n\n{file.caption}\n\nTexte alternatif : {file.photo.alt_text}\n" for file in files]
    return _RULE.join(parts).encode("utf-8-sig")


def album_text(album: Album) -> bytes:
    """album.txt: what the network's form for a new album asks, and the text of the publication."""
    parts = [
        ("TITRE", album.title),
        ("DESCRIPTION", album.description),
        ("LIEU", album.place),
        ("TEXTE DE LA PUBLICATION", album.post),
    ]
    return "\n\n".join(f"{name}\n{value}" for name, value in parts).encode("utf-8-sig") + b"\n"
