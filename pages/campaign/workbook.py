"""The campaign as one workbook: taken along, and a changed one handed in and looked at before it counts."""

import streamlit as st

from jobs.campaigns.changing import OpenedCampaign, open_campaign, whole_edits
from jobs.campaigns.folder import WORKBOOKS
from jobs.campaigns.workbook.reading import CampaignWorkbookError, read_workbook, version_in
from jobs.campaigns.workbook.writing import write_workbook
from jobs.imports.formats.limits import UPLOAD
from jobs.wording.mistakes import mistake_words, problem_place
from models.core import formats
from models.core.texts import sentence_of, text
from pages.campaign.forms import PLACE, want
from pages.campaign.words import Names
from pages.kit import answers
from pages.kit.downloads import draw_download
from pages.kit.forms import handed_in, say
from pages.kit.page import Visit
from targets.errors import CampaignError
from targets.permissions import Permission

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTED = 30
"""Mistakes that are named one by one."""
FILE = "campaign-workbook"


def draw_workbook(opened: OpenedCampaign, names: Names, visit: Visit) -> None:
    """The download, then the place for a changed one."""
    language, key = visit.language, names.campaign.key
    st.markdown(text("campaign.workbook.intro", language))
    draw_download(
        text("campaign.workbook.download", language), lambda: _workbook(visit), visit=visit,
        subject="campaign workbook", file_name=f"{key}.xlsx", mime=MIME, key="campaign-workbook-download",
        permission=Permission.CHANGE_CAMPAIGN,
    )  # fmt: skip
    handed = st.file_uploader(
        text("campaign.workbook.upload", language), type=[each[1:] for each in WORKBOOKS], key=FILE
    )  # fmt: skip
    is_wanted = st.button(
        text("campaign.workbook.check", language), key="campaign-workbook-check", icon=":material/preview:",
        disabled=handed is None or not opened.is_editable,
    )  # fmt: skip
    if handed is not None and is_wanted:
        with st.spinner(text("campaign.trying", language)):
            _check(handed.getvalue(), opened, language)
        st.rerun()


def _workbook(visit: Visit) -> bytes:
    with answers.store(visit.situation).reading() as session:
        opened = open_campaign(session)
    return write_workbook(opened.held, visit.language, version=opened.version)


def _check(slip: bytes, opened: OpenedCampaign, language: str) -> None:
    """Read the file that was handed in; what it changes is looked at next, its mistakes are said."""
    try:
        with handed_in(slip) as path:
            files = read_workbook(path, before=opened.held, language=language, limits=UPLOAD)
            written_from = version_in(path, UPLOAD)
    except CampaignWorkbookError as mistakes:
        lines = [f"{problem_place(each, language)}: {mistake_words(each, language)}" for each in mistakes.problems]
        count = formats.whole(len(lines), language)
        more = formats.whole(len(lines) - LISTED, language)
        shown = lines[:LISTED] + ([text("campaign.workbook.more", language, count=more)] if len(lines) > LISTED else [])
        say(PLACE, text("campaign.workbook.refused", language, count=count), is_done=False, lines=shown)
    except CampaignError as problem:
        say(PLACE, sentence_of(problem, language), is_done=False)
    else:
        # Whoever changed the campaign since the workbook was written is told of, and not overwritten unseen.
        seen = opened.version if written_from is None else min(written_from, opened.version)
        want(whole_edits(opened.held, files.texts), seen, language)
