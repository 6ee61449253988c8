"""Makes the golden texts: what people get at each moment of the demonstration and of an empty store.

It reaches the product by its command line, its addresses and its files, so that a move of the modules leaves it alone.
Compared by `pytest -m soak tests/golden`, or with `-k before` for the store without figures alone, which is quick.
After a wanted change `python -m tests.golden` writes them anew, and what differs belongs to that change's commit.
"""

import contextvars
import functools
import itertools
import json
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner
from streamlit.util import calc_hash

from pages.access.downloads import ASKING
from tests.golden.places import LANGUAGES, Place, closer, places, told_by_the_day
from tests.golden.reading import of_file, of_json, of_mail, of_page, settled
from tests.golden.world import DEPARTMENT, HEAD, LEADER, UNIT, World, add_people, alerted, hold, mailed, sign_in

PROJECT = Path(__file__).resolve().parent.parent.parent
OFFICE = (".csv", ".xlsx", ".docx", ".pptx", ".txt")
"""Endings of files whose words are read; the pictures' are those of the charts beside them."""
EVENING = "T18:00:00+07:00"
Moments = Iterator[tuple[str, dict[str, str]]]
"""Each moment with its surfaces, name → what stands there. AssertionError is raised where one fails."""


def before_figures(folder: Path) -> Moments:
    """Without a store, before the campaign begins, and while no figure has come in."""
    nothing = World(folder / "none" / "home", "2024-03-19T08:00:00+07:00")
    with nothing.entered(), _looked_up_once():
        yield "none", dict(_of_nothing(nothing))
    empty = World(folder / "empty" / "home", "2024-03-19T15:00:00+07:00")
    with empty.entered(), _looked_up_once():
        first = _command(empty, "init", "--json")
        add_people(empty)
        yield "not-begun", dict(itertools.chain([first], _pages(empty, told_by_the_day())))
    empty.clock = "2024-03-26T08:00:00+07:00"
    with empty.entered(), _looked_up_once():
        yield "empty", dict(itertools.chain(_commands(empty), _pages(empty, places()), _documents(empty)))


def demonstration(folder: Path) -> Moments:
    """The demonstration as it was on day 20, on day 47, left alone for ten days, and pulled on to days 52 and 101."""
    demo = World(folder / "demo" / "home", f"2024-05-07{EVENING}")
    with demo.entered(), _looked_up_once():
        first = _command(demo, "init", "--demo", "--json")
        add_people(demo)
        hold(demo)
        day = "2024-04-10"
        early = [(who, address, {"as_of": day, **query}) for who, address, query in places() if who == LEADER]
        asked = ("standing", "--as-of", day)
        said = [_command(demo, *asked, "--json"), _command(demo, *asked, "--unit", UNIT)]
        yield "day-20", dict(itertools.chain(said, _pages(demo, early), _documents(demo, "--as-of", day)))
        yield "day-47", dict(itertools.chain([first], _of_the_meeting(demo)))
    stale = World(folder / "stale" / "home", f"2024-05-17{EVENING}", {"CAODIEM_NOW": f"2024-05-17{EVENING}"})
    shutil.copytree(demo.home, stale.home, dirs_exist_ok=True)
    with stale.entered(), _looked_up_once():
        yield "stale", dict(itertools.chain(_alerts(), _pages(stale, told_by_the_day())))
    for moment, day, pulls in (("day-52", "2024-05-12", 5), ("day-101", "2024-06-30", 49)):
        demo.clock = f"{day}{EVENING}"
        with demo.entered(), _looked_up_once():
            for _ in range(pulls):
                pulled = _command(demo, "pull", "--json")
            yield moment, dict(itertools.chain([pulled], _commands(demo), _pages(demo, places()), _documents(demo)))


STORES: Mapping[str, Callable[[Path], Moments]] = {"before": before_figures, "demonstration": demonstration}


def _of_nothing(world: World) -> Iterator[tuple[str, str]]:
    """Before `init`: what to do is said everywhere."""
    for language in LANGUAGES:
        yield _page(world, LEADER, "", {}, language)
        yield _page(world, LEADER, "gaps", {}, language)
    for words in (("standing",), ("standing", "--json"), ("targets",), ("doctor",), ("doctor", "--json")):
        yield _command(world, *words)


def _of_the_meeting(world: World) -> Iterator[tuple[str, str]]:
    """Day 47, on which the leaders meet: every page in every part, every document, what is mailed."""
    yield from _commands(world)
    yield from _imports(world)
    yield from _pages(world, itertools.chain(places(), closer()))
    yield from _documents(world)
    yield from _documents(world, "--snapshot", "2", languages=LANGUAGES)
    mails = mailed(world)
    for login in (LEADER, HEAD):
        yield f"mail {login}", settled(of_mail(mails[login]))
    yield _command(world, "digest", "--list", "--json")
    yield _command(world, "digest", "--list")


# --- the command line -----------------------------------------------------------------------------------------------


def _commands(world: World) -> Iterator[tuple[str, str]]:
    """What can be asked without changing anything; what people read of it in both languages, for a few units."""
    for words in (("standing",), ("targets",), ("doctor",), ("snapshot", "--list"), ("quarantine", "--all"),
                  ("account", "list"), ("derive", "--check")):  # fmt: skip
        yield _command(world, *words, "--json")
    yield _command(world, "doctor")
    yield _command(world, "derive", "--check")
    for language in LANGUAGES:
        for words in (("standing", "--unit", UNIT, "--unit", "H21"), ("targets", "--unit", DEPARTMENT),
                      ("snapshot", "--list"), ("quarantine", "--all")):  # fmt: skip
            yield _command(world, *words, "--lang", language)


