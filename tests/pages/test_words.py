"""Whatever people have typed, every page shows it as it was typed: in Markdown switched off, elsewhere untouched.

That words so switched off are read as they were typed is looked at in a browser (`tests/browser/test_words.py`).
"""

import json
import sqlite3
from collections.abc import Iterator
from decimal import Decimal

import pyarrow
import pytest
from google.protobuf.message import Message
from sqlalchemy import JSON
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from models.core.settings import PROJECT
from models.meetings.actions import Conclusion, announce_figures, freeze_figures, record_conclusion
from models.readings.records import TaskRecord
from models.targets.actions import issue_targets
from models.targets.causes import Explanation, ask_for_explanation, decide_cause, state_cause
from models.targets.checks import Dispute, refuse_check, request_check
from models.targets.registrations import Registration, register_target, request_dates
from models.tasks.actions import give_task, report_on_task
from models.tasks.evidence import Evidence
from pages.kit import answers
from pages.kit.markdown import plain
from pages.kit.page import ADDRESSES
from tests.models.accounts_world import by
from tests.models.conftest import Small, day

SIGNS = (
    "http://evil", "www.evil", "x@evil", ":material/evil:", "evil->evil", "$evil$", "<b>evil", "[evil](//x)", "**evil",
    ":red[evil]", "::evil[x]", "`evil`",
)  # fmt: skip
TYPED = f"Evil {' '.join(SIGNS)}\nevil\n==="
"""What somebody types who would have a page do something."""

WORDS = {
    "account": {"name"},
    "alert": {"failure"},
    "announcement": {"title", "decided_reason"},
    "audit_entry": {"reason", "document"},
    "baseline": {"source_note", "reason"},
    "campaign_version": {"reason"},
    "cause": {"text", "action", "who", "decided_reason"},
    "central_target": {"document", "source_note", "reason"},
    "check_request": {"evidence", "decided_reason"},
    "digest_mail": {"failure"},
    "explanation_request": {"question"},
    "phase_dates": {"document", "reason", "decided_reason"},
    "quarantined": {"file_name", "place", "field", "value", "settled_reason"},
    "reading": {"note", "quotation"},
    "run": {"file_name", "failure", "reason"},
    "result_confirmation": {"document", "signer", "reason"},
    "score": {"rank_group", "source_note"},
    "sign_in_session": {"browser"},
    "snapshot": {"title", "reason"},
    "snapshot_row": {"name"},
    "snapshot_withdrawal": {"reason"},
    "target": {"document", "source_note", "reason", "decided_reason"},
    "task": {"what", "finding", "who", "document", "number", "progress", "decided_reason"},
    "task_evidence": {"name"},
    "task_report": {"progress", "evidence"},
    "unit": {"name", "head_title", "head_name", "head_phone"},
}
"""What people type, by table and column: everything else a column of text holds is a key of ours, a hash or a login."""
KEYS = {
    "action", "address", "basis", "because", "browser_hash", "by", "campaign_key", "category", "closes", "code",
    "decided_by",
    "digest", "file", "fingerprint", "gso_code", "hash", "audit_hash", "identity_code", "indicator", "indicator_key",
    "issuer", "key", "kind", "level", "login", "option", "origin", "owner", "password_hash", "path", "payload_hash",
    "payload_path", "phase", "pool", "previous_hash", "problem", "qualifier", "role", "scope", "settled_by", "sha256",
    "slide", "slot", "standing", "state", "state_hash", "status", "subject", "token_hash", "trail_seal", "unit", "via",
}  # fmt: skip
TONGUES = {"vi", "en"}
"""Names under which the campaign's settings hold what things are called."""
PARTS = {name for names in WORDS.values() for name in names} - {"action"} | TONGUES
"""Names under which the other JSON columns hold words of people."""


def columns(kind):
    return {
        (table.name, column.name)
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, kind)
    }


def test_every_column_of_text_is_known_to_hold_words_or_keys():
    texts = columns(AutoString)

    words = {(table, name) for table, names in WORDS.items() for name in names}
    assert words <= texts
    assert {(table, name) for table, name in texts - words if name not in KEYS} == set()


# --- a store in which everything is typed so ------------------------------------------------------------------------


