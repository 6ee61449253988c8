"""Commands about targets: propose, issue, targets."""

import dataclasses
from contextlib import nullcontext
from decimal import Decimal
from typing import Annotated

import typer

from jobs.commands.telling import AsJson, Exit, print_json, print_table, read_day, reader_language, say, words, wrong
from jobs.wording.issuing import issue_sentences
from jobs.workplace import Workplace, open_workplace
from models.core.formats import target_percent
from models.core.store import taken_back
from models.core.texts import text
from models.results.inputs import load_campaign
from models.results.standing import check_units
from models.targets.actions import issue_targets, propose_targets
from models.targets.assigning import foresee_issue
from models.targets.queries import TargetInForce, find_targets
from models.targets.registrations import check_phase, indicator_named


def propose(
    to_rule: list[str] | None = None,
    as_json: AsJson = False,
) -> None:
    named = [_place(place) for place in to_rule or []]
    workplace = open_workplace()
    context = workplace.context("propose")
    with workplace.store.writing() as session:
        report = propose_targets(session, to_rule=named, context=context)
    if as_json:
        print_json(report)
        return
    say(words("command.propose.done", proposed=report.proposed, unchanged=report.unchanged))
    for kept in report.kept:
        values = {"value": _bare(kept.value), "of_rule": _bare(kept.of_rule)}
        say(words("command.propose.kept", place="/".join(kept.place), unit=kept.name, **values))
    if report.unknown:
        say(words("command.propose.unknown", count=report.unknown))


def _place(written: str) -> tuple[str, str, str]:
    match written.split("/"):
        case [unit, indicator, phase]:
            return unit, indicator, phase
    raise wrong("place", "--to-rule", written=written)


def _bare(value: Decimal | None) -> str:
    return "—" if value is None else target_percent(value, reader_language())


def issue(
    phase: Annotated[str, typer.Option()],
    document: Annotated[str, typer.Option()],
    date: Annotated[str, typer.Option()],
    unit: list[str] | None = None,
    indicator: list[str] | None = None,
    is_changed_only: Annotated[bool, typer.Option("--changed")] = False,
    replaces_corrections: Annotated[bool, typer.Option("--replace-corrections")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    reason: str = "issue",
    as_json: AsJson = False,
) -> None:
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
    said = issue_sentences(plan.narrowed(again=again), campaign, reader_language())
    issued = words("office.issue.done", issued=done.issued, document=document)
    for sentence in said if dry_run or not done.issued else (issued, *said[1:]):
        say(sentence)


def targets(
    unit: list[str] | None = None,
    indicator: str | None = None,
    phase: str | None = None,
    as_json: AsJson = False,
) -> None:
    workplace = open_workplace()
    with workplace.store.reading() as session:
        found = find_targets(session, units=unit, indicator=indicator, phase=phase)
    if as_json:
        print_json([target_as_json(target) for target in found])
        return
    _print_targets(workplace, found, reader_language())


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
