"""The package for Dailymotion: a film of the photos with their captions, its texts, and how to put it there."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from gallery.sharing import caption_files, cover, html, pictures
from gallery.sharing.album import Album, AlbumFile, ReadPhoto, files_of
from gallery.sharing.archive import PackageFile
from gallery.sharing.captions import shortened
from gallery.sharing.files import Metadata, encoded
from gallery.sharing.film import film, slides, timed_text
from gallery.sharing.film.film import FRAMING_STILLS, STILL_SECONDS, Film
from gallery.sharing.film.recording import SIZE, Show, recorded, require_film_maker

# developers.dailymotion.com/v2/reference/rate-limiting, 2026-11, accounts that are not Premium: a video, and a day.
MAX_SECONDS, MAX_BYTES = 2 * 60 * 60, 4 * 10**9
MAX_FILMS_A_DAY, MAX_HOURS_A_DAY = 15, 10
# developers.dailymotion.com, "Create a video", 2026-11. No limit of a title is documented: other short texts have this.
MAX_DESCRIPTION, MAX_TITLE = 3000, 150
# The longest film stays below MAX_BYTES at this rate, whatever its photos show.
MAX_BITS_A_SECOND = 4_000_000
MAX_PHOTOS = MAX_SECONDS // STILL_SECONDS - FRAMING_STILLS
# A still as a picture of its own, by which a screenshot of the film can be told; and enough for the title's mosaic.
_SMALL = (960, 540)


def entries(album: Album, read: ReadPhoto, *, max_photos: int = MAX_PHOTOS) -> Iterator[PackageFile]:
    """The files of the package, one after the other; raise FilmMakerAbsent at once where no film can be made."""
    require_film_maker()
    return _entries(album, read, files_of(album, max_in_folder=max_photos))


def description_of(made: Film) -> str:
    """The description of a film: the album's, then its chapters, as much as Dailymotion takes."""
    text = shortened(made.album.description, MAX_DESCRIPTION)
    room = MAX_DESCRIPTION - len(text) - 2
    return "\n\n".join([text, *_chapters(made, room)])


def _chapters(made: Film, room: int) -> list[str]:
    lines = film.chapter_lines(made.chapters(), list(film.items_of(made)), most=room)
    return ["\n".join(lines)] if lines else []


def _entries(album: Album, read: ReadPhoto, files: list[AlbumFile]) -> Iterator[PackageFile]:
    films = film.films_of(album, files)
    texts = {made.name: (shortened(made.title, MAX_TITLE), description_of(made)) for made in films}
    yield PackageFile(
        "mettre-en-ligne.html", html.film_page(films, texts, max_a_day=MAX_FILMS_A_DAY, hours=MAX_HOURS_A_DAY)
    )
    yield PackageFile("album.txt", caption_files.album_text(album))
    yield PackageFile("legendes.csv", caption_files.table(files, album.site_address))
    for made in films:
        yield from _texts(made, *texts[made.name])
        yield from _recorded(made, read)


def _texts(made: Film, title: str, description: str) -> Iterator[PackageFile]:
    cues = made.cues()
    yield PackageFile(f"{made.name}.description.txt", f"{title}\n\n{description}\n".encode("utf-8-sig"))
    yield PackageFile(f"{made.name}.transcription.txt", timed_text.transcription(cues))
    yield PackageFile(f"{made.name}.fr.srt", timed_text.subrip(cues))
    yield PackageFile(f"{made.name}.fr.vtt", timed_text.webvtt(cues))
    yield PackageFile(f"{made.name}.chapitres.vtt", timed_text.chapters_webvtt(made.chapters()))


def _recorded(made: Film, read: ReadPhoto) -> Iterator[PackageFile]:
    """The cover, each photo's still once the film has it, then the film, which is on the disk meanwhile."""
    about = Metadata(made.title, made.album.description, made.album.credit)
    with TemporaryDirectory(prefix="gallery-film-") as folder:
        path = Path(folder, "film.mp4")
        with recorded(
            path, about, made.chapters(), still_seconds=STILL_SECONDS, max_bits_a_second=MAX_BITS_A_SECOND
        ) as show:
            yield from _shown(made, read, show)
        yield PackageFile(f"{made.name}.mp4", path)


def _shown(made: Film, read: ReadPhoto, show: Show) -> Iterator[PackageFile]:
    album = made.album
    yield PackageFile(f"{made.name}.couverture.jpg", _begun(made, read, show))
    for file in made.files:
        still = _still(album, file, read)
        show(still)
        yield PackageFile(file.path, _small(album, file, still), file.item.number)
    show(slides.of_ending(album))


def _begun(made: Film, read: ReadPhoto, show: Show) -> bytes:
    """Show the title; the cover as a JPEG file."""
    covers = [next(file for file in made.files if file.item == item) for item in [*film.items_of(made)][: cover.PHOTOS]]
    photos = [pictures.opened(read(file.photo.public_id), least=_SMALL) for file in covers]
    title = slides.of_title(made.album, photos, title=made.title, subtitle=made.subtitle)
    photos.clear()
    show(title)
    return encoded(title, Metadata(made.title, made.album.description, made.album.credit))


def _still(album: Album, file: AlbumFile, read: ReadPhoto) -> Image.Image:
    photo = pictures.opened(read(file.photo.public_id), least=(slides.PHOTO_WIDTH, SIZE[1]))
    return slides.of_photo(photo, file, album)


def _small(album: Album, file: AlbumFile, still: Image.Image) -> bytes:
    """A JPEG file of a still."""
    about = Metadata(f"{file.item.title} ({file.item.number})", file.caption, album.credit)
    return encoded(still.resize(_SMALL, Image.Resampling.BOX), about)
