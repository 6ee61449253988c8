"""The one table of marks and colours, and what must agree with it."""

import tomllib
from pathlib import Path

import pytest

from pages.charts import layout
from pages.charts.layout import MARKS
from targets.values import STANDINGS

CONFIG = Path(__file__).resolve().parent.parent.parent.parent / ".streamlit" / "config.toml"
THEMES = ("light", "dark")


def luminance(colour):
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_standing_has_a_mark():
    assert set(MARKS) == set(STANDINGS)


def test_standings_that_tell_good_from_bad_never_share_a_shape():
    judged = [standing for standing in STANDINGS if not MARKS[standing].is_hollow]

    assert len({MARKS[standing].shape for standing in judged}) == len(judged)
    assert len({MARKS[standing].glyph for standing in judged}) == len(judged)


@pytest.mark.parametrize("standing", ["no_target", "no_cases", "insufficient", "stale"])
def test_standings_without_a_judgement_are_neither_coloured_nor_filled(standing):
    assert MARKS[standing].is_hollow
    assert MARKS[standing].colour == layout.UNKNOWN


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("words", [layout.INK, layout.QUIET, layout.ACCENT])
@pytest.mark.parametrize("ground", [layout.GROUND, layout.PANEL])
def test_words_are_readable_on_every_ground(theme, words, ground):
    assert contrast(words.on(theme), ground.on(theme)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("standing", [standing for standing in STANDINGS if standing != "at_risk"])
def test_marks_stand_out_from_the_ground(theme, standing):
    """The yellow of a diamond on white cannot reach this; its shape and its word carry it."""
    assert contrast(MARKS[standing].colour.on(theme), layout.GROUND.on(theme)) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("setting", "shade"),
    [
        ("backgroundColor", layout.GROUND),
        ("secondaryBackgroundColor", layout.PANEL),
        ("textColor", layout.INK),
        ("primaryColor", layout.ACCENT),
        ("linkColor", layout.ACCENT),
        ("borderColor", layout.LINE),
        ("grayTextColor", layout.QUIET),
    ],
)
def test_streamlits_theme_has_the_same_colours(theme, setting, shade):
    configured = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][theme]

    assert configured[setting] == shade.on(theme)
