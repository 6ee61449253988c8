"""Writing a campaign as a workbook: headings, what may stand in each column, lists to choose from, and its rows."""

import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from jobs.campaigns.workbook.forms import GUIDE, LISTS, NAMED, Column, Form, contents_of, forms, rows_of
from jobs.documents.writable import new_book, writable
from jobs.imports.values import column_letters
from jobs.wording.mistakes import option_words
from models.catalogue.declared import Key
from models.catalogue.editing import toml_inline
from models.core import formats
from models.core.texts import text, texts

MORE_ROWS = 1_000
"""Empty rows below those filled in that offer the lists too."""
WIDTHS = {"text": 24, "words": 30, "plain": 40, "day": 14, "decimal": 14, "whole": 12, "flag": 12, "word": 24}
NUMBER_FORMATS = {"day": "dd/mm/yyyy", "whole": "0", "decimal": "General", "flag": "@"}
LINE = 15
"""Height of a line of text."""
LONGEST_MESSAGE, LONGEST_TITLE = 255, 32
"""Letters that Excel shows of a hint."""


def write_workbook(files: Mapping[str, bytes], language: str, *, version: int | None = None) -> bytes:
    """The campaign of these files as .xlsx; `version`: of the store that holds them so."""
    out = io.BytesIO()
    contents = contents_of(files)
    with new_book(out) as workbook:
        _Writing(workbook, contents, language).write(version)
    return out.getvalue()


