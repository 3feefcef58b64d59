"""How the bytes of a public picture reach the browser once they are allowed: by the program, nginx or the store."""

from datetime import timedelta
from urllib.parse import quote

from flask import Response, redirect

from gallery.web.public.kept import SENT_BY_PROXY
from gallery.web.resources import resources

# A location of nginx that nobody outside can ask for (deploy/nginx.conf).
NGINX_LOCATION = "/photos-autorisees/"
SIGNED_FOR = timedelta(minutes=1)
MEDIA_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


def picture(key: str) -> Response:
    """The picture of a key of the public store, or where the browser or nginx finds it; raise FileAbsent."""
    way = resources().settings.picture_delivery
    if way == "signed":
        return _signed(key)
    media_type = MEDIA_TYPES[key.rpartition(".")[2]]
    if way == "nginx":
        return Response(mimetype=media_type, headers={SENT_BY_PROXY: NGINX_LOCATION + quote(key)})
    return Response(resources().public.get(key), mimetype=media_type)


def _signed(key: str) -> Response:
    address = resources().public.signed_address(key, lasts=SIGNED_FOR)
    answer = redirect(address, 302)
    # For half of the address's life: one that is kept for longer would lead to a refusal.
    answer.headers["Cache-Control"] = f"private, max-age={int(SIGNED_FOR.total_seconds()) // 2}"
    return answer  # type: ignore[return-value]
