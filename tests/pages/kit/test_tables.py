"""Tables of words, marks and links: what is drawn, where a cell leads, and what stands in a line above."""

from urllib.parse import parse_qs, urlsplit

from streamlit.testing.v1 import AppTest

from pages.kit.markdown import tally
from pages.kit.tables import picture, way_to

DRAWN = """
from pages.kit.tables import Column, draw_table

columns = [Column("Đơn vị", ["[A](/unit?unit=A)", "B"]), Column("Thiếu (điểm)", ["11,1", "—"], is_number=True)]
draw_table(columns, alt="Hai đơn vị", key="two")
"""


def test_table_shows_the_words_given_for_a_number_and_has_words_for_whoever_listens():
    (table,) = AppTest.from_string(DRAWN).run().table

    assert list(table.value.columns) == ["Đơn vị", "Thiếu (điểm)"]
    assert table.value["Đơn vị"].tolist() == ["[A](/unit?unit=A)", "B"]
    assert table.value["Thiếu (điểm)"].dtype.kind == "i"
    assert table.proto.alt == "Hai đơn vị"
    assert "11,1" in table.proto.arrow_data.styler.display_values.decode("utf-8", "ignore")


def test_link_of_a_cell_says_the_whole_address_and_shows_its_words_as_they_are():
    words, address = way_to("unit", {"unit": "H21.58", "lang": "en"}, "Xã [A]").removesuffix(")").split("](")

    assert words == r"[Xã \[A\]"
    assert urlsplit(address).path == "/unit"
    assert parse_qs(urlsplit(address).query) == {"unit": ["H21.58"], "lang": ["en"]}
    assert picture("", "gì đó") == ""


def test_tally_names_the_worst_first_and_leaves_out_what_there_is_none_of():
    said = tally({"met": 1234, "out_of_reach": 2, "likely": 0, "stale": 3}, "vi", "light")

    assert [part.split("\u00a0")[1] for part in said.split(" · ")] == [
        "**2** không còn khả năng đạt", "**1.234** đã đạt", "**3** đang dùng số liệu cũ",
    ]  # fmt: skip
