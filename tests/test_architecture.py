"""The house keeps its rules: what is promised about how the code is laid out, held against the code."""

import ast
import fnmatch
import gc
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path

from models.core.audit import ChangeContext
from pages.kit.address import key_of
from pages.kit.page import ADDRESSES

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = ("pages", "jobs", "models", "targets")
# Alembic writes these and nobody edits them: a version says what it said on the day it was made.
GENERATED = "models/migrations/versions/"
TOP_LEVEL = {
    # the code
    "app.py", "pages", "models", "targets", "jobs", "data", "pyproject.toml", "tests",
    # beside it, what every project has
    "README.md", "SECURITY.md", "CHANGELOG.md", "DECISIONS.md", "GLOSSARY.md", "LICENSE", "Makefile", "deploy", "docs",
    "requirements.lock", "requirements-dev.lock",
    ".ci", ".streamlit", ".git", ".gitignore", ".gitattributes", ".editorconfig",
}  # fmt: skip
MOST_LINES = 600
"""A module is as long as its subject; past 400 that is a decision to defend, past this it is split."""
CLOCK = re.compile(r"\b(datetime|date|Timestamp)\.(now|today|utcnow)\(|\btime\.(time|time_ns|localtime|gmtime)\(")
ROOMS = {path.parent.name for path in (PROJECT / "pages").glob("*/page.py")} - {"kit"}
"""The folders of pages, each named as its address; beside them the front door, and what all pages are made of."""
ANSWERS = Path("pages/kit/answers.py")
MOST_FILES = 14
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\b|\brgba?\(|\bhsla?\(")


def modules(*folders: str) -> list[Path]:
    """The Python modules of the folders, as paths relative to the project, sorted."""
    found = (path.relative_to(PROJECT) for folder in folders for path in (PROJECT / folder).rglob("*.py"))
    return sorted(path for path in found if not path.as_posix().startswith(GENERATED))


def source_of(module: Path) -> str:
    return (PROJECT / module).read_text(encoding="utf-8")


@cache
def tree_of(module: Path) -> ast.Module:
    tree = ast.parse(source_of(module))
    # Many objects that stay: Python's collector need not look at them again.
    gc.freeze()
    return tree


def places(pattern: re.Pattern[str], found_in: list[Path]) -> list[str]:
    """`file:line: text` wherever the pattern occurs."""
    return [
        f"{module.as_posix()}:{number}: {line.strip()}"
        for module in found_in
        for number, line in enumerate(source_of(module).splitlines(), start=1)
        if pattern.search(line)
    ]


def test_import_contracts_make_no_exemption():
    contracts = tomllib.loads(source_of(Path("pyproject.toml")))["tool"]["importlinter"]["contracts"]

    exempted = [contract["name"] for contract in contracts if "ignore_imports" in contract]

    assert contracts
    assert not exempted


# --- where things stand ---------------------------------------------------------------------------------------------


def test_top_level_holds_nothing_but_what_the_layout_allows():
    ignored = [
        line.strip("/")
        for line in source_of(Path(".gitignore")).splitlines()
        if line and not line.startswith(("#", "!")) and "/" not in line.strip("/")
    ]

    strangers = {
        path.name
        for path in PROJECT.iterdir()
        if path.name not in TOP_LEVEL and not any(fnmatch.fnmatch(path.name, pattern) for pattern in ignored)
    }

    assert not strangers


def test_pages_folder_holds_no_script_but_main():
    """Streamlit serves each script beside the main one as a page of its own: no sign-in, no role."""
    scripts = {path.name for path in (PROJECT / "pages").glob("*.py")}

    assert scripts == {"__init__.py", "main.py"}
    assert not (PROJECT / "pages" / "pages").exists()


def test_no_module_has_a_name_that_says_nothing():
    vague = [
        module.as_posix()
        for module in modules(*PACKAGES, "tests")
        if re.fullmatch(r"utils?|helpers?|common|misc|managers?", module.stem)
    ]

    assert not vague


def test_no_module_is_too_long_to_read():
    lengths = {module.as_posix(): len(source_of(module).splitlines()) for module in modules(*PACKAGES)}

    long = {name: length for name, length in lengths.items() if length > 400}

    assert not [name for name, length in long.items() if length > MOST_LINES], (
        f"No module has more than {MOST_LINES} lines, and one past 400 is a decision to defend. Past 400: {long}"
    )


def test_every_room_of_pages_holds_one_page_at_the_address_of_its_name():
    named = {key_of(address) for address in ADDRESSES}
    beside = {path.name for path in (PROJECT / "pages").iterdir() if (path / "__init__.py").exists()} - ROOMS
    others = [
        room
        for room in sorted(ROOMS)
        if not re.search(r"^PAGE = Page\(", source_of(Path(f"pages/{room}/page.py")), re.M)
    ]

    assert named == ROOMS
    assert beside == {"access", "kit", "charts"}
    assert not others


def test_no_folder_holds_more_than_one_can_keep_in_mind():
    held = Counter(module.parent.as_posix() for module in modules(*PACKAGES) if module.name != "__init__.py")

    assert {folder: count for folder, count in held.items() if count > MOST_FILES} == {}


USED_BESIDE = {
    "write_record": "`make backtest` keeps its record with it",
    "load_dialect_impl": "SQLAlchemy asks for it",
}
"""Names that nothing in the program uses, and what does."""


def test_nothing_stands_in_the_program_unused():
    """What only a test uses is dead. A decorated function is used by who decorates."""
    sources = {module: source_of(module) for module in [*modules(*PACKAGES), Path("app.py")]}
    times = Counter(word for source in sources.values() for word in re.findall(r"\w+", source))

    unused = [
        f"{module}: {name}"
        for module in sources
        for name in defined_in(tree_of(module))
        if times[name] == 1 and not name.startswith("__") and name not in USED_BESIDE
    ]

    assert unused == []


def defined_in(tree: ast.Module) -> Iterator[str]:
    """Constants, functions, classes and their methods, but what is decorated."""
    for node in [*tree.body, *(each for one in tree.body if isinstance(one, ast.ClassDef) for each in one.body)]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            if isinstance(node, ast.ClassDef) or not node.decorator_list:
                yield node.name
        elif node in tree.body and isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))


