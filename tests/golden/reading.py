"""Reads what people get back into plain lines: pages, JSON, office files, mails."""

import email
import email.message
import email.policy
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pyarrow
from google.protobuf.message import Message
from pptx.enum.shapes import MSO_SHAPE_TYPE

WIDTH = 160
"""Characters of JSON that stand on one line."""
OF_STREAMLIT = re.compile(
    r"(^|_)(id|ids|hash|url|uuid|config|container)$|^(wrap|element_type|has_name|theme|filter_mode|set_value|accept_new_options|hide_anchor)$"
)
"""Fields in which Streamlit keeps its own keys and where things stand, none of them a word to anybody."""
CHANGING = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "‹uuid›"),
    (re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{12,}\b"), "‹hash›"),
    (re.compile(r"/(?:[\w.-]+/)*golden-\w+"), "‹place›"),
    (re.compile(r"\b[a-z0-9]{5}(-[a-z0-9]{5}){3}\b"), "‹password›"),
    (re.compile(r"(?<=a process may open )\d+"), "‹limit›"),
)
"""What is drawn by lot, follows from that, or is this machine's."""
NUMBERED = re.compile(r"\b(view|param|layer|concat|selector|interval|point)_(\d+)\b")
"""Names that the chart library numbers through the whole process."""


def settled(said: str) -> str:
    """The words without what changes from run to run."""
    for pattern, instead in CHANGING:
        said = pattern.sub(instead, said)
    numbers: dict[str, int] = {}
    return NUMBERED.sub(lambda found: f"{found[1]}_{numbers.setdefault(found[0], len(numbers) + 1)}", said)


def of_json(value: Any, indent: int = 0) -> Iterator[str]:
    """JSON with as much on a line as fits, keys in order, floats to nine digits: the last ones are the machine's."""
    lead, value = " " * indent, _rounded(value) if indent == 0 else value
    whole = json.dumps(value, ensure_ascii=False, sort_keys=True)
    is_row = isinstance(value, dict) and not any(isinstance(each, dict | list) for each in value.values())
    if len(whole) <= WIDTH or is_row or not isinstance(value, dict | list):
        yield lead + whole
    elif isinstance(value, list):
        for each in value:
            yield from of_json(each, indent + 1)
    else:
        for key in sorted(value):
            yield f"{lead}{key}:"
            yield from of_json(value[key], indent + 1)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value


# --- pages ----------------------------------------------------------------------------------------------------------


def of_page(node: Any) -> Iterator[str]:
    """Every element of a page in its order, with all that it tells the browser but Streamlit's own keys."""
    proto, kind = getattr(node, "proto", None), getattr(node, "type", "")
    if isinstance(proto, Message):
        yield from _of_message(proto, kind)
    for child in (getattr(node, "children", None) or {}).values():
        yield from of_page(child)


def _of_message(message: Message, name: str) -> Iterator[str]:
    for field, value in message.ListFields():
        if OF_STREAMLIT.search(field.name):
            continue
        here = f"{name}.{field.name}"
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            yield f"{here}: {sorted(map(str, value.items()))}"
            continue
        for each in value if field.is_repeated else [value]:
            if isinstance(each, Message):
                yield from _of_message(each, here)
            elif isinstance(each, bytes):
                yield from (f"{here}: {row}" for row in _of_table(each))
            elif isinstance(each, str) and each.startswith(("{", "[")):
                yield f"{here}:"
                yield from _of_spec(each)
            else:
                yield f"{here}: {_rounded(each)}"


def _of_spec(written: str) -> Iterator[str]:
    try:
        yield from of_json(json.loads(written))
    except ValueError:
        yield written


def _of_table(data: bytes) -> Iterator[str]:
    try:
        table = pyarrow.ipc.open_stream(data).read_all()
    except pyarrow.ArrowInvalid:
        yield f"{len(data)} bytes"
        return
    yield " | ".join(table.column_names)
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        yield " | ".join(str(_rounded(cell)) for cell in row)


