"""A chart to take away: PNG for a slide or a message, SVG for print, made when somebody asks for it.

What must be said of the figures is inside the picture: their day, and that they are simulated.
"""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from jobs.documents.pictures import Drawing, Picture, as_png, as_svg
from models import formats
from models.texts import text
from pages.parts.downloads import draw_download
from pages.parts.page import Visit
from pages.parts.sentences import made_with

MAKERS = {"png": (as_png, "image/png"), "svg": (as_svg, "image/svg+xml")}


def draw_chart_download(visit: Visit, drawings: Sequence[Drawing], *, name: str, title: str) -> None:
    """A small menu beside a chart; `name` becomes the file's, `title` stands above the chart in it."""
    if not drawings:
        return
    language, situation = visit.language, visit.situation
    day = visit.choices.as_of or situation.today
    picture = Picture(
        title=title,
        subtitle=text("picture.day", language, day=formats.day(day, language)),
        drawings=drawings,
        mark=text("gaps.download.simulated", language) if situation.simulated else "",
        foot=made_with(situation.updated, language),
    )
    suffix = f"_{text('gaps.download.file_simulated', language)}" if situation.simulated else ""
    with (
        st.container(key=f"picture-{name}", width="content"),
        st.popover(
            "", icon=":material/image:", type="tertiary", key=f"picture-{name}-menu", width="content",
            help=text("picture.menu", language),
        ),
    ):  # fmt: skip
        for kind, (make, mime) in MAKERS.items():
            draw_download(
                text(f"picture.{kind}", language), partial(make, picture), visit=visit, subject="picture",
                file_name=f"{name}_{day.isoformat()}{suffix}.{kind}", mime=mime, key=f"picture-{name}-{kind}",
            )  # fmt: skip