def tell(store):
    """Something of everything that people write."""
    small, office = Small(store), by("dieuphoi", TYPED, "11/3 09:00")
    small.load(
        ("H1", "online", "1/3", 10, 50), ("H2", "online", "1/3", 15, 300), ("H1", "online", "8/3", 30, 100),
        ("H2", "online", "8/3", 20, 400, None, None, TYPED), ("S1", "online", "8/3", 90, 200), when="8/3 18:00",
    )  # fmt: skip
    small.set_central("online", "50", when="5/3 08:00")
    head = by("truong.h1", TYPED, "11/3 08:30")
    with store.writing() as session:
        issue_targets(session, phase="first", document=TYPED, document_date=day("1/3"), context=office)
        cause = state_cause(
            session, Explanation("H1", "online", "other", TYPED, TYPED, TYPED, day("20/3")), context=head
        )
        decide_cause(session, cause, is_confirmed=True, seen_version=1, context=office)
        ask_for_explanation(
            session, unit="H2", indicator="online", question=TYPED, deadline=day("20/3"), context=office
        )
        dispute = Dispute("H1", "online", TYPED, day("20/3"), 40, 100)
        refuse_check(session, request_check(session, dispute, context=head), seen_version=1, context=office)
        request_check(session, dispute, context=head)
        for value in ("1", "2"):
            register_target(session, Registration("H1", "online", "first", Decimal(value), TYPED), context=head)
        request_dates(
            session, unit="H1", phase="first", start=day("5/3"), due=day("20/3"), document=TYPED, context=head
        )
        task = give_task(
            session,
            TaskRecord("H1", TYPED, TYPED, day("10/4"), finding=TYPED, document=TYPED, number=TYPED),
            context=office,
        )
        file = Evidence(TYPED, b"%PDF-1.7")
        report_on_task(session, task, progress=TYPED, evidence=TYPED, file=file, seen_version=1, context=head)
        record_conclusion(session, Conclusion(TYPED, document=TYPED, who=TYPED), context=office)
        freeze_figures(session, as_of=day("8/3"), title=TYPED, context=office)
        announce_figures(session, as_of=day("8/3"), deadline=day("20/3"), title=TYPED, context=office)


def spoil(store):
    """Every word of people in the store becomes the same words; what is append-only is so for others."""
    connection = sqlite3.connect(store.engine.url.database)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for table, names in WORDS.items():
        for name in names:
            connection.execute(f"UPDATE {table} SET {name} = ? WHERE coalesce({name}, '') <> ''", (TYPED,))  # noqa: S608
    for table, name in columns(JSON):
        key = [column.name for column in SQLModel.metadata.tables[table].primary_key]
        here = " AND ".join(f"{column} = ?" for column in key)
        for kept, *row in connection.execute(f"SELECT {name}, {', '.join(key)} FROM {table}").fetchall():  # noqa: S608
            spoilt = json.dumps(_spoilt(json.loads(kept or "null"), TONGUES if table == "campaign_version" else PARTS))
            connection.execute(f"UPDATE {table} SET {name} = ? WHERE {here}", (spoilt, *row))  # noqa: S608
    connection.commit()
    connection.close()


