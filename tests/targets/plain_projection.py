"""The projection once more, case by case in plain numbers: what the vectorised one is held against."""

import math

from targets import projection as model
from tests.targets.campaigns import NAN, Series

UNKNOWN = (NAN, NAN, NAN, NAN)
Answer = tuple[float, float, float, float]
"""Projection, low, high and probability."""


def plain_projection(case: Series) -> Answer:
    right, cases = case.numerator[0], case.denominator[0]
    if not case.is_sound or math.isnan(right) or not 0 <= right <= cases or cases == 0:
        return UNKNOWN
    if math.isnan(case.days_left) or math.isnan(case.expected):
        return UNKNOWN
    if max(case.worked) < 10 and case.days_left > 0:
        return UNKNOWN
    if not case.is_arriving:
        return _stock(case)
    return _mended(case) if case.shortfall == 0 else _stream(case)


def _stretches(case: Series) -> list[tuple[float, float, float]]:
    """Right cases, cases and age in weeks of what lies between two looks; impossible ones left out."""
    found = []
    for new in range(len(case.worked) - 1):
        right = case.numerator[new] - case.numerator[new + 1]
        cases = case.denominator[new] - case.denominator[new + 1]
        if cases > 0 and 0 <= right <= cases:
            found.append((right, cases, (case.worked[new] + case.worked[new + 1]) / 10))
    return found


def _stream(case: Series) -> Answer:
    right, cases, coming = case.numerator[0], case.denominator[0], case.expected
    stretches = _stretches(case)
    recent = [2 ** (-age / model.HALF_LIFE) for _, _, age in stretches]
    of_right = sum(weight * part for weight, (part, _, _) in zip(recent, stretches, strict=True))
    of_cases = sum(weight * part for weight, (_, part, _) in zip(recent, stretches, strict=True))
    share = (of_right + 2 * right / cases + 0.25) / (of_cases + 2.5)
    level = math.asin(math.sqrt(share))
    oldest = min(max(max(case.worked) / 5, 1), 4)
    trend = model.TREND * (4 / oldest) ** model.YOUTH

    points = []
    for part, total, age in stretches:
        few = model.FEW / (total + model.FEW)
        angle = math.asin(math.sqrt(part / total)) - level
        straight = min(max((part / total - share) / (2 * math.sqrt(share * (1 - share))), -1), 1)
        weight = 1 / (model.OVERDISPERSION / (4 * total + 2) + model.BUNCHING**2 + model.WANDER**2 * age)
        points.append((-age, (1 - few) * angle + few * straight, weight))
    points.append((-1, 0, 4))
    a = sum(weight for _, _, weight in points)
    b = sum(weight * x for x, _, weight in points)
    c = sum(weight * x * x for x, _, weight in points) + trend**-2
    of_y = sum(weight * y for _, y, weight in points)
    of_xy = sum(weight * x * y for x, y, weight in points)
    determinant = a * c - b * b
    intercept, slope = (c * of_y - b * of_xy) / determinant, (a * of_xy - b * of_y) / determinant
    residual = sum(weight * (y - intercept - slope * x) ** 2 for x, y, weight in points)
    noise = (model.TRUST + residual) / (model.TRUST + max(len(stretches) - 1, 0))

    weeks = max(case.days_left, 0) / 5
    faded = model.FADE * weeks
    reach = (1 - (1 - math.exp(-faded)) / faded) / model.FADE if weeks > 0 else 0
    middle = min(max(level + intercept + slope * reach, 0), math.pi / 2)
    variance = noise * (
        (c - 2 * b * reach + a * reach**2) / determinant
        + model.WANDER**2 * weeks / 3
        + model.BUNCHING**2 / max(weeks, 0.2)
    )
    variance += model.OVERDISPERSION / (4 * coming + 2)
    to_come = math.sin(middle) ** 2
    felt = (to_come - right / cases) * cases / (cases + coming) * model.VOLUME
    bounded = min(max(to_come, 0.02), 0.98)
    spread = math.sqrt(variance + felt**2 / (4 * bounded * (1 - bounded)))

    def rate(angle: float) -> float:
        return min(100 * (right + coming * _share(angle)) / (cases + coming), case.ceiling)

    points_told = (rate(middle), rate(middle - 1.2815515655 * spread), rate(middle + 1.2815515655 * spread))
    if math.isnan(case.target):
        return (*points_told, NAN)
    needed = _owed(case.target, cases + coming) - right
    if needed <= 0:
        return (*points_told, 1.0)
    if needed > coming:
        return (*points_told, 0.0)
    return (*points_told, _above((math.asin(math.sqrt((needed - 0.5) / coming)) - middle) / spread))


