"""Preparing a meeting and recording what it concludes: announcements, checks, freezing, order of slides, tasks."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import streamlit as st

from jobs.slides.meeting_data import MeetingData
from jobs.slides.values import Slide
from jobs.wording import announcing
from jobs.wording.reporting import who_told
from models.core import formats
from models.core.texts import text
from models.meetings.actions import (
    Conclusion,
    announce_figures,
    freeze_announced,
    freeze_figures,
    record_conclusion,
    set_agenda,
    withdraw_announcement,
    withdraw_snapshot,
)
from models.meetings.agendas import MILESTONE
from models.meetings.snapshots import Announced, SnapshotHead
from models.readings.records import TaskRecord
from models.targets.registrations import check_said
from models.tasks.actions import give_task
from pages.kit import address, answers, visitors
from pages.kit import forms as kit_forms
from pages.kit.address import link
from pages.kit.forms import FIELD_WIDTH, Form, day_field, form_of, long_field, text_field
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.meeting import data
from pages.unit import requests as unit_requests
from targets.permissions import Permission, may

ASIDE = ("aside", "meeting")
"""The form that puts a snapshot aside: another meeting is shown once it was sent."""
SHOWN = 10


def draw_announcing(visit: Visit) -> None:
    """What is announced and until when checks may be asked for; for the office also how to go on."""
    language = visit.language
    announced = unit_requests.find_announced(visit)
    if announced is None:
        return
    with st.container(border=True, key="meeting-preview", gap="small"):
        st.header(plain(text("meeting.preview.title", language, title=announced.title)), anchor=False)
        st.markdown(
            plain(
                text(
                    "meeting.preview.says",
                    language,
                    date=formats.day(announced.as_of, language),
                    deadline=formats.day(announced.deadline, language),
                )
            )
        )
        for code in visit.actor.units:
            query = {"unit": code, "as_of": announced.as_of.isoformat()}
            label = text("meeting.preview.own", language, unit=_name(code, visit))
            link("unit", plain(label), address.in_language(query, language), language=language)
        _draw_reviews(visit)
        if may(visit.actor, Permission.CONCLUDE):
            _draw_deciding(announced, visit)


def _name(code: str, visit: Visit) -> str:
    return next((unit.name for unit in answers.find_unit_names(visit.situation) if unit.code == code), code)


def _draw_open(visit: Visit, *, day: date) -> None:
    """What is open when figures of a day are frozen: the time to dispute them, and disputes nobody has decided."""
    announced, language = unit_requests.find_announced(visit), visit.language
    said = announcing.still_open(
        announced if announced is not None and announced.as_of == day else None,
        unit_requests.find_under_review(visit.situation),
        {unit.code: unit.name for unit in answers.find_unit_names(visit.situation)},
        answers.find_campaign(visit.situation),
        today=visit.situation.today,
        language=language,
    )
    if said:
        st.markdown("\n".join(f"- {plain(line)}" for line in said))


def _draw_reviews(visit: Visit) -> None:
    """The figures that are still being checked: decided on the units' own pages, else marked in the snapshot."""
    language = visit.language
    reviews = unit_requests.find_under_review(visit.situation)
    if not reviews:
        st.caption(plain(text("meeting.preview.no_reviews", language)))
        return
    st.markdown(plain(text("meeting.preview.reviews", language, count=formats.whole(len(reviews), language))))
    campaign = answers.find_campaign(visit.situation)
    for (code, indicator), deadline in sorted(reviews.items(), key=lambda item: item[1])[:SHOWN]:
        label = text(
            "meeting.preview.review",
            language,
            unit=_name(code, visit),
            indicator=campaign.indicator(indicator).short_name.of(language),
            date=formats.short_day(deadline, language),
        )
        query = address.in_language({"unit": code, "indicator": indicator}, language)
        link("unit", plain(label), query, language=language)


