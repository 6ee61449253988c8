"""The parts of the campaign's page, one at a time: files as forms, and rows of heads and of the centre's targets."""

from collections.abc import Container, Mapping, Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from jobs.campaigns.changing import OpenedCampaign
from jobs.imports.words import folded
from jobs.sources import is_pulled
from jobs.wording.trail import reason_words
from models.campaign.files import FilesVersion
from models.catalogue.changes import table_rows
from models.catalogue.editing import Edit, RowEdit
from models.catalogue.folder import CENTRAL, UNITS
from models.core import formats
from models.core.texts import text
from models.targets.registrations import Incomplete
from pages.campaign import fields
from pages.campaign.fields import read_number
from pages.campaign.forms import FIELD_WIDTH, Group, draw_form, submit
from pages.campaign.others import draw_others
from pages.campaign.words import Names, column_words
from pages.campaign.workbook import draw_workbook
from pages.charts.layout import SEARCH_WIDTH
from pages.kit import address
from pages.kit.address import link
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.kit.sentences import person
from targets.values import Unit

PARTS = ("missing", "dates", "limits", "indicators", "heads", "central", "sources", "workbook", "history", "campaigns")
SHOWN = 20
"""Versions listed; all of them stand in the audit trail."""
WIDE = {"sources": 1, "knots": 2}
"""Groups whose fields need room, and how many stand side by side."""


def draw_choice(part: str, language: str) -> None:
    """Which part is looked at."""
    words = {each: text(f"campaign.part.{each}", language) for each in PARTS}
    st.session_state["campaign-part"] = part
    st.pills(
        text("campaign.part_choice", language), PARTS, key="campaign-part", format_func=words.__getitem__,
        label_visibility="collapsed", on_change=_choose, required=True,
    )  # fmt: skip


def _choose() -> None:
    part = st.session_state["campaign-part"]
    for name in ("unit", "q"):
        address.choose(name, None)
    address.choose("part", None if part in (None, PARTS[0]) else str(part))


def draw_dates(opened: OpenedCampaign, names: Names) -> None:
    """The campaign's names and days, its phases, and the dates that units have of their own."""
    language = names.language
    own, *phases = fields.date_fields(names.campaign)
    groups = [Group("", own, text("campaign.dates_note", language))]
    groups += [
        Group(text("campaign.phase_title", language, phase=phase.name.of(language)), shown, abreast=4)
        for phase, shown in zip(names.campaign.phases, phases, strict=True)
    ]
    draw_form("dates", groups, opened, names)
    if not names.campaign.unit_phases:
        return
    st.subheader(text("campaign.own_dates", language), anchor=False)
    lines = []
    for dates in names.campaign.unit_phases:
        reported = {"unit": names.of("units", dates.unit), "phase": names.of("phases", dates.phase)}
        reported |= {"start": formats.day(dates.start, language), "document": dates.document}
        if dates.due is None:
            lines.append(text("campaign.own_open_date", language, **reported))
        else:
            lines.append(text("campaign.own_date", language, **reported, due=formats.day(dates.due, language)))
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def draw_limits(opened: OpenedCampaign, names: Names) -> None:
    """Limits of standing and of reading figures."""
    language = names.language
    groups = fields.limit_fields()
    titles = ("probability", "gap", "figures", "bands")
    draw_form(
        "limits",
        [
            Group(text(f"campaign.limits.{title}", language), shown, text(f"campaign.limits_note.{title}", language))
            for title, shown in zip(titles, groups, strict=True)
        ],
        opened,
        names,
    )


def draw_indicators(opened: OpenedCampaign, names: Names, visit: Visit) -> None:
    """One indicator: rule, governing sources, bends of its path, and what it is called."""
    language, campaign = visit.language, names.campaign
    known = [each.key for each in campaign.own_lines]
    key = visit.choices.indicator if visit.choices.indicator in known else known[0]
    st.session_state["campaign-indicator"] = key
    st.selectbox(
        text("campaign.indicator", language), known, key="campaign-indicator", filter_mode=None,
        format_func=lambda each: names.of("indicators", each),
        on_change=address.choose_from, args=("indicator", "campaign-indicator"),
    )  # fmt: skip
    titles = ("rule", "sources", "knots", "judged", "names")
    groups = fields.indicator_fields(campaign.indicator(key), campaign)
    draw_form(
        f"indicator-{key}",
        [
            Group(
                text(f"campaign.group.{title}", language),
                shown,
                text(f"campaign.group_note.{title}", language),
                abreast=WIDE.get(title, 3),
            )
            for title, shown in zip(titles, groups, strict=True)
        ],
        opened,
        names,
    )


