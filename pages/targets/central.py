"""The centre's targets: those that are known, those that are missing by name, and a form to enter one."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import streamlit as st

from jobs.wording.issuing import decided
from models.core import formats
from models.core.edit_conflicts import check_central_seen
from models.core.texts import text
from models.targets.actions import EVERY_LEVEL, KeptAdjustment, enter_central
from models.targets.assigning import CentralKnown
from models.targets.registrations import Incomplete
from pages.charts.layout import FILTER_WIDTH
from pages.kit.forms import carry_out, read_percent, show
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.kit.sentences import person
from pages.targets import forms
from pages.targets.view import Office, names_of
from targets.errors import CampaignError
from targets.values import Campaign

SECTION = "central"
TOUCHED = "targets-touched-entry"
"""A central target that would touch adjustments: kept for this visitor until it is confirmed or put away."""
MOST_NAMED = 10


class AdjustmentsTouched(CampaignError):
    """A central target that touches adjustments is entered once somebody was asked about them."""


@dataclass(frozen=True)
class Entry:
    """A central target as it was typed; with the adjustments it touches once somebody was asked about them."""

    typed: dict[str, str]
    is_withdrawn: bool
    touched: tuple[KeptAdjustment, ...] | None = None
    to_rule: tuple[tuple[str, str, str], ...] = ()

    @property
    def place(self) -> tuple[str, str, str]:
        return self.typed["indicator"], self.typed["year"], self.typed["level"]


def draw_central(office: Office, campaign: Campaign, visit: Visit) -> None:
    """What is missing first, as nothing is proposed without it; then what is known and the form."""
    language = visit.language
    with st.container(key="targets-central", gap="small"):
        st.header(plain(text("office.central.title", language)), anchor=False)
        show(SECTION)
        if office.missing:
            names, year = names_of(office.missing, campaign, language), str(campaign.target_year)
            said = text("office.central.missing", language, indicators=names, year=year)
            st.warning(plain(said), icon=":material/warning:")
        st.markdown("\n".join(f"- {plain(_known(row, campaign, language))}" for row in office.central))
        _draw_form(office, campaign, visit)
        _draw_touched(office, campaign, visit)


def _known(row: CentralKnown, campaign: Campaign, language: str) -> str:
    """One target in a sentence with its document and who entered it when."""
    names = {each.key: each.name.of(language) for each in campaign.indicators}
    withdrawn = text("office.central.withdrawn", language)
    return text(
        "office.central.known",
        language,
        indicator=names.get(row.indicator, row.indicator),
        year=str(row.year),
        level=_level(row.level, campaign, language),
        value=withdrawn if row.value is None else formats.target_percent(row.value, language),
        document=row.document,
        by=person(row.by, language),
        at=formats.moment(row.at, language),
    )


def _level(key: str, campaign: Campaign, language: str) -> str:
    if key == EVERY_LEVEL:
        return text("office.central.every_level", language)
    return next((level.name.of(language) for level in campaign.levels if level.key == key), key)


def _draw_form(office: Office, campaign: Campaign, visit: Visit) -> None:
    language = visit.language
    names = {each.key: each.name.of(language) for each in campaign.indicators if each.rule.needs_central}
    if not names:
        st.markdown(plain(text("office.central.none_needed", language)))
        return
    levels = [EVERY_LEVEL, *(level.key for level in campaign.levels)]
    first = list(names).index(office.missing[0]) if office.missing else 0
    with st.form("targets-central-form", border=True):
        with st.grid(4, min_column_width=FILTER_WIDTH, gap="small"):
            st.selectbox(
                text("office.indicator", language), list(names), index=first, format_func=names.__getitem__,
                key="targets-central-indicator", filter_mode=None,
            )  # fmt: skip
            st.text_input(
                text("office.central.year", language), value=str(campaign.target_year),
                key="targets-central-year", max_chars=4,
            )  # fmt: skip
            st.selectbox(
                text("office.central.level", language), levels, key="targets-central-level", filter_mode=None,
                format_func=lambda key: _level(key, campaign, language),
            )  # fmt: skip
            st.text_input(text("office.central.value", language), key="targets-central-value", max_chars=12)
        st.text_input(
            text("office.document", language), key="targets-central-document", max_chars=forms.LONGEST_DOCUMENT,
            placeholder=text("office.central.document_hint", language),
        )  # fmt: skip
        forms.reason_field("targets-central-reason", language)
        with st.container(horizontal=True, gap="small"):
            for name, icon in (("enter", "save"), ("withdraw", "undo")):
                st.form_submit_button(
                    text(f"office.central.{name}", language), key=f"targets-central-{name}",
                    icon=f":material/{icon}:", on_click=_enter, args=(office, campaign, visit, name == "withdraw"),
                )  # fmt: skip


def _enter(office: Office, campaign: Campaign, visit: Visit, is_withdrawn: bool) -> None:
    fields = ("indicator", "year", "level", "value", "document", "reason")
    typed = {name: forms.typed(f"targets-central-{name}") for name in fields}
    _carry_out(Entry(typed, is_withdrawn), office, campaign, visit)


def _carry_out(entry: Entry, office: Office, campaign: Campaign, visit: Visit) -> None:
    """Enter it; where it touches adjustments that nobody was asked about, take it back, and ask about them."""
    language, typed, place = visit.language, entry.typed, entry.place
    _forget()

    def change(opened: Any, context: Any) -> str:
        value: Decimal | None = None if entry.is_withdrawn else read_percent(typed["value"])
        target: dict[str, Any] = {"indicator": place[0], "year": _year(place[1]), "level": place[2]}
        seen = [row.version for row in office.central if (row.indicator, row.year, row.level) == tuple(target.values())]
        check_central_seen(opened, **target, seen_version=max(seen, default=0))
        said = target | {"value": value, "document": typed["document"]}
        done = enter_central(opened, **said, to_rule=entry.to_rule, context=context)
        if entry.touched is None and done.kept:
            st.session_state[TOUCHED] = replace(entry, touched=done.kept)
            raise AdjustmentsTouched(
                f"It would touch {len(done.kept)} adjusted proposals: confirm it.",
                code="adjustments_touched",
                count=formats.whole(len(done.kept), language),
            )
        name = campaign.indicator(place[0]).name.of(language)
        if not done.is_changed:
            return text("office.central.unchanged", language, indicator=name, year=place[1])
        key = "done_withdraw" if entry.is_withdrawn else "done"
        reported = {"indicator": name, "year": place[1], "count": formats.whole(done.proposed, language)}
        return text(f"office.central.{key}", language, **reported)

    carry_out(visit, SECTION, typed["reason"], change, document=typed["document"])


def _draw_touched(office: Office, campaign: Campaign, visit: Visit) -> None:
    """The adjustments that the central target would touch: they stay unless they are named."""
    entry: Entry | None = st.session_state.get(TOUCHED)
    if entry is None or not entry.touched:
        return
    language = visit.language
    words = {kept.place: _touched(kept, campaign, language) for kept in entry.touched}
    with st.container(border=True, key="targets-touched"):
        st.multiselect(
            text("office.central.to_rule", language), list(words), format_func=lambda place: words.get(place, ""),
            key=f"{TOUCHED}-to-rule", placeholder=text("office.central.keep_all", language),
        )  # fmt: skip
        st.markdown("\n".join(f"- {plain(said)}" for said in [*words.values()][:MOST_NAMED]))
        with st.container(horizontal=True, gap="small"):
            st.button(
                text("office.central.confirm", language), key="targets-touched-confirm", type="primary",
                icon=":material/save:", on_click=_confirm, args=(entry, office, campaign, visit),
            )  # fmt: skip
            st.button(
                text("office.put_away", language), key="targets-touched-cancel", icon=":material/close:",
                on_click=_forget,
            )  # fmt: skip


def _confirm(entry: Entry, office: Office, campaign: Campaign, visit: Visit) -> None:
    to_rule = tuple(st.session_state.get(f"{TOUCHED}-to-rule", ()))
    _carry_out(replace(entry, to_rule=to_rule), office, campaign, visit)


def _touched(kept: KeptAdjustment, campaign: Campaign, language: str) -> str:
    indicator = campaign.indicator(kept.indicator)
    return text(
        "office.central.touched_line",
        language,
        unit=f"{kept.name} ({kept.unit})",
        phase=campaign.phase(kept.phase).name.of(language),
        value=decided(kept.value, indicator, language),
        of_rule=decided(kept.of_rule, indicator, language),
    )


def _forget() -> None:
    for name in (TOUCHED, f"{TOUCHED}-to-rule"):
        st.session_state.pop(name, None)


def _year(written: str) -> int:
    """A year as four digits. Raises Incomplete where it is none."""
    if not (written.isascii() and written.isdigit()):
        raise Incomplete(f"{written} is no year of a central target.", code="year_out_of_range", year=written)
    return int(written)
