import json
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy.orm import Session, sessionmaker

from gallery import imaging
from gallery.errors import ManifestInvalid
from gallery.models import Item, Officer, Unit
from gallery.services.albums import compose, verification
from gallery.services.albums.compose import Surroundings
from gallery.services.albums.verification import Authenticity, ManifestCheck, Verification
from gallery.services.gallery import public_items
from gallery.services.items import photos, publication, renditions
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.transaction import atomic
from gallery.sharing import files_of, qr
from gallery.sharing import pictures as album_pictures
from gallery.sharing.addresses import scanned
from gallery.sharing.authenticity.manifest import Finding
from gallery.storage import PhotoStore
from tests import pictures
from tests.factories import Factory
from tests.unit.sharing.drawn import SITE, recompressed

RING = pictures.picture(1, kind="ring")
OTHER = pictures.picture(2, kind="ring")
AGAIN = pictures.recompressed(RING, quality=40)


class Doubter:
    """Someone who has seen a post and asks."""

    def __init__(self, make: Factory, catalogue: MemoryCatalogue, former: MemoryCatalogue) -> None:
        self.make, self.catalogue, self.former = make, catalogue, former

    def gives(self, image: Image.Image) -> Verification:
        picture = imaging.decode(pictures.jpeg(image), renditions.limits_of(self.make.settings))
        ours = verification.OurPhotos(self.catalogue, self.former, self.make.public, SITE)
        return verification.of_picture(self.make.session, picture, ours)

    def gets(self, image: Image.Image) -> Authenticity:
        return self.gives(image).authenticity


@pytest.fixture
def doubter(make: Factory, sessions: sessionmaker[Session]) -> Doubter:
    return Doubter(make, MemoryCatalogue(sessions), MemoryCatalogue(sessions, scope=Scope.FORMER))


@pytest.fixture
def ring(make: Factory, unit: Unit) -> Item:
    """A published ring, among other things."""
    case = make.case(unit)
    make.published(case, pictures.jpeg(OTHER))
    return make.published(case, pictures.jpeg(RING), title="Bague en or")


def shared(make: Factory, item: Item) -> Image.Image:
    """The picture of this item as an album has it."""
    record = public_items.get(make.session, item.public_number)
    album = compose.compose([record], Surroundings(SITE, "Rennes", lambda first, last: ""))
    read = compose.photo_reader(make.session, [record], public=make.public)
    [file] = files_of(album, max_in_folder=10)
    return Image.open(BytesIO(album_pictures.photo_file(album, file, read)))


def under(image: Image.Image, text: str) -> Image.Image:
    """The image above a code that says this."""
    code = qr.drawn(text, module_pixels=6)
    whole = Image.new("RGB", (max(image.width, code.width), image.height + code.height), "white")
    whole.paste(image, (0, 0))
    whole.paste(code, (0, image.height))
    return whole


def withdraw(make: Factory, item: Item) -> None:
    with atomic(make.session):
        publication.withdraw(make.session, item, by=None, now=make.now)


def test_a_copy_is_ours_and_says_whose(ring: Item, doubter: Doubter) -> None:
    found = doubter.gives(AGAIN)
    assert found.authenticity is Authenticity.OURS
    assert found.item is not None
    assert found.item.public_number == ring.public_number
    assert found.photo == found.item.cover


def test_a_shared_picture_is_ours_after_recompression(ring: Item, make: Factory, doubter: Doubter) -> None:
    found = doubter.gives(recompressed(shared(make, ring)))
    assert found.authenticity is Authenticity.OURS
    assert found.code is not None
    assert not found.is_contradicted


def test_a_changed_copy_is_altered(ring: Item, doubter: Doubter) -> None:
    altered = RING.copy()
    altered.paste(pictures.picture(6).resize((160, 120)), (240, 180))
    found = doubter.gives(altered)
    assert found.authenticity is Authenticity.ALTERED
    assert found.copy is not None
    assert found.copy.changed


def test_a_mirrored_copy_is_altered(ring: Item, doubter: Doubter) -> None:
    assert doubter.gets(pictures.mirrored(RING)) is Authenticity.ALTERED


