from flask import Flask, Response

from gallery.web import cookies


def test_a_cookie_is_taken_back_as_browsers_ask_of_its_name() -> None:
    app = Flask(__name__)
    app.config |= {"SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_PATH": "/", "SESSION_COOKIE_SAMESITE": "Lax"}
    answer = Response()
    with app.app_context():
        cookies.forget(answer, "suivi")
    given = answer.headers["Set-Cookie"].split("; ")
    assert given[0] == "__Host-suivi="
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=0"} <= set(given)