# --- files ----------------------------------------------------------------------------------------------------------


def of_file(name: str, content: bytes) -> str:
    """A file by the ending of its name; of a picture only its size, its words being those of what it shows."""
    ending = Path(name).suffix.lower()
    if ending == ".pptx":
        return "\n".join(_of_slides(content))
    if ending == ".xlsx":
        return "\n".join(_of_workbook(content))
    if ending == ".docx":
        return "\n".join(_of_document(content))
    if ending == ".png":
        return f"{int.from_bytes(content[16:20])} × {int.from_bytes(content[20:24])}"
    return content.decode("utf-8-sig")


def _of_slides(content: bytes) -> Iterator[str]:
    for number, slide in enumerate(pptx.Presentation(io.BytesIO(content)).slides, start=1):
        yield f"--- {number}"
        yield from _of_shapes(slide.shapes)
        if slide.has_notes_slide:
            yield f"notes: {slide.notes_slide.notes_text_frame.text}"


def _of_shapes(shapes: Iterable[Any]) -> Iterator[str]:
    for shape in shapes:
        described = shape._element.xpath(".//p:cNvPr/@descr")
        yield from (f"described: {words}" for words in described if words)
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from _of_shapes(shape.shapes)
        if shape.has_text_frame and shape.text_frame.text:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (" | ".join(cell.text for cell in row.cells) for row in shape.table.rows)
        if shape.has_chart:
            yield from _of_chart(shape.chart)


def _of_chart(chart: Any) -> Iterator[str]:
    for plot in chart.plots:
        yield f"chart: {list(plot.categories)}"
        yield from (f"  {series.name}: {_rounded(list(series.values))}" for series in plot.series)


def _of_workbook(content: bytes) -> Iterator[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book:
        yield f"--- {sheet.title} ({sheet.sheet_state}, {sheet.dimensions})"
        for row in sheet.iter_rows():
            cells = [f"{cell.column_letter} {_cell(cell)}" for cell in row if cell.value is not None]
            if cells:
                yield f"{row[0].row}: {' | '.join(cells)}"
        for chart in sheet._charts:
            yield f"chart: {[series.val.numRef.f for series in chart.series]}"


def _cell(cell: Any) -> str:
    """A value, with its format where that says something, and the note beside it."""
    said = str(_rounded(cell.value))
    if cell.number_format not in ("General", "@"):
        said += f" [{cell.number_format}]"
    return said + (f" (note: {cell.comment.text})" if cell.comment else "")


def _of_document(content: bytes) -> Iterator[str]:
    document = docx.Document(io.BytesIO(content))
    yield from _of_blocks(document)
    for number, section in enumerate(document.sections):
        for name, part in (("header", section.header), ("footer", section.footer)):
            yield from (f"{name} {number}: {line}" for line in _of_blocks(part) if line)
    for shape in document.element.xpath(".//wp:docPr/@descr"):
        yield f"described: {shape}"


def _of_blocks(part: Any) -> Iterator[str]:
    for block in part.iter_inner_content():
        if hasattr(block, "rows"):
            yield from (" | ".join(cell.text for cell in row.cells) for row in block.rows)
        elif block.text:
            yield block.text


def of_mail(mail: email.message.Message) -> str:
    """A mail: to whom, about what, in words and as HTML, and the files that go along."""
    mail = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)
    lines = [f"{name}: {mail[name]}" for name in ("From", "To", "Subject", "Message-ID")]
    for part in mail.walk():
        if part.is_multipart():
            continue
        name = part.get_filename()
        if name is None:
            lines += [f"--- {part.get_content_type()}", str(part.get_content()).replace("><", ">\n<")]
        else:
            content = part.get_payload(decode=True)
            lines += [f"--- {part.get_content_type()} {name}", of_file(name, content)]
    return "\n".join(lines)
