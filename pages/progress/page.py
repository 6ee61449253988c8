"""Tiến độ: will they make it? Figures against the path owed, and the band they are likely to end in.

For the province, a group of units or one unit; for the coordinator, below, what moved more than chance moves it.
"""

from dataclasses import replace

import streamlit as st

from jobs.documents.pictures import Drawing
from jobs.imports.words import folded
from models.core.texts import text
from pages.charts.layout import ACCENT, CHART_COLUMNS, SUBJECT_WIDTH, Theme
from pages.charts.sparks import bar_image, spark
from pages.kit import address, answers
from pages.kit.address import Choices, Ignored, link
from pages.kit.downloads import draw_chart_download
from pages.kit.markdown import coloured, marked, plain
from pages.kit.page import Page, Visit
from pages.kit.tables import NO_BREAK, Column, draw_table, picture, together, way_to
from pages.progress import data
from pages.progress.view import CourseView, OtherView, ProgressView, SignalView
from targets.permissions import Permission, may
from targets.results import Result
from targets.values import Campaign

SUBJECT = "progress-subject"
UNIT, LEVEL = "unit:", "level:"
BETTER, WORSE = "likely", "high_risk"
"""Whose marks a signal borrows: up and green, down and vermilion."""


def draw(visit: Visit) -> None:
    """The sentence; then whose course, the course chosen, the others, and the coordinator's signals."""
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
    view = data.find_progress_view(visit.situation, courses, choices.indicator or campaign.main, visit.language)
    shown = view.shown
    with st.container(gap=None):
        st.title(plain(view.headline), anchor=False)
        if shown is not None and shown.standing_words:
            why = f": {plain(shown.why)}" if shown.why else ""
            st.markdown(f"{marked(shown.standing, shown.standing_words, visit.theme)}{why}")
    _draw_subject(visit, choices, campaign)
    if shown is not None:
        _draw_shown(view, shown, visit)
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


def _draw_subject(visit: Visit, choices: Choices, campaign: Campaign) -> None:
    """Whose course. What is chosen goes into the address and comes from there."""
    language = visit.language
    unit = choices.unit or (None if choices.level else campaign.province)
    chosen = f"{LEVEL}{choices.level}" if unit is None else f"{UNIT}{unit}"
    subjects = _subjects(visit, campaign, chosen)
    st.session_state[SUBJECT] = chosen
    st.selectbox(
        text("progress.subject", language), list(subjects), key=SUBJECT, format_func=subjects.__getitem__,
        placeholder=text("progress.subject_hint", language), on_change=_choose_subject, width=SUBJECT_WIDTH,
        label_visibility="collapsed", args=(campaign.province,),
    )  # fmt: skip


def _subjects(visit: Visit, campaign: Campaign, chosen: str) -> dict[str, str]:
    """The province, the groups, then all units as a dictionary sorts them; one's own alone for who reads no others.

    The one chosen is shown, not searched: it goes without the words for searching.
    """
    language, readable = visit.language, visit.actor.readable
    found = {
        f"{UNIT}{unit.code}": unit.label if f"{UNIT}{unit.code}" == chosen else unit.words
        for unit in answers.find_findables(visit.situation, language)
        if readable is None or unit.code in readable
    }
    if readable is not None:
        return found
    province = f"{UNIT}{campaign.province}"
    groups = {f"{LEVEL}{level.key}": level.name.of(language) for level in campaign.levels if level.group is not None}
    named = {
        key: text("progress.group", language, name=name if key == chosen else _found(name, language))
        for key, name in groups.items()
    }
    return {province: found[province], **named, **found}


def _found(name: str, language: str) -> str:
    return text("unit.findable", language, name=name, bare=folded(name))


def _choose_subject(province: str) -> None:
    kind, _, key = st.session_state[SUBJECT].partition(":")
    address.choose("level", key if f"{kind}:" == LEVEL else None)
    address.choose("unit", key if f"{kind}:" == UNIT and key != province else None)


# --- courses --------------------------------------------------------------------------------------------------------


