"""Commands about the store: init, derive, doctor."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from jobs.accounts import Made, make_first_administrator
from jobs.backups.restore import find_put_aside, no_store_but
from jobs.campaigns.folder import is_broken_off, settle
from jobs.campaigns.initialise import Initialised, initialise
from jobs.commands.telling import Exit, print_json, progress_to_stderr, say, telling_mistakes
from jobs.health.doctor import examine
from jobs.sources import UNTAKEN, demands, untaken
from jobs.workplace import Workplace, open_workplace
from models.accounts.passwords import ONE_TIME_FOR
from models.catalogue import find_campaign_folder, load_campaign_files
from models.core.audit import ChangeContext, seal_trail
from models.core.clock import business_now, machine_now
from models.core.settings import CAMPAIGNS, TIMEZONE
from models.core.state import find_state
from models.core.store import Store
from models.results.inputs import load_campaign
from models.results.kept import Days, bring_up_to_date, days_kept, find_differences
from targets.errors import StoreNotReady

MOST_SAID = 20
"""Places of the campaign's files that `init` names one by one."""
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


@telling_mistakes
def init(
    campaign: Annotated[
        str | None, typer.Option(help="A folder in data/campaigns, or a path to one. Default: CAODIEM_CAMPAIGN.")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Add simulated days, marked as simulated everywhere.")] = False,
    demo_if_empty: Annotated[
        bool, typer.Option("--demo-if-empty", help="Like --demo, but a store that holds a campaign stays what it is.")
    ] = False,
    seal: Annotated[
        bool, typer.Option("--seal", help="Seal the audit trail as it stands with CAODIEM_AUDIT_KEY, old or new.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Create or upgrade the store and load a campaign. Run again it follows changed files and loses nothing."""
    workplace = open_workplace(any_version=True)
    if seal and not workplace.settings.audit_key.get_secret_value():
        raise typer.BadParameter("there is no key to seal with; set CAODIEM_AUDIT_KEY", param_hint="--seal")
    aside = find_put_aside(workplace)
    if aside and not workplace.store.has_tables():
        raise StoreNotReady(no_store_but(aside))
    folder = find_campaign_folder(campaign or workplace.settings.campaign, root=CAMPAIGNS)
    if is_broken_off(folder) and workplace.store.has_tables():
        settle(workplace.store, folder)
    files = load_campaign_files(folder)
    if workplace.store.is_sqlite and not workplace.settings.database:
        Path(workplace.settings.home).mkdir(parents=True, exist_ok=True)
    is_held, rehearsal = _held(workplace)
    with progress_to_stderr() as tell:
        done = initialise(
            workplace.store,
            files,
            with_demonstration=demo or (demo_if_empty and not is_held),
            by=workplace.by,
            now=business_now(workplace.settings, rehearsal=rehearsal),
            tell=tell,
            reread=lambda: load_campaign_files(folder),
        )
    # After the store's own change: a password takes its time on purpose, and the store is not locked for it.
    context = ChangeContext(
        by=workplace.by, reason="init", now=business_now(workplace.settings, rehearsal=done.rehearsal_now)
    )
    if seal:
        with workplace.store.writing() as session:
            seal_trail(session, context=context)
    administrator = make_first_administrator(workplace.store, context=context, machine=machine_now())
    if as_json:
        first = administrator and {"login": administrator.login, "password": administrator.password}
        print_json({**asdict(done), "administrator": first})
        return
    _say_followed(done)
    if done.days_computed_anew:
        say(f"Another version had computed what is kept: the results of {done.days_computed_anew} days were made anew.")
    if seal:
        say("The audit trail is sealed with CAODIEM_AUDIT_KEY.")
    for source in untaken(files.campaign):
        say(f"No indicator takes its figures from the source {source.key}: {UNTAKEN}")
    for key, says in demands(files.campaign).items():
        say(f"The source {key}: {says}.")
    if done.simulated_readings:
        say(f"{done.simulated_readings} simulated readings added.")
    if done.is_demonstration and done.rehearsal_now is not None:
        say(
            "This is a demonstration: all its figures are simulated, its time is "
            f"{done.rehearsal_now.astimezone(TIMEZONE):%d/%m/%Y %H:%M}."
        )
    if administrator is not None:
        say(_first_sign_in(administrator))


def _say_followed(done: Initialised) -> None:
    """What of the campaign's files was taken over, place by place."""
    founding, begin = done.founding, f"Campaign {done.campaign}:"
    if founding.is_new:
        say(f"{begin} {founding.units.accepted} units loaded.")
    elif not founding.has_new_files:
        say(f"{begin} up to date.")
    elif founding.differences:
        say(f"{begin} its files have changed, {len(founding.differences)} places followed.")
        for change in founding.differences[:MOST_SAID]:
            say(f"  {change}")
        if len(founding.differences) > MOST_SAID:
            say(f"  … and {len(founding.differences) - MOST_SAID} more; the audit trail names them.")
    elif founding.changes:
        say(f"{begin} its files have changed, {founding.changes} entries followed.")
    else:
        say(f"{begin} only comments, spacing or the order of rows have changed in its files; they were followed.")
    for change in founding.staying[:MOST_SAID]:
        say(f"  {change.file}, {change.place}: stays in the store although the row was taken out of the file.")


def _first_sign_in(administrator: Made) -> str:
    """The one time that the first administrator's password can be read."""
    return (
        "The first administrator may sign in now; a password of one's own is chosen there.\n"
        f"  login:             {administrator.login}\n"
        f"  one-time password: {administrator.password}\n"
        f"It is shown this once and works for {ONE_TIME_FOR.days} days. "
        f"Lost: `python -m jobs account password {administrator.login}` makes another."
    )


def _held(workplace: Workplace) -> tuple[bool, datetime | None]:
    """Whether the store holds a campaign already, and the instant it pretends to be in."""
    try:
        with workplace.store.reading() as session:
            return True, find_state(session).rehearsal_now
    except StoreNotReady:
        return False, None


@telling_mistakes
def derive(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; prove that kept equals computed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Rebuild the kept tables from the readings, or prove them equal."""
    workplace = open_workplace()
    if not check:
        with progress_to_stderr() as tell:
            tell("Rebuilding the kept tables")
            days = rebuild_kept(
                workplace.store, progress=lambda done, total: tell(f"Rebuilding the kept tables: day {done} of {total}")
            )
        if as_json:
            print_json({"days": days})
        else:
            say(f"Rebuilt the kept tables for {days} days.")
        return
    with progress_to_stderr() as tell:
        tell("Computing everything from the readings")
        differences = check_kept(workplace.store)
    if as_json:
        print_json({"differences": differences})
    elif differences:
        say("\n".join(differences))
    else:
        say("Everything kept equals what follows from the readings.")
    if differences:
        raise typer.Exit(Exit.FAILED)


@telling_mistakes
def doctor(
    against: Annotated[
        str | None,
        typer.Option(
            help="An end of the audit trail noted earlier, or a file that holds some (backup, journal, digest): is the "
            "trail still the one it was?"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Examine settings, store, migrations, audit trail, figures, files and disk: a line each, exit 1 on trouble."""
    findings = examine(open_workplace(any_version=True), against=against)
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            say(f"{'ok     ' if finding.is_well else 'TROUBLE'} {finding.subject}: {finding.says}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(Exit.FAILED)


def rebuild_kept(store: Store, *, progress: Days | None = None) -> int:
    """Recompute every kept day in one transaction; answers how many days are kept."""
    with store.writing() as session:
        find_state(session)
        bring_up_to_date(session, progress=progress)
        return days_kept(find_state(session), load_campaign(session))


def check_kept(store: Store) -> list[str]:
    """What is kept otherwise than it follows from the readings, one sentence each."""
    with store.reading() as session:
        return find_differences(session)
