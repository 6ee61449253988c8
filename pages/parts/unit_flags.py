"""What was odd about a unit's figures, in a sentence each: somebody should look, nobody is blamed."""

from collections.abc import Mapping
from typing import Any

from models import formats
from models.queries.arrivals import Flag
from models.texts import text
from targets.flags import BUNCHED, FELL, FROZEN, JUMPED
from targets.values import Campaign, Indicator


def flag(found: Flag, *, campaign: Campaign, language: str) -> str:
    """Which figure it is, and what is odd about it."""
    indicator = campaign.indicator(found.indicator)
    return text(
        "unit.flag.line",
        language,
        name=indicator.name.of(language),
        date=formats.day(found.as_of, language),
        source=campaign.source(found.source).name.of(language),
        said=what_is_odd(found.kind, found.terms, indicator=indicator, language=language),
    )


def what_is_odd(kind: str, terms: Mapping[str, Any], *, indicator: Indicator, language: str) -> str:
    """What is odd alone, for lists that say elsewhere which figure it is."""
    said = {FELL: _fell, JUMPED: _jumped, FROZEN: _frozen, BUNCHED: _bunched}[kind]
    return said(terms, indicator, language)


def _fell(terms: Mapping[str, Any], indicator: Indicator, language: str) -> str:
    """What only adds up within a period went down: a count, or a rate where only rates are told."""
    if terms["of"] == "value":
        return text("unit.flag.fell_rate", language, **_rates(terms, language))
    counts = {"numerator": indicator.numerator, "denominator": indicator.denominator}
    return text(
        "unit.flag.fell_count",
        language,
        counted=counts[terms["of"]].of(language),
        before=formats.whole(int(terms["before"]), language),
        after=formats.whole(int(terms["after"]), language),
    )


def _jumped(terms: Mapping[str, Any], _indicator: Indicator, language: str) -> str:
    moved = terms["after"] - terms["before"]
    points = text("points", language, number=formats.decimal(abs(moved), language))
    key = "unit.flag.rose" if moved > 0 else "unit.flag.sank"
    return text(key, language, points=points, **_rates(terms, language))


def _frozen(terms: Mapping[str, Any], _indicator: Indicator, language: str) -> str:
    return text("unit.flag.frozen", language, days=formats.whole(int(terms["days"]), language))


def _bunched(terms: Mapping[str, Any], _indicator: Indicator, language: str) -> str:
    return text(
        "unit.flag.bunched_at_100",
        language,
        units=formats.whole(int(terms["units"]), language),
        share=formats.percent(terms["share"], language),
    )


def _rates(terms: Mapping[str, Any], language: str) -> dict[str, str]:
    return {name: formats.percent(terms[name], language) for name in ("before", "after")}
