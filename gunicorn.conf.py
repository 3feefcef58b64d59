"""What gunicorn reads by itself from the folder that it is started in."""

from typing import Any

# What a request says of its scheme is believed through the setting `trusted_proxies` alone.
forwarded_allow_ips = ""


def post_worker_init(worker: Any) -> None:
    """Make ready what the first visitor would wait for; called in each process, once its application is loaded."""
    from gallery.web import warming

    warming.begin(worker.wsgi)
