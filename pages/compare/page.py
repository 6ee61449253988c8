"""So sánh: who makes up the province's gap, who moves, who differs by more than chance, and what it would take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

import streamlit as st

from jobs.wording import results as wording
from models.analysis.compare import Comparison
from models.core import formats
from models.core.texts import text
from models.results.overview import Overview
from pages.charts.layout import FILTER_WIDTH
from pages.compare import data
from pages.compare.beside import beside_exhibit, course_of
from pages.compare.choices import (
    BESIDE,
    MOST_SLOWEST,
    MOST_UNITS,
    MOST_UPLIFT,
    SCENARIOS,
    SECTIONS,
    STEP,
    WAYS,
    CompareChoices,
    read_compare_choices,
)
from pages.compare.exhibits import Exhibit, draw_exhibit
from pages.compare.ranks import ranked, size_count, size_name, sizes_of
from pages.compare.slope import units_to_show
from pages.compare.what_if import IfView
from pages.feeds.choices import screen_of, too_far
from pages.kit import address, answers, campaigns
from pages.kit.address import Asking, Choices, Ignored
from pages.kit.markdown import coloured, plain
from pages.kit.page import Page, Visit
from pages.unit.data import Findable

NONE = ""
OWN = "own"
"""The front's own campaign in an address that names another one to stand beside."""


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
        return data.find_comparison(
            self.visit.situation, as_of=self.overview.as_of, indicator=self.comparison.indicator, phase=None
        )

    @property
    def query(self) -> str:
        """What a link to a unit carries on."""
        return urlencode(address.onward(self.choices))


def draw(visit: Visit) -> None:
    """The choices of the address first; then the message of the part looked at, its choices, its evidence."""
    asked = _asked(visit)
    indicator = asked.overview.campaign.indicator(asked.comparison.indicator)
    if not indicator.measure.is_rate:
        name = indicator.short_name.of(asked.language)
        st.title(plain(text("compare.no_rate.title", asked.language, name=name)), anchor=False)
        st.info(plain(text("compare.no_rate.said", asked.language)), icon=":material/info:")
        return
    {
        "gap": _draw_contribution,
        "change": _draw_contribution,
        "slope": _draw_slope,
        "ranks": _draw_ranks,
        "funnel": _draw_funnel,
        "if": _draw_if,
        BESIDE: _draw_beside,
    }[asked.own.section](asked)


# --- choices --------------------------------------------------------------------------------------------------------


