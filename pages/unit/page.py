"""Đơn vị: one unit, how it got where it is, what it still owes, and where its figures and targets come from."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from jobs.documents.pictures import Drawing
from models.core import formats
from models.core.texts import text
from models.units.queries import UnitName
from pages.charts.layout import LINKS_LEAST_WIDTH, PANEL_LEAST_WIDTH, PANELS_ABREAST, SEARCH_WIDTH
from pages.kit import address, answers
from pages.kit.address import Choices, link
from pages.kit.downloads import draw_chart_download
from pages.kit.markdown import coloured, marked, plain
from pages.kit.page import Page, Visit
from pages.tasks.view import draw_overdue
from pages.unit import requests
from pages.unit.data import UnitAnswers
from pages.unit.forms import Counter, draw_forms
from pages.unit.panels import PanelView
from pages.unit.records import DAYS, Table
from pages.unit.requests import draw_review
from pages.unit.sentences import RequestView, request_views
from pages.unit.view import ChildView, UnitView
from targets.values import Campaign

SEARCH = "unit-search"
SHORT = 24
"""Letters of a cell that stay on one line."""
NO_BREAK = "\N{NO-BREAK SPACE}"
PRINTED = 6
"""Units below that are printed, the hardest; pages/assets/print.css leaves the others out, for one sheet."""


def draw(visit: Visit) -> None:
    """The search first; then the unit of the address, or the way to one."""
    address.confirm_address()
    campaign = answers.find_campaign(visit.situation)
    units = answers.find_unit_names(visit.situation)
    choices = visit.choices
    if choices.unit is None:
        _draw_search(visit, choices)
        _draw_invitation(units, campaign, choices)
        return
    as_of = choices.as_of or visit.situation.today
    unit = answers.find_unit(visit.situation, choices.unit, as_of=as_of, phase=choices.phase)
    view = answers.find_unit_view(visit.situation, unit, choices.indicator, visit.language)
    _draw_search(visit, choices, view)
    _draw_header(view, visit, choices)
    _draw_panels(view, visit)
    _draw_targets(view, visit.language)
    draw_overdue(visit, choices.unit)
    draw_requests(unit, choices.indicator, visit)
    _draw_below(view, visit, choices)
    _draw_arrivals(view, visit.language)
    _draw_scores(view, visit.language)


# --- finding a unit -------------------------------------------------------------------------------------------------


def _draw_search(visit: Visit, choices: Choices, view: UnitView | None = None) -> None:
    """All units by name, and the phase. What is chosen here goes into the address, and comes from nowhere else."""
    language = choices.language
    units = [unit for unit in answers.find_findables(visit.situation, language) if _is_readable(unit.code, visit)]
    shown = {unit.code: unit.label if unit.code == choices.unit else unit.words for unit in units}
    st.session_state[SEARCH] = choices.unit
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="unit-choices"):
        st.selectbox(
            text("unit.search", language),
            list(shown),
            index=None,
            format_func=shown.__getitem__,
            key=SEARCH,
            placeholder=text("progress.subject_hint", language),
            on_change=_choose_unit,
            width=SEARCH_WIDTH,
        )
        if view is not None:
            _draw_phases(view, language)


def _is_readable(code: str, visit: Visit) -> bool:
    """Whether whoever looks may know of this unit: those kept to their own branch find no other by its name."""
    return visit.actor.readable is None or code in visit.actor.readable


def _choose_unit() -> None:
    address.choose("unit", st.session_state[SEARCH])


def _draw_phases(view: UnitView, language: str) -> None:
    st.session_state["unit-phase"] = view.phase
    st.segmented_control(
        text("unit.phase", language),
        [key for key, _ in view.phases],
        format_func=lambda key: plain(dict(view.phases)[key]),
        key="unit-phase",
        required=True,
        on_change=_choose_phase,
    )


def _choose_phase() -> None:
    address.choose("phase", st.session_state["unit-phase"])


def _draw_invitation(units: Sequence[UnitName], campaign: Campaign, choices: Choices) -> None:
    """The province and those right below it by level; whoever stands further down is one click further."""
    language = choices.language
    st.title(text("unit.invite.title", language), anchor=False)
    st.markdown(plain(text("unit.invite.body", language)))
    near = {unit.code for unit in units if unit.parent in (None, campaign.province)}
    for level in campaign.levels:
        of_level = [unit for unit in units if unit.level == level.key]
        shown = [unit for unit in of_level if unit.code in near]
        if not of_level:
            continue
        name, count = level.name.of(language), formats.whole(len(of_level), language)
        if not shown:
            st.caption(plain(text("unit.invite.below", language, level=name, count=count)))
            continue
        st.header(plain(text("unit.invite.level", language, level=name, count=count)), anchor=False)
        with st.grid("auto", min_column_width=LINKS_LEAST_WIDTH, gap="small", key=f"level-{level.key}"):
            for unit in shown:
                link("unit", plain(unit.name), address.onward(choices, unit=unit.code), language=language)


# --- the header -----------------------------------------------------------------------------------------------------


def _draw_header(view: UnitView, visit: Visit, choices: Choices) -> None:
    """Who the unit is and who answers for it; its sentence; where it stands on each indicator."""
    with st.container(gap="xxsmall"):
        st.title(plain(view.name), anchor=False)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(plain(view.level), width="content")
            if view.parent is not None:
                _draw_way(view.parent, visit, choices)
            st.markdown(f":material/person: {plain(view.head)}", width="content")
        for note in view.notes:
            st.markdown(f":material/event: {plain(note)}")
        if view.successor is not None:
            _draw_way(view.successor, visit, choices)
        st.header(plain(view.headline), anchor=False)
        st.markdown(
            f"{NO_BREAK}{NO_BREAK} ".join(
                f"{coloured(panel.standing, visit.theme)}{NO_BREAK}"
                + plain(f"{panel.short_name}: {panel.standing_words}").replace(" ", NO_BREAK)
                for panel in view.panels
            )
        )
        if view.advice:
            st.info(plain(view.advice), icon=":material/info:")
        for said in view.disagreements:
            st.warning(plain(said), icon=":material/sync_problem:")


def _draw_way(unit: UnitName, visit: Visit, choices: Choices) -> None:
    """The way to another unit; only its name for those to whom that page does not open."""
    if _is_readable(unit.code, visit):
        link("unit", plain(unit.name), address.onward(choices, unit=unit.code), language=choices.language)
    else:
        st.markdown(f"**{plain(unit.name)}**", width="content")


# --- the panels -----------------------------------------------------------------------------------------------------


def _draw_panels(view: UnitView, visit: Visit) -> None:
    if not view.panels:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("   ".join(f"**{plain(glyph)}** {plain(meaning)}" for glyph, meaning in view.legend))
        drawings = [Drawing(panel.chart, f"{panel.name} · {panel.standing_words}") for panel in view.panels]
        draw_chart_download(visit, drawings, name=view.code, title=f"{view.name}: {view.headline}")
    with st.grid(PANELS_ABREAST, min_column_width=PANEL_LEAST_WIDTH, gap="medium", key="panels"):
        for panel in view.panels:
            _draw_panel(panel, visit, view.code)
    if view.panel_notes:
        st.caption(plain(" ".join(view.panel_notes)))


def _draw_panel(panel: PanelView, visit: Visit, unit: str) -> None:
    with st.container(key=f"panel-{panel.indicator}", gap="xxsmall"):
        st.markdown(f"**{plain(panel.name)}**  \n{marked(panel.standing, panel.standing_words, visit.theme)}")
        draw_review(unit, panel.indicator, visit)
        st.vega_lite_chart(spec=panel.chart, width="stretch", alt=panel.spoken)
        st.markdown(
            "  \n".join(
                f"{plain(fact.label)} **{plain(fact.strong)}** {plain(fact.more)}".rstrip() for fact in panel.facts
            )
        )


# --- targets --------------------------------------------------------------------------------------------------------


def _draw_targets(view: UnitView, language: str) -> None:
    st.header(text("unit.targets.title", language), anchor=False)
    if view.targets is None:
        st.markdown(plain(text("unit.targets.empty", language)))
        return
    _draw_table(view.targets)
    if view.baseline_notes:
        st.caption(plain(" · ".join(view.baseline_notes)))
    with st.expander(text("unit.targets.chain", language), key="chain"):
        for chain in view.chains:
            st.subheader(plain(chain.name), anchor=False)
            st.markdown("\n".join(f"- {plain(reason)}" for reason in chain.reasons))
            _draw_table(chain.versions)


def _draw_table(table: Table) -> None:
    """A table of words. Its cells are shown as they are; where they do not fit, it scrolls inside itself."""
    cells = [
        [plain(cell).replace(" ", NO_BREAK) if len(cell) <= SHORT else plain(cell) for cell in row]
        for row in table.rows
    ]
    frame = pd.DataFrame(cells, columns=[plain(head) for head in table.heads])
    st.table(frame, border="horizontal", hide_index=True, alt=table.spoken)


def _cell(words: str) -> str:
    return plain(words).replace(" ", NO_BREAK) if len(words) <= SHORT else plain(words)


# --- the units below ------------------------------------------------------------------------------------------------


def _draw_below(view: UnitView, visit: Visit, choices: Choices) -> None:
    language = visit.language
    if view.parts is not None:
        st.header(text("unit.parts.title", language), anchor=False)
        _draw_table(view.parts)
        st.caption(plain(text("unit.parts.note", language)))
    if not view.children:
        st.caption(plain(view.children_said))
        return
    st.header(text("unit.children.title", language), anchor=False)
    st.session_state["unit-indicator"] = view.indicator
    st.segmented_control(
        text("unit.indicator", language),
        [key for key, _ in view.indicators],
        format_func=lambda key: plain(dict(view.indicators)[key]),
        key="unit-indicator",
        required=True,
        on_change=_choose_indicator,
    )
    st.markdown(f"**{plain(view.children_said)}**  \n{plain(text('unit.children.order', language))}")
    with st.grid("auto", min_column_width=PANEL_LEAST_WIDTH, gap="small", key="children"):
        for child in view.children:
            _draw_child(child, view, visit, choices)
    if len(view.children) > PRINTED:
        with st.container(key="printed"):
            said = text("unit.children.printed", language, shown=PRINTED, count=len(view.children))
            st.caption(plain(said))


def _choose_indicator() -> None:
    address.choose("indicator", st.session_state["unit-indicator"])


def _draw_child(child: ChildView, view: UnitView, visit: Visit, choices: Choices) -> None:
    with st.container(gap=None):
        query = address.onward(choices, unit=child.code, indicator=view.indicator)
        link("unit", plain(child.name), query, language=visit.language)
        if child.standing is None:
            st.markdown(plain(child.words))
            return
        standing = plain(child.standing_words)
        more = f" · {plain(child.words)}" if child.words else ""
        st.markdown(f"{coloured(child.standing, visit.theme)} {standing}{more}")


# --- figures as they arrived, official scores -----------------------------------------------------------------------


def _draw_arrivals(view: UnitView, language: str) -> None:
    """From which source figures came and what was odd about them; day by day and revision by revision on demand."""
    st.header(text("unit.arrivals.title", language), anchor=False)
    st.caption(plain(view.arrivals_note))
    for flag in view.flags:
        st.warning(plain(flag), icon=":material/flag:")
    if view.arrivals is None:
        return
    with st.expander(plain(text("unit.arrivals.days", language, days=DAYS)), key="arrivals"):
        _draw_table(view.arrivals)
    if not view.revisions:
        return
    with st.expander(plain(text("unit.arrivals.revisions", language, count=len(view.revisions))), key="revisions"):
        st.markdown("\n".join(f"- **{plain(name)}**, {plain(said)}" for name, said in view.revisions))


def _draw_scores(view: UnitView, language: str) -> None:
    if not view.scores:
        return
    st.header(text("unit.scores.title", language), anchor=False)
    st.markdown("\n".join(f"- **{plain(name)}**: {plain(said)}" for name, said in view.scores))
    st.caption(plain(text("unit.scores.note", language)))


PAGE = Page(key="unit", address="unit", draw=draw, keeps_to_branch=True, follows=("indicator", "phase", "as_of"))


SHOWN = 6
"""Settled ones that are read without opening anything; what waits is always shown."""


def draw_requests(unit: UnitAnswers, indicator: str | None, visit: Visit) -> None:
    """What was agreed and what waits, then the forms of those who may. A unit that has ended has none any more."""
    language, profile = visit.language, unit.profile
    waiting_requests = requests.find_requests(visit.situation, profile.unit.code)
    today = visit.situation.today
    views = request_views(
        waiting_requests,
        campaign=unit.campaign,
        names=requests.find_names(visit.situation) if waiting_requests else {},
        today=today,
        language=language,
    )
    with st.container(key="wishes" if views else "wishes-empty", gap="small"):
        st.header(plain(text("wishes.title", language)), anchor=False)
        if not views:
            st.caption(plain(text("wishes.empty", language)))
        shown = [view for place, view in enumerate(views) if view.is_waiting or place < SHOWN]
        for view in shown:
            _draw_one(view)
        rest = views[len(shown) :]
        if rest:
            count = len(rest)
            with st.expander(plain(text("wishes.earlier", language, count=count)), key="wishes-earlier"):
                for view in rest:
                    _draw_one(view)
        if profile.valid_to is None or profile.valid_to >= today:
            now = unit if unit.as_of == today else answers.find_unit(
                visit.situation, profile.unit.code, as_of=today, phase=None
            )  # fmt: skip
            draw_forms(Counter(unit=unit, requests=waiting_requests, rows=now.rows, indicator=indicator), visit)


def _draw_one(view: RequestView) -> None:
    """A title with its state, and below it what was said, by whom, and what was decided."""
    icon = ":material/alarm:" if view.is_late else ":material/hourglass_top:" if view.is_waiting else ":material/check:"
    with st.container(gap=None):
        st.markdown(f"{icon} **{plain(view.title)}** · {plain(view.state)}")
        st.caption("  \n".join(plain(line).replace("\n", " ") for line in view.lines))
