"""Commands about the store: init, the campaign's files in and out, derive, doctor."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from jobs.accounts import Made, bring_people, make_first_administrator
from jobs.backups.restore import find_put_aside, no_store_but
from jobs.campaigns.changing import load_checked, open_campaign
from jobs.campaigns.folder import (
    FolderDiffers,
    Take,
    export_folder,
    export_workbook,
    is_workbook,
    listed,
    load_files,
    take_folder,
    write_new_workbook,
)
from jobs.campaigns.initialise import Initialised, bring_to_this_version, check_place, initialise
from jobs.campaigns.renewal import renewed, write_folder
from jobs.commands.telling import Exit, print_json, progress_to_stderr, read_day, reader_language, say, telling_mistakes
from jobs.health.doctor import examine
from jobs.sources import UNTAKEN, demands, untaken
from jobs.wording.mistakes import mistakes_words
from jobs.workplace import Workplace, further_workplaces, open_workplace
from models.accounts.passwords import ONE_TIME_FOR
from models.campaign.actions import Founding
from models.catalogue import find_campaign_folder
from models.catalogue.changes import Change
from models.catalogue.toml_table import KEY_PATTERN
from models.core.audit import ChangeContext, seal_trail
from models.core.clock import business_now, machine_now
from models.core.settings import CAMPAIGNS, TIMEZONE
from models.core.state import find_state
from models.core.store import Store
from models.core.texts import text
from models.core.trail import record_download
from models.results.inputs import load_campaign
from models.results.kept import Days, bring_up_to_date, days_kept, find_differences
from targets.errors import CampaignFilesError, FileProblem, StoreNotReady, UnknownName
from targets.permissions import Permission

Done = TypeVar("Done")

campaign_app = typer.Typer(
    help="The campaign's files: taken in from a folder, written out into one.", no_args_is_help=True
)
TakeOption = Annotated[
    Take | None,
    typer.Option(help="Which holds where folder and store were both changed. Default: asked, or refused by a script."),
]
Replace = Annotated[bool, typer.Option("--replace", help="Write over what the store does not know.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


@telling_mistakes
def init(
    campaign: Annotated[
        str | None,
        typer.Option(help="A folder in data/campaigns, a path to one, or a workbook. Default: CAODIEM_CAMPAIGN."),
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Add simulated days, marked as simulated everywhere.")] = False,
    demo_if_empty: Annotated[
        bool, typer.Option("--demo-if-empty", help="Like --demo, but a store that holds a campaign stays what it is.")
    ] = False,
    take: TakeOption = None,
    seal: Annotated[
        bool, typer.Option("--seal", help="Seal the audit trail as it stands with CAODIEM_AUDIT_KEY, old or new.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Create or upgrade the store and load a campaign. Run again it follows a changed folder and loses nothing."""
    workplace = open_workplace(any_version=True)
    if seal and not workplace.settings.audit_key.get_secret_value():
        raise typer.BadParameter("there is no key to seal with; set CAODIEM_AUDIT_KEY", param_hint="--seal")
    aside = find_put_aside(workplace)
    if aside and not workplace.store.has_tables():
        raise StoreNotReady(no_store_but(aside))
    files = load_files(campaign or workplace.settings.campaign, language=reader_language())
    check_place(workplace, files.campaign.key)
    if workplace.store.is_sqlite and not workplace.settings.database:
        Path(workplace.settings.home).mkdir(parents=True, exist_ok=True)
    is_held, rehearsal = _held(workplace)
    now = business_now(workplace.settings, rehearsal=rehearsal)

    def made_ready(take: Take | None) -> Initialised:
        with progress_to_stderr() as tell:
            return initialise(
                workplace.store,
                files,
                with_demonstration=demo or (demo_if_empty and not is_held),
                by=workplace.by,
                now=now,
                tell=tell,
                take=take,
            )

    done = _asked(made_ready, take=take, may_ask=not as_json)
    # After the store's own change: a password takes its time on purpose, and the store is not locked for it.
    context = ChangeContext(
        by=workplace.by, reason="init", now=business_now(workplace.settings, rehearsal=done.rehearsal_now)
    )
    if seal:
        with workplace.store.writing() as session:
            seal_trail(session, context=context)
    administrator = None
    if workplace.campaign:
        bring_people(workplace, context=context)
    else:
        administrator = make_first_administrator(workplace.store, context=context, machine=machine_now())
        for further in further_workplaces(workplace.settings):
            bring_to_this_version(further)
    if as_json:
        first = administrator and {"login": administrator.login, "password": administrator.password}
        print_json({**asdict(done), "administrator": first})
        return
    _say_followed(done.campaign, done.founding, done.left)
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


def _asked(take_in: Callable[[Take | None], Done], *, take: Take | None, may_ask: bool) -> Done:
    """Take a folder in; where somebody has to say which holds, a person at a terminal is asked.

    The store is not locked while somebody thinks: an answer holds for what was shown, else the question is put anew.
    """
    shown, said = None, take
    while True:
        try:
            return take_in(take)
        except FolderDiffers as differs:
            if not (may_ask and is_terminal()):
                raise
            if differs.changes == shown:
                return take_in(said)
            shown = differs.changes
            say(f"The folder and the store differ (store → folder):{listed(shown)}")
            said = "file" if typer.confirm("Take the folder's?", default=None) else "store"


