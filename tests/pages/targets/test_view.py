"""Words of the page of targets that need no store: columns on a phone."""

import pytest

from pages.targets.view import NO_BREAK, spread


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("UBND huyện Ia Grai", ["UBND huyện", "Ia Grai"]),
        ("Sở Y tế", ["Sở Y tế"]),
        ("Kết quả năm 2023", ["Kết quả năm", "2023"]),
        ("", []),
    ],
)
def test_words_stand_in_lines_of_at_least_so_many_letters(words, lines):
    assert spread(words, 10) == " ".join(line.replace(" ", NO_BREAK) for line in lines)