def _draw_deciding(announced: Announced, visit: Visit) -> None:
    language = visit.language
    if st.toggle(text("announced.copy", language), key="announced-message"):
        page = f"{answers.settings(visit.situation).public_address}/unit?tab=requests"
        where = page if answers.settings(visit.situation).public_address else ""
        campaign = answers.find_campaign(visit.situation)
        st.code(announcing.message(announced, campaign, where, language), language=None, wrap_lines=True)
    form = form_of("freeze", f"announced-{announced.id}")
    kit_forms.show(form.place)
    with st.container(horizontal=True, gap="small"):
        with st.popover(text("meeting.freeze.now", language), key=form.key("freezing"), type="primary"):
            _draw_open(visit, day=announced.as_of)
            _ask(announced.as_of, announced.title, visit)
            draw_button(form, "freeze", "meeting.freeze.confirm", partial(_freeze_announced, announced, visit), visit)
        with st.popover(text("meeting.preview.withdraw", language), key=form.key("withdrawing")):
            text_field(form, "reason", text("meeting.withdraw.reason", language))
            draw_button(form, "withdraw", "meeting.preview.withdraw", partial(_withdraw, form, announced, visit), visit)


def _ask(day: date, title: str, visit: Visit) -> None:
    """What is about to be frozen, and how many units have told figures of that day."""
    found, language = data.find_completeness(visit.situation, day), visit.language
    terms = {"title": title, "date": formats.day(day, language), "told": who_told(found.told, language)}
    st.markdown(plain(text("meeting.freeze.ask", language, **terms)))


def draw_button(form: Form, name: str, words: str, change: Callable[[], str], visit: Visit) -> None:
    """The button that sends a form."""
    st.button(
        text(words, visit.language), key=form.key(name), type="primary", on_click=kit_forms.send,
        args=(form, visit.language, change),
    )  # fmt: skip


def _freeze_announced(announced: Announced, visit: Visit) -> str:
    visitors.carry_out(
        visit,
        "as announced",
        lambda session, context: freeze_announced(
            session, announced.id, seen_version=announced.version, context=context
        ),
    )
    address.choose("snapshot", None)
    return text("meeting.freeze.named", visit.language, title=announced.title)


def _withdraw(form: Form, announced: Announced, visit: Visit) -> str:
    visitors.carry_out(
        visit,
        form.words("reason"),
        lambda session, context: withdraw_announcement(
            session, announced.id, seen_version=announced.version, context=context
        ),
    )
    return text("meeting.preview.withdrawn", visit.language)


# --- freezing -------------------------------------------------------------------------------------------------------


def draw_freezing(visit: Visit) -> None:
    """Freeze now, once it was asked for a second time, or announce first."""
    language, today = visit.language, visit.situation.today
    form = form_of("freeze", "now")
    with st.expander(text("meeting.freeze.title", language), key="meeting-freeze"):
        kit_forms.show(form.place)
        st.caption(plain(text("meeting.freeze.rule", language)))
        with st.grid(3, min_column_width=FIELD_WIDTH, gap="small"):
            text_field(
                form, "title", text("meeting.freeze.name", language),
                text("meeting.default_title", language, date=formats.day(today, language)),
            )  # fmt: skip
            day_field(form, "as-of", text("meeting.freeze.as_of", language), _newest(visit))
            window = timedelta(days=answers.settings(visit.situation).announce_days)
            day_field(form, "deadline", text("meeting.freeze.deadline", language), today + window)
        with st.container(horizontal=True, gap="small"):
            st.button(
                text("meeting.freeze.announce", language), key=form.key("announce"), on_click=kit_forms.send,
                args=(form, language, partial(_announce, form, visit)),
            )  # fmt: skip
            with st.popover(text("meeting.freeze.now", language), key=form.key("asking")):
                day = form.day_or_none("as-of") or _newest(visit)
                _draw_open(visit, day=day)
                _ask(day, _title(form, visit), visit)
                draw_button(form, "now", "meeting.freeze.confirm", partial(_freeze, form, visit), visit)


