"""Streamlit's own few words around the pages, in the reader's language: no setting of it has them in another.

The words stand in data/texts/chrome.*.toml: the English file as Streamlit writes them, the others what is to stand
there instead. The document carries them as a table, and our script in pages/assets/chrome.js puts them in place.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType

from models.texts import LANGUAGES, texts

SECTION = "chrome."
_TOOLBARS = "[data-testid=stElementToolbar], [data-testid=stTooltipContent]"
_DATA = "[data-testid=stDataFrame], [data-testid^=stDataFrameColumn]"
_LISTS = (
    "[data-testid=stSelectbox], [data-testid=stMultiSelect], [data-testid=stSelectboxVirtualDropdown], [role=listbox]"
)
_INPUTS = "[data-testid=stTextInput], [data-testid=stTextArea], [data-testid=stNumberInput], [data-testid=stForm]"
PLACES: Mapping[str, str] = MappingProxyType(
    {
        "frame": "[data-testid=stHeader], [data-testid=stSidebar], [data-testid=stSkipToContent], [role=dialog], "
        "[data-testid=stToastContainer]",
        "menu": "[data-testid=stMainMenuPopover], [data-testid=stMainMenu]",
        "button": "button",
        "status": "[data-testid=stStatusWidget], [data-testid=stConnectionStatus], [data-testid=stTooltipContent]",
        "connection": "[role=dialog], [data-testid=stDialog], [data-testid=stText]",
        "toolbar": f"{_TOOLBARS}, [data-testid=stFullScreenFrame], [role=img]",
        "grid": _DATA,
        "column": _DATA,
        "select": f"{_LISTS}, [data-trigger]",
        "spoken": "[data-live-announcer]",
        "input": f"{_INPUTS}, [data-testid=InputInstructions], [data-testid=stAlertContainer]",
        "date": "[data-testid=stDateInput], [data-testid=stDateTimeInput], [data-testid^=stDateInput], [role=dialog]",
        "pages": "[data-testid=stPagination]",
        "files": "[data-testid=stFileUploader], [data-testid=stTooltipContent]",
        "download": "[data-testid=stDownloadButton], [data-testid=stTooltipContent], [data-testid=stAlertContainer]",
        "table": "[data-testid=stTable]",
        "drawing": "[data-testid=stVegaLiteChart]",
        "icon": "[data-testid=stMarkdownContainer] [role=img]",
    }
)
"""Where each section's words are looked for, as a selector of what they stand in: never in all of a page's words."""


def table() -> str:
    """Languages, the one where none is asked for first, and each section's words in them, as JSON for the document.

    No `<` is left in it: whatever a text says, it cannot end the element that holds the table.
    """
    sections = [
        {
            "place": place,
            "words": {
                language: [words for key, words in texts(language).items() if key.startswith(f"{SECTION}{name}.")]
                for language in LANGUAGES
            },
        }
        for name, place in PLACES.items()
    ]
    written = json.dumps({"languages": LANGUAGES, "sections": sections}, ensure_ascii=False, separators=(",", ":"))
    return written.replace("<", "\\u003c")
