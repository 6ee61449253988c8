"""Commands about several campaigns: into the archive and out of it, and an earlier one's results as starting points."""

from dataclasses import asdict
from typing import Annotated

import typer

from jobs.campaigns.earlier import find_last_results, foresee_taking_over, take_over
from jobs.commands.telling import AsJson, print_json, say, words
from jobs.workplace import Workplace, further_workplaces, open_workplace
from models.campaign.archiving import set_archived
from models.core.state import find_state
from targets.errors import UnknownName

Reason = Annotated[str, typer.Option()]


def archive(reason: Reason, undo: Annotated[bool, typer.Option("--undo")] = False) -> None:
    workplace = open_workplace()
    with workplace.store.writing() as session:
        is_other = set_archived(session, is_archived=not undo, context=workplace.context(reason))
        key = find_state(session).campaign_key
    done = ("taken_out" if undo else "archived") + ("" if is_other else "_already")
    say(words(f"command.archive.{done}", campaign=key))


def baselines(
    source: Annotated[str, typer.Option("--from")],
    reason: Reason,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    as_json: AsJson = False,
) -> None:
    workplace = open_workplace()
    earlier = _named(workplace, source)
    with earlier.store.reading() as session:
        last = find_last_results(session, today=earlier.today())
    with workplace.store.reading() as session:
        foreseen = foresee_taking_over(session, last)
    if not dry_run:
        with workplace.store.writing() as session:
            take_over(session, last, context=workplace.context(reason))
    if as_json:
        print_json(asdict(foreseen))
        return
    counts = {"results": len(foreseen.records), "new": foreseen.new, "changed": len(foreseen.changed)}
    say(words(f"command.baselines.{'foreseen' if dry_run else 'done'}", campaign=source, **counts))
    say(words("command.baselines.others", known=foreseen.unchanged, missing=len(foreseen.missing)))
    if foreseen.left_out:
        say(words("command.baselines.left_out", indicators=", ".join(foreseen.left_out)))
    if foreseen.gone:
        say(words("command.baselines.gone", units=", ".join(foreseen.gone)))


def _named(workplace: Workplace, key: str) -> Workplace:
    """The workplace of the campaign with this key, the front's own or a further one. Raises UnknownName."""
    front = workplace.at_front()
    with front.store.reading() as session:
        places = {find_state(session).campaign_key: front}
    places |= {further.campaign: further for further in further_workplaces(front.settings)}
    if key not in places:
        raise UnknownName(kind="campaign", name=key, allowed=tuple(places))
    return places[key]
