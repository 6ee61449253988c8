"""A new campaign from an old one's files: dates shifted, the old year's figures left out, what is left named."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.campaigns.renewal import Renewed, renewed, write_folder
from models.catalogue import CampaignFiles, load_campaign_files, load_campaign_texts, read_texts
from models.catalogue.editing import KeyEdit, edited
from models.core.settings import CAMPAIGNS
from targets.errors import CampaignFilesError, WrongUse

GIA_LAI = load_campaign_files(CAMPAIGNS / "gia-lai-2024")


def made(files: CampaignFiles = GIA_LAI, *, start=date(2025, 3, 24), days=92, language="vi") -> Renewed:
    return renewed(files, key="gia-lai-2025", start=start, days=days, language=language)


def filled(new: Renewed) -> CampaignFiles:
    """The new files with what their makers are told to fill in."""
    document = [
        KeyEdit("campaign.toml", ("document",), "1/KH-UBND"),
        KeyEdit("campaign.toml", ("document_date",), date(2025, 3, 1)),
    ]
    return load_campaign_texts(edited(new.texts, document))


def test_phases_keep_their_share_and_names_their_numbers():
    campaign = filled(made()).campaign

    phases = [(phase.key, phase.name.vi, phase.start, phase.due) for phase in campaign.phases]
    assert phases == [
        ("46-day", "46 ngày", date(2025, 3, 24), date(2025, 5, 8)),
        ("92-day", "92 ngày", date(2025, 5, 9), date(2025, 6, 23)),
        ("maintain", "Duy trì", date(2025, 6, 24), None),
    ]
    assert campaign.title.vi.startswith("Chiến dịch cao điểm 92 ngày đêm")
    assert campaign.title.en == "The 92-day campaign for better use of public services"
    assert (campaign.baseline_year, campaign.target_year) == (2024, 2025)


@pytest.mark.soak
@given(start=st.dates(date(2020, 1, 1), date(2090, 1, 1)), days=st.integers(4, 366))
@settings(max_examples=15, deadline=None)
def test_no_day_is_lost_or_held_twice_whatever_the_length(start, days):
    new = renewed(GIA_LAI, key="other", start=start, days=days, language="vi")

    document = [KeyEdit("campaign.toml", ("document",), "1/KH"), KeyEdit("campaign.toml", ("document_date",), start)]
    phases = load_campaign_texts(edited(new.texts, document)).campaign.phases
    assert phases[0].start == start
    assert all(late.start == early.due + timedelta(days=1) for early, late in itertools.pairwise(phases))
    assert phases[1].due == start + timedelta(days=days - 1)


def test_what_belongs_to_the_old_year_is_left_out_and_named():
    new = made()

    files = filled(new)
    emptied = (files.baselines, files.central, files.registrations, files.scores, files.campaign.unit_phases)
    assert emptied == ((),) * 5
    assert files.units == GIA_LAI.units
    assert files.campaign.sources == GIA_LAI.campaign.sources
    said = " ".join((*new.left, *new.checked))
    for words in ("Số và ngày văn bản", "năm 2025 của Tỷ lệ hồ sơ trực tuyến", "Kết quả năm 2024 của 258 đơn vị"):
        assert words in said
    assert "11 chỉ tiêu đăng ký, 3 điểm chính thức, mốc riêng của 1 đơn vị" in said


def test_what_is_named_first_is_all_that_keeps_it_from_loading():
    with pytest.raises(CampaignFilesError) as mistakes:
        load_campaign_texts(made().texts)

    assert [each.where for each in mistakes.value.problems] == ["document", "document_date"]


def test_bends_of_the_path_follow_their_phase():
    bent = ({"phase": "50-day", "time": 40, "way": 20},)
    files = load_campaign_texts(edited(GIA_LAI.texts, [KeyEdit("indicators/online.toml", ("knots",), bent)]))

    assert [knot.phase for knot in filled(made(files)).campaign.indicator("online").knots] == ["46-day"]


def test_sentences_are_in_the_language_of_the_reader():
    assert "A campaign of 100 days becomes one of 92" in made(language="en").shifted[0]


def test_too_few_days_for_the_phases_are_refused():
    with pytest.raises(WrongUse, match="too few"):
        made(days=1)


def test_new_folder_is_written_whole_and_never_over_another(tmp_path):
    write_folder(tmp_path / "new", made().texts)

    assert read_texts(tmp_path / "new") == made().texts
    with pytest.raises(WrongUse, match="is there already"):
        write_folder(tmp_path / "new", made().texts)
