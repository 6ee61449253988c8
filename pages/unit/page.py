"""Đơn vị: one unit on one indicator in a sentence, its six indicators as rows, one large chart, the rest in tabs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from models.core import formats
from models.core.texts import text
from models.tasks.queries import TaskRow
from models.units.queries import UnitName
from pages.charts.layout import ACCENT, CHART_COLUMNS, LINKS_LEAST_WIDTH
from pages.charts.sparks import bar_image, parts_image, spark
from pages.kit import address, answers
from pages.kit.address import Asking, Choices, link
from pages.kit.downloads import draw_chart_download
from pages.kit.markdown import coloured, marked, plain, tally
from pages.kit.page import Page, Visit
from pages.kit.tables import NO_BREAK, Column, draw_table, picture, together, way_to
from pages.tasks import view as tasks_view
from pages.unit import requests
from pages.unit.data import UnitAnswers
from pages.unit.forms import Counter, draw_forms
from pages.unit.records import Table
from pages.unit.requests import draw_review, draw_today
from pages.unit.sentences import RequestView, request_views
from pages.unit.story import draw_story
from pages.unit.view import RowView, UnitView
from targets.permissions import Permission, may
from targets.values import Campaign

CHOSEN = "unit-tabs"
SHORT = 24
"""Letters of a cell that stay on one line."""
SHOWN = 6
"""Settled requests that are read without opening anything."""
PRINTED = 12
"""Units below that are printed, the hardest; pages/assets/print.css leaves the others out, for one sheet."""


def draw(visit: Visit) -> None:
    """The unit of the address, or the way to one."""
    address.confirm_address()
    campaign, choices = answers.find_campaign(visit.situation), visit.choices
    if choices.unit is None:
        _draw_invitation(answers.find_unit_names(visit.situation), campaign, choices)
        return
    as_of = choices.as_of or visit.situation.today
    unit = answers.find_unit(visit.situation, choices.unit, as_of=as_of, phase=choices.phase)
    view = answers.find_unit_view(visit.situation, unit, choices.indicator or campaign.main, visit.language)
    tabs = _tabs(view, unit, visit)
    asking = Asking(address.current_query(), visit.language)
    tab = asking.one_of("tab", [each.key for each in tabs])
    visit.ignored.extend(asking.ignored)
    _draw_header(view, visit)
    draw_today(unit, visit)
    if view.rows:
        _draw_rows(view, visit, tab)
        _draw_own(view, visit)
        _draw_chart(view, visit)
    _draw_tabs(tabs, tab)


def _draw_invitation(units: Sequence[UnitName], campaign: Campaign, choices: Choices) -> None:
    """The province and those right below it; others are found by the search, or one click further."""
    language = choices.language
    st.title(text("unit.invite.title", language), anchor=False)
    st.markdown(plain(text("unit.invite.body", language)))
    near = [unit for unit in units if unit.parent in (None, campaign.province)]
    for level in campaign.levels:
        shown = [unit for unit in near if unit.level == level.key]
        if not shown:
            continue
        count = formats.whole(len(shown), language)
        said = text("unit.invite.level", language, level=level.name.of(language), count=count)
        st.header(plain(said), anchor=False)
        with st.grid("auto", min_column_width=LINKS_LEAST_WIDTH, gap="small", key=f"level-{level.key}"):
            for unit in shown:
                link("unit", plain(unit.name), address.onward(choices, unit=unit.code), language=language)


# --- the header -----------------------------------------------------------------------------------------------------


def _draw_header(view: UnitView, visit: Visit) -> None:
    """The sentence; below it the standing and why, who answers for the unit, and what stands above and below it."""
    language = visit.language
    with st.container(gap=None, key="unit-head"):
        st.title(plain(view.title), anchor=False)
        parts = [plain(view.head)]
        if view.parent is not None:
            parts.append(_parted(text("unit.header.under", language, parent="\0"), _way(view.parent, visit)))
        if view.below:
            parts.append(plain(view.below))
        standing = ""
        if view.standing is not None:
            said = f"{marked(view.standing, view.standing_words, visit.theme)} {plain(view.why)}".rstrip()
            standing = f"{said} &nbsp; "
        st.markdown(f"{standing}:gray[{' · '.join(parts)}]")
    if view.standing is not None:
        draw_review(view.code, view.indicator, visit)
    if view.notes:
        with st.container(gap="xxsmall", key="unit-notes"):
            for note in view.notes:
                after = (
                    f" {_way(view.successor, visit)}" if view.successor is not None and note == view.notes[0] else ""
                )
                st.markdown(f":material/event: {plain(note)}{after}")
    if view.advice:
        st.info(plain(view.advice), icon=":material/info:")
    for said in view.disagreements:
        st.warning(plain(said), icon=":material/sync_problem:")


def _parted(words: str, inner: str) -> str:
    """Words around something that is Markdown already."""
    before, after = words.split("\0")
    return f"{plain(before)}{inner}{plain(after)}"


def _way(unit: UnitName, visit: Visit) -> str:
    """The way to another unit; only its name for those to whom that page does not open."""
    readable = visit.actor.readable
    if readable is not None and unit.code not in readable:
        return plain(unit.name)
    return way_to("unit", address.onward(visit.choices, unit=unit.code), unit.name)


# --- six rows, one chart --------------------------------------------------------------------------------------------


def _draw_rows(view: UnitView, visit: Visit, tab: str | None) -> None:
    """The unit's indicators side by side; a click on a name has the page speak of it."""
    language, rows, under_review = visit.language, view.rows, requests.find_under_review(visit.situation)
    wanted = {"unit": view.code} | ({} if tab is None else {"tab": tab})

    def named(row: RowView) -> str:
        if row.code == view.indicator:
            return f":primary[:material/check_circle:{NO_BREAK}**{together(row.name)}**]"
        return way_to("unit", address.onward(visit.choices, **(wanted | {"indicator": row.code})), row.name)

    def standing(row: RowView) -> str:
        mark = text("wishes.review.mark", language) if (view.code, row.code) in under_review else ""
        return " ".join(part for part in (_standing(row, visit), together(mark)) if part)

    columns = [
        Column(_head("indicator", language), [named(row) for row in rows]),
        *_measured(rows, visit),
        Column(_head("target", language), [plain(row.target) for row in rows], is_number=True),
        Column(_head("week", language), [plain(row.week) for row in rows], is_number=True),
        Column(_head("missing", language), [_missing(row, language) for row in rows]),
        Column(plain(view.days_head), [_spark(row, visit) for row in rows]),
        Column(_head("standing", language), [standing(row) for row in rows]),
        Column(_head("why", language), [f":gray[{plain(row.why)}]" if row.why else "" for row in rows]),
    ]
    draw_table(columns, alt=text("unit.column.spoken", language, name=view.name), key="unit-rows")
    if view.row_notes:
        st.caption(plain(" ".join(view.row_notes)))


