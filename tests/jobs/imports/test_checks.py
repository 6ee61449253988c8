"""What only the whole file shows: the same key twice, districts below their communes, totals that count twice."""

from datetime import date

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.imports.records.checks import DAY_BITS, Repeats, ReportedRows, Seen, packed_key
from jobs.imports.records.import_warnings import NAMED
from tests.jobs.imports_world import DAY, LONG, fill_sheet, long_csv, readings, write_csv

ON = "10/05/2024"


def test_equal_figure_told_again_counts_once_and_a_different_one_names_the_first(tmp_path):
    path = long_csv(
        tmp_path,
        ("Ia Grai", "online", ON, 1, 2, ""),
        ("H21.58", "CLGQ", "10-5-2024", "1", "2", ""),
        ("UBND huyện Ia Grai", "online", ON, 1, 3, ""),
        ("Ia Grai", "online", "09/05/2024", 1, 3, ""),
    )

    outcome = readings(path)

    assert [row[4:6] for row in outcome.rows] == [(1, 2), (1, 3)]
    assert outcome.repeated == 1
    assert outcome.problems == [("line 4", "told_otherwise")]
    assert outcome.rejected[0].terms == {"first": "line 2"}
    assert "dòng 2" in outcome.rejected[0].sentence("vi")


def test_same_key_in_another_sheet_names_the_first_ones_cell(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.title = "Tuần 1"
    fill_sheet(workbook.active, [LONG, ("Ia Grai", "online", ON, None, None, 40)])
    fill_sheet(workbook.create_sheet("Tuần 2"), [LONG, ("Ia Grai", "online", ON, None, None, 41)])
    workbook.save(tmp_path / "file.xlsx")

    outcome = readings(tmp_path / "file.xlsx")

    assert outcome.problems == [("Tuần 2!F2", "told_otherwise")]
    assert outcome.rejected[0].terms == {"first": "Tuần 1!F2"}


def test_figures_that_differ_only_in_their_bound_are_different(tmp_path):
    path = long_csv(tmp_path, ("Ia Grai", "online", ON, "", "", "90"), ("Ia Grai", "online", ON, "", "", "trên 90"))

    assert readings(path).problems == [("line 3", "told_otherwise")]


@pytest.mark.soak
def test_repeats_are_found_across_batches(tmp_path):
    rows = [("H21.58", "online", ON, 1, 2, ""), *[("không ai", "online", ON, 1, 2, "")] * 70_000]
    path = long_csv(tmp_path, *rows, ("H21.58", "online", ON, 1, 2, ""), ("H21.58", "online", ON, 3, 4, ""))

    outcome = readings(path)

    assert outcome.repeated == 1
    assert outcome.rejected[-1].terms == {"first": "line 2"}
    assert len(outcome.rejected) == 70_001


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 8), st.integers(0, 2)), max_size=12),
        max_size=8,
    )
)
def test_memory_of_figures_agrees_with_a_plain_dictionary(batches):
    seen, plain, row = Seen(), {}, 0
    for batch in batches:
        expected, numbers = [], []
        for key, figure in batch:
            row += 1
            numbers.append(row)
            first = plain.setdefault(key, (figure, row))
            is_first = first[1] == row
            expected.append((first[0] == figure and not is_first, first[0] != figure, first[1]))
        keys, figures = (np.array([pair[index] for pair in batch], dtype=np.int64) for index in (0, 1))
        result = ReportedRows(
            key=keys, numerator=figures.astype(float), denominator=np.full(len(batch), np.nan),
            value=np.full(len(batch), np.nan), high=np.full(len(batch), np.nan),
            qualifier=np.zeros(len(batch), dtype=np.int64), row=np.array(numbers, dtype=np.int64),
            column=np.full(len(batch), 5, dtype=np.int64), sheet=3,
        )  # fmt: skip

        found = seen.repeats(result)

        places = [Repeats.place(int(where)) for where in found.first]
        assert list(zip(found.is_same, found.is_other, [place[1] for place in places], strict=True)) == expected
        assert {(sheet, column) for sheet, _, column in places} <= {(3, 5)}
    everything = seen.all()
    assert (0 if everything is None else len(everything.key)) == len(plain)


