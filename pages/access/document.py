"""The HTML document in which the pages appear: Streamlit's own, in the reader's language and under our name.

Streamlit serves one document that says it is English, for every address there is. Screen readers and browsers'
translators believe it. Here each public address gets the same document in the language asked for, and an address that
does not exist is answered 404 in plain words.
"""

import hashlib
import html
import re
from pathlib import Path

import streamlit as st
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from models.texts import LANGUAGES, text
from pages.access import chrome
from pages.parts.page import ADDRESSES
from pages.parts.session import language_of

_NOT_KEPT = {"Cache-Control": "no-cache"}
_ASSETS = Path(__file__).resolve().parent.parent / "assets"


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
        f'<script type="application/json" id="chrome-words">{chrome.table()}</script>'
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
    """One word of small letters: what has a dot, an underscore or a folder is a file or a service of Streamlit's."""

    regex = "[a-z]+"


async def _serve(request: Request) -> HTMLResponse:
    if request.path_params.get("address", "") not in ADDRESSES:
        return HTMLResponse(LOST, status_code=404, headers=_NOT_KEPT)
    return HTMLResponse(DOCUMENTS[language_of(request.query_params)], headers=_NOT_KEPT)


DOCUMENTS = {language: document(language) for language in LANGUAGES}
LOST = lost()
register_url_convertor("word", Word())
ROUTES = (Route("/", _serve), Route("/{address:word}", _serve))
