"""The command line in the reader's language: every word of it in both, none of them in the code."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
from typer.testing import CliRunner

from jobs.__main__ import app
from models.core.settings import PROJECT
from models.core.texts import LANGUAGES, texts
from tests.jobs.conftest import Command
from tests.own_code import nodes
from tests.soaked import mostly_soaked

COMMANDS = [*sorted((PROJECT / "jobs" / "commands").glob("*.py")), PROJECT / "jobs" / "__main__.py"]
SENTENCE = re.compile(r"[A-Za-z]+[,;:]? [a-z]+[,;:]? [a-z]+")
ENGLISH = re.compile(r"\b(the|is|are|not|for|this|missing|invalid|input|should|usage|error|option|argument)\b", re.I)
CODED = re.compile(r"\w+")
"""The first argument of a mistake that is said by its code alone."""


def every_command(command: Any = None) -> Iterator[Any]:
    """The command line, its groups and their commands."""
    command = command or typer.main.get_command(app)
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from every_command(below)


def test_every_command_and_option_has_its_help_and_none_is_left_over() -> None:
    known = {key for key in texts("en") if key.startswith("help.")}
    used = set()
    for command in every_command():
        names = [f"{command.key}.{each.name}" for each in command.params if each.name != "help"]
        own = {f"help.{name}" for name in (f"{command.key}.about", *names)}
        shared = {f"help.shared.{name.rpartition('.')[2]}" for name in names if f"help.{name}" not in known}
        used |= (own & known) | shared

    assert used == known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_help_is_printed_in_the_language(run: Command, language: str) -> None:
    known = texts(language)
    for command in every_command():
        said = " ".join(run(*_path(command), "--lang", language, "--help").stdout.split())

        assert " ".join(known[f"help.{command.key}.about"].split()) in said
        assert (known["console.options"] in said, known["console.help"] in said) == (True, True)


def _path(wanted: Any) -> list[str]:
    """The words that lead to a command."""

    def found(command: Any, before: list[str]) -> list[str] | None:
        if command.key == wanted.key:
            return before
        ways = (found(below, [*before, name]) for name, below in getattr(command, "commands", {}).items())
        return next((way for way in ways if way is not None), None)

    way = found(typer.main.get_command(app), [])
    assert way is not None
    return way


def strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every string of a module but docstrings, kinds of names and reasons for the audit, whose words are elsewhere."""
    kept = {
        id(below)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) or (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "context")
        for below in ast.walk(node)
        if isinstance(node, ast.Call) or isinstance(getattr(node, "value", None), ast.Constant)
    }
    for node in ast.walk(tree):
        is_string = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in kept
        if is_string and f"kind.{node.value}" not in texts("en"):
            yield node


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_no_sentence_stands_in_the_code_of_a_command(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert [node.value for node in strings(tree) if SENTENCE.search(node.value)] == []


def test_sentence_in_code_would_be_found() -> None:
    tree = ast.parse('"""Of a module with words."""\nsay("The store is ready.")\nhome.context("because it is so")')

    assert [node.value for node in strings(tree) if SENTENCE.search(node.value)] == ["The store is ready."]


def test_every_mistake_that_is_raised_has_its_sentence_in_the_texts() -> None:
    known = texts("vi")
    code = nodes("jobs", "models", "targets")
    bases = {
        node.name: [getattr(base, "id", getattr(base, "attr", "")) for base in node.bases]
        for _, node in code
        if isinstance(node, ast.ClassDef)
    }

    def is_mistake(name: str) -> bool:
        return name == "CampaignError" or any(map(is_mistake, bases.get(name, ())))

    raised = [
        (f"{path.relative_to(PROJECT)}:{node.lineno}", node.exc)
        for path, node in code
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        if is_mistake(getattr(node.exc.func, "id", "")) and node.exc.args
        if node.exc.func.id != "FileHeld"  # whose words are a pull's: `pull.failure`
        if isinstance(node.exc.args[0], ast.JoinedStr)
        or (isinstance(node.exc.args[0], ast.Constant) and not CODED.fullmatch(str(node.exc.args[0].value)))
    ]
    codes = {where: [key.value for key in call.keywords if key.arg == "code"] for where, call in raised}
    plain = {where: code[0].value for where, code in codes.items() if code and isinstance(code[0], ast.Constant)}

    assert len(raised) > 100
    assert [where for where, code in codes.items() if not code] == []
    assert {where: code for where, code in plain.items() if f"mistake.{code}" not in known} == {}


@pytest.mark.daily(8)
@pytest.mark.parametrize(
    "asked",
    [
        "issue", "issue --phase", "issue --phas x", "stand", "standin", "standing 1", "standing --json=3", "withdraw",
        "withdraw x", "campaign new a --from b --start 1/3/2025 --days 900", "init --take z", "standing --lang xx",
        "document weekly --out a.b", "document x --out a.txt", "template readings --out no/where.xlsx",
        "template letters --out a.xlsx", "standing --as-of 31/2/2024", "standing --known-at Monday",
        "standing --unit H99", "standing --phase 60-day", "targets --indicator online_rate",
        "snapshot --as-of 1/1/2030",
        "propose --to-rule H21.58", "propose --to-rule H99/online/50-day", "propose --to-rule H21.58/on/50-day",
        "propose --to-rule H21.58/online/60-day", "import nowhere.xlsx", "restore nowhere.db", "restore .",
        "withdraw 99 --reason x", "quarantine --dismiss 99 --reason x", "quarantine --as-of 1/1/2024",
        "account role nobody viewer", "account add an --role king", "campaign baselines --from none --reason x",
        "campaign export here.txt", "doctor --against nothing", "pull nobody", "backtest --seed x",
    ],
)  # fmt: skip
def test_wrong_use_is_answered_in_the_reader_s_language(home: Path, asked: str) -> None:
    (home.parent / "here.txt").write_text("something", encoding="utf-8")

    said = [
        CliRunner(env={"LC_ALL": locale}).invoke(app, asked.split(), prog_name="python -m jobs")
        for locale in ("vi_VN.UTF-8", "en_GB.UTF-8")
    ]

    vietnamese, english = (each.output for each in said)
    assert [each.exit_code for each in said] == [2, 2]
    assert "Traceback" not in vietnamese + english
    assert vietnamese != english
    assert not ENGLISH.search(_unquoted(vietnamese)), vietnamese


def _unquoted(said: str) -> str:
    """Without what was typed, what a system says of a file, and names of options."""
    return re.sub(r"'[^']*'|“[^”]*”|`[^`]*`|--?[\w-]+|No such file or directory|\[OPTIONS\]", "", said)


def test_propose_names_what_there_is_where_a_name_is_unknown(home: Path, run: Command) -> None:
    indicator = run("propose", "--to-rule", "H21.58/onlin/50-day")
    phase = run("propose", "--to-rule", "H21.58/online/60-day")

    assert (indicator.exit_code, "Known: publicity" in indicator.stderr) == (2, True)
    assert (phase.exit_code, "Known: 50-day, 100-day" in phase.stderr) == (2, True)


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    ("asked", "vietnamese", "english"),
    [
        pytest.param("propose", r"giữ nguyên\.", r"stay as they were\.", marks=pytest.mark.soak),
        ("backup copies", r"bảng, \d+\.\d{3} dòng, \d+,\d MB, đã kiểm tra", r"\d+,\d{3} rows, \d+\.\d MB, verified"),
        pytest.param("template readings --out a.csv", r"a\.csv", r"a\.csv", marks=pytest.mark.soak),
        ("snapshot --as-of 6/5/2024", r"^\d+$", r"^\d+$"),
        pytest.param("snapshot --list", "Các lần chốt|Số liệu đã chốt|chốt", "Frozen|frozen", marks=pytest.mark.soak),
        ("account add an --role viewer", "mật khẩu dùng một lần", "one-time password"),
        pytest.param(
            "campaign export out",
            "đúng như chiến dịch trong kho số liệu",
            "as the store holds the campaign",
            marks=pytest.mark.soak,
        ),
        ("standing --unit H21.58", r"\d,\d%", r"\d\.\d%"),
        pytest.param("quarantine", r"Không có dòng lỗi nào|Dòng lỗi", r"No row is|Rows in", marks=pytest.mark.soak),
    ],
)
def test_results_are_told_in_the_language_of_the_environment(
    home: Path, asked: str, vietnamese: str, english: str
) -> None:
    told_in_both(asked, vietnamese, english)


