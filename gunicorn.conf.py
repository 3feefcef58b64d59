"""What gunicorn reads by itself from the folder that it is started in."""

from typing import Any


def post_worker_init(worker: Any) -> None:
    """Make ready what the first visitor would wait for; called in each process, once its application is loaded."""
    from gallery.web import warming

    warming.begin(worker.wsgi)
