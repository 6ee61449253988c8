"""The sheets of a campaign's workbook: which tables of its files they are, and the rows that stand in them.

They follow from what the readers of the files ask (`models.catalogue.declared`), so a key is declared once.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from models.catalogue.changes import table_rows
from models.catalogue.declared import ANY, ITEM, Key, declared_keys
from models.catalogue.folder import CAMPAIGN, CSV_COLUMNS, INDICATORS, SOURCES
from models.core.texts import text, texts
from models.units.shape_file import SHAPES

NAMED = {"phase": "phases", "level": "levels", "indicator": "indicators", "source": "sources"}
"""What is called by its name in cells, and the sheet that gives it its key."""
GUIDE = "ⓘ"
"""Begins the first cell of a row that explains; such rows are passed over."""
LISTS = "ⓘ"
"""The hidden sheet: the version that the workbook was written from, and the lists to choose from."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet, or a line of the sheet on the campaign itself."""

    slug: str
    """The key's place without its stars and brackets: what it is called among the texts."""
    key: Key
    of: str = ""
    """`id`: names the table a row belongs to; `outer`: stands in the list around the row's own table."""

    @property
    def is_key(self) -> bool:
        """Says what a row is called in the files; left empty, it is made from the name."""
        return self.slug == "key" or (self.of == "id" and self.slug.endswith(".key"))

    def label(self, language: str) -> str:
        """The heading: the words for the whole place, else for its end."""
        parts, known = self.slug.split("."), texts(language)
        group = "column" if self.key.file in CSV_COLUMNS else "field"
        for at in range(len(parts)):
            name = f"campaign.{group}.{'.'.join(parts[at:])}"
            if name in known:
                return text(name, language)
        return self.slug


@dataclass(frozen=True)
class Form:
    """One sheet: which table of which file, and its columns."""

    slug: str
    file: str
    container: str
    columns: tuple[Column, ...]

    @property
    def is_upright(self) -> bool:
        """The sheet on the campaign itself has a line for each key."""
        return self.file == CAMPAIGN and not self.container

    def title(self, language: str) -> str:
        name = f"campaign.sheet.{self.slug}"
        return text(name, language) if name in texts(language) else self.slug

    @property
    def first(self) -> int:
        """The row in which content begins, counted from 1."""
        return 2 if self.is_upright else 3


@cache
def forms() -> tuple[Form, ...]:
    """Every sheet, in the order in which people fill them in."""
    tables: dict[tuple[str, str], list[Key]] = {}
    for key in declared_keys():
        tables.setdefault((key.file, _container(key.place) if key.file not in CSV_COLUMNS else ""), []).append(key)
    outer = {table: _outer(table, tables) for table in tables}
    found = [_form(*table, keys, outer[table], tables) for table, keys in tables.items() if table not in outer.values()]
    order = (CAMPAIGN, *list(CSV_COLUMNS)[:1], INDICATORS, *list(CSV_COLUMNS)[1:], SOURCES)
    return tuple(sorted(found, key=lambda form: order.index(form.file)))


def _container(place: str) -> str:
    """The innermost table of many that a key stands in: `phases.*` of `phases.*.name.vi`."""
    parts = place.split(".")
    ends = [at for at, part in enumerate(parts, start=1) if part == ANY or part.endswith(ITEM)]
    return ".".join(parts[: ends[-1]]) if ends else ""


def _outer(table: tuple[str, str], tables: Mapping[tuple[str, str], object]) -> tuple[str, str] | None:
    """A list whose items hold this table: an item has no name, so its keys stand in each row."""
    file, container = table
    around = [
        other for of, other in tables if of == file and other.endswith(ITEM) and container.startswith(f"{other}.")
    ]
    return (file, around[0]) if around else None


