"""The menu beside a chart: both kinds of picture, named for their day, made only when somebody asks for one."""

from datetime import date

import pytest

from jobs.documents.pictures import Drawing
from models.core.texts import LANGUAGES, text
from pages.kit import downloads
from pages.kit.address import Choices
from pages.kit.page import Situation, Visit

CHART = {"data": {"values": [{}]}, "mark": "point", "width": "container", "height": 20}
DRAWINGS = (Drawing(CHART),)


@pytest.fixture
def offered(monkeypatch):
    """Draws the menu and answers what it offers: file name → what makes it."""

    def draw(language="vi", *, is_simulated=True, drawings=DRAWINGS):
        shown = {}
        monkeypatch.setattr(
            downloads, "draw_download", lambda _label, make, *, file_name, **_: shown.update({file_name: make})
        )
        situation = Situation("a store", 4, is_simulated, None, date(2024, 5, 7))
        visit = Visit(choices=Choices(language=language), theme="light", situation=situation)
        downloads.draw_chart_download(visit, drawings, name="lines", title="Tỉnh đạt 1/6")
        return shown

    return draw


def test_files_are_named_for_their_day_and_say_that_they_are_simulated(offered):
    assert list(offered()) == ["lines_2024-05-07_minh-hoa.png", "lines_2024-05-07_minh-hoa.svg"]
    assert list(offered(is_simulated=False)) == ["lines_2024-05-07.png", "lines_2024-05-07.svg"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_says_its_finding_its_day_and_that_it_is_simulated(offered, language):
    files = offered(language)

    svg = next(make for name, make in files.items() if name.endswith("svg"))().decode()

    assert "Tỉnh đạt 1/6" in svg
    assert "07/05/2024" in svg
    assert text("gaps.download.simulated", language) in svg


def test_picture_of_real_figures_carries_no_mark(offered):
    svg = offered(is_simulated=False)["lines_2024-05-07.svg"]().decode()

    assert text("gaps.download.simulated", "vi") not in svg


def test_nothing_drawn_offers_nothing(offered):
    assert offered(drawings=()) == {}
