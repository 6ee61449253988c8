"""Draws the gallery anew: `make pictures`. Every page, and every state that a page must have drawn on purpose.

`python -m tests.browser.screenshots stale review` draws only pictures whose names hold one of the words.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import states
from tests.browser.looking import FINISHED
from tests.browser.people import ADMINISTRATORS_TOKEN, TOKEN, admit, admit_administrator, signed_in
from tests.browser.serving import ARGUMENTS, find_chromium, serving

PICTURES = Path(__file__).resolve().parent / "pictures"
COLOURS = (256, 192, 128, 64)
"""As many as a picture may have within `MOST`. Words and bars have few: told by number, they take a third of the room,
and no mark changes its own."""
MOST = 150_000
"""Bytes of a picture at most; whoever clones the project loads them all."""
FOOT = ".st-key-overview-foot"


def postpone(page: Page) -> None:
    """Another end of the first phase and start of the next, put before whoever may save it."""
    for label, number, day in (("Đến hạn", 0, "15"), ("Bắt đầu", 1, "16")):
        field = page.get_by_role("group", name=label, exact=True).nth(number)
        field.get_by_role("spinbutton").first.focus()
        page.keyboard.type(day)
    page.get_by_role("button", name="Xem trước thay đổi").click()
    expect(page.locator(".st-key-campaign-preview")).to_be_visible(timeout=60_000)
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")


@dataclass(frozen=True)
class Picture:
    """One picture: what is opened, on what screen, and what it shows."""

    name: str
    address: str
    shows: str
    width: int = 1366
    height: int = 768
    scheme: Literal["light", "dark"] = "light"
    does: Callable[[Page], None] | None = None
    """What somebody does on the page before."""
    at: str = ""
    """What is scrolled into sight before; empty: the top of the page."""
    seen_by: Literal["coordinator", "administrator", "nobody"] = "coordinator"
    """Whose browser it is; where nobody has signed in, it shows a page before the dashboard."""

    @property
    def is_before_the_dashboard(self) -> bool:
        """Whether it is a plain page of the front door, drawn as soon as it is there."""
        return self.seen_by == "nobody" or self.address.startswith("/auth/")


@dataclass(frozen=True)
class Scene:
    """A state of the store, and the pages in it that are worth a picture."""

    title: str
    make: states.Maker
    pictures: tuple[Picture, ...]


SCENES = (
    Scene(
        "A demonstration: every figure simulated",
        states.simulated,
        (
            Picture("overview", "/", "The overview on a projector, nothing to scroll", 1920, 1080),
            Picture("overview-dark", "/", "The same in the dark", 1920, 1080, "dark"),
            Picture("overview-laptop", "/", "On a laptop"),
            Picture("overview-english", "/?lang=en&indicator=online", "In English, another indicator chosen"),
            Picture("overview-phone", "/", "On a phone: the sentence and the units first", 390, 844),
            Picture("overview-phone-dark", "/?lang=en", "On a phone in the dark, in English", 390, 844, "dark"),
            Picture("gaps", "/gaps?indicator=online&level=commune", "Every commune against its target", 1920, 1080),
            Picture(
                "gaps-dark", "/gaps?indicator=online&level=department&lang=en", "Departments in the dark", scheme="dark"
            ),
            Picture("gaps-phone", "/gaps?indicator=online&parent=H21.54", "The communes of a district", 390, 844),
            Picture("unit", "/unit?unit=H21.58", "One unit: history, trajectory, milestones", 1920, 1080),
            Picture("unit-dark", "/unit?unit=SGTVT&lang=en", "A department with dates of its own", scheme="dark"),
            Picture("unit-phone", "/unit?unit=23881", "A commune on a phone", 390, 844),
            Picture("progress", "/progress?indicator=online", "Will the province make it, and by what", 1920, 1080),
            Picture("progress-unit", "/progress?unit=H21.58&indicator=payment", "The same of one unit"),
            Picture("progress-dark", "/progress?level=district&lang=en", "The districts, in the dark", scheme="dark"),
            Picture("progress-phone", "/progress?unit=H21.58", "Of a unit, on a phone", 390, 844),
            Picture("compare-gap", "/compare?indicator=online", "Who holds what is still missing", 1920, 1080),
            Picture("compare-change", "/compare?section=change&indicator=online", "Who moved the rate this week"),
            Picture(
                "compare-slope",
                "/compare?section=slope&indicator=online&units=H21.54,H21.55,H21.56,H21.57,H21.58",
                "Last year and now, five units chosen",
            ),
            Picture("compare-ranks", "/compare?section=ranks&indicator=online", "Who stands where, and how surely"),
            Picture("compare-funnel", "/compare?section=funnel&indicator=online", "More than chance, or few cases"),
            Picture("compare-if", "/compare?section=if&indicator=online", "What if the slowest caught up"),
            Picture("methods", "/methods", "How each figure is made, and how well it foretold"),
            Picture("scores", "/scores", "The official scores of a year, and what they say"),
            Picture("feeds", "/feeds", "Where figures come from, and whether they came"),
            Picture("upload", "/upload", "Handing in a file"),
            Picture("audit", "/audit", "Who changed what, when, why and under which document"),
            Picture("health", "/health", "Is everything well, and if not, what to do"),
            Picture("sign-in", "/auth/login", "The front door", seen_by="nobody"),
            Picture("own-account", "/auth/account", "Who one is here, and where one is signed in"),
            Picture("accounts", "/accounts", "Accounts, as an administrator sees them", seen_by="administrator"),
            Picture("not-allowed", "/accounts", "A page that a role may not open says who may"),
        ),
    ),
    Scene(
        "No campaign",
        states.no_campaign,
        (Picture("no-campaign", "/", "What to do where there is no store", seen_by="nobody"),),
    ),
    Scene(
        "No targets yet",
        states.no_targets,
        (
            Picture("no-targets", "/", "Figures without a target are told, not judged"),
            Picture("no-targets-gaps", "/gaps?indicator=online&level=district", "No gap without a target"),
        ),
    ),
    Scene(
        "No readings yet",
        states.no_readings,
        (
            Picture("no-readings", "/", "Targets are known, figures are not"),
            Picture("no-readings-unit", f"/unit?unit={states.UNIT}", "A unit before its first figure"),
            Picture("no-readings-feeds", "/feeds", "Sources that have told nothing"),
        ),
    ),
    Scene("Not begun", states.not_begun, (Picture("not-begun", "/", "The campaign begins in three days"),)),
    Scene(
        "Partly reported",
        states.partly_reported,
        (
            Picture("partly-reported", "/", "A week in which most communes told nothing"),
            Picture("partly-reported-feeds", "/feeds", "Which units are silent, and since when"),
        ),
    ),
    Scene(
        "Stale",
        states.stale,
        (
            Picture("stale", "/", "No figure is fresh: none is judged"),
            Picture("stale-gaps", "/gaps?indicator=online&level=district", "Old figures stay in sight, unjudged"),
            Picture("stale-unit", f"/unit?unit={states.UNIT}", "A unit whose figures are ten days old"),
        ),
    ),
    Scene(
        "A source that fails",
        states.source_failed,
        (
            Picture("source-failed", "/", "Every page says which source is silent"),
            Picture("source-failed-feeds", "/feeds", "Why, since when, and who can do what"),
        ),
    ),
    Scene(
        "Two sources that disagree",
        states.two_sources_disagree,
        (
            Picture("disagreement", "/", "How many units two sources tell differently", at=FOOT),
            Picture("disagreement-unit", "/unit?unit=H21.54", "Both figures, with their sources"),
        ),
    ),
    Scene(
        "A figure under review",
        states.under_review,
        (Picture("under-review", f"/unit?unit={states.UNIT}&indicator=online", "The figure counts, and is marked"),),
    ),
    Scene(
        "Past its end",
        states.past_the_end,
        (
            Picture("past-the-end", "/", "The campaign is over; results are to be kept"),
            Picture("past-the-end-gaps", "/gaps?indicator=online&level=district", "What is left to be done"),
            Picture("past-the-end-unit", f"/unit?unit={states.UNIT}", "What the ended phases came to"),
        ),
    ),
    Scene(
        "Meetings, and what they gave",
        states.simulated,
        (
            Picture("meeting", "/meeting", "The meeting to begin, those before it, and the one announced"),
            Picture("slide-province", "/meeting?slide=province", "A slide: the whole in one sentence", 1920, 1080),
            Picture(
                "slide-attention", "/meeting?slide=attention.publicity.commune", "A slide: who is to be spoken of",
                1920, 1080,
            ),
            Picture("slide-tasks", "/meeting?slide=tasks", "A slide: what earlier meetings gave", 1920, 1080),
            Picture("tasks", "/tasks", "What was given to whom, by when; what is late"),
            Picture("tasks-phone", "/tasks", "On a phone", 390, 844),
        ),
    ),
    Scene(
        "A campaign being changed",
        states.campaign_workplace,
        (
            Picture("campaign-missing", "/campaign", "What the campaign's files still lack, and where it is mended"),
            Picture(
                "campaign-dates", "/campaign?part=dates", "Another day, and what would follow from it", 1366, 1080,
                does=postpone,
            ),
        ),
    ),
    Scene("One unit", states.one_unit, (Picture("one-unit", "/", "A campaign of a single department"),)),
    Scene(
        "11,000 units",
        states.country,
        (
            Picture("country", "/?indicator=online", "As many units as a country has"),
            Picture("country-gaps", "/gaps?indicator=online&level=commune", "Their list, by the page"),
        ),
    ),
    Scene(
        "Being refreshed",
        states.being_refreshed,
        (Picture("being-refreshed", "/feeds", "A pull under way: figures stay while it lasts"),),
    ),
)  # fmt: skip


STATES = {"coordinator": signed_in(TOKEN), "administrator": signed_in(ADMINISTRATORS_TOKEN), "nobody": None}


def take(browser: Browser, server: str, picture: Picture) -> None:
    """One picture of one page, once every chart on it is drawn."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.scheme,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        storage_state=STATES[picture.seen_by],
    )
    page = context.new_page()
    page.goto(f"{server}{picture.address}")
    if not picture.is_before_the_dashboard:
        wait_for_all(page)
    if picture.does is not None:
        picture.does(page)
        wait_for_all(page)
    if picture.at:
        page.locator(picture.at).first.scroll_into_view_if_needed()
    file = PICTURES / f"{picture.name}.png"
    page.screenshot(path=file, animations="disabled")
    context.close()
    shrink(file)


