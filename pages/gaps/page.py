"""So với chỉ tiêu: how far each unit is from its target on one indicator, who is missing most, and why."""

from dataclasses import asdict, replace
from functools import partial
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from jobs.documents.pictures import Drawing
from models.core.texts import text
from models.results.overview import Overview
from pages.charts.layout import FILTER_WIDTH, MARKS, SORT_WIDTH, TINT, UNKNOWN
from pages.charts.sparks import spark
from pages.feeds.choices import screen_of, too_far
from pages.gaps.file import GapFile, file_name
from pages.gaps.selection import PAGE_SIZE, SORTS, GapFilters, parents_of, select
from pages.gaps.view import GapView, HeatView, TableRow
from pages.kit import address, answers
from pages.kit import sentences as kit_sentences
from pages.kit.address import Asking, Choices
from pages.kit.downloads import draw_chart_download, draw_download
from pages.kit.markdown import coloured, plain
from pages.kit.page import Page, Visit
from pages.unit.requests import reviewed_gaps

NO_BREAK = "\N{NO-BREAK SPACE}"
FILTERS = ("indicator", "level", "parent", "phase", "standing", "q")
NONE = ""
"""What a filter holds while nothing is chosen."""
FEW = 40
"""Up to so many values are picked from a list; among more, typing finds them."""
FILES: tuple[GapFile, ...] = ("xlsx", "csv")
MIMES: dict[GapFile, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


def draw(visit: Visit) -> None:
    """The choices of the address first, as they decide what is asked; then sentence, filters, evidence, files."""
    as_of = visit.choices.as_of or visit.situation.today
    overview = answers.find_overview(visit.situation, as_of=as_of, phase=None)
    choices = visit.choices
    filters = _filters(choices, overview, visit)
    language = visit.language
    view, heat = answers.find_gap_view(
        visit.situation, overview, filters, query=_carried(choices, filters), language=language
    )
    view, heat = reviewed_gaps(view, heat, filters.indicator, visit)

    with st.container(gap="xxsmall"):
        said = (
            kit_sentences.day_of_campaign(overview.campaign, overview.as_of, language),
            kit_sentences.coverage(overview, language),
        )
        st.markdown(f"**{plain(overview.campaign.short_title.of(language))}** · {plain(' · '.join(said))}")
        st.title(plain(view.headline), anchor=False)
        if view.advice:
            st.info(plain(view.advice), icon=":material/info:")
    _draw_filters(view, filters, language)
    _draw_summary(view, filters, visit)
    if view.found:
        _draw_dots(view, filters, visit)
        _draw_pages(view, language)
    _draw_heat(heat, visit)
    if view.found:
        _draw_table(view, visit)
        _draw_files(overview, filters, visit)
    if view.notes:
        st.caption(plain(" ".join(view.notes)))


# --- choices --------------------------------------------------------------------------------------------------------


def _filters(choices: Choices, overview: Overview, visit: Visit) -> GapFilters:
    """The choices as filters, with each that is not there left out and named."""
    indicator = choices.indicator or _indicator(overview)
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
        sort=asking.one_of("sort", tuple(SORTS)) or "gap",
        page=asking.number("page") or 1,
    )
    found = select(rows, filters, overview.campaign).found
    screen = screen_of(filters.page, whole=len(found), most=PAGE_SIZE)
    visit.ignored.extend((*ungrouped, *asking.ignored, *too_far("page", screen, choices.language)))
    return replace(filters, page=screen.number)


def _indicator(overview: Overview) -> str:
    """The one worst off; before anything is known the first with a target, or the first of all."""
    worst = kit_sentences.worst_line(overview)
    if worst is not None:
        return worst.indicator
    first = next((line for line in overview.lines if line.target is not None), None)
    return overview.campaign.indicators[0].key if first is None else first.indicator


def _carried(choices: Choices, filters: GapFilters) -> str:
    """What a link to a unit carries on: the same indicator, phase, day and language."""
    query = {"indicator": filters.indicator}
    if filters.phase is not None:
        query["phase"] = filters.phase
    if choices.as_of is not None:
        query["as_of"] = choices.as_of.isoformat()
    return urlencode(address.in_language(query, choices.language))


def _choose(name: str) -> None:
    """A filter was changed: on to its value, at the first screen."""
    chosen: str = st.session_state[f"gaps-{name}"]
    address.choose("page", None)
    address.choose(name, chosen.strip() or None)


def _clear() -> None:
    for name in ("level", "parent", "standing", "q", "page"):
        address.choose(name, None)


def _draw_filters(view: GapView, filters: GapFilters, language: str) -> None:
    """One row of choices. What they show comes from the address alone, so that going back brings them back."""
    with st.grid(
        len(FILTERS), min_column_width=FILTER_WIDTH, vertical_alignment="bottom", gap="small", key="gaps-filters"
    ):
        for name in FILTERS:
            if name != "q":
                _draw_choice(name, view, filters, language)
                continue
            st.session_state["gaps-q"] = filters.q
            st.text_input(
                text("gaps.filter.q", language), key="gaps-q", type="search", live=True, max_chars=60,
                placeholder=text("gaps.filter.q_hint", language), on_change=_choose, args=(name,),
            )  # fmt: skip


