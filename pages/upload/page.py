"""Nhập số liệu: a file handed in, what would become of each figure, and then, if somebody says so, saved."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from jobs.imports.formats.legacy_fonts import FONTS, NAMES
from jobs.imports.formats.limits import UPLOAD, megabytes
from jobs.imports.tables.questions import REMEMBERED, FileAsks, Question
from jobs.imports.values import KINDS
from jobs.intake.bring_in import StoreChanged
from jobs.intake.file_reads import DEFAULT_SOURCE, FileRead
from jobs.intake.previews import Preview
from jobs.intake.uploads import Look
from models.core import formats
from models.core.texts import sentence_of, text
from pages.charts.layout import LINKS_LEAST_WIDTH
from pages.kit import address, answers
from pages.kit.address import link
from pages.kit.downloads import draw_download
from pages.kit.markdown import plain
from pages.kit.page import Page, Visit
from pages.unit.records import Table
from pages.upload import running, view
from pages.upload.running import PAGES
from targets.permissions import Permission, check_may

POLLED = 1.0
"""Seconds between two looks at a file that is being read."""
SHORT = 10
"""Letters of a cell that stay on one line."""
NO_BREAK = "\N{NO-BREAK SPACE}"
FIELD_WIDTH = 260
MIMES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


def draw(visit: Visit) -> None:
    """Whatever has become of the file, and below it the form, which always stands at the same place of the page."""
    language = visit.language
    look = running.current()
    st.title(text("upload.title", language), anchor=False)
    check_may(visit.actor, Permission.IMPORT)
    st.markdown(plain(text("upload.intro", language)))
    if visit.situation.simulated:
        st.info(plain(text("upload.simulated", language)), icon=":material/science:")
    with st.container(key="upload-result"):
        if look is not None:
            with st.container(key=running.told_key(look)):
                _DRAWN[look.stage](look, visit)
    _draw_form(visit)
    _draw_templates(visit)


# --- the form -------------------------------------------------------------------------------------------------------


def _draw_form(visit: Visit) -> None:
    language = visit.language
    campaign = answers.find_campaign(visit.situation)
    sources = {source.key: source.name.of(language) for source in campaign.sources}
    kinds = view.kind_names(("auto", *KINDS), language)
    with st.container(border=True, key="upload-form"):
        if running.is_gone():
            st.warning(plain(text("upload.asks.no_file", language)), icon=":material/upload_file:")
        limit = megabytes(UPLOAD.size)
        chosen = st.file_uploader(text("upload.form.file", language, limit=limit), key=running.file_key())
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            st.selectbox(
                text("upload.form.kind", language), list(kinds), format_func=kinds.__getitem__,
                key=running.KIND, width=FIELD_WIDTH,
            )  # fmt: skip
            st.selectbox(
                text("upload.form.source", language), list(sources), format_func=sources.__getitem__,
                index=list(sources).index(DEFAULT_SOURCE) if DEFAULT_SOURCE in sources else 0,
                key=running.SOURCE, width=FIELD_WIDTH,
            )  # fmt: skip
            st.date_input(
                text("upload.form.as_of", language), value=None, min_value=campaign.baseline_day,
                max_value=max(visit.situation.today, campaign.baseline_day), format="DD/MM/YYYY",
                key=running.AS_OF, width=FIELD_WIDTH,
            )  # fmt: skip
            st.selectbox(
                text("upload.form.font", language), FONTS, format_func=NAMES.__getitem__, key=running.FONT,
                width=FIELD_WIDTH,
            )  # fmt: skip
        st.caption(plain(text("upload.form.as_of_help", language)))
        st.checkbox(text("upload.form.strict", language), key=running.STRICT)
        st.caption(plain(text("upload.form.strict_help", language)))
        st.button(
            text("upload.form.read", language), key="upload-read", icon=":material/preview:",
            on_click=running.begin, args=(visit,), disabled=chosen is None,
        )  # fmt: skip


def _draw_templates(visit: Visit) -> None:
    language = visit.language
    kinds = view.kind_names(KINDS, language)
    with st.expander(text("upload.templates.title", language), key="upload-templates"):
        st.markdown(plain(text("upload.templates.intro", language)))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            kind = st.selectbox(
                text("upload.templates.kind", language), list(kinds), format_func=kinds.__getitem__,
                key="upload-template-kind", width=FIELD_WIDTH,
            )  # fmt: skip
            for ending, mime in MIMES.items():
                draw_download(
                    text(f"upload.templates.{ending}", language),
                    partial(running.template, visit.situation, kind, ending),
                    visit=visit, subject="template", file_name=f"mau-{kind}.{ending}", mime=mime,
                    key=f"upload-template-{ending}", permission=Permission.IMPORT,
                )  # fmt: skip


# --- while it is read or saved --------------------------------------------------------------------------------------


def _draw_busy(_look: Look, visit: Visit) -> None:
    """Looks again by itself; the rest of the page stays as it is and can be used."""
    st.fragment(_draw_progress, run_every=POLLED)(visit.language)


def _draw_progress(language: str) -> None:
    look = running.current()
    if look is None or not look.is_busy:
        st.rerun()
    share, said = view.progress_words(look, language)
    st.progress(share, plain(said))
    if look.stage != "saving":
        st.button(
            text("upload.progress.cancel", language), key="upload-cancel", icon=":material/stop_circle:",
            on_click=running.cancel,
        )  # fmt: skip


def _draw_cancelled(_look: Look, visit: Visit) -> None:
    st.info(plain(text("upload.progress.cancelled", visit.language)), icon=":material/stop_circle:")


def _draw_refused(look: Look, visit: Visit) -> None:
    language = visit.language
    assert look.problem is not None  # noqa: S101  # nothing fails without one
    if isinstance(look.problem, FileAsks):
        draw_questions(look.problem, visit)
        return
    st.header(plain(text("upload.refused.title", language)), anchor=False)
    st.error(plain(view.refusal(look.problem, language)), icon=":material/error:")


# --- the preview ----------------------------------------------------------------------------------------------------


def _draw_preview(look: Look, visit: Visit) -> None:
    """The sentence first, then what can be done with it, then the evidence: bad rows, revisions, new ones, remarks."""
    language, read, preview = visit.language, look.read, look.preview
    assert read is not None  # noqa: S101  # what was previewed was read
    assert preview is not None  # noqa: S101
    st.header(plain(view.headline(look, preview, language)), anchor=False)
    st.caption(plain(view.about(look, language)))
    _draw_notices(look, read, preview, language)
    _draw_saving(look, read, preview, visit)
    _draw_rejected(read, visit)
    _draw_changes(read, preview, language)
    _draw_warnings(read, preview, visit)


def _draw_notices(look: Look, read: FileRead, preview: Preview, language: str) -> None:
    if look.before is not None:
        before = view.headline(look, look.before, language)
        said = text("upload.preview.changed", language, before=before)
        st.warning(plain(said), icon=":material/sync_problem:")
    elif look.problem is not None and not isinstance(look.problem, StoreChanged):
        st.error(plain(sentence_of(look.problem, language)), icon=":material/error:")
    if preview.same is not None:
        moment = formats.moment(preview.same.received_at, language)
        said = text("upload.preview.same", language, moment=moment, run=preview.same.run)
        st.info(plain(said), icon=":material/history:")
    if preview.counts.second:
        count = formats.whole(preview.counts.second, language)
        st.warning(plain(text("upload.preview.second", language, count=count)), icon=":material/compare_arrows:")
    if look.asked.is_strict and read.rejected:
        st.error(plain(text("upload.preview.strict_refused", language)), icon=":material/block:")
    elif look.may_be_saved:
        st.info(plain(text("upload.preview.unsaved", language)), icon=":material/info:")
    else:
        key = "nothing" if preview.counts.unchanged else "empty"
        st.info(plain(text(f"upload.preview.{key}", language)), icon=":material/check:")


def _draw_saving(look: Look, read: FileRead, preview: Preview, visit: Visit) -> None:
    language = visit.language
    if look.may_be_saved:
        running.recall()
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            st.text_input(
                text("upload.save.reason", language), key=running.REASON, max_chars=300,
                placeholder=text("upload.save.reason_hint", language), width=2 * FIELD_WIDTH,
            )  # fmt: skip
            st.text_input(
                text("upload.save.document", language), key=running.DOCUMENT, max_chars=100,
                placeholder=text("upload.save.document_hint", language), width=FIELD_WIDTH,
            )  # fmt: skip
        if running.lacks_reason():
            st.error(plain(text("upload.save.no_reason", language)), icon=":material/edit_note:")
    with st.container(horizontal=True, gap="small"):
        if look.may_be_saved:
            counts = preview.counts
            changes, second = counts.changes - counts.second, formats.whole(counts.second, language)
            label = text("upload.save.button", language, changes=formats.whole(changes, language))
            if not changes and counts.second:
                label = text("upload.save.only_second", language, count=second)
            elif not changes:
                rejected = formats.whole(len(read.rejected), language)
                label = text("upload.save.only_rejected", language, rejected=rejected)
            st.button(
                label, key="upload-save", icon=":material/save:",
                on_click=running.save, args=(visit,),
            )  # fmt: skip
        st.button(
            text("upload.save.discard", language), key="upload-discard", icon=":material/close:",
            on_click=running.start_over,
        )  # fmt: skip


def _draw_rejected(read: FileRead, visit: Visit) -> None:
    if not read.rejected:
        return
    language = visit.language
    count = formats.whole(len(read.rejected), language)
    st.header(plain(text("upload.section.rejected", language, count=count)), anchor=False)
    st.caption(plain(text("upload.section.rejected_note", language)))
    _draw_mending(read, visit)
    _draw_paged(PAGES[0], read.rejected, lambda rows: view.rejected_table(rows, language), language)


def _draw_mending(read: FileRead, visit: Visit) -> None:
    language = visit.language
    draw_download(
        text("upload.mend.button", language), partial(running.refused_rows, read, language), visit=visit,
        subject="refused rows", file_name=running.refused_rows_name(read, language), mime=MIMES["xlsx"],
        key="upload-mend", permission=Permission.IMPORT,
    )  # fmt: skip


def _draw_changes(read: FileRead, preview: Preview, language: str) -> None:
    campaign, counts = read.context.campaign, preview.counts
    if preview.revised:
        count = formats.whole(counts.revised, language)
        st.header(plain(text("upload.section.revised", language, count=count)), anchor=False)
        st.caption(plain(text("upload.section.revised_note", language)))
        if len(preview.revised) < counts.revised:
            shown = formats.whole(len(preview.revised), language)
            st.caption(plain(text("upload.section.revised_first", language, shown=shown, count=count)))
        _draw_paged(
            PAGES[1],
            preview.revised,
            lambda rows: view.revised_table(rows, campaign, language),
            language,
        )
    if preview.new:
        count = formats.whole(counts.accepted, language)
        st.header(plain(text("upload.section.new", language, count=count)), anchor=False)
        if len(preview.new) < counts.accepted:
            shown = formats.whole(len(preview.new), language)
            st.caption(plain(text("upload.section.new_first", language, shown=shown, count=count)))
        _draw_table(view.new_table(preview.new, campaign, language))


def _draw_warnings(read: FileRead, preview: Preview, visit: Visit) -> None:
    warnings = (*preview.remarks, *read.warnings)
    if not warnings:
        return
    language = visit.language
    count = formats.whole(len(warnings), language)
    st.header(plain(text("upload.section.warnings", language, count=count)), anchor=False)
    st.markdown("\n".join(f"- {plain(warning.sentence(language))}" for warning in warnings))
    if any(warning.code in REMEMBERED.values() for warning in read.warnings):
        st.button(
            text("upload.asks.anew", language), key="upload-choose-anew", icon=":material/rule_settings:",
            on_click=running.choose_anew, args=(visit,), disabled=not running.has_file(),
        )  # fmt: skip


def _draw_paged(key: str, rows: Any, table_of: Callable[[Any], Table], language: str) -> None:
    """A long table, a screen at a time; Streamlit's own paging speaks English."""
    page, pages = running.page_of(key, len(rows)), view.pages_of(len(rows))
    _draw_table(table_of(view.on_page(rows, page)))
    if pages == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            text("upload.table.before", language), key=f"{key}-before", icon=":material/chevron_left:",
            disabled=page == 1, on_click=running.turn_page, args=(key, page - 1),
        )  # fmt: skip
        st.markdown(plain(text("upload.table.place", language, page=page, pages=pages)), width="content")
        st.button(
            text("upload.table.after", language), key=f"{key}-after", icon=":material/chevron_right:",
            disabled=page == pages, on_click=running.turn_page, args=(key, page + 1),
        )  # fmt: skip


