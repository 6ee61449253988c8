"""What is written about files is what the reader does: the committed page, its pictures, and the layouts they show."""

import pytest

from tests.file_reference import FOLDER, LAYOUTS, PAGE, figures_of, page, pictures

MEANT = {
    "wide": [
        ("xã Ia Pnôn", "Trực tuyến", "20/04/2024", "1.034/4.136, báo cáo 25%", ""),
        ("xã Ia Khai", "Trực tuyến", "20/04/2024", "45/60, báo cáo 75%", ""),
        ("xã Ia Pnôn", "Thanh toán", "20/04/2024", "12,5%", ""),
        ("xã Ia Khai", "Thanh toán", "20/04/2024", "khoảng 8%", ""),
    ],
    "long": [
        ("xã Ia Pnôn", "Trực tuyến", "20/04/2024", "45/60", ""),
        ("xã Ia Pnôn", "Thanh toán", "20/04/2024", "8/20", "đã đối chiếu"),
        ("xã Ia Khai", "Trực tuyến", "19/04/2024", "1.034/4.136", ""),
        ("phường Diên Hồng", "Thanh toán", "20/04/2024", "0/0", ""),
    ],
    "counts": [
        ("xã Ia Pnôn", "Trực tuyến", "20/04/2024", "1.034/4.136, báo cáo 25%", ""),
        ("xã Ia Khai", "Trực tuyến", "20/04/2024", "45/60, báo cáo 75%", ""),
        ("phường Diên Hồng", "Trực tuyến", "20/04/2024", "7/9, báo cáo 77,8%", ""),
    ],
}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_layout_that_is_shown_is_read_as_it_is_meant(layout, tmp_path):
    assert figures_of(layout.write(tmp_path)) == MEANT[layout.name]


def test_page_is_what_the_reader_says_of_itself():
    assert (FOLDER / PAGE).read_text(encoding="utf-8") == page(), "make reference writes it anew"


def test_pictures_are_drawn_from_the_layouts():
    drawn = {path.name: path.read_text(encoding="utf-8") for path in (FOLDER / "pictures").glob("*.svg")}

    assert drawn == pictures(), "make reference draws them anew"


def test_links_of_the_page_lead_somewhere():
    words = (FOLDER / PAGE).read_text(encoding="utf-8")

    assert all(f"](pictures/{name})" in words for name in pictures())
