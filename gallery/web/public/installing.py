"""The public site on a telephone: its manifest, the photos shared with it, and the page without a network."""

from flask import Response, render_template, url_for
from flask_babel import gettext

from gallery.web import installed
from gallery.web.resources import resources


def offline() -> str:
    """What an installed site shows without a network. Browsers keep it: nothing personal is in it."""
    return render_template("public/offline.html")


OFFLINE = installed.OfflinePage(
    "public.offline",
    offline,
    styles=("theme.css", "public/public.css"),
    shared="public.shared_photos",
    opened="public.search",
)


def short_name() -> str:
    """What a telephone calls the site, under its icon and where a photo is shared."""
    name = resources().settings.site_name
    return name[:12] if " " not in name[:12] else name.split()[0][:12]


def manifest() -> Response:
    """What a telephone that installs the site asks for."""
    name = resources().settings.site_name
    photos = [{"name": "photos", "accept": ["image/*", ".heic", ".heif"]}]
    return installed.manifest(
        {
            "name": name,
            "short_name": short_name(),
            "description": gettext("Chercher par photo un objet volé parmi les objets retrouvés."),
            "start_url": url_for("public.home"),
            "shortcuts": [{"name": gettext("Chercher par photo"), "url": url_for("public.search")}],
            "share_target": {
                "action": url_for("public.shared_photos"),
                "method": "POST",
                "enctype": "multipart/form-data",
                "params": {"files": photos},
            },
        }
    )


def service_worker() -> Response:
    """What answers in the telephone when there is no network, and hands shared photos to the search."""
    return installed.service_worker(OFFLINE)