def _asked(visit: Visit) -> Asked:
    as_of = visit.choices.as_of or visit.situation.today
    overview = answers.find_overview(visit.situation, as_of=as_of, phase=None)
    choices = visit.choices
    indicator = choices.indicator or overview.campaign.main
    comparison = data.find_comparison(visit.situation, as_of=as_of, indicator=indicator, phase=choices.phase)
    own = read_compare_choices(
        address.current_query(),
        codes={row.unit for row in comparison.rows} - {comparison.whole.unit},
        sizes=size_count(overview.campaign),
        language=visit.language,
    )
    visit.ignored.extend(own.ignored)
    levels = [level.key for level in overview.campaign.levels if level.group is not None]
    if ungrouped := address.ungrouped(choices, overview.campaign):
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
    """The message, then in one row the parts of the page and the choices of this one."""
    language = asked.language
    st.title(plain(title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="compare-choices"):
        draw_sections(asked.own, asked.overview.campaign.baseline_year, language)
        for name, (words, chosen) in choices.items():
            draw_choice(name, words, chosen, language)


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
    gap, change = data.find_contribution(
        asked.visit.situation,
        asked.overview,
        asked.comparison,
        by=asked.own.by,
        parent=asked.choices.parent if is_by_unit else None,
        query=asked.query,
        language=language,
    )
    choices = {"by": ({way: text(f"compare.by.{way}", language) for way in WAYS}, asked.own.by)}
    if is_by_unit:
        root = next(level for level in asked.overview.campaign.levels if level.group is None).name.of(language)
        whole = text("compare.choice.whole_units", language, level=wording.in_sentence(root))
        parents = {NONE: whole} | _parents(asked.comparison)
        choices["parent"] = (parents, asked.choices.parent or NONE)
    shown = change if asked.own.section == "change" else gap
    _draw_head(asked, shown.title, choices)
    _draw(shown, asked)


def _draw_slope(asked: Asked) -> None:
    units = units_to_show(asked.running, asked.own.units)
    exhibit = data.find_slope(asked.visit.situation, asked.overview, asked.running, units, asked.language)
    _draw_head(asked, exhibit.title, {})
    draw_units(answers.find_findables(asked.visit.situation, asked.language), units, asked.language)
    _draw(exhibit, asked)


def _draw_ranks(asked: Asked) -> None:
    language, campaign = asked.language, asked.overview.campaign
    ranking = data.find_ranking(asked.visit.situation, asked.overview, asked.running, language)
    sizes = sizes_of(ranking, asked.level)
    most = max(sizes, key=lambda size: (sizes[size], -size), default=0)
    size = most if asked.own.size is None else asked.own.size
    chosen = ranked(ranking, level=asked.level, size=size)
    screen = screen_of(asked.own.page, whole=len(chosen), most=25)
    asked.visit.ignored.extend(too_far("page", screen, language))
    exhibit = data.find_ranks(
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
    exhibit = data.find_funnel(asked.visit.situation, asked.running, level=asked.level, language=asked.language)
    _draw_head(asked, exhibit.title, {"level": _levels(asked, with_all=False)})
    _draw(exhibit, asked)


def _draw_if(asked: Asked) -> None:
    """Another uplift is looked at where it tells: at the last milestone, unless the address names another."""
    language, own, campaign = asked.language, asked.own, asked.overview.campaign
    scenarios = {scenario: text(f"compare.scene.{scenario}", language) for scenario in SCENARIOS}
    choices: dict[str, tuple[Mapping[str, str], str]] = {"if": (scenarios, own.scenario)}
    phase = asked.running.whole.phase
    if own.scenario == "uplift":
        dated = [each.key for each in campaign.phases if each.due is not None]
        phase = asked.choices.phase or next(reversed(dated), phase)
    if own.scenario == "slowest":
        choices["level"] = _levels(asked, with_all=True)
    view = data.find_if(
        asked.visit.situation,
        asked.running,
        own,
        level=asked.choices.level if own.scenario == "slowest" else None,
        phase=phase,
        language=language,
    )
    _draw_head(asked, view.exhibit.title, choices)
    draw_amount(own, campaign.indicator(asked.comparison.indicator).rule.uplift, language)
    if own.scenario == "units":
        draw_units(answers.find_findables(asked.visit.situation, language), own.units, language)
    _draw_answer(view, asked.visit)
    _draw(view.exhibit, asked)


def _draw_beside(asked: Asked) -> None:
    """The unit chosen, or the whole, in this campaign and in another one."""
    language, visit, indicator = asked.language, asked.visit, asked.comparison.indicator
    others = {
        known.key or OWN: known
        for known in campaigns.find_all()
        if known.key != visit.situation.campaign
        and any(each.key == indicator and each.measure.is_rate for each in known.campaign.indicators)
    }
    asking = Asking(address.current_query(), language)
    chosen = asking.one_of("with", tuple(others)) or next(iter(others), NONE)
    visit.ignored.extend(asking.ignored)
    names = {unit.code: unit.label for unit in answers.find_findables(visit.situation, language)}
    unit = asked.choices.unit or asked.comparison.whole.unit
    choices: dict[str, tuple[Mapping[str, str], str]] = {"unit": (names, unit)}
    if others:
        choices["with"] = ({key: known.name(language) for key, known in others.items()}, chosen)
        other = others[chosen]
        own = course_of(
            campaigns.named(asked.overview.campaign, language), asked.overview.campaign,
            data.find_past(visit.situation, unit, as_of=asked.overview.as_of), indicator,
        )  # fmt: skip
        invented = other.situation.simulated and not visit.situation.simulated
        mark = f" · {text('gaps.download.simulated', language)}" if invented else ""
        then = course_of(
            f"{other.name(language)}{mark}", other.campaign,
            data.find_past(other.situation, unit, as_of=other.situation.today), indicator,
        )  # fmt: skip
        name = wording.in_sentence(asked.overview.campaign.indicator(indicator).name.of(language))
        exhibit = beside_exhibit(names.get(unit, unit), name, own, then, language)
    else:
        exhibit = Exhibit(BESIDE, text("compare.beside.alone", language))
    _draw_head(asked, exhibit.title, choices)
    _draw(exhibit, asked)


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


PAGE = Page(key="compare", address="compare", draw=draw, follows=("indicator", "phase", "as_of"))


PLENTY = Decimal(20)
"""An uplift that the slider offers; a larger one can be written into the address."""
WIDTHS = {"by": 165, "parent": 255, "level": 165, "size": 255, "if": 265, "units": 260, "unit": 255, "with": 255}
"""Pixels of the choices: with the parts of the page they fit in one row."""
FEW = 40
"""Up to so many values are picked from a list; among more, typing finds them."""


def draw_sections(choices: CompareChoices, year: int, language: str) -> None:
    """The parts of the page; the one looked at stands in the address."""
    st.session_state["compare-section"] = choices.section
    is_alone = choices.section != BESIDE and not answers.find_further()
    st.segmented_control(
        text("compare.section.label", language),
        SECTIONS if is_alone else (*SECTIONS, BESIDE),
        format_func=lambda section: text(
            f"compare.section.{section}", language, **({"year": year} if section == "slope" else {})
        ),
        key="compare-section",
        label_visibility="collapsed",
        required=True,
        on_change=_choose,
        args=("section",),
    )


def draw_choice(name: str, options: Mapping[str, str], chosen: str, language: str) -> None:
    """A choice from a list; the first one is the default and stands in no address."""
    key = f"compare-{name}"
    st.session_state[key] = chosen
    st.selectbox(
        text(f"compare.choice.{name}", language), list(options), key=key, format_func=options.__getitem__,
        filter_mode=None if len(options) <= FEW else "contains", width=WIDTHS[name],
        label_visibility="collapsed", on_change=_choose, args=(name,),
    )  # fmt: skip


def draw_units(findables: Sequence[Findable], units: Sequence[str], language: str) -> None:
    """Units picked by name; without one the page takes those that say most."""
    labels = {unit.code: unit.label for unit in findables}
    words = {unit.code: unit.words for unit in findables}
    st.session_state["compare-units"] = [code for code in units if code in labels]
    label = text("compare.choice.units", language, most=MOST_UNITS)
    with st.popover(label, icon=":material/checklist:", width=WIDTHS["units"]):
        st.multiselect(
            label, list(words), key="compare-units", label_visibility="collapsed",
            format_func=lambda code: labels[code] if code in units else words[code],
            placeholder=text("progress.subject_hint", language), select_all=False, on_change=_choose_units,
        )  # fmt: skip


def draw_amount(choices: CompareChoices, uplift: Decimal, language: str) -> None:
    """How much of a "what if": how many units, or which uplift."""
    if choices.scenario == "slowest":
        st.session_state["compare-n"] = choices.slowest
        st.slider(text("compare.choice.n", language), 1, MOST_SLOWEST, key="compare-n", on_change=_choose, args=("n",))
    if choices.scenario == "uplift":
        shown = uplift if choices.uplift is None else choices.uplift
        st.session_state["compare-uplift"] = float(shown)
        most = PLENTY if shown <= PLENTY else MOST_UPLIFT
        st.slider(
            text("compare.choice.uplift", language, now=formats.target_percent(uplift, language).removesuffix("%")),
            0.0, float(most), step=float(STEP), key="compare-uplift", format="%.1f", on_change=_choose_uplift,
        )  # fmt: skip


def _choose(name: str) -> None:
    """A choice was changed: on to its value, at the first screen of every list."""
    chosen = st.session_state[f"compare-{name}"]
    address.choose(name, None if chosen in (None, NONE) else str(chosen))


def _choose_units() -> None:
    address.choose("units", ",".join(st.session_state["compare-units"]) or None)


def _choose_uplift() -> None:
    chosen = Decimal(str(st.session_state["compare-uplift"]))
    address.choose("uplift", str(chosen.quantize(STEP) if chosen % 1 else chosen.to_integral_value()))
