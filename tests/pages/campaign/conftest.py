"""The campaign's pages are tested on figures of their own: no source is late, and no store is asked whether one is.

What is sent from them is tested behind the same front door as elsewhere, as somebody who is signed in.
"""

import pytest

from pages.parts import feeds_answers


@pytest.fixture(autouse=True)
def _no_source_is_late(monkeypatch):
    monkeypatch.setattr(feeds_answers, "find_strip", lambda situation, language: ())
