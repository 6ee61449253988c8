"""The loader of a campaign folder: what it reads, what it forgives, and that it refuses the whole or nothing.

The single mistakes are drawn as a table in test_catalogue_mistakes.py.
"""

import json
import shutil
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.catalogue import (
    CampaignFiles,
    campaign_from_json,
    campaign_to_json,
    find_campaign_folder,
    load_campaign_files,
)
from models.readings.records import BaselineRecord
from targets.errors import CampaignFilesError, FileProblem, StoreNotReady, UnknownName
from targets.values import Knot

ROOT = Path(__file__).parents[3] / "data" / "campaigns"
BUNDLED = ROOT / "gia-lai-2024"
FILES = sorted(str(path.relative_to(BUNDLED)) for path in BUNDLED.rglob("*.*") if path.is_file())


@pytest.fixture(scope="module")
def bundled() -> CampaignFiles:
    return load_campaign_files(BUNDLED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled campaign, to change."""
    copy = tmp_path / "gia-lai-2024"
    shutil.copytree(BUNDLED, copy)
    return copy


def append(file: Path, line: str) -> None:
    with file.open("a", encoding="utf-8", newline="") as stream:
        stream.write(f"{line}\n")


def mistakes_of(folder: Path) -> tuple[FileProblem, ...]:
    with pytest.raises(CampaignFilesError) as caught:
        load_campaign_files(folder)
    return caught.value.problems


# --- what is read ---------------------------------------------------------------------------------------------------


def test_loader_keeps_decimals_as_written_when_they_end_in_zero(folder):
    append(folder / "baselines.csv", "SGTVT,digitisation,2023,33.30,,,,a report,")

    files = load_campaign_files(folder)

    assert str(files.baselines[-1].value) == "33.30"


def test_loader_converts_decimals_exactly_when_toml_writes_them(folder):
    campaign = folder / "campaign.toml"
    campaign.write_text(campaign.read_text("utf-8").replace("likely = 0.8", "likely = 0.80000000000000000001"), "utf-8")

    files = load_campaign_files(folder)

    assert files.campaign.thresholds.likely == Decimal("0.80000000000000000001")


def test_loader_reads_counts_without_a_percent_when_a_baseline_has_them(folder):
    append(folder / "baselines.csv", "H21.65,online,2023,,1250,27503,,a report,")

    files = load_campaign_files(folder)

    assert files.baselines[-1] == BaselineRecord(
        unit="H21.65",
        indicator="online",
        year=2023,
        value=None,
        numerator=1250,
        denominator=27503,
        qualifier=None,
        source_note="a report",
    )


def test_loader_keeps_percent_and_counts_when_they_disagree(folder):
    append(folder / "baselines.csv", "H21.65,online,2023,7.01,21683,306958,,a report,")

    files = load_campaign_files(folder)

    assert (files.baselines[-1].value, files.baselines[-1].numerator) == (Decimal("7.01"), 21683)


def test_loader_keeps_the_bound_when_a_figure_is_qualified(folder):
    append(folder / "baselines.csv", "H21.65,online,2023,94,,,about,a report,")

    files = load_campaign_files(folder)

    assert files.baselines[-1].qualifier == "about"


def test_loader_reads_a_unit_without_own_phases_when_no_plan_is_named(folder):
    campaign = folder / "campaign.toml"
    before, _, after = campaign.read_text("utf-8").partition("[[unit_phases]]")
    campaign.write_text(before + after[after.index("# --- Limits") :], "utf-8")

    files = load_campaign_files(folder)

    assert files.campaign.unit_phases == ()


def test_loader_lets_a_unit_take_a_name_when_the_sibling_so_called_has_ended(folder):
    append(folder / "units.csv", "30001,commune,UBND xã Tân Sơn,H21.65,,,,,,,2024-11-01,,,,")

    files = load_campaign_files(folder)

    assert files.units[-1].valid_from == date(2024, 11, 1)


def test_loader_reads_no_figures_when_a_file_has_only_its_header(folder):
    for name in ("baselines.csv", "central.csv", "registrations.csv", "scores.csv"):
        header = (folder / name).read_text("utf-8").splitlines()[0]
        (folder / name).write_text(header, "utf-8")

    files = load_campaign_files(folder)

    assert (files.baselines, files.central, files.registrations, files.scores) == ((), (), (), ())


# --- what is forgiven -----------------------------------------------------------------------------------------------


def test_loader_reads_the_same_when_files_come_from_windows(folder, bundled):
    for name in FILES:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))

    files = load_campaign_files(folder)

    assert replace(files, fingerprint="") == replace(bundled, fingerprint="")


def test_loader_reads_the_same_when_accents_stand_apart_from_their_letters(folder, bundled):
    for name in FILES:
        text = (folder / name).read_text("utf-8")
        (folder / name).write_text(unicodedata.normalize("NFD", text), "utf-8")

    files = load_campaign_files(folder)

    assert replace(files, fingerprint="") == replace(bundled, fingerprint="")


def test_loader_reads_the_same_when_columns_stand_in_another_order(folder, bundled):
    central = folder / "central.csv"
    lines = [line.split(",") for line in central.read_text("utf-8").splitlines()]
    central.write_text("\n".join(",".join(reversed(cells)) for cells in lines), "utf-8")

    files = load_campaign_files(folder)

    assert files.central == bundled.central


def test_loader_reads_the_same_when_blank_lines_and_blanks_stand_between(folder, bundled):
    central = folder / "central.csv"
    central.write_text(central.read_text("utf-8").replace("\n", "\n\n,,,,,,\n").replace(",", " , "), "utf-8")

    files = load_campaign_files(folder)

    assert files.central == bundled.central


def test_loader_reads_a_campaign_when_its_folder_has_another_name(folder, bundled):
    renamed = folder.rename(folder.with_name("bản sao"))

    files = load_campaign_files(renamed)

    assert files == bundled


# --- what is refused ------------------------------------------------------------------------------------------------


def test_loader_reads_knots_and_keeps_them_in_the_store(folder):
    append(folder / "indicators" / "online.toml", '[[knots]]\nphase = "50-day"\ntime = 40\nway = 20')

    campaign = campaign_from_json(campaign_to_json(load_campaign_files(folder).campaign))

    assert campaign.indicator("online").knots == (Knot("50-day", Decimal(40), Decimal(20)),)
    assert campaign.indicator("payment").knots == ()


@pytest.mark.parametrize("phase", ["60-day", "maintain"])
def test_loader_refuses_a_knot_on_the_way_to_no_due_date(phase, folder):
    append(folder / "indicators" / "online.toml", f'[[knots]]\nphase = "{phase}"\ntime = 40\nway = 20')

    (mistake,) = mistakes_of(folder)

    assert (mistake.file, mistake.where) == ("campaign.toml", "phases")
    assert f"lack “{phase}” with a due date, but indicators/online.toml has a knot there" in mistake.problem


def rewrite(path: Path, old: str, new: str) -> None:
    before = path.read_text("utf-8")
    assert before.count(old) == 1
    path.write_text(before.replace(old, new), "utf-8")


def test_loader_reads_a_direction_and_a_rule_for_each_phase_and_keeps_them_in_the_store(folder):
    files = folder / "indicators"
    rewrite(files / "publicity.toml", "value = 100", 'value = { "50-day" = 60, "100-day" = 80 }')
    rewrite(files / "online.toml", "share = 0.5", 'share = { "50-day" = 0.3 }')
    rewrite(files / "timeliness.toml", "order = 2", 'order = 2\ndirection = "down"\nfloor = 2')
    rewrite(files / "satisfaction.toml", 'kind = "fixed"\nvalue = 100', 'kind = "none"')

    campaign = campaign_from_json(campaign_to_json(load_campaign_files(folder).campaign))

    publicity, online, timeliness, satisfaction = (
        campaign.indicator(key) for key in ("publicity", "online", "timeliness", "satisfaction")
    )
    assert publicity.rule.values == (("50-day", Decimal(60)), ("100-day", Decimal(80)))
    assert online.rule.shares == (("50-day", Decimal("0.3")),)
    assert (timeliness.direction, timeliness.best) == ("down", Decimal(2))
    assert (publicity.direction, publicity.best) == ("up", Decimal(100))
    assert satisfaction.rule.kind == "none"


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "online",
            "share = 0.5",
            'share = { "30-day" = 0.5 }',
            "lack “30-day”, but the rule in indicators/online.toml",
        ),
        ("publicity", "value = 100", 'value = { "100-day" = 80 }', "begin with “50-day”, for which the rule"),
    ],
)
def test_loader_refuses_a_rule_for_phases_that_are_not_the_campaigns(file, old, new, says, folder):
    rewrite(folder / "indicators" / f"{file}.toml", old, new)

    (mistake,) = mistakes_of(folder)

    assert (mistake.file, mistake.where) == ("campaign.toml", "phases")
    assert says in mistake.problem


def test_loader_refuses_shares_of_phases_beside_a_midpoint(folder):
    online = folder / "indicators" / "online.toml"
    rewrite(online, 'phase_1 = "half_uplift"', 'phase_1 = "midpoint"')
    rewrite(online, "share = 0.5", 'share = { "50-day" = 0.5 }')

    (mistake,) = mistakes_of(folder)

    assert (mistake.where, mistake.code) == ("rule.share", "midpoint_share")


def test_loader_refuses_a_floor_that_is_no_lower_than_the_ceiling(folder):
    timeliness = folder / "indicators" / "timeliness.toml"
    rewrite(timeliness, "order = 2", 'order = 2\ndirection = "down"\nfloor = 100')

    (mistake,) = mistakes_of(folder)

    assert (mistake.where, mistake.code) == ("floor", "floor_above")


def test_loader_names_every_mistake_when_several_files_have_some(folder):
    append(folder / "baselines.csv", "H21.99,online,2023,40.3,,,,a report,")
    append(folder / "baselines.csv", "H21.65,on-line,2023,40.3,,,,a report,")
    append(folder / "units.csv", "30001,hamlet,Thôn 1,H21.65,,,,,,,,,,,")
    append(folder / "sources.toml", "colour = 1")
    online = folder / "indicators" / "online.toml"
    online.write_text(
        online.read_text("utf-8")
        .replace("order = 3", 'order = 3\ndirection = "left"')
        .replace("share = 0.5", "share = 2"),
        "utf-8",
    )

    problems = mistakes_of(folder)

    assert [(problem.file, problem.where) for problem in problems] == [
        ("sources.toml", "article-002.colour"),
        ("indicators/online.toml", "direction"),
        ("indicators/online.toml", "rule.share"),
        ("units.csv", "line 260, column level"),
        ("baselines.csv", "line 25, column unit"),
        ("baselines.csv", "line 26, column indicator"),
    ]


def test_loader_names_both_mistakes_when_one_row_has_two(folder):
    append(folder / "baselines.csv", "H21.65,online,2031,140,,,,a report,")

    problems = mistakes_of(folder)

    assert [problem.where for problem in problems] == ["line 25, column value", "line 25, column year"]


SPOILT = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "in another encoding": ("Tên đơn vị".encode("utf-16"), "is not UTF-8"),
    "a workbook": (b"PK\x03\x04\x14\x00\xff\xfe", "is not UTF-8"),
}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("file", FILES)
def test_loader_complains_of_nothing_else_when_one_file_cannot_be_read(file, how, folder):
    content, words = SPOILT[how]
    (folder / file).write_bytes(content)

    problems = mistakes_of(folder)

    assert [problem.file for problem in problems] == [file]
    assert words in problems[0].problem


@pytest.mark.parametrize("file", FILES)
def test_loader_names_only_the_missing_file_when_one_is_missing(file, folder):
    (folder / file).unlink()

    problems = mistakes_of(folder)

    named = {problem.file for problem in problems}
    # An indicator that is gone is simply not there: only what is still said of it elsewhere is a mistake.
    assert (
        named <= {"baselines.csv", "central.csv", "registrations.csv", "campaign.toml"}
        if "/" in file
        else named == {file}
    )


def test_loader_offers_the_likely_file_when_one_is_misnamed(folder):
    (folder / "baselines.csv").rename(folder / "baseline.csv")

    problems = mistakes_of(folder)

    assert problems[0].problem == "is missing. Is it the file “baseline.csv”? Then rename that."


def test_loader_says_so_when_a_file_is_a_folder(folder):
    (folder / "central.csv").unlink()
    (folder / "central.csv").mkdir()

    problems = mistakes_of(folder)

    assert (problems[0].file, problems[0].problem[:15]) == ("central.csv", "cannot be read:")


def test_loader_says_so_when_there_is_no_indicator(folder):
    shutil.rmtree(folder / "indicators")

    problems = mistakes_of(folder)

    assert [str(problem) for problem in problems] == [
        "indicators/, whole folder: holds no .toml file; each indicator is one."
    ]


def test_loader_says_so_when_the_folder_does_not_exist(tmp_path):
    problems = mistakes_of(tmp_path / "nowhere")

    assert problems[0].problem == "does not exist or is no folder."


def test_loader_asks_for_units_when_units_csv_has_only_its_header(folder):
    header = (folder / "units.csv").read_text("utf-8").splitlines()[0]
    (folder / "units.csv").write_text(header, "utf-8")

    problems = mistakes_of(folder)

    assert "needs at least one row" in problems[0].problem


def test_loader_asks_for_commas_when_columns_are_separated_by_semicolons(folder):
    central = folder / "central.csv"
    central.write_text(central.read_text("utf-8").replace(",", ";"), "utf-8")

    problems = mistakes_of(folder)

    assert [problem.where for problem in problems] == ["line 1"]
    assert "Separate the columns by commas." in problems[0].problem


def test_loader_names_the_line_where_a_quote_was_left_open(folder):
    append(folder / "units.csv", '30001,commune,"UBND xã Mới,H21.65,,,,,,,,,,,')
    append(folder / "units.csv", "30002,commune,UBND xã Khác,H21.65,,,,,,,,,,,")

    problems = mistakes_of(folder)

    assert [(problem.file, problem.where) for problem in problems] == [("units.csv", "line 260")]


def test_loader_blames_the_header_alone_when_the_header_lacks_a_column(folder):
    central = folder / "central.csv"
    central.write_text(central.read_text("utf-8").replace("level,", ""), "utf-8")

    problems = mistakes_of(folder)

    assert [str(problem) for problem in problems] == ["central.csv, line 1: lacks the column “level”."]


def test_loader_tells_a_circle_once_when_units_stand_below_each_other(folder):
    append(folder / "units.csv", "30001,commune,UBND xã Một,30003,,,,,,,,,,,")
    append(folder / "units.csv", "30002,commune,UBND xã Hai,30001,,,,,,,,,,,")
    append(folder / "units.csv", "30003,commune,UBND xã Ba,30002,,,,,,,,,,,")

    problems = mistakes_of(folder)

    assert [problem.where for problem in problems] == ["line 260, column parent"]
    assert "30001 → 30003 → 30002 → 30001" in problems[0].problem


def test_loader_wants_the_unit_at_the_top_to_be_of_the_first_level(folder):
    campaign = folder / "campaign.toml"
    country = '[levels.country]\nname = { vi = "Nước", en = "Country" }\ndefault_scope = "below"\n\n[levels.province]'
    campaign.write_text(campaign.read_text("utf-8").replace("[levels.province]", country), "utf-8")

    (mistake,) = mistakes_of(folder)

    assert (mistake.file, mistake.where) == ("units.csv", "line 2, column level")
    assert mistake.problem == "is province; the unit at the top is of the first level, country."


def test_loader_reads_a_campaign_without_a_plan_when_neither_number_nor_date_is_known(folder):
    campaign = folder / "campaign.toml"
    text = campaign.read_text("utf-8").replace('document = "629/KH-UBND"\n', "")

    campaign.write_text(text.replace("document_date = 2024-03-19\n", ""), "utf-8")
    without = load_campaign_files(folder).campaign
    campaign.write_text(text, "utf-8")
    half = mistakes_of(folder)

    assert (without.document, without.document_date) == ("", None)
    assert [(mistake.file, mistake.where) for mistake in half] == [("campaign.toml", "document")]


def test_loader_offers_the_likely_name_when_an_optional_file_is_misnamed(folder):
    (folder / "reading.csv").write_text("unit,indicator\n", "utf-8")

    (mistake,) = mistakes_of(folder)

    assert (mistake.file, mistake.problem) == (
        "readings.csv",
        "is missing. Is it the file “reading.csv”? Then rename that.",
    )


# --- the fingerprint ------------------------------------------------------------------------------------------------


def test_fingerprint_stays_when_the_folder_is_copied(folder, bundled):
    files = load_campaign_files(folder)

    assert files.fingerprint == bundled.fingerprint


@pytest.mark.parametrize("file", FILES)
def test_fingerprint_changes_when_a_byte_of_any_file_does(file, folder, bundled):
    append(folder / file, "")

    files = load_campaign_files(folder)

    assert files.fingerprint != bundled.fingerprint


# --- the campaign as JSON -------------------------------------------------------------------------------------------


def test_campaign_comes_back_exactly_when_it_went_through_json(bundled):
    text = json.dumps(campaign_to_json(bundled.campaign))

    campaign = campaign_from_json(json.loads(text))

    assert campaign == bundled.campaign
    assert repr(campaign) == repr(bundled.campaign)  # Decimal("10") and Decimal("10.0") are equal and not the same


def test_campaign_keeps_trailing_zeros_and_open_ends_when_it_goes_through_json(bundled):
    odd = replace(bundled.campaign, disagreement_points=Decimal("2.50"))

    content = campaign_to_json(odd)

    assert content["disagreement_points"] == "2.50"
    assert content["start"] == "2024-03-22"
    assert content["phases"][2]["due"] is None
    assert repr(campaign_from_json(content)) == repr(odd)


def test_stored_campaign_is_refused_with_the_way_out_when_it_does_not_fit(bundled):
    content = campaign_to_json(bundled.campaign)
    del content["phases"][0]["due"]

    with pytest.raises(StoreNotReady, match=r"at phases\.0\.due.*python -m jobs init"):
        campaign_from_json(content)


# --- finding the folder ---------------------------------------------------------------------------------------------


def test_campaign_folder_is_found_when_it_is_named():
    folder = find_campaign_folder("gia-lai-2024", root=ROOT)

    assert folder == BUNDLED


def test_campaign_folder_is_found_when_a_path_is_given(tmp_path, folder):
    found = find_campaign_folder(str(folder), root=tmp_path / "elsewhere")

    assert found == folder


def test_campaign_folder_is_found_when_it_stands_in_the_current_folder(monkeypatch, tmp_path, folder):
    monkeypatch.chdir(tmp_path)

    found = find_campaign_folder("gia-lai-2024", root=tmp_path / "elsewhere")

    assert found.resolve() == folder.resolve()


@pytest.mark.parametrize("name", ["gia-lai-2025", "", " ", "gia-lai-2024/campaign.toml", "/nowhere/at-all"])
def test_campaign_folder_is_refused_with_the_known_ones_when_there_is_none(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UnknownName) as caught:
        find_campaign_folder(name, root=ROOT)

    known = sorted(file.parent.name for file in ROOT.glob("*/campaign.toml"))
    assert (caught.value.kind, list(caught.value.allowed)) == ("campaign", known)


def test_loader_reads_what_figures_are_and_the_grades_of_a_survey(folder):
    survey, counted = folder / "indicators" / "satisfaction.toml", folder / "indicators" / "publicity.toml"
    grades = "\n".join(
        f'[[grades]]\nkey = "{key}"\nname = {{ vi = "{key}", en = "{key}" }}' for key in ("gb", "gg", "gp")
    )
    survey.write_text(f'counts_from = "gg"\nalso_of = "online"\n{survey.read_text("utf-8")}\n{grades}\n', "utf-8")
    rewrite(counted, "[rule]", 'measure = "count"\n[rule]')
    kept = counted.read_text("utf-8").splitlines()
    of_rates = ("ceiling", "arriving", "shortfall", "points_per_case")
    counted.write_text("\n".join(line for line in kept if not line.startswith(of_rates)) + "\n", "utf-8")
    rewrite(counted, "value = 100", "value = 2500")

    campaign = campaign_from_json(campaign_to_json(load_campaign_files(folder).campaign))

    known = campaign.indicator("satisfaction")
    assert (known.grades, known.grades_met, known.also_of) == (("gb", "gg", "gp"), 2, "online")
    assert [campaign.indicator(key).grade_of for key in known.grades] == ["satisfaction"] * 3
    assert (campaign.indicator("gb").rule.kind, campaign.indicator("gb").denominator) == ("none", known.denominator)
    of_count = campaign.indicator("publicity")
    assert (of_count.measure.kind, of_count.rule.value, of_count.shortfall) == ("count", 2500, "repairable")


@pytest.mark.parametrize(
    ("file", "added", "where", "says"),
    [
        ("publicity", 'measure = "count"', "arriving", "does nothing where figures are count"),
        ("online", 'measure = "many"', "measure", "many"),
        ("online", 'also_of = "nothing"', "also_of", "nothing"),
        ("online", 'counts_from = "nothing"', "counts_from", "nothing"),
    ],
)
def test_loader_refuses_keys_that_do_nothing_for_what_figures_are(file, added, where, says, folder):
    path = folder / "indicators" / f"{file}.toml"
    path.write_text(f"{added}\n{path.read_text('utf-8')}", "utf-8")

    found = {mistake.where: mistake.problem for mistake in mistakes_of(folder)}

    assert says in found[where]


def test_loader_asks_which_grade_is_the_last_that_counts(folder):
    path = folder / "indicators" / "satisfaction.toml"
    path.write_text(
        f'{path.read_text("utf-8")}\n[[grades]]\nkey = "gb"\nname = {{ vi = "a b", en = "a b" }}\n', "utf-8"
    )

    (mistake,) = mistakes_of(folder)

    assert (mistake.where, mistake.code) == ("counts_from", "no_counts_from")