# A request names one revision of a figure; what closes a row is what its own load brought.
ASKING_OF_ALL = {"models/readings/settling.py"}


def test_whoever_asks_for_figures_leaves_out_those_that_were_withdrawn():
    asks = re.compile(r"\b(Reading|Score)\.as_of|FROM reading\b|select\(Score")

    careless = {
        module.as_posix()
        for module in modules("models")
        if asks.search(source_of(module)) and "models.feeds.withdrawn" not in source_of(module)
    }

    assert careless == ASKING_OF_ALL


def test_no_module_is_imported_in_a_circle():
    """Else it depends on who is imported first whether a program starts."""
    names = {".".join(module.with_suffix("").parts).removesuffix(".__init__"): module for module in modules(*PACKAGES)}
    imported = {name: set(imports_of(module)) & names.keys() for name, module in names.items()}

    # Whoever imports nothing that is left cannot be part of a circle.
    while free := {name for name, others in imported.items() if not others & imported.keys()}:
        imported = {name: others for name, others in imported.items() if name not in free}

    assert imported == {}


def imports_of(module: Path) -> Iterator[str]:
    """What a module imports when it is imported itself."""
    for node in tree_of(module).body:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)
            yield str(node.module)


# --- who may do what ------------------------------------------------------------------------------------------------


def test_rules_import_nothing_but_python_numpy_and_pandas():
    allowed = sys.stdlib_module_names | {"numpy", "pandas", "targets"}

    others = [
        f"{module.as_posix()}: {name}"
        for module in modules("targets")
        for name in imported_by(module)
        if name.split(".")[0] not in allowed
    ]

    assert not others


