"""Why a target has its value, in one sentence with its numbers."""

from decimal import Decimal
from typing import Any

from models.core.formats import target_percent
from models.core.texts import LANGUAGES, text
from models.tables import Target
from targets.rules import RuleCase, propose
from targets.values import Campaign, Indicator, Rule


def explain_version(row: Target, *, indicator: Indicator, campaign: Campaign) -> dict[str, str]:
    """The sentence behind a version of a target in each language."""
    return {
        language: explain_target(
            because=row.because,
            value=row.value,
            terms=row.terms,
            document=row.document,
            indicator=indicator,
            campaign=campaign,
            language=language,
        )
        for language in LANGUAGES
    }


def explain_target(
    *,
    because: str,
    value: Decimal | None,
    terms: dict[str, Any],
    document: str,
    indicator: Indicator,
    campaign: Campaign,
    language: str,
) -> str:
    """The sentence behind a target. `terms` are the numbers kept with its proposal, as decimal strings."""

    def shown(number: Decimal | str | None) -> str:
        return "" if number is None else target_percent(Decimal(number), language)

    if because == "central_target_missing":
        return text(
            "explanation.central_target_missing",
            language,
            target_year=str(campaign.target_year),
            indicator=indicator.name.of(language),
        )
    if because == "adjusted":
        reported = {"value": shown(value), "reason": str(terms["reason"])}
        if terms["of_rule"] is None:
            return text("explanation.adjusted_without_rule", language, **reported)
        return text("explanation.adjusted", language, of_rule=shown(terms["of_rule"]), **reported)
    if because == "fixed":
        return text("explanation.fixed", language, value=shown(value))
    if because in ("own_registration", "issued_by_decision"):
        under = text("explanation.under_document", language, document=document) if document else ""
        return text(f"explanation.{because}", language, value=shown(value), document=under)
    years = {"baseline_year": str(campaign.baseline_year), "target_year": str(campaign.target_year)}
    reported = {"central": shown(terms["central"]), "sum": _sum(value, terms, indicator, language)}
    if because != "baseline_missing":
        reported["baseline"] = shown(terms["baseline"])
    return text(f"explanation.{because}", language, **years, **reported)


def _sum(value: Decimal | None, terms: dict[str, Any], indicator: Indicator, language: str) -> str:
    """How the value comes about, written as a sum: "giao 50% + 10 điểm phần trăm = 60%"."""

    def shown(number: Decimal | None) -> str:
        return "" if number is None else target_percent(number, language)

    central = Decimal(terms["central"])
    baseline = central if terms["baseline"] is None else Decimal(terms["baseline"])
    uplift, share = Decimal(terms["uplift"]), Decimal(terms["share"])
    is_relative = terms["uplift_kind"] == "relative"

    def raised(start: Decimal, by: Decimal) -> Decimal:
        return start * (1 + by / 100) if is_relative else start + by

    if terms["is_interim"] and terms["phase_1"] == "midpoint":
        rule = Rule(
            kind="central_plus", uplift=uplift, uplift_kind=terms["uplift_kind"], at_or_above=terms["at_or_above"]
        )
        case = RuleCase(rule=rule, ceiling=indicator.ceiling, baseline=baseline, central=central, is_interim=False)
        reported = {"baseline": shown(baseline), "final": shown(propose(case).value)}
        key = "interim_midpoint"
    elif terms["is_interim"] and terms["baseline"] is None:
        reported, key = {}, "interim_centre"
    elif terms["is_interim"]:
        reported = {"central": shown(central), "raised": shown(raised(baseline, uplift * share))}
        key = "interim_half"
    elif terms["at_or_above"] == "own_or_central_plus_uplift":
        reported = {"baseline": shown(baseline), "raised": shown(raised(central, uplift))}
        key = "final_own_or_central"
    else:
        written = target_percent(uplift, language).removesuffix("%")
        reported = {"start": shown(max(baseline, central)), "uplift": written}
        key = "final_relative" if is_relative else "final_points"
    sentence = text(f"explanation.{key}", language, value=shown(value), **reported)
    if terms["is_capped"]:
        sentence += text("explanation.capped", language, ceiling=shown(indicator.ceiling))
    return sentence
