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
from jobs.commands.telling import (
    AsJson,
    Command,
    Exit,
    commands,
    kept_language,
    print_json,
    progress_to_stderr,
    read_day,
    reader_language,
    say,
    words,
    wrong,
)
from jobs.health.doctor import examine
from jobs.sources import demands, untaken
from jobs.wording.mistakes import mistakes_words
from jobs.workplace import Step, Workplace, further_workplaces, open_workplace
from models import migrations
from models.accounts.passwords import ONE_TIME_FOR
from models.campaign.actions import Founding
from models.catalogue import find_campaign_folder
from models.catalogue.changes import Change
from models.catalogue.toml_table import KEY_PATTERN
from models.core import formats
from models.core.audit import ChangeContext, seal_trail
from models.core.clock import business_now, machine_now
from models.core.settings import CAMPAIGNS
from models.core.state import find_state
from models.core.store import Store
from models.core.trail import record_download
from models.results.inputs import load_campaign
from models.results.kept import Days, bring_up_to_date, days_kept, find_differences
from targets.errors import CampaignFilesError, FileProblem, StoreNotReady, UnknownName
from targets.permissions import Permission

Done = TypeVar("Done")

campaign_app = commands("campaign")
Replace = Annotated[bool, typer.Option("--replace")]


def init(
    campaign: str | None = None,
    demo: Annotated[bool, typer.Option("--demo")] = False,
    demo_if_empty: Annotated[bool, typer.Option("--demo-if-empty")] = False,
    take: Take | None = None,
    seal: Annotated[bool, typer.Option("--seal")] = False,
    as_json: AsJson = False,
) -> None:
    workplace = open_workplace(any_version=True)
    if seal and not workplace.settings.audit_key.get_secret_value():
        raise wrong("no_audit_key", "--seal")
    aside = find_put_aside(workplace)
    if aside and not workplace.store.has_tables():
        raise no_store_but(aside)
    if workplace.store.has_tables():
        migrations.check_known(workplace.store)
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
        say(words("command.init.computed_anew", days=done.days_computed_anew))
    if seal:
        say(words("command.init.sealed"))
    for source in untaken(files.campaign):
        say(words("command.init.untaken", source=source.key))
    for key, says in demands(files.campaign, reader_language()).items():
        say(words("command.init.demand", source=key, says=says))
    if done.simulated_readings:
        say(words("command.init.simulated", readings=done.simulated_readings))
    if done.is_demonstration and done.rehearsal_now is not None:
        say(words("command.init.demonstration", moment=formats.moment(done.rehearsal_now, reader_language())))
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
            say(words("command.init.differ") + listed(shown))
            said = "file" if typer.confirm(words("command.init.take_folder"), default=None) else "store"


def is_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _say_followed(campaign: str, founding: Founding, left: Sequence[Change]) -> None:
    """What of the campaign's files was taken over and what was left, place by place."""
    changes = founding.differences
    if founding.is_new:
        say(words("command.init.new", campaign=campaign, units=founding.units.accepted))
    elif left:
        say(words("command.init.left", campaign=campaign, count=len(left), changes=listed(left)))
    elif not founding.has_new_files:
        say(words("command.init.same", campaign=campaign))
    elif changes:
        said = words("command.init.followed", campaign=campaign, count=len(changes))
        say(said + listed(changes))
    elif founding.changes:
        say(words("command.init.entries", campaign=campaign, count=founding.changes))
    else:
        say(words("command.init.comments", campaign=campaign))
    if founding.staying:
        say(words("command.init.staying") + listed(founding.staying))


def _first_sign_in(administrator: Made) -> str:
    """The one time that the first administrator's password can be read."""
    made = {"login": administrator.login, "password": administrator.password}
    return words("command.init.administrator", days=ONE_TIME_FOR.days, **made)


def _held(workplace: Workplace) -> tuple[bool, datetime | None]:
    """Whether the store holds a campaign already, and the instant it pretends to be in."""
    try:
        with workplace.store.reading() as session:
            return True, find_state(session).rehearsal_now
    except StoreNotReady:
        return False, None


