"""What a film shows and says, and when: its title, each photo for a few seconds, how an object is claimed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from gallery.sharing.addresses import page_address, printed
from gallery.sharing.album import Album, AlbumFile, AlbumItem
from gallery.sharing.captions import never_asked, seeking, shortened
from gallery.sharing.film.recording import Chapter
from gallery.sharing.film.timed_text import MAX_IN_LINE, Cue, clock

# Long enough to read a caption, and to stop the film before its code is gone.
STILL_SECONDS = 5
# The title and how an object is claimed.
FRAMING_STILLS = 2
_MAX_IN_CHAPTER = 60


@dataclass(frozen=True)
class Film:
    """One film of an album. name: of its files, without what follows the dot; files: its photos, in order."""

    name: str
    title: str
    album: Album
    files: tuple[AlbumFile, ...]

    @property
    def seconds(self) -> int:
        """How long it lasts."""
        return (len(self.files) + FRAMING_STILLS) * STILL_SECONDS

    @property
    def subtitle(self) -> str:
        """What its first still says under the title."""
        return seeking(len({file.item.number for file in self.files}))

    def chapters(self) -> list[Chapter]:
        """A chapter for each object, between the title and how it is claimed."""
        chapters = [Chapter("Présentation", 0, STILL_SECONDS)]
        for item, photos in groupby(self.files, key=lambda file: file.item):
            start = chapters[-1].end
            title = f"{shortened(item.title, _MAX_IN_CHAPTER)} ({item.number})"
            chapters.append(Chapter(title, start, start + len(list(photos)) * STILL_SECONDS))
        return [*chapters, Chapter("Récupérer un objet", chapters[-1].end, self.seconds)]

    def cues(self) -> list[Cue]:
        """What each still says."""
        site, owner = self.album.site_address, self.album.owner
        lines = shortened(self.title, MAX_IN_LINE), shortened(owner, MAX_IN_LINE)
        first = Cue(0, STILL_SECONDS, lines, f"{self.title}\n{owner}")
        photos = [_cue(file, place * STILL_SECONDS, site) for place, file in enumerate(self.files, start=1)]
        claim = f"Un objet est à vous ? Notez son numéro, et demandez-le sur {printed(site)}."
        warning = never_asked(self.album.credit)
        last = Cue(self.seconds - STILL_SECONDS, self.seconds, (claim, warning), f"{claim}\n{warning}\n{owner}")
        return [first, *photos, last]


def films_of(album: Album, files: Sequence[AlbumFile]) -> list[Film]:
    """A film for each folder of photos."""
    groups = [tuple(group) for _, group in groupby(files, key=lambda file: file.folder)]
    if len(groups) == 1:
        return [Film("film", album.title, album, groups[0])]
    return [
        Film(f"film-{number}", f"{album.title} ({number}/{len(groups)})", album, group)
        for number, group in enumerate(groups, start=1)
    ]


def chapter_lines(chapters: Sequence[Chapter], items: Sequence[AlbumItem], *, most: int) -> list[str]:
    """The chapters within a number of characters: a line for each object, or for as few together as fit."""
    first, *objects, last = chapters
    for together in range(1, len(objects) + 1):
        middle = [
            _group_line(objects[start : start + together], items[start : start + together], start)
            for start in range(0, len(objects), together)
        ]
        lines = [f"{clock(first.start)} {first.title}", *middle, f"{clock(last.start)} {last.title}"]
        if len("\n".join(lines)) <= most:
            return lines
    return []


def items_of(film: Film) -> Iterator[AlbumItem]:
    """The objects that it shows, in order."""
    return (item for item, _ in groupby(film.files, key=lambda file: file.item))


def _group_line(chapters: Sequence[Chapter], items: Sequence[AlbumItem], start: int) -> str:
    if len(chapters) == 1:
        return f"{clock(chapters[0].start)} {chapters[0].title}"
    numbers = f"{items[0].number} à {items[-1].number}"
    return f"{clock(chapters[0].start)} Objets {start + 1} à {start + len(chapters)} ({numbers})"


def _cue(file: AlbumFile, start: int, site_address: str) -> Cue:
    item, alt_text = file.item, file.photo.alt_text
    count = len(item.photos)
    place = f" (photo {file.position} sur {count})" if count > 1 else ""
    named = f"N° {item.number} : {item.title}"
    seen = alt_text if alt_text not in (item.title, f"{item.title}, photo {file.position} sur {count}") else ""
    lines = (
        shortened(named, MAX_IN_LINE - len(place)) + place,
        shortened(seen or printed(page_address(site_address, item.number)), MAX_IN_LINE),
    )
    text = "\n".join(part for part in (f"{named}{place}", seen and f"On voit : {seen}", item.caption) if part)
    return Cue(start, start + STILL_SECONDS, lines, text)
