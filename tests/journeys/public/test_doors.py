"""What a computer still holds once an officer has gone: looked for in the files of a real browser's profile."""

from collections.abc import Callable
from pathlib import Path

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page, Playwright

from tests.journeys.conftest import ARGUMENTS
from tests.journeys.people import Administrator
from tests.journeys.service import Service
from tests.selection import CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def recovery_codes(page: Page) -> list[str]:
    """Switch the second factor on, make recovery codes, and read them."""
    page.get_by_role("link", name="Activer").click()
    page.get_by_role("button", name="Commencer").click()
    key = page.locator(".key").inner_text().replace("-", "").replace(" ", "")
    page.get_by_label("Code à six chiffres").fill(TOTP(key=key).generate().token)
    page.get_by_role("button", name="Activer").click()
    page.get_by_role("link", name="Codes de secours").click()
    page.get_by_role("button", name="Faire de nouveaux codes").click()
    return page.locator(".codes li").all_inner_texts()


def test_no_recovery_code_is_left_on_the_disk_after_sign_out(
    service: Service, open_page: Callable[..., Page], playwright: Playwright, run: int, tmp_path: Path
) -> None:
    # With an account of its own: nobody else is asked for a code should this end half-way.
    administrator, email = Administrator(open_page(), service), f"codes-{run}@rennes.example"
    administrator.signs_in()
    with playwright.chromium.launch_persistent_context(tmp_path, executable_path=CHROMIUM, args=ARGUMENTS) as browser:
        page = browser.new_page()
        administrator.gives_an_account(page, f"Adjudant Codes {run}", email, role="agent")
        page.goto(f"{service.address}/agents/compte")
        codes = recovery_codes(page)
        page.goto(f"{service.address}/agents/compte/codes-de-secours?show_codes=1")
        page.goto(f"{service.address}/agents/compte/code")
        page.get_by_role("button", name="Désactiver le code de connexion").click()
        page.get_by_role("button", name="Se déconnecter").click()
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(codes) == 8
    assert not [code for code in codes if any(code.encode() in each for each in kept)]
