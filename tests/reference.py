"""Writes the generated pages of docs/reference: `python -m tests.reference`, or `make reference`.

Commands, settings, addresses, rows of JSON and methods are taken from what they are in the code, files from what reads
them (`tests.file_reference`). A test holds the committed pages to what is written here.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, get_args

import typer
from pydantic import SecretStr

from jobs.__main__ import app
from jobs.campaigns.workbook.forms import forms
from jobs.campaigns.workbook.writing import how_words
from jobs.commands.figures import report_as_json
from jobs.commands.targets import target_as_json
from jobs.commands.telling import Exit, put_into_words
from jobs.pulls.outcome import Pulled
from models.catalogue.folder import INDICATORS
from models.core.settings import PROJECT, Settings, meaning, variable
from models.core.texts import text
from models.targets.queries import TargetInForce
from pages.kit.address import NAMED, key_of
from pages.kit.page import ADDRESSES, registered
from pages.methods.view import GROUPS
from targets.methods import METHODS
from targets.permissions import OF_A_UNIT, ROLES, TABLE, Permission
from targets.results import Result
from tests import file_reference

FOLDER = PROJECT / "docs" / "reference"
GENERATED = "<!-- Written by `make reference` from the code. Do not edit. -->"
GLOSSED = re.compile(r"^\| (`\w+`(?:, `\w+`)*) \| (.*) \| (.*) \|$", re.M)
OWN_CHOICE = re.compile(r'asking\.(?:one_of|number|leave_out)\(\s*"(\w+)"|query\.get\("(\w+)"')
CODES = {
    Exit.DONE: "done",
    Exit.FAILED: "failed",
    Exit.WRONG_USE: "wrong usage, or an input that cannot be read or is asked about",
    Exit.ROWS_LEFT: "done, with rows left in quarantine",
}
SERVED = (
    ("/auth/login, /auth/logout", "everybody", "signs in and out; nothing else answers somebody who has not signed in"),
    (
        "/healthz",
        "everybody",
        "200, or 503 where the database or its version is unwell. To this machine, or with the token: `database`, "
        "`migrations`, `sources` (`key`, `last_good`, `age_hours`, `state`), `backup_age_hours`, `campaigns`; "
        "others hear the first two",
    ),
    (
        "/metrics",
        "this machine, or the token",
        "measurements for Prometheus under each campaign's key; no unit is named",
    ),
)
"""Addresses that are no pages."""
NAMES = {
    "unit": "The unit's code.",
    "name": "The unit's name.",
    "level": "The level's key.",
    "indicator": "The indicator's key.",
    "phase": "The phase's key.",
}
OF_STANDING = NAMES | {
    "as_of": "The day that is looked at; of an ended phase its due date.",
    "target": "The target in force, points.",
    "due": "The day on which the target is due; it still counts.",
    "low": "The lower bound of the projection's 80 % range.",
    "high": "Its upper bound.",
    "standing": "One of the words in GLOSSARY.md, Standings.",
    "reading_as_of": "The as-of day of the judged figure.",
    "is_pooled": "Whether the figure is the sum of those of the units below.",
    "is_bound": "Whether the figure carries a qualifier.",
    "qualifier": "Which one: about, over, under, more, less or range; null where the figure is exact.",
    "value_high": "The high end of a range, whose low one is `value`; points.",
    "origin": "Where the target comes from: proposed, issued or registered.",
    "week_numerator": "Cases done between the two snapshots of the week.",
    "week_denominator": "All cases between them.",
    "simulated": "Whether the figure is invented for a demonstration.",
}
OF_TARGETS = NAMES | {
    "due": "The unit's own due date; null where the phase is open-ended.",
    "central": "The centre's target that the rule started from.",
    "value": "The target in force, points.",
    "origin": "Where it comes from: proposed, issued or registered.",
    "explanation": "Why, in one Vietnamese sentence with its numbers.",
    "explanation_en": "The same in English.",
    "document": "The number of the document it was decided under.",
    "document_date": "The document's date.",
    "version": "Which version of this target it is.",
    "by": "Who recorded it.",
    "at": "When.",
    "simulated": "Whether the store is a demonstration.",
}
"""What a field says in an answer, where the glossary's word is wider."""


def commands() -> Iterator[str]:
    """Every command as its own help has it."""
    yield from _head("Commands", "`python -m jobs COMMAND`; each has `--help`.")
    yield "Before any command may stand (`--lang` after its name too):"
    yield ""
    root: Any = typer.main.get_command(app)
    put_into_words(root, "en")
    options = [each for each in root.params if each.name != "help"]
    yield from _table(("given", "is", "default"), [_parameter(each) for each in options])
    yield "How a command ends:"
    yield ""
    yield from _table(("code", "means"), ((str(code.value), CODES[code]) for code in Exit))
    for name, command in _commands(root):
        put_into_words(command, "en")
        yield f"## {name}"
        yield ""
        yield from _paragraphs(command.help)
        rows = [_parameter(each) for each in command.params if each.name not in ("help", "lang")]
        if rows:
            yield from _table(("given", "is", "default"), rows)