def _newest(visit: Visit) -> date:
    """The day of the next meeting's figures: the newest that enough units have told."""
    found = data.find_completeness(visit.situation, visit.situation.today)
    return found.complete or found.newest or visit.situation.today


def _title(form: Form, visit: Visit) -> str:
    named = formats.day(visit.situation.today, visit.language)
    return form.words("title") or text("meeting.default_title", visit.language, date=named)


def _freeze(form: Form, visit: Visit) -> str:
    as_of = form.day("as-of", text("meeting.freeze.as_of", visit.language))
    title = _title(form, visit)
    visitors.carry_out(
        visit,
        "for a meeting",
        lambda session, context: freeze_figures(session, as_of=as_of, title=title, context=context),
    )
    address.choose("snapshot", None)
    return text("meeting.freeze.named", visit.language, title=title)


def _announce(form: Form, visit: Visit) -> str:
    as_of = form.day("as-of", text("meeting.freeze.as_of", visit.language))
    deadline = form.day("deadline", text("meeting.freeze.deadline", visit.language))
    title = _title(form, visit)
    visitors.carry_out(
        visit,
        "for a meeting",
        lambda session, context: announce_figures(
            session, as_of=as_of, deadline=deadline, title=title, context=context
        ),
    )
    named = formats.day(deadline, visit.language)
    return text("meeting.freeze.announced", visit.language, title=title, date=named)


# --- put aside ------------------------------------------------------------------------------------------------------


def draw_withdrawing(head: SnapshotHead, visit: Visit) -> None:
    """The way to put a snapshot aside, with a reason."""
    form = form_of(*ASIDE)
    with st.popover(text("meeting.withdraw.title", visit.language), key="meeting-aside"):
        st.markdown(plain(text("meeting.withdraw.rule", visit.language)))
        text_field(form, "reason", text("meeting.withdraw.reason", visit.language))
        draw_button(form, "aside", "meeting.withdraw.title", partial(_put_aside, form, head, visit), visit)


def _put_aside(form: Form, head: SnapshotHead, visit: Visit) -> str:
    visitors.carry_out(
        visit,
        form.words("reason"),
        lambda session, context: withdraw_snapshot(session, head.id, context=context),
    )
    address.choose("snapshot", None)
    return text("meeting.withdraw.done", visit.language, title=head.title)


# --- the agenda -----------------------------------------------------------------------------------------------------


def draw_agenda(head: SnapshotHead, visit: Visit) -> None:
    """The slides in their order: each can go up, down or out, and others can come in."""
    language = visit.language
    titles = data.find_titles(visit.situation, head.id, language)
    meeting = data.find_scene(visit.situation, head.id)
    slides, shown = meeting.arranged, meeting.slides
    form = form_of("agenda", str(head.id))
    with st.expander(text("meeting.agenda.title", language, count=len(shown)), key="meeting-agenda"):
        kit_forms.show(form.place)
        if MILESTONE in shown:
            st.markdown(plain(f"1. {titles[MILESTONE]}"))
        for place, key in enumerate(slides):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                for name, icon, changed in (
                    ("up", ":material/arrow_upward:", _moved(slides, place, -1)),
                    ("down", ":material/arrow_downward:", _moved(slides, place, 1)),
                    ("out", ":material/close:", (*slides[:place], *slides[place + 1 :])),
                ):
                    st.button(
                        "", key=f"agenda-{name}-{key}", icon=icon, type="tertiary",
                        help=plain(text(f"meeting.agenda.{name}", language, slide=titles[key])),
                        disabled=changed == slides or not changed,
                        on_click=kit_forms.send, args=(form, language, partial(_arrange, head.id, changed, visit)),
                    )  # fmt: skip
                # What has nothing to show this time keeps its place for the next.
                said = text("meeting.agenda.empty", language, slide=titles[key])
                said = f"{shown.index(key) + 1}. {titles[key]}" if key in shown else said
                st.markdown(plain(said), width="content")
        missing = [key for key in titles if key not in (MILESTONE, *slides)]
        with st.form(form.key("form"), border=False, enter_to_submit=False):
            st.selectbox(
                text("meeting.agenda.more", language), missing, index=None, key=form.key("more"),
                format_func=titles.__getitem__, placeholder=text("meeting.agenda.choose", language),
            )  # fmt: skip
            st.form_submit_button(
                text("meeting.agenda.add", language), key=form.key("add"), on_click=kit_forms.send,
                args=(form, language, partial(_add, form, head.id, slides, visit)),
            )  # fmt: skip


