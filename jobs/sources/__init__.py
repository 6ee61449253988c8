"""The kinds of sources: each module here that ends in `SOURCE = SourceKind(...)` is one. The folder is the registry."""

import importlib
import pkgutil
import re
from datetime import datetime, time
from functools import cache
from urllib.parse import urlsplit

from apscheduler.triggers.cron import CronTrigger
from pydantic import BaseModel, ValidationError

from jobs.fetching.values import SourceKind
from models.catalogue.problems import Problems
from models.core.settings import TIMEZONE
from targets.errors import UnknownName
from targets.values import PUBLISHED, Campaign, Indicator, Source

BY_HAND = ("file", PUBLISHED)
"""Kinds that are never pulled: files people hand in, figures taken from a publication."""

PASSWORD = re.compile(r"://[^/?#\s]*:[^/?#\s]*@")
"""`user:password@` in an address."""


@cache
def kinds() -> dict[str, SourceKind]:
    """Every kind of source by its key."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    found = [module.SOURCE for module in modules if hasattr(module, "SOURCE")]
    return {kind.key: kind for kind in found}


def kind_of(source: Source) -> SourceKind:
    """What reads a source. Raises UnknownName for a kind that nothing reads."""
    if source.kind not in kinds():
        raise UnknownName(kind="kind of source", name=source.kind, allowed=sorted(kinds()))
    return kinds()[source.kind]


def is_pulled(source: Source) -> bool:
    """Whether a source is asked by itself; files handed in and publications are not."""
    return source.kind not in BY_HAND


def options_of(source: Source) -> BaseModel:
    """The source's options, checked by its kind; raises pydantic's ValidationError where they are wrong."""
    return kind_of(source).options.model_validate(dict(source.options))


def untaken(campaign: Campaign) -> tuple[Source, ...]:
    """Sources that are switched on and report figures, and that no indicator names: stored, and never judged."""
    taken = {key for indicator in campaign.indicators for key in indicator.sources if _tells(campaign, key, indicator)}
    return tuple(
        source
        for source in campaign.sources
        if source.enabled and source.kind != PUBLISHED and str(source.options.get("counts_as", source.key)) not in taken
    )


def demands(campaign: Campaign, language: str) -> dict[str, str]:
    """Source that is switched on → what must be arranged at the source and cannot be checked from here."""
    asked = {source.key: kind_of(source).demand(source, language) for source in campaign.sources if _is_asked(source)}
    return {key: says for key, says in asked.items() if says}


def _is_asked(source: Source) -> bool:
    return source.enabled and is_pulled(source) and source.kind in kinds()


def _tells(campaign: Campaign, key: str, indicator: Indicator) -> bool:
    """Whether a source that an indicator names is one that its figures are taken from."""
    return any(
        source.key == key and (not source.indicators or indicator.key in source.indicators)
        for source in campaign.sources
    )


def check_sources(campaign: Campaign) -> None:
    """Refuse what sources.toml says of its sources where their kinds cannot use it.

    Raises CampaignFilesError naming every mistake: an unknown kind, a missing address, options that are wrong.
    """
    problems = Problems()
    for source in campaign.sources:
        if is_pulled(source):
            _check_source(source, campaign, problems)
    problems.refuse_if_any()


_WORDED = {"missing": {"code": "missing"}, "extra_forbidden": {"code": "other_key"}}
"""Mistakes of options that have words of their own; the others are said in those of the kind, for whoever set it up."""


def _check_source(source: Source, campaign: Campaign, problems: Problems) -> None:
    def complain(key: str, problem: str, *, code: str, **terms: object) -> None:
        problems.add("sources.toml", f"{source.key}.{key}", problem=problem, code=code, **terms)

    if source.kind not in kinds():
        allowed = ", ".join(f"“{key}”" for key in sorted((*kinds(), *BY_HAND)))
        problem = f"is “{source.kind}”, which nothing here reads. Allowed: {allowed}."
        complain("kind", problem, code="source_kind", value=source.kind, known=allowed)
        return
    kind = kinds()[source.kind]
    if kind.needs_address and source.enabled and not source.address:
        problem = f"is missing; a source of kind “{kind.key}” is asked at one (or set enabled = false)."
        complain("address", problem, code="no_address")
    if source.address and PASSWORD.search(source.address):
        problem = "holds a password; leave it out and name the environment variable that holds it as secret."
        complain("address", problem, code="address_password")
    if source.address and kind.needs_address and kind.schemes and not _begins(source.address, kind.schemes):
        allowed = " or ".join(f"{scheme}://" for scheme in kind.schemes)
        complain(
            "address",
            f"is no address that a source of kind “{kind.key}” can be asked at; it begins with {allowed} and names a "
            f"machine, such as {kind.schemes[0]}://figures.example.gov.vn.",
            code="address_form",
            example=f"{kind.schemes[0]}://figures.example.gov.vn",
        )
    if kind.needs_secret and source.enabled and not source.secret:
        complain("secret", "is missing; name the environment variable that holds its token.", code="no_secret")
    if source.schedule is not None:
        try:
            trigger = CronTrigger.from_crontab(source.schedule, timezone=TIMEZONE)
        except ValueError as error:
            problem = f"is “{source.schedule}”, which is no time of cron: {error}."
            complain("schedule", problem, code="schedule", value=source.schedule)
        else:
            first = datetime.combine(campaign.start, time(), tzinfo=TIMEZONE)
            if trigger.get_next_fire_time(None, first) is None:
                problem = f"is “{source.schedule}”, a time that never comes."
                complain("schedule", problem, code="schedule_never", value=source.schedule)
    try:
        options = kind.options.model_validate(dict(source.options))
    except ValidationError as mistakes:
        for mistake in mistakes.errors():
            where = ".".join(str(part) for part in ("options", *mistake["loc"]))
            said = f"{mistake['msg'][0].lower()}{mistake['msg'][1:].removesuffix('.')}"
            complain(where, f"{said}.", **_WORDED.get(mistake["type"], {"code": "option", "said": said}))
        return
    for where, problem in kind.mistakes(options, source, campaign):
        complain(where, problem, code="option", said=problem.removesuffix("."))


def _begins(address: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname)
