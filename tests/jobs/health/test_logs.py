"""Log lines: the moment in Vietnam, what happened, then name=value."""

import logging
import sys

from jobs.health.logs import Lines


def record(**other) -> logging.LogRecord:
    made = logging.makeLogRecord(
        {"name": "jobs.pulls.run", "levelname": "INFO", "msg": "pulled", "created": 1_715_040_000.0}
    )
    vars(made).update(other)
    return made


def test_line_tells_the_moment_and_what_was_handed_over():
    line = Lines().format(record(source="igate", rows=5, failure=None))

    assert line == "2024-05-07T07:00:00+07:00 INFO jobs.pulls.run: pulled source=igate rows=5"


def test_words_with_spaces_are_quoted():
    line = Lines().format(record(says='it said "no"', empty=""))

    assert line.endswith(r'says="it said \"no\"" empty=""')


def test_line_of_a_mistake_is_followed_by_its_trace():
    try:
        raise ValueError("no such thing")
    except ValueError:
        result = Lines().format(record(exc_info=sys.exc_info()))

    assert "ValueError: no such thing" in result.splitlines()[-1]


def test_nothing_that_is_told_makes_a_line_of_its_own():
    forged = "a.xlsx\n2024-05-07T07:00:00+07:00 INFO jobs.pulls.run: pulled\r\x1b[2J\u2028\u202e\udce9"
    try:
        raise ValueError(forged)
    except ValueError:
        result = Lines().format(record(msg=forged, source=forged, exc_info=sys.exc_info()))

    first, *trace = result.split("\n")
    assert result.isascii()
    assert first.count(r"a.xlsx\n2024-05-07T07:00:00+07:00 INFO jobs.pulls.run: pulled\r") == 2
    assert trace
    assert all(line.startswith("  ") for line in trace)


def test_words_of_any_language_stay_as_they_are():
    assert Lines().format(record(file="Số_liệu.xlsx")).endswith("pulled file=Số_liệu.xlsx")
