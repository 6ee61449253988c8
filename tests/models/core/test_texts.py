"""Words: the same keys and gaps in every language, each used, each used one there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.core.texts import LANGUAGES, UnknownText, gaps, text, texts
from targets.values import STANDINGS
from tests.own_code import trees

PROJECT = Path(__file__).resolve().parent.parent.parent.parent
PACKAGES = ("pages", "jobs", "models")


def modules() -> dict[Path, tuple[str, list[ast.AST]]]:
    return {path: found for package in PACKAGES for path, found in trees(package).items()}


def key_patterns() -> Iterator[tuple[str, str]]:
    """Where in the code a text is asked for, and its key as a regular expression: an f-string's gaps match anything.

    Every string that stands where a key may stand counts: first argument of `text(...)`, or any string like a key.
    """
    for path, (source, nodes) in modules().items():
        if re.search(r"from sqlalchemy import .*\btext\b", source):
            continue  # another function of that name
        for node in nodes:
            if isinstance(node, ast.Call) and is_text(node.func, is_wording=path.parts[-2] == "wording") and node.args:
                for pattern in patterns_of(node.args[0]):
                    yield f"{path.relative_to(PROJECT)}:{node.lineno}", pattern


def is_text(node: ast.expr, *, is_wording: bool) -> bool:
    """`text`, `texts.text`, what says it in the words of a direction (`text_of`, `wording.said`) or of a command."""
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and (node.value.id, node.attr) in (
            ("texts", "text"),
            ("wording", "said"),
        )
    return isinstance(node, ast.Name) and node.id in ("text", "text_of", "words", *(("said",) if is_wording else ()))


def patterns_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [re.escape(node.value)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values)]
    if isinstance(node, ast.IfExp):
        return [*patterns_of(node.body), *patterns_of(node.orelse)]
    return []


def literals() -> set[str]:
    """Every string in the code, for keys that are handed around before they are asked for."""
    return {
        node.value
        for _, nodes in modules().values()
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_languages_have_the_same_keys():
    first, *others = (texts(language).keys() for language in LANGUAGES)

    assert all(first ^ other == set() for other in others)


def test_languages_have_the_same_gaps():
    result = {language: texts(language) for language in LANGUAGES}

    unlike = {
        key: by_language
        for key in result["vi"]
        if len(set((by_language := {language: gaps(result[language][key]) for language in LANGUAGES}).values())) > 1
    }

    assert unlike == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_where_lower_is_better_fills_the_gaps_of_what_is_said_elsewhere(language):
    known = texts(language)
    mirrored = {key: key.removesuffix("_down") for key in known if key.endswith("_down")}

    unlike = [key for key, base in mirrored.items() if base not in known or gaps(known[key]) != gaps(known[base])]

    assert len(mirrored) > 100
    assert unlike == []


def test_every_text_that_is_asked_for_exists():
    known = texts("vi")
    plain, every = {re.escape(key) for key in known}, "\n".join(known)

    missing = [
        f"{where}: {pattern}"
        for where, pattern in key_patterns()
        if pattern not in plain and not re.search(f"^(?:{pattern})$", every, re.MULTILINE)
    ]

    assert not missing


TRAVELLING = ("kind", "mistake", "option", "problem", "question", "warning")
"""Sections whose keys are asked for by codes that travel in errors and rows: the code stands in the program."""
WHOLE = ("chrome", "console", "sample", "trail.reason")
"""Sections that are handed out whole, or by keys put together from what was read."""


def test_every_text_is_asked_for():
    strings = literals()
    made = {
        pattern
        for _, nodes in modules().values()
        for node in nodes
        if isinstance(node, ast.JoinedStr)
        for pattern in patterns_of(node)
        if re.match(r"\w+\\\.|\.\+\\\.\w{4}", pattern)
    }
    asked = re.compile("|".join(sorted(made | {pattern for _, pattern in key_patterns() if pattern != ".+"})))
    begun = tuple(f"{string}_" for string in strings if "." in string)

    unused = [
        key
        for key in texts("vi")
        if not key.startswith(begun)
        and not asked.fullmatch(key.removesuffix("_down"))
        and key.removesuffix("_down") not in strings
        and not key.startswith(tuple(f"{section}." for section in WHOLE))
        and not (key.startswith(TRAVELLING) and key.rpartition(".")[2] in strings)
    ]

    assert not unused


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_standing_has_its_word(language):
    assert {key.removeprefix("standing.") for key in texts(language) if key.startswith("standing.")} == set(STANDINGS)


def test_text_fills_its_gaps():
    assert text("points", "vi", number="20,4") == "20,4 điểm phần trăm"
    assert text("points", "en", number="20.4") == "20.4 percentage points"


def test_text_refuses_a_key_that_no_file_holds():
    with pytest.raises(UnknownText, match=re.escape("no.such.text")):
        text("no.such.text", "vi")


@pytest.mark.parametrize("terms", [{}, {"number": "1", "more": "2"}, {"other": "1"}])
def test_text_refuses_terms_that_do_not_fit_its_gaps(terms):
    with pytest.raises(UnknownText, match="points"):
        text("points", "vi", **terms)


def test_texts_refuse_a_language_that_nobody_wrote():
    with pytest.raises(UnknownText, match="“de”"):
        texts("de")


# --- what an official would not write -------------------------------------------------------------------------------

NEVER = {
    "a machine's word": r"(?<![{\w])(runs?|init|demo|root|login|admin|backup|snapshot|demonstration)\b|system:",
    "points without what they are of": r"điểm %",
    "figures called by two names": r"(?<!chiến dịch )mô phỏng",
    "the number of a version in place of a moment": r"[Bb]ản số liệu|phiên bản số liệu",
    "old figures by another word": r"chưa cập nhật(?! được)|số liệu dừng ở|chưa có số liệu mới|[Cc]hưa gửi đủ",
    "a figure on top of another": r"\{(value|figure|projection)\} trên \{target\}",
    "a range that sounds like about": r"khoảng 80",
    "a forecast that promises": r"nhiều khả năng",
    "a table's file by another name": r"Tải (bảng|tệp) (Excel|XLSX|CSV)",
    "a coordinator by another word": r"điều phối viên",
    "a passphrase in the words of a manual": r"câu bốn từ",
    "better and worse in spoken words": r"xấu đi|khá lên|kéo xuống|\bhẳn (cao|thấp)|(cao|thấp) hẳn(?! mức)",
    "an equals sign in a sentence": r"\w = \{value\}",
    "two forms of a size": r"\d(MB|GB)\b",
    "several ways to address a reader": r"anh/chị|\b[Bb]ạn\b",
    "an administrator by another word": r"[Qq]uản trị viên|[Nn]gười vận hành",
    "an account made by another word": r"[Ll]ập (các )?tài khoản|lập \{made\}",
    "who a source decides for": r"Quyết định số liệu",
}
"""What no Vietnamese text holds, by why; commands in backquotes and file names are what people type."""
TYPED = re.compile(r"`[^`]*`|python -m jobs[\w -]*|\w+\.(toml|csv)|CAODIEM_\w+|--[\w-]+|“(scores|baselines)”")
MODELS = ("methods.", "backtest.")
"""Where a simulated campaign is what a method is tried on, and no figure that stands for a real one."""
LONG_PHRASE = 7
"""Words from which on a phrase is a sentence, and no head of a column."""


@pytest.mark.parametrize("why", NEVER)
def test_no_text_says_what_an_official_would_not_write(why):
    pattern = re.compile(NEVER[why])
    apart = MODELS if why == "figures called by two names" else ("audit.file", "upload.mend.file", "pack.file")

    said = {
        key: words
        for key, words in texts("vi").items()
        if not key.startswith(apart) and pattern.search(TYPED.sub("", words))
    }

    assert not said


def test_a_proposed_target_is_said_to_be_one_in_the_foot_alone():
    """A mark beside the figure, and one line that explains it: the words stand once on a page."""
    said = [key for key, words in texts("vi").items() if "(dự kiến)" in words and not key.startswith("office.annex")]

    assert not said
    assert text("target.proposed", "vi", value="50%").removeprefix("50%") == text("overview.proposed", "vi")[:1]


def test_no_sentence_stands_twice():
    """A phrase of several words for one thing is one key: another would sooner or later say something else."""
    held: dict[tuple[str, ...], list[str]] = {}
    for key in texts("vi"):
        if key.startswith("methods.item."):
            continue  # of one method, whatever another's says
        words = tuple(texts(language)[key] for language in LANGUAGES)
        if len(words[0].split()) >= LONG_PHRASE:
            held.setdefault(words, []).append(key)

    assert not [keys for keys in held.values() if len(keys) > 1]


@pytest.mark.parametrize(("language", "said"), [("vi", "70.578 mục nhật ký"), ("en", "70,578 entries")])
def test_whole_number_is_written_in_the_languages_separators(language, said):
    assert text("audit.count", language, count=70578).startswith(said)


def test_year_is_no_quantity():
    assert "2024" in text("unit.chart.baseline", "vi", year=2024, value="5%")


# --- a campaign's levels are its own --------------------------------------------------------------------------------

LEVEL_WORDS = {
    "vi": re.compile(r"(?<!\w)(tỉnh|huyện|xã(?! hội)|phường|thị trấn|sở(?=,))(?!\w)", re.IGNORECASE),
    "en": re.compile(r"\b(provinc\w+|districts?|communes?|wards?)\b", re.IGNORECASE),
}
"""Words for levels: they come from the campaign's file, as `{root}` or `{level}`."""
MAY_NAME_LEVELS = {
    "problem.other_province": "a list of the whole country names its provinces",
    "problem.province_code_differs": "a list of the whole country names its provinces",
    "warning.other_provinces_left_out": "a list of the whole country names its provinces",
    "campaign.problem.list_province": "a list of the whole country names its provinces",
    "pull.failure.other_province": "the national portal's table is of provinces",
    "pull.failure.province_missing": "the national portal's table is of provinces",
    "campaign.workbook.steps": "it says how the country's lists of units are taken in",
    "campaign.about.group.vi": "an example of a heading that the office writes itself",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_names_a_level_of_its_own(language):
    named = {key for key, said in texts(language).items() if LEVEL_WORDS[language].search(re.sub(r"\{\w+\}", "", said))}

    assert named - MAY_NAME_LEVELS.keys() == set()
