"""Commands about targets: propose, issue, targets."""

import dataclasses
from contextlib import nullcontext
from decimal import Decimal
from typing import Annotated

import typer

from jobs.commands.telling import Exit, print_json, print_table, read_day, say, telling_mistakes
from jobs.wording.issuing import issue_sentences
from jobs.workplace import Workplace, open_workplace
from models.core import formats
from models.core.formats import target_percent
from models.core.store import taken_back
from models.core.texts import text
from models.results.inputs import load_campaign
from models.results.standing import check_units
from models.targets.actions import issue_targets, propose_targets
from models.targets.assigning import foresee_issue
from models.targets.queries import TargetInForce, find_targets
from models.targets.registrations import check_phase, indicator_named

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Language = Annotated[str, typer.Option("--lang", help="vi or en: the language of what people read.")]


@telling_mistakes
def propose(
    to_rule: Annotated[
        list[str] | None,
        typer.Option(help="An adjustment that goes back to the rule, as UNIT/INDICATOR/PHASE; several times."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let the rules propose a target for every unit, indicator and phase; what the office has adjusted stays."""
    named = [_place(place) for place in to_rule or []]
    workplace = open_workplace()
    context = workplace.context("propose")
    with workplace.store.writing() as session:
        report = propose_targets(session, to_rule=named, context=context)
    if as_json:
        print_json(report)
        return
    say(f"{report.proposed} proposals are new or changed, {report.unchanged} stay as they were.")
    for kept in report.kept:
        say(
            f"{'/'.join(kept.place)} ({kept.name}) stays adjusted to {_bare(kept.value)}; the rule gives "
            f"{_bare(kept.of_rule)} now (`--to-rule {'/'.join(kept.place)}` goes back to it)."
        )
    if report.unknown:
        say(f"{report.unknown} cannot be known yet: a central target is missing (`python -m jobs targets` names it).")


def _place(written: str) -> tuple[str, str, str]:
    match written.split("/"):
        case [unit, indicator, phase]:
            return unit, indicator, phase
    raise typer.BadParameter(f"“{written}” is no UNIT/INDICATOR/PHASE", param_hint="--to-rule")


def _bare(value: Decimal | None) -> str:
    return "no value" if value is None else f"{value:f}"


@telling_mistakes
def issue(
    phase: Annotated[str, typer.Option(help="The phase to issue, e.g. 50-day.")],
    document: Annotated[str, typer.Option(help="Number of the document, e.g. 629/KH-UBND.")],
    date: Annotated[str, typer.Option(help="Date of the document: 2024-03-19 or 19/03/2024.")],
    unit: Annotated[list[str] | None, typer.Option(help="Only a unit's targets; may be given several times.")] = None,
    indicator: Annotated[
        list[str] | None, typer.Option(help="Only an indicator's targets; may be given several times.")
    ] = None,
    is_changed_only: Annotated[
        bool, typer.Option("--changed", help="Only targets that are proposed otherwise than they were issued.")
    ] = False,
    replaces_corrections: Annotated[
        bool, typer.Option("--replace-corrections", help="Also those corrected under a document of their own.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; store nothing.")] = False,
    reason: Annotated[str, typer.Option(help="Why, for the audit.")] = "issue",
    as_json: AsJson = False,
    lang: Language = "vi",
) -> None:
    """Issue the proposed targets of a phase under a document; what was corrected under its own document stays."""
    workplace = open_workplace()
    day = read_day(date, option="--date")
    if day is None:
        raise typer.Exit(Exit.WRONG_USE)
    context, today = workplace.context(reason, document=document), workplace.today()
    with workplace.store.writing() as session:
        campaign = load_campaign(session)
        check_phase(campaign, phase)
        check_units(session, unit or [])
        known = [indicator_named(campaign, key).key for key in indicator or []]
        plan = foresee_issue(session, phase=phase, document=document, document_date=day, today=today)
        only = None
        if unit or known or is_changed_only:
            only = [
                line.place
                for line in plan.lines
                if line.unit in (unit or [line.unit])
                and line.indicator in (known or [line.indicator])
                and (line.is_changed or not is_changed_only)
            ]
        plan = plan.narrowed(only=only)
        again = [line.place for line in plan.kept] if replaces_corrections else []
        with taken_back(session) if dry_run else nullcontext():
            done = issue_targets(
                session, phase=phase, document=document, document_date=day, only=only, again=again, context=context
            )
    if as_json:
        print_json(done)
        return
    said = issue_sentences(plan.narrowed(again=again), campaign, lang)
    issued = text("office.issue.done", lang, issued=formats.whole(done.issued, lang), document=document)
    for sentence in said if dry_run or not done.issued else (issued, *said[1:]):
        say(sentence)


@telling_mistakes
def targets(
    unit: Annotated[list[str] | None, typer.Option(help="Code of a unit; may be given several times.")] = None,
    indicator: Annotated[str | None, typer.Option(help="Key of an indicator, e.g. online.")] = None,
    phase: Annotated[str | None, typer.Option(help="Key of a phase, e.g. 50-day.")] = None,
    as_json: AsJson = False,
    lang: Language = "vi",
) -> None:
    """The target in force of every unit, indicator and phase, with its explanation."""
    workplace = open_workplace()
    with workplace.store.reading() as session:
        found = find_targets(session, units=unit, indicator=indicator, phase=phase)
    if as_json:
        print_json([target_as_json(target) for target in found])
        return
    _print_targets(workplace, found, lang)


def target_as_json(target: TargetInForce) -> dict[str, object]:
    """The row that scripts rely on: decimals as strings, `because` with its cap."""
    row = dataclasses.asdict(target)
    is_capped = row.pop("is_capped")
    row["because"] = f"{target.because}, capped" if is_capped else target.because
    return row


def _print_targets(workplace: Workplace, found: list[TargetInForce], language: str) -> None:
    with workplace.store.reading() as session:
        campaign = load_campaign(session)
    rows = [
        (
            target.name,
            campaign.indicator(target.indicator).name.of(language),
            campaign.phase(target.phase).name.of(language),
            "—" if target.value is None else target_percent(target.value, language),
            text(f"origin.{target.origin}", language),
            target.explanation_en if language == "en" else target.explanation,
        )
        for target in found
    ]
    columns = [text(f"column.{name}", language) for name in ("unit", "indicator", "phase", "target", "origin", "why")]
    print_table(campaign.title.of(language), columns, rows, numbers=(3,))
