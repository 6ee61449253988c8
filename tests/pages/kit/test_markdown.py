"""Words from outside are shown, never obeyed."""

import pytest

from pages.charts.layout import MARKS
from pages.kit.markdown import marked, plain


@pytest.mark.parametrize(
    "words",
    ["[x](//evil)", "![x](//evil/p.png)", ":red[x]", "<b>x</b>", "**x**", "$x$", "a | b", "`x`", "# x"],
)
def test_markup_in_words_is_switched_off(words):
    shown = plain(words)

    assert shown.replace("\\", "") == words
    assert all(f"\\{sign}" in shown for sign in words if sign in "[]()!:<>*$|`#")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("http://x", r"http:small[]\://x"),
        ("WWW.x", r"WWW:small[]\.x"),
        ("a@b.c", r"a:small[]@b\.c"),
        (":material/home:", r"\::small[]material/home\:"),
        ("<->", r"\<:small[]\-:small[]\>"),
        ("a >= b", r"a \>:small[]\= b"),
        ("tên\n===\r\n\n1. x", r"tên&#10;\=\=\=&#10;&#10;1\. x"),
    ],
)
def test_what_streamlit_looks_for_in_the_finished_words_is_parted(words, shown):
    assert plain(words) == shown


def test_ordinary_words_stay_as_they_are():
    assert plain("Tỷ lệ hồ sơ trực tuyến 13,2% · “K'Bang”") == "Tỷ lệ hồ sơ trực tuyến 13,2% · “K'Bang”"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_standing_in_words_follows_its_mark(theme):
    said = marked("unlikely", "Khó đạt", theme)

    assert said.startswith(f':color[■]{{foreground="{MARKS["unlikely"].colour.on(theme)}"}}')
    assert said.endswith("**Khó đạt**")
