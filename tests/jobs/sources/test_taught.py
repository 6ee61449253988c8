"""The source that docs/how-to teaches: the page's module and the page's test, as they stand there."""

import re
import sys
from pathlib import Path
from types import ModuleType

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-source.md"


def test_module_of_the_page_passes_the_test_of_the_page(monkeypatch):
    module, test = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    taught = ModuleType("jobs.sources.plain_lines")
    monkeypatch.setitem(sys.modules, taught.__name__, taught)
    exec(module, vars(taught))  # noqa: S102 - what the page says
    found: dict[str, object] = {}

    exec(test, found)  # noqa: S102

    [run] = [each for name, each in found.items() if name.startswith("test_")]
    run()