def _draw_shown(view: ProgressView, shown: CourseView, visit: Visit) -> None:
    """The course chosen, large, with the facts beside it; its title is the page's heading."""
    left, right = st.columns(CHART_COLUMNS, gap="medium")
    with left:
        with st.container(key="progress-shown"):
            st.vega_lite_chart(spec=shown.chart, width="stretch", alt=shown.spoken)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            legend = [f"{plain(glyph)} {plain(meaning)}" for glyph, meaning in shown.legend]
            st.caption(" · ".join([*legend, *map(plain, shown.chart_notes)]), width="content")
            draw_chart_download(visit, [Drawing(shown.chart)], name=f"progress-{shown.indicator}", title=view.headline)
    with right, st.container(key="progress-facts"):
        facts = {plain(fact.label): f"**{plain(fact.strong)}** {plain(fact.more)}".strip() for fact in shown.facts}
        if facts:
            st.table(facts, border="horizontal", alt=text("unit.fact.spoken", visit.language))
        if shown.notes:
            st.caption("  \n".join(map(plain, shown.notes)))


def _draw_others(view: ProgressView, visit: Visit, choices: Choices) -> None:
    """The other indicators, a row each that leads to itself."""
    language, theme, others = visit.language, visit.theme, view.others
    st.header(text("progress.others.title", language), anchor=False)
    columns = [
        Column(text("progress.others.name", language), [_way(other, choices) for other in others]),
        Column(text("progress.others.now", language), [f"**{plain(other.now)}**" for other in others], is_number=True),
        Column(
            text("progress.others.bar", language), [picture(_bar(other.result, theme), other.now) for other in others]
        ),
        Column(text("progress.others.target", language), [plain(other.target) for other in others], is_number=True),
        Column(text("progress.others.ahead", language), [plain(each.projection) for each in others], is_number=True),
        Column(
            text("progress.others.course", language),
            [picture(spark(other.days, ACCENT.on(theme)), other.days_spoken) for other in others],
        ),
        *(
            [Column(text("progress.others.standing", language), [_stands(other, visit) for other in others])]
            if choices.level is None
            else []
        ),
        Column(
            text("progress.others.why", language), [f":gray[{plain(each.why)}]" if each.why else "" for each in others]
        ),
    ]
    draw_table(columns, alt=text("progress.others.spoken", language), key="progress-others")


def _way(other: OtherView, choices: Choices) -> str:
    query = address.onward(choices, **_subject_query(choices), indicator=other.result.indicator)
    return way_to("progress", query, other.name)


def _bar(row: Result, theme: Theme) -> str:
    return bar_image(
        row.on_scale(row.value), standing=row.standing, target=row.on_scale(row.target),
        trajectory=row.on_scale(row.trajectory), baseline=row.on_scale(row.baseline), theme=theme,
    )  # fmt: skip


def _stands(other: OtherView, visit: Visit) -> str:
    if not other.standing_words:
        return ""
    return f"{coloured(other.result.standing, visit.theme)}{NO_BREAK}{together(other.standing_words)}"


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
    st.markdown(f"{plain(watch.said)} :gray[{plain(text('progress.signals.for_whom', language))}]")
    signals = watch.signals
    if not signals:
        return
    hue = ACCENT.on(visit.theme)
    columns = [
        Column(text("progress.signals.unit", language), [_way_to_signal(found, choices) for found in signals]),
        Column(text("progress.signals.indicator", language), [plain(found.indicator_name) for found in signals]),
        Column(text("progress.signals.rule", language), [_rule(found, visit) for found in signals]),
        Column(
            text("progress.signals.weeks", language),
            [picture(spark(found.weeks, hue), found.weeks_spoken) for found in signals],
        ),
        Column(text("progress.signals.newest", language), [plain(found.newest) for found in signals], is_number=True),
        Column(text("progress.signals.usually", language), [plain(found.usual) for found in signals], is_number=True),
        Column(text("progress.signals.cases", language), [plain(found.cases) for found in signals], is_number=True),
        Column(text("progress.signals.promise", language), [f":gray[{plain(found.promise)}]" for found in signals]),
    ]
    draw_table(columns, alt=text("progress.signals.spoken", language), key="progress-signals")


def _way_to_signal(found: SignalView, choices: Choices) -> str:
    return way_to("progress", address.onward(choices, unit=found.unit, indicator=found.indicator), found.name)


def _rule(found: SignalView, visit: Visit) -> str:
    return f"{coloured(BETTER if found.is_better else WORSE, visit.theme)} {plain(found.rule)}"


PAGE = Page(
    key="progress", address="progress", draw=draw, keeps_to_branch=True, follows=("indicator", "phase", "as_of")
)
