"""`quarantine --dismiss` and `--readmit`: the page's two ways out of quarantine, on the command line."""

import pytest

HEADER = "Đơn vị;Chỉ số;Ngày;Tử số;Mẫu số;Tỷ lệ"


@pytest.fixture
def waiting(home, tmp_path, answer):
    """The number of a row that waits: its unit is misspelt."""
    file = tmp_path / "so-lieu.csv"
    file.write_text(f"{HEADER}\nUBND huyện Ia Gray;online;06/05/2024;415;1000;\n", encoding="utf-8")
    answer("import", str(file), "--kind", "readings", exit_code=3)
    [row] = answer("quarantine")
    return str(row["id"])


def test_list_names_the_number_that_settles_a_row(waiting, run):
    assert waiting in run("quarantine").stdout


def test_row_is_dismissed_for_a_reason(waiting, run, answer):
    result = run("quarantine", "--dismiss", waiting, "--reason", "gửi trùng")

    assert result.exit_code == 0
    assert f"Dòng {waiting} đã được bỏ qua." in result.stdout
    [row] = answer("quarantine", "--all")
    assert (row["state"], row["settled_reason"]) == ("dismissed", "gửi trùng")


def test_row_is_not_dismissed_without_a_reason(waiting, run, answer):
    result = run("quarantine", "--dismiss", waiting)

    assert result.exit_code == 1
    assert "reason" in result.stderr
    assert len(answer("quarantine")) == 1


def test_row_is_mended_and_taken_in(waiting, run, answer):
    result = run("quarantine", "--readmit", waiting, "--set", "Đơn vị=UBND huyện Ia Grai", "--lang", "en")

    assert result.exit_code == 0, result.output
    assert f"Row {waiting} has been taken in." in result.stdout
    assert answer("quarantine") == []


def test_row_that_is_still_wrong_is_left_with_its_sentence(waiting, run, answer):
    result = run("quarantine", "--readmit", waiting)

    assert result.exit_code == 3
    assert "Ia Gray" in result.stdout
    assert len(answer("quarantine")) == 1


def test_cell_without_a_heading_is_wrong_use(waiting, run):
    assert run("quarantine", "--readmit", waiting, "--set", "415").exit_code == 2


def test_number_that_no_row_has_is_named(waiting, run):
    assert "999" in run("quarantine", "--dismiss", "999", "--reason", "x").stderr
