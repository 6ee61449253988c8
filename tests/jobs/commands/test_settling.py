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
    result = run("quarantine", "--dismiss", waiting, "--reason", "gửi trùng", "--lang", "vi")

    assert result.exit_code == 0
    assert f"Dòng {waiting} đã được bỏ qua." in result.stdout
    [row] = answer("quarantine", "--all")
    assert (row["state"], row["settled_reason"]) == ("dismissed", "gửi trùng")


def test_row_is_not_dismissed_without_a_reason(waiting, run, answer):
    result = run("quarantine", "--dismiss", waiting)

    assert result.exit_code == 2
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


# --- many at once ---------------------------------------------------------------------------------------------------


@pytest.fixture
def many(home, tmp_path, answer):
    """The number of a load whose three rows wait: two for their unit, one for its count."""
    file = tmp_path / "danh-sach.csv"
    bad = [f"UBND huyện Cũ {number};online;06/05/2024;415;1000;" for number in (1, 2)]
    bad.append("UBND huyện Ia Grai;online;06/05/2024;nhiều;1000;")
    file.write_text("\n".join([HEADER, *bad]) + "\n", encoding="utf-8")
    answer("import", str(file), "--kind", "readings", exit_code=3)
    rows = answer("quarantine")
    return rows[0]["run"], rows[0]["code"]


def test_rows_of_one_load_with_one_problem_are_dismissed_at_once(many, run, answer):
    load, code = many

    result = run(
        "quarantine", "--dismiss-run", str(load), "--problem", code, "--reason", "danh sách cũ", "--lang", "vi"
    )

    assert result.exit_code == 0, result.output
    assert f"Đã bỏ qua 2 dòng của lần cập nhật {load}." in result.stdout
    assert [row["code"] == code for row in answer("quarantine")] == [False]


def test_all_waiting_rows_of_a_load_are_dismissed_where_no_problem_is_named(many, run, answer):
    load, _ = many

    result = run("quarantine", "--dismiss-run", str(load), "--reason", "danh sách cũ", "--lang", "en")

    assert f"3 rows of load {load} have been dismissed." in result.stdout
    assert answer("quarantine") == []


def test_list_says_how_rows_are_dismissed_at_once(many, run):
    load, code = many

    assert f"--dismiss-run {load} --problem {code}" in run("quarantine").stdout


@pytest.mark.parametrize(
    "words",
    [
        ("--dismiss", "1", "--dismiss-run", "1"),
        ("--problem", "unit_unknown"),
        ("--dismiss-run", "999", "--reason", "x"),
    ],
)
def test_dismissing_at_once_refuses_what_it_cannot_understand(many, run, words):
    assert run("quarantine", *words).exit_code == 2