# Of a store that begins later than its files say, the difference would be told with the dates as files write them.
@pytest.mark.soak
@pytest.mark.parametrize("home", ["whole"], indirect=True)
def test_findings_are_told_in_the_language_of_the_environment(home: Path) -> None:
    told_in_both("doctor", r"tốt     đĩa: còn trống [\d.]+,\d GB", r"ok      disk: [\d,]+\.\d GB free")


def told_in_both(asked: str, vietnamese: str, english: str) -> None:
    said = {
        language: CliRunner(env={"LC_ALL": f"{language}_XX.UTF-8", "COLUMNS": "200"}).invoke(app, asked.split()).stdout
        for language in LANGUAGES
        if not (asked.startswith(("account", "backup")) and language == "en")
    }
    words = asked.replace("account add an", "account add binh").replace("backup copies", "backup others").split()
    said["en"] = CliRunner(env={"LC_ALL": "en_GB.UTF-8", "COLUMNS": "200"}).invoke(app, words).stdout

    assert re.search(vietnamese, said["vi"], re.M), said["vi"]
    assert re.search(english, said["en"], re.M), said["en"]
    assert not re.search(r"\b\d{4}-\d\d-\d\d\b", said["vi"] + said["en"])


def test_language_asked_for_goes_before_the_environment_wherever_it_stands(home: Path) -> None:
    speaking_english = CliRunner(env={"LC_ALL": "en_GB.UTF-8"})
    asked = ("--lang vi quarantine", "quarantine --lang vi", "quarantine")

    said = [speaking_english.invoke(app, words.split()).stdout for words in asked]

    assert ["Không có dòng lỗi nào" in each for each in said] == [True, True, False]