def _draw_own(view: UnitView, visit: Visit) -> None:
    """What the unit tells of itself, judged beside the sum above it."""
    if not view.own_rows:
        return
    language, rows = visit.language, [row for row, _ in view.own_rows]
    st.subheader(plain(view.own_title), anchor=False)
    columns = [
        Column(_head("indicator", language), [plain(row.name) for row in rows]),
        *_measured(rows, visit),
        Column(_head("target", language), [plain(row.target) for row in rows], is_number=True),
        Column(_head("missing", language), [_missing(row, language) for row in rows]),
        Column(plain(text("unit.own.days", language)), [_spark(row, visit) for row in rows]),
        Column(plain(text("unit.own.day", language)), [plain(day) for _, day in view.own_rows]),
        Column(_head("standing", language), [_standing(row, visit) for row in rows]),
        Column(_head("why", language), [f":gray[{plain(row.why)}]" if row.why else "" for row in rows]),
    ]
    draw_table(columns, alt=text("unit.own.spoken", language, name=view.name), key="unit-own")
    st.caption(plain(text("unit.own.note", language)))


def _head(name: str, language: str) -> str:
    return plain(text(f"unit.column.{name}", language))


def _measured(rows: Sequence[RowView], visit: Visit) -> list[Column]:
    """The figure, and the same as a bar against its target."""

    def bar(row: RowView) -> str:
        if row.standing is None:
            return ""
        image = bar_image(
            row.place, standing=row.standing, target=row.target_place, trajectory=row.path_place, theme=visit.theme
        )
        return picture(image, text("unit.column.bar", visit.language, value=row.now, target=row.target))

    return [
        Column(_head("now", visit.language), [f"**{plain(row.now)}**" for row in rows], is_number=True),
        Column("", [bar(row) for row in rows]),
    ]


def _standing(row: RowView, visit: Visit) -> str:
    if row.standing is None:
        return plain(row.standing_words)
    return f"{coloured(row.standing, visit.theme)}{NO_BREAK}{together(row.standing_words)}"


def _missing(row: RowView, language: str) -> str:
    if not row.points:
        return ""
    points = together(formats.in_short(row.points, row.measure, language))
    cases = together(f"· {row.cases} {row.counted}") if row.cases else ""
    return f"{points} :gray[{cases}]" if cases else points


def _spark(row: RowView, visit: Visit) -> str:
    known = [value for value in row.days if value is not None]
    if not known:
        return ""
    edges = {name: formats.figure(known[at], row.measure, visit.language) for name, at in (("first", 0), ("last", -1))}
    image = spark(row.days, ACCENT.on(visit.theme))
    return picture(image, text("unit.column.spark", visit.language, **edges))


