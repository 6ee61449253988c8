"""What the store holds beside the campaign's files, as edits of them."""

from datetime import date
from decimal import Decimal

import pytest

from models.campaign.beside import find_beside
from models.catalogue import load_campaign_texts, read_texts
from models.catalogue.changes import changes_between
from models.catalogue.editing import edited
from models.units.actions import record_units
from targets.values import Unit
from tests.campaign_folders import write_small
from tests.models.conftest import context

ENTERED = "Nhập trên hệ thống"


@pytest.fixture
def files(small, tmp_path):
    """The small campaign's files, which its store has followed."""
    files = load_campaign_texts(read_texts(write_small(tmp_path / "small")))
    small.found(files)
    return files


def beside(small, files):
    return small.asked(find_beside, files)


def test_store_that_has_followed_its_files_holds_nothing_beside_them(small, files):

    assert beside(small, files) == ()


def test_what_was_imported_or_entered_is_written_into_the_files_and_then_they_agree(small, files):
    result = [
        Unit("S1", "department", "Sở Một", "P", head_name="A", aliases=("Một", "So 1"), valid_from=date(2020, 1, 1)),
        Unit("X6", "commune", "UBND xã Sáu", "H2"),
    ]
    small.changed(record_units, result, is_whole=False, context=context("10/3"))
    small.set_central("payment", "45.50")
    small.set_central("online", None)
    small.set_baseline("X2", "online", "12.5")
    small.set_baseline("S1", "online", None)
    small.set_baseline("H2", "online", None, numerator=3, denominator=10)

    texts = edited(files.texts, beside(small, files))
    after = load_campaign_texts(texts)

    assert [f"{change.file} {change.place}" for change in changes_between(files.texts, texts)] == [
        "units.csv S1, aliases", "units.csv S1, head_name", "units.csv S1, valid_from", "units.csv X6",
        "baselines.csv S1, online, 2023", "baselines.csv X2, online, 2023", "baselines.csv H2, online, 2023",
        "central.csv online, 2024", "central.csv payment, 2024",
    ]  # fmt: skip
    assert (after.units[1].aliases, after.units[1].head_name) == (("Một", "So 1"), "A")
    assert (after.central[0].value, after.central[0].source_note) == (Decimal("45.50"), "")
    assert beside(small, after) == ()


def test_files_that_say_it_too_are_followed_without_a_change(small, files):
    units = [Unit("S1", "department", "Sở Một", "P", head_name="A")]
    small.changed(record_units, units, is_whole=False, context=context("10/3"))
    small.set_central("payment", "45.50")
    small.set_baseline("X2", "online", "12.5")
    texts = edited(files.texts, beside(small, files))

    done = small.found(load_campaign_texts(texts), when="1/6")

    assert done.changes == 0
    assert len(done.differences) == 3


def test_results_that_were_invented_for_a_demonstration_never_enter_a_file(small, files):
    small.set_baseline("X2", "online", "12.5", source_note="simulated")

    assert beside(small, files) == ()


def test_withdrawn_target_that_no_file_names_is_nothing_to_write(small, files):
    small.set_central("payment", "45")
    small.set_central("payment", None)

    assert beside(small, files) == ()
