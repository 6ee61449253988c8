"""The program's own code as syntax, read once in each process that tests ask it from."""

import ast
import gc
from functools import cache
from pathlib import Path

from models.core.settings import PROJECT


@cache
def trees(package: str) -> dict[Path, tuple[str, list[ast.AST]]]:
    """Each module of a package: what it says, and all there is in it, the module first."""
    paths = sorted((PROJECT / package).rglob("*.py"))
    sources = {path: path.read_text(encoding="utf-8") for path in paths}
    found = {path: (source, list(ast.walk(ast.parse(source)))) for path, source in sources.items()}
    # Millions of objects that stay: Python's collector need not look at them again.
    gc.freeze()
    return found


def nodes(*packages: str) -> list[tuple[Path, ast.AST]]:
    """All there is in the modules of some packages."""
    return [(path, node) for package in packages for path, (_, found) in trees(package).items() for node in found]