def shrink(file: Path) -> None:
    """Tell the colours of a picture by number, fewer and fewer until it is small enough."""
    with Image.open(file) as read:
        drawn = read.convert("RGB")
    for colours in COLOURS:
        few = drawn.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
        few.save(file, optimize=True)
        if file.stat().st_size <= MOST:
            return


def wait_for_all(page: Page) -> None:
    """Returns when the script has run, nothing is a placeholder any more, and every chart there is has its marks."""
    expect(page.locator(FINISHED)).to_be_visible(timeout=60_000)
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=60_000)
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts.filter(has_not=page.locator("svg.marks"))).to_have_count(0, timeout=60_000)
    page.evaluate("document.fonts.ready")


def gallery(scenes: Sequence[Scene] = SCENES) -> str:
    """The page that shows them all: its words, as the file beside the pictures holds them."""
    lines = [
        "# Every page, and every state it must have drawn on purpose",
        "",
        "Drawn by `make pictures` from stores made for it. Every figure of 2024 in them is invented and says nothing",
        "about any office.",
    ]
    for scene in scenes:
        lines += ["", f"## {scene.title}"]
        for picture in scene.pictures:
            size = f"{picture.width} × {picture.height}"
            about = f"`{picture.address}` · {size}" + (" · dark" if picture.scheme == "dark" else "")
            lines += ["", f"{picture.shows} ({about})", "", f"![{picture.shows}]({picture.name}.png)"]
    return "\n".join([*lines, ""])


