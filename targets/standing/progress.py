"""Where each unit stands: value, gap, dossiers, this week, the best still attainable, and the standing.

Vectorised: one element per unit × indicator × phase × day. This is the only place where a standing is decided.
Definitions: definitions.md, "Numbers of a row" and "Standing".
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from targets.values import LESS, MAY_BE_LESS, MAY_BE_MORE, RANGE, STANDINGS, Shortfall, Thresholds

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

SHORTFALLS: tuple[Shortfall, ...] = ("repairable", "diluted", "permanent")
REPAIRABLE, DILUTED, PERMANENT = range(3)
TARGET_SCALE = 10**6
"""Targets are compared as whole millionths of a point, so that `met` is exact."""
FULL = 100 * TARGET_SCALE
NOISE = 1e-9
STANDING_CODE = {word: code for code, word in enumerate(STANDINGS)}
BY_NOTHING, BY_GAP, BY_PROBABILITY = range(3)
BY_WORDS = (None, "gap", "probability")
"""What they are called in a row."""


@dataclass(frozen=True)
class Cases:
    """What is known of each case. All arrays have one length; NaN means unknown, percents are points.

    numerator, denominator   counts of the judged reading (whole numbers)
    reported                 the percent it reported; used only where there are no counts
    qualifier                0 for an exact figure, else as `targets.values.QUALIFIERS` counts them: a bound
    high                     the high end of a range, whose low one is `reported`
    has_reading, is_stale    whether a reading was ever judged; whether it is older than allowed
    is_thin                  a sum of too few of its units or of their cases (`pooling.is_thin`), or a period
                             that has only begun (`targets.periods.is_young`)
    week_numerator, week_denominator   cases between two snapshots a week or more apart
    before                   the reported percent of the earlier snapshot, for figures without counts
    daily_cases              cases per working day in the recent window
    days_left                working days after the judged figure up to and including the due date; NaN for an
                             open-ended phase and where the figure's period ends before
    is_over                  the due date has passed
    chance, trust            of `targets.projection.projection.Projection`; NaN without one
    starts_anew              the figure's period ends before the due date, or at all in an open-ended phase
    points_each              points that 1 of the figure is in limits: 1 for rates (`targets.standing.amounts`)
    """

    numerator: Floats
    denominator: Floats
    reported: Floats
    qualifier: Whole
    high: Floats
    has_reading: Bools
    is_stale: Bools
    is_thin: Bools
    week_numerator: Floats
    week_denominator: Floats
    before: Floats
    daily_cases: Floats
    days_left: Floats
    is_over: Bools
    starts_anew: Bools
    target: Floats
    trajectory: Floats
    ceiling: Floats
    is_arriving: Bools
    shortfall: Whole
    chance: Floats
    trust: Floats
    points_each: Floats = field(default_factory=lambda: np.ones(1))

    @property
    def is_bound(self) -> Bools:
        return np.asarray(self.qualifier != 0)

    @property
    def has_counts(self) -> Bools:
        """Whether cases can be counted: not by a bound, nor of none."""
        return ~np.isnan(self.numerator) & (self.denominator > 0) & ~self.is_bound


@dataclass(frozen=True)
class Progress:
    """The answer for each case; the columns of `standing`. NaN means unknown."""

    value: Floats
    gap: Floats
    cases_missing: Floats
    cases_needed: Floats
    expected_cases: Floats
    share_needed: Floats
    attainable: Floats
    week_value: Floats
    week_change: Floats
    ahead: Floats
    standing: Whole
    """Index into STANDINGS."""
    by: Whole
    """BY_NOTHING, BY_GAP or BY_PROBABILITY."""


def assess(cases: Cases, thresholds: Thresholds) -> Progress:
    """Work out every number of every case and decide its standing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        value = rate(cases.numerator, cases.denominator, cases.reported)
        gap = cases.target - value
        is_reached = _is_reached(cases, value)
        missing, needed = _cases_short(cases, is_reached)
        expected = expected_cases(cases)
        attainable = _attainable(cases, value, expected)
        share, is_lost = _share_needed(cases, expected)
        ahead = value - cases.trajectory
        standing, by = _standing(
            cases,
            thresholds,
            is_reached=is_reached,
            value=value,
            gap=gap,
            ahead=ahead,
            expected=expected,
            is_lost=is_lost,
        )
        week_value, week_change = _week(cases, value)
    return Progress(
        value=value,
        gap=gap,
        cases_missing=missing,
        cases_needed=needed,
        expected_cases=expected,
        share_needed=share,
        attainable=attainable,
        week_value=week_value,
        week_change=week_change,
        ahead=ahead,
        standing=standing,
        by=by,
    )


def rate(numerator: Floats, denominator: Floats, reported: Floats) -> Floats:
    """Percent in points: from counts where they exist, else as reported; no value where the denominator is 0."""
    from_counts = 100 * numerator / np.where(denominator > 0, denominator, np.nan)
    is_without = np.isnan(numerator) | np.isnan(denominator)
    return np.where(is_without & (denominator != 0), reported, from_counts)


