"""Changing the campaign's files as texts: one value is another, and nothing else is."""

import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from models.catalogue import load_campaign_texts, read_texts
from models.catalogue.changes import Change, changes_between
from models.catalogue.editing import FileEdit, KeyEdit, RowEdit, edited
from models.core.settings import CAMPAIGNS
from targets.errors import CampaignFilesError
from targets.values import Knot
from tests.campaign_folders import write_small

CAMPAIGN, SOURCES, ONLINE = "campaign.toml", "sources.toml", "indicators/online.toml"
CENTRAL_FILE = "central.csv"
CENTRAL = {"indicator": "online", "year": "2024", "level": ""}


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    return read_texts(write_small(tmp_path_factory.mktemp("small") / "small"))


def lines_changed(before, after, file):
    """The lines that went and those that came."""
    old, new = (each[file].decode().splitlines() for each in (before, after))
    return [line for line in old if line not in new], [line for line in new if line not in old]


ONE_VALUE = [
    (KeyEdit(CAMPAIGN, ("phases", "first", "due"), date(2024, 3, 21)), "phases.first.due", "2024-03-21"),
    (
        KeyEdit(CAMPAIGN, ("phases", "first", "name", "vi"), 'đợt "một"\x7f\\'),
        "phases.first.name.vi",
        'đợt "một"\x7f\\',
    ),
    (KeyEdit(CAMPAIGN, ("standing", "probability", "likely"), Decimal("0.85")), "standing.probability.likely", "0.85"),
    (KeyEdit(CAMPAIGN, ("figures", "small_volume"), 50), "figures.small_volume", "50"),
    (KeyEdit(CAMPAIGN, ("score_bands", "confirmed"), True), "score_bands.confirmed", "true"),
    (KeyEdit(ONLINE, ("sources",), ("file", "igate")), "sources", "file, igate"),
    (KeyEdit(ONLINE, ("rule", "uplift"), Decimal("12.5")), "rule.uplift", "12.5"),
    (KeyEdit(SOURCES, ("igate", "enabled"), False), "igate.enabled", "false"),
    (KeyEdit(SOURCES, ("igate", "schedule"), None), "igate.schedule", None),
    (KeyEdit(SOURCES, ("file", "options", "a key"), "x"), "file.options.a key", "x"),
    (RowEdit("units.csv", {"code": "S1"}, {"head_name": 'Nguyễn, "A"'}), "head_name", 'Nguyễn, "A"'),
]


@pytest.mark.parametrize(("edit", "key", "new"), ONE_VALUE)
def test_edit_changes_one_value_and_no_other(texts, edit, key, new):
    after = edited(texts, [edit])

    [change] = changes_between(texts, after)
    assert (change.file, change.key, change.new) == (edit.file, key, new)
    assert {file for file in texts if texts[file] != after[file]} == {edit.file}


@pytest.mark.parametrize(
    "edit",
    [
        KeyEdit(CAMPAIGN, ("figures", "disagreement_points"), Decimal("2.0")),
        KeyEdit(CAMPAIGN, ("standing", "gap", "at_risk"), Decimal(5)),
        KeyEdit(ONLINE, ("sources",), ("igate", "file")),
        KeyEdit(SOURCES, ("file", "schedule"), None),
        RowEdit("units.csv", {"code": "S1"}, {"name": "Sở Một"}),
        RowEdit("units.csv", {"code": "nobody"}, None),
    ],
)
def test_value_that_stands_there_already_changes_no_byte(texts, edit):
    assert edited(texts, [edit]) == texts


def test_file_written_anew_is_headed_by_its_explanation_and_written_the_same_way_ever_after(texts):
    there = edited(texts, [KeyEdit(CAMPAIGN, ("document",), "9/KH")])
    back = edited(there, [KeyEdit(CAMPAIGN, ("document",), "1/KH")])
    again = edited(back, [KeyEdit(CAMPAIGN, ("document",), "9/KH")])

    assert there[CAMPAIGN].startswith(b"# The small campaign.\n\nkey =")
    assert again == there
    assert lines_changed(back, there, CAMPAIGN) == (['document = "1/KH"'], ['document = "9/KH"'])


