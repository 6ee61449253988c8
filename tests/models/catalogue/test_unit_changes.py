"""unit_changes.csv: what it says of units, and each mistake named by its row."""

from datetime import date
from pathlib import Path

import pytest

from models.catalogue import CampaignFiles, load_campaign_files
from models.catalogue.changes import changes_between
from models.catalogue.folder import UNIT_CHANGES, load_campaign_texts, read_texts
from models.catalogue.unit_file import CHANGE_COLUMNS
from targets.errors import CampaignFilesError
from targets.values import UnitChange
from tests.campaign_folders import write_small
from tests.models.catalogue.readers import assert_said_to_every_reader

HEADER = ",".join(CHANGE_COLUMNS)


def loaded(folder: Path, *rows: str, units: tuple[str, str] = ("", "")) -> CampaignFiles:
    """The small campaign with these changes, and one edit of its units.csv."""
    write_small(folder)
    (folder / UNIT_CHANGES).write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    (folder / "units.csv").write_text((folder / "units.csv").read_text(encoding="utf-8").replace(*units), "utf-8")
    return load_campaign_files(folder)


def test_folder_may_do_without_changes(tmp_path):
    files = load_campaign_files(write_small(tmp_path / "small"))

    assert files.campaign.unit_changes == ()


def test_changes_stand_in_the_order_of_their_days_with_what_follows_by_itself(tmp_path):
    files = loaded(
        tmp_path / "small",
        "2024-03-20,split,X4,X1,60,,,9/NQ",
        "2024-03-20,split,X4,X3,40,,,9/NQ",
        "2024-03-18,close,S2,,,,,",
        "2024-03-15,move,X2,,,H2,,8/NQ",
        "2024-03-11,rename,X3,,,UBND xã Ba Cũ,,",
    )

    days = [change.day.day for change in files.campaign.unit_changes]
    assert days == [11, 15, 18, 20, 20]
    # X1 lies in another district, which goes on holding what X4 had done; a closed unit has no successor.
    assert [change.counts for change in files.campaign.unit_changes if change.kind in ("split", "close")] == [
        "apart", "apart", "carried",
    ]  # fmt: skip
    units = {unit.code: unit for unit in files.units}
    assert (units["X4"].valid_to, units["X4"].successor) == (date(2024, 3, 19), None)
    assert units["S2"].valid_to == date(2024, 3, 17)
    assert units["X3"].aliases == ("UBND xã Ba Cũ",)


def test_merge_gives_the_last_day_and_the_successor(tmp_path):
    files = loaded(tmp_path / "small", "2024-03-20,merge,X4,X3,,,continued,9/NQ-HĐND")

    assert files.campaign.unit_changes == (
        UnitChange(date(2024, 3, 20), "merge", "X4", "X3", counts="continued", document="9/NQ-HĐND"),
    )
    unit = next(unit for unit in files.units if unit.code == "X4")
    assert (unit.valid_to, unit.successor) == (date(2024, 3, 19), "X3")


def test_successor_may_take_over_the_name_of_a_unit_that_ends(tmp_path):
    new = "X6,commune,UBND xã Bốn,H2,,,,,,,2024-03-20,,\n"

    files = loaded(tmp_path / "small", "2024-03-20,merge,X4,X6,,,,", units=("X5,commune", f"{new}X5,commune"))

    assert files.campaign.unit_changes[0].to == "X6"


def test_change_is_told_by_its_day_kind_and_units(tmp_path):
    texts = read_texts(write_small(tmp_path / "small"))
    rows = f"{HEADER}\n2024-03-20,merge,X4,X3,,,,9/NQ\n".encode()

    (change,) = changes_between(texts, {**texts, UNIT_CHANGES: rows})

    assert str(change) == "unit_changes.csv, 2024-03-20, merge, X4, X3: — → “9/NQ”"
    assert change.touches_figures
    assert load_campaign_texts({**texts, UNIT_CHANGES: rows}).campaign.unit_changes[0].document == "9/NQ"


