"""The page of gaps as Streamlit draws it, in every state, without a browser."""

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from models.texts import LANGUAGES, text
from pages.parts import answers
from pages.parts.page import Situation
from targets.errors import StoreNotReady
from tests.pages.gap_rows import ROWS, counts, many, states

MAIN = Path(__file__).resolve().parent.parent.parent.parent / "pages" / "main.py"
NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.fixture
def look(monkeypatch):
    """Looks at `/gaps` of a store in a state, with choices in the address."""

    def looked(overview, rows=ROWS, **query):
        @contextmanager
        def reading():
            yield None

        situation = Situation("a store", overview.data_version, overview.simulated, None, overview.as_of)
        monkeypatch.setattr(answers, "find_situation", lambda: situation)
        monkeypatch.setattr(answers, "find_overview", lambda _situation, *, as_of, phase: overview)
        monkeypatch.setattr(answers, "settings", lambda: SimpleNamespace(now=None))
        monkeypatch.setattr(answers, "open_store", lambda _settings: SimpleNamespace(url="a store", reading=reading))
        monkeypatch.setattr(answers.gap_queries, "find_gaps", find_gaps)
        monkeypatch.setattr(answers, "find_standing_counts", lambda _session, *, as_of, phase: counts(rows))
        monkeypatch.setattr(answers, "find_standing", lambda _session, **_: [row.result for row in rows])
        looked.rows = rows
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        app.switch_page("gaps") if False else None
        app.run()
        return to_gaps(app)

    def find_gaps(_session, *, as_of, indicator, phase):
        asked.append((str(as_of), indicator, phase))
        return list(looked.rows)

    asked = looked.asked = []
    return looked


def to_gaps(app):
    return app


def words(element):
    return element.value.replace("\\", "").replace(NO_BREAK, " ")
