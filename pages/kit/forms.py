"""What forms share: fields that keep what was typed, sent once, and a word on what came of it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import streamlit as st

from jobs.intake.uploads import safe_name
from models.campaign.holidays import working_days
from models.core.columns import day_number
from models.core.texts import sentence_of, text
from models.targets.registrations import Incomplete
from pages.access.uploads import find_uploads
from pages.kit import visitors
from pages.kit.markdown import plain
from pages.kit.page import Visit
from targets.errors import CampaignError
from targets.figures import typed_in
from targets.values import Campaign, Indicator

WORKING_DAYS = 3
"""Within how many working days a request is decided or answered where nobody says another day."""
FORTNIGHT = timedelta(days=14)
FIELD_WIDTH = 220
"""Pixels a field of a form takes at least: side by side on a desk, below one another on a phone."""
LONGEST_NAME = 100
BEYOND_PERCENTS = 1000
"""From here on a number is a slip of the keyboard, whatever it is a percent of."""
LONGEST_TEXT = 2_000


@dataclass(frozen=True)
class Form:
    """One form of one unit, as it was drawn. `turn` counts what was sent: a form that was sent is another form."""

    name: str
    unit: str
    turn: int

    @property
    def place(self) -> str:
        return f"{self.name}-{self.unit}"

    def key(self, field: str) -> str:
        return f"wish-{self.name}-{self.unit}-{self.turn}-{field}"

    def field(self, field: str) -> Any:
        return st.session_state.get(self.key(field))

    def words(self, field: str) -> str:
        return str(self.field(field) or "").strip()

    def day(self, field: str, label: str) -> date:
        """A day that must be chosen. Raises Incomplete."""
        chosen = self.field(field)
        if not isinstance(chosen, date):
            raise Incomplete(f"Choose a day in the field {label}.", code="wish_no_day", field=label)
        return chosen

    def day_or_none(self, field: str) -> date | None:
        chosen = self.field(field)
        return chosen if isinstance(chosen, date) else None


def form_of(name: str, unit: str) -> Form:
    """The form as it stands now."""
    return Form(name, unit, st.session_state.get(_turn(name, unit), 0))


def choice_key(name: str, unit: str, field: str) -> str:
    """Where a choice above a form is kept: it stays when the form has been sent."""
    return f"wish-{name}-{unit}-{field}"


def send(form: Form, language: str, change: Callable[[], str]) -> None:
    """Carry out what the form holds, once, and remember what to say; a mistake leaves every field as it was typed.

    A second press of the same form finds it sent already and does nothing.
    """
    turn = _turn(form.name, form.unit)
    if st.session_state.get(turn, 0) != form.turn:
        return
    if attempt(form.place, language, change):
        st.session_state[turn] = form.turn + 1


def carry_out(visit: Visit, place: str, reason: str, change: Callable[[Any, Any], str], *, document: str = "") -> bool:
    """One change in one transaction; what `change` answers is said at the place. Answers whether it was made."""
    return attempt(
        place, visit.language, lambda: visitors.carry_out(visit, reason, change, document=document)
    )  # fmt: skip


def attempt(place: str, language: str, change: Callable[[], str]) -> bool:
    """Make a change and say at the place what it answers, or why it was refused. Answers whether it was made."""
    try:
        said = change()
    except CampaignError as problem:
        say(place, sentence_of(problem, language), is_done=False)
        return False
    say(place, said, is_done=True)
    return True


def say(place: str, sentence: str, *, is_done: bool, lines: Sequence[str] = ()) -> None:
    """Keep what came of a change, to be shown when its place is drawn again. `lines`: what it is about."""
    words = plain(sentence) + "".join(f"\n- {plain(line)}" for line in lines)
    st.session_state[_said(place)] = (is_done, words)


@contextmanager
def handed_in(slip: bytes) -> Iterator[Path]:
    """A file that somebody handed in, on the disk for as long as it is read; `slip` is what its form holds.

    Raises FileGone where its page was closed in between, as where the network was gone for a moment.
    """
    found = find_uploads().open(slip, visitors.current_session())
    if found is None:
        raise FileGone("The file is no longer here; choose it again.", code="no_file")
    name, content = safe_name(found[0]), found[1]
    with content, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)
        yield path


class FileGone(CampaignError):
    """A file that was handed in is no longer held."""


def is_said(place: str) -> bool:
    """Whether something is yet to be shown there."""
    return _said(place) in st.session_state


def show(place: str) -> None:
    """What came of the last change there, once."""
    if not is_said(place):
        return
    is_done, words = st.session_state.pop(_said(place))
    if is_done:
        st.success(words, icon=":material/check_circle:")
    else:
        st.error(words, icon=":material/error:")


def read_percent(written: str) -> Decimal:
    """77,37 · 77.37 · 60 % as points. Raises Incomplete where it is none."""
    if not written.strip():
        raise Incomplete("A percent is needed; write e.g. 77.37.", code="percent_missing")
    number = typed_in(written, "percent")
    if number is None or number >= BEYOND_PERCENTS:
        raise Incomplete(f"“{written}” is no percent; write e.g. 77.37.", code="not_a_percent", written=written)
    return number


def read_target(written: str, indicator: Indicator) -> Decimal:
    """A target as it is typed: a percent, a whole number, 7,5 days. Raises Incomplete where it is none."""
    if indicator.measured_in == "count":
        return Decimal(read_count(written))
    return read_days(written) if indicator.measured_in == "days" else read_percent(written)


def read_days(written: str) -> Decimal:
    """7,5 · 7.5. Raises Incomplete where it is no number of days."""
    number = typed_in(written, "percent") if "%" not in written else None
    if number is None or number >= BEYOND_PERCENTS:
        raise Incomplete(f"“{written}” is no number of days; write e.g. 7.5.", code="not_days", written=written)
    return number


def read_count(written: str) -> int:
    """1.030 · 1,030 · 1030: dossiers have no decimals. Raises Incomplete where it is no count."""
    if not written.strip():
        raise Incomplete("A whole number is needed; write e.g. 1,030.", code="count_missing")
    number = typed_in(written, "count")
    if number is None:
        raise Incomplete(f"“{written}” is no whole number.", code="not_a_count", written=written)
    return int(number)


def default_deadline(campaign: Campaign, today: date) -> date:
    """Three working days from today on; a fortnight where the calendar knows of none any more."""
    calendar, found, left = working_days(campaign), today, WORKING_DAYS
    while left and found < today + FORTNIGHT:
        found += timedelta(days=1)
        left -= calendar.is_working_day(day_number(found))
    return found


def day_field(form: Form, field: str, label: str, value: date | None = None) -> None:
    st.date_input(label, value=value, format="DD/MM/YYYY", key=form.key(field))


def text_field(form: Form, field: str, label: str, hint: str = "") -> None:
    st.text_input(label, key=form.key(field), max_chars=LONGEST_NAME, placeholder=hint or None)


def long_field(form: Form, field: str, label: str) -> None:
    st.text_area(label, key=form.key(field), max_chars=LONGEST_TEXT, height=80)


def indicator_choice(name: str, unit: str, campaign: Campaign, chosen: str | None, language: str) -> str:
    """Which indicator a form is about; it stands above the form, as what is told there depends on it."""
    keys = [indicator.key for indicator in campaign.indicators]
    found: str = st.selectbox(
        text("wishes.indicator", language), keys, index=keys.index(chosen) if chosen in keys else 0,
        format_func=lambda key: campaign.indicator(key).name.of(language),
        key=choice_key(name, unit, "indicator"), filter_mode=None,
    )  # fmt: skip
    return found


def _turn(name: str, unit: str) -> str:
    return f"wish-turn-{name}-{unit}"


def _said(place: str) -> str:
    return f"said-{place}"