def _draw_choice(name: str, view: GapView, filters: GapFilters, language: str, width: int | None = None) -> None:
    """A choice from a list. Typing in a short one is switched off: Streamlit would answer a slip in English."""
    words = {value or NONE: said for value, said in view.options[name]}
    key = f"gaps-{name}"
    st.session_state[key] = getattr(filters, name) or NONE
    st.selectbox(
        text(f"gaps.filter.{name}", language), list(words), key=key, format_func=words.__getitem__,
        filter_mode=None if len(words) <= FEW else "contains", width=width or "stretch",
        on_change=_choose, args=(name,),
    )  # fmt: skip


# --- evidence -------------------------------------------------------------------------------------------------------


def _draw_summary(view: GapView, filters: GapFilters, visit: Visit) -> None:
    with st.container(gap="xxsmall", key="gaps-summary"):
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.header(plain(view.summary_title), anchor=False, width="content")
            if filters.is_narrowed:
                st.button(
                    text("gaps.filter.clear", visit.language), key="gaps-clear", type="tertiary",
                    icon=":material/filter_alt_off:", on_click=_clear,
                )  # fmt: skip
        for group, parts in view.summary:
            said = " · ".join(f"{coloured(standing, visit.theme)} {plain(words)}" for standing, words in parts)
            st.markdown(f"**{plain(group)}:** {said}")


def _draw_dots(view: GapView, filters: GapFilters, visit: Visit) -> None:
    language = visit.language
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.header(plain(view.dots_title), anchor=False, width="content")
        st.caption("   ".join(f"**{plain(glyph)}** {plain(meaning)}" for glyph, meaning in view.legend))
        _draw_choice("sort", view, filters, language, width=SORT_WIDTH)
        draw_chart_download(visit, [Drawing(view.dots, view.dots_title)], name=filters.indicator, title=view.headline)
    with st.container(key="gaps-dots"):
        st.vega_lite_chart(spec=view.dots, width="stretch", alt=view.dots_spoken)


def _draw_pages(view: GapView, language: str) -> None:
    """Screens of a long list; Streamlit's own widget speaks English to a screen reader."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="gaps-pages"):
        st.markdown(plain(view.shown), width="content")
        if view.pages == 1:
            return
        for key, page, is_end, icon in (
            ("before", view.page - 1, view.page == 1, ":material/chevron_left:"),
            ("after", view.page + 1, view.page == view.pages, ":material/chevron_right:"),
        ):
            st.button(
                text(f"gaps.pages.{key}", language), key=f"gaps-{key}", icon=icon, disabled=is_end,
                icon_position="left" if key == "before" else "right",
                on_click=address.choose, args=("page", None if page == 1 else str(page)),
            )  # fmt: skip
            if key == "before":
                st.markdown(plain(view.place), width="content")


def _draw_heat(heat: HeatView, visit: Visit) -> None:
    st.header(plain(text("gaps.section.heat", visit.language)), anchor=False)
    cells = [
        [
            f"**[{_together(row.name)}]({row.link})**" if row.is_group else f"[{_together(row.name)}]({row.link})",
            *(_heat_cell(standing, words, visit) for standing, words in row.cells),
        ]
        for row in heat.rows
    ]
    if cells:
        with st.container(key="gaps-heat"):
            table = pd.DataFrame(cells, columns=[plain(title) for title in heat.columns])
            st.table(table, border="horizontal", hide_index=True, alt=heat.spoken)
    if heat.too_many:
        st.caption(plain(heat.too_many))


def _heat_cell(standing: str, words: str, visit: Visit) -> str:
    """A mark and its figure on a tint of the mark's colour; grey where it cannot be judged."""
    if not standing:
        return f"**{plain(words)}**"
    mark = MARKS[standing]
    return f':color[{mark.glyph}{NO_BREAK}{plain(words)}]{{background="{mark.colour.on(visit.theme)}{TINT}"}}'


def _draw_table(view: GapView, visit: Visit) -> None:
    st.header(plain(text("gaps.section.table", visit.language)), anchor=False)
    cells = [_table_cells(row, visit) for row in view.table]
    with st.container(key="gaps-table"):
        table = pd.DataFrame(cells, columns=[plain(title) for title in view.columns])
        st.table(table, border="horizontal", hide_index=True, alt=view.table_spoken)


def _together(words: str) -> str:
    """Words of a cell on one line; what stands in brackets may go below."""
    return plain(words).replace(" ", NO_BREAK).replace(f"{NO_BREAK}\\(", " \\(")


def _table_cells(row: TableRow, visit: Visit) -> list[str]:
    drawn = spark(row.recent, UNKNOWN.on(visit.theme))
    return [
        row.number,
        f"[{_together(row.unit)}]({row.link})",
        *(plain(figure).replace(" ", NO_BREAK) for figure in row.figures),
        f"![{plain(row.recent_spoken)}]({drawn})" if drawn else "",
        f"{coloured(row.standing, visit.theme)}{NO_BREAK}{_together(row.standing_words)}",
        plain(row.cause),
    ]


def _draw_files(overview: Overview, filters: GapFilters, visit: Visit) -> None:
    """Files are made when they are asked for, not with every click."""
    with st.container(horizontal=True, gap="small", key="gaps-files"):
        for kind in FILES:
            draw_download(
                text(f"gaps.download.as_{kind}", visit.language),
                partial(answers.find_gap_file, visit.situation, overview, filters, kind=kind, language=visit.language),
                visit=visit,
                subject="gaps",
                file_name=file_name(overview, filters, kind=kind, language=visit.language),
                mime=MIMES[kind],
                key=f"gaps-{kind}",
                narrowed={name: str(value) for name, value in asdict(filters).items() if value and name != "page"},
            )


PAGE = Page(key="gaps", address="gaps", draw=draw, follows=("indicator", "phase", "as_of"))
