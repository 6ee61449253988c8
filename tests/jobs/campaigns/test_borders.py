"""Borders of a campaign: whose they are, refused where that is not sure, kept wherever the campaign goes."""

import json
from datetime import date

import pytest

from jobs.campaigns.borders import find_borders
from jobs.campaigns.changing import load_checked
from jobs.campaigns.folder import export_folder
from jobs.campaigns.initialise import initialise
from jobs.campaigns.renewal import renewed
from jobs.campaigns.workbook.reading import read_workbook
from jobs.campaigns.workbook.writing import write_workbook
from models.campaign.files import find_file
from models.catalogue import load_campaign_files, read_texts
from models.units.queries import find_places
from models.units.shape_file import SHAPES
from targets.errors import CampaignFilesError
from tests.campaign_folders import write_small
from tests.models.conftest import at


def border(left=108.0, **properties):
    ring = [[left, 14.0], [left + 1, 14.0], [left + 1, 15.0], [left, 14.0]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def borders(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def folder(tmp_path):
    return write_small(tmp_path / "small")


def with_borders(folder, *features):
    (folder / SHAPES).write_bytes(borders(*features))
    return load_campaign_files(folder)


def test_borders_are_matched_by_code_or_by_name_without_accents(folder):
    files = with_borders(folder, border(code="X1", name="anything"), border(name="xa hai"), border(name="Huyện Hai"))

    load_checked(files.texts)

    found = find_borders(files.texts[SHAPES], files.units, files.campaign)
    assert found.keys() == {"X1", "X2", "H2"}


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ([border(code="X9")], "feature 1: is “X9”, which is no one unit of units.csv"),
        ([border(code="X1"), border(name="Kon Tum")], "feature 2: is “Kon Tum”, which is no one unit"),
        ([border(name="Hai")], "feature 1: is “Hai”, which is no one unit of units.csv. Is it one of these: "),
        ([border(code="X1"), border(name="xã Một")], "feature 2: is the border of X1, which feature 1 gives already"),
    ],
)
def test_border_that_is_not_surely_one_units_is_refused(folder, features, said):
    files = with_borders(folder, *features)

    with pytest.raises(CampaignFilesError, match=said.replace("(", r"\(")):
        load_checked(files.texts)


def test_border_whose_unit_is_gone_is_left_out_on_the_page(folder):
    files = with_borders(folder, border(code="X1"), border(code="X2"))

    units = [unit for unit in files.units if unit.code != "X2"]

    assert find_borders(files.texts[SHAPES], units, files.campaign).keys() == {"X1"}


def test_folder_with_a_broken_map_is_refused_with_its_place(folder):
    with pytest.raises(CampaignFilesError, match=r"units\.geojson, feature 1: has neither"):
        with_borders(folder, border())


def test_map_stays_through_store_export_workbook_and_renewal(prepared, folder, tmp_path):
    place_of = {"X1": (1, 1), "X2": (1, 2)}
    rows = (folder / "units.csv").read_text().splitlines()
    tiles = {code: ",".join(map(str, place)) for code, place in place_of.items()}
    lines = [f"{rows[0]},tile_row,tile_column", *(f"{row},{tiles.get(row.split(',')[0], ',')}" for row in rows[1:])]
    (folder / "units.csv").write_text("\n".join(lines) + "\n")
    files = with_borders(folder, border(code="X1"))

    def take_in(store):
        initialise(store, files, with_demonstration=False, by="system:x", now=at("1/3"), tell=lambda _: None)

    store = prepared.copy("with borders", take_in, to=f"sqlite:///{tmp_path / 'store.db'}")
    with store.reading() as session:
        assert find_places(session) == place_of
        assert find_file(session, SHAPES) == files.texts[SHAPES]
        assert find_file(session, "tasks.csv") is None
        export_folder(session, tmp_path / "out")
    assert read_texts(tmp_path / "out") == read_texts(folder)

    (tmp_path / "book.xlsx").write_bytes(write_workbook(files.texts, "vi"))
    again = read_workbook(tmp_path / "book.xlsx", before=files.texts)
    assert again.texts == files.texts
    alone = read_workbook(tmp_path / "book.xlsx")
    assert {unit.code: (unit.tile_row, unit.tile_column) for unit in alone.units if unit.tile_row} == place_of
    assert SHAPES not in alone.texts

    new = renewed(files, key="next", start=date(2025, 3, 3), days=40, language="vi")
    assert new.texts[SHAPES] == files.texts[SHAPES]
    store.close()