def _form(
    file: str, container: str, keys: Sequence[Key], outer: tuple[str, str] | None, tables: Mapping[Any, Sequence[Key]]
) -> Form:
    stem = "" if file == CAMPAIGN and container else Path(file).stem
    slug = "_".join(part for part in (stem, re.sub(r"\W+", "_", container).strip("_")) if part)
    columns = [_id(file, "indicator", "indicator")] if file == INDICATORS and container else []
    columns += [Column(_slug(key.place), key, "outer") for key in (tables[outer] if outer else ())]
    steps = container.split(".")
    for at, step in enumerate(steps):
        if step == ANY:
            around = steps[at - 1] if at else stem
            is_own = at == len(steps) - 1 and not outer  # the sheet itself says what there is of these
            names = "" if is_own else next((kind for kind, name in NAMED.items() if name == around), "")
            columns.append(_id(file, names or ".".join(part for part in (_slug(container), "key") if part), names))
    if file in CSV_COLUMNS:
        keys = sorted(keys, key=lambda key: CSV_COLUMNS[file].index(key.place))
    else:
        # What must be said comes first, then what may be, then the other language.
        keys = sorted(keys, key=lambda key: (key.place.endswith(".en"), key.is_optional and file != CAMPAIGN))
    columns += [Column(_slug(key.place) + (".ours" if key.place == container else ""), key) for key in keys]
    return Form(slug, file, container, tuple(columns))


def _id(file: str, slug: str, names: str) -> Column:
    """The column that says to which table a row belongs."""
    return Column(slug, Key(file, slug, "text", names=names), "id")


def _slug(place: str) -> str:
    return ".".join(part for part in place.replace(ITEM, "").split(".") if part != ANY)


def way_of(form: Form, column: Column) -> tuple[str, ...]:
    """The way from a row's own table to a value; none where the row's table is the value."""
    container = form.container
    if column.of == "outer":
        container = _container(column.key.place)
    return (
        tuple(column.key.place.removeprefix(container).strip(".").split(".")) if column.key.place != container else ()
    )


# --- from files to rows ---------------------------------------------------------------------------------------------


def rows_of(form: Form, contents: Mapping[str, Any]) -> list[list[Any]]:
    """The rows of a sheet, from the files' contents: TOML as tables, CSV as rows."""
    if form.file in CSV_COLUMNS:
        return [[row[column.key.place] or None for column in form.columns] for row in contents.get(form.file, ())]
    files = [
        file for file in contents if file == form.file or (form.file == INDICATORS and file.startswith(INDICATORS))
    ]
    found: list[list[Any]] = []
    for file in files:
        ids = (Path(file).stem,) if form.file == INDICATORS and form.container else ()
        for row_ids, item, table in _walk(contents[file], steps_of(form), ids):
            named = iter(row_ids)
            found.append(
                [
                    next(named) if column.of == "id" else _value(item if column.of else table, way_of(form, column))
                    for column in form.columns
                ]
            )
    if form.file == INDICATORS and not form.container:
        at = next(number for number, column in enumerate(form.columns) if column.slug == "order")
        found.sort(key=lambda row: row[at])
    return found


def steps_of(form: Form) -> list[str]:
    return form.container.split(".") if form.container else []


def _walk(table: Any, steps: Sequence[str], ids: tuple[str, ...] = (), item: Any = None) -> Iterator[Any]:
    if not steps:
        yield ids, item, table
        return
    step, rest = steps[0], steps[1:]
    if step == ANY:
        for name, below in table.items():
            yield from _walk(below, rest, (*ids, name), item)
    elif step.endswith(ITEM):
        for each in table.get(step.removesuffix(ITEM), ()):
            yield from _walk(each, rest, ids, each)
    elif step in table:
        yield from _walk(table[step], rest, ids, item)


def _value(table: Any, way: Sequence[str]) -> Any:
    for name in way:
        table = table.get(name) if isinstance(table, Mapping) else None
    return table


def contents_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Each file as plain values."""
    return {
        file: list(table_rows(file, content).values())
        if file in CSV_COLUMNS
        else tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
        for file, content in files.items()
        if file != SHAPES
    }
