"""The centre's targets: those that are known, those that are missing by name, and a form to enter one."""

from decimal import Decimal
from typing import Any

import streamlit as st

from models.core import formats
from models.core.edit_conflicts import check_central_seen
from models.core.texts import text
from models.targets.actions import EVERY_LEVEL, enter_central
from models.targets.assigning import CentralKnown
from models.targets.registrations import Incomplete
from pages.charts.layout import FILTER_WIDTH
from pages.kit.forms import carry_out, read_percent, show
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.kit.sentences import person
from pages.targets import forms
from pages.targets.view import Office, names_of
from targets.values import Campaign

SECTION = "central"


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
    names = {each.key: each.name.of(language) for each in campaign.indicators if each.rule.kind == "central_plus"}
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
    language = visit.language
    typed = {
        name: forms.typed(f"targets-central-{name}")
        for name in ("indicator", "year", "level", "value", "document", "reason")
    }

    def change(opened: Any, context: Any) -> str:
        value: Decimal | None = None if is_withdrawn else read_percent(typed["value"])
        place: dict[str, Any] = {
            "indicator": typed["indicator"], "year": _year(typed["year"]), "level": typed["level"],
        }  # fmt: skip
        seen = [row.version for row in office.central if (row.indicator, row.year, row.level) == tuple(place.values())]
        check_central_seen(opened, **place, seen_version=max(seen, default=0))
        done = enter_central(opened, **place, value=value, document=typed["document"], context=context)
        name = campaign.indicator(typed["indicator"]).name.of(language)
        if not done.is_changed:
            return text("office.central.unchanged", language, indicator=name, year=typed["year"])
        key = "done_withdraw" if is_withdrawn else "done"
        reported = {"indicator": name, "year": typed["year"], "count": formats.whole(done.proposed, language)}
        return text(f"office.central.{key}", language, **reported)

    carry_out(visit, SECTION, typed["reason"], change, document=typed["document"])


def _year(written: str) -> int:
    """A year as four digits. Raises Incomplete where it is none."""
    if not (written.isascii() and written.isdigit()):
        raise Incomplete(f"{written} is no year of a central target.", code="year_out_of_range", year=written)
    return int(written)