def is_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _say_followed(campaign: str, founding: Founding, left: Sequence[Change]) -> None:
    """What of the campaign's files was taken over and what was left, place by place."""
    begin = f"Campaign {campaign}:"
    if founding.is_new:
        say(f"{begin} {founding.units.accepted} units loaded.")
    elif left:
        say(
            f"{begin} the store's holds; places where its folder says otherwise: {len(left)} (store → folder)"
            f"{listed(left)}\n`python -m jobs campaign export FOLDER` writes the store's, "
            "`init --take file` takes the folder's."
        )
    elif not founding.has_new_files:
        say(f"{begin} up to date.")
    elif founding.differences:
        changes = founding.differences
        say(f"{begin} its files have changed, {len(changes)} places followed.{listed(changes)}")
    elif founding.changes:
        say(f"{begin} its files have changed, {founding.changes} entries followed.")
    else:
        say(f"{begin} only comments, spacing or the order of rows have changed in its files; they were followed.")
    if founding.staying:
        say(f"Rows taken out of the files that stay in the store:{listed(founding.staying)}")


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


@campaign_app.command(name="import")
@telling_mistakes
def import_campaign(
    folder: Annotated[str, typer.Argument(help="A folder in data/campaigns, a path to one, or a workbook.")],
    take: TakeOption = None,
    as_json: AsJson = False,
) -> None:
    """Take a changed folder or workbook of the running campaign in; nothing is overwritten in the store unasked."""
    workplace = open_workplace()
    context = workplace.context("campaign import")
    with workplace.store.reading() as session:
        before = open_campaign(session).held
    files = load_checked(load_files(folder, before=before, language=reader_language()).texts)
    is_own = _is_own(workplace, folder)

    def taken(take: Take | None) -> tuple[Founding, tuple[Change, ...]]:
        with workplace.store.writing() as session:
            return take_folder(session, files, take=take, is_own=is_own, context=context)

    founding, left = _asked(taken, take=take, may_ask=not as_json)
    if as_json:
        print_json({"founding": asdict(founding), "left": left})
    else:
        _say_followed(files.campaign.key, founding, left)


def _is_own(workplace: Workplace, folder: str) -> bool:
    """Whether a folder or workbook is the one that the settings name, which `init` takes in."""
    try:
        own, told = (
            Path(each) if is_workbook(each) else find_campaign_folder(each, root=CAMPAIGNS)
            for each in (workplace.settings.campaign, folder)
        )
    except UnknownName:
        return False
    return own.resolve() == told.resolve()


@campaign_app.command(name="new")
@telling_mistakes
def new_campaign(
    key: Annotated[str, typer.Argument(help="What the new campaign is called in commands: dak-lak-2025.")],
    source: Annotated[
        str, typer.Option("--from", help="The campaign to start from: a folder in data/campaigns, a path, a workbook.")
    ],
    start: Annotated[str, typer.Option(help="Its first day: 2025-03-22 or 22/03/2025.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days it runs, both ends counted.")],
    out: Annotated[
        Path | None, typer.Option(help="The folder or workbook (FILE.xlsx) to write. Default: data/campaigns/KEY.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="vi or en: the language of what people read.")] = "vi",
    as_json: AsJson = False,
) -> None:
    """Make a new campaign from another one's files: dates shifted, the old year's figures left out, the rest named."""
    if not KEY_PATTERN.fullmatch(key):
        raise typer.BadParameter("a key holds small letters without accents, digits and hyphens", param_hint="KEY")
    first = read_day(start, option="--start")
    assert first is not None  # noqa: S101  # the option must be given
    old, place = load_files(source, language=lang), out or CAMPAIGNS / key
    new = renewed(old, key=key, start=first, days=days, language=lang)
    if is_workbook(place):
        write_new_workbook(place, new.texts, language=lang)
    else:
        write_folder(place, new.texts)
    if as_json:
        print_json({"place": str(place), "shifted": new.shifted, "left": new.left, "checked": new.checked})
        return
    say(text("campaign.new.made", lang, place=str(place), campaign=old.campaign.key))
    for part in ("shifted", "left", "checked"):
        say("\n" + text(f"campaign.new.{part}", lang) + "".join(f"\n  - {line}" for line in getattr(new, part)))
    say("\n" + text("campaign.new.next_folder", lang, place=str(out or key)))


@campaign_app.command(name="export")
@telling_mistakes
def export_campaign(
    folder: Annotated[
        Path, typer.Argument(help="The folder to write (new, empty, or of this campaign), or a workbook, FILE.xlsx.")
    ],
    replace: Replace = False,
    as_json: AsJson = False,
) -> None:
    """Write the campaign as the store holds it into a folder or workbook; a file that says the same stays as it was."""
    workplace = open_workplace()
    with workplace.store.reading() as session:
        if is_workbook(folder):
            texts = export_workbook(session, folder, replace=replace, language=reader_language())
        else:
            texts = export_folder(session, folder, replace=replace)
    with workplace.store.writing() as session:
        record_download(
            session,
            subject="campaign workbook" if is_workbook(folder) else "campaign folder",
            narrowed={"file": folder.name},
            permission=Permission.CHANGE_CAMPAIGN,
            context=workplace.context("campaign export"),
        )
    try:
        load_checked(texts)
        problems: tuple[FileProblem, ...] = ()
    except CampaignFilesError as mistakes:  # an import takes in what a folder may not say
        problems = mistakes.problems
    if as_json:
        print_json({"folder": str(folder), "files": list(texts), "problems": [str(problem) for problem in problems]})
        return
    say(f"{folder}: {len(texts)} files, as the store holds the campaign.")
    if problems:
        say(f"Before the folder can be taken in again, mend.\n{mistakes_words(problems, reader_language())}")


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
    workplace = open_workplace(any_version=True)
    findings = examine(workplace, against=against)
    if not workplace.campaign:
        findings += [
            replace(finding, subject=f"{further.campaign}: {finding.subject}")
            for further in further_workplaces(workplace.settings)
            for finding in examine(further)
        ]
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
    """Where the kept tables differ from what follows from the readings, one sentence each."""
    with store.reading() as session:
        return find_differences(session)