def _draw_table(table: Table) -> None:
    """A table of words from files: shown as they are; where they do not fit, it scrolls inside itself."""
    cells = [[_cell(cell) for cell in row] for row in table.rows]
    frame = pd.DataFrame(cells, columns=[plain(head) for head in table.heads])
    st.table(frame, border="horizontal", hide_index=True, alt=table.spoken)


def _cell(words: str) -> str:
    return plain(words).replace(" ", NO_BREAK) if len(words) <= SHORT else plain(words)


# --- afterwards -----------------------------------------------------------------------------------------------------


def _draw_saved(look: Look, visit: Visit) -> None:
    """What became of it, and where to look next."""
    language, read, report, context = visit.language, look.read, look.report, look.context
    assert read is not None  # noqa: S101  # what was saved was read
    assert report is not None  # noqa: S101
    assert context is not None  # noqa: S101
    st.header(plain(text("upload.done.title", language, summary=report.summary(language))), anchor=False)
    run = text(
        "upload.done.run", language, run=report.run_id or 0, moment=formats.moment(context.now, language),
        by=context.by, reason=context.reason,
    )  # fmt: skip
    st.success(plain(run), icon=":material/check_circle:")
    if report.was_rechecked:
        st.info(plain(text("upload.done.rechecked", language)), icon=":material/sync:")
    if read.rejected:
        count = formats.whole(len(read.rejected), language)
        st.warning(plain(text("upload.done.quarantined", language, count=count)), icon=":material/rule:")
        _draw_mending(read, visit)
    _draw_touched(look, visit)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        link("feeds", plain(text("upload.done.feeds", language)), address.onward(visit.choices), language=language)
        link("gaps", plain(text("upload.done.gaps", language)), address.onward(visit.choices), language=language)
        st.button(
            text("upload.done.again", language), key="upload-again", icon=":material/upload_file:",
            on_click=running.start_over,
        )  # fmt: skip