def test_another_picture_is_not_ours(ring: Item, doubter: Doubter) -> None:
    assert doubter.gets(pictures.picture(3, kind="ring")) is Authenticity.NOT_OURS


def test_an_empty_gallery_answers(make: Factory, doubter: Doubter) -> None:
    assert doubter.gets(AGAIN) is Authenticity.NOT_OURS


def test_our_code_under_another_picture_does_not_make_it_ours(ring: Item, doubter: Doubter) -> None:
    found = doubter.gives(under(pictures.picture(5), scanned(SITE, ring.public_number)))
    assert found.authenticity is Authenticity.NOT_OURS
    assert found.is_contradicted
    assert found.code is not None
    assert found.code.item is not None
    assert found.code.item.public_number == ring.public_number


def test_a_foreign_code_under_our_picture_is_told(ring: Item, doubter: Doubter) -> None:
    found = doubter.gives(under(RING, "https://evil.example/o/" + ring.public_number))
    assert found.is_contradicted
    assert found.code is not None
    assert (found.code.number, found.code.authenticity) == ("", Authenticity.NOT_OURS)


@pytest.mark.parametrize("state", ["draft", "private", "private, withdrawn since", "added since withdrawn"])
def test_what_never_was_public_is_not_known(state: str, make: Factory, unit: Unit, doubter: Doubter) -> None:
    case = make.case(unit)
    item = make.item(case) if state == "draft" else make.published(case, pictures.jpeg(OTHER))
    if state == "added since withdrawn":
        withdraw(make, item)
    photo = make.photo(item, pictures.jpeg(RING))
    if state == "private, withdrawn since":
        withdraw(make, item)
    assert (photo.is_private, photo.shown_at) == (state.startswith("private"), None)
    assert doubter.gets(AGAIN) is Authenticity.NOT_OURS


def test_what_was_withdrawn_is_no_longer_public_and_nothing_else_is_told(
    ring: Item, make: Factory, doubter: Doubter
) -> None:
    withdraw(make, ring)
    assert doubter.gives(AGAIN) == Verification(Authenticity.NO_LONGER_PUBLIC)
    assert doubter.gets(pictures.cropped(AGAIN, 0.7)) is Authenticity.NO_LONGER_PUBLIC
    assert doubter.gets(pictures.mirrored(AGAIN)) is Authenticity.NO_LONGER_PUBLIC
    assert doubter.gets(OTHER) is Authenticity.OURS
    assert doubter.gets(pictures.picture(3, kind="ring")) is Authenticity.NOT_OURS


def test_a_photo_that_was_shown_and_then_hidden_is_not_known(
    ring: Item, make: Factory, officer: Officer, doubter: Doubter
) -> None:
    make.photo(ring, pictures.jpeg(pictures.picture(4)))
    with atomic(make.session):
        for photo, is_private in zip(ring.photos[::-1], (False, True), strict=True):
            photos.set_private(make.session, make.given, photo, is_private=is_private, by=officer)
    assert [photo.shown_at for photo in ring.photos] == [make.now, make.now]
    assert doubter.gets(AGAIN) is Authenticity.NOT_OURS
    withdraw(make, ring)
    assert doubter.gets(AGAIN) is Authenticity.NOT_OURS


def test_a_photo_whose_file_is_gone_is_not_known(ring: Item, make: Factory, doubter: Doubter) -> None:
    make.public.delete([key for photo in ring.photos for key in renditions.keys_of(photo)])
    assert doubter.gets(AGAIN) is Authenticity.NOT_OURS


def test_no_transaction_is_open_while_pictures_are_compared(ring: Item, make: Factory, doubter: Doubter) -> None:
    class Watched(PhotoStore):
        def get(self, key: str) -> bytes:
            were_open.append(make.session.in_transaction())
            return super().get(key)

    were_open: list[bool] = []
    make.public = Watched(make.settings.public_store_address)
    assert doubter.gets(AGAIN) is Authenticity.OURS
    assert were_open
    assert not any(were_open)


