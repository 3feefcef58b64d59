"""An officer's browser without a screen: fetches checked pages, sends forms with their token."""

from io import BytesIO
from typing import Any

from werkzeug.test import TestResponse

from gallery.models import Item
from gallery.services.albums.export_work import ExportMaker
from gallery.web.resources import resources_of
from tests.page import Browser, Page

JSON = {"Accept": "application/json"}
# What an officer says before anything is published.
VOUCHED = {"verifie": "oui", "foves-par": "Adjudante Morvan", "foves-le": "2026-11-20"}


class Desk(Browser):
    """The back office as one officer sees it."""

    def send(self, address: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form, and return the answer as it is."""
        return self.client.post(address, data={"csrf_token": self.token_of("/affaires")} | (data or {}), **options)

    def do(self, address: str, data: dict[str, Any] | None = None) -> Page:
        """Send a form, and open the page that it leads to, unless a page answers it that shows what was written."""
        answer = self.send(address, data)
        if answer.status_code == 200:
            return Page(answer)
        assert answer.status_code == 302, answer.text
        return self.get(answer.headers["Location"])

    def fill(self, address: str, changes: dict[str, Any]) -> TestResponse:
        """Open a form, change some of its fields, send it."""
        return self.client.post(address, data=filled(self.get(address)) | changes)

    def download(self, form: dict[str, Any]) -> TestResponse:
        """Ask for the file of a preview's album, let the worker make it, fetch it; a refusal comes back as it is."""
        answer = self.client.post("/albums/telecharger", data=form)
        if answer.status_code != 302:
            return answer
        self.make_exports()
        return self.client.get(f"{answer.headers['Location']}/fichier")

    def make_exports(self) -> None:
        """Do what the worker does with the albums that were asked for."""
        maker = ExportMaker(resources_of(self.client.application))
        while maker.advance():
            pass

    def add_photos(self, number: str, *photos: bytes | tuple[bytes, str]) -> Page:
        """Add photos with the plain form, each with the name of its file."""
        return self.do(f"/objets/{number}/photos", {"photos": files(*photos)})

    def add_photo_by_script(self, number: str, photo: bytes, name: str = "photo.jpg") -> TestResponse:
        """Add one photo as the script does."""
        return self.send(f"/objets/{number}/photos", {"photos": files((photo, name))}, headers=JSON)


def act(desk: Desk, what: str, *items: Item, **more: str) -> Page:
    """Do it as the page's buttons do, the questions before withdrawing and publishing answered."""
    form = {"acte": what, "objets": [each.public_number for each in items], "confirme": "oui"} | VOUCHED
    return desk.do("/objets", form | more)


def files(*photos: bytes | tuple[bytes, str]) -> list[tuple[BytesIO, str]]:
    """What a field of files sends."""
    named = [photo if isinstance(photo, tuple) else (photo, "photo.jpg") for photo in photos]
    return [(BytesIO(content), name) for content, name in named]


def filled(page: Page) -> dict[str, Any]:
    """What the page's main form would send, untouched; a draft that is offered is another form."""
    (form,) = page.all("main form[method=post]:not([action$='/saisies/oublier'])")
    values: dict[str, Any] = {}
    for field in form.select("input, textarea"):
        if field.get("type") == "checkbox":
            if field.has_attr("checked"):
                values.setdefault(str(field["name"]), []).append(str(field["value"]))
        elif field.get("name"):
            text = field.get_text() if field.name == "textarea" else field.get("value")
            values[str(field["name"])] = str(text or "").removeprefix("\r\n")
    for select in form.select("select"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        values[str(select["name"])] = str(chosen["value"]) if chosen else ""
    return values
