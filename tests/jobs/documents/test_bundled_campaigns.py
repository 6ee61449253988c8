"""Every document and slide of every bundled campaign, in both languages: all are made, no word is another's."""

import io
import re
import zipfile

import pytest

from jobs.campaigns.demonstration import rehearsal_instant
from jobs.commands.document import KINDS
from jobs.documents.figures import figures_of_day
from jobs.documents.letters import as_reminder
from jobs.documents.phone import ALL, as_message, as_picture
from jobs.documents.target_annex import annex_file
from jobs.slides.deck import slide
from models.core.state import find_state
from models.core.store import Store
from models.core.texts import LANGUAGES
from models.meetings.agendas import possible_slides
from models.results.inputs import load_campaign
from models.targets.assigning import find_assigned
from models.targets.registrations import Incomplete
from tests.bundled_campaigns import BUNDLED, ILLUSTRATIVE, NOW, bundled_store, strangers

QUICK = {("cap-huyen-30-ngay", "vi"), ("vinh-phuc-2021", "en")}
"""Made with `make test`; those of every other campaign with `make soak`."""
CASES = [
    pytest.param(key, language, marks=() if (key, language) in QUICK else pytest.mark.soak)
    for key in BUNDLED
    for language in LANGUAGES
]
TAG = re.compile(r"<[^>]*>")


@pytest.mark.soak
@pytest.mark.parametrize(("key", "language"), CASES)
def test_documents_are_made_and_say_no_word_that_is_not_their_campaigns(key, language, tmp_path_factory):
    path = bundled_store(tmp_path_factory, key)
    store = Store(f"sqlite:///{path}")
    with store.reading() as session:
        campaign = load_campaign(session)
        day = rehearsal_instant(campaign).date() if key in ILLUSTRATIVE else campaign.end
        figures = figures_of_day(session, as_of=day, now=NOW, known_at=None, title="1")
        rows, is_simulated = find_assigned(session, today=day), find_state(session).simulated
    store.close()

    said = [make(figures, language) for makers in KINDS.values() for make in makers.values()]
    said.append(as_message(figures, language, indicator=ALL).encode())
    said.append(as_picture(figures, language, level=figures.groups[0].key))
    said += [
        annex_file(rows, campaign, document=None, kind=kind, is_simulated=is_simulated, language=language)
        for kind in ("xlsx", "docx")
    ]
    others = sorted(figures.meeting.units - {campaign.province})
    said += [reminder for unit in others if (reminder := reminded(figures, unit, language))][:3]
    slides = [slide(figures.meeting, each, language) for each in possible_slides(campaign)]

    assert len(said) >= 8
    assert all(each.headline for each in slides)
    for content in said:
        assert strangers(words_of(content), key, path.parent, language) == set()


def reminded(figures, unit, language):
    """The letter to a unit; nothing where it is behind on nothing."""
    try:
        return as_reminder(figures, unit, language)
    except Incomplete:
        return b""


def words_of(content):
    """What is read in a file: of a package its parts' texts, of a picture nothing."""
    if content.startswith(b"\x89PNG"):
        return ""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [package.read(name).decode("utf-8", "ignore") for name in package.namelist() if name.endswith(".xml")]
    return "\n".join(TAG.sub(" ", part) for part in parts)