def _moves(case: Series, position: list[float], memory: float) -> list[tuple[float, float, float]]:
    found = []
    for new in range(len(position) - 1):
        length = (case.worked[new + 1] - case.worked[new]) / 5
        if length > 0 and not math.isnan(position[new]) and not math.isnan(position[new + 1]):
            age = (case.worked[new + 1] + case.worked[new]) / 10
            found.append((position[new] - position[new + 1], length, math.exp(-memory * age)))
    return found


def _shares(case: Series) -> list[float]:
    return [
        right / cases if cases > 0 and 0 <= right <= cases else NAN
        for right, cases in zip(case.numerator, case.denominator, strict=True)
    ]


def _mended(case: Series) -> Answer:
    angles = [NAN if math.isnan(share) else math.asin(math.sqrt(share)) for share in _shares(case)]
    moves = _moves(case, angles, model.MENDING_MEMORY)
    wander = model.MENDING_WANDER**2
    precision = sum(memory * length for _, length, memory in moves) / wander + model.MENDING_TREND**-2
    speed = sum(memory * change for change, _, memory in moves) / wander / precision
    residual = sum(memory * (change - speed * length) ** 2 / length for change, length, memory in moves) / wander
    noise = (model.MENDING_TRUST + residual) / (model.MENDING_TRUST + sum(memory for _, _, memory in moves))
    weeks = max(case.days_left, 0) / 5
    reach = (1 - math.exp(-model.MENDING_FADE * weeks)) / model.MENDING_FADE
    middle = min(max(angles[0] + speed * reach, 0), math.pi / 2)
    noise_of_one = model.MENDING_NOISE**2 if weeks > 0 else 0
    spread = math.sqrt(noise * (wander * weeks + reach**2 / precision) + noise_of_one)
    told = tuple(min(100 * _share(middle + way * 1.2815515655 * spread), case.ceiling) for way in (0, -1, 1))
    total = case.denominator[0] + case.expected
    needed = _owed(case.target, total)
    if math.isnan(case.target):
        probability = NAN
    elif needed <= 0:
        probability = 1.0
    elif spread == 0:
        probability = float(case.numerator[0] >= needed)
    else:
        probability = _above((math.asin(math.sqrt((needed - 0.5) / total)) - middle) / spread)
    return (told[0], told[1], told[2], probability)


def _stock(case: Series) -> Answer:
    shares = _shares(case)
    moves = _moves(case, shares, model.STOCK_MEMORY)
    weight = sum(memory * length for _, length, memory in moves)
    speed = sum(memory * change for change, _, memory in moves) / weight if moves else 0
    residual = sum(memory * (change - speed * length) ** 2 / length for change, length, memory in moves)
    prior = model.STOCK_TRUST * model.STOCK_WANDER**2
    noise = (prior + residual) / (model.STOCK_TRUST + sum(memory for _, _, memory in moves))
    weeks = max(case.days_left, 0) / 5
    spread = math.sqrt(noise * (weeks + weeks**2 / (1 + weight)))
    has_fallen = any(change < 0 for change, _, _ in moves)
    floor = 0 if has_fallen else shares[0]
    middle = min(max(shares[0] + speed * weeks, floor), 1)
    told = tuple(
        min(100 * min(max(middle + way * 1.2815515655 * spread, floor), 1), case.ceiling) for way in (0, -1, 1)
    )
    needed = _owed(case.target, case.denominator[0])
    is_there = case.numerator[0] >= needed
    if math.isnan(case.target):
        probability = NAN
    elif needed <= 0 or (is_there and not has_fallen):
        probability = 1.0
    elif spread == 0:
        probability = float(is_there)
    else:
        probability = _above(((needed - 0.5) / case.denominator[0] - middle) / spread)
    return (told[0], told[1], told[2], probability)


def _share(angle: float) -> float:
    return math.sin(min(max(angle, 0), math.pi / 2)) ** 2


def _owed(target: float, cases: float) -> float:
    return 0 if math.isnan(target) else -(-round(target * 10**6) * int(cases) // 10**8)


def _above(deviations: float) -> float:
    return math.erfc(deviations / math.sqrt(2)) / 2