def _draw_touched(look: Look, visit: Visit) -> None:
    """The units whose figures changed, those with most changes first."""
    assert look.preview is not None  # noqa: S101  # what was saved was previewed
    language, touched = visit.language, look.preview.touched
    if not touched:
        return
    count = formats.whole(len(touched), language)
    st.header(plain(text("upload.done.units", language, count=count)), anchor=False)
    with st.grid("auto", min_column_width=LINKS_LEAST_WIDTH, gap="small", key="upload-units"):
        for unit in touched[: view.NAMED_UNITS]:
            link("unit", plain(unit.name), address.onward(visit.choices, unit=unit.code), language=language)
    if len(touched) > view.NAMED_UNITS:
        more = formats.whole(len(touched) - view.NAMED_UNITS, language)
        st.caption(plain(text("upload.done.units_more", language, count=more)))


_DRAWN: dict[str, Callable[[Look, Visit], None]] = {
    "waiting": _draw_busy,
    "reading": _draw_busy,
    "comparing": _draw_busy,
    "saving": _draw_busy,
    "previewed": _draw_preview,
    "saved": _draw_saved,
    "failed": _draw_refused,
    "cancelled": _draw_cancelled,
}

PAGE = Page(key="upload", address="upload", draw=draw, permission=Permission.IMPORT)


NEW_LINE = "  \n"


def draw_questions(asks: FileAsks, visit: Visit) -> None:
    """The questions, and a button that reads the file again once all of them are answered."""
    language = visit.language
    st.header(plain(text("upload.asks.title", language)), anchor=False)
    st.markdown(plain(text("upload.asks.intro", language)))
    for question in asks.questions:
        _draw_question(question, language)
    has_file = running.has_file()
    if not has_file:
        st.warning(plain(text("upload.asks.no_file", language)), icon=":material/upload_file:")
    st.button(
        text("upload.asks.button", language), key="upload-answer", icon=":material/preview:",
        on_click=running.answer, args=(visit, asks.questions),
        disabled=not has_file or not running.is_answered(asks.questions),
    )  # fmt: skip


def _draw_question(question: Question, language: str) -> None:
    said = {option.code: option.said(language) for option in question.options}
    rows = [NEW_LINE.join(plain(sample.said(language)) for sample in option.samples) for option in question.options]
    with st.container(border=True):
        st.radio(
            plain(question.said(language)), list(said), format_func=lambda code: plain(said[code]), captions=rows,
            index=None, key=running.choice_key(question),
        )  # fmt: skip
