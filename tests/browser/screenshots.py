"""Draws the README's pictures anew: `make pictures`. Real pages of a demonstration store, at the sizes people use."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.browser.looking import wait_until_drawn
from tests.browser.serving import ARGUMENTS, find_chromium, run_job, serving

PICTURES = Path(__file__).resolve().parent / "pictures"


@dataclass(frozen=True)
class Picture:
    """One picture: what is opened, on what screen."""

    name: str
    address: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"


ALL = (
    Picture("overview", "/", 1920, 1080),
    Picture("overview-dark", "/", 1920, 1080, "dark"),
    Picture("overview-online", "/?indicator=online", 1920, 1080),
    Picture("overview-laptop", "/", 1366, 768),
    Picture("overview-english", "/?lang=en", 1366, 768),
    Picture("overview-phone", "/", 390, 844),
    Picture("overview-phone-dark", "/?lang=en", 390, 844, "dark"),
    Picture("gaps", "/gaps?indicator=online&level=commune", 1920, 1080),
    Picture("gaps-dark", "/gaps?indicator=online&level=department&lang=en", 1366, 768, "dark"),
    Picture("gaps-phone", "/gaps?indicator=online&parent=H21.54", 390, 844),
    Picture("unit", "/unit?unit=H21.58", 1920, 1080),
    Picture("unit-dark", "/unit?unit=SGTVT&lang=en", 1366, 768, "dark"),
    Picture("unit-phone", "/unit?unit=23881", 390, 844),
)


def take(browser: Browser, server: str, picture: Picture) -> None:
    """One picture of one page, once every chart on it is drawn."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.scheme,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    page = context.new_page()
    page.goto(f"{server}{picture.address}")
    wait_until_drawn(page)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=PICTURES / f"{picture.name}.png", animations="disabled")
    context.close()


def main() -> None:
    """All pictures, from a store of their own that is thrown away."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        run_job(home, "init", "--demo")
        with serving(home) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
            for picture in ALL:
                take(browser, server, picture)
            browser.close()


if __name__ == "__main__":
    main()
