"""The settings of the front door: who may look, how long a sign-in lasts, and the organisation's own sign-in (OIDC)."""

import json
from datetime import timedelta
from ipaddress import ip_address
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
    "proxy": "CAODIEM_PROXY is the address of the TLS proxy in front, whose word on who calls is believed, "
    "e.g. 127.0.0.1 (the default) or 10.0.0.2",
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

    @field_validator("host", "proxy")
    @classmethod
    def _is_address_of_a_machine(cls, written: str) -> str:
        return str(ip_address(written.strip()))

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
