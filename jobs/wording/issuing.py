"""An issue of targets in words, before and after it is done: the same on the page and on the command line."""

from decimal import Decimal

from jobs.wording import results as wording
from jobs.wording.results import beyond_of
from models.core import formats
from models.core.texts import text
from models.targets.assigning import IssueLine, IssuePlan
from targets.values import Campaign, Indicator

MOST_KEPT = 10
"""Corrections named above the button; the field below has all of them."""


def issue_sentences(plan: IssuePlan, campaign: Campaign, language: str) -> tuple[str, ...]:
    """What is issued, what replaces something, what stays or is left out, and what hardly anybody can reach."""
    issued, changed = len(plan.will_be), sum(line.issued is not None and line.is_changed for line in plan.will_be)
    said = [
        text(
            "office.issue.will" if issued else "office.issue.nothing",
            language,
            phase=campaign.phase(plan.phase).name.of(language),
            document=plan.document,
            date=formats.day(plan.document_date, language),
            **(
                {"issued": formats.whole(issued, language), "units": formats.whole(plan.units, language)}
                if issued
                else {}
            ),
        )
    ]
    counts = {"replaced": plan.count("replaced"), "changed": changed, "unchanged": plan.count("unchanged")}
    for key, count in (counts | {"kept": len(plan.kept)}).items():
        if count:
            said.append(text(f"office.issue.{key}", language, count=formats.whole(count, language)))
    said += [issue_line(line, campaign, language) for line in plan.kept[:MOST_KEPT]]
    said += [
        text(
            "office.issue.left_out",
            language,
            count=formats.whole(count, language),
            indicator=campaign.indicator(key).name.of(language),
        )
        for key, count in plan.left_out.items()
    ]
    return (*said, *(beyond_of(found, campaign, language) for found in plan.beyond))


def issue_line(line: IssueLine, campaign: Campaign, language: str) -> str:
    """ "Sở Một, Thanh toán trực tuyến: đang giao 57% theo 700/KH, dự kiến 60%"."""
    indicator = campaign.indicator(line.indicator)
    terms = {
        "unit": line.name,
        "indicator": indicator.name.of(language),
        "proposed": decided(line.proposed.value, indicator, language),
    }
    if line.issued is None:
        return text("office.issue.line_new", language, **terms)
    terms |= {"value": decided(line.issued.value, indicator, language), "document": line.issued.document}
    return text("office.issue.line", language, **terms)


def decided(value: Decimal | float | None, indicator: Indicator, language: str) -> str:
    """A target, or a dash where there is none."""
    return "–" if value is None else wording.decided(value, indicator, language)