@campaign_app.command("import", cls=Command)
def import_campaign(
    folder: str,
    take: Take | None = None,
    as_json: AsJson = False,
) -> None:
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


@campaign_app.command("new", cls=Command)
def new_campaign(
    key: str,
    source: Annotated[str, typer.Option("--from")],
    start: Annotated[str, typer.Option()],
    days: Annotated[int, typer.Option(min=1, max=366)],
    out: Path | None = None,
    as_json: AsJson = False,
) -> None:
    if not KEY_PATTERN.fullmatch(key):
        raise wrong("key", "KEY")
    first = read_day(start, option="--start")
    assert first is not None  # noqa: S101  # the option must be given
    old, place = load_files(source, language=reader_language()), out or CAMPAIGNS / key
    language = kept_language() if as_json else reader_language()
    new = renewed(old, key=key, start=first, days=days, language=language)
    if is_workbook(place):
        write_new_workbook(place, new.texts, language=kept_language())
    else:
        write_folder(place, new.texts)
    if as_json:
        print_json({"place": str(place), "shifted": new.shifted, "left": new.left, "checked": new.checked})
        return
    say(words("campaign.new.made", place=str(place), campaign=old.campaign.key))
    for part in ("shifted", "left", "checked"):
        say("\n" + words(f"campaign.new.{part}") + "".join(f"\n  - {line}" for line in getattr(new, part)))
    say("\n" + words("campaign.new.next_folder", place=str(out or key)))


@campaign_app.command("export", cls=Command)
def export_campaign(
    folder: Path,
    replace: Replace = False,
    as_json: AsJson = False,
) -> None:
    workplace = open_workplace()
    with workplace.store.reading() as session:
        if is_workbook(folder):
            texts = export_workbook(session, folder, replace=replace, language=kept_language())
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
    say(words("command.export.done", folder=str(folder), files=len(texts)))
    if problems:
        say(words("command.export.mend") + "\n" + mistakes_words(problems, reader_language()))


def derive(
    check: Annotated[bool, typer.Option("--check")] = False,
    as_json: AsJson = False,
) -> None:
    workplace = open_workplace()
    if not check:
        with progress_to_stderr() as tell:
            days = rebuild_kept(
                workplace.store, progress=lambda done, of: tell(Step("computing", {"done": done, "of": of}))
            )
        if as_json:
            print_json({"days": days})
        else:
            say(words("command.derive.done", days=days))
        return
    with progress_to_stderr() as tell:
        tell(Step("proving"))
        differences = check_kept(workplace.store, "en" if as_json else reader_language())
    if as_json:
        print_json({"differences": differences})
    elif differences:
        say("\n".join(differences))
    else:
        say(words("command.derive.equal"))
    if differences:
        raise typer.Exit(Exit.FAILED)


def doctor(
    against: str | None = None,
    as_json: AsJson = False,
) -> None:
    workplace = open_workplace(any_version=True)
    language = "en" if as_json else reader_language()
    findings = examine(workplace, against=against, language=language)
    if not workplace.campaign:
        findings += [
            replace(
                finding,
                subject=f"{further.campaign}: {finding.subject}",
                name=f"{further.campaign}: {finding.name}",
            )
            for further in further_workplaces(workplace.settings)
            for finding in examine(further, language=language)
        ]
    if as_json:
        print_json([{"subject": each.subject, "is_well": each.is_well, "says": each.says} for each in findings])
    else:
        for finding in findings:
            say(words(f"doctor.{'well' if finding.is_well else 'trouble'}", name=finding.name, says=finding.says))
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(Exit.FAILED)


def rebuild_kept(store: Store, *, progress: Days | None = None) -> int:
    """Recompute every kept day in one transaction; answers how many days are kept."""
    with store.writing() as session:
        find_state(session)
        bring_up_to_date(session, progress=progress)
        return days_kept(find_state(session), load_campaign(session))


def check_kept(store: Store, language: str = "en") -> list[str]:
    """Where the kept tables differ from what follows from the readings, one sentence each."""
    with store.reading() as session:
        return find_differences(session, language)
