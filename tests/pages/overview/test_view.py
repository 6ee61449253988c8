"""The overview's header, sentence and lines as finished words, in every state and language."""

import pytest

from jobs.wording import results as wording
from models.core.texts import LANGUAGES, text
from pages.kit import sentences
from pages.overview.view import overview_view


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_headed_by_its_sentence_and_names_its_lines(state, language):
    view = overview_view(state, language)

    assert view.headline == sentences.headline(state, language)
    assert view.advice == sentences.advice(state, language)
    assert view.coverage == sentences.coverage(state, language)
    assert view.lines_title == text("overview.lines", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_shows_its_name_findings_and_standing_in_words(state, language):
    for line, shown in zip(state.lines, overview_view(state, language).lines, strict=True):
        assert shown.name == state.campaign.indicator(line.indicator).name.of(language)
        assert shown.standing_words == wording.word_of(line, language)
        assert not (best := wording.best_of(line, language)) or best in shown.findings
        assert shown.findings == tuple(sentences.findings(line, state, language))
        assert shown.spoken
