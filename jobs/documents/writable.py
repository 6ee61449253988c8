"""Words as every file can hold them: texts come from people and other systems, and some characters end a program.

A control character in a name makes XML unreadable, and the library that draws pictures gives up the whole process.
"""

import re
from typing import Any

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(words: str) -> str:
    """The words without what XML cannot hold."""
    return _UNWRITABLE.sub("", words)


def wholly_writable(value: Any) -> Any:
    """Plain values (lists, mappings, texts, numbers) with every text in them writable."""
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, dict):
        return {writable(str(key)): wholly_writable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [wholly_writable(one) for one in value]
    return value