MISTAKES = {
    # what is wrong: the rows, and the place and words of each sentence
    "no day": (",close,X4,,,,,", "line 2, column day | is empty"),
    "a day that is none": ("20/3/2024,close,X4,,,,,", "line 2, column day | must be a date such as"),
    "no kind": ("2024-03-20,,X4,,,,,", "line 2, column kind | is empty"),
    "an unknown kind": ("2024-03-20,fuse,X4,,,,,", "line 2, column kind | one of “merge”, “split”"),
    "an unknown unit": ("2024-03-20,close,X44,,,,,", "line 2, column unit | which does not exist"),
    "a merge into nobody": ("2024-03-20,merge,X4,,,,,", "line 2, column to | a merge needs it"),
    "a merge with a share": ("2024-03-20,merge,X4,X3,50,,,", "line 2, column share | stands in a merge"),
    "a merge into itself": ("2024-03-20,merge,X4,X4,,,,", "line 2, column to | is the unit itself"),
    "a split without a share": ("2024-03-20,split,X4,X3,,,,", "line 2, column share | a split needs it"),
    "shares that leave something": (
        "2024-03-20,split,X4,X3,60,,,\n2024-03-20,split,X4,X2,30,,,",
        "line 3, column share | brings the shares of X4 to 90, not to 100",
    ),
    "a share of nothing": ("2024-03-20,split,X4,X3,0,,,", "line 2, column share | is above 0"),
    "a share too fine": ("2024-03-20,split,X4,X3,33.33333,,,", "line 2, column share | four decimals at most"),
    "the same successor twice": (
        "2024-03-20,split,X4,X3,60,,,\n2024-03-20,split,X4,X3,40,,,",
        "line 3, column to | names X3 a second time",
    ),
    "a unit that ends twice": (
        "2024-03-20,merge,X4,X3,,,,\n2024-03-21,close,X4,,,,,",
        "line 3, column day | the unit's last day is 2024-03-19",
    ),
    "a unit merged into two": (
        "2024-03-20,merge,X4,X3,,,,\n2024-03-20,merge,X4,X1,,,,",
        "line 3, column unit | ends X4 a second time (line 2); who splits a unit writes “split”",
    ),
    "a close with a successor": ("2024-03-20,close,X4,X3,,,,", "line 2, column to | stands in a close, which has none"),
    "a close that is carried": ("2024-03-20,close,X4,,,,carried,", "line 2, column counts | nobody follows"),
    "another last day": ("2024-03-12,merge,X5,X3,,,,", "line 2, column day | the unit's last day is 2024-03-10"),
    "another successor": ("2024-03-11,merge,X5,X4,,,,", "line 2, column to | units.csv says X3"),
    "the province": ("2024-03-20,close,P,,,,,", "line 2, column unit | the campaign's own unit"),
    "a successor that is no more": ("2024-03-20,merge,X4,X5,,,,", "line 2, column to | does not exist on 2024-03-20"),
    "a district's past carried away": (
        "2024-03-20,merge,X4,X1,,,carried,",
        "line 2, column counts | H2 (UBND huyện Hai) reports with all below it",
    ),
    "a move from nowhere": ("2024-03-20,move,X4,,,,,", "line 2, column former | a move needs it"),
    "a move from an unknown unit": ("2024-03-20,move,X4,,,H9,,", "line 2, column former | which does not exist"),
    "a move that moves nothing": ("2024-03-20,move,X4,,,H2,,", "line 2, column former | after the move too"),
    "a move from below": ("2024-03-20,move,X4,,,X1,,", "line 2, column former | of a level above it"),
    "a move that counts": ("2024-03-20,move,X4,,,H1,apart,", "line 2, column counts | stands in a move"),
    "a move of an ended unit": ("2024-03-20,move,X5,,,H1,,", "line 2, column day | the unit ends on 2024-03-10"),
    "a renaming without the old name": ("2024-03-20,rename,X4,,,,,", "line 2, column former | a rename needs it"),
    "a renaming to what it was": ("2024-03-20,rename,X4,,,ubnd xã bốn,,", "line 2, column former | name of today"),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "says"), MISTAKES.values(), ids=MISTAKES)
def test_loader_names_the_row_with(rows, says, tmp_path):
    with pytest.raises(CampaignFilesError) as caught:
        loaded(tmp_path / "small", *rows.split("\n"))

    where, words = says.split(" | ")
    (problem,) = caught.value.problems
    assert (problem.file, problem.where) == (UNIT_CHANGES, where)
    assert words in problem.problem
    assert_said_to_every_reader(problem)


def test_move_of_a_unit_whose_parent_ended_before_is_named(tmp_path):
    ended = ("H1,district,UBND huyện Một,P,,,,,,,,", "H1,district,UBND huyện Một,P,,,,,,,,2024-03-10")

    with pytest.raises(CampaignFilesError, match="is H1, which ended on 2024-03-10") as caught:
        loaded(tmp_path / "small", "2024-03-20,move,X4,,,H1,,", units=ended)
    assert_said_to_every_reader(*caught.value.problems)


def test_change_before_a_unit_begins_is_named(tmp_path):
    begun = ("X4,commune,UBND xã Bốn,H2,,,,,,,", "X4,commune,UBND xã Bốn,H2,,,,,,,2024-03-20")

    with pytest.raises(CampaignFilesError, match="the unit only begins on 2024-03-20") as caught:
        loaded(tmp_path / "small", "2024-03-20,close,X4,,,,,", units=begun)
    assert_said_to_every_reader(*caught.value.problems)
