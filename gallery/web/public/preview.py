"""A photo that the visitor's own browser can't show, as one that it can: for this answer only, nothing is kept."""

from flask import Response

from gallery import imaging
from gallery.errors import NoPhotoGiven
from gallery.services.items import renditions
from gallery.web.requests import given_files
from gallery.web.resources import resources


def show() -> Response:
    """The one photo sent, as a small JPEG without metadata; raise PhotoRefused, or NoPhotoGiven."""
    files = given_files("photos")
    if not files:
        raise NoPhotoGiven
    picture = renditions.decode(files[0].stream.read(), resources().settings)
    return Response(imaging.declared(picture), mimetype="image/jpeg")