def test_a_number_of_ours_is_known_however_it_is_written(ring: Item, make: Factory) -> None:
    number = ring.public_number
    host = SITE.removeprefix("https://")
    for typed in (
        number.lower().replace("-", " "), f"N° {number}", f"Objet n°{number}", number.replace("-", "–"),
        number.replace("-", "\u2011"), f"{SITE}/objets/{number}", f"{host}/o/{number.lower()}",
        f"{SITE}/o/{number}/?x=1",
    ):  # fmt: skip
        found = verification.of_number(make.session, typed, site_address=SITE)
        assert found.item is not None, typed


def test_a_number_that_was_withdrawn_is_no_longer_public(ring: Item, make: Factory) -> None:
    withdraw(make, ring)
    found = verification.of_number(make.session, ring.public_number, site_address=SITE)
    assert (found.authenticity, found.item) == (Authenticity.NO_LONGER_PUBLIC, None)


def test_a_draft_is_not_known_by_its_number(make: Factory, unit: Unit) -> None:
    draft = make.item(make.case(unit), with_photos=1)
    found = verification.of_number(make.session, draft.public_number, site_address=SITE)
    assert found.authenticity is Authenticity.NOT_OURS


@pytest.mark.parametrize("typed", ["", "35-AAAA-A", "n’importe quoi", "'; --", "https://evil.example/o/35-AAAA-A"])
def test_what_is_no_number_is_told_so(typed: str, make: Factory) -> None:
    found = verification.of_number(make.session, typed, site_address=SITE)
    assert found.authenticity is Authenticity.NOT_A_NUMBER


@pytest.mark.parametrize("text", [SITE, f"{SITE}/albums/abcdefghjk", f"{SITE.upper()}/comptes-officiels"])
def test_a_code_of_another_page_of_ours_contradicts_nothing(text: str, make: Factory) -> None:
    code = verification.of_code(make.session, text, site_address=SITE)
    assert code.is_other_page
    assert not Verification(Authenticity.NOT_OURS, code=code).is_contradicted


@pytest.mark.parametrize("text", [f"{SITE}.evil.example/o/35-AAAA-A", f"https://evil.example/?{SITE}", "javascript:1"])
def test_a_code_that_leads_elsewhere_is_told(text: str, make: Factory) -> None:
    assert verification.of_code(make.session, text, site_address=SITE).leads_elsewhere


@pytest.fixture
def package(ring: Item, make: Factory) -> dict[str, bytes]:
    return make.package(ring)


def check(make: Factory, package: dict[str, bytes], file: bytes) -> ManifestCheck:
    return verification.in_manifest(
        imaging.decode(file, renditions.limits_of(make.settings)),
        file,
        signed=package["manifest.json"],
        signature=package["manifest.sig"],
        public=make.public,
    )


def photo_in(package: dict[str, bytes]) -> bytes:
    return next(data for path, data in package.items() if path.startswith("photos/"))


def test_a_manifest_of_ours_knows_its_picture(make: Factory, unit: Unit, package: dict[str, bytes]) -> None:
    found = check(make, package, photo_in(package))
    assert (found.finding, found.manifest.owner) == (Finding.IDENTICAL, unit.name)


def test_a_manifest_does_not_know_another_picture(make: Factory, package: dict[str, bytes]) -> None:
    found = check(make, package, pictures.jpeg(pictures.picture(8)))
    assert (found.finding, found.line) == (Finding.UNKNOWN, None)


@pytest.mark.parametrize("stored", ["turned, upright by its metadata", "LAB"])
def test_a_manifest_knows_a_picture_however_it_is_stored(make: Factory, package: dict[str, bytes], stored: str) -> None:
    shown = Image.open(BytesIO(photo_in(package)))
    if stored == "LAB":
        file = pictures.encoded(shown.convert("LAB"), "TIFF")
    else:
        turned = shown.transpose(Image.Transpose.ROTATE_90)
        file = pictures.jpeg(turned, exif=pictures.exif_with(b"x", orientation=6))
    assert check(make, package, file).finding is Finding.RESEMBLING


def test_a_changed_manifest_is_not_ours(make: Factory, package: dict[str, bytes]) -> None:
    forged = json.dumps(json.loads(package["manifest.json"]) | {"owner": "Moi"}).encode()
    with pytest.raises(ManifestInvalid):
        check(make, package | {"manifest.json": forged}, photo_in(package))
