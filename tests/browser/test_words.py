"""What a person has written stands on a page as it was typed: no link, picture, formula, list or other sign."""

import json
from pathlib import Path

import pytest

from tests.browser.serving import serving_at_once

WORDS = [
    "xem http://evil.example/a_b?c=d&e", "https://evil.example", "www.evil.example", "a.b+c@evil.example.vn",
    "mailto:a@b.cc xmpp:a@b.cc", ":material/home: mở", ":smile: :+1: :100: 08:30:00", ":streamlit:",
    "a -> b <- c <-> d -- e >= f <= g ~= h", "-> a", "giá $5 và $6", "$$x$$", "tên\n===", "tên\n---",
    "một\n\nhai\n    ba", ":red[x] :small[y]", "::note[x]", ":::tip", "1. một", "1) một", "+ một", "- một", "# x",
    "> x", "| a | b |\n|---|---|", "`x`", "~~x~~", "[x](//y) ![x](/y)", "[^1] [x]: y", "<b>x</b> &lt; &#10;",
    "**x** __y__ *z*", "a\\", "[ ] x", "H2O^2", "“Sở”: 13,2% (12/05)",
]  # fmt: skip
ELEMENTS = "a, img, pre, code, ul, ol, hr, blockquote, .katex, [data-testid=stIconMaterial]"

READ = """signs => Object.fromEntries([...document.querySelectorAll("[class*=st-key-]")].map(place => [
  [...place.classList].find(name => name.startsWith("st-key-")).slice(7),
  [place.innerText, [...place.querySelectorAll(signs)].filter(each => each.getClientRects().length).length],
]))"""
"""Of each place what is read there, and how many links, pictures and the like stand in it."""


@pytest.fixture(scope="module")
def words_page(tmp_path_factory):
    home = tmp_path_factory.mktemp("words") / "home"
    home.mkdir()
    page, quiet = Path(__file__).with_name("words_page.py"), {"STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}
    with serving_at_once(home, expect_failure=True, launcher=page, **quiet) as address:
        yield address


@pytest.mark.soak
def test_what_is_typed_is_read_back_wherever_pages_show_it(words_page, page):
    page.goto(words_page)
    page.get_by_label("words").fill(json.dumps(WORDS))
    page.get_by_label("words").press("Control+Enter")
    page.locator(f".st-key-cell-{len(WORDS) - 1} td").wait_for(timeout=60_000)

    shown = page.evaluate(READ, ELEMENTS)
    for number, words in enumerate(WORDS):
        typed = " ".join(words.split())
        for way in ("paragraph", "title", "caption", "notice", "sentence", "button", "choice", "cell"):
            read, obeyed = shown[f"{way}-{number}"]
            assert " ".join(read.split()).count(typed) == (2 if way in ("sentence", "choice") else 1), (
                words,
                way,
                read,
            )
            assert obeyed == 0, (words, way)
