"""The command that writes documents: the weekly pack, what is sent after a meeting, the annex of targets."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from jobs.commands.telling import checked_place, print_json, read_day, read_instant, say, telling_mistakes
from jobs.documents.figures import PackFigures, figures_of_day, figures_of_snapshot
from jobs.documents.letters import as_conclusions, as_reminder
from jobs.documents.pack import WEEKLY
from jobs.documents.phone import as_message, as_picture
from jobs.documents.target_annex import AnnexFile, annex_file
from jobs.workplace import Workplace, open_workplace
from models.core.state import find_state
from models.core.texts import text
from models.results.inputs import load_campaign
from models.targets.assigning import find_assigned, find_issue_documents
from targets.errors import UnknownName, WrongUse

Maker = Callable[[PackFigures, str], bytes]
REMINDER, TARGETS = "reminder", "targets"
KINDS: Mapping[str, Mapping[str, Maker]] = MappingProxyType(
    {
        "weekly": WEEKLY,
        "conclusions": {"docx": as_conclusions},
        "message": {"txt": lambda figures, language: as_message(figures, language).encode()},
        "picture": {"png": as_picture},
    }
)
"""Kind → ending of the file → what makes it; the reminder and the annex need more than figures and a language."""
ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {**{kind: tuple(makers) for kind, makers in KINDS.items()}, REMINDER: ("docx",), TARGETS: ("xlsx", "docx")}
)


@telling_mistakes
def document(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(ENDINGS)}.")],
    out: Annotated[Path, typer.Option("--out", help="The file; its ending says what is made, e.g. week.pptx.")],
    as_of: Annotated[str | None, typer.Option(help="The day of the figures; business today where left out.")] = None,
    known_at: Annotated[
        str | None, typer.Option(help="Only what had been recorded by this instant, e.g. 2024-05-06T08:00.")
    ] = None,
    snapshot: Annotated[int | None, typer.Option(help="Frozen figures, by the id that `snapshot` printed.")] = None,
    unit: Annotated[str | None, typer.Option(help="Code of the unit that a reminder is written to.")] = None,
    issued: Annotated[
        str | None, typer.Option("--document", help="The document whose annex is written; the newest where left out.")
    ] = None,
    is_proposed: Annotated[
        bool, typer.Option("--proposed", help="In place of an annex what is proposed and not issued yet.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="vi or en: the language of the document.")] = "vi",
) -> None:
    """Write a document: weekly (pptx, xlsx, docx), reminder and conclusions (docx), message (txt), picture (png)."""
    if kind not in ENDINGS:
        raise typer.BadParameter(f"there is no document “{kind}”; write one of {', '.join(ENDINGS)}", param_hint="KIND")
    ending = out.suffix.lower().removeprefix(".")
    if ending not in ENDINGS[kind]:
        endings = " or ".join(f".{each}" for each in ENDINGS[kind])
        raise typer.BadParameter(f"{kind} is written as {endings}; {out.name} is not", param_hint="--out")
    if snapshot is not None and (as_of or known_at):
        raise WrongUse("A snapshot has its own day and moment: leave out --as-of and --known-at, or the snapshot.")
    if (unit is None) == (kind == REMINDER):
        raise WrongUse("A reminder is written to one unit: name it with --unit. No other document needs it.")
    if kind != TARGETS and (issued is not None or is_proposed):
        raise WrongUse("--document and --proposed are of the annex of targets alone.")
    place = checked_place(out, option="--out")
    workplace = open_workplace()
    if kind == TARGETS:
        content = _annex(workplace, ending, issued=issued, is_proposed=is_proposed, language=lang)
    else:
        figures = _figures(workplace, as_of=as_of, known_at=read_instant(known_at, option="--known-at"),
                           snapshot=snapshot, language=lang)  # fmt: skip
        content = as_reminder(figures, unit, lang) if unit is not None else KINDS[kind][ending](figures, lang)
    place.write_bytes(content)
    if as_json:
        print_json({"kind": kind, "file": str(place), "bytes": len(content)})
    else:
        say(f"{place} is written.")


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
    """Raises UnknownName for a document, and WrongUse where nothing was issued under any."""
    with workplace.store.reading() as session:
        known = [] if is_proposed else find_issue_documents(session)
        found = next((one for one in known if issued in (None, one.number)), None)
        if issued is not None and found is None:
            raise UnknownName(kind="document", name=issued, allowed=[one.number for one in known])
        if found is None and not is_proposed:
            raise WrongUse("Nothing was issued yet, so there is no annex. --proposed writes what is proposed.")
        rows = find_assigned(session, today=workplace.today(), document=found)
        campaign, is_simulated = load_campaign(session), find_state(session).simulated
    kind: AnnexFile = "docx" if ending == "docx" else "xlsx"
    return annex_file(rows, campaign, document=found, kind=kind, is_simulated=is_simulated, language=language)