def test_bundled_campaign_written_anew_says_what_it_said():
    bundled = read_texts(CAMPAIGNS / "gia-lai-2024")
    whole = load_campaign_texts(bundled)
    keys = {file: "key" for file in bundled if file.startswith("indicators/")} | {CAMPAIGN: "key"}
    there = [KeyEdit(file, (key,), "x") for file, key in keys.items()]
    back = [KeyEdit(file, (key,), tomllib.loads(bundled[file].decode())[key]) for file, key in keys.items()]
    there.append(KeyEdit(SOURCES, ("file", "kind"), "x"))
    back.append(KeyEdit(SOURCES, ("file", "kind"), "file"))
    rows = {"units.csv": {"code": "X"}, "central.csv": {"indicator": "x", "year": "1", "level": ""}}
    rows["baselines.csv"] = {"unit": "X", "indicator": "x", "year": "1"}
    rows["registrations.csv"] = {"unit": "X", "indicator": "x", "phase": "x"}
    rows["scores.csv"] = {"unit": "X", "indicator": "", "year": "1", "source": "x", "rank_group": ""}
    there += [RowEdit(file, row, {}) for file, row in rows.items()]
    back += [RowEdit(file, row, None) for file, row in rows.items()]

    after = edited(edited(bundled, there), back)

    assert changes_between(bundled, after) == ()
    assert replace(load_campaign_texts(after), fingerprint=whole.fingerprint) == whole


def test_whole_file_is_replaced_or_taken_out(texts):
    after = edited(texts, [FileEdit(CENTRAL_FILE, b"new"), FileEdit(ONLINE, None)])

    assert after == {file: content for file, content in texts.items() if file != ONLINE} | {CENTRAL_FILE: b"new"}


def test_name_of_which_nothing_is_left_is_no_name(texts):
    cleared = [KeyEdit(ONLINE, ("short_name", language), None) for language in ("vi", "en")]

    after = edited(texts, cleared)

    assert "short_name" not in tomllib.loads(after[ONLINE].decode())
    indicator = load_campaign_texts(after).campaign.indicator("online")
    assert indicator.short_name == indicator.name


def test_knots_are_written_as_tables_replaced_and_taken_out(texts):
    result = ({"phase": "first", "time": Decimal(30), "way": Decimal("12.5")},)
    bent = edited(texts, [KeyEdit(ONLINE, ("knots",), result)])
    other = edited(bent, [KeyEdit(ONLINE, ("knots",), ({**result[0], "way": Decimal(20)},))])
    straight = edited(other, [KeyEdit(ONLINE, ("knots",), None)])

    knots = [load_campaign_texts(each).campaign.indicator("online").knots for each in (bent, other, straight)]
    assert knots == [
        (Knot("first", Decimal(30), Decimal("12.5")),), (Knot("first", Decimal(30), Decimal(20)),), (),
    ]  # fmt: skip


def test_tables_of_every_shape_are_read_back_as_they_were(texts):
    odd = b"""
empty = {}
mixed = [1, "a", { b = 2 }, []]
at = 2024-03-04T05:06:07
"quoted.key" = { "a b" = 1 }
[deep.er.est]
one = 1
two = 2
three = 3
[[deep.list]]
[[deep.list]]
many = { a = 1, b = 2, c = 3 }
"""
    whole = tomllib.loads(odd.decode())

    after = edited(texts | {SOURCES: odd}, [KeyEdit(SOURCES, ("new",), 1)])

    assert tomllib.loads(after[SOURCES].decode()) == whole | {"new": 1}


def test_row_is_added_at_the_end_and_edits_of_a_row_add_up(texts):
    place = {**CENTRAL, "indicator": "payment"}
    edits = [RowEdit("central.csv", place, {"value": "45"}), RowEdit("central.csv", place, {"document": "7"})]

    after = edited(texts, edits)

    assert after["central.csv"].decode().splitlines()[-1] == "payment,2024,,45,7,,"


