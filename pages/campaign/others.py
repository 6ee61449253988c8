"""The campaigns of the installation: how each stands, the archive, and an earlier one's results as starting points."""

from functools import partial
from typing import Any

import streamlit as st

from jobs.campaigns.earlier import LastResults, TakingOver, find_last_results, foresee_taking_over, take_over
from models.campaign.archiving import set_archived
from models.core import formats
from models.core.texts import sentence_of, text
from models.readings.records import BaselineRecord
from pages.campaign.words import Names
from pages.kit import campaigns
from pages.kit.answers import Reader, remembered
from pages.kit.bar import way_out
from pages.kit.campaigns import Known, state_words
from pages.kit.forms import Form, attempt, form_of, send, show, text_field
from pages.kit.markdown import plain
from pages.kit.page import Situation, Visit
from pages.kit.visitors import carry_out
from targets.errors import CampaignError
from targets.permissions import Permission, may
from targets.values import Campaign, Measure

NAMED = 12
"""Figures that differ, and units that are missing, which are named one by one."""


def draw_others(names: Names, visit: Visit) -> None:
    """Every campaign in a line, then what may be done with this one."""
    language = visit.language
    found = campaigns.find_all()
    for known in found:
        first, last = (formats.day(day, language) for day in (known.campaign.start, known.campaign.end))
        state = state_words(known.campaign, known.situation, language)
        said = text("campaigns.line", language, name=known.name(language), first=first, last=last, state=state)
        if known.key == visit.situation.campaign:
            st.markdown(f"**{plain(said)}**")
        else:
            st.html(way_out("/", said, language, **({"campaign": known.key} if known.key else {})))
    _draw_archive(names.campaign, visit)
    if may(visit.actor, Permission.IMPORT):
        for known in found:
            if known.key != visit.situation.campaign and known.campaign.end.year == names.campaign.baseline_year:
                _draw_earlier(known, names, visit)


# --- the archive ----------------------------------------------------------------------------------------------------


def _draw_archive(campaign: Campaign, visit: Visit) -> None:
    """Into the archive once the campaign is over, and out of it."""
    language, situation = visit.language, visit.situation
    step = "reopen" if situation.is_archived else "archive"
    form = form_of("archive", situation.campaign)
    st.header(text("campaigns.archive_title", language), anchor=False)
    show(form.place)
    st.markdown(plain(text(f"campaigns.{step}_says", language, end=formats.day(campaign.end, language))))
    if situation.is_archived or situation.today > campaign.end:
        with st.form(form.key("form"), border=False):
            text_field(form, "reason", text("campaign.reason", language))
            label = text(f"campaigns.{step}", language)
            st.form_submit_button(label, key=form.key("send"), on_click=_archive, args=(form, visit))


def _archive(form: Form, visit: Visit) -> None:
    language, is_archived = visit.language, not visit.situation.is_archived

    def change(session: Any, context: Any) -> str:
        set_archived(session, is_archived=is_archived, context=context)
        return text(f"campaigns.was_{'archived' if is_archived else 'reopened'}", language)

    send(form, language, lambda: carry_out(visit, form.words("reason"), change))


# --- last year's results --------------------------------------------------------------------------------------------


@remembered(entries=4, is_shared=True)
def find_last(reader: Reader) -> LastResults:
    """A campaign's results of its last day."""
    return find_last_results(reader.session, today=reader.situation.today)


@remembered(entries=4, is_shared=True)
def find_taking_over(reader: Reader, earlier: Situation) -> TakingOver:
    """What taking an earlier campaign's results over would do here."""
    last = find_last(earlier)
    return foresee_taking_over(reader.session, last)


def _draw_earlier(known: Known, names: Names, visit: Visit) -> None:
    """What taking an earlier campaign's results over would do, and the button."""
    language, place = visit.language, f"earlier-{known.key}"
    year = str(names.campaign.baseline_year)
    st.header(plain(text("campaigns.earlier_title", language, year=year)), anchor=False)
    show(place)
    try:
        last, foreseen = find_last(known.situation), find_taking_over(visit.situation, known.situation)
    except CampaignError as problem:
        st.info(plain(sentence_of(problem, language)), icon=":material/info:")
        return
    _draw_foreseen(foreseen, known, names, visit)
    if foreseen.records:
        st.button(
            text("campaigns.take_over", language, count=len(foreseen.records)), key=f"campaigns-take-over-{known.key}",
            type="primary", icon=":material/download_done:", on_click=partial(_take_over, place, last, known, visit),
        )  # fmt: skip


def _draw_foreseen(foreseen: TakingOver, known: Known, names: Names, visit: Visit) -> None:
    language = visit.language
    counts = {"new": foreseen.new, "changed": len(foreseen.changed), "unchanged": foreseen.unchanged}
    day = formats.day(known.campaign.end, language)
    st.markdown(plain(text("campaigns.earlier_says", language, name=known.name(language), day=day, **counts)))

    def measure_of(record: BaselineRecord) -> Measure:
        return names.campaign.indicator(record.indicator).measure

    lines = [
        text(
            "campaigns.differs",
            language,
            unit=names.of("units", record.unit),
            indicator=names.of("indicators", record.indicator),
            old=formats.figure(old, measure_of(record), language),
            new=formats.figure(foreseen.points(record), measure_of(record), language),
        )
        for record, old in foreseen.changed[:NAMED]
    ]
    if len(foreseen.changed) > NAMED:
        lines.append(text("campaigns.more", language, count=len(foreseen.changed) - NAMED))
    for key, codes in (("missing", dict.fromkeys(unit for unit, _ in foreseen.missing)), ("gone", foreseen.gone)):
        if codes:
            named = ", ".join(names.of("units", code) if key == "missing" else code for code in [*codes][:NAMED])
            lines.append(text(f"campaigns.{key}", language, count=len(codes), units=named))
    if foreseen.left_out:
        said = ", ".join(names.of("indicators", key) for key in foreseen.left_out)
        lines.append(text("campaigns.left_out", language, indicators=said))
    if lines:
        st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def _take_over(place: str, last: LastResults, known: Known, visit: Visit) -> None:
    language = visit.language

    def change(session: Any, context: Any) -> str:
        counts = take_over(session, last, context=context)
        return text("campaigns.taken_over", language, count=counts.changes)

    reason = text("campaigns.reason", language, name=known.name(language))
    attempt(place, language, lambda: carry_out(visit, reason, change))
