"""Tiến độ: will they make it? Figures against the path owed, and the band they are likely to end in.

For the province, a group of units or one unit; for the coordinator, below, what moved more than chance moves it.
"""

from dataclasses import replace

import streamlit as st

from jobs.documents.pictures import Drawing
from jobs.imports.words import folded
from models.core.texts import text
from pages.charts.layout import PANEL_LEAST_WIDTH, PANELS_ABREAST, SORT_WIDTH, SUBJECT_WIDTH
from pages.charts.signal import BETTER, WORSE
from pages.kit import address, answers
from pages.kit.address import Choices, Ignored, link
from pages.kit.downloads import draw_chart_download
from pages.kit.markdown import coloured, marked, plain
from pages.kit.page import Page, Visit
from pages.progress import data
from pages.progress.view import CourseView, ProgressView
from targets.permissions import Permission, may
from targets.values import Campaign

SUBJECT = "progress-subject"
UNIT, LEVEL = "unit:", "level:"


def draw(visit: Visit) -> None:
    """The choices of the address first; then the course chosen, the others, and the coordinator's signals."""
    address.confirm_address()
    campaign = answers.find_campaign(visit.situation)
    choices = _settled(visit, campaign)
    as_of = choices.as_of or visit.situation.today
    courses = data.find_progress(
        visit.situation,
        unit=choices.unit or (None if choices.level else campaign.province),
        level=choices.level,
        as_of=as_of,
        phase=choices.phase,
    )
    view = data.find_progress_view(visit.situation, courses, choices.indicator, visit.language)
    _draw_choices(view, visit, choices, campaign)
    st.title(plain(view.headline), anchor=False)
    if view.shown is not None:
        _draw_shown(view, view.shown, visit)
        _draw_others(view, visit, choices)
    if view.notes:
        st.caption(plain(" ".join(view.notes)))
    _draw_ways_on(visit, choices)
    if may(visit.actor, Permission.DECIDE):
        _draw_signals(visit, choices)


def _settled(visit: Visit, campaign: Campaign) -> Choices:
    """The choices that can be used: levels that are listed as groups, or a unit."""
    choices = visit.choices
    ignored = address.ungrouped(choices, campaign)
    if choices.level is not None and choices.unit is not None:
        ignored = [Ignored("level", choices.level, text("progress.both", choices.language))]
    visit.ignored.extend(ignored)
    return replace(choices, level=None) if ignored else choices


# --- choices --------------------------------------------------------------------------------------------------------


def _draw_choices(view: ProgressView, visit: Visit, choices: Choices, campaign: Campaign) -> None:
    """Whose course, of which indicator, in which phase. What is chosen goes into the address and comes from there."""
    language = visit.language
    subjects = _subjects(visit, campaign)
    unit = choices.unit or (None if choices.level else campaign.province)
    st.session_state[SUBJECT] = f"{LEVEL}{choices.level}" if unit is None else f"{UNIT}{unit}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="progress-choices"):
        st.selectbox(
            text("progress.subject", language), list(subjects), key=SUBJECT, format_func=subjects.__getitem__,
            placeholder=text("progress.subject_hint", language), on_change=_choose_subject, width=SUBJECT_WIDTH,
            args=(campaign.province,),
        )  # fmt: skip
        if view.shown is not None:
            names = dict(view.indicators)
            st.session_state["progress-indicator"] = view.shown.indicator
            st.selectbox(
                text("progress.indicator", language), list(names), key="progress-indicator", filter_mode=None,
                format_func=names.__getitem__, on_change=_choose, args=("indicator",), width=SORT_WIDTH,
            )  # fmt: skip
        st.session_state["progress-phase"] = view.phase
        st.segmented_control(
            text("progress.phase", language), [key for key, _ in view.phases], key="progress-phase", required=True,
            format_func=lambda key: plain(dict(view.phases)[key]), on_change=_choose, args=("phase",),
        )  # fmt: skip


def _subjects(visit: Visit, campaign: Campaign) -> dict[str, str]:
    """The province, the groups, then all units as a dictionary sorts them; one's own alone for who reads no others."""
    language, readable = visit.language, visit.actor.readable
    units = answers.find_findables(visit.situation, language)
    found = {f"{UNIT}{unit.code}": unit.words for unit in units if readable is None or unit.code in readable}
    if readable is not None:
        return found
    province = f"{UNIT}{campaign.province}"
    groups = {
        f"{LEVEL}{level.key}": text("progress.group", language, name=_found(level.name.of(language), language))
        for level in campaign.levels
        if level.group is not None
    }
    return {province: found[province], **groups, **found}


