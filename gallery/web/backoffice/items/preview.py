"""An item as the public sees it: its public page, with pictures from the back office and links that lead nowhere."""

from functools import lru_cache
from typing import Any

from flask import current_app, url_for
from jinja2 import Environment

from gallery.models import ItemStatus
from gallery.services.gallery import public_items
from gallery.services.items import items, publication
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database, now, resources

PUBLIC = "public."
# Where a link of the public site leads within the preview.
NOWHERE = "#contenu"


def preview(number: str) -> str:
    """The item as the public sees it, or would see it: made of its public record alone."""
    item = items.get_editable(database(), number, by=current_officer())
    values: dict[str, Any] = {
        "item": public_items.preview(database(), item, now=now()),
        "is_public": item.status is ItemStatus.PUBLISHED,
        "obstacles": publication.obstacles(database(), item, sealer=resources().sealer),
        "share_links": [],
        "similar": [],
        "structured_data": {},
    }
    current_app.update_template_context(values)
    return _environment(current_app.jinja_env).get_template("backoffice/item_preview.html").render(values)


@lru_cache(maxsize=1)
def _environment(templates: Environment) -> Environment:
    """The templates as they are, with other addresses, also for the macros that know nothing of this page.

    Kept with what it has compiled.
    """
    there = templates.overlay()
    there.globals = {**templates.globals, "url_for": _address, "installable": False}
    return there


def _address(endpoint: str, **values: Any) -> str:
    if endpoint == f"{PUBLIC}photo":
        return url_for("backoffice.rendition", **values)
    return NOWHERE if endpoint.startswith(PUBLIC) else url_for(endpoint, **values)
