"""Attempts to sign in: which have to wait, and which browsers are spared what is tried from elsewhere.

A wrong password makes the next attempt on that account wait, longer each time, whoever makes it; nobody is locked out.
A browser in which the officer has signed in before counts for itself: failures made elsewhere do not make it wait.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import Response, current_app, g, request, session
from itsdangerous import BadData, URLSafeSerializer

from gallery.errors import AddressInvalid, TooManyAttempts
from gallery.extensions import visitor
from gallery.models import Officer
from gallery.services import audit
from gallery.services.people import addresses, delays, officers
from gallery.services.transaction import atomic
from gallery.web import cookies
from gallery.web.backoffice.account import open_sessions
from gallery.web.resources import database, now

# Attempts that need not wait: of one account, and from one network, where many officers sign in.
FREE, FREE_OF_NETWORK = 5, 30
# A ministry behind one address mistypes passwords all day long: no day passes without.
NETWORK_EASED = timedelta(minutes=5)
SIGN_IN = "security.login"
CODES = ("security.two_factor_token_validation", "security.mf_recovery")
BROWSER_COOKIE, HALF_A_YEAR, MAX_OFFICERS = "navigateur", 183 * 24 * 3600, 12


def begin() -> None:
    """Count the attempt that this request is; raise TooManyAttempts when it comes too early."""
    counts = _counts()
    try:
        with atomic(database()) as writing:
            for name, free in counts:
                eased = NETWORK_EASED if _is_network(name) else None
                delays.take(writing, _digest(name), free=free, now=now(), eased=eased)
    except TooManyAttempts:
        with atomic(database()) as writing:
            audit.tally(writing, None, "made_to_wait", officer_tried(), now=now())
        raise
    g.attempt = [name for name, _free in counts]


def succeeded() -> None:
    """Forget the attempts of the account that this request has just proved to be its own."""
    names = g.pop("attempt", [])
    if not names:
        return
    with atomic(database()) as writing:
        for name in names:
            if _is_network(name):
                delays.give_back(writing, _digest(name), now=now())
            else:
                delays.forgive(writing, _digest(name))


def failed(what: str) -> None:
    """Put a failure into the journal of the account; those on no account are only counted. what: the act's name."""
    g.attempt_failed = True
    with atomic(database()) as writing:
        audit.tally(writing, None, what, officer_tried(), now=now())


def has_failed() -> bool:
    """Whether something that was wrong has been tried in this request."""
    return bool(g.get("attempt_failed"))


def officer_tried() -> Officer | None:
    """The officer whose account this request tries to open, if there is one."""
    if request.endpoint == SIGN_IN:
        address = _address_tried()
        return addresses.find_officer(database(), address) if address else None
    if request.endpoint in CODES:
        return officers.find_by_session(database(), str(session.get("tf_user_id", "")))
    return open_sessions.officer_here()


def is_known_browser() -> bool:
    """Whether the officer of this attempt has signed in with this browser before."""
    officer = officer_tried()
    return officer is not None and officer.public_id in _known_here()


def remember_browser(response: Response, officer: Officer) -> None:
    """Let this browser be known as one in which the officer has signed in."""
    known = _known_here()
    known[officer.public_id] = known.pop(officer.public_id, "") or secrets.token_urlsafe(12)
    last = dict(list(known.items())[-MAX_OFFICERS:])
    cookies.keep(response, BROWSER_COOKIE, str(_serializer().dumps(last)), max_age=HALF_A_YEAR)


def _counts() -> list[tuple[str, int]]:
    """Under which names this attempt counts, and how many of each need not wait."""
    officer = officer_tried()
    stage = "code" if request.endpoint in CODES else "password"
    known = _known_here().get(officer.public_id) if officer else None
    if known:
        return [(f"browser {stage} {known}", FREE)]
    if request.endpoint != SIGN_IN and request.endpoint not in CODES:
        return [(f"session {open_sessions.token()}", FREE)]
    tried = officer.public_id if officer else _address_tried()
    of_network = (f"network {visitor()}", FREE_OF_NETWORK)
    # What is no address would else count as one account, for the whole country.
    return [(f"account {stage} {tried}", FREE), of_network] if tried else [of_network]


def _is_network(name: str) -> bool:
    return name.startswith("network")


def _address_tried() -> str:
    try:
        return addresses.normalised(request.form.get("email", ""))
    except AddressInvalid:
        return ""


def _known_here() -> dict[str, str]:
    """The names of this browser, by the officers that it is known of."""
    try:
        known = _serializer().loads(cookies.read(BROWSER_COOKIE))
    except BadData:
        return {}
    return dict(known)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["WTF_CSRF_SECRET_KEY"], salt="known browser")


def _digest(name: str) -> str:
    """What stands for a name in the database, which keeps nothing of what was typed."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()
