"""The front door put together: every address that answers before anybody is signed in, besides `/healthz`."""

from pages.access import login, oidc, own_account

ROUTES = (*login.ROUTES, *own_account.ROUTES, *oidc.ROUTES)