def _imports(world: World) -> Iterator[tuple[str, str]]:
    """How each of the files that real offices sent is read, and how that is told."""
    for file in sorted((PROJECT / "tests" / "jobs" / "cases").iterdir()):
        yield f"import files {file.name}", _said(world, "import", str(file), "--dry-run", "--json")


def _alerts() -> Iterator[tuple[str, str]]:
    """What is sent about sources that do not do what they should."""
    for number, (title, body) in enumerate(alerted(), start=1):
        yield f"message alert {number}", settled(f"{title}\n{body}")


def _command(world: World, *words: str) -> tuple[str, str]:
    return f"command {' '.join(words)}", _said(world, *words)


def _said(world: World, *words: str) -> str:
    """What a command says, on both streams, and how it ends; JSON set out for reading."""
    answer = world.run(*words, accepted=tuple(range(10)))
    lines = [f"ends with {answer.exit_code}"]
    lines += _json_lines(answer.stdout) if "--json" in words else answer.stdout.splitlines()
    lines += [f"stderr: {line}" for line in answer.stderr.splitlines()]
    return settled("\n".join(line.rstrip() for line in lines))


def _json_lines(written: str) -> list[str]:
    return list(of_json(json.loads(written))) if written.strip() else []


# --- documents ------------------------------------------------------------------------------------------------------


def _documents(world: World, *when: str, languages: Iterable[str] = ("vi",)) -> Iterator[tuple[str, str]]:
    """Every document of a day or a snapshot; of an empty store some say why there is none."""
    kinds = [("weekly", "pptx"), ("weekly", "xlsx"), ("weekly", "docx"), ("message", "txt"), ("picture", "png"),
             ("reminder", "docx"), ("conclusions", "docx")]  # fmt: skip
    if "--as-of" not in when and "--snapshot" not in when:
        kinds += [("targets", "xlsx"), ("targets", "docx")]
    for language, (kind, ending) in itertools.product(languages, kinds):
        file = world.home.parent / f"{kind}.{ending}"
        file.unlink(missing_ok=True)
        unit = ("--unit", UNIT) if kind == "reminder" else ()
        said = _said(world, "document", kind, "--out", str(file), *when, *unit, "--lang", language)
        content = settled(of_file(file.name, file.read_bytes())) if file.exists() else ""
        yield f"document {ending} {kind} {language} {' '.join(when)}".strip(), f"{said}\n{content}"


# --- pages ----------------------------------------------------------------------------------------------------------


def _pages(world: World, wanted: Iterable[Place]) -> Iterator[tuple[str, str]]:
    for who, address, query in wanted:
        for language in LANGUAGES:
            yield _page(world, who, address, query, language)


def _page(world: World, who: str, address: str, query: dict[str, str], language: str) -> tuple[str, str]:
    """A page as somebody is shown it, and the files that it offers. Raises AssertionError where it fails."""
    asked = query if language == "vi" else {**query, "lang": language}
    name = f"page {address or 'overview'} {who} {' '.join(f'{key}={value}' for key, value in asked.items())}".strip()
    app = AppTest.from_file(str(PROJECT / "pages" / "main.py"), default_timeout=120)
    session = sign_in(world, who) if world.database.exists() else None
    if session is not None:
        app.user = {"gate": "1", "session": str(session), "user": who}
    for key, value in asked.items():
        app.query_params[key] = value
    app._page_hash = calc_hash(address)
    offered: dict[str, Callable[[], bytes]] = {}
    button = st.download_button

    def offer(*args: Any, **named: Any) -> Any:
        offered[named["file_name"]] = named["data"]
        return button(*args, **named)

    with patch.object(st, "download_button", offer):
        app.run()
    if app.exception:
        raise AssertionError(f"{name}: {[each.value for each in app.exception]}")
    lines = list(of_page(app._tree))
    if language == "vi":
        for file, make in offered.items():
            if Path(file).suffix in OFFICE:
                lines += [f"--- file {file}", of_file(file, _taken(make, session))]
    return name, settled("\n".join(lines))


def _taken(make: Callable[[], bytes], session: int | None) -> bytes:
    """A file as the browser fetches it, in the name of whoever was shown the page."""

    def taken() -> bytes:
        ASKING.set(session)
        return make()

    return contextvars.copy_context().run(taken)


def _looked_up_once() -> ExitStack:
    """What each AppTest would look up anew: components among all installed packages, the frame's compiled script."""
    scan, scripts = functools.cache(manifest_scanner.scan_component_manifests), ScriptCache()
    stack = ExitStack()
    stack.enter_context(patch.object(manifest_scanner, "scan_component_manifests", scan))
    for module in (app_test, local_script_runner):
        stack.enter_context(patch.object(module, "ScriptCache", lambda: scripts))
    for name in ("scriptrunner_utils.script_run_context", "caching.cache_data_api"):
        # They say at every file that no browser is there.
        stack.enter_context(patch.object(logging.getLogger(f"streamlit.runtime.{name}"), "disabled", True))
    return stack
