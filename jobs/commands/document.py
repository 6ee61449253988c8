"""The command that writes documents: the weekly pack, what is sent after a meeting, the annex of targets."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from jobs.commands.telling import (
    AsJson,
    checked_place,
    kept_language,
    print_json,
    read_day,
    read_instant,
    say,
    words,
    wrong,
)
from jobs.documents.figures import PackFigures, Signing, figures_of_day, figures_of_snapshot
from jobs.documents.letters import as_conclusions, as_reminders, reminders_zipped, units_behind
from jobs.documents.pack import WEEKLY
from jobs.documents.phone import ALL, as_message, as_picture
from jobs.documents.target_annex import AnnexFile, annex_file
from jobs.workplace import Workplace, open_workplace
from models.core.state import find_state
from models.core.texts import text
from models.results.inputs import load_campaign
from models.targets.assigning import find_assigned, find_issue_documents
from targets.errors import UnknownName

Maker = Callable[[PackFigures, str], bytes]
REMINDER, TARGETS = "reminder", "targets"
KINDS: Mapping[str, Mapping[str, Maker]] = MappingProxyType(
    {
        "weekly": WEEKLY,
        "conclusions": {"docx": as_conclusions},
    }
)
"""Kind → ending of the file → what makes it; the others need more than figures and a language."""
ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{kind: tuple(makers) for kind, makers in KINDS.items()},
        REMINDER: ("docx", "zip"),
        TARGETS: ("xlsx", "docx"),
        "message": ("txt",),
        "picture": ("png",),
    }
)


def document(
    kind: str,
    out: Annotated[Path, typer.Option("--out")],
    as_of: str | None = None,
    known_at: str | None = None,
    snapshot: int | None = None,
    unit: list[str] | None = None,
    issued: Annotated[str | None, typer.Option("--document")] = None,
    is_proposed: Annotated[bool, typer.Option("--proposed")] = False,
    indicator: str | None = None,
    level: str | None = None,
    signer: Annotated[int, typer.Option(min=1)] = 1,
    dated: Annotated[bool, typer.Option("--dated")] = False,
    held_at: str = "",
    chair: str = "",
    attendance: str = "",
    as_json: AsJson = False,
) -> None:
    if kind not in ENDINGS:
        raise UnknownName(kind="document", name=kind, allowed=tuple(ENDINGS))
    ending = out.suffix.lower().removeprefix(".")
    if ending not in ENDINGS[kind]:
        endings = ", ".join(f".{each}" for each in ENDINGS[kind])
        raise wrong("ending", "--out", kind=kind, endings=endings, file=out.name)
    if snapshot is not None and (as_of or known_at):
        raise wrong("snapshot_has_its_day", "--snapshot")
    if unit and kind != REMINDER:
        raise wrong("only_reminder_of_units", "--unit")
    if kind != TARGETS and (issued is not None or is_proposed):
        raise wrong("only_annex", "--document" if issued is not None else "--proposed")
    if (indicator or level) and kind not in (REMINDER, "message", "picture"):
        raise wrong("only_of_one", "--indicator" if indicator else "--level")
    place = checked_place(out, option="--out")
    workplace = open_workplace()
    if kind == TARGETS:
        content = _annex(workplace, ending, issued=issued, is_proposed=is_proposed, language=kept_language())
    else:
        figures = _figures(workplace, as_of=as_of, known_at=read_instant(known_at, option="--known-at"),
                           snapshot=snapshot, language=kept_language())  # fmt: skip
        if not 1 <= signer <= len(figures.signers):
            raise wrong("signer", "--signer", count=len(figures.signers))
        signing = Signing(signer - 1, is_dated=dated, place=held_at, chair=chair, attendance=attendance)
        figures = replace(figures, signing=signing)
        _check_choice(figures, indicator, level)
        content = _made(figures, kind, ending, kept_language(), units=unit, indicator=indicator, level=level)
    place.write_bytes(content)
    if as_json:
        print_json({"kind": kind, "file": str(place), "bytes": len(content)})
    else:
        say(words("command.document.written", file=str(place)))


def _check_choice(figures: PackFigures, indicator: str | None, level: str | None) -> None:
    """Raise UnknownName for an indicator or a level that the campaign has not."""
    known = {
        "indicator": (indicator, {ALL, *(each.key for each in figures.campaign.indicators)}),
        "level": (level, {each.key for each in figures.groups}),
    }
    for kind, (name, names) in known.items():
        if name is not None and name not in names:
            raise UnknownName(kind=kind, name=name, allowed=sorted(names))


def _made(
    figures: PackFigures,
    kind: str,
    ending: str,
    language: str,
    *,
    units: list[str] | None,
    indicator: str | None,
    level: str | None,
) -> bytes:
    if kind == REMINDER:
        about = None if indicator == ALL else indicator
        wanted = units or units_behind(figures.meeting, indicator=about, level=level)
        return (reminders_zipped if ending == "zip" else as_reminders)(figures, wanted, language)
    if kind == "message":
        return as_message(figures, language, indicator=indicator, level=level).encode()
    if kind == "picture":
        return as_picture(figures, language, indicator=indicator, level=level)
    return KINDS[kind][ending](figures, language)


def _figures(
    workplace: Workplace, *, as_of: str | None, known_at: datetime | None, snapshot: int | None, language: str
) -> PackFigures:
    day = read_day(as_of, option="--as-of") or workplace.today()
    now = workplace.now()
    with workplace.store.reading() as session:
        if snapshot is not None:
            return figures_of_snapshot(session, snapshot)
        title = text("pack.as_they_stand", language)
        return figures_of_day(session, as_of=day, now=now, known_at=known_at, title=title)


def _annex(workplace: Workplace, ending: str, *, issued: str | None, is_proposed: bool, language: str) -> bytes:
    """Raises UnknownName for a document, and BadParameter where nothing was issued under any."""
    with workplace.store.reading() as session:
        known = [] if is_proposed else find_issue_documents(session)
        found = next((one for one in known if issued in (None, one.number)), None)
        if issued is not None and found is None:
            raise UnknownName(kind="document", name=issued, allowed=[one.number for one in known])
        if found is None and not is_proposed:
            raise wrong("nothing_issued")
        rows = find_assigned(session, today=workplace.today(), document=found)
        campaign, is_simulated = load_campaign(session), find_state(session).simulated
    kind: AnnexFile = "docx" if ending == "docx" else "xlsx"
    return annex_file(rows, campaign, document=found, kind=kind, is_simulated=is_simulated, language=language)
