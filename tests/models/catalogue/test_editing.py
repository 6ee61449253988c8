"""Changing the campaign's files as text: one value is another, and nothing else is."""

import tomllib
from datetime import date
from decimal import Decimal

import pytest

from models.catalogue import load_campaign_texts, read_texts
from models.catalogue.changes import Change, changes_between
from models.catalogue.editing import KeyEdit, NotEditable, RowEdit, edited
from models.core.settings import CAMPAIGNS
from targets.errors import CampaignFilesError
from targets.values import Knot
from tests.campaign_folders import write_small

CAMPAIGN, SOURCES, ONLINE = "campaign.toml", "sources.toml", "indicators/online.toml"
CENTRAL = {"indicator": "online", "year": "2024", "level": ""}


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    return read_texts(write_small(tmp_path_factory.mktemp("small") / "small"))


def lines_changed(before, after, file):
    """The lines that went and those that came."""
    old, new = (each[file].decode().splitlines() for each in (before, after))
    return [line for line in old if line not in new], [line for line in new if line not in old]


ONE_LINE = [
    pytest.param(
        KeyEdit(CAMPAIGN, ("phases", "first", "due"), date(2024, 3, 21)), "due = 2024-03-22", "due = 2024-03-21",
        id="day",
    ),
    pytest.param(
        KeyEdit(CAMPAIGN, ("start",), date(2024, 3, 5)),
        "start = 2024-03-04   # a Monday", "start = 2024-03-05   # a Monday", id="its comment stays",
    ),
    pytest.param(
        KeyEdit(CAMPAIGN, ("phases", "first", "name", "vi"), 'đợt "một"'),
        'name = { vi = "first", en = "first" }', 'name = { vi = "đợt \\"một\\"", en = "first" }', id="inline table",
    ),
    pytest.param(
        KeyEdit(CAMPAIGN, ("standing", "probability", "likely"), Decimal("0.85")), "likely = 0.8", "likely = 0.85",
        id="decimal",
    ),
    pytest.param(
        KeyEdit(CAMPAIGN, ("figures", "small_volume"), 50), "small_volume = 100", "small_volume = 50", id="whole"
    ),
    pytest.param(
        KeyEdit(CAMPAIGN, ("score_bands", "confirmed"), True), "confirmed = false", "confirmed = true", id="flag"
    ),
    pytest.param(
        KeyEdit(ONLINE, ("sources",), ("file", "igate")), 'sources = ["igate", "file"]', 'sources = ["file", "igate"]',
        id="list",
    ),
    pytest.param(
        KeyEdit(ONLINE, ("rule", "uplift"), Decimal("12.5")), "uplift = 10", "uplift = 12.5", id="to a fraction"
    ),
    pytest.param(
        RowEdit("units.csv", {"code": "S1"}, {"head_name": "Nguyễn, A", "head_phone": "0905"}),
        "S1,department,Sở Một,P,,,,,,,,,", 'S1,department,Sở Một,P,,,,,"Nguyễn, A",0905,,,', id="cells",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "old", "new"), ONE_LINE)
def test_edit_changes_one_line_and_no_other(texts, edit, old, new):
    after = edited(texts, [edit])

    gone, come = lines_changed(texts, after, edit.file)
    assert (gone, come) == ([old], [new])
    assert {file for file in texts if texts[file] != after[file]} == {edit.file}


def test_key_of_a_source_stands_behind_its_last_one_and_before_comments_on_what_follows(texts):
    after = edited(texts, [KeyEdit(SOURCES, ("igate", "enabled"), False)])

    said = after[SOURCES].decode()
    assert 'secret = "CAODIEM_SMALL_TOKEN"\nenabled = false\n\n# [igate.options]' in said
    assert not load_campaign_texts(after).campaign.source("igate").enabled


def test_key_is_taken_out_with_its_line(texts):
    after = edited(texts, [KeyEdit(SOURCES, ("igate", "schedule"), None)])

    assert lines_changed(texts, after, SOURCES) == (['schedule = "0 6 * * *"'], [])


def test_key_that_is_not_there_is_taken_out_without_a_trace(texts):
    assert edited(texts, [KeyEdit(SOURCES, ("file", "schedule"), None)]) == texts