def test_row_is_added_to_a_file_without_a_line(texts):
    after = edited(texts | {"central.csv": b""}, [RowEdit("central.csv", CENTRAL, {"value": "45"})])

    assert after["central.csv"].decode().splitlines() == [
        "indicator,year,level,value,document,source,note", "online,2024,,45,,,",
    ]  # fmt: skip


def test_row_is_taken_out_and_the_header_stays(texts):
    after = edited(texts, [RowEdit("central.csv", CENTRAL, None)])

    assert after["central.csv"].decode() == "indicator,year,level,value,document,source,note\n"


def test_byte_order_mark_by_which_a_spreadsheet_knows_its_letters_stays(texts):
    marked = texts | {"units.csv": b"\xef\xbb\xbf" + texts["units.csv"]}

    after = edited(marked, [RowEdit("units.csv", {"code": "P"}, {"head_name": "A"})])

    assert after["units.csv"].startswith(b"\xef\xbb\xbfcode,")
    assert load_campaign_texts(after).units[0].head_name == "A"


def test_line_break_in_a_cell_is_refused_by_the_loader_with_its_place(texts):
    after = edited(texts, [RowEdit("units.csv", {"code": "S1"}, {"head_name": "A\nB"})])

    with pytest.raises(CampaignFilesError) as refused:
        load_campaign_texts(after)

    assert ("line 3, column head_name", "control") in [(each.where, each.code) for each in refused.value.problems]


# --- what differs ---------------------------------------------------------------------------------------------------


def test_differences_are_told_place_by_place(texts):
    after = edited(
        texts,
        [
            KeyEdit(CAMPAIGN, ("phases", "first", "due"), date(2024, 3, 21)),
            KeyEdit(ONLINE, ("sources",), ("file",)),
            KeyEdit(SOURCES, ("igate", "enabled"), False),
            RowEdit("units.csv", {"code": "S1"}, {"head_name": "A"}),
            RowEdit("central.csv", CENTRAL, None),
            RowEdit(
                "baselines.csv", {"unit": "S2", "indicator": "payment", "year": "2023"}, {"value": "3", "source": "x"}
            ),
        ],
    )

    assert changes_between(texts, after) == (
        Change(CAMPAIGN, (), "phases.first.due", "2024-03-22", "2024-03-21"),
        Change(SOURCES, (), "igate.enabled", None, "false"),
        Change(ONLINE, (), "sources", "igate, file", "file"),
        Change("units.csv", ("S1",), "head_name", None, "A"),
        Change("baselines.csv", ("S2", "payment", "2023"), "", None, "3 · x"),
        Change("central.csv", ("online", "2024", ""), "", "50 · 766/QĐ-TTg · a decision", None),
    )


def test_comments_spacing_and_order_of_rows_are_no_difference(texts):
    header, *rows = texts["units.csv"].decode().splitlines()
    other = texts | {
        CAMPAIGN: b"# a word more\n" + texts[CAMPAIGN],
        "units.csv": "\n".join([header, *reversed(rows)]).encode(),
    }

    assert changes_between(texts, other) == ()


def test_file_that_is_none_counts_as_empty(texts):
    broken = changes_between(texts, texts | {"indicators/online.toml": b"= 1"})

    assert {(change.file, change.new) for change in broken} == {(ONLINE, None)}


def test_change_says_itself_in_a_sentence():
    change = Change("units.csv", ("S1",), "head_name", None, "A")

    assert str(change) == "units.csv, S1, head_name: — → “A”"


@pytest.mark.parametrize(
    ("file", "key", "touches"),
    [
        (CAMPAIGN, "title.vi", False),
        (CAMPAIGN, "phases.first.due", True),
        (CAMPAIGN, "score_bands.bands[1].floor", False),
        (SOURCES, "igate.enabled", False),
        (SOURCES, "igate.stale_after_working_days", True),
        ("units.csv", "head_phone", False),
        ("units.csv", "parent", True),
        ("units.csv", "", True),
        (ONLINE, "rule.uplift", True),
    ],
)
def test_only_what_figures_follow_from_has_them_worked_out_anew(file, key, touches):
    assert Change(file, ("S1",) if file == "units.csv" else (), key, "a", "b").touches_figures is touches