def _chosen(words: Sequence[str]) -> list[Scene]:
    if not words:
        return list(SCENES)
    wanted = re.compile("|".join(map(re.escape, words)))
    kept = (
        replace(scene, pictures=tuple(one for one in scene.pictures if wanted.search(one.name))) for scene in SCENES
    )
    return [scene for scene in kept if scene.pictures]


@contextmanager
def _visited(home: Path) -> Iterator[None]:
    """A store, where there is one, with a coordinator and an administrator who have signed in."""
    if home.exists():
        admit(home)
        admit_administrator(home)
    yield


def main(words: Sequence[str]) -> None:
    """All pictures, from stores of their own that are thrown away."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as root, sync_playwright() as playwright:
        demonstration = states.demonstrate(Path(root))
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        for number, scene in enumerate(_chosen(words)):
            sys.stderr.write(f"{scene.title} ...\n")
            folder = Path(root) / f"scene-{number}"
            folder.mkdir()
            with (
                contextmanager(scene.make)(folder, demonstration) as made,
                _visited(made.home),
                serving(made.home, expect_failure=not made.home.exists(), **made.settings) as server,
            ):
                for picture in scene.pictures:
                    take(browser, server, picture)
        browser.close()
    (PICTURES / "README.md").write_text(gallery(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
