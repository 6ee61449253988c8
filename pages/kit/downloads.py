"""Files that people take along, charts among them: the one way to offer one. Whoever asks leaves an entry behind."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from jobs.documents.pictures import Drawing, Picture, as_png, as_svg
from models.core import formats
from models.core.texts import text
from models.core.trail import record_download
from pages.kit import visitors
from pages.kit.page import Visit
from pages.kit.sentences import made_with
from targets.permissions import Permission


def draw_download(
    label: str,
    make: Callable[[], bytes],
    *,
    visit: Visit,
    subject: str,
    file_name: str,
    mime: str,
    key: str,
    permission: Permission = Permission.READ,
    narrowed: Mapping[str, Any] | None = None,
    unit: str | None = None,
    is_quiet: bool = False,
) -> None:
    """A button under which a file is made once somebody asks for it; drawing it costs nothing.

    `subject` names in the trail what is taken along, `narrowed` what it was narrowed to; `permission` is asked of the
    store again at that moment, of a unit where one is named, however long the page has stood open. `is_quiet`: in a
    line of words, without a frame.
    """
    what = {"file": file_name, **(narrowed or {})}
    data = partial(_taken, make, visit, visitors.current_seat(visit.situation), label, subject, what, permission, unit)
    st.download_button(
        label, data=data, file_name=file_name, mime=mime, key=key, icon=":material/download:", on_click="ignore",
        type="tertiary" if is_quiet else "secondary",
    )  # fmt: skip


def _taken(
    make: Callable[[], bytes],
    visit: Visit,
    seat: visitors.Seat,
    label: str,
    subject: str,
    narrowed: Mapping[str, Any],
    permission: Permission,
    unit: str | None,
) -> bytes:
    """The file, after its entry has been written. Raises Refused, and a store that refuses the entry gives no file."""
    visitors.check_reads_as_before(visit, seat)
    visitors.carry_out(
        visit,
        label,
        lambda session, context: record_download(
            session, subject=subject, narrowed=narrowed, permission=permission, unit=unit, context=context
        ),
        seat=seat,
    )
    return make()


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
