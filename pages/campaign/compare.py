"""So sánh: who makes up the province's gap, who moves, who differs by more than chance, and what it would take."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import streamlit as st

from models import formats
from models.queries.compare import Comparison
from models.queries.overview import Overview
from models.texts import text
from pages.parts import answers, compare_answers, sentences, session
from pages.parts.compare_asking import draw_amount, draw_choice, draw_sections, draw_units
from pages.parts.compare_choices import SCENES, WAYS, CompareChoices, read_compare_choices
from pages.parts.compare_drawing import draw_exhibit
from pages.parts.compare_exhibits import Exhibit
from pages.parts.compare_if import IfView
from pages.parts.compare_ranks import ranked, size_count, size_name, sizes_of
from pages.parts.compare_slope import units_to_show
from pages.parts.feeds_choices import screen_of, too_far
from pages.parts.layout import FILTER_WIDTH
from pages.parts.markdown import coloured, plain
from pages.parts.page import Page, Visit
from pages.parts.session import Choices, Ignored

NONE = ""


@dataclass(frozen=True)
class Asked:
    """What this run looks at, everything checked."""

    visit: Visit
    overview: Overview
    comparison: Comparison
    choices: Choices
    own: CompareChoices
    level: str
    """The level looked at where a part of the page shows one; the address's, or the one with most units."""

    @property
    def language(self) -> str:
        return self.visit.language

    @property
    def running(self) -> Comparison:
        """The same in the running phase, which is what most of the page is about."""
        if self.choices.phase is None:
            return self.comparison
        return compare_answers.find_comparison(
            self.visit.situation, as_of=self.overview.as_of, indicator=self.comparison.indicator, phase=None
        )

    @property
    def query(self) -> str:
        """What a link to a unit carries on."""
        wanted = session.onward(self.choices, indicator=self.comparison.indicator)
        return urlencode(wanted)


def draw(visit: Visit) -> None:
    """The choices of the address first; then the message of the part looked at, its choices, its evidence."""
    asked = _asked(visit)
    language, overview = asked.language, asked.overview
    with st.container(gap="xxsmall"):
        said = (sentences.day_of_campaign(overview, language), sentences.coverage(overview, language))
        st.markdown(f"**{plain(overview.campaign.short_title.of(language))}** · {plain(' · '.join(said))}")
    {
        "gap": _draw_contribution,
        "change": _draw_contribution,
        "slope": _draw_slope,
        "ranks": _draw_ranks,
        "funnel": _draw_funnel,
        "if": _draw_if,
    }[asked.own.section](asked)


# --- choices --------------------------------------------------------------------------------------------------------


def _asked(visit: Visit) -> Asked:
    as_of = visit.choices.as_of or visit.situation.today
    overview = answers.find_overview(visit.situation, as_of=as_of, phase=None)
    choices = visit.choices
    worst = sentences.worst_line(overview)
    first = overview.campaign.indicators[0].key if worst is None else worst.indicator
    comparison = compare_answers.find_comparison(
        visit.situation, as_of=as_of, indicator=choices.indicator or first, phase=choices.phase
    )
    own = read_compare_choices(
        session.current_query(),
        codes={row.unit for row in comparison.rows} - {comparison.whole.unit},
        sizes=size_count(overview.campaign),
        language=visit.language,
    )
    visit.ignored.extend(own.ignored)
    levels = [level.key for level in overview.campaign.levels if level.group is not None]
    if ungrouped := session.ungrouped(choices, overview.campaign):
        visit.ignored.extend(ungrouped)
        choices = replace(choices, level=None)
    if choices.parent is not None and choices.parent not in _parents(comparison):
        visit.ignored.append(Ignored("parent", choices.parent, text("compare.choice.no_parent", visit.language)))
        choices = replace(choices, parent=None)
    counted = [(sum(row.level == level for row in comparison.rows), level) for level in levels]
    level = choices.level or max(counted, default=(0, levels[-1] if levels else NONE))[1]
    return Asked(visit, overview, comparison, choices, own, level)


def _parents(comparison: Comparison) -> dict[str, str]:
    """The units that tell for others below them: those that can be looked into."""
    above = {int(at) for at in comparison.parent if at >= 0}
    return {comparison.rows[at].unit: comparison.rows[at].name for at in sorted(above) if comparison.in_sums[at]}


def _draw_head(asked: Asked, title: str, choices: Mapping[str, tuple[Mapping[str, str], str]]) -> None:
    """The message, the parts of the page, and one row of choices: the indicator first."""
    language, campaign = asked.language, asked.overview.campaign
    st.title(plain(title), anchor=False)
    draw_sections(asked.own, campaign.baseline_year, language)
    indicators = {indicator.key: indicator.short_name.of(language) for indicator in campaign.indicators}
    options = {"indicator": (indicators, asked.comparison.indicator), **choices}
    with st.grid(
        "auto", min_column_width=FILTER_WIDTH + 60, vertical_alignment="bottom", gap="small", key="compare-choices"
    ):
        for name, (words, chosen) in options.items():
            draw_choice(name, words, chosen, language)


def _phases(asked: Asked) -> tuple[Mapping[str, str], str]:
    campaign = asked.overview.campaign
    now = campaign.phase_on(asked.overview.as_of).name.of(asked.language)
    running = {NONE: text("gaps.running_phase", asked.language, name=now)}
    phases = {phase.key: phase.name.of(asked.language) for phase in campaign.phases}
    return running | phases, asked.choices.phase or NONE


def _levels(asked: Asked, *, with_all: bool) -> tuple[Mapping[str, str], str]:
    language = asked.language
    levels = {level.key: level.name.of(language) for level in asked.overview.campaign.levels if level.group is not None}
    if with_all:
        return {NONE: text("gaps.all_levels", language)} | levels, asked.choices.level or NONE
    return levels, asked.level


