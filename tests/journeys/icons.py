"""Draws the icons of the installed sites from icon.svg with Debian's chromium: python -m tests.journeys.icons."""

from playwright.sync_api import sync_playwright

from tests.journeys.conftest import ARGUMENTS
from tests.journeys.service import ROOT
from tests.selection import CHROMIUM

STATIC = ROOT / "gallery" / "static"
# Name, side in pixels, and which share of it the drawing takes: telephones cut a maskable icon to a circle.
ICONS = (("192.png", 192, 0.78), ("512.png", 512, 0.78), ("512-maskable.png", 512, 0.56), ("apple.png", 180, 0.7))


def main() -> None:
    """Draw each icon white on the colour of the sites."""
    drawing = (STATIC / "icon.svg").read_text(encoding="utf-8").replace("#14595c", "#ffffff")
    (STATIC / "icons").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, side, share in ICONS:
            page = browser.new_page(viewport={"width": side, "height": side})
            sized = drawing.replace("<svg ", f'<svg width="{side * share:.0f}" height="{side * share:.0f}" ')
            frame = f"display:grid;place-items:center;height:{side}px;margin:0;background:#10474a"
            page.set_content(f'<body style="{frame}">{sized}</body>')
            page.screenshot(path=STATIC / "icons" / name)
        browser.close()


if __name__ == "__main__":
    main()
