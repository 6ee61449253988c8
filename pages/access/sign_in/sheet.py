"""The plain pages before the dashboard: one HTML sheet without any script, in both themes, for desk and phone."""

import base64
import html
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse

from models.core.texts import LANGUAGES, text
from pages.charts.layout import ACCENT, GROUND, INK, LINE, MARKS, PANEL, QUIET

LETTERS = "/auth/fonts"
"""Where the typeface of the dashboard is fetched from, once for a browser."""
ICON = Path(__file__).resolve().parents[2] / "assets" / "icon.png"
LARGEST_FORM = 16_384
"""Bytes of a form at most."""
FORM_WITHIN = 15.0
"""Seconds in which a form has to have arrived."""
NOT_KEPT = {"Cache-Control": "no-store"}
_ID = re.compile(r"[0-9]{1,9}")
_SHADES = {
    "ground": GROUND,
    "ink": INK,
    "panel": PANEL,
    "line": LINE,
    "quiet": QUIET,
    "accent": ACCENT,
    "wrong": MARKS["missed"].colour,
}
_STYLE = """
@font-face{font-family:"CD Sans";font-weight:400;font-display:swap;src:url(%(letters)s/CDSans-Regular.woff2)}
@font-face{font-family:"CD Sans";font-weight:600 700;font-display:swap;src:url(%(letters)s/CDSans-Bold.woff2)}
:root{color-scheme:light dark;font:17px/1.5 "CD Sans",sans-serif}
body{margin:0;background:var(--ground);color:var(--ink)}
main{max-width:%(width)s;margin:clamp(1rem,9vh,6rem) auto;padding:0 1.25rem 2rem}
header{display:flex;align-items:center;justify-content:space-between;gap:1rem}
header strong{display:flex;align-items:center;gap:.6rem;font-size:1.15rem}
header img{width:2rem;height:2rem}
h1{font-size:1.6rem;margin:1.2rem 0 .4rem}
h2{font-size:1.15rem;margin:1.8rem 0 .4rem}
p{margin:.5rem 0}
a{color:var(--accent)}
.quiet{color:var(--quiet);font-size:.92rem}
.wrong{border-left:.3rem solid var(--wrong);background:var(--panel);padding:.6rem .8rem}
.done{border-left:.3rem solid var(--accent);background:var(--panel);padding:.6rem .8rem}
form.sheet{display:grid;gap:.9rem;margin:1rem 0}
label{display:grid;gap:.25rem;font-weight:600}
input:not([type=hidden]){font:inherit;padding:.6rem .7rem;color:var(--ink);background:var(--panel);
border:1px solid var(--quiet);border-radius:.4rem}
button,a.button{font:inherit;font-weight:600;padding:.65rem 1rem;border-radius:.4rem;cursor:pointer;
border:1px solid var(--accent);background:var(--accent);color:var(--ground);text-align:center;text-decoration:none}
button.second,a.second{background:transparent;color:var(--accent)}
:focus-visible{outline:.2rem solid var(--accent);outline-offset:.15rem}
table{border-collapse:collapse;width:100%%}
th,td{text-align:left;padding:.45rem .6rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:middle}
.scroll{overflow-x:auto}
.row{display:flex;flex-wrap:wrap;gap:.7rem;margin:1rem 0}
code,pre{font-size:1.05em}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
"""


class TooLarge(Exception):
    """A form is larger than any of ours, or takes longer to arrive."""


def escaped(words: str) -> str:
    """Words as they are shown, never obeyed; also inside an attribute."""
    return html.escape(words, quote=True)


def sheet(
    language: str,
    *,
    key: str,
    body: str,
    address: str,
    query: Mapping[str, str] | None = None,
    status: int = 200,
    width: str = "26rem",
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A page named by `door.<key>` with its body; `address` and `query` are where the other language stands."""
    title = text(f"door.{key}", language)
    other = next(tongue for tongue in LANGUAGES if tongue != language)
    there = urlencode({**(query or {}), **({"lang": other} if other != LANGUAGES[0] else {})})
    said = escaped(text("product", language))
    style = _colours() + _STYLE % {"width": width, "letters": LETTERS}
    return HTMLResponse(
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escaped(title)} · {said}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="{_icon()}"><style>{style}</style></head>'
        f'<body><main><header><strong><img src="{_icon()}" alt="">{said}</strong>'
        f'<a href="{escaped(address)}{"?" if there else ""}{escaped(there)}" lang="{other}" hreflang="{other}">'
        f"{escaped(text('door.other_language', language))}</a></header>"
        f"<h1>{escaped(title)}</h1>{body}</main></body></html>",
        status_code=status,
        headers={**NOT_KEPT, **(headers or {})},
    )


def field(language: str, name: str, *, kind: str = "text", complete: str, value: str = "", more: str = "") -> str:
    """A labelled input; `complete` tells password managers what it is."""
    return (
        f"<label>{escaped(text(f'door.field.{name}', language))}"
        f'<input name="{name}" type="{kind}" autocomplete="{complete}" value="{escaped(value)}" '
        f'required maxlength="200" {more}></label>'
    )


def hidden(**values: str) -> str:
    return "".join(
        f'<input type="hidden" name="{name}" value="{escaped(value)}">' for name, value in values.items() if value
    )


def wrong(words: str) -> str:
    """Why something was not done, read out at once."""
    return f'<p class="wrong" role="alert">{escaped(words)}</p>'


def done(words: str) -> str:
    return f'<p class="done" role="status">{escaped(words)}</p>'


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, each once.

    Raises TooLarge before more than a small form has been read, and where it comes drop by drop.
    """
    body = b""
    try:
        with anyio.fail_after(FORM_WITHIN):
            async for part in request.stream():
                body += part
                if len(body) > LARGEST_FORM:
                    raise TooLarge
    except TimeoutError as slow:
        raise TooLarge from slow
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=50))


def number_in(form: Mapping[str, str], name: str) -> int:
    """A number that the store may hold under such a name.

    Raises ValueError for anything else: no database takes a number of 4,000 digits for an id.
    """
    written = form.get(name, "")
    if not _ID.fullmatch(written):
        raise ValueError(f"{name} is no number of ours")
    return int(written)


def refused(status: int) -> PlainTextResponse:
    """For what no form of ours sends: no words, no clue."""
    return PlainTextResponse("", status, headers=NOT_KEPT)


@cache
def _icon() -> str:
    return f"data:image/png;base64,{base64.b64encode(ICON.read_bytes()).decode()}"


@cache
def _colours() -> str:
    light = ";".join(f"--{name}:{shade.light}" for name, shade in _SHADES.items())
    dark = ";".join(f"--{name}:{shade.dark}" for name, shade in _SHADES.items())
    return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