# --- the parts of the page ------------------------------------------------------------------------------------------


def _draw(exhibit: Exhibit, asked: Asked) -> None:
    draw_exhibit(
        exhibit,
        asked.overview,
        asked.visit,
        indicator=asked.comparison.indicator,
        page=asked.own.page,
        query=asked.query,
    )


def _draw_contribution(asked: Asked) -> None:
    language = asked.language
    is_by_unit = asked.own.by == WAYS[0]
    gap, change = compare_answers.find_contribution(
        asked.visit.situation,
        asked.overview,
        asked.comparison,
        by=asked.own.by,
        parent=asked.choices.parent if is_by_unit else None,
        query=asked.query,
        language=language,
    )
    choices = {
        "by": ({way: text(f"compare.by.{way}", language) for way in WAYS}, asked.own.by),
        "phase": _phases(asked),
    }
    if is_by_unit:
        root = next(level for level in asked.overview.campaign.levels if level.group is None).name.of(language)
        whole = text("compare.choice.whole_units", language, level=sentences.in_sentence(root))
        parents = {NONE: whole} | _parents(asked.comparison)
        choices["parent"] = (parents, asked.choices.parent or NONE)
    shown = change if asked.own.section == "change" else gap
    _draw_head(asked, shown.title, choices)
    _draw(shown, asked)


def _draw_slope(asked: Asked) -> None:
    units = units_to_show(asked.running, asked.own.units)
    exhibit = compare_answers.find_slope(asked.visit.situation, asked.overview, asked.running, units, asked.language)
    _draw_head(asked, exhibit.title, {})
    draw_units(answers.find_findables(asked.visit.situation, asked.language), units, asked.language)
    _draw(exhibit, asked)


def _draw_ranks(asked: Asked) -> None:
    language, campaign = asked.language, asked.overview.campaign
    ranking = compare_answers.find_ranking(asked.visit.situation, asked.overview, asked.running, language)
    sizes = sizes_of(ranking, asked.level)
    most = max(sizes, key=lambda size: (sizes[size], -size), default=0)
    size = most if asked.own.size is None else asked.own.size
    chosen = ranked(ranking, level=asked.level, size=size)
    screen = screen_of(asked.own.page, whole=len(chosen), most=25)
    asked.visit.ignored.extend(too_far("page", screen, language))
    exhibit = compare_answers.find_ranks(
        asked.visit.situation,
        ranking,
        level=asked.level,
        size=size,
        page=screen.number,
        query=asked.query,
        language=language,
    )
    indicator = campaign.indicator(asked.comparison.indicator)
    names = {
        str(at): text(
            "compare.size.counted",
            language,
            size=size_name(campaign, indicator, at, language),
            count=formats.whole(sizes.get(at, 0), language),
        )
        for at in range(size_count(campaign))
        if sizes.get(at) or at == size
    }
    _draw_head(asked, exhibit.title, {"level": _levels(asked, with_all=False), "size": (names, str(size))})
    _draw(exhibit, asked)


def _draw_funnel(asked: Asked) -> None:
    exhibit = compare_answers.find_funnel(
        asked.visit.situation, asked.running, level=asked.level, language=asked.language
    )
    _draw_head(asked, exhibit.title, {"level": _levels(asked, with_all=False)})
    _draw(exhibit, asked)


def _draw_if(asked: Asked) -> None:
    """Another uplift is looked at where it tells: at the last milestone, unless the address names another."""
    language, own, campaign = asked.language, asked.own, asked.overview.campaign
    scenes = {scene: text(f"compare.scene.{scene}", language) for scene in SCENES}
    choices: dict[str, tuple[Mapping[str, str], str]] = {"if": (scenes, own.scene)}
    phase = asked.running.whole.phase
    if own.scene == "uplift":
        dated = {phase.key: phase.name.of(language) for phase in campaign.phases if phase.due is not None}
        phase = asked.choices.phase or next(reversed(dated), phase)
        choices["phase"] = (dated | {phase: campaign.phase(phase).name.of(language)}, phase)
    if own.scene == "slowest":
        choices["level"] = _levels(asked, with_all=True)
    view = compare_answers.find_if(
        asked.visit.situation,
        asked.running,
        own,
        level=asked.choices.level if own.scene == "slowest" else None,
        phase=phase,
        language=language,
    )
    _draw_head(asked, view.exhibit.title, choices)
    draw_amount(own, campaign.indicator(asked.comparison.indicator).rule.uplift, language)
    if own.scene == "units":
        draw_units(answers.find_findables(asked.visit.situation, language), own.units, language)
    _draw_answer(view, asked.visit)
    _draw(view.exhibit, asked)


def _draw_answer(view: IfView, visit: Visit) -> None:
    """The facts before and after, then how many units stand where: bars, and each part in words."""
    if not view.facts:
        return
    with st.grid(len(view.facts), min_column_width=FILTER_WIDTH + 40, gap="small", key="compare-facts"):
        for label, before, after in view.facts:
            st.markdown(f"{plain(label)}  \n{plain(before)} → **{plain(after)}**")
    with st.container(key="compare-standings", gap="xxsmall"):
        for number, bar in enumerate(view.bars):
            parts = " · ".join(f"{coloured(standing, visit.theme)} {plain(words)}" for standing, words in bar.parts)
            st.markdown(f"**{plain(bar.title)}:** {parts}")
            with st.container(key=f"compare-standings-{number}"):
                st.vega_lite_chart(spec=bar.chart, width="stretch", alt=bar.spoken)


PAGE = Page(key="compare", address="compare", draw=draw)
