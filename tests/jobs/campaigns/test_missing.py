"""What a campaign still lacks, and what its store holds beside its files."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from jobs.campaigns.initialise import initialise
from jobs.campaigns.missing import find_beside, find_missing
from models.catalogue import load_campaign_texts, read_texts
from models.catalogue.changes import changes_between
from models.catalogue.editing import KeyEdit, RowEdit, edited
from models.core.store import Store
from models.units.actions import record_units
from targets.values import Unit
from tests.campaign_folders import write_small
from tests.models.conftest import Small, at, context

TODAY = date(2024, 3, 20)
ENTERED = "Nhập trên hệ thống"


@pytest.fixture
def world(tmp_path):
    files = load_campaign_texts(read_texts(write_small(tmp_path / "small")))
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    initialise(store, files, with_demonstration=False, by="system:test", now=at("1/3"), tell=lambda _: None)
    yield Small(store)
    store.close()


def follow(world, tmp_path, *edits):
    texts = edited(read_texts(tmp_path / "small"), edits)
    world.found(load_campaign_texts(texts), when="1/6")
    return load_campaign_texts(texts)


def missing(world, on=TODAY):
    return {(each.kind, each.subject): each for each in world.asked(find_missing, on=on)}


def beside(world, files):
    return world.asked(find_beside, files, source=ENTERED)


# --- what is missing ------------------------------------------------------------------------------------------------


def test_indicators_without_central_target_come_first_by_name(world):
    first = world.asked(find_missing, on=TODAY)[0]

    assert (first.kind, first.named) == ("central", ("payment",))


def test_units_without_head_are_counted_and_some_named(world):
    found = missing(world)["head", ""]

    assert (found.count, found.whole, found.named) == (9, 9, ("UBND tỉnh P", "Sở Một", "Sở Hai"))
    assert ("phone", "") not in missing(world)


def test_unit_that_has_ended_needs_no_head(world):
    before, after = (missing(world, on=day)["head", ""].whole for day in (date(2024, 3, 8), TODAY))

    assert (before, after) == (10, 9)


def test_head_without_telephone_is_a_gap_of_its_own(world, tmp_path):
    follow(world, tmp_path, RowEdit("units.csv", {"code": "S1"}, {"head_name": "A"}))

    found = missing(world)
    assert (found["phone", ""].count, found["phone", ""].named) == (1, ("Sở Một",))
    assert found["head", ""].count == 8


def test_units_without_result_of_the_year_before_are_counted_for_each_indicator(world):
    found = missing(world)

    assert found["baseline", "online"].named == ("UBND xã Hai", "UBND huyện Hai")
    assert found["baseline", "payment"].count == 8
    assert found["baseline_fixed", "publicity"].count == 9


@pytest.mark.parametrize(("value", "is_missing"), [("", True), ("a-long-secret", False)])
def test_source_whose_variable_is_not_set_is_named_with_it(world, monkeypatch, tmp_path, value, is_missing):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAODIEM_SMALL_TOKEN", value)

    found = missing(world)

    assert (("secret", "igate") in found) is is_missing
    assert not is_missing or found["secret", "igate"].named == ("CAODIEM_SMALL_TOKEN",)


def test_source_that_is_switched_off_lacks_no_secret_but_then_no_source_is_asked(world, tmp_path):
    follow(world, tmp_path, KeyEdit("sources.toml", ("igate", "enabled"), False))

    kinds = {kind for kind, _ in missing(world)}
    assert "no_source" in kinds
    assert "secret" not in kinds


def test_source_that_no_indicator_names_is_said(world, tmp_path):
    files = [f"indicators/{key}.toml" for key in ("publicity", "timeliness", "online", "payment")]
    follow(world, tmp_path, *(KeyEdit(file, ("sources",), ("igate",)) for file in files))

    assert [subject for kind, subject in missing(world) if kind == "untaken"] == ["file"]


def test_bands_that_a_document_confirms_are_no_gap(world, tmp_path):
    assert ("bands", "") in missing(world)

    follow(world, tmp_path, KeyEdit("campaign.toml", ("score_bands", "confirmed"), True))

    assert ("bands", "") not in missing(world)


# --- beside the files -----------------------------------------------------------------------------------------------


def test_store_that_has_followed_its_files_holds_nothing_beside_them(world, tmp_path):
    files = load_campaign_texts(read_texts(tmp_path / "small"))

    assert beside(world, files).edits == ()


def test_what_was_imported_or_entered_is_written_into_the_files_and_then_they_agree(world, tmp_path):
    files = load_campaign_texts(read_texts(tmp_path / "small"))
    result = [
        Unit("S1", "department", "Sở Một", "P", head_name="A", aliases=("Một", "So 1"), valid_from=date(2020, 1, 1)),
        Unit("X6", "commune", "UBND xã Sáu", "H2"),
    ]
    world.changed(record_units, result, is_whole=False, context=context("10/3"))
    world.set_central("payment", "45.50")
    world.set_central("online", None)
    world.set_baseline("X2", "online", "12.5")
    world.set_baseline("S1", "online", None)
    world.set_baseline("H2", "online", None, numerator=3, denominator=10)

    found = beside(world, files)
    after = load_campaign_texts(edited(files.texts, found.edits))

    assert [f"{change.file} {change.place}" for change in found.changes] == [
        "units.csv S1, aliases", "units.csv S1, head_name", "units.csv S1, valid_from", "units.csv X6",
        "baselines.csv S1, online, 2023", "baselines.csv X2, online, 2023", "baselines.csv H2, online, 2023",
        "central.csv online, 2024", "central.csv payment, 2024",
    ]  # fmt: skip
    assert (after.units[1].aliases, after.units[1].head_name) == (("Một", "So 1"), "A")
    assert (after.central[0].value, after.central[0].source_note) == (Decimal("45.50"), ENTERED)
    assert beside(world, after).edits == ()


def test_files_that_were_written_so_are_followed_without_a_change(world, tmp_path):
    files = load_campaign_texts(read_texts(tmp_path / "small"))
    world.changed(record_units, [Unit("S1", "department", "Sở Một", "P", head_name="A")], is_whole=False,
                  context=context("10/3"))  # fmt: skip
    texts = edited(files.texts, beside(world, files).edits)

    done = world.found(load_campaign_texts(texts), when="1/6")

    assert done.units.changes == 0
    assert len(changes_between(files.texts, texts)) == len(done.differences) == 1


def test_results_that_were_invented_for_a_demonstration_never_enter_a_file(world, tmp_path):
    files = load_campaign_texts(read_texts(tmp_path / "small"))
    world.set_baseline("X2", "online", "12.5", source_note="simulated")

    assert beside(world, files).edits == ()


def test_withdrawn_target_that_no_file_names_is_nothing_to_write(world, tmp_path):
    files = load_campaign_texts(read_texts(tmp_path / "small"))
    world.set_central("payment", "45")
    world.set_central("payment", None)

    assert beside(world, replace(files)).edits == ()