@pytest.mark.parametrize(
    "edit",
    [
        KeyEdit(CAMPAIGN, ("figures", "disagreement_points"), Decimal("2.0")),
        KeyEdit(CAMPAIGN, ("standing", "gap", "at_risk"), Decimal(5)),
        KeyEdit(ONLINE, ("sources",), ("igate", "file")),
        RowEdit("units.csv", {"code": "S1"}, {"name": "Sở Một"}),
        RowEdit("units.csv", {"code": "nobody"}, None),
    ],
)
def test_value_that_stands_there_already_changes_no_byte(texts, edit):
    assert edited(texts, [edit]) == texts


def test_knots_are_written_as_tables_replaced_and_taken_out(texts):
    result = ({"phase": "first", "time": Decimal(30), "way": Decimal("12.5")},)
    bent = edited(texts, [KeyEdit(ONLINE, ("knots",), result)])
    other = edited(bent, [KeyEdit(ONLINE, ("knots",), ({**result[0], "way": Decimal(20)},))])
    straight = edited(other, [KeyEdit(ONLINE, ("knots",), None)])

    knots = [load_campaign_texts(each).campaign.indicator("online").knots for each in (bent, other, straight)]
    assert knots == [
        (Knot("first", Decimal(30), Decimal("12.5")),), (Knot("first", Decimal(30), Decimal(20)),), (),
    ]  # fmt: skip
    assert "# Of the uplift." in other[ONLINE].decode()


def test_table_that_is_not_there_is_made(texts):
    after = edited(texts, [KeyEdit(SOURCES, ("file", "options", "note"), "x")])

    assert tomllib.loads(after[SOURCES].decode())["file"]["options"] == {"note": "x"}


def test_row_is_added_at_the_end_with_the_files_own_line_ends(texts):
    windows = texts | {"central.csv": texts["central.csv"].replace(b"\n", b"\r\n").rstrip()}

    after = edited(
        windows, [RowEdit("central.csv", {**CENTRAL, "indicator": "payment"}, {"value": "45", "document": "7"})]
    )

    assert after["central.csv"] == windows["central.csv"] + b"\r\npayment,2024,,45,7,,\r\n"


def test_row_is_added_to_a_file_without_a_line(texts):
    after = edited(texts | {"central.csv": b""}, [RowEdit("central.csv", CENTRAL, {"value": "45"})])

    assert after["central.csv"].decode().splitlines() == [
        "indicator,year,level,value,document,source,note", "online,2024,,45,,,",
    ]  # fmt: skip


def test_row_is_taken_out_and_the_header_stays(texts):
    after = edited(texts, [RowEdit("central.csv", CENTRAL, None)])

    assert after["central.csv"].decode() == "indicator,year,level,value,document,source,note\n"


def test_byte_order_mark_stays(texts):
    marked = texts | {
        "units.csv": b"\xef\xbb\xbf" + texts["units.csv"], CAMPAIGN: b"\xef\xbb\xbf" + texts[CAMPAIGN],
    }  # fmt: skip

    after = edited(
        marked, [RowEdit("units.csv", {"code": "P"}, {"head_name": "A"}), KeyEdit(CAMPAIGN, ("document",), "9/KH")]
    )

    assert all(after[file].startswith(b"\xef\xbb\xbf") for file in ("units.csv", CAMPAIGN))
    assert load_campaign_texts(after).units[0].head_name == "A"


def test_line_break_in_a_cell_is_refused_by_the_loader_with_its_place(texts):
    after = edited(texts, [RowEdit("units.csv", {"code": "S1"}, {"head_name": "A\nB"})])

    with pytest.raises(CampaignFilesError) as refused:
        load_campaign_texts(after)

    assert ("line 3, column head_name", "control") in [(each.where, each.code) for each in refused.value.problems]


def test_file_written_so_that_a_key_cannot_be_changed_alone_is_refused_by_name(texts, monkeypatch):
    monkeypatch.setattr("models.catalogue.editing.tomlkit.dumps", lambda document: "other = 1\n")

    with pytest.raises(NotEditable, match=r"campaign\.toml .* document"):
        edited(texts, [KeyEdit(CAMPAIGN, ("document",), "9/KH")])


def test_bundled_campaign_keeps_every_other_byte_when_one_date_moves():
    bundled = read_texts(CAMPAIGNS / "gia-lai-2024")

    after = edited(bundled, [KeyEdit(CAMPAIGN, ("phases", "50-day", "due"), date(2024, 5, 9))])

    assert lines_changed(bundled, after, CAMPAIGN) == (["due = 2024-05-10"], ["due = 2024-05-09"])


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

    assert str(change) == "units.csv, S1, head_name: nothing → “A”"


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
