"""Texts from outside made fit to be kept: no database takes a NUL, no encoding half a pair of surrogates, and what
nobody reads to its end is not kept to its end."""

import re
from typing import Any

NEVER_STORED = "\ufffd"
"""Stands in place of what cannot be kept: a figure with it is none, so nothing is misread."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
MOST_NAME_BYTES = 240
"""Of a file's name: file systems take 255, and a number or `.part` may be added."""


def storable(text: str, longest: int | None = None) -> str:
    """A text as every store and screen takes it; one that is longer ends with an ellipsis."""
    if longest is not None and len(text) > longest:
        text = f"{text[: longest - 1]}…"
    if _UNSTORABLE.search(text):
        # Two halves that were written apart are one letter.
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        text = whole.replace("\x00", NEVER_STORED)
    return text


def storable_json(content: Any) -> Any:
    """The same of every text within a value that is kept as JSON."""
    if isinstance(content, str):
        return storable(content)
    if isinstance(content, dict):
        return {storable_json(name): storable_json(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [storable_json(value) for value in content]
    return content


def storable_name(name: str) -> str:
    """A file's name that every file system, store and screen takes. What tells a long one from others stands at its
    end, which stays."""
    # Bytes that are no UTF-8 come as lone surrogates.
    letters = ["_" if letter == "/" or not letter.isprintable() else letter for letter in storable(name)]
    bare = "".join(letters).strip() or "_"
    written = bare.encode()
    if len(written) <= MOST_NAME_BYTES:
        return bare
    mark = "…"
    return mark + written[len(mark.encode()) - MOST_NAME_BYTES :].decode(errors="ignore")
