"""The parts of the campaign's page: one at a time, chosen in the address."""

from collections.abc import Sequence

import streamlit as st

from jobs.campaign_folder import OpenedFolder
from jobs.imports.values import UnitRecord
from jobs.sources import is_pulled
from models import formats
from models.queries.campaign_files import FilesFollowed
from models.texts import text
from pages.parts import campaign_fields, session
from pages.parts.campaign_forms import Group, draw_form
from pages.parts.campaign_rows import draw_central, draw_heads
from pages.parts.campaign_words import Names
from pages.parts.links import link
from pages.parts.markdown import plain
from pages.parts.page import Visit

PARTS = ("missing", "dates", "limits", "indicators", "heads", "central", "sources", "history")
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
        session.choose(name, None)
    session.choose("part", None if part in (None, PARTS[0]) else str(part))


def draw_dates(opened: OpenedFolder, names: Names) -> None:
    """The campaign's names and days, its phases, and the dates that units have of their own."""
    language = names.language
    own, *phases = campaign_fields.date_fields(names.campaign)
    groups = [Group("", own, text("campaign.dates_note", language))]
    groups += [
        Group(text("campaign.phase_title", language, phase=phase.name.of(language)), fields, abreast=4)
        for phase, fields in zip(names.campaign.phases, phases, strict=True)
    ]
    draw_form("dates", groups, opened, names)
    if not names.campaign.unit_phases:
        return
    st.subheader(text("campaign.own_dates", language), anchor=False)
    lines = []
    for dates in names.campaign.unit_phases:
        told = {"unit": names.of("units", dates.unit), "phase": names.of("phases", dates.phase)}
        told |= {"start": formats.day(dates.start, language), "document": dates.document}
        if dates.due is None:
            lines.append(text("campaign.own_open_date", language, **told))
        else:
            lines.append(text("campaign.own_date", language, **told, due=formats.day(dates.due, language)))
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def draw_limits(opened: OpenedFolder, names: Names) -> None:
    """Limits of standing and of reading figures."""
    language = names.language
    groups = campaign_fields.limit_fields()
    titles = ("probability", "gap", "figures", "bands")
    draw_form(
        "limits",
        [
            Group(text(f"campaign.limits.{title}", language), fields, text(f"campaign.limits_note.{title}", language))
            for title, fields in zip(titles, groups, strict=True)
        ],
        opened,
        names,
    )


def draw_indicators(opened: OpenedFolder, names: Names, visit: Visit) -> None:
    """One indicator: rule, governing sources, bends of its path, and what it is called."""
    language, campaign = visit.language, names.campaign
    known = [each.key for each in campaign.indicators]
    key = visit.choices.indicator if visit.choices.indicator in known else known[0]
    st.session_state["campaign-indicator"] = key
    st.selectbox(
        text("campaign.indicator", language), known, key="campaign-indicator", filter_mode=None,
        format_func=lambda each: names.of("indicators", each), on_change=_choose_indicator,
    )  # fmt: skip
    titles = ("rule", "sources", "knots", "judged", "names")
    groups = campaign_fields.indicator_fields(campaign.indicator(key), campaign)
    draw_form(
        f"indicator-{key}",
        [
            Group(
                text(f"campaign.group.{title}", language),
                fields,
                text(f"campaign.group_note.{title}", language),
                abreast=WIDE.get(title, 3),
            )
            for title, fields in zip(titles, groups, strict=True)
        ],
        opened,
        names,
    )


def _choose_indicator() -> None:
    session.choose("indicator", str(st.session_state["campaign-indicator"]))


def draw_sources(opened: OpenedFolder, names: Names) -> None:
    """Each source that is asked by itself: on or off, and when; address and secret stay with the files."""
    language = names.language
    st.markdown(plain(text("campaign.sources_note", language)))
    groups = []
    for source in names.campaign.sources:
        if not is_pulled(source):
            continue
        address = source.address or text("campaign.no_address", language)
        secret = source.secret or text("campaign.no_variable", language)
        note = text("campaign.source_note", language, kind=source.kind, address=address, secret=secret)
        groups.append(Group(source.name.of(language), campaign_fields.source_fields(source), note))
    draw_form("sources", groups, opened, names)
    link("feeds", text("campaign.to_feeds", language), session.in_language({}, language), language=language)


def draw_history(versions: Sequence[FilesFollowed], names: Names) -> None:
    """Who had the store follow which files, when and why."""
    language = names.language
    lines = [
        text(
            "campaign.version",
            language,
            number=version.version,
            at=formats.moment(version.at, language),
            by=version.by,
            reason=version.reason,
        )
        for version in versions[:SHOWN]
    ]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    link("audit", text("campaign.to_audit", language), session.in_language({}, language), language=language)


def draw_part(
    part: str,
    opened: OpenedFolder,
    names: Names,
    visit: Visit,
    *,
    units: Sequence[UnitRecord],
    versions: Sequence[FilesFollowed],
) -> None:
    """The part that is looked at; forms need files that could be read."""
    language = visit.language
    st.header(text(f"campaign.part.{part}", language), anchor=False)
    if part == "history":
        draw_history(versions, names)
    elif part == "heads":
        draw_heads(units, opened, names, visit)
    elif opened.files is None:
        st.markdown(plain(text("campaign.not_shown", language)))
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