class _Writing:
    """One workbook being written."""

    def __init__(self, workbook: Any, contents: Mapping[str, Any], language: str) -> None:
        self._workbook, self._contents, self._language = workbook, contents, language
        add = workbook.add_format
        self._needed = add({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#DCE6F1"})
        self._heading = add({"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#F2F2F2"})
        self._guide = add({"italic": True, "text_wrap": True, "valign": "top", "font_color": "#595959"})
        self._cells = {
            kind: add({"num_format": NUMBER_FORMATS.get(kind, "@"), "valign": "top", "text_wrap": kind == "plain"})
            for kind in WIDTHS
        }
        self._names = {slug: self._named(slug) for slug in NAMED.values()}
        self._choices: dict[tuple[str, ...], str] = {}

    def write(self, version: int | None) -> None:
        self._write_guide()
        sheets = {form.slug: self._workbook.add_worksheet(form.title(self._language)) for form in forms()}
        self._lists = self._workbook.add_worksheet(LISTS)
        self._lists.hide()
        self._lists.write_string(0, 0, "" if version is None else str(version))
        for form in forms():
            if form.is_upright:
                self._write_upright(form, sheets[form.slug])
            else:
                self._write_table(form, sheets[form.slug])

    def _named(self, slug: str) -> dict[str, str]:
        """Key → name, of what is called by its name in cells; a name that two share is left for the key."""
        form = next(form for form in forms() if form.slug == slug)
        key = next(at for at, column in enumerate(form.columns) if column.is_key)
        name = next(at for at, column in enumerate(form.columns) if column.slug.endswith("name.vi"))
        pairs = {row[key]: str(row[name]) for row in rows_of(form, self._contents)}
        return {key: name for key, name in pairs.items() if list(pairs.values()).count(name) == 1}

    def _write_guide(self) -> None:
        sheet = self._workbook.add_worksheet(text("campaign.workbook.guide", self._language))
        width = 110
        sheet.set_column(0, 0, width, self._workbook.add_format({"text_wrap": True, "valign": "top"}))
        for number, line in enumerate(text("campaign.workbook.steps", self._language).split("\n")):
            sheet.write_string(number, 0, line)
            sheet.set_row(number, _height(line, width))

    def _write_upright(self, form: Form, sheet: Any) -> None:
        words = ("campaign.workbook.what", "campaign.workbook.value", "campaign.workbook.how")
        for at, (name, width) in enumerate(zip(words, (48, 60, 70), strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, text(name, self._language), self._needed)
        values = rows_of(form, self._contents)[0]
        for number, (column, value) in enumerate(zip(form.columns, values, strict=True), start=1):
            sheet.write_string(number, 0, self._label(column), self._needed if is_needed(column) else self._heading)
            self._write_cell(sheet, number, 1, column, value)
            sheet.write_string(number, 2, how_words(column, self._language), self._guide)
            sheet.set_row(number, _height(how_words(column, self._language), 70))
            self._offer(sheet, column, number, number, 1)
        sheet.freeze_panes(1, 1)

    def _write_table(self, form: Form, sheet: Any) -> None:
        rows = rows_of(form, self._contents)
        sheet.set_row(0, 2 * LINE)
        sheet.set_row(
            1, max(_height(how_words(column, self._language), WIDTHS[column.key.kind]) for column in form.columns)
        )
        for at, column in enumerate(form.columns):
            sheet.set_column(at, at, WIDTHS[column.key.kind], self._cells[column.key.kind])
            sheet.write_string(0, at, self._label(column), self._needed if is_needed(column) else self._heading)
            sheet.write_string(1, at, f"{'' if at else GUIDE + ' '}{how_words(column, self._language)}", self._guide)
            self._offer(sheet, column, 2, len(rows) + MORE_ROWS, at)
        for number, row in enumerate(rows, start=2):
            for at, (column, value) in enumerate(zip(form.columns, row, strict=True)):
                self._write_cell(sheet, number, at, column, value)
        sheet.freeze_panes(2, 2 if len(form.columns) > len(NAMED) else 1)

    def _write_cell(self, sheet: Any, number: int, at: int, column: Column, value: Any) -> None:
        kind = column.key.kind
        shape = self._cells[kind]
        if value is None:
            sheet.write_blank(number, at, None, shape)
        elif isinstance(value, date):
            sheet.write_datetime(number, at, value, shape)
        elif isinstance(value, bool):
            sheet.write_string(number, at, text(f"campaign.flag.{str(value).lower()}", self._language), shape)
        elif isinstance(value, dict) and kind == "decimal":
            sheet.write_string(number, at, "; ".join(f"{phase} = {each}" for phase, each in value.items()), shape)
        elif kind in ("decimal", "whole"):
            sheet.write_number(number, at, Decimal(value), shape)
        else:
            sheet.write_string(number, at, writable(self._words(column, value)), shape)

    def _words(self, column: Column, value: Any) -> str:
        names = self._names.get(NAMED.get(column.key.names, ""), {})
        if column.key.kind == "word":
            return option_words(value, self._language)
        if column.key.kind == "words":
            return "; ".join(names.get(each, each) for each in value)
        return toml_inline(value) if column.key.kind == "plain" else names.get(value, str(value))

    def _label(self, column: Column) -> str:
        return column.label(self._language) + (" *" if is_needed(column) else "")

    def _offer(self, sheet: Any, column: Column, first: int, last: int, at: int) -> None:
        """A list to choose from where there is one, and the hint that shows when a cell is entered."""
        key, how = column.key, how_words(column, self._language)
        rule: dict[str, Any] = {"validate": "any"}
        if key.names and key.kind != "words":
            rule = {"validate": "list", "source": self._range(key.names), "error_type": "warning"}
        elif key.options or key.kind == "flag":
            flags = [text(f"campaign.flag.{flag}", self._language) for flag in ("true", "false")]
            options = [option_words(option, self._language) for option in key.options] or flags
            rule = {"validate": "list", "source": self._list(tuple(options)), "error_type": "warning"}
        title = column.label(self._language)
        rule |= {"input_title": _shortened(title, LONGEST_TITLE), "input_message": _shortened(how, LONGEST_MESSAGE)}
        sheet.data_validation(first, at, last, at, rule)

    def _range(self, names: str) -> str:
        """The column of another sheet that gives the names."""
        slug = NAMED.get(names, "units")
        form = next(form for form in forms() if form.slug == slug)
        wanted = "name.vi" if names in NAMED else "code"
        at = next(at for at, column in enumerate(form.columns) if column.slug.endswith(wanted))
        last = form.first + len(rows_of(form, self._contents)) + MORE_ROWS
        letter = column_letters(at)
        return f"='{form.title(self._language)}'!${letter}${form.first}:${letter}${last}"

    def _list(self, options: tuple[str, ...]) -> str:
        """The place of a list in the hidden sheet, written once."""
        if options not in self._choices:
            at = len(self._choices) + 1
            for number, option in enumerate(options):
                self._lists.write_string(number, at, option)
            letter = column_letters(at)
            self._choices[options] = f"='{LISTS}'!${letter}$1:${letter}${len(options)}"
        return self._choices[options]


def _height(words: str, width: int) -> float:
    """The height of a row that shows words in a column so wide; Excel does not find it for files it did not write."""
    return LINE * min(8, max(1, -(-len(words) * 8 // (7 * width))))


def how_words(column: Column, language: str) -> str:
    """What may be written in a column: the words for the key itself, then those for its kind."""
    key = column.key
    kind = f"names_{key.names}" if key.names else key.kind
    if key.kind in ("decimal", "whole") and key.most is not None:
        kind = "number"
    terms = {
        "number": {"least": _limit(key, key.least, language), "most": _limit(key, key.most, language)},
        "word": {"options": "; ".join(option_words(option, language) for option in key.options)},
    }
    parts = column.slug.split(".")
    about = (f"campaign.about.{'.'.join(parts[at:])}" for at in range(len(parts)))
    said = [text(name, language) for name in about if name in texts(language)][:1]
    if kind != "text" or not said:
        said.append(text(f"campaign.how.{kind}", language, **terms.get(kind, {})))
    if key.default is not None:
        said.append(text("campaign.how.default", language, default=_default(key.default, language)))
    if key.only is not None:
        said.append(text("campaign.how.only", language, option=option_words(key.only[1], language)))
    return " ".join(said)


def _default(value: object, language: str) -> str:
    if isinstance(value, bool):
        return text(f"campaign.flag.{str(value).lower()}", language)
    return _number(value, language) if isinstance(value, int | Decimal) else option_words(str(value), language)


def is_needed(column: Column) -> bool:
    """Whether somebody has to write it: a key can be made from the name, an order from the rows."""
    return not column.key.is_optional and not column.is_key and column.slug != "order"


def _number(value: object, language: str) -> str:
    return "" if value is None else formats.target_percent(Decimal(str(value)), language).removesuffix("%")


def _limit(key: Key, value: object, language: str) -> str:
    """A year names something and is not grouped: 2024, not 2.024."""
    return str(value) if key.place.endswith("year") else _number(value, language)


def _shortened(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
