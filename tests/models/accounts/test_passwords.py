"""Passwords: kept so that they cannot be read, refused where somebody would guess them, matched in every spelling."""

import unicodedata

import pytest

from models.accounts import passwords
from models.accounts.passwords import (
    WeakPassword,
    WrongLogin,
    check_acceptable,
    check_differs,
    check_login,
    folded,
    hashed,
    is_guessable,
    is_login,
    matches,
    one_time,
)
from tests.models.accounts_world import CHEAP


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()


def test_hash_is_argon2id_with_its_own_salt_and_does_not_hold_the_password(monkeypatch):
    monkeypatch.undo()

    one, other = hashed("bốn từ dễ nhớ"), hashed("bốn từ dễ nhớ")

    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert one != other
    assert "nhớ" not in one


def test_only_the_right_password_matches():
    kept = hashed("bốn từ dễ nhớ")

    assert matches(kept, "bốn từ dễ nhớ")
    assert not matches(kept, "bốn từ dễ nho")
    assert not matches(kept, "")


def test_password_matches_however_its_letters_are_composed():
    typed = "bốn từ dễ nhớ"

    assert matches(hashed(unicodedata.normalize("NFC", typed)), unicodedata.normalize("NFD", typed))


def test_nothing_matches_where_there_is_no_account():
    assert not matches(None, "bốn từ dễ nhớ")


def test_hash_that_is_none_matches_nothing():
    assert not matches("not a hash", "bốn từ dễ nhớ")


@pytest.mark.parametrize("password", ["mười hai chữ", "correct horse battery", "a1b2c3d4e5f6", "x" * 6 + "abcdefg"])
def test_password_nobody_guesses_is_accepted(password):
    check_acceptable(password, login="lan")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("ngắn quá", "password_short"),
        ("abcdefghijk", "password_short"),
        ("abcdef" * 40, "password_long"),
        ("của lan thật dài", "password_login"),
        ("Của LAN thật dài", "password_login"),
        ("aaaaaaaaaaaaaaa", "password_repeats"),
        ("121212121212121", "password_repeats"),
    ],
)
def test_password_somebody_guesses_is_refused(password, code):
    with pytest.raises(WeakPassword) as caught:
        check_acceptable(password, login="lan")

    assert caught.value.code == code


@pytest.mark.parametrize(
    "password",
    [
        "Password@123", "P@ssw0rd2024!", "passwordpassword", "qwertyuiop12", "1q2w3e4r5t6y", "1qaz2wsx3edc",
        "abc123456789", "123456789012", "09051983-2024", "Matkhau@2024", "matkhaumoi123", "anhyeuem1234",
        "Anh yêu em 1999", "VIETNAM2024!!", "admin123456!", "Cao Điểm 2024", "Viettel@12345", "iloveyou2024",
        "gialai123456", "Gia Lai 2024!", "tinhgialai2024", "Tỉnh Gia Lai 2024", "ubndtinhgialai1", "G14L41-2024!",
        "GiaLai@GiaLai1", "nguyen@2024!", "1234nguyen!!", "Nguyen@Admin1", "Gia/Lai/2024!", "Aa@123456789",
        "qwe123!@#QWE", "1qaz!QAZ2wsx", "thomas123456", "jennifer1234",
    ],
)  # fmt: skip
def test_password_that_is_tried_first_is_refused(password):
    with pytest.raises(WeakPassword) as caught:
        check_acceptable(password, login="h.nguyen", province="UBND tỉnh Gia Lai")

    assert caught.value.code == "password_common"


@pytest.mark.parametrize(
    "password", ["chiều gia lai mưa dài", "mật khẩu của tôi rất dài", "hanoi có 36 phố phường", "passwort von gestern"]
)
def test_sentence_that_begins_with_a_common_word_is_accepted(password):
    check_acceptable(password, login="h.nguyen", province="UBND tỉnh Gia Lai")


def test_new_password_that_is_the_old_one_in_another_spelling_is_refused():
    kept = hashed("bốn từ dễ nhớ")

    with pytest.raises(WeakPassword) as caught:
        check_differs(unicodedata.normalize("NFD", "bốn từ dễ nhớ"), kept)

    check_differs("một câu thật dễ nhớ", kept)
    check_differs("một câu thật dễ nhớ", None)
    assert caught.value.code == "password_same"


@pytest.mark.parametrize("spelled", [str.upper, lambda result: result.replace("-", ""), "{}!".format, "2024 {}".format])
def test_one_time_password_stays_one_however_it_is_spelled(spelled):
    result = one_time()

    with pytest.raises(WeakPassword) as caught:
        check_differs(spelled(result), hashed(result))

    assert caught.value.code == "password_same"


def test_longest_password_is_looked_through_in_no_time():
    assert not is_guessable("abcabcdabcdepass" * 12 + "ớ", ["a" * 100])


def test_one_time_passwords_are_long_readable_and_never_the_same():
    made = {one_time() for _ in range(200)}

    assert len(made) == 200
    assert all(len(each) == 23 and not set(each) & set("01oil") for each in made)
    for each in made:
        check_acceptable(each, login="admin")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Lan.Nguyen ", "lan.nguyen"), ("ＡＤＭＩＮ", "admin"), ("ADMIN", "admin")],
)
def test_login_is_folded(typed, kept):
    assert folded(typed) == kept


@pytest.mark.parametrize("login", ["lan", "h21.58", "lan@gialai.gov.vn", "a_b-c"])
def test_login_of_plain_characters_is_one(login):
    check_login(login)

    assert is_login(login)


@pytest.mark.parametrize("login", ["", "a", "system:root", "nguyễn", "hai từ", "a" * 65, ".lan", "lan\n"])
def test_login_that_could_be_mistaken_is_refused(login):
    with pytest.raises(WrongLogin):
        check_login(login)
