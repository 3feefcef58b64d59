"""Search by what a browser says of photos that it keeps."""

import base64

from flask import request
from flask_wtf import FlaskForm

from gallery import matching
from gallery.errors import FingerprintInvalid, NoPhotoGiven, TooManyPhotos
from gallery.services.search import search as searches
from gallery.web.catalogues import catalogues
from gallery.web.given_photos import NamedPhoto
from gallery.web.intake.turns import place_to_search
from gallery.web.public.search import GivenFingerprints, SaidBesides, hints_of, page_of
from gallery.web.resources import database, resources
from gallery.web.stating import theft_days

TEXT_LENGTH = 4 * -(-matching.FINGERPRINT_BYTES // 3)


def search() -> str:
    """What resembles the photos of these fingerprints; raise FingerprintInvalid, or TooManySearches."""
    texts = request.form.getlist("descriptions")
    limit = resources().settings.max_search_photos
    if len(texts) > limit:
        raise TooManyPhotos(limit=limit)
    if not texts:
        raise NoPhotoGiven
    given = GivenFingerprints([_read(text) for text in texts], screenshots=_screenshots(len(texts)))
    theft = theft_days.read(request.form.get("vol"))
    said = SaidBesides(hints_of(theft.day), day_error=theft.error)
    with place_to_search():
        found = searches.by_fingerprints(database(), given.pictures, catalogue=catalogues().photos, hints=said.hints)
    return page_of(FlaskForm(), given=given, found=found, said=said)


def _screenshots(photos: int) -> list[NamedPhoto]:
    """The photos of which the browser has described only what a screenshot shows."""
    numbers = {str(number): number for number in range(1, photos + 1)}
    return [NamedPhoto(numbers[each], "") for each in request.form.getlist("captures") if each in numbers]


def _read(text: str) -> matching.Fingerprint:
    model = matching.browser_model()
    if model is None or request.form.get("modele") != model or len(text) != TEXT_LENGTH:
        raise FingerprintInvalid
    try:
        return matching.Fingerprint.from_bytes(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise FingerprintInvalid from error
