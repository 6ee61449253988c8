"""What a campaign still lacks."""

from datetime import date

import pytest

from jobs.campaigns.initialise import initialise
from jobs.campaigns.missing import find_missing
from models.catalogue import load_campaign_texts, read_texts
from models.catalogue.editing import KeyEdit, RowEdit, edited
from models.core.store import Store
from tests.campaign_folders import write_small
from tests.models.conftest import Small, at

TODAY = date(2024, 3, 20)


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
