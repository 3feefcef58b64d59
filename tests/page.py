"""A browser without a screen: every page that it fetches is checked for what all pages must be."""

from collections.abc import Sequence
from io import BytesIO

import bs4
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart


class Page:
    """A checked page. tree: its parsed HTML; answer: the response itself."""

    def __init__(self, answer: TestResponse) -> None:
        self.answer = answer
        # A space at which no line ends is a space to whoever reads.
        self.tree = bs4.BeautifulSoup(answer.text.replace("\u00a0", " "), "html.parser")
        self._check()

    @property
    def text(self) -> str:
        """What a person reads, on one line."""
        return " ".join(self.tree.get_text(" ").split())

    def one(self, selector: str) -> bs4.Tag:
        """The only element of this selector."""
        (element,) = self.tree.select(selector)
        return element

    def all(self, selector: str) -> list[bs4.Tag]:
        """Every element of this selector, in order."""
        return list(self.tree.select(selector))

    @property
    def token(self) -> str:
        """What a form of this page sends against forged requests."""
        return str(self.all("input[name=csrf_token]")[0]["value"])

    def _check(self) -> None:
        assert self.answer.mimetype == "text/html"
        # One walk: a selector asked for each field and image walks through the whole page each time.
        named: dict[str, list[bs4.Tag]] = {}
        for element in self.tree.find_all(True):
            named.setdefault(element.name, []).append(element)
            assert not _is_inline(element), "nothing inline"
        ((html,), (title,), (heading,), (_main,)) = (named[name] for name in ("html", "title", "h1", "main"))
        assert html["lang"] in ("fr", "en")
        assert title.get_text(strip=True).startswith(heading.get_text(strip=True)[:10])
        for element in (each for name in ("script", "link", "img", "iframe") for each in named.get(name, ())):
            _check_address(element)
        for image in named.get("img", ()):
            assert image.has_attr("alt")
            assert image.has_attr("width") == image.has_attr("height")
        for form in named.get("form", ()):
            assert form.get("method") != "post" or form.find("input", {"name": "csrf_token"}), "a form without token"
        labelled = {label.get("for") for label in named.get("label", ())}
        for field in (each for name in ("input", "select", "textarea") for each in named.get(name, ())):
            is_hidden = field.name == "input" and (field.get("type") == "hidden" or field.has_attr("hidden"))
            has_label = field.has_attr("aria-label") or field.get("id", "") in labelled
            assert is_hidden or has_label, f"no label: {field}"


def _is_inline(element: bs4.Tag) -> bool:
    is_script = element.name == "script" and "src" not in element.attrs and element.get("type") != "application/ld+json"
    return is_script or element.name == "style" or any(name in element.attrs for name in ("style", "onclick", "onload"))


def _check_address(element: bs4.Tag) -> None:
    if element.name == "link" and "stylesheet" not in element.get_attribute_list("rel"):
        return
    address = str(element.get("src") or element.get("href"))
    if element.has_attr("src") or element.name not in ("script", "img"):
        assert address.startswith(("/", "data:image/")), f"{address} is loaded from elsewhere"


class Browser:
    """Fetches pages and sends forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, address: str, *, status: int = 200) -> Page:
        """Open a page."""
        answer = self.client.get(address)
        assert answer.status_code == status, f"{address} answered {answer.status_code}"
        return Page(answer)

    def token_of(self, address: str) -> str:
        """What this browser's forms send: the token is its session's, so a page is opened for the first one only."""
        self._token = self._token or self.get(address).token
        return self._token

    def search(
        self,
        *photos: bytes | tuple[bytes, str],
        status: int = 200,
        category: str = "",
        words: str = "",
        departement: str = "",
        boxes: Sequence[str] = (),
    ) -> Page:
        """Send photos with the search form, each with the name of its file."""
        named = [photo if isinstance(photo, tuple) else (photo, "photo.jpg") for photo in photos]
        fields = [
            ("csrf_token", self.token_of("/recherche")),
            ("categorie", category),
            ("mots", words),
            ("departement", departement),
        ]
        fields += [("cadres", box) for box in boxes]
        files = [("photos", FileStorage(BytesIO(content), filename=name)) for content, name in named]
        # Encoded here, in memory: the client itself would put a large body into a temporary file.
        boundary, body = encode_multipart(MultiDict([*fields, *files]))
        content_type = f"multipart/form-data; boundary={boundary}"
        answer = self.client.post("/recherche", data=body, content_type=content_type)
        assert answer.status_code == status, f"the search answered {answer.status_code}"
        return Page(answer)
