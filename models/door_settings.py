"""The settings of the front door: who may look, how long a sign-in lasts, and the organisation's own sign-in (OIDC)."""

import json
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

from targets.permissions import ROLES, Role

DOOR_HELP = {
    "public": "CAODIEM_PUBLIC is 1 where anybody may look without signing in, 0 (the default) where nobody may",
    "unit_heads_read": "CAODIEM_UNIT_HEADS_READ is all (the default) or branch: what unit heads may look at",
    "session_idle_hours": "CAODIEM_SESSION_IDLE_HOURS is after how many hours without a click a sign-in ends, e.g. 8",
    "session_hours": "CAODIEM_SESSION_HOURS is after how many hours a sign-in ends whatever happens, e.g. 24",
    "host": "CAODIEM_HOST is the address of this machine that the server listens on: 127.0.0.1 (the default) for this "
    "machine only, 0.0.0.0 for every network it is in",
    "proxy": "CAODIEM_PROXY names the proxies in front, whose word on who calls is believed: addresses and networks, "
    "e.g. 127.0.0.1 (the default) or 10.0.0.2,10.1.0.0/24",
    "most_pages": "CAODIEM_MOST_PAGES is how many pages may be open at once, e.g. 1000 (the default)",
    "most_strangers": "CAODIEM_MOST_STRANGERS is how many of them people may open who have not signed in, "
    "e.g. 200 (the default)",
    "most_strangers_of_an_address": "CAODIEM_MOST_STRANGERS_OF_AN_ADDRESS is how many of those one address may open, "
    "e.g. 20 (the default)",
    "oidc_issuer": "CAODIEM_OIDC_ISSUER is the address of the organisation's sign-in, e.g. https://sso.gialai.gov.vn",
    "oidc_roles": 'CAODIEM_OIDC_ROLES says which of our roles a claim\'s value is, e.g. {"lanh-dao": "leader"}; '
    f"our roles: {', '.join(ROLES)}",
    "oidc_default_role": f"CAODIEM_OIDC_DEFAULT_ROLE is empty or one of {', '.join(ROLES)}",
}


class DoorSettings(BaseSettings):
    """What may be set about coming in."""

    public: bool = False
    unit_heads_read: Literal["all", "branch"] = "all"
    session_idle_hours: float = Field(default=8, gt=0, le=168)
    session_hours: float = Field(default=24, gt=0, le=720)
    host: str = "127.0.0.1"
    proxy: str = "127.0.0.1"
    """Addresses and networks with commas between, each as it is compared."""
    most_pages: int = Field(default=1_000, ge=1)
    most_strangers: int = Field(default=200, ge=1)
    most_strangers_of_an_address: int = Field(default=20, ge=1)

    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "SSO"
    """What the button calls it."""
    oidc_scope: str = "openid profile"
    oidc_login_claim: str = "preferred_username"
    oidc_role_claim: str = ""
    """Without one, accounts are made here and the organisation's sign-in only says who somebody is."""
    oidc_unit_claim: str = ""
    oidc_roles: Annotated[dict[str, Role], NoDecode] = Field(default_factory=dict)
    oidc_default_role: Role | Literal[""] = ""
    """The role of somebody whose claim names none that we know; without one they are turned away."""

    @field_validator("host")
    @classmethod
    def _is_address_of_a_machine(cls, written: str) -> str:
        return str(ip_address(written.strip()))

    @field_validator("proxy")
    @classmethod
    def _are_addresses_or_networks(cls, written: str) -> str:
        """A server that listens on IPv6 sees an IPv4 proxy under an address of its own, so both are believed."""
        networks = [ip_network(each, strict=False) for each in written.replace(",", " ").split()]
        if not networks or any(not network.prefixlen for network in networks):
            raise ValueError("these are no proxies: everybody would be believed, or nobody")
        mapped = [
            ip_network(f"::ffff:{each.network_address}/{96 + each.prefixlen}") for each in networks if each.version == 4
        ]
        return ",".join(dict.fromkeys(map(str, [*networks, *mapped])))

    @field_validator("oidc_issuer")
    @classmethod
    def _is_address(cls, written: str) -> str:
        parts = urlsplit(written)
        if written and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("this is no address of the web")
        return written.rstrip("/")

    @field_validator("oidc_roles", mode="before")
    @classmethod
    def _from_json(cls, written: Any) -> Any:
        try:
            return json.loads(written) if isinstance(written, str) else written
        except json.JSONDecodeError as error:
            raise ValueError("this is no JSON") from error

    @property
    def is_of_this_machine(self) -> bool:
        """Whether nobody but this machine can reach the server by itself."""
        return ip_address(self.host).is_loopback

    @property
    def idle(self) -> timedelta:
        return timedelta(hours=self.session_idle_hours)

    @property
    def lasts(self) -> timedelta:
        return timedelta(hours=self.session_hours)

    @property
    def has_oidc(self) -> bool:
        return bool(self.oidc_issuer and self.oidc_client_id)
