"""The golden texts as files: one a moment and group of surfaces, packed; to read one: `xzcat FILE`."""

import difflib
import lzma
from collections.abc import Iterator, Mapping
from pathlib import Path

TEXTS = Path(__file__).resolve().parent / "texts"
HEAD = "=== "
"""What begins a line that names a surface; no line of a surface does."""
SHOWN = 40
"""Lines of a difference that a failing test prints for each surface."""


def keep(moment: str, surfaces: Mapping[str, str]) -> int:
    """Write the golden texts of a moment in place of those there were, each file only where it says something else.

    Answers the bytes of them all.
    """
    folder = TEXTS / moment
    folder.mkdir(parents=True, exist_ok=True)
    groups: dict[Path, list[str]] = {}
    for name, said in surfaces.items():
        groups.setdefault(folder / f"{_group(name)}.txt.xz", []).append(f"{HEAD}{name}\n{said.rstrip()}\n")
    for old in set(folder.glob("*.xz")) - groups.keys():
        old.unlink()
    for file, parts in groups.items():
        whole = "".join(parts).encode()
        if not file.exists() or lzma.decompress(file.read_bytes()) != whole:
            file.write_bytes(lzma.compress(whole, preset=6))
    return sum(file.stat().st_size for file in groups)


def kept(moment: str) -> dict[str, str]:
    """The golden texts of a moment: name of the surface → what it says."""
    found: dict[str, str] = {}
    for file in sorted((TEXTS / moment).glob("*.xz")):
        for part in lzma.decompress(file.read_bytes()).decode().split(f"\n{HEAD}"):
            name, _, said = part.removeprefix(HEAD).partition("\n")
            found[name] = said.rstrip()
    return found


def differences(moment: str, surfaces: Mapping[str, str]) -> Iterator[str]:
    """What is otherwise than kept: a line for each surface that came or went, a unified diff for each other one."""
    before = kept(moment)
    for name in sorted(before.keys() - surfaces.keys()):
        yield f"{moment} · {name}: is no longer made"
    for name, said in surfaces.items():
        if name not in before:
            yield f"{moment} · {name}: is new"
        elif before[name] != said.rstrip():
            lines = list(
                difflib.unified_diff(
                    before[name].splitlines(), said.rstrip().splitlines(), "kept", "made", lineterm="", n=1
                )
            )
            rest = [f"… and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
            yield "\n".join([f"{moment} · {name}", *lines[:SHOWN], *rest])


def _group(name: str) -> str:
    """The file a surface stands in: the first two words of its name, e.g. `page gaps` or `command standing`."""
    return "-".join(name.split(" ")[:2])