def imported_by(module: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def test_nothing_below_the_edge_reads_the_clock():
    below = [
        module
        for module in modules("targets", "models", "jobs")
        if module.as_posix() not in ("models/core/clock.py", "jobs/__main__.py")
    ]

    assert not places(CLOCK, below)


def test_pages_draw_nothing_when_they_are_imported():
    calls = [
        f"{module.as_posix()}:{call.lineno}: {ast.unparse(call)}"
        for module in modules("pages")
        for call in calls_at_import(tree_of(module))
        if ast.unparse(call.func).startswith(("st.", "streamlit."))
    ]

    assert not calls


def calls_at_import(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls that importing a module makes; a decorator's own call marks a function and draws nothing."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call):
            yield node
        yield from calls_at_import(node)


def test_nothing_is_taken_out_of_streamlit():
    """The test above looks for `st.`; `from streamlit import write` would escape it."""
    assert not places(re.compile(r"^\s*from streamlit import|^\s*import streamlit as (?!st\b)"), modules("pages"))


def test_every_answer_is_remembered_in_one_way():
    """By `remembered`, under the situation and every argument; Streamlit would leave out one named with an underscore.

    Beside it only the settings are cached, which are read once.
    """
    caching = re.compile(r"\bcache_(data|resource)\b")
    answers = [
        (module, function)
        for module in modules("pages")
        for function in ast.walk(tree_of(module))
        if isinstance(function, ast.FunctionDef)
        if any(ast.unparse(decorator).startswith("remembered(") for decorator in function.decorator_list)
    ]
    escaping = [
        f"{module.as_posix()}:{function.lineno}: {function.name}"
        for module, function in answers
        if any(name.startswith("_") for name in arguments_of(function))
    ]

    assert len(answers) > 40
    assert not escaping
    assert not places(caching, [module for module in modules("pages") if module != ANSWERS])
    assert [text.partition(": ")[2] for text in places(caching, [ANSWERS])] == [
        "keep: Any = st.cache_resource if is_shared else st.cache_data",
        "@st.cache_resource(show_spinner=False)",
    ]


def test_colours_stand_in_one_table():
    assert not places(COLOUR, [module for module in modules("pages") if module != Path("pages/charts/layout.py")])


def test_no_page_writes_markup_around_streamlit():
    assert not places(re.compile(r"\bunsafe_allow_\w+"), modules("pages"))


def test_every_change_says_who_why_and_when():
    """A change context holds the three; a step within a load may be handed the run that was opened under it.

    Questions are named so. Whatever module of `models` takes one is measured to the last branch.
    """
    measured = tomllib.loads(source_of(Path("pyproject.toml")))["tool"]["coverage"]["run"]["include"]
    changing = [module for module in modules("models") if any(patterns_of(module, measured))]
    silent = [
        f"{module.as_posix()}:{function.lineno}: {function.name} takes neither a change context nor a run"
        for module in changing
        for function in tree_of(module).body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith(("_", "find_", "count_"))
        if "session" in arguments_of(function) and not arguments_of(function) & {"context", "run", "run_id"}
    ]
    required = {
        field.name for field in fields(ChangeContext) if field.default is MISSING and field.default_factory is MISSING
    }

    unmeasured = {
        module.as_posix()
        for module in modules("models")
        if module not in changing
        and any(
            "context" in arguments_of(function)
            for function in tree_of(module).body
            if isinstance(function, ast.FunctionDef)
        )
    }

    assert required == {"by", "reason", "now"}
    assert not silent
    # The trail itself, and results, which follow from what was changed.
    assert unmeasured == {"models/core/audit.py", "models/results/kept.py"}


def patterns_of(module: Path, patterns: list[str]) -> Iterator[str]:
    return (pattern for pattern in patterns if fnmatch.fnmatch(module.as_posix(), pattern))


def arguments_of(function: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
