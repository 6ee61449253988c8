"""What is written about the project leads somewhere: links, places in the code, definitions, decisions."""

import ast
import importlib
import re
import textwrap
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PAPERS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
CODE = sorted(
    path
    for folder in ("app.py", "targets", "models", "jobs", "pages", "tests", "deploy", "data/campaigns", ".ci")
    for path in ([PROJECT / folder] if (PROJECT / folder).is_file() else (PROJECT / folder).rglob("*"))
    if path.suffix in (".py", ".toml", ".service", ".conf", ".md", "") and path.is_file()
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
PLACE = re.compile(r"`((?:targets|models|jobs|pages|tests|data|docs|deploy)/[\w./-]+)`")
PAGE = re.compile(r"\b([\w-]+\.md)\b")
SECTION = re.compile(r'\b([\w-]+\.md),\s+"([^"]+)"(?:\s+and\s+"([^"]+)")?')
BARE = re.compile(r"\(D(\d{1,3})\)")
BLOCK = re.compile(r"^ *```python\n(.*?)^ *```", re.M | re.S)
ISSUE = re.compile(r"\bissue\s+[\"“][A-Z]")
DECISION = re.compile(r"\bD(\d{1,3})\b")
TAUGHT = {
    "jobs/sources/plain_lines.py", "pages/words/__init__.py", "pages/words/page.py",
    "tests/pages/words",
}  # fmt: skip
"""What the how-to pages have their reader make."""
WRITTEN = {"data/store", "docs/BENCHMARKS.md"}
"""What commands write and nobody commits, or may be missing."""
MADE_BY_A_TEST = "backtest.md"
LONGEST_README = 60
MOST_DECISIONS = 40


def named(path):
    return path.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_links_lead_to_something_in_the_project(paper):
    links = [link for link in LINK.findall(paper.read_text(encoding="utf-8")) if not re.match(r"[a-z]+:|#", link)]

    assert [link for link in links if not (paper.parent / link.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("paper", [path for path in PAPERS if path.name != "CHANGELOG.md"], ids=named)
def test_places_in_the_code_that_are_named_are_there(paper):
    places = set(PLACE.findall(paper.read_text(encoding="utf-8"))) - TAUGHT - WRITTEN

    assert [place for place in places if not (PROJECT / place).exists()] == []


@pytest.mark.parametrize("paper", sorted((PROJECT / "docs" / "how-to").glob("*.md")), ids=named)
def test_code_that_is_taught_imports_what_there_is(paper):
    taught = [ast.parse(textwrap.dedent(block)) for block in BLOCK.findall(paper.read_text(encoding="utf-8"))]

    wanted = [
        (node.module, alias.name)
        for tree in taught
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if f"{(node.module or '').replace('.', '/')}.py" not in TAUGHT
    ]

    assert [each for each in wanted if not hasattr(importlib.import_module(each[0]), each[1])] == []


def test_code_and_papers_name_no_page_that_is_not_in_the_project():
    known = {path.name for path in PAPERS} | {"BENCHMARKS.md", MADE_BY_A_TEST}

    strange = [
        f"{named(path)}: {page}"
        for path in {*CODE, *PAPERS} - {Path(__file__).resolve()}
        for page in PAGE.findall(path.read_text(encoding="utf-8"))
        if page not in known
    ]

    assert strange == []


def test_code_names_no_issue_as_its_source():
    """What was asked for in an issue is said where the code can lead its reader: on a page of the project."""
    assert [
        named(path) for path in CODE if path.suffix == ".py" and ISSUE.search(path.read_text(encoding="utf-8"))
    ] == []


def test_each_page_has_a_name_of_its_own():
    """The code names a page without its folder."""
    names = [path.name for path in PAPERS if path.name != "README.md"]

    assert len(set(names)) == len(names)


def test_definitions_that_code_names_are_headings_of_their_page():
    pages = {path.name: path.read_text(encoding="utf-8") for path in PAPERS}
    asked = [
        (named(path), page, section)
        for path in CODE
        for page, *sections in SECTION.findall(path.read_text(encoding="utf-8").replace("\n", " "))
        for section in sections
        if section
    ]

    assert len(asked) > 20
    assert [each for each in asked if f"\n## {each[2]}\n" not in pages[each[1]]] == []


def test_decisions_that_are_named_are_kept():
    words = (PROJECT / "DECISIONS.md").read_text(encoding="utf-8")
    kept = set(re.findall(r"^\*\*D(\d+)", words, re.M))
    with_them = set(DECISION.findall(words))

    named_elsewhere = {
        number
        for path in {*CODE, *PAPERS} - {PROJECT / "DECISIONS.md", PROJECT / "CHANGELOG.md"}
        for line in path.read_text(encoding="utf-8").splitlines()
        for number in (DECISION.findall(line) if "DECISIONS" in line else BARE.findall(line))
    }

    assert kept
    assert named_elsewhere <= with_them


def test_decisions_are_few_enough_to_be_read():
    """What a figure means is a definition, how a module works stands in the module."""
    kept = re.findall(r"^\*\*D(\d+)", (PROJECT / "DECISIONS.md").read_text(encoding="utf-8"), re.M)

    assert len(set(kept)) == len(kept) <= MOST_DECISIONS


def test_readme_is_read_on_two_screens_vietnamese_first():
    lines = (PROJECT / "README.md").read_text(encoding="utf-8").splitlines()

    assert len(lines) <= LONGEST_README
    assert lines.index("## Hai lệnh") < lines.index("## Đi tiếp") < lines.index("## In English")


def test_every_page_of_the_documentation_is_reached_from_its_index():
    linked = LINK.findall((PROJECT / "docs" / "README.md").read_text(encoding="utf-8"))
    reached = {(PROJECT / "docs" / link).resolve() for link in linked}

    assert [named(path) for path in (PROJECT / "docs").rglob("*.md") if path.name not in ("README.md", "BENCHMARKS.md")
            and path.resolve() not in reached] == []  # fmt: skip