@pytest.mark.parametrize(
    "asked", mostly_soaked(["standing --unit H21", "doctor", "snapshot --list", "quarantine", "targets"], "doctor")
)
def test_json_does_not_depend_on_whose_terminal_it_is(home: Path, asked: str) -> None:
    said = [
        json.loads(CliRunner(env={"LC_ALL": locale}).invoke(app, [*asked.split(), "--json"]).stdout)
        for locale in ("vi_VN.UTF-8", "en_GB.UTF-8")
    ]

    assert said[0] == said[1]


def test_title_and_document_are_vietnamese_whoever_s_terminal_it_is(home: Path, run: Command) -> None:
    run("snapshot", "--as-of", "2024-05-06")
    run("document", "message", "--as-of", "2024-05-06", "--out", "a.txt")

    assert "Giao ban ngày 06/05/2024" in run("snapshot", "--list").stdout
    assert "đơn vị" in (home.parent / "a.txt").read_text(encoding="utf-8")


@pytest.mark.soak
def test_workbook_and_remarks_of_a_new_campaign_are_vietnamese_whoever_s_terminal_it_is(
    home: Path, answer: Callable[..., Any]
) -> None:
    new = ("campaign", "new", "moi", "--from", "gia-lai-2024", "--start", "1/3/2025", "--days", "100", "--out")

    said = answer(*new, "new.xlsx")
    answer("campaign", "export", "held.xlsx")

    assert said == answer(*new, "other.xlsx", "--lang", "vi") | {"place": "new.xlsx"}
    sheets = [openpyxl.load_workbook(home.parent / name).sheetnames for name in ("new.xlsx", "other.xlsx", "held.xlsx")]
    assert sheets[0] == sheets[1]
    assert set(sheets[0]) <= set(sheets[2])
    assert ENGLISH.search(str(answer(*new, "third.xlsx", "--lang", "en")["left"]))
    assert not ENGLISH.search(_unquoted(str(said["left"])))


def test_mistake_of_ours_leaves_a_plain_traceback(
    run: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stumble(**_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("jobs.commands.standing.open_workplace", stumble)

    with pytest.raises(RuntimeError) as stumbled:
        app(["standing"])
    typer.main.except_hook(RuntimeError, stumbled.value, stumbled.value.__traceback__)

    assert capsys.readouterr().err.startswith("Traceback (most recent call last):")
