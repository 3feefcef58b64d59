"""What gunicorn reads by itself from the folder that it is started in; the command line has the last word."""

import logging
import sys
from typing import Any

from gunicorn import glogging

# Threads, so that whoever sends slowly or searches holds up nobody's page. More than `max_uploads_at_once` and
# `max_searches_at_once` together, for both sites of `make run`.
worker_class = "gthread"
threads = 24
# Of a process that no longer says that it lives; a thread may take as long as a slow telephone sends.
timeout = 60
graceful_timeout = 30
# Longer than the proxy keeps a connection that it does not use, which would else be closed under a request.
keepalive = 75
# What a request says of its scheme is believed through the setting `trusted_proxies` alone.
forwarded_allow_ips = ""
# No request, no address and no query is written down (docs/privacy.md): no access log, and errors without them.
accesslog = None
errorlog = "-"
control_socket_disable = True


def _without_the_request(record: logging.LogRecord) -> bool:
    text = str(record.msg)
    if text.startswith("Invalid request from ip="):
        record.msg, record.args = "Refused a request that is not HTTP", ()
    elif text.startswith("Error handling request"):
        record.msg, record.args = "Error handling a request", ()
    return True


logging.getLogger("gunicorn.error").addFilter(_without_the_request)


class logger_class(glogging.Logger):  # noqa: N801  a setting's name
    """Gunicorn's own lines, and those of the application, as `log_format` says."""

    def setup(self, cfg: Any) -> None:
        """Write one kind of lines from the first on."""
        super().setup(cfg)
        _write_as_set()


def _write_as_set() -> None:
    from gallery import logs
    from gallery.config import load_settings
    from gallery.errors import SettingInvalid

    try:
        log_format = load_settings((), make=False).log_format
    except SettingInvalid:
        # The application refuses it, and says so.
        return
    if log_format == "json":
        logs.begin(log_format)
        for handler in logging.getLogger("gunicorn.error").handlers:
            handler.setFormatter(logs.JsonLines())


def post_fork(_server: Any, _worker: Any) -> None:
    """Let a process that SIGHUP starts load the program as it is now, and not what the first process had loaded."""
    for name in [each for each in sys.modules if each.partition(".")[0] == "gallery"]:
        del sys.modules[name]


def post_worker_init(worker: Any) -> None:
    """Make ready what the first visitor would wait for; called in each process, once its application is loaded."""
    from gallery.web import warming

    _write_as_set()
    warming.begin(worker.wsgi)


def worker_exit(_server: Any, worker: Any) -> None:
    """Take back what a process alone could say of itself, in that process, unless it has not loaded its application."""
    from gallery.web import warming

    if application := getattr(worker, "wsgi", None):
        warming.end(application)
