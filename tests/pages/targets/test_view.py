"""Words of the page of targets that need no store: columns on a phone, numbers as people write them."""

from decimal import Decimal

import pytest

from models.targets.registrations import Incomplete
from pages.targets.forms import read_count, read_percent
from pages.targets.view import NO_BREAK, spread


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("UBND huyện Ia Grai", ["UBND huyện", "Ia Grai"]),
        ("Sở Y tế", ["Sở Y tế"]),
        ("Kết quả năm 2023", ["Kết quả năm", "2023"]),
        ("", []),
    ],
)
def test_words_stand_in_lines_of_at_least_so_many_letters(words, lines):
    assert spread(words, 10) == " ".join(line.replace(" ", NO_BREAK) for line in lines)


@pytest.mark.parametrize(
    ("written", "value"), [("77,37", "77.37"), ("77.37", "77.37"), (" 60 % ", "60"), ("100%", "100"), ("0,5", "0.5")]
)
def test_percent_is_read_in_both_spellings(written, value):
    assert read_percent(written) == Decimal(value)


@pytest.mark.parametrize("written", ["-5", "1.2.3", "NaN", "1e2", "60 %%", "1000", "٦٠,"])
def test_what_is_no_percent_is_refused_with_what_was_written(written):
    with pytest.raises(Incomplete, match="is no percent") as refused:
        read_percent(written)

    assert refused.value.terms == {"written": written}


@pytest.mark.parametrize(("read", "code"), [(read_percent, "percent_missing"), (read_count, "count_missing")])
@pytest.mark.parametrize("written", ["", "  "])
def test_empty_field_is_asked_for_and_not_quoted(read, code, written):
    with pytest.raises(Incomplete) as refused:
        read(written)

    assert refused.value.code == code
    assert "“" not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "count"), [("1.030", 1030), ("1,030", 1030), ("1030", 1030), ("1 030 500", 1030500)]
)
def test_count_is_read_with_any_separator_of_thousands(written, count):
    assert read_count(written) == count


@pytest.mark.parametrize("written", ["1.03", "-4", "1,5", "mười"])
def test_what_is_no_count_is_refused(written):
    with pytest.raises(Incomplete, match="no whole number"):
        read_count(written)
