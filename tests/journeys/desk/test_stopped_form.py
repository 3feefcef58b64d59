"""A form that is sent once, and an archive that takes longer than a session lasts without acts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.desk.test_archives import opened, package
from tests.journeys.people import Officer
from tests.journeys.service import Service
from tests.journeys.sorting.test_drop import Line

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]


def test_a_form_that_was_stopped_can_be_sent_again(service: Service, open_page: Opened) -> None:
    officer = Officer(open_page(), service)
    officer.signs_in()
    page = officer.page
    page.clock.install()
    officer.opens("/affaires/nouvelle")
    sent = list[str]()

    def stop(route: Route) -> None:
        """What the browser does at Escape: it stays on the page."""
        if route.request.method == "POST":
            sent.append(route.request.url)
            route.fulfill(status=204)
        else:
            route.continue_()

    page.route("**/affaires/nouvelle*", stop)
    page.get_by_label("Numéro de procédure").fill("2026/arrêt")
    button = page.get_by_role("button", name="Enregistrer l’affaire")
    button.evaluate("each => each.form.noValidate = true")
    button.click()
    button.click()
    page.wait_for_timeout(300)
    assert len(sent) == 1
    page.clock.fast_forward(11_000)
    with page.expect_response("**/affaires/nouvelle*"):
        button.click()
    assert len(sent) == 2


def test_the_session_stays_open_while_an_archive_is_sent(service: Service, open_page: Opened, tmp_path: Path) -> None:
    page = open_page()
    page.clock.install()
    opened(page, service)
    line = Line(page, "**/reprise*")
    asked = list[dict[str, str]]()
    page.on("request", lambda one: asked.append(one.headers) if one.url.endswith("/jeton") else None)
    page.get_by_label("Archive donnée par Facebook").set_input_files(package(tmp_path, "long.zip", 7100))
    page.get_by_role("button", name="Envoyer l’archive").click()
    line.holds(1)
    before = len(asked)
    for minutes in (3, 6):
        with page.expect_response("**/jeton"):
            page.clock.fast_forward(f"0{minutes}:00")
    assert len(asked) >= before + 2
    # As somebody who is there, not as a page that looks again by itself.
    assert not any("x-unattended" in each for each in asked)
    line.lets_through()
    expect(page.locator(".archives > li").first).to_contain_text("long.zip")
