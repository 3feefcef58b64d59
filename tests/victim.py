"""Somebody who declares a theft on the public site, with a telephone and no script."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from tests.page import Browser, Page

# What an operator writes down before victims may declare, claim, and be told.
DECLARATIONS, CLAIMS, ALERTS = (
    {f"{name}_legal_act": act, f"{name}_impact_assessment": "2026-11-29"}
    for name, act in (("declarations", "PLAN-1"), ("claims", "PLAN-2"), ("alerts", "PLAN-3"))
)
SAID = {
    "vol-du": "2025-03-01",
    "departement": "35",
    "commune": "Rennes",
    "objet-1-mots": "bague en or",
    "objet-2-mots": "vélo bleu",
    "objet-2-categorie": "bicycles",
    "nom": "Jeanne Rougé-Lacourt",
    "telephone": "0655443322",
    "aidant-nom": "Anne",
    "aidant-courriel": "anne@victime.example",
    "phrase": "les hortensias bleus",
    "duree": "12",
    "accord": "oui",
}


class Victim:
    """Somebody with a telephone and no script."""

    def __init__(self, client: FlaskClient, clock: Callable[[timedelta], None]) -> None:
        self.client, self.clock, self.browser = client, clock, Browser(client)

    def declares(self, *photos: bytes, status: int = 200, page: Page | None = None, **changed: str | list[str]) -> Page:
        """Fill in the form, on a page that was sent back or a new one, and send it a minute later."""
        page = page or self.browser.get("/declarer")
        hidden = {name: str(page.one(f"input[name={name}]")["value"]) for name in ("debut",)}
        fields = [("csrf_token", page.token)]
        for name, said in (SAID | hidden | changed).items():
            fields += [(name, each) for each in ([said] if isinstance(said, str) else said)]
        fields += [(str(each["name"]), str(each["value"])) for each in page.all("input[name$=gardees]")]
        files = [("objet-1-photos", FileStorage(BytesIO(photo), filename="bague.jpg")) for photo in photos]
        self.clock(timedelta(minutes=1))
        boundary, body = encode_multipart(MultiDict([*fields, *files]))
        kind = f"multipart/form-data; boundary={boundary}"
        answer = self.client.post("/declarer", data=body, content_type=kind)
        assert answer.status_code == status, answer.text[-2000:]
        return Page(answer)

    def adds(self, *photos: bytes, status: int = 303, **fields: str) -> TestResponse:
        """Fill in the form that adds an object or photos."""
        token = self.browser.get("/ma-declaration/ajouter").token
        files = [("objet-1-photos", FileStorage(BytesIO(photo), filename="bague.jpg")) for photo in photos]
        boundary, body = encode_multipart(MultiDict([("csrf_token", token), *fields.items(), *files]))
        kind = f"multipart/form-data; boundary={boundary}"
        answer = self.client.post("/ma-declaration/ajouter", data=body, content_type=kind)
        assert answer.status_code == status, answer.text[-2000:]
        return answer

    def sends(self, address: str, *, status: int, **fields: str) -> TestResponse:
        """Send a small form."""
        token = self.browser.get("/recherche").token
        answer = self.client.post(address, data={"csrf_token": token, **fields})
        assert answer.status_code == status, answer.text[-2000:]
        return answer

    def opens(self, code: str, *, status: int = 303) -> TestResponse:
        """Type a code."""
        return self.sends("/ma-declaration/ouvrir", status=status, code=code)


def code_of(page: Page) -> str:
    return " ".join(each.get_text() for each in page.all(".code-words li"))
