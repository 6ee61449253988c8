"""So với chỉ tiêu: how far each unit is from its target on one indicator, who is missing most, and why."""

from dataclasses import asdict, replace
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from jobs.documents.pictures import Drawing
from models.core.texts import text
from models.results.overview import Overview
from pages.charts.dots import row_image, scale_image
from pages.charts.layout import MARKS, PAGES_WIDTH, TINT, UNKNOWN
from pages.charts.sparks import spark
from pages.charts.stacks import PICK
from pages.charts.tiles import tiles_html
from pages.feeds.choices import screen_of, too_far
from pages.gaps.file import GapFile, file_name
from pages.gaps.selection import PAGE_SIZE, SORTS, GapFilters, parents_of, select
from pages.gaps.view import GapView, TableRow
from pages.kit import address, answers
from pages.kit.address import Asking
from pages.kit.downloads import draw_chart_download, draw_download
from pages.kit.markdown import coloured, plain, tally
from pages.kit.page import Page, Visit
from pages.kit.tables import NO_BREAK, Column, draw_table, picture, together
from pages.unit.requests import reviewed_gaps, reviewed_heat, reviewed_map, reviewed_tiles

NONE = ""
"""What a filter holds while nothing is chosen."""
FEW = 40
"""Up to so many values are picked from a list; among more, typing finds them."""
WIDTHS = {"parent": 160, "standing": 165, "sort": 225, "q": 150}
MIMES: dict[GapFile, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
VIEWS = {"table": ":material/table_rows:", "tiles": ":material/grid_view:", "map": ":material/map:"}
"""What stands above the table: nothing, the units as tiles, or the real map; each with its picture."""
PICTURE = 3
"""The place of the picture among the columns."""


def draw(visit: Visit) -> None:
    """The sentence with its count, the choices, the table that is the chart, and behind a switch all indicators."""
    choices, language = visit.choices, visit.language
    overview = answers.find_overview(visit.situation, as_of=choices.as_of or visit.situation.today, phase=choices.phase)
    filters = _filters(overview, visit)
    query = urlencode(address.onward(choices))
    view = reviewed_gaps(
        answers.find_gap_view(visit.situation, overview, filters, query=query, language=language),
        filters.indicator,
        visit,
    )
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="top", key="gaps-head"):
            st.title(plain(view.headline), anchor=False)
            with st.container(
                horizontal=True, vertical_alignment="center", gap="small", width="content", key="gaps-looks"
            ):
                shown = _draw_views(visit)
                if view.table:
                    _draw_file("xlsx", overview, filters, visit)
        st.markdown(tally(view.standings, language, visit.theme))
    if view.advice:
        st.info(plain(view.advice), icon=":material/info:")
    _draw_filters(view, filters, language)
    if view.table:
        if shown == "tiles":
            _draw_tiles(overview, filters, query, visit)
        elif shown == "map":
            _draw_map(overview, filters, visit)
        _draw_table(view, visit)
        _draw_pages(view, overview, filters, visit)
    _draw_heat(overview, filters, query, visit)
    if view.notes:
        st.caption(plain(" ".join(view.notes)))


# --- choices --------------------------------------------------------------------------------------------------------


def _filters(overview: Overview, visit: Visit) -> GapFilters:
    """The choices as filters, with each that is not there left out and named."""
    choices = visit.choices
    indicator = choices.indicator or overview.campaign.main
    rows = answers.find_gap_rows(visit.situation, as_of=overview.as_of, indicator=indicator, phase=choices.phase)

    asking = Asking(address.current_query(), choices.language)
    ungrouped = address.ungrouped(choices, overview.campaign)
    is_above = choices.parent in parents_of(rows)
    if choices.parent is not None and not is_above:
        asking.leave_out("parent", text("gaps.filter.unknown_parent", choices.language))
    filters = GapFilters(
        indicator=indicator,
        phase=choices.phase,
        level=None if ungrouped else choices.level,
        parent=choices.parent if is_above else None,
        standing=choices.standing,
        q=choices.q or "",
        sort=asking.one_of("sort", tuple(SORTS)) or GapFilters.sort,
        page=asking.number("page") or 1,
    )
    found = select(rows, filters, overview.campaign).found
    screen = screen_of(filters.page, whole=len(found), most=PAGE_SIZE)
    visit.ignored.extend((*ungrouped, *asking.ignored, *too_far("page", screen, choices.language)))
    return replace(filters, page=screen.number)


