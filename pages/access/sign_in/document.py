"""The HTML document in which the pages appear: Streamlit's own, in the reader's language and under our name.

Streamlit serves one document that says it is English, for every address there is. Screen readers and browsers'
translators believe it. Here each public address gets the same document in the language asked for, and an address that
does not exist is answered 404 in plain words.
"""

import hashlib
import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import streamlit as st
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from models.core.texts import LANGUAGES, text, texts
from pages.kit.address import language_of
from pages.kit.page import ADDRESSES

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


_NOT_KEPT = {"Cache-Control": "no-cache"}
_ASSETS = Path(__file__).resolve().parents[2] / "assets"


def original() -> str:
    """Streamlit's document as it is installed."""
    return (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


def document(language: str) -> str:
    """Streamlit's document with our language, title, icon, hint, styles and words; what makes it work is left alone."""
    changed = original()
    for pattern, replacement in (
        (r'<html lang="[^"]*"', f'<html lang="{language}"'),
        (r"<title>[^<]*</title>", f"<title>{html.escape(text('product', language))}</title>"),
        (r'(<link rel="shortcut icon" href=")[^"]*"', r'\g<1>./assets/icon.png"'),
        (r"(<noscript>).*?(</noscript>)", rf"\g<1>{html.escape(text('frame.javascript', language))}\g<2>"),
    ):
        changed = re.sub(pattern, replacement, changed, count=1, flags=re.DOTALL)
    return changed.replace("</head>", f"{_ours()}</head>", 1)


def _ours() -> str:
    """Our own styles, words and script. The script waits until the document is there, ahead of Streamlit's own."""
    return (
        f'<link rel="stylesheet" href="{_asset("screen.css")}">'
        f'<link rel="stylesheet" href="{_asset("meeting.css")}">'
        f'<link rel="stylesheet" media="print" href="{_asset("print.css")}">'
        f'<script type="application/json" id="chrome-words">{table()}</script>'
        f'<script defer src="{_asset("chrome.js")}"></script>'
        f'<script defer src="{_asset("meeting.js")}"></script>'
    )


def _asset(name: str) -> str:
    """Where a file of ours is fetched: under another address once it has changed, as browsers keep what they have."""
    return f"./assets/{name}?{hashlib.sha256((_ASSETS / name).read_bytes()).hexdigest()[:12]}"


def lost() -> str:
    """A page for addresses that do not exist, in every language, as nobody knows which was meant."""
    said = "".join(
        f'<p lang="{language}">{html.escape(text("frame.lost", language))} '
        f'<a href="/{"" if language == LANGUAGES[0] else f"?lang={language}"}">'
        f"{html.escape(text('frame.to_overview', language))}</a></p>"
        for language in LANGUAGES
    )
    title = html.escape(text("product", LANGUAGES[0]))
    return (
        f'<!DOCTYPE html><html lang="{LANGUAGES[0]}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<style>:root{color-scheme:light dark}body{font:1.1rem/1.6 sans-serif;max-width:40rem;margin:15vh auto;"
        f"padding:0 1rem}}</style></head><body><main><h1>{title}</h1>{said}</main></body></html>"
    )


class Word(StringConvertor):
    """A word, hyphens within: what has a dot, an underscore or a folder is a file or a service of Streamlit's."""

    regex = "[A-Za-z-]+"


async def _serve(request: Request) -> HTMLResponse:
    if request.path_params.get("address", "") not in ADDRESSES:
        return HTMLResponse(LOST, status_code=404, headers=_NOT_KEPT)
    return HTMLResponse(DOCUMENTS[language_of(request.query_params)], headers=_NOT_KEPT)


DOCUMENTS = {language: document(language) for language in LANGUAGES}
LOST = lost()
register_url_convertor("word", Word())
ROUTES = (Route("/", _serve), Route("/{address:word}", _serve))