def _draw_chart(view: UnitView, visit: Visit) -> None:
    chart, language = view.chart, visit.language
    if chart is None or view.drawing is None:
        return
    left, right = st.columns(CHART_COLUMNS, gap="medium")
    with left:
        with st.container(key="unit-chart"):
            st.vega_lite_chart(spec=chart.spec, width="stretch", alt=chart.spoken)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            legend = [f"{plain(glyph)} {plain(meaning)}" for glyph, meaning in chart.legend]
            st.caption(" · ".join([*legend, *map(plain, chart.notes)]), width="content")
            draw_chart_download(visit, [view.drawing], name=view.code, title=view.title)
    with right, st.container(key="unit-facts"):
        facts = {plain(fact.label): f"**{plain(fact.strong)}** {plain(fact.more)}".strip() for fact in view.facts}
        if facts:
            st.table(facts, border="horizontal", alt=text("unit.fact.spoken", language))
        if view.grades is not None:
            st.markdown(picture(parts_image(view.grades.shares, visit.theme), view.grades.words))
            st.caption(plain(view.grades.words))
        if view.fact_notes:
            st.caption("  \n".join(map(plain, view.fact_notes)))


# --- the rest -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tab:
    """A tab: the choice of `tab` that opens it, what it is called, and what draws it when it is open."""

    key: str
    label: str
    draw: Callable[[], None]


def _tabs(view: UnitView, unit: UnitAnswers, visit: Visit) -> list[Tab]:
    """Those that have something to show, to whoever looks."""
    language, code = visit.language, view.code
    tasks = requests.find_tasks_of(code, visit)

    def label(key: str, count: int | None = None) -> str:
        name = text(f"unit.tab.{key}", language)
        return name if count is None else text("unit.tab.counted", language, name=name, count=count)

    tabs = [
        Tab("targets", label("targets"), lambda: _draw_targets(view, language)),
        Tab("requests", label("requests"), lambda: draw_requests(unit, view.indicator, visit)),
        Tab("figures", label("figures", len(view.flags) or None), lambda: _draw_figures(view, language)),
    ]
    if view.children:
        tabs.insert(0, Tab("below", label("below", len(view.children)), lambda: _draw_below(view, visit)))
    if tasks:
        late, name = sum(task.is_overdue(visit.situation.today) for task in tasks), label("tasks", len(tasks))
        if late:
            name = text("unit.tab.late", language, name=label("tasks"), count=len(tasks), late=late)
        tabs.insert(-1, Tab("tasks", name, lambda: _draw_tasks(tasks, code, visit)))
    if may(visit.actor, Permission.READ_STORY, unit=code):
        tabs.append(Tab("story", label("story"), lambda: draw_story(code, view.name, visit)))
    return tabs


def _draw_tabs(tabs: Sequence[Tab], asked: str | None) -> None:
    """Only the open one is drawn; which that is stands in the address."""
    labels = {tab.label: tab.key for tab in tabs}
    st.session_state[CHOSEN] = next((tab.label for tab in tabs if tab.key == asked), tabs[0].label)
    drawn = st.tabs(list(labels), key=CHOSEN, on_change=_choose_tab, args=(labels,))
    for tab, place in zip(tabs, drawn, strict=True):
        if place.open:
            with place:
                tab.draw()


def _choose_tab(labels: dict[str, str]) -> None:
    address.choose("tab", labels[st.session_state[CHOSEN]])


def _draw_below(view: UnitView, visit: Visit) -> None:
    """The units below on the indicator chosen, the hardest first."""
    language, rows = visit.language, view.children
    st.markdown(tally(view.counts, language, visit.theme))
    columns = [
        Column(
            _head("unit", language),
            [way_to("unit", address.onward(visit.choices, unit=row.code), row.name) for row in rows],
        ),
        *_measured(rows, visit),
        Column(_head("short", language), [plain(row.points) for row in rows], is_number=True),
        Column(plain(view.counted), [plain(row.cases) for row in rows], is_number=True),
        Column(_head("week", language), [plain(row.week) for row in rows], is_number=True),
        Column(_head("standing", language), [_standing(row, visit) for row in rows]),
    ]
    if any(row.head for row in rows):
        columns.append(Column(_head("head", language), [plain(row.head) for row in rows]))
    draw_table(columns, alt=text("unit.children.spoken", language, name=view.name), key="unit-below")
    if len(rows) > PRINTED:
        with st.container(key="printed"):
            st.caption(plain(text("unit.children.printed", language, shown=PRINTED, count=len(rows))))