def _commands(command: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    if hasattr(command, "commands"):
        for name, below in command.commands.items():
            yield from _commands(below, f"{before} {name}".strip())
    else:
        yield before, command


def _parameter(parameter: Any) -> tuple[str, str, str]:
    name = parameter.name.upper() + ("…" if parameter.nargs == -1 else "")
    given = name if parameter.param_type_name == "argument" else ", ".join(_names(parameter))
    default = "" if parameter.default in (None, False, "", []) or callable(parameter.default) else parameter.default
    return f"`{given}`", parameter.help or "", "needed" if parameter.required else f"{default}"


def _names(parameter: Any) -> list[str]:
    return [*parameter.opts, *parameter.secondary_opts]


def settings() -> Iterator[str]:
    """Every variable, in the words by which a wrong one is refused."""
    yield from _head(
        "Settings",
        "From the environment, or a file `.env` in the folder where a command is started. Read once; a wrong one is "
        "refused with what it should look like, and nothing starts. "
        "What each is for, in Vietnamese: [operate](../operate/install.md).",
    )
    yield from _table(
        ("variable", "default", "is"),
        (
            (f"`{variable(name)}`", _default(field.default), _meaning(name))
            for name, field in sorted(Settings.model_fields.items())
        ),
    )
    yield "Beside these: one variable for each source's secret, named by `secret` in the campaign's `sources.toml`;"
    yield "`SSL_CERT_FILE` for a private certificate authority; `TMPDIR` for files that are handed in."
    yield ""


def _meaning(name: str) -> str:
    return meaning(name, "en").removeprefix(variable(name)).strip().removeprefix("is ")


def _default(value: object) -> str:
    if isinstance(value, SecretStr) or value in (None, ""):
        return ""
    if isinstance(value, bool):
        return f"`{int(value)}`"
    if isinstance(value, Path):
        return f"`{value.relative_to(PROJECT).as_posix()}`"
    return f"`{value}`" if isinstance(value, str | int | float) else ""


def addresses() -> Iterator[str]:
    """Every page, for whom it opens, and what its address may say beside what every address may."""
    yield from _head(
        "Addresses",
        "Stable: they are sent in messages and kept in letters. What can be chosen stands in the query; a value that "
        "cannot be used is named above the page, with what is shown instead.",
    )
    rows = []
    for address, page in registered().items():
        key = key_of(address)
        who = ", ".join(role for role in ROLES if TABLE[page.permission].get(role, "nowhere") != "nowhere")
        choices = sorted(_own_choices(key) - {*NAMED, "as_of", "lang"})
        rows.append(
            (
                f"`/{address}`", text(f"page.{key}", "vi"), text(f"page.{key}", "en"),
                "everybody signed in" if page.permission is Permission.READ else who,
                ", ".join(f"`{choice}`" for choice in choices),
            )
        )  # fmt: skip
    yield from _table(("address", "trang", "page", "opens for", "choices of its own"), rows)
    assert len(rows) == len(ADDRESSES)
    everywhere = ", ".join(f"`{name}`" for name in NAMED)
    yield f"Everywhere: `lang`, `as_of` (2024-05-10), and where they mean something {everywhere}. For example"
    yield "`/gaps?indicator=online&level=district&as_of=2024-04-20&lang=en`."
    yield ""
    yield "## Addresses that are no pages"
    yield ""
    yield from _table(("address", "answers", "with"), ((f"`{one}`", whom, what) for one, whom, what in SERVED))
    yield "## Who may what"
    yield ""
    yield "*branch*: for the own units and those below. A refusal says why, and who may."
    yield ""
    yield from _table(
        ("permission", *ROLES),
        (
            (f"`{each.value}`{' (of a unit)' if each in OF_A_UNIT else ''}", *(_reach(each, role) for role in ROLES))
            for each in Permission
        ),
    )


def _own_choices(room: str) -> set[str]:
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "pages" / room).glob("*.py")))
    return {first or second for first, second in OWN_CHOICE.findall(code)}


def _reach(permission: Permission, role: Any) -> str:
    return {"everywhere": "yes", "branch": "branch", "nowhere": ""}[TABLE[permission].get(role, "nowhere")]


def answers() -> Iterator[str]:
    """The rows of JSON that scripts rely on, field by field."""
    yield from _head(
        "Answers in JSON",
        "Unknown is `null`. Days are `2024-05-07`, instants have an offset. A column may be added, with an "
        "entry in the changelog.",
    )
    words = _glossed()
    yield "## standing --json"
    yield ""
    yield "A list, one row for each unit and indicator, of the unit's running phase unless another is named."
    yield "Percents are numbers in points. How each is computed: [definitions.md](definitions.md)."
    yield ""
    yield from _table(
        ("field", "type", "is"),
        (
            (f"`{each.name}`", _type(each.type), OF_STANDING.get(each.name) or words[each.name])
            for each in dataclasses.fields(Result)
        ),
    )
    yield "## targets --json"
    yield ""
    yield "A list, one row for each unit, indicator and phase: the target in force. Decimals are texts;"
    yield "`value` is null with `because` `central_target_missing` where it cannot be known."
    yield ""
    kept = _keys(target_as_json)
    types = {each.name: each.type for each in dataclasses.fields(TargetInForce)}
    yield from _table(
        ("field", "type", "is"),
        ((f"`{name}`", _type(types[name], decimal="text"), OF_TARGETS.get(name) or words[name]) for name in kept),
    )
    yield "## import --json"
    yield ""
    yield "`where` is a cell (`Sheet1!D5`) or `line 5`."
    yield ""
    yield _sketch(report_as_json)
    yield ""
    yield "## pull --json"
    yield ""
    yield "A list of runs."
    yield ""
    yield _sketch(Pulled.as_json)
    yield ""


