"""Chỉ tiêu: what is proposed, what waits for the office, and what is issued under which document."""

from functools import partial

import streamlit as st

from jobs.documents.target_annex import file_name
from models.core.texts import text
from pages.kit import address, answers
from pages.kit.downloads import draw_download
from pages.kit.markdown import plain
from pages.kit.page import Page, Visit
from pages.targets.central import draw_central
from pages.targets.forms import draw_waiting, read_target_choices
from pages.targets.issuing import draw_correcting, draw_issuing
from pages.targets.proposals import draw_proposals, draw_trial
from pages.targets.view import MIME_TYPES, annex_name, headline
from targets.permissions import Permission
from targets.values import Campaign, Phase


def draw(visit: Visit) -> None:
    """The sentence first, then what waits, the centre's targets, the proposals, and issuing them."""
    language, situation = visit.language, visit.situation
    campaign = answers.find_campaign(situation)
    choices = read_target_choices(visit.choices, address.current_query(), campaign, today=situation.today)
    visit.ignored.extend(choices.ignored)
    phase = campaign.phase(choices.phase)
    office = answers.find_office(situation, phase.key)
    st.title(plain(headline(office, phase, language)), anchor=False)
    draw_waiting(office, campaign, choices.wait, visit)
    draw_central(office, campaign, visit)
    rows = answers.find_assigned(situation, indicator=choices.indicator, phase=phase.key)
    draw_proposals(rows, campaign, choices, visit)
    draw_trial(campaign, choices, visit)
    draw_issuing(campaign, phase, visit)
    draw_correcting(rows, campaign, visit)
    _draw_annex(phase, campaign, visit)


def _draw_annex(phase: Phase, campaign: Campaign, visit: Visit) -> None:
    """The annex of a document that was issued, or what is proposed for the phase: files of their own."""
    language, situation = visit.language, visit.situation
    documents = answers.find_issue_documents(situation)
    names = [annex_name(document, phase, campaign, language) for document in (*documents, None)]
    with st.container(key="targets-annexes", gap="small"):
        chosen = st.selectbox(
            text("office.annex.which", language), range(len(names)), format_func=names.__getitem__,
            key="targets-annex-document", filter_mode=None,
        )  # fmt: skip
        document = (*documents, None)[chosen]
        with st.container(horizontal=True, gap="small"):
            for kind, mime in MIME_TYPES.items():
                name = file_name(
                    document, situation.today, kind=kind, is_simulated=situation.simulated, language=language
                )
                draw_download(
                    text(f"office.annex.button_{kind}", language),
                    partial(answers.annex_file, situation, language, document, phase=phase.key, kind=kind),
                    visit=visit, subject="annex of targets", file_name=name, mime=mime,
                    key="targets-annex" if kind == "xlsx" else f"targets-annex-{kind}",
                )  # fmt: skip


PAGE = Page("targets", "targets", draw, permission=Permission.PROPOSE, follows=("indicator", "phase"))
