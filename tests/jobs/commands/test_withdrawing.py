"""`withdraw`: previewed, done for a reason, and told; as the page of sources does it."""

import json

import pytest

HEADER = "Đơn vị;Chỉ số;Ngày;Tử số;Mẫu số"


@pytest.fixture
def load(home, run, tmp_path):
    """A file taken in twice: the second one is wrong."""
    for numerator in (415, 915):
        file = tmp_path / f"so-lieu-{numerator}.csv"
        file.write_text(f"{HEADER}\nUBND huyện Ia Grai;online;06/05/2024;{numerator};1000\n", encoding="utf-8")
        done = run("import", str(file), "--json")
        assert done.exit_code == 0, done.stdout
    return str(json.loads(done.stdout)["run"])


def test_load_is_previewed_and_withdrawn_for_a_reason(run, answer, load):
    previewed = run("withdraw", load, "--preview", "--lang", "vi")
    looked = answer("withdraw", load, "--preview")
    without = run("withdraw", load)
    done = run("withdraw", load, "--reason", "nhầm tệp", "--lang", "vi")

    assert f"Rút lại lần cập nhật {load}" in previewed.stdout
    assert (looked["back"], looked["gone"], looked["by"]) == (1, 0, None)
    [change] = looked["changes"]
    assert (change["unit_name"], change["now"]["numerator"], change["then"]["numerator"]) == (
        "UBND huyện Ia Grai", 915, 415,
    )  # fmt: skip
    assert without.exit_code == 2
    assert "for a reason" in without.stderr
    assert done.exit_code == 0
    assert "1 số liệu đổi sang số liệu khác" in done.stdout
    back = answer("withdraw", str(int(load) + 1), "--reason", "đúng tệp")
    assert (back["load"], back["back"]) == (int(load), 1)
