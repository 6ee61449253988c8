"""Chỉ tiêu: what is proposed, what waits for the office, and what is issued under which document."""

from functools import partial

import streamlit as st

from models.core.texts import text
from pages.charts.layout import FILTER_WIDTH
from pages.kit import address, answers
from pages.kit.downloads import draw_download
from pages.kit.markdown import plain
from pages.kit.page import Page, Visit
from pages.targets.central import draw_central
from pages.targets.forms import draw_waiting, read_target_choices
from pages.targets.issuing import draw_correcting, draw_issuing
from pages.targets.proposals import draw_proposals, draw_trial
from pages.targets.view import MIME_TYPES, file_name, headline
from targets.permissions import Permission
from targets.values import Campaign


def draw(visit: Visit) -> None:
    """The sentence first, then what waits, the centre's targets, the proposals, and issuing them."""
    language, situation = visit.language, visit.situation
    campaign = answers.find_campaign(situation)
    choices = read_target_choices(visit.choices, address.current_query(), campaign, today=situation.today)
    visit.ignored.extend(choices.ignored)
    phase = campaign.phase(choices.phase)
    office = answers.find_office(situation, phase.key)
    st.title(plain(headline(office, phase, language)), anchor=False)
    _draw_choices(campaign, choices.phase, choices.indicator, visit)
    draw_waiting(office, campaign, choices.wait, visit)
    draw_central(office, campaign, visit)
    rows = answers.find_assigned(situation, indicator=choices.indicator, phase=phase.key)
    draw_proposals(rows, campaign, choices, visit)
    draw_trial(campaign, choices, visit)
    draw_issuing(campaign, phase, visit)
    draw_correcting(rows, campaign, visit)
    _draw_annex(visit)


def _draw_choices(campaign: Campaign, phase: str, indicator: str, visit: Visit) -> None:
    """Phase and indicator: both live in the address."""
    language = visit.language
    options = {
        "phase": {each.key: each.name.of(language) for each in campaign.phases},
        "indicator": {each.key: each.name.of(language) for each in campaign.indicators},
    }
    with st.grid(2, min_column_width=FILTER_WIDTH, gap="small"):
        for name, chosen in (("phase", phase), ("indicator", indicator)):
            key = f"targets-choice-{name}"
            st.session_state[key] = chosen
            st.selectbox(
                text(f"office.{name}", language), list(options[name]), key=key, filter_mode=None,
                format_func=options[name].__getitem__, on_change=_choose, args=(name, key),
            )  # fmt: skip


def _draw_annex(visit: Visit) -> None:
    language, situation = visit.language, visit.situation
    with st.container(horizontal=True, gap="small", key="targets-annexes"):
        for kind, mime in MIME_TYPES.items():
            name = file_name(situation.today, kind=kind, is_simulated=situation.simulated, language=language)
            draw_download(
                text(f"office.annex.button_{kind}", language), partial(answers.annex_file, situation, language, kind),
                visit=visit, subject="annex of targets", file_name=name, mime=mime,
                key="targets-annex" if kind == "xlsx" else f"targets-annex-{kind}",
            )  # fmt: skip
    st.caption(plain(text("office.annex.note", language)))


def _choose(name: str, key: str) -> None:
    for screen in ("page", "trial"):
        address.choose(screen, None)
    address.choose(name, str(st.session_state[key]))


PAGE = Page("targets", "targets", draw, permission=Permission.PROPOSE, follows=("indicator", "phase"))
