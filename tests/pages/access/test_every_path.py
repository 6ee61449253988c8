"""Whatever a path is called and whoever registers it: without signing in, nothing behind the door answers."""

import itertools

from streamlit.web.server.starlette import starlette_routes

from pages.access import gate
from tests.pages.access.paths import DOORS, EVERY_PATH, streamlit_paths

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
BEHIND = [path for path in EVERY_PATH if path not in gate.OPEN | DOORS]


def test_every_kind_of_path_is_among_those_that_are_asked():
    found = " ".join(EVERY_PATH)

    for part in (
        starlette_routes.BASE_ROUTE_MEDIA,
        starlette_routes.BASE_ROUTE_UPLOAD_FILE,
        starlette_routes.BASE_ROUTE_COMPONENT,
        starlette_routes.ROUTE_METRICS,
        "agent",
        "assets",
        "healthz",
        "oauth2callback",
    ):
        assert part in found


def test_no_path_answers_a_stranger_with_content(house):
    forged = {"X-Auth-User": "admin", "X-Auth-Gate": "1"}
    for path, method in itertools.product(BEHIND, METHODS):
        answer = house.client().request(method, f"{path}?unit=H1", headers=forged)

        asked = f"{method} {path}"
        assert answer.text == "", asked
        assert answer.status_code == 401 or answer.headers["location"].startswith("/auth/login?next="), asked


def test_only_addresses_of_the_door_answer_below_it(house):
    """Streamlit tells its own page, with the names of its files, at every address that nobody else answers."""
    for path, method in itertools.product(("/auth/", "/auth/anything", "/auth/login/", "/auth/oidc/x.js"), METHODS):
        answer = house.client().request(method, path)

        assert (answer.status_code, answer.text) == (404, ""), f"{method} {path}"


def test_streamlits_own_doors_are_behind_ours():
    """Its sign-in answers at addresses of ours, or not at all."""
    theirs = {path for path in streamlit_paths() if path.startswith("/auth")}

    assert theirs <= DOORS
