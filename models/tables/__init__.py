"""The tables of a store. One store holds one campaign.

Three kinds live here: what was **reported** (append-only with versions or revisions: readings, scores, baselines,
targets, audit), what is **agreed** between people (units, causes, requests to check), and what is **kept** (answers
derived from the others, rebuildable at any time by `python -m jobs derive`).

Days are whole numbers (days since 1970-01-01) in the large tables, so that a column of them is a column of numpy's
`datetime64[D]` without parsing; see `models.core.store.Day`.
"""

from models.tables.accounts import Account, AccountUnit, Guesses, KnownBrowser, OidcAttempt, SignInSession
from models.tables.agreed import Cause, CheckRequest, ExplanationRequest, PhaseDates
from models.tables.catalogue import ColumnChoice, SourceRow, UnitRow
from models.tables.kept import DailySum, LatestReading, StandingRow
from models.tables.meeting import (
    Agenda,
    Announcement,
    DigestMail,
    MailAddress,
    ResultConfirmation,
    Snapshot,
    SnapshotRow,
    SnapshotWithdrawal,
    Task,
    TaskReport,
)
from models.tables.reported import (
    Alert,
    Baseline,
    CentralTarget,
    Payload,
    Quarantined,
    Reading,
    ReadingFlag,
    Run,
    RunClaim,
    Score,
    Series,
    Target,
)
from models.tables.state import AuditEntry, CampaignFile, CampaignVersion, StoreState

__all__ = [
    "Account",
    "AccountUnit",
    "Agenda",
    "Alert",
    "Announcement",
    "AuditEntry",
    "Baseline",
    "CampaignFile",
    "CampaignVersion",
    "Cause",
    "CentralTarget",
    "CheckRequest",
    "ColumnChoice",
    "DailySum",
    "DigestMail",
    "ExplanationRequest",
    "Guesses",
    "KnownBrowser",
    "LatestReading",
    "MailAddress",
    "OidcAttempt",
    "Payload",
    "PhaseDates",
    "Quarantined",
    "Reading",
    "ReadingFlag",
    "ResultConfirmation",
    "Run",
    "RunClaim",
    "Score",
    "Series",
    "SignInSession",
    "Snapshot",
    "SnapshotRow",
    "SnapshotWithdrawal",
    "SourceRow",
    "StandingRow",
    "StoreState",
    "Target",
    "Task",
    "TaskReport",
    "UnitRow",
]