def draw_sources(opened: OpenedCampaign, names: Names) -> None:
    """Each source that is asked by itself: on or off, and when; address and secret stay with the files."""
    language = names.language
    st.markdown(plain(text("campaign.sources_note", language)))
    groups = []
    for source in names.campaign.sources:
        if not is_pulled(source):
            continue
        asked_at = source.address or text("campaign.no_address", language)
        secret = source.secret or text("campaign.no_variable", language)
        note = text("campaign.source_note", language, kind=source.kind, address=asked_at, secret=secret)
        groups.append(Group(source.name.of(language), fields.source_fields(source), note))
    draw_form("sources", groups, opened, names)
    link("feeds", text("campaign.to_feeds", language), address.in_language({}, language), language=language)


def draw_history(versions: Sequence[FilesVersion], names: Names) -> None:
    """Who made which version, when and why."""
    language = names.language
    lines = [
        text(
            "campaign.version",
            language,
            number=version.version,
            at=formats.moment(version.at, language),
            by=person(version.by, language),
            reason=reason_words(version.reason, language),
        )
        for version in versions[:SHOWN]
    ]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    link("audit", text("campaign.to_audit", language), address.in_language({}, language), language=language)


def draw_part(
    part: str,
    opened: OpenedCampaign,
    names: Names,
    visit: Visit,
    *,
    units: Sequence[Unit],
    versions: Sequence[FilesVersion],
) -> None:
    """The part that is looked at; forms need files that can be read."""
    language = visit.language
    st.header(text(f"campaign.part.{part}", language), anchor=False)
    if part == "history":
        draw_history(versions, names)
    elif part == "heads":
        draw_heads(units, opened, names, visit)
    elif part == "workbook":
        draw_workbook(opened, names, visit)
    elif part == "campaigns":
        draw_others(names, visit)
    elif opened.files is None:
        return
    elif part == "dates":
        draw_dates(opened, names)
    elif part == "limits":
        draw_limits(opened, names)
    elif part == "indicators":
        draw_indicators(opened, names, visit)
    elif part == "central":
        draw_central(opened, names, visit)
    else:
        draw_sources(opened, names)


ROWS_SHOWN = 25
"""Units listed at a time; a few letters narrow the list."""
HEAD = ("head_title", "head_name", "head_phone")
CENTRAL_CELLS = ("value", "document", "source", "note")
LONGEST = 300


# --- heads ----------------------------------------------------------------------------------------------------------


def draw_heads(units: Sequence[Unit], opened: OpenedCampaign, names: Names, visit: Visit) -> None:
    """Every unit's head as the store holds it: searched, those without first where asked for, one changed at a time."""
    language, words = visit.language, visit.choices.q or ""
    st.session_state["campaign-q"] = words
    with st.container(width=SEARCH_WIDTH):
        st.text_input(
            text("campaign.heads_search", language), key="campaign-q", type="search", max_chars=60,
            on_change=address.choose_from, args=("q", "campaign-q"), placeholder=text("campaign.heads_hint", language),
        )  # fmt: skip
    wanted = folded(words)
    found = [unit for unit in units if wanted in folded(unit.name) or wanted in folded(unit.code)]
    found.sort(key=lambda unit: bool(unit.head_name))
    without = sum(not unit.head_name for unit in found)
    reported = {"found": formats.whole(len(found), language), "without": formats.whole(without, language)}
    st.markdown(plain(text("campaign.heads_count", language, **reported)))
    columns = [text("campaign.column_unit", language), *(column_words(name, language) for name in HEAD)]
    cells = [
        [plain(unit.name), *(plain(getattr(unit, name) or text("campaign.nothing", language)) for name in HEAD)]
        for unit in found[:ROWS_SHOWN]
    ]
    if cells:
        with st.container(key="campaign-heads"):
            st.table(
                pd.DataFrame(cells, columns=[plain(column) for column in columns]), border="horizontal",
                hide_index=True, alt=text("campaign.heads_spoken", language),
            )  # fmt: skip
    if len(found) > ROWS_SHOWN:
        st.caption(plain(text("campaign.heads_shown", language, shown=ROWS_SHOWN)))
    _draw_head(found[:ROWS_SHOWN], {unit.code: unit for unit in units}, opened, names, visit)
    st.markdown(plain(text("campaign.heads_many", language)))
    link("upload", text("campaign.to_upload", language), address.in_language({}, language), language=language)


