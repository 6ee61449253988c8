"""Who may do what: one table of permissions and roles, and the two questions asked of it.

`check_may` raises with the reason and who may instead, `may` answers. The table is the whole truth: pages hide what it
refuses, `models.core.permission.require` asks it with the role that the store holds at that moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, get_args

from targets.errors import NotPermitted

Role = Literal["viewer", "leader", "unit_head", "coordinator", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
Reach = Literal["everywhere", "branch", "nowhere"]
"""How far a permission carries: every unit, the own units and all below them, or no unit."""
SYSTEM = "system:"
"""How the name of somebody who runs a command on the server begins. No login can: it holds a colon."""


class Permission(StrEnum):
    """What can be allowed. Those in `OF_A_UNIT` are asked for one unit, the others for the whole campaign."""

    READ = "read"
    """See figures, targets, conclusions and tasks, and download them."""
    REGISTER = "register"
    """Register a unit's own targets and phase dates."""
    EXPLAIN = "explain"
    """State a unit's cause, and what it will do."""
    DISPUTE = "dispute"
    """Ask for a figure of a unit to be checked."""
    REPORT_TASK = "report_task"
    """Report on a task that a unit has been given."""
    ASK_EXPLANATION = "ask_explanation"
    """Ask a unit to explain itself."""
    DECIDE = "decide"
    """Approve or refuse what units register, state or dispute."""
    IMPORT = "import"
    """Bring files in, and settle what is in quarantine."""
    PULL = "pull"
    """Have sources pulled, switch them on and off."""
    PROPOSE = "propose"
    """Let the rule propose targets, and adjust proposals."""
    ISSUE = "issue"
    """Issue targets under a document, and correct an issue."""
    CHANGE_CAMPAIGN = "change_campaign"
    """Change phases, thresholds, units, central targets."""
    NAME_HEADS = "name_heads"
    """Say who heads a unit, with title and telephone, as a list of accounts does."""
    CONCLUDE = "conclude"
    """Freeze figures for a meeting, record conclusions, give tasks."""
    ARCHIVE = "archive"
    """Put a campaign that is over into the archive, and take it out again."""
    READ_OPERATIONS = "read_operations"
    """See the audit trail, the sources' runs and how the system is."""
    MANAGE_ACCOUNTS = "manage_accounts"
    """Create, change and disable accounts, end others' sessions."""
    CHANGE_SETTINGS = "change_settings"
    """Change how the system itself is set up."""


OF_A_UNIT = frozenset(
    {
        Permission.READ,
        Permission.REGISTER,
        Permission.EXPLAIN,
        Permission.DISPUTE,
        Permission.REPORT_TASK,
        Permission.ASK_EXPLANATION,
    }
)
IN_ARCHIVE = frozenset(
    {
        Permission.READ,
        Permission.READ_OPERATIONS,
        Permission.ARCHIVE,
        Permission.MANAGE_ACCOUNTS,
        Permission.CHANGE_SETTINGS,
    }
)
"""What may be done while a campaign lies in the archive: nothing that changes it."""
_BY_UNITS: Mapping[Role, Reach] = {"unit_head": "branch", "coordinator": "everywhere"}
_BY_OFFICE: Mapping[Role, Reach] = {"coordinator": "everywhere"}
_BY_ADMINISTRATOR: Mapping[Role, Reach] = {"administrator": "everywhere"}
TABLE: Mapping[Permission, Mapping[Role, Reach]] = MappingProxyType(
    {
        Permission.READ: dict.fromkeys(ROLES, "everywhere"),
        Permission.REGISTER: _BY_UNITS,
        Permission.EXPLAIN: _BY_UNITS,
        Permission.DISPUTE: _BY_UNITS,
        Permission.REPORT_TASK: _BY_UNITS,
        Permission.ASK_EXPLANATION: {"leader": "everywhere", "coordinator": "everywhere"},
        Permission.DECIDE: _BY_OFFICE,
        Permission.IMPORT: _BY_OFFICE,
        Permission.PULL: _BY_OFFICE,
        Permission.PROPOSE: _BY_OFFICE,
        Permission.ISSUE: _BY_OFFICE,
        Permission.CHANGE_CAMPAIGN: _BY_OFFICE,
        Permission.NAME_HEADS: {"coordinator": "everywhere", "administrator": "everywhere"},
        Permission.CONCLUDE: _BY_OFFICE,
        Permission.ARCHIVE: _BY_OFFICE,
        Permission.READ_OPERATIONS: {"coordinator": "everywhere", "administrator": "everywhere"},
        Permission.MANAGE_ACCOUNTS: _BY_ADMINISTRATOR,
        Permission.CHANGE_SETTINGS: _BY_ADMINISTRATOR,
    }
)
"""A role that is not named for a permission has it nowhere."""