def _choose(name: str) -> None:
    """A filter was changed: on to its value, at the first screen."""
    chosen: str = st.session_state[f"gaps-{name}"]
    address.choose(name, chosen.strip() or None)


def _clear() -> None:
    for name in ("parent", "standing", "q"):
        address.choose(name, None)


def _draw_filters(view: GapView, filters: GapFilters, language: str) -> None:
    """One row of choices. What they show comes from the address alone, so that going back brings them back."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="gaps-filters"):
        levels = _held("level", view, filters)
        st.segmented_control(
            text("gaps.filter.level", language), list(levels), format_func=lambda key: plain(levels[key]),
            key="gaps-level", required=True, label_visibility="collapsed", wrap=False, on_change=_choose,
            args=("level",),
        )  # fmt: skip
        for name in ("parent", "standing", "sort"):
            words = _held(name, view, filters)
            # Typing in a short list is switched off: Streamlit would answer a slip in English.
            st.selectbox(
                text(f"gaps.filter.{name}", language), list(words), key=f"gaps-{name}", format_func=words.__getitem__,
                filter_mode=None if len(words) <= FEW else "contains", width=WIDTHS[name],
                label_visibility="collapsed", on_change=_choose, args=(name,),
            )  # fmt: skip
        st.session_state["gaps-q"] = filters.q
        st.text_input(
            text("gaps.filter.q", language), key="gaps-q", type="search", live=True, max_chars=60, width=WIDTHS["q"],
            placeholder=text("gaps.filter.q", language), label_visibility="collapsed", on_change=_choose, args=("q",),
        )  # fmt: skip
        if filters.is_narrowed:
            st.button(
                text("gaps.filter.clear", language), key="gaps-clear", type="tertiary",
                icon=":material/filter_alt_off:", on_click=_clear,
                help=text("gaps.filter.clear", language),
            )  # fmt: skip


def _held(name: str, view: GapView, filters: GapFilters) -> dict[str, str]:
    """The values of a filter with their words, and the one of the address made the one it shows."""
    st.session_state[f"gaps-{name}"] = getattr(filters, name) or NONE
    return {value or NONE: said for value, said in view.options[name]}


# --- the map --------------------------------------------------------------------------------------------------------


def _draw_views(visit: Visit) -> str:
    """The table alone, or a map above it: the one looked at stands in the address."""
    language = visit.language
    views = [view for view in VIEWS if view != "map" or answers.find_borders(visit.situation)]
    asking = Asking(address.current_query(), language)
    shown = asking.one_of("view", views) or views[0]
    visit.ignored.extend(asking.ignored)
    st.session_state["gaps-view"] = shown
    st.segmented_control(
        text("gaps.view.label", language), views, key="gaps-view", required=True, label_visibility="collapsed",
        format_func=lambda view: f"{VIEWS[view]} {plain(text(f'gaps.view.{view}', language))}", width="content",
        on_change=_choose_view, args=(views[0],),
    )  # fmt: skip
    return shown


def _choose_view(default: str) -> None:
    shown = st.session_state["gaps-view"]
    address.choose("view", None if shown == default else shown)


def _draw_tiles(overview: Overview, filters: GapFilters, query: str, visit: Visit) -> None:
    tiles = reviewed_tiles(
        answers.find_tiles_view(visit.situation, overview, filters, query=query, language=visit.language),
        filters.indicator,
        visit,
    )
    with st.container(key="gaps-tiles"):
        st.html(tiles_html(tiles.sections, visit.theme))
        if tiles.notes:
            st.caption(plain(" ".join(tiles.notes)))


def _draw_map(overview: Overview, filters: GapFilters, visit: Visit) -> None:
    shown = reviewed_map(
        answers.find_map_view(visit.situation, overview, filters, language=visit.language), filters.indicator, visit
    )
    if shown.chart is None:
        st.info(plain(shown.spoken), icon=":material/map:")
        return
    with st.container(key="gaps-map"):
        clicked = st.vega_lite_chart(
            spec=shown.chart, width="stretch", height="stretch", alt=shown.spoken, key="gaps-map-chart",
            on_select="rerun",
        )  # fmt: skip
    for unit in clicked.selection.get(PICK, []):
        address.go("unit", address.onward(visit.choices, unit=unit["code"]), language=visit.language)
    with st.container(horizontal=True, vertical_alignment="center"):
        if shown.notes:
            st.caption(plain(" ".join(shown.notes)), width="content")
        name = f"{text('gaps.map.file', visit.language)}_{filters.indicator}"
        draw_chart_download(visit, [Drawing(shown.chart)], name=name, title=shown.spoken)


# --- the table ------------------------------------------------------------------------------------------------------


def _draw_table(view: GapView, visit: Visit) -> None:
    """Each row its own chart, on the scale that stands in the head of their column."""
    heads = [plain(title) for title in view.columns]
    heads[PICTURE] = picture(scale_image(visit.theme), view.columns[PICTURE])
    cells = zip(*(_cells(row, visit) for row in view.table), strict=True)
    numbers = {0, 2, 4, 5, 6, 7}
    columns = [
        Column(head, column, is_number=place in numbers)
        for place, (head, column) in enumerate(zip(heads, cells, strict=True))
    ]
    draw_table(columns, alt=view.table_spoken, key="gaps-table")


def _cells(row: TableRow, visit: Visit) -> list[str]:
    if row.result is None:
        return ["", f"**{together(row.unit)}**", *[""] * 8]
    now, *figures = (plain(figure) for figure in row.figures)
    counts = f" :small[:gray[{together(row.counts)}]]" if row.counts else ""
    known = row.result
    image = row_image(
        standing=known.standing, baseline=known.on_scale(known.baseline), now=known.on_scale(known.value),
        target=known.on_scale(known.target), best=known.attainable if known.standing == "out_of_reach" else None,
        theme=visit.theme,
    )  # fmt: skip
    more = f" :small[:gray[{plain(' · '.join(row.more))}]]" if row.more else ""
    place = f" :small[:gray[{together(row.place)}]]" if row.place else ""
    return [
        row.number,
        f"*{coloured(row.standing, visit.theme)}* [{plain(row.unit)}]({row.link}){place}{counts}",
        now,
        picture(image, row.spoken),
        *figures,
        picture(spark(row.recent, UNKNOWN.on(visit.theme)), row.recent_spoken),
        f"{coloured(row.standing, visit.theme)}{NO_BREAK}{together(row.standing_words)}{more}",
    ]


def _draw_pages(view: GapView, overview: Overview, filters: GapFilters, visit: Visit) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="gaps-pages"):
        if view.pages > 1:
            st.session_state["gaps-page"] = view.page
            st.pagination(view.pages, key="gaps-page", width=PAGES_WIDTH, on_change=_turn)
        st.caption(plain(view.shown), width="content")
        _draw_file("csv", overview, filters, visit)


def _turn() -> None:
    page = st.session_state["gaps-page"]
    address.choose("page", None if page == 1 else str(page))


def _draw_file(kind: GapFile, overview: Overview, filters: GapFilters, visit: Visit) -> None:
    """A file is made when it is asked for, not with every click."""
    draw_download(
        text(f"gaps.download.as_{kind}", visit.language),
        partial(answers.find_gap_file, visit.situation, overview, filters, kind=kind, language=visit.language),
        visit=visit,
        subject="gaps",
        file_name=file_name(overview, filters, kind=kind, language=visit.language),
        mime=MIMES[kind],
        key=f"gaps-{kind}",
        narrowed={name: str(value) for name, value in asdict(filters).items() if value and name != "page"},
        is_quiet=True,
    )


# --- all indicators -------------------------------------------------------------------------------------------------


def _draw_heat(overview: Overview, filters: GapFilters, query: str, visit: Visit) -> None:
    """All indicators side by side, worked out once somebody opens it."""
    language = visit.language
    with st.expander(text("gaps.heat.title", language), key="gaps-heat", on_change="rerun") as opened:
        if not opened.open:
            return
        heat = reviewed_heat(
            answers.find_heat_view(visit.situation, overview, filters, query=query, language=language), visit
        )
        columns = [
            Column(plain(heat.columns[0]), [f"[{together(row.name)}]({row.link})" for row in heat.rows]),
            *(
                Column(plain(title), [_heat_cell(*row.cells[place], visit) for row in heat.rows])
                for place, title in enumerate(heat.columns[1:])
            ),
        ]
        if heat.rows:
            draw_table(columns, alt=heat.spoken, key="gaps-heat-table")
        if heat.too_many:
            st.caption(plain(heat.too_many))


def _heat_cell(standing: str, words: str, visit: Visit) -> str:
    """A mark and its figure on a tint of the mark's colour; grey where it cannot be judged."""
    if not standing:
        return f"**{plain(words)}**"
    mark = MARKS[standing]
    return f':color[{mark.glyph}{NO_BREAK}{plain(words)}]{{background="{mark.colour.on(visit.theme)}{TINT}"}}'


PAGE = Page(key="gaps", address="gaps", draw=draw, follows=("indicator", "phase", "as_of"))