def _moved(slides: tuple[str, ...], place: int, by: int) -> tuple[str, ...]:
    """The slides with one of them a place further; as they are at the ends."""
    to = place + by
    if not 0 <= to < len(slides):
        return slides
    changed = list(slides)
    changed[place], changed[to] = changed[to], changed[place]
    return tuple(changed)


def _add(form: Form, snapshot: int, slides: tuple[str, ...], visit: Visit) -> str:
    return _arrange(snapshot, (*slides, *filter(None, [form.words("more")])), visit)


def _arrange(snapshot: int, slides: tuple[str, ...], visit: Visit) -> str:
    visitors.carry_out(
        visit,
        "the order of the meeting",
        lambda session, context: set_agenda(session, snapshot, slides, context=context),
    )
    return text("meeting.agenda.done", visit.language)


WEEK = timedelta(days=7)


def draw_recording(meeting: MeetingData, shown: Slide, visit: Visit) -> None:
    """The form of whoever may conclude; nothing for anybody else."""
    if not may(visit.actor, Permission.CONCLUDE):
        return
    language = visit.language
    form = form_of("meeting", "record")
    with st.popover(text("meeting.record.title", language), icon=":material/edit_note:", key="slide-record"):
        kit_forms.show(form.place)
        names = {unit.code: unit.label for unit in answers.find_findables(visit.situation, language)}
        named = shown.unit if shown.unit in names and shown.unit != meeting.campaign.province else None
        with st.form(form.key("form"), border=False, enter_to_submit=False):
            st.selectbox(
                text("meeting.record.unit", language), list(names), key=form.key("unit"),
                index=None if named is None else list(names).index(named), format_func=names.__getitem__,
                placeholder=text("meeting.record.nobody", language),
            )  # fmt: skip
            long_field(form, "what", text("meeting.record.what", language))
            text_field(form, "who", text("meeting.record.who", language))
            day_field(form, "due", text("meeting.record.due", language), visit.situation.today + WEEK)
            with st.container(horizontal=True, gap="small"):
                for kind, change in (("task", _give), ("conclusion", _conclude)):
                    st.form_submit_button(
                        text(f"meeting.record.{kind}", language), key=form.key(kind), on_click=kit_forms.send,
                        args=(form, language, partial(change, form, meeting.frozen.head.id, shown, visit)),
                    )  # fmt: skip


def _give(form: Form, snapshot: int, shown: Slide, visit: Visit) -> str:
    reported = TaskRecord(
        unit=check_said(form.words("unit"), "no_task_unit", "Choose the unit that is to do it."),
        what=form.words("what"),
        who=form.words("who"),
        due=form.day("due", text("meeting.record.due", visit.language)),
        indicator=shown.indicator or "",
        snapshot=snapshot,
        slide=shown.key,
    )
    visitors.carry_out(visit, shown.headline, lambda session, context: give_task(session, reported, context=context))
    return text("meeting.record.given", visit.language)


def _conclude(form: Form, snapshot: int, shown: Slide, visit: Visit) -> str:
    reported = Conclusion(
        what=form.words("what"),
        unit=form.words("unit") or None,
        snapshot=snapshot,
        slide=shown.key,
        who=form.words("who"),
    )
    visitors.carry_out(
        visit, shown.headline, lambda session, context: record_conclusion(session, reported, context=context)
    )
    return text("meeting.record.concluded", visit.language)