def _draw_head(
    found: Sequence[Unit], by_code: dict[str, Unit], opened: OpenedCampaign, names: Names, visit: Visit
) -> None:
    language = visit.language
    codes = [unit.code for unit in found]
    asked = visit.choices.unit
    if asked in by_code and asked not in codes:
        codes.insert(0, asked)
    if not codes:
        return
    chosen = st.selectbox(
        text("campaign.heads_which", language), codes, index=codes.index(asked) if asked in codes else 0,
        format_func=lambda code: f"{names.of('units', code)} ({code})", key=f"campaign-head-{words_key(visit)}",
        filter_mode=None,
    )  # fmt: skip
    unit = by_code[chosen]
    turn = f"campaign-head-{opened.version}-{chosen}"
    with st.form(f"{turn}-form", border=True):
        st.subheader(plain(unit.name), anchor=False)
        with st.grid(3, min_column_width=FIELD_WIDTH, gap="small"):
            for name in HEAD:
                st.text_input(
                    column_words(name, language), value=getattr(unit, name) or "", key=f"{turn}-{name}",
                    max_chars=LONGEST, disabled=not opened.is_editable,
                )  # fmt: skip
        submit("heads", opened, language, lambda: _head_edits(unit, turn))


def words_key(visit: Visit) -> str:
    """What the list of choices depends on: another search is another list."""
    return f"{visit.choices.q or ''}-{visit.choices.unit or ''}"


def _head_edits(unit: Unit, turn: str) -> list[Edit]:
    typed = {name: str(st.session_state.get(f"{turn}-{name}") or "").strip() for name in HEAD}
    changed = {name: value for name, value in typed.items() if value != (getattr(unit, name) or "")}
    return [RowEdit(UNITS, {"code": unit.code}, changed)] if changed else []


# --- central targets ------------------------------------------------------------------------------------------------


def draw_central(opened: OpenedCampaign, names: Names, visit: Visit) -> None:
    """The centre's targets as the store holds them, and a form for one: entered, changed or withdrawn."""
    language, campaign = visit.language, names.campaign
    rows = table_rows(CENTRAL, opened.held[CENTRAL])
    if rows:
        st.markdown("\n".join(f"- {plain(_central_words(row, names))}" for row in rows.values()))
    else:
        st.markdown(plain(text("campaign.central_none", language)))
    needing = [each.key for each in campaign.indicators if each.rule.needs_central]
    known = {indicator for indicator, year, _ in rows if year == str(campaign.target_year)}
    first = next((each for each in needing if each not in known), None)
    turn = f"campaign-central-{opened.version}"
    with st.form(f"{turn}-form", border=True):
        st.subheader(text("campaign.central_form", language), anchor=False)
        with st.grid(3, min_column_width=FIELD_WIDTH, vertical_alignment="bottom", gap="small"):
            st.selectbox(
                column_words("indicator", language), [each.key for each in campaign.indicators],
                index=0 if first is None else [each.key for each in campaign.indicators].index(first),
                format_func=lambda key: names.of("indicators", key), key=f"{turn}-indicator", filter_mode=None,
            )  # fmt: skip
            st.text_input(
                column_words("year", language), value=str(campaign.target_year), key=f"{turn}-year", max_chars=4
            )  # fmt: skip
            st.selectbox(
                column_words("level", language), ["", *(level.key for level in campaign.levels)],
                format_func=lambda key: _level(key, names), key=f"{turn}-level", filter_mode=None,
            )  # fmt: skip
            for name in CENTRAL_CELLS:
                st.text_input(column_words(name, language), key=f"{turn}-{name}", max_chars=LONGEST)
        with st.container(horizontal=True, gap="small"):
            submit("central", opened, language, lambda: [_central_edit(turn, language)])
            submit(
                "central", opened, language, lambda: [_withdrawal(turn, rows)],
                label=text("campaign.withdraw", language), key="campaign-central-withdraw",
            )  # fmt: skip


def _central_words(row: Mapping[str, str], names: Names) -> str:
    said = text(
        "campaign.central_known", names.language, indicator=names.of("indicators", row["indicator"]), year=row["year"],
        level=_level(row["level"], names), value=formats.target_percent(Decimal(row["value"]), names.language),
        document=row["document"], source=row["source"],
    )  # fmt: skip
    return f"{said} {row['note']}".strip()


def _level(key: str, names: Names) -> str:
    return names.of("levels", key) if key else text("campaign.every_level", names.language)


def _place(turn: str) -> dict[str, str]:
    return {name: str(st.session_state.get(f"{turn}-{name}") or "").strip() for name in ("indicator", "year", "level")}


def _central_edit(turn: str, language: str) -> Edit:
    cells = {name: str(st.session_state.get(f"{turn}-{name}") or "").strip() for name in CENTRAL_CELLS}
    label = column_words("value", language)
    cells["value"] = f"{read_number(cells['value'], label):f}"
    cells["source"] = cells["source"] or cells["document"]
    return RowEdit(CENTRAL, _place(turn), cells)


def _withdrawal(turn: str, rows: Container[tuple[str, ...]]) -> Edit:
    place = _place(turn)
    if tuple(place.values()) not in rows:
        raise Incomplete("There is no central target here that could be withdrawn.", code="no_central_to_withdraw")
    return RowEdit(CENTRAL, place, None)