def methods() -> Iterator[str]:
    """What *Cách tính* explains, with the definition that the code has."""
    yield from _head(
        "Methods",
        "As the page *Cách tính* (`/methods`) has them, in Vietnamese too: what it is, and the docstring of "
        "the function that is it.",
    )
    known = {method.key: method for method in METHODS}
    for group, keys in GROUPS.items():
        yield f"## {text(f'methods.group.{group}', 'en')}"
        yield ""
        for key in keys:
            yield f"**{text(f'methods.item.{key}.name', 'en')}** (`{known[key].place}`)"
            yield ""
            yield "```"
            yield from known[key].definition.splitlines()
            yield "```"
            yield ""


def _keys(make: Callable[..., Any]) -> list[str]:
    """The fields of a target's row: those of the value, without what `because` has taken in."""
    row = make(TargetInForce(**{each.name: None for each in dataclasses.fields(TargetInForce)}))  # type: ignore[arg-type]  # only its fields are looked at
    return list(row)


class _Anything:
    """Stands for any value, so that only the fields of an answer are seen."""

    def __getattr__(self, name: str) -> Any:
        return _Anything()

    def __iter__(self) -> Iterator[Any]:
        return iter((_Anything(),))

    def __bool__(self) -> bool:
        return False

    def __call__(self, *_: Any) -> Any:
        return _Anything()


def _sketch(make: Callable[..., Any]) -> str:
    """`{field, field: [{field}]}` of an answer."""
    return f"`{_drawn(make(_Anything(), 'en'))}`"


def _drawn(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}{_below(each)}" for name, each in value.items()) + "}"
    return ""


def _below(value: Any) -> str:
    if isinstance(value, list) and value:
        return f": [{_drawn(value[0])}]"
    return f": {_drawn(value)}" if isinstance(value, dict) else ""


def _type(annotation: Any, *, decimal: str = "number") -> str:
    kinds = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    names = {
        "str": "text", "int": "whole number", "float": "number", "Decimal": decimal, "date": "day",
        "bool": "true or false", "datetime": "instant", "NoneType": "null",
    }  # fmt: skip
    return " or ".join(names.get(getattr(kind, "__name__", ""), "text") for kind in kinds)


def _glossed() -> dict[str, str]:
    """Meaning of each word that GLOSSARY.md defines; of a word that has two, the first."""
    meanings: dict[str, str] = {}
    for words, _, defined in GLOSSED.findall((PROJECT / "GLOSSARY.md").read_text(encoding="utf-8")):
        for word in re.findall(r"\w+", words):
            meanings.setdefault(word, defined)
    return meanings


def campaign_keys() -> Iterator[str]:
    """The campaign's files and its workbook, sheet by sheet."""
    yield from _head(
        "What a campaign's files and workbook hold",
        "Each table of the files is a sheet of the workbook (`campaign export FILE.xlsx`); what may stand in it is "
        "what its reader asks. In a place `*` is a table of any name, `[]` an item of a list. `needed`: there is no "
        'default. In files a day is 2024-03-22, a decimal has a dot, and a name is `{ vi = "…", en = "…" }`; '
        "without `en` the Vietnamese one stands for both.",
    )
    for form in forms():
        shown = f"{form.file}*.toml" if form.file == INDICATORS else form.file
        yield f"## {form.title('en')} ({form.title('vi')}): `{shown}`"
        yield ""
        yield from _table(
            ("place", "heading", "heading (vi)", "needed", "what may stand there"),
            (
                (
                    f"`{column.key.place}`", column.label("en"), column.label("vi"),
                    "" if column.key.is_optional else "yes", how_words(column, "en"),
                )
                for column in form.columns
            ),
        )  # fmt: skip


def _head(title: str, about: str) -> Iterator[str]:
    yield from (f"# {title}", "", GENERATED, "", about, "")


def _paragraphs(words: str | None) -> Iterator[str]:
    for paragraph in (words or "").replace("\f", "").strip().split("\n\n"):
        yield " ".join(paragraph.split())
        yield ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"
    yield ""


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "commands.md": commands,
    "settings.md": settings,
    "addresses.md": addresses,
    "answers.md": answers,
    "methods.md": methods,
    "campaign-keys.md": campaign_keys,
}


def page(name: str) -> str:
    """The whole page."""
    return "\n".join(PAGES[name]())


def main() -> None:
    for name in PAGES:
        (FOLDER / name).write_text(page(name), encoding="utf-8")
    file_reference.main()


if __name__ == "__main__":
    main()