def test_keys_keep_their_parts_apart():
    unit, indicator, day = (np.array([number], dtype=np.int64) for number in (10_999, 5, 19_853))

    key = packed_key(unit=unit, indicator=indicator, is_below=np.array([True]), day=day, indicators=6)[0]

    assert (key & ((1 << DAY_BITS) - 1), (key >> DAY_BITS) % 2, (key >> DAY_BITS) // 2 % 6) == (19_853, 1, 5)


# --- counted twice --------------------------------------------------------------------------------------------------

COMMUNES = [("Xã Ia Hrung", 10, 60), ("Xã Ia Krai", 10, 60), ("Xã Ia Tô", 10, 60)]


def counts(tmp_path, *rows):
    return readings(
        write_csv(
            tmp_path,
            [
                ("Đơn vị", "Phạm vi", "Tử số trực tuyến", "Mẫu số trực tuyến"),
                *[(row[0], row[3] if len(row) > 3 else "", row[1], row[2]) for row in rows],
            ],
        ),
        as_of=DAY,
    )


def test_district_with_fewer_cases_than_its_communes_looks_like_its_own_counter(tmp_path):
    outcome = counts(tmp_path, ("Huyện Ia Grai", 50, 100), *COMMUNES)

    warning = outcome.warned("looks_like_own_counter")[0]

    assert {name: warning.terms[name] for name in ("denominator", "below", "cases")} == {
        "denominator": "100", "below": "180", "cases": "1",
    }  # fmt: skip
    assert "UBND huyện Ia Grai" in warning.sentence("vi")
    assert len(outcome.frame) == 4


@pytest.mark.parametrize(
    "rows",
    [
        [("Huyện Ia Grai", 50, 200), *COMMUNES],
        [("Huyện Ia Grai", 50, 100, "riêng"), *COMMUNES],
        [("Huyện Ia Grai", 50, 100), COMMUNES[0]],
        COMMUNES,
    ],
    ids=["more cases", "said to be its own", "few communes", "no district"],
)
def test_district_that_may_well_include_its_communes_is_left_in_peace(tmp_path, rows):
    assert not counts(tmp_path, *rows).warned("looks_like_own_counter")


def test_commune_told_in_both_scopes_counts_once(tmp_path):
    both = [(name, 10, cases, scope) for name, _, cases in COMMUNES for scope in ("own", "below")]

    outcome = counts(tmp_path, ("Huyện Ia Grai", 50, 100), *both)

    assert outcome.warned("looks_like_own_counter")[0].terms["below"] == "180"


def test_total_of_districts_and_their_communes_is_said_to_count_twice(tmp_path):
    outcome = counts(tmp_path, ("Huyện Ia Grai", 50, 200), *COMMUNES, ("Tổng cộng", 80, 380))

    warning = outcome.warned("total_counts_twice")[0]
    assert (warning.place, warning.terms["denominator"]) == ("line 6", "380")


@pytest.mark.parametrize("total", [200, 180, "x", ""])
def test_total_that_adds_up_otherwise_is_left_in_peace(tmp_path, total):
    outcome = counts(tmp_path, ("Huyện Ia Grai", 50, 200), *COMMUNES, ("Tổng cộng", 80, total))

    assert not outcome.warned("total_counts_twice")
    assert not outcome.rejected


def test_total_in_a_long_table_is_held_against_its_own_indicator(tmp_path):
    rows = [(name, "online", ON, 1, cases, "") for name, _, cases in [("Huyện Ia Grai", 1, 200), *COMMUNES]]
    totals = [
        ("Tổng", "online", ON, 1, 380, ""),
        ("Tổng", "payment", ON, 1, 380, ""),
        ("Tổng", "?", ON, 1, 380, ""),
        ("Tổng", "online", "?", 1, 380, ""),
    ]

    outcome = readings(long_csv(tmp_path, *rows, *totals))

    assert [warning.place for warning in outcome.warned("total_counts_twice")] == ["line 6"]
    assert outcome.warned("totals_left_out")[0].terms["count"] == "4"


# --- remarks --------------------------------------------------------------------------------------------------------


def test_many_remarks_of_one_kind_are_named_a_few_times_and_then_counted(tmp_path):
    days = [date(2024, 3, 22 + number) for number in range(10)]
    rows = [
        (unit, key, day.isoformat(), 1, 2, 60)
        for day in days
        for key in ("online", "payment", "timeliness")
        for unit in ("H21.58", "H21.55")
    ]

    outcome = readings(long_csv(tmp_path, *rows))

    assert len(outcome.warned("percent_differs")) == NAMED
    more = outcome.warned("more_of_these")[0]
    assert dict(more.terms) == {"count": str(60 - NAMED), "code": "percent_differs"}


def test_file_without_any_unit_has_nothing_to_compare(tmp_path):
    outcome = readings(long_csv(tmp_path, ("không ai", "online", ON, 1, 2, "")))

    assert not len(outcome.frame)
    assert outcome.problems == [("line 2", "unit_unknown")]