class Refused(NotPermitted):
    """The person may not do this; the text says why and who may."""

    def __init__(self, sentence: str, /, *, code: str, permission: Permission, **terms: str) -> None:
        self.permission = permission
        super().__init__(sentence, code=code, permission=permission.value, **terms)


@dataclass(frozen=True)
class Actor:
    """Who acts, with the role and units that the store holds now."""

    login: str
    name: str
    role: Role
    units: tuple[str, ...] = ()
    """Codes of the units the person heads."""
    branch: frozenset[str] = frozenset()
    """Codes of those units and of all below them."""
    reads_branch_only: bool = False
    """Set where the campaign keeps unit heads to their own branch in reading too."""
    is_anonymous: bool = False
    is_in_archive: bool = False
    """Set where the campaign lies in the archive: then nobody changes anything in it."""

    @property
    def is_system(self) -> bool:
        """Somebody who runs commands on the server: may do everything, as the machine is theirs."""
        return self.login.startswith(SYSTEM)

    @property
    def readable(self) -> frozenset[str] | None:
        """Codes of the units that may be read; None for all of them."""
        return self.branch if _reach(self, Permission.READ) == "branch" else None


ANONYMOUS = Actor(login="", name="", role="viewer", is_anonymous=True)
"""Anybody, where the store is set to public viewing."""


def system_actor(login: str) -> Actor:
    """The actor for somebody who runs a command on the server."""
    return Actor(login=login, name=login.removeprefix(SYSTEM), role="administrator")


def may(actor: Actor, permission: Permission, *, unit: str | None = None) -> bool:
    """Whether this is allowed: for the unit with this code, or, without one, for the whole campaign."""
    reach = _reach(actor, permission)
    return reach == "everywhere" or (reach == "branch" and unit in actor.branch)


def may_somewhere(actor: Actor, permission: Permission) -> bool:
    """Whether this is allowed for at least one unit: what decides if a page or button is shown at all."""
    reach = _reach(actor, permission)
    return reach == "everywhere" or (reach == "branch" and bool(actor.branch))


def check_may(actor: Actor, permission: Permission, *, unit: str | None = None) -> None:
    """Raise Refused, with the reason and who may, unless `may`."""
    if may(actor, permission, unit=unit):
        return
    if _is_closed(actor, permission):
        raise Refused(
            f"This campaign lies in the archive: nobody may {_spoken(permission)} until a coordinator takes it out.",
            code="refused_archived",
            permission=permission,
        )
    if actor.is_anonymous:
        raise refusal_of_strangers(permission)
    allowed = tuple(role for role in ROLES if TABLE[permission].get(role, "nowhere") != "nowhere")
    if _reach(actor, permission) == "branch":
        if not actor.units:
            raise Refused(
                f"The account {actor.login} heads no unit, so it may not {_spoken(permission)}. "
                "An administrator enters its unit on the accounts page.",
                code="refused_no_unit",
                permission=permission,
                login=actor.login,
            )
        raise Refused(
            f"{actor.login} may {_spoken(permission)} only for {', '.join(actor.units)} and the units below"
            + (f", not for {unit}." if unit is not None else "."),
            code="refused_unit" if unit is not None else "refused_whole",
            permission=permission,
            login=actor.login,
            own=", ".join(actor.units),
            **({"unit": unit} if unit is not None else {}),
        )
    raise Refused(
        f"{actor.login} is {actor.role} and may not {_spoken(permission)}. Who may: {', '.join(allowed)}.",
        code="refused_role",
        permission=permission,
        login=actor.login,
        role=actor.role,
        allowed=", ".join(allowed),
    )


def refusal_of_strangers(permission: Permission) -> Refused:
    """The refusal for somebody whom the store does not know, or no longer knows."""
    return Refused(
        f"Nobody may {_spoken(permission)} without signing in.", code="refused_anonymous", permission=permission
    )


def kept_to_branch(actor: Actor) -> Actor:
    """The actor where unit heads read their own branch only; other roles stay as they are."""
    return replace(actor, reads_branch_only=True) if actor.role == "unit_head" else actor


def _is_closed(actor: Actor, permission: Permission) -> bool:
    return actor.is_in_archive and permission not in IN_ARCHIVE


def _reach(actor: Actor, permission: Permission) -> Reach:
    if _is_closed(actor, permission):
        return "nowhere"
    if actor.is_system:
        return "everywhere"
    if actor.is_anonymous and permission is not Permission.READ:
        return "nowhere"
    if permission is Permission.READ and actor.reads_branch_only:
        return "branch"
    return TABLE[permission].get(actor.role, "nowhere")


def _spoken(permission: Permission) -> str:
    return permission.value.replace("_", " ")
