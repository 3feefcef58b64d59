"""Names of photos as people and programs write them: which file a row of a list names, and which it may mean."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath

from gallery.services.imports import columns
from gallery.services.imports.nearness import NearNames
from gallery.services.imports.refusals import CellFault, CellRefused, PhotoAmbiguous, PhotoNotInFolder


def spelt(name: str) -> str:
    """A name as it is compared: composed accents, no capitals, one kind of slash, plain blanks, no leading "./".

    >>> spelt(" .\\\\Lot 1\\\\Caf\\u0065\\u0301.JPG ") == spelt("lot\\u00a01/café.jpg")
    True
    """
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).replace("\\", "/")
    visible = "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Cc") or each.isspace())
    parts = (" ".join(part.split()) for part in visible.split("/"))
    return "/".join(part for part in parts if part not in ("", "."))


def loosely_spelt(name: str) -> str:
    """The last part of a name without its ending, accents, blanks and punctuation; empty when nothing is left.

    >>> loosely_spelt("Lot 1/carte d’identité.jpg"), loosely_spelt("CARTE_D'IDENTITE.JPEG")
    ('cartedidentite', 'cartedidentite')
    """
    stem = PurePosixPath(spelt(name)).stem
    return "".join(each for each in unicodedata.normalize("NFKD", stem) if each.isalnum())


class Photos:
    """The photos below a folder, found by the names that a list gives them."""

    def __init__(self, folder: Path, paths: Iterable[Path]) -> None:
        self._folder, self._near_names = folder, NearNames()
        self._names = {path.relative_to(folder).as_posix(): path for path in paths}
        self._spelt = _grouped(self._names, spelt)
        self._loose = _grouped(self._names, loosely_spelt)

    def get(self, name: str) -> Path:
        """The one photo of this name; raise CellRefused for a place outside, PhotoNotInFolder, PhotoAmbiguous."""
        inside = self._inside(name)
        if inside in self._names:
            return self._names[inside]
        found = self._spelt.get(spelt(inside), [])
        if not found:
            raise PhotoNotInFolder(name, near=self._near(name))
        if len(found) > 1:
            raise PhotoAmbiguous(name, names=tuple(map(self.name_of, found)))
        return found[0]

    def meant_by(self, name: str) -> Sequence[Path]:
        """Every photo that this name may mean: the one so called, else all that are loosely called so in any folder."""
        exact = self._spelt.get(spelt(name), [])
        loose = loosely_spelt(name)
        return exact or (self._loose.get(loose, []) if loose else [])

    def like(self, path: Path) -> Sequence[Path]:
        """The other photos of its folder that are loosely called the same: shots, sizes or copies of one."""
        loose = loosely_spelt(path.name)
        others = self._loose.get(loose, []) if loose else []
        return [each for each in others if each != path and each.parent == path.parent]

    def name_of(self, path: Path) -> str:
        """A photo's name as messages give it."""
        return path.relative_to(self._folder).as_posix()

    def _inside(self, name: str) -> str:
        """The name from the folder on, also of a whole address that leads into it; raise CellRefused."""
        slashed = name.replace("\\", "/").strip()
        for top in (self._folder, self._folder.absolute(), self._folder.resolve()):
            if slashed.startswith(f"{top.as_posix()}/"):
                slashed = slashed.removeprefix(f"{top.as_posix()}/")
        if slashed.startswith("/") or slashed[1:3] == ":/" or ".." in slashed.split("/"):
            raise CellRefused(columns.PHOTOS, name, CellFault.OUTSIDE)
        return slashed

    def _near(self, name: str) -> str:
        """The photo whose name resembles this one most; empty when none does."""
        found = self._near_names.nearest(loosely_spelt(name), self._loose)
        return self.name_of(self._loose[found][0]) if found else ""


def _grouped(names: dict[str, Path], spelling: Callable[[str], str]) -> dict[str, list[Path]]:
    groups: dict[str, list[Path]] = {}
    for name, path in names.items():
        groups.setdefault(spelling(name), []).append(path)
    return groups