def _draw_targets(view: UnitView, language: str) -> None:
    """What is owed by indicator and phase, and how that came about for the indicator chosen."""
    if view.targets is None:
        st.markdown(plain(text("unit.targets.empty", language)))
        return
    _draw_table(view.targets, "unit-targets")
    if view.baseline_notes:
        st.caption(plain(" · ".join(view.baseline_notes)))
    if view.chain is None:
        return
    st.header(plain(view.chain.name), anchor=False)
    st.markdown("\n".join(f"- {plain(reason)}" for reason in view.chain.reasons))
    _draw_table(view.chain.versions, "unit-versions")


def _draw_table(table: Table, key: str) -> None:
    """A table of words. Where they do not fit, it scrolls inside itself."""
    cells = zip(*table.rows, strict=True)
    columns = [
        Column(plain(head), [together(cell) if len(cell) <= SHORT else plain(cell) for cell in column])
        for head, column in zip(table.heads, cells, strict=True)
    ]
    draw_table(columns, alt=table.spoken, key=key)


def _draw_figures(view: UnitView, language: str) -> None:
    """From which source figures came, what was odd about them, day by day, what was revised; parts and scores."""
    for flag in view.flags:
        st.warning(plain(flag), icon=":material/flag:")
    st.caption(plain(view.arrivals_note))
    if view.arrivals is not None:
        _draw_table(view.arrivals, "unit-arrivals")
    if view.revisions:
        st.header(plain(text("unit.arrivals.revisions", language, count=len(view.revisions))), anchor=False)
        st.markdown("\n".join(f"- **{plain(name)}**, {plain(said)}" for name, said in view.revisions))
    if view.parts is not None:
        st.header(text("unit.parts.title", language), anchor=False)
        _draw_table(view.parts, "unit-parts")
        st.caption(plain(text("unit.parts.note", language)))
    if view.scores:
        st.header(text("unit.scores.title", language), anchor=False)
        st.markdown("\n".join(f"- **{plain(name)}**: {plain(said)}" for name, said in view.scores))
        st.caption(plain(text("unit.scores.note", language)))


def _draw_tasks(rows: Sequence[TaskRow], unit: str, visit: Visit) -> None:
    """What the unit has to do, and the way to where it reports."""
    language, today = visit.language, visit.situation.today
    cells = [tasks_view.view(row, today=today, language=language).cells for row in rows]
    columns = [
        Column(plain(text(f"tasks.column.{name}", language)), [plain(row[at]) for row in cells])
        for at, name in enumerate(tasks_view.COLUMNS)
        if name != "unit"
    ]
    draw_table(columns, alt=text("page.tasks", language), key="unit-tasks")
    query = address.in_language({"unit": unit}, language)
    link("tasks", plain(text("tasks.see", language)), query, language=language)


def draw_requests(unit: UnitAnswers, indicator: str, visit: Visit) -> None:
    """What waits, the forms of those who may, then what was agreed. A unit that has ended has no forms any more."""
    language, profile = visit.language, unit.profile
    found = requests.find_requests(visit.situation, profile.unit.code)
    today = visit.situation.today
    views = request_views(
        found,
        campaign=unit.campaign,
        names=requests.find_names(visit.situation) if found else {},
        today=today,
        language=language,
    )
    with st.container(key="wishes", gap="small"):
        if not views:
            st.caption(plain(text("wishes.empty", language)))
        waiting = [view for view in views if view.is_waiting]
        settled = [view for view in views if not view.is_waiting]
        for view in waiting:
            _draw_one(view)
        if profile.valid_to is None or profile.valid_to >= today:
            now = requests.unit_today(unit, visit)
            window = requests.find_window(visit)
            shown = now.rows
            if window is not None:
                shown = answers.find_unit(visit.situation, profile.unit.code, as_of=window.as_of, phase=None).rows
            counter = Counter(
                unit=unit, requests=found, rows=now.rows, indicator=indicator, window=window, disputable=shown
            )
            draw_forms(counter, visit)
        for view in settled[:SHOWN]:
            _draw_one(view)
        if rest := settled[SHOWN:]:
            with st.expander(plain(text("wishes.earlier", language, count=len(rest))), key="wishes-earlier"):
                for view in rest:
                    _draw_one(view)


def _draw_one(view: RequestView) -> None:
    """A title with its state, and below it what was said, by whom, and what was decided."""
    icon = ":material/alarm:" if view.is_late else ":material/hourglass_top:" if view.is_waiting else ":material/check:"
    with st.container(gap=None):
        st.markdown(f"{icon} **{plain(view.title)}** · {plain(view.state)}")
        st.caption("  \n".join(plain(line).replace("\n", " ") for line in view.lines))


PAGE = Page(key="unit", address="unit", draw=draw, keeps_to_branch=True, follows=("indicator", "phase", "as_of"))