def _spoilt(value, names, key=""):
    if isinstance(value, dict):
        return {name: _spoilt(each, names, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_spoilt(each, names, key) for each in value]
    if not isinstance(value, str) or not value or key not in names:
        return value
    return f"{TYPED} {value}" if names is TONGUES else TYPED


def tell_and_spoil(store):
    tell(store)
    spoil(store)


@pytest.fixture
def look(make_house, monkeypatch):
    house = make_house(NOW="2024-03-11T08:00:00+07:00", more=tell_and_spoil)
    token = {login: house.signed_in(login).cookies["caodiem"] for login in ("dieuphoi", "admin")}
    monkeypatch.setattr(answers, "front", lambda: house.service.settings)

    def looked(address, query):
        login = "admin" if address in ("accounts", "audit", "health") else "dieuphoi"
        app = AppTest.from_file(str(PROJECT / "pages" / "main.py"), default_timeout=120)
        app.user = {"gate": "1", "session": str(house.service.find(token[login]).session_id), "user": login}
        for name, value in query.items():
            app.query_params[name] = value
        app._page_hash = calc_hash(address)
        return app.run()

    return looked


# --- where words stand on a page ------------------------------------------------------------------------------------

MARKDOWN = {
    "Markdown.body", "Heading.body", "Alert.body", "Toast.body", "Metric.body", "Radio.options", "table",
    "Radio.captions", "ButtonGroup.Option.content",
}  # fmt: skip
"""Where Streamlit reads Markdown; beside these every label and every help."""
UNTOUCHED = {
    "Code.code_text", "MultiSelect.options", "Selectbox.options",
    "Table.alt", "TextArea.default", "TextArea.value", "TextInput.default", "TextInput.value",
    "TextArea.placeholder", "TextInput.placeholder", "VegaLiteChart.alt", "VegaLiteChart.spec", "vega_lite_chart",
}  # fmt: skip
"""Where it shows text as it is."""


def pieces(node) -> Iterator[tuple[str, str]]:
    """Every text of a page with where it stands: the name of the element and its field."""
    proto = getattr(node, "proto", None)
    if isinstance(proto, Message):
        yield from _texts(proto, kind=getattr(node, "type", ""))
    for child in (getattr(node, "children", None) or {}).values():
        yield from pieces(child)


def _texts(message, *, kind):
    for field, value in message.ListFields():
        name = f"{message.DESCRIPTOR.full_name.removesuffix('Proto')}.{field.name}"
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            values = []
        else:
            values = value if field.is_repeated else [value]
        for each in values:
            if isinstance(each, Message):
                yield from _texts(each, kind=kind)
            elif isinstance(each, bytes):
                yield from ((f"{kind}", cell) for cell in _cells(each))
            elif isinstance(each, str):
                yield name, each


def _cells(data):
    try:
        table = pyarrow.ipc.open_stream(data).read_all()
    except pyarrow.ArrowInvalid:
        return
    for column in table.columns:
        yield from (cell for cell in column.to_pylist() if isinstance(cell, str))


SECTIONS = ("gap", "change", "slope", "ranks", "funnel", "if")
PARTS_OF_CAMPAIGN = ("dates", "indicators", "central", "sources", "history")
SLIDES = ("province", "indicator.online", "movers.online", "contribution.online", "silent", "unit.H1")
PLACES = (
    *((address, {}) for address in ADDRESSES),
    ("unit", {"unit": "H1", "indicator": "online"}),
    ("unit", {"unit": "H1", "tab": "story"}),
    ("audit", {"unit": "H1"}),
    ("tasks", {"task": "1"}),
    ("campaign", {"part": "heads"}),
    ("meeting", {"slide": "attention.online.district"}),
    ("meeting", {"slide": "tasks"}),
)
MORE = (
    ("gaps", {"indicator": "online"}),
    ("feeds", {"run": "1"}),
    *(("compare", {"section": section, "indicator": "online"}) for section in SECTIONS),
    *(("campaign", {"part": part}) for part in PARTS_OF_CAMPAIGN),
    *(("meeting", {"slide": slide}) for slide in SLIDES),
)
"""Looked at with `make soak`."""
OURS_ALONE = ("upload", "health", "scores", "methods")
"""Pages on which nothing of what people type stands before they bring something, or scores are there."""


@pytest.mark.daily(8)
@pytest.mark.parametrize(
    ("address", "query"), [*PLACES, *(pytest.param(*place, marks=pytest.mark.soak) for place in MORE)]
)
def test_page_shows_words_as_they_were_typed(look, address, query):
    app = look(address, query)

    assert not app.exception
    shown = [(where, said) for where, said in pieces(app._tree) if "vil" in said]
    obeyed = [each for each in shown if not is_as_typed(*each)]
    assert obeyed == []
    assert address in OURS_ALONE or any(plain(TYPED) in said or TYPED in said for _, said in shown)


def is_as_typed(where, said):
    if where.endswith((".raw_value", ".raw_values")):  # what a choice is called between browser and server
        return True
    if where in UNTOUCHED:
        return ":small[" not in said and "\\<" not in said
    if where == "Html.body":
        return "<b>evil" not in said
    assert where in MARKDOWN or where.endswith((".label", ".help")), f"{where} reads Markdown, or does it not?"
    return not any(sign in said for sign in SIGNS)
