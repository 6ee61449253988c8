"""Every path that this server answers: the launcher's and Streamlit's own, as the installed version registers them."""

import re
from unittest.mock import MagicMock

from starlette.routing import BaseRoute, Mount, WebSocketRoute
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes

import app
from pages.access import door

PARAMETER = re.compile(r"\{[^}]*\}")


def _spelled(routes: list[BaseRoute]) -> list[str]:
    """Paths with a word in the place of each parameter; websockets are asked elsewhere."""
    found = []
    for route in routes:
        if isinstance(route, WebSocketRoute):
            continue
        path = PARAMETER.sub("anything", route.path)  # type: ignore[attr-defined] # every route of ours has one
        found.append(f"{path}/anything" if isinstance(route, Mount) else path)
    return found


def streamlit_paths() -> list[str]:
    return _spelled(create_streamlit_routes(MagicMock()))


def own_paths() -> list[str]:
    return _spelled(app.app._user_routes)


DOORS = frozenset(_spelled(list(door.ROUTES)))
"""Where people come in: open to everybody, and each asked in tests of its own."""
EVERY_PATH = sorted({path if path.startswith("/") else f"/{path}" for path in (*own_paths(), *streamlit_paths())})
