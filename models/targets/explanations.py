"""Why a target has its value, in one sentence with its numbers."""

from decimal import Decimal
from typing import Any

from models.core.formats import decided, target_percent
from models.core.texts import LANGUAGES, text, text_of
from models.tables import Target
from targets.rules import NOT_MEANT, RuleCase, better_of, propose, uplifted
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
        return "" if number is None else decided(Decimal(number), indicator.measure, language)

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
    if because == NOT_MEANT:
        return text("explanation.not_meant", language)
    is_down = indicator.lower_is_better
    if because == "fixed" and "units" in terms:
        each = Decimal(value or 0) / int(terms["units"])
        told = {"each": shown(each), "units": terms["units"], "value": shown(value)}
        return text_of("explanation.fixed_together", language, lower_is_better=is_down, **told)
    if because == "fixed":
        return text_of("explanation.fixed", language, lower_is_better=is_down, value=shown(value))
    if because in ("own_registration", "issued_by_decision"):
        under = text("explanation.under_document", language, document=document) if document else ""
        return text_of(f"explanation.{because}", language, lower_is_better=is_down, value=shown(value), document=under)
    years = {"baseline_year": str(campaign.baseline_year), "target_year": str(campaign.target_year)}
    reported = {"central": shown(terms["central"]), "sum": _sum(value, terms, indicator, language)}
    if because != "baseline_missing":
        baseline, qualifier = shown(terms["baseline"]), terms.get("qualifier")
        reported["baseline"] = text(f"figure.{qualifier}", language, value=baseline) if qualifier else baseline
    sentence = text_of(f"explanation.{because}", language, lower_is_better=is_down, **years, **reported)
    if "qualifier" in terms:
        sentence += text("explanation.bound", language, year=years["baseline_year"], baseline=reported["baseline"])
    return sentence


def _sum(value: Decimal | None, terms: dict[str, Any], indicator: Indicator, language: str) -> str:
    """How the value comes about, written as a sum: "giao 50% + 10 điểm phần trăm = 60%"."""

    def shown(number: Decimal | None) -> str:
        return "" if number is None else target_percent(number, language)

    central = Decimal(terms["central"])
    baseline = central if terms["baseline"] is None else Decimal(terms["baseline"])
    uplift, share = Decimal(terms["uplift"]), Decimal(terms["share"])
    case = RuleCase(
        rule=Rule(
            kind="central_plus", uplift=uplift, uplift_kind=terms["uplift_kind"], at_or_above=terms["at_or_above"]
        ),
        best=indicator.best,
        baseline=baseline,
        central=central,
        lower_is_better=indicator.lower_is_better,
    )
    if terms["is_interim"] and terms["phase_1"] == "midpoint":
        reported, key = {"baseline": shown(baseline), "final": shown(propose(case).value)}, "interim_midpoint"
    elif terms["is_interim"] and terms["baseline"] is None:
        reported, key = {}, "interim_centre"
    elif terms["is_interim"]:
        reported = {"central": shown(central), "raised": shown(uplifted(case, baseline, share=share))}
        key = "interim_half"
    elif terms["at_or_above"] == "own_or_central_plus_uplift":
        reported = {"baseline": shown(baseline), "raised": shown(uplifted(case, central))}
        key = "final_own_or_central"
    else:
        written = target_percent(uplift, language).removesuffix("%")
        reported = {"start": shown(better_of(case, baseline, central)), "uplift": written}
        key = "final_relative" if terms["uplift_kind"] == "relative" else "final_points"
    is_down = indicator.lower_is_better
    sentence = text_of(f"explanation.{key}", language, lower_is_better=is_down, value=shown(value), **reported)
    if terms["is_capped"]:
        sentence += text_of("explanation.capped", language, lower_is_better=is_down, ceiling=shown(indicator.best))
    return sentence