def told_otherwise(numerator: Floats, denominator: Floats, reported: Floats) -> Floats:
    """The percent told beside counts where it is not theirs by more than one unit of its last decimal; else NaN.

    Two decimals are looked at: a percent with more was worked out, and is compared as one with two.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        places = np.where(reported == np.round(reported), 0, np.where(np.round(reported, 1) == reported, 1, 2))
        away = np.abs(100 * numerator / np.where(denominator > 0, denominator, np.nan) - reported)
        return np.where(away > 10.0**-places + NOISE, reported, np.nan)


def _scaled(target: Floats) -> Whole:
    """The target in whole millionths of a point; 0 where unknown (masked by the callers)."""
    return np.round(np.nan_to_num(target) * TARGET_SCALE).astype(np.int64)


def _counts(cases: Cases) -> tuple[Whole, Whole]:
    return np.nan_to_num(cases.numerator).astype(np.int64), np.nan_to_num(cases.denominator).astype(np.int64)


def _is_reached(cases: Cases, value: Floats) -> Bools:
    """value ≥ target, decided in whole numbers where there are counts."""
    numerator, denominator = _counts(cases)
    exactly = numerator * FULL >= _scaled(cases.target) * denominator
    has_target = ~np.isnan(cases.target)
    has_counts = ~np.isnan(cases.numerator) & (cases.denominator > 0)
    result: Bools = has_target & np.where(has_counts, exactly, value >= cases.target)
    return result


def _cases_short(cases: Cases, is_reached: Bools) -> tuple[Floats, Floats]:
    """`cases_missing` = ceil(target·d − n) and `cases_needed` = ceil((target·d − n)/(1 − target)), both at least 0.

    `cases_needed` is unknown where the target is 100 % and not met: no number of further cases is enough.
    """
    numerator, denominator = _counts(cases)
    target = _scaled(cases.target)
    short = np.maximum(target * denominator - numerator * FULL, 0)
    missing = -(-short // FULL)
    room = FULL - target
    needed = -(-short // np.maximum(room, 1))
    is_known = cases.has_counts & ~np.isnan(cases.target)
    return (
        np.where(is_known, missing, np.nan),
        np.where(is_known & (is_reached | (room > 0)), np.where(is_reached, 0, needed), np.nan),
    )


def expected_cases(cases: Cases) -> Floats:
    """V: cases still to come after the judged figure by the due date, at the recent volume per working day.

    0 for a stock; NaN without counts, for a stale figure and where `days_left` is unknown.
    """
    coming = np.round(cases.daily_cases * np.maximum(cases.days_left, 0))
    volume = np.where(cases.is_arriving, coming, 0.0)
    is_open_ended = np.isnan(cases.days_left)
    return np.where(cases.has_counts & ~is_open_ended & ~cases.is_stale, volume, np.nan)


def _attainable(cases: Cases, value: Floats, expected: Floats) -> Floats:
    """The best rate still to be had by the due date: (n + V)/(d + V), the ceiling where misses can be mended."""
    best = 100 * (cases.numerator + expected) / (cases.denominator + expected)
    is_known = ~np.isnan(value) & ~np.isnan(cases.days_left)
    mended = np.where(is_known & ~cases.is_over, cases.ceiling, np.where(is_known, value, np.nan))
    return np.where(cases.shortfall == REPAIRABLE, mended, best)


def _share_needed(cases: Cases, expected: Floats) -> tuple[Floats, Bools]:
    """The share of the dossiers still expected that must be right, in points, 0 at least; unknown where misses mend.

    Second answer: not even all of them are enough. It is decided in whole numbers, so that exactly 100 is still enough.
    """
    numerator, denominator = _counts(cases)
    coming = np.nan_to_num(expected).astype(np.int64)
    short = _scaled(cases.target) * (denominator + coming) - numerator * FULL
    is_known = (cases.shortfall != REPAIRABLE) & ~np.isnan(expected) & ~np.isnan(cases.target)
    share = np.maximum(short, 0) / np.where(coming > 0, coming * TARGET_SCALE, np.nan)
    return np.where(is_known, share, np.nan), is_known & (short > coming * FULL)


def _week(cases: Cases, value: Floats) -> tuple[Floats, Floats]:
    """This week's cases only, and the change of the rate over the same days; unknown after a re-synchronisation.

    Where old misses are mended, what was put right in the week belongs to cases of any week: no rate of this week's.
    """
    numerator, denominator = cases.week_numerator, cases.week_denominator
    is_sound = (
        (cases.shortfall != REPAIRABLE)
        & (denominator > 0)
        & (numerator >= 0)
        & (numerator <= denominator)
        & ~cases.is_stale
    )
    week_value = np.where(is_sound, 100 * numerator / denominator, np.nan)
    earlier_denominator = cases.denominator - denominator
    earlier = 100 * (cases.numerator - numerator) / np.where(earlier_denominator > 0, earlier_denominator, np.nan)
    earlier = np.where(np.isnan(cases.numerator) | np.isnan(cases.denominator), cases.before, earlier)
    return week_value, np.where(cases.is_stale, np.nan, value - earlier)


def _standing(
    cases: Cases,
    thresholds: Thresholds,
    *,
    is_reached: Bools,
    value: Floats,
    gap: Floats,
    ahead: Floats,
    expected: Floats,
    is_lost: Bools,
) -> tuple[Whole, Whole]:
    """The order of precedence of `STANDINGS`, then the probability, and gap bands where it does not apply.

    A gap counts as the probability that its band stands in for, so the two meet: as a projection earns its trust, what
    decides goes over from one to the other, and on the day that the probability is shown nothing jumps.
    """
    is_permanent = cases.shortfall == PERMANENT
    # 100 % is out of reach with the first miss that stays, whatever is still to come.
    has_miss = is_permanent & (cases.target >= 100) & (value < 100)
    # Volume decides where some is known, or where no working day is left for any. A bound decides nothing.
    is_too_late = is_lost & ((expected > 0) | (cases.days_left == 0))
    is_out_of_reach = ~cases.is_bound & (is_too_late | (has_miss & ~cases.starts_anew))
    # Where that is not certain, such a shortfall is still measured against the target, not against the path to it.
    is_capped = is_permanent & (is_lost | has_miss)
    behind = np.where(is_capped, gap, np.where(np.isnan(ahead), np.maximum(gap, 0), -ahead))
    # Less than a millionth of a point is noise of the arithmetic: exactly 5 points behind are 5.
    behind = np.asarray(np.round(behind * cases.points_each, 6), dtype=np.float64)
    may_be_less, may_be_more = MAY_BE_LESS[cases.qualifier], MAY_BE_MORE[cases.qualifier]
    # A bound that may be less is likely to arrive only where it is beyond the target by a whole band, and one of which
    # nothing is known but that it is less ("dưới") never.
    is_near = (np.round(-gap * cases.points_each, 6) > float(thresholds.gap_at_risk)) & (cases.qualifier != LESS)
    is_doubtful = may_be_less & ~is_near
    # What a bound leaves open it decides neither way: its lowest figure must reach the target, or its highest miss it.
    is_met = is_reached & ~may_be_less
    falls_short = np.where(cases.qualifier == RANGE, cases.high < cases.target, ~is_reached)
    is_missed = cases.is_over & falls_short & ~may_be_more
    is_likely = ~is_capped & ~is_doubtful
    trust = np.where(is_permanent | np.isnan(cases.chance), 0.0, cases.trust)
    by_probability = trust >= 1
    codes = STANDING_CODE
    decided = [
        (np.isnan(cases.target), codes["no_target"]),
        (cases.has_reading & (cases.denominator == 0) & ~cases.is_thin, codes["no_cases"]),
        (~cases.has_reading | np.isnan(value) | cases.is_thin, codes["insufficient"]),
        (cases.is_stale, codes["stale"]),
        (is_met, codes["met"]),
        (is_missed, codes["missed"]),
        (cases.is_over, codes["insufficient"]),
        (is_out_of_reach, codes["out_of_reach"]),
    ]
    # A gap is no probability and makes nothing certain: by it nothing is judged worse than high risk.
    chance = np.round(trust * np.nan_to_num(cases.chance) + (1 - trust) * _banded(behind, thresholds), 9)
    banded = [
        ((chance >= float(thresholds.likely)) & is_likely, codes["likely"]),
        (chance >= float(thresholds.at_risk), codes["at_risk"]),
        ((chance >= float(thresholds.high_risk)) | ~by_probability, codes["high_risk"]),
    ]
    standing = np.select(
        [condition for condition, _ in decided + banded], [code for _, code in decided + banded], codes["unlikely"]
    ).astype(np.int64)
    is_fact = np.logical_or.reduce([condition for condition, _ in decided])
    by = np.where(is_fact, BY_NOTHING, np.where(by_probability, BY_PROBABILITY, BY_GAP)).astype(np.int64)
    return standing, by


def _banded(behind: Floats, thresholds: Thresholds) -> Floats:
    """The probability that a gap stands in for: the limits of one for those of the other, straight lines between.

    Ahead of the path it grows by the width of the first band, behind the last limit it falls as quickly to nothing.
    """
    limits = [float(of) for of in (thresholds.gap_likely, thresholds.gap_at_risk, thresholds.gap_high_risk)]
    worth = [float(of) for of in (thresholds.likely, thresholds.at_risk, thresholds.high_risk)]
    first, last = limits[1] - limits[0], limits[2] - limits[1]
    return np.interp(behind, [limits[0] - first, *limits, limits[2] + last], [1.0, *worth, 0.0])
