"""The launcher: `python app.py` serves the dashboard, where the settings say. `python -m jobs serve` starts it."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pages.access import door, headers, server
from pages.access.gate import Gate
from pages.access.health import answer_health
from pages.access.lifespan import lifespan
from pages.access.metrics import Timing, answer_metrics
from pages.access.sign_in import document as sign_in_document
from pages.kit.page import show_failure

PAGES = Path(__file__).resolve().parent / "pages"
POLICY = headers.content_security_policy(headers.script_hashes(sign_in_document.original()))

app = st.App(
    PAGES / "main.py",
    routes=[
        Route("/healthz", answer_health),
        Route("/metrics", answer_metrics),
        *door.ROUTES,
        Mount("/assets", StaticFiles(directory=PAGES / "assets")),
        *sign_in_document.ROUTES,
    ],
    middleware=[Middleware(Timing), Middleware(headers.SecurityHeaders, policy=POLICY), Middleware(Gate)],
    lifespan=lifespan,
    on_script_error=show_failure,
)

if __name__ == "__main__":
    server.serve(app)
