"""Archives as Facebook gives them to a page's owner, in the layouts of several years."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

# Folder of the albums, folder of their photos.
LAYOUTS = {
    "2018": ("photos_and_videos/album", "photos_and_videos/Objets_1"),
    "2020": ("posts/album", "posts/media/Objets_1"),
    "2023": ("your_facebook_activity/posts/album", "your_facebook_activity/posts/media/Objets_1"),
    "page": (
        "this_profile's_activity_across_facebook/posts/album",
        "this_profile's_activity_across_facebook/posts/media/Objets_1",
    ),
}
POSTED = 1_400_000_000  # 13 May 2014
COMMENTER = "Commenter-Who-Must-Not-Be-Kept"


@dataclass(frozen=True)
class Shot:
    """A photo of an album. content None: the album lists it, and the archive has no such file."""

    name: str
    content: bytes | None
    caption: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def scrambled(text: str) -> str:
    """A text as the archives have it."""
    return text.encode().decode("latin-1")


def album(name: str, *shots: Shot, layout: str = "page", description: str = "") -> dict[str, Any]:
    """What the file of an album says, comments included."""
    _, folder = LAYOUTS[layout]
    comment = {"timestamp": POSTED, "comment": scrambled("C’est à moi !"), "author": COMMENTER}
    return {
        "name": scrambled(name),
        "photos": [
            {
                "uri": f"{folder}/{shot.name}",
                "creation_timestamp": POSTED,
                "media_metadata": {"photo_metadata": {"exif_data": [{"upload_ip": "192.0.2.7"}]}},
                "title": scrambled(name),
                "comments": [comment],
                **({"description": scrambled(shot.caption)} if shot.caption else {}),
                **shot.more,
            }
            for shot in shots
        ],
        "cover_photo": {"uri": f"{folder}/{shots[0].name}" if shots else ""},
        "last_modified_timestamp": POSTED,
        "description": scrambled(description),
        "comments": [comment],
    }


def archive(albums: Mapping[str, Sequence[Shot]], *, layout: str = "page", top: str = "") -> bytes:
    """An archive with these albums. top: a folder around all of it, as unpacking and packing again makes."""
    where, folder = LAYOUTS[layout]
    members: dict[str, bytes] = {f"{top}comments_and_reactions/comments.json": COMMENTER.encode()}
    for number, (name, shots) in enumerate(albums.items()):
        members[f"{top}{where}/{number}.json"] = json.dumps(album(name, *shots, layout=layout)).encode()
        members |= {f"{top}{folder}/{shot.name}": shot.content for shot in shots if shot.content is not None}
    return zipped(members)


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """A ZIP file of these members."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()
