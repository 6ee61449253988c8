"""The front door put together: every address that answers before anybody is signed in, besides `/healthz`."""

from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from models.core.settings import PROJECT
from pages.access.sign_in import login as sign_in_login
from pages.access.sign_in import oidc, own_account
from pages.access.sign_in.sheet import LETTERS, refused


class Nowhere:
    """The application behind every other address of the door: Streamlit would tell any of them its own page."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await refused(404)(scope, receive, send)


ROUTES = (
    *sign_in_login.ROUTES,
    *own_account.ROUTES,
    *oidc.ROUTES,
    Mount(LETTERS, StaticFiles(directory=PROJECT / "data" / "fonts")),
    Route("/auth/{elsewhere:path}", Nowhere(), include_in_schema=False),
)
