"""One benchmark in a process of its own: what ran before in the same process would change its figures.

    python -m tests.bench.running bench_import full

prints each row as a line of JSON as soon as it is measured, so that a benchmark that fails keeps the rows before.
"""

import ast
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.measuring import FULL, PROJECT, SMALLEST, Measured, Size

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Outcome:
    """What became of one benchmark."""

    name: str
    rows: tuple[Measured, ...]
    has_failed: bool
    """Whether it ended before its last row; why, it has said itself."""


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("bench_*.py"))


def subject(name: str) -> str:
    """What a benchmark is about: the first sentence or two of its file."""
    result = ast.get_docstring(ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8")))
    assert result is not None
    return result.partition("\n\n")[0].replace("\n", " ")


def run_here(*words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What `python WORDS` in the checkout prints and ends with; what it complains of is seen at once."""
    return subprocess.run(
        [sys.executable, *words], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        check=False,
    )  # fmt: skip


def run(name: str, size: Size, *, run_python: Callable[..., subprocess.CompletedProcess[str]] = run_here) -> Outcome:
    # Whoever measures may have a store of their own, named in the environment or in `.env`: no benchmark may touch it.
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CAODIEM_", "STREAMLIT_"))}
    environment |= {key: os.environ[key] for key in ("CAODIEM_CHROMIUM",) if key in os.environ}
    words = ("-m", "tests.bench.running", name, "full" if size.is_full else "smallest")
    process = run_python(*words, environment=environment | {"CAODIEM_DATABASE": ""})
    sys.stderr.write(process.stderr or "")
    rows = tuple(Measured(**json.loads(line)) for line in process.stdout.splitlines())
    return Outcome(name, rows, has_failed=process.returncode != 0)


def main(name: str, size: str) -> None:
    rows = sys.stdout
    # Whatever else is printed must not stand among the rows.
    with redirect_stdout(sys.stderr):
        for row in importlib.import_module(f"tests.bench.{name}").measure({"full": FULL, "smallest": SMALLEST}[size]):
            print(json.dumps(asdict(row)), file=rows, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