def _found(name: str, language: str) -> str:
    return text("unit.findable", language, name=name, bare=folded(name))


def _choose_subject(province: str) -> None:
    kind, _, key = st.session_state[SUBJECT].partition(":")
    address.choose("level", key if f"{kind}:" == LEVEL else None)
    address.choose("unit", key if f"{kind}:" == UNIT and key != province else None)


def _choose(name: str) -> None:
    address.choose(name, st.session_state[f"progress-{name}"])


# --- courses --------------------------------------------------------------------------------------------------------


def _draw_shown(view: ProgressView, shown: CourseView, visit: Visit) -> None:
    """The course chosen, large; its title is the page's heading."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("   ".join(f"**{plain(glyph)}** {plain(meaning)}" for glyph, meaning in view.legend))
        draw_chart_download(visit, [Drawing(shown.chart)], name=f"progress-{shown.indicator}", title=view.headline)
    with st.container(key="progress-shown", gap="xxsmall"):
        if shown.standing_words:
            st.markdown(marked(shown.standing, shown.standing_words, visit.theme))
        st.vega_lite_chart(spec=shown.chart, width="stretch", alt=shown.spoken)
        _draw_facts(shown)
        for note in shown.notes:
            st.markdown(f":material/info: {plain(note)}")


def _draw_facts(shown: CourseView) -> None:
    if shown.facts:
        st.markdown(
            "  \n".join(
                f"{plain(fact.label)} **{plain(fact.strong)}** {plain(fact.more)}".rstrip() for fact in shown.facts
            )
        )


def _draw_others(view: ProgressView, visit: Visit, choices: Choices) -> None:
    """The other indicators, small and on one scale; each leads to itself."""
    st.header(text("progress.others", visit.language), anchor=False)
    with st.grid(PANELS_ABREAST, min_column_width=PANEL_LEAST_WIDTH, gap="medium", key="progress-others"):
        for course in view.others:
            with st.container(key=f"course-{course.indicator}", gap="xxsmall"):
                query = address.onward(choices, indicator=course.indicator, **_subject_query(choices))
                link("progress", f"**{plain(course.name)}**", query, language=visit.language)
                mark = f"{coloured(course.standing, visit.theme)} " if course.standing_words else ""
                st.markdown(f"{mark}{plain(course.message)}")
                st.vega_lite_chart(spec=course.chart, width="stretch", alt=course.spoken)
                for note in course.notes:
                    st.caption(plain(note))


def _subject_query(choices: Choices) -> dict[str, str]:
    named = {"unit": choices.unit, "level": choices.level}
    return {name: value for name, value in named.items() if value is not None}


def _draw_ways_on(visit: Visit, choices: Choices) -> None:
    with st.container(horizontal=True, gap="medium", key="progress-ways-on"):
        if choices.unit is not None:
            query = address.onward(choices, unit=choices.unit)
            link("unit", text("progress.to_unit", visit.language), query, language=visit.language)
        onward = address.onward(visit.choices)
        link("methods", text("progress.to_methods", visit.language), onward, language=visit.language)
        if visit.actor.readable is None:
            link("scores", text("progress.to_scores", visit.language), onward, language=visit.language)


# --- signals --------------------------------------------------------------------------------------------------------


def _draw_signals(visit: Visit, choices: Choices) -> None:
    """A handful of movements beyond the usual, each with the weeks that say so."""
    language = visit.language
    watch = data.find_watch(visit.situation, as_of=choices.as_of or visit.situation.today, language=language)
    st.header(text("progress.signals.title", language), anchor=False)
    st.markdown(plain(watch.said))
    st.caption(plain(text("progress.signals.for_whom", language)))
    if not watch.signals:
        return
    with st.grid(PANELS_ABREAST, min_column_width=PANEL_LEAST_WIDTH, gap="medium", key="progress-signals"):
        for number, found in enumerate(watch.signals):
            with st.container(key=f"signal-{number}", gap="xxsmall"):
                mark = coloured(BETTER if found.is_better else WORSE, visit.theme)
                query = address.onward(choices, unit=found.unit, indicator=found.indicator)
                st.markdown(f"{mark} **{plain(found.message)}**")
                st.vega_lite_chart(spec=found.chart, width="stretch", alt=found.spoken)
                st.caption(plain(found.reading))
                link("progress", text("progress.signals.open", language), query, language=language)


PAGE = Page(
    key="progress", address="progress", draw=draw, keeps_to_branch=True, follows=("indicator", "phase", "as_of")
)
