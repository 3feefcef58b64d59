"""Somebody who claims an item on the public site, with a telephone and no script."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.page import Browser, Page

SAID = {
    "question-engraved": "J.R. 1962",
    "question-damaged": "une éraflure",
    "nom": "Jeanne Rougé-Lacourt",
    "telephone": "0655443322",
    "phrase": "les hortensias bleus",
    "accord": "oui",
}


class Claimant:
    """Somebody with a telephone and no script."""

    def __init__(self, client: FlaskClient, clock: Callable[[timedelta], None]) -> None:
        self.client, self.clock, self.browser = client, clock, Browser(client)

    def sends(
        self, address: str, *proofs: tuple[str, bytes], status: int = 200, page: Page | None = None, **said: str
    ) -> Page:
        """Fill in a form, on a page that was sent back or a new one, and send it a minute later."""
        page = page or self.browser.get(address)
        carried = page.all("input[name=photos-gardees], input[name=documents-gardes]")
        fields = [("csrf_token", page.token), ("debut", str(page.one("input[name=debut]")["value"])), *said.items()]
        fields += [(str(each["name"]), str(each["value"])) for each in carried]
        fields += [("preuves", FileStorage(BytesIO(data), filename=name)) for name, data in proofs]
        self.clock(timedelta(minutes=1))
        boundary, body = encode_multipart(MultiDict(fields))
        answer = self.client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")
        assert answer.status_code == status, answer.text[-3000:]
        return Page(answer) if status != 303 else self.browser.get(answer.location)

    def claims(self, number: str, *proofs: tuple[str, bytes], status: int = 200, **changed: str) -> Page:
        """Say that an item is theirs."""
        return self.sends(f"/objets/{number}/est-a-moi", *proofs, status=status, **(SAID | changed))

    def sees(self, *said: str, without: str) -> None:
        """Look at where it stands."""
        text = self.browser.get("/ma-declaration").text
        assert [each in text for each in (*said, without)] == [True] * len(said) + [False], text

    def opens(self, code: str) -> Page:
        """Type a code."""
        token = self.browser.get("/ma-declaration").token
        answer = self.client.post("/ma-declaration/ouvrir", data={"csrf_token": token, "code": code})
        assert answer.status_code == 303, answer.text[-2000:]
        return self.browser.get("/ma-declaration")
