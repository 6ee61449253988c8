"""Commands about several campaigns: into the archive and out of it, and an earlier one's results as starting points."""

from dataclasses import asdict
from typing import Annotated

import typer

from jobs.campaigns.earlier import find_last_results, foresee_taking_over, take_over
from jobs.commands.telling import print_json, say, telling_mistakes
from jobs.workplace import Workplace, further_workplaces, open_workplace
from models.campaign.archiving import set_archived
from models.core.state import find_state
from targets.errors import UnknownName

Reason = Annotated[str, typer.Option(help="Why; it stays in the audit trail.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


@telling_mistakes
def archive(
    reason: Reason, undo: Annotated[bool, typer.Option("--undo", help="Take it out of the archive again.")] = False
) -> None:
    """Put a campaign that is over into the archive: it is read and no longer changed."""
    workplace = open_workplace()
    with workplace.store.writing() as session:
        is_other = set_archived(session, is_archived=not undo, context=workplace.context(reason))
        key = find_state(session).campaign_key
    where = "out of the archive" if undo else "in the archive"
    say(f"The campaign {key} is {where}{'' if is_other else ' already'}.")


@telling_mistakes
def baselines(
    source: Annotated[str, typer.Option("--from", help="The key of the earlier campaign.")],
    reason: Reason,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be recorded.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take an earlier campaign's results of its last day over as what this one starts from."""
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
    done = "would be recorded" if dry_run else "recorded"
    say(f"{len(foreseen.records)} results of {source} {done}: {foreseen.new} new, {len(foreseen.changed)} different.")
    say(f"{foreseen.unchanged} are known already, {len(foreseen.missing)} stay unknown.")
    if foreseen.left_out:
        say(
            f"Indicators left out, which it did not have or counted from another day on: {', '.join(foreseen.left_out)}"
        )
    if foreseen.gone:
        say(f"Units that this campaign does not have: {', '.join(foreseen.gone)}")


def _named(workplace: Workplace, key: str) -> Workplace:
    """The workplace of the campaign with this key, the front's own or a further one. Raises UnknownName."""
    front = workplace.at_front()
    with front.store.reading() as session:
        places = {find_state(session).campaign_key: front}
    places |= {further.campaign: further for further in further_workplaces(front.settings)}
    if key not in places:
        raise UnknownName(kind="campaign", name=key, allowed=tuple(places))
    return places[key]
