"""Pictures: words in our own letters on a machine without any, what must be said inside, and drawings kept apart."""

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from jobs.documents.pictures import FONTS, Drawing, Picture, as_png, as_svg, drawn

PROJECT = Path(__file__).resolve().parents[3]
CANARY = "Ưỡng ạ"


def chart(label=CANARY, **other):
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": [{"a": 1}]},
        "width": "container",
        "height": 40,
        "mark": {"type": "text", "fontSize": 20, "clip": True},
        "encoding": {"text": {"value": label}},
    } | other


PICTURE = Picture(title="", subtitle="", drawings=(Drawing(chart()),), width=300)


def pixels(content):
    return Image.open(io.BytesIO(content)).convert("RGB")


def differ(one, other):
    return ImageChops.difference(pixels(one), pixels(other)).getbbox() is not None


def test_words_of_a_chart_are_drawn():
    """A font that is missing would leave out all words without a sound."""
    assert differ(as_png(PICTURE), as_png(replace(PICTURE, drawings=(Drawing(chart("")),))))


@pytest.mark.parametrize("mark", "●▲◆▼■✕○┆≈−–◐⊘↻→₫ẶỹĐơ")
def test_every_mark_has_a_letter_of_its_own(mark):
    """What no letter stands for comes out as the same empty box."""
    unknown = as_png(replace(PICTURE, drawings=(Drawing(chart("\u0378")),)))

    drawing = as_png(replace(PICTURE, drawings=(Drawing(chart(mark)),)))

    assert differ(drawing, unknown)
    assert differ(drawing, as_png(replace(PICTURE, drawings=(Drawing(chart("")),))))


@pytest.mark.parametrize("said", ["title", "subtitle", "mark", "foot"])
def test_what_must_be_said_stands_inside_the_picture(said):
    result = replace(PICTURE, **{said: f"{CANARY} & <số liệu>"})

    assert differ(as_png(result).ljust(1), as_png(replace(PICTURE, **{said: "x"})))
    assert "Ưỡng ạ &amp; &lt;số liệu&gt;" in as_svg(result).decode()


@pytest.mark.soak
def test_machine_without_fonts_draws_the_same(tmp_path):
    """A machine whose fonts are all elsewhere: its settings point to an empty folder."""
    settings = tmp_path / "fonts.conf"
    (tmp_path / "empty").mkdir()
    settings.write_text(f'<?xml version="1.0"?><fontconfig><dir>{tmp_path / "empty"}</dir></fontconfig>')
    program = (
        "import sys; from tests.jobs.documents.test_pictures import PICTURE, as_png; "
        "sys.stdout.buffer.write(as_png(PICTURE))"
    )
    bare = os.environ | {
        "FONTCONFIG_FILE": str(settings), "FONTCONFIG_PATH": str(tmp_path), "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path), "PYTHONPATH": str(PROJECT),
    }  # fmt: skip

    result = subprocess.run([sys.executable, "-c", program], env=bare, cwd=PROJECT, capture_output=True, check=True)

    assert not differ(result.stdout, as_png(PICTURE))


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\uffff", "\ud800"])
def test_letter_that_no_file_can_hold_is_left_out(letter):
    result = replace(PICTURE, title=f"Sở{letter}Một", drawings=(Drawing(chart(f"{CANARY}{letter}"), f"Hai{letter}"),))

    assert not differ(as_png(result), as_png(replace(PICTURE, title="SởMột", drawings=(Drawing(chart(), "Hai"),))))


def test_svg_brings_its_letters_along_and_asks_for_nothing():
    svg = as_svg(PICTURE).decode()

    assert svg.count("@font-face") == 2
    assert not re.search(r"""(?:href|src)\s*[=:]\s*["'(]?\s*https?:""", svg)
    assert set(re.findall(r'font-family="([^"]+)"', svg)) == {"CD Sans"}


def test_drawings_of_one_picture_call_nothing_by_the_same_name():
    svg = as_svg(replace(PICTURE, drawings=(Drawing(chart(), "Một"), Drawing(chart(), "Hai")))).decode()

    names = re.findall(r'\bid="([^"]+)"', svg)
    assert len(names) == len(set(names))
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(names)


def test_long_title_is_broken_before_the_edge():
    short = as_png(replace(PICTURE, title=CANARY))

    long = as_png(replace(PICTURE, title=" ".join([CANARY] * 12)))

    assert pixels(long).width == pixels(short).width
    assert pixels(long).height > pixels(short).height


def test_numbers_and_days_are_written_as_the_chart_asks():
    numbers = {"number": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]}}
    axis = chart(
        mark="point",
        encoding={"x": {"field": "a", "type": "quantitative", "scale": {"domain": [0, 2]}, "axis": {"format": ".1f"}}},
        config={"locale": numbers},
    )

    assert "0,4" in re.findall(r">([^<]+)</text>", drawn(axis, width=300))


def test_chart_may_not_send_for_anything():
    elsewhere = chart(data={"url": "https://example.org/data.json"})

    with pytest.raises(ValueError, match=r"(?i)url|denied|access"):
        drawn(elsewhere, width=300)


def test_letters_ship_with_their_licence():
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert {path.suffix for path in FONTS.iterdir()} == {".ttf", ".woff2", ".txt"}
