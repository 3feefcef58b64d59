"""Makes units, officers, cases, items and photos through the services, with values that a test need not care about."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy.orm import Session, sessionmaker

from gallery import create_app, imaging, matching
from gallery.config import Settings, Site
from gallery.models import Case, Item, ItemPhoto, Network, Officer, OfficerRole, Posting, Unit, UnitKind
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.albums import compose, package, postings
from gallery.services.albums.compose import Surroundings
from gallery.services.cases import CaseSecrets, TheftWindow
from gallery.services.gallery import public_items
from gallery.services.items import categories, items, photos, publication, renditions, signatures
from gallery.services.items.items import ItemDescription, ItemSecrets, WrittenItem
from gallery.services.items.renditions import PreparedPhoto
from gallery.services.people import units
from gallery.services.resources import Resources
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore, original_key
from tests import pictures

PASSWORD = "le-cheval-de-Rennes-trotte"
PASSWORD_SALT = "a salt of the tests, the same in every one of them"
# What a production machine is given at least; the tests' database may be SQLite.
PRODUCTION = {
    "GALLERY_PRODUCTION": "yes",
    "GALLERY_PUBLIC_ADDRESS": "https://objets.example",
    "GALLERY_ONE_MACHINE_TRUSTED_WITH_EVERYTHING": "yes",
}
# What `flask import --publish` is told of its photos.
VOUCHED = ("--vouched", "--foves-by", "Adjudante Morvan", "--foves-on", "2026-07-01")
AUTHORISED = CaseSecrets(case_number="12345/2026", authorised_by="Mme la procureure", authorised_on="2026-10-01")
WINDOW = TheftWindow(date(2026, 3, 1), date(2026, 6, 27))


_hashes: dict[str, str] = {}
_signatures: dict[tuple[signatures.DuePhoto, str], signatures.MadeSignature] = {}


def password_hash(settings: Settings) -> str:
    """PASSWORD as accounts keep it; argon2 is slow on purpose, so once for all tests."""
    if settings.password_salt not in _hashes:
        with create_app(settings, {Site.BACKOFFICE}).app_context():
            _hashes[settings.password_salt] = hash_password(PASSWORD)
    return _hashes[settings.password_salt]


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in form as a browser does."""
    (token,) = set(re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/connexion").text))
    answer = client.post("/connexion", data={"email": email, "password": password, "csrf_token": token})
    assert answer.status_code == 302, "the sign-in form came back"


@cache
def _drawn(seed: int) -> bytes:
    return pictures.jpeg(pictures.picture(seed))


@lru_cache(maxsize=128)
def _prepared(data: bytes, limits: imaging.Limits) -> tuple[PreparedPhoto, list[tuple[str, bytes]]]:
    """A photo and its files by key, made once in a process for all tests that show the same picture."""
    kept = PhotoStore("memory:")
    prepared = renditions.prepare_decoded(data, imaging.decode(data, limits), private=kept)
    keys = [original_key(prepared.original_sha256), *renditions.keys_of(prepared)]
    return prepared, [(key, kept.get(key)) for key in keys]


class Factory:
    """Everything is committed, as it would be by a request."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        private: PhotoStore,
        public: PhotoStore,
        sealer: Sealer,
        now: datetime,
    ) -> None:
        self.session, self.settings, self.sealer, self.now = session, settings, sealer, now
        self.private, self.public = private, public
        self._seed = 0

    def resources(
        self,
        sessions: sessionmaker[Session],
        *,
        now: Callable[[], datetime] | None = None,
        private: PhotoStore | None = None,
    ) -> Resources:
        """What a worker of this installation is given."""
        return Resources(
            settings=self.settings,
            sessions=sessions,
            public=self.public,
            private_store=private or self.private,
            sealer=self.sealer,
            now=now or (lambda: self.now),
        )

    @property
    def given(self) -> Resources:
        """What a request or a command of this installation is given, with this factory's clock."""
        return self.resources(sessionmaker(self.session.get_bind()))

    def at(self, moment: datetime) -> Resources:
        """These resources at another moment, at which the clock stands still."""
        return replace(self.given, now=lambda: moment)

    def unit(self, code: str = "GGD35", name: str = "Groupement de gendarmerie", *, departement: str = "35") -> Unit:
        with atomic(self.session):
            written = units.WrittenUnit(
                name=name,
                kind=UnitKind.GENDARMERIE,
                public_phone="02 61 91 00 35",
                public_email=f"objets@{code.lower()}.example",
            )
            new = units.NewUnit(code, departement, written)
            return units.create_unit(self.session, new, by=None, now=self.now)

    def officer(self, unit: Unit, email: str, role: OfficerRole = OfficerRole.AGENT) -> Officer:
        with atomic(self.session):
            return units.create_officer(
                self.session,
                units.NewOfficer(unit=unit, email=email, name="Camille Le Goff", role=role),
                password_hash=password_hash(self.settings),
                by=None,
                now=self.now,
            )

    def case(self, unit: Unit, secret: CaseSecrets = AUTHORISED, window: TheftWindow = WINDOW) -> Case:
        with atomic(self.session):
            written = cases.WrittenCase(window=window, secret=secret)
            return cases.create(self.session, self.given, unit, written, by=None)

    def item(
        self,
        case: Case,
        *,
        category: str = "jewellery",
        secret: ItemSecrets | None = None,
        with_photos: int = 0,
        **description: Any,
    ) -> Item:
        """A draft of this case's unit."""
        with atomic(self.session):
            words = replace(ItemDescription(title="Bague en or"), **description)
            written = WrittenItem(case, categories.get_by_code(self.session, category), words, secret or ItemSecrets())
            item = items.create(self.session, self.given, written, by=None)
        for _ in range(with_photos):
            self.photo(item)
        return item

    def photo(self, item: Item, data: bytes | None = None) -> ItemPhoto:
        """A photo of this item, with its signature; a drawing that no other photo shows when no bytes are given."""
        self._seed += 1
        data = data or _drawn(self._seed)
        prepared, files = _prepared(data, renditions.limits_of(self.settings))
        for key, content in files:
            self.private.put(key, content)
        with atomic(self.session):
            photo = photos.add_to_item(self.session, item, prepared, by=None, now=self.now)
        self.describe()
        return photo

    def describe(self) -> None:
        """Do what the worker does."""
        with atomic(self.session):
            due = signatures.take_due(self.session, limit=100, lease=timedelta(minutes=1), now=self.now)
        for each in due:
            made = self._described(each)
            with atomic(self.session):
                signatures.keep(self.session, made, now=self.now)

    def _described(self, due: signatures.DuePhoto) -> signatures.MadeSignature:
        """Its signature, made once in a process for all tests that describe the same picture."""
        key = (replace(due, photo_id=0), matching.current_version())
        if key not in _signatures:
            _signatures[key] = signatures.make(due, settings=self.settings, private=self.private)
        return replace(_signatures[key], due=due)

    def publish(self, item: Item) -> Item:
        with atomic(self.session):
            publication.publish(self.session, self.given, item, by=None)
        return item

    def published(self, case: Case, *photo_data: bytes, **fields: Any) -> Item:
        """A published item with these photos, or with one drawn for it."""
        item = self.item(case, **fields)
        for data in photo_data or (None,):
            self.photo(item, data)
        return self.publish(item)

    def package(self, item: Item) -> dict[str, bytes]:
        """The files of an album of a published item, signed with a key that the public site shows."""
        records = [public_items.get(self.session, item.public_number)]
        album = package.album_of(records, Surroundings("https://objets.example.fr", "Rennes", lambda first, last: ""))
        digests = compose.photo_digests(self.session, [item.public_number])
        made = package.entries(self.given, album, Network.FACEBOOK, digests, made_at=self.now)
        return {entry.path: entry.content for entry in made if isinstance(entry.content, bytes)}

    def posting(self, *items: Item, address: str = "", network: Network = Network.FACEBOOK) -> Posting:
        """An album of these items of one unit, which an officer says was put at this address."""
        numbers = [item.public_number for item in items]
        with atomic(self.session):
            made = postings.record(
                self.session,
                items[0].unit,
                postings.ExportedAlbum(numbers=numbers, network=network, title="Vitré"),
                by=None,
                now=self.now,
            )
            postings.set_address(made, address)
        return made
