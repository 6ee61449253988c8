"""The projection once more, case by case in plain numbers: what the vectorised one is held against."""

import math
from itertools import pairwise

from targets.projection import new_cases, outlook
from targets.projection import projection as model
from tests.targets.campaigns import NAN, Series

UNKNOWN = (NAN,) * 5
Answer = tuple[float, ...]
"""Projection, low, high, chance and trust."""
EDGE = 1.2815515655446004


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


def _answer(case: Series, middle: float, low: float, high: float, chance: float, *, most: float = 1.0) -> Answer:
    """In points below the ceiling; and what the chance is trusted, sentence by sentence."""
    low, middle, high = (min(100 * share, case.ceiling) for share in (low, middle, high))
    width = max(high - low, 1e-9)
    recent = [case.revised[look] for look in (1, 2, 3)]
    limit = min((case.denominator[0] + case.expected) / outlook.FEWEST, 2 * (1 - sum(recent) / 3), most)
    room = max(outlook.TESTED - case.days_left, 0) * outlook.WIDTH
    is_earned = max(outlook.EARNED - case.days_left, 0) * outlook.NARROW >= width and limit >= 1
    trust = 1.0 if is_earned else min(room / width, limit, outlook.ALMOST)
    return middle, low, high, NAN if math.isnan(case.target) else chance, trust


def _bar(case: Series, needed: float) -> float:
    return needed if case.target >= 100 else needed - 0.5


def _stretches(case: Series) -> list[tuple[float, float, float] | None]:
    """Right cases, cases and age in weeks of what lies between two whole weeks back; None where impossible."""
    found: list[tuple[float, float, float] | None] = []
    looks = (0, 2, 3, 4, 5)
    for new, old in pairwise(looks):
        right = case.numerator[new] - case.numerator[old]
        cases = case.denominator[new] - case.denominator[old]
        is_sound = cases > 0 and 0 <= right <= cases
        found.append((right, cases, (case.worked[new] + case.worked[old]) / 10) if is_sound else None)
    return found


def _stream(case: Series) -> Answer:
    right, cases, coming = case.numerator[0], case.denominator[0], case.expected
    weeks_back = _stretches(case)
    stretches = [stretch for stretch in weeks_back if stretch is not None]
    recent = [2 ** (-age / new_cases.HALF_LIFE) for _, _, age in stretches]
    of_right = sum(weight * part for weight, (part, _, _) in zip(recent, stretches, strict=True))
    of_cases = sum(weight * part for weight, (_, part, _) in zip(recent, stretches, strict=True))
    share = (of_right + 2 * right / cases + 0.25) / (of_cases + 2.5)
    level = math.asin(math.sqrt(share))
    oldest = min(max(max(case.worked) / 5, 1), 4)
    trend = new_cases.TREND * (4 / oldest) ** new_cases.YOUTH

    def moved(part: float, total: float) -> float:
        few = new_cases.FEW / (total + new_cases.FEW)
        straight = min(max((part / total - share) / (2 * math.sqrt(share * (1 - share))), -1), 1)
        return (1 - few) * (math.asin(math.sqrt(part / total)) - level) + few * straight

    def by_chance(total: float) -> float:
        return new_cases.OVERDISPERSION / (4 * total + 2) + new_cases.BUNCHING**2

    steps = [
        (moved(*one[:2]) - moved(*other[:2])) ** 2 - by_chance(one[1]) - by_chance(other[1])
        for one, other in pairwise(weeks_back)
        if one is not None and other is not None
    ]
    wander = (new_cases.STEPS * new_cases.WANDER**2 + sum(steps)) / (new_cases.STEPS + len(steps))
    wander = max(wander, (new_cases.WANDER / 2) ** 2)

    points = [(-age, moved(part, total), 1 / (by_chance(total) + wander * age)) for part, total, age in stretches]
    points.append((-1, 0, 4))
    a = sum(weight for _, _, weight in points)
    b = sum(weight * x for x, _, weight in points)
    c = sum(weight * x * x for x, _, weight in points) + trend**-2
    of_y = sum(weight * y for _, y, weight in points)
    of_xy = sum(weight * x * y for x, y, weight in points)
    determinant = a * c - b * b
    intercept, slope = (c * of_y - b * of_xy) / determinant, (a * of_xy - b * of_y) / determinant
    residual = sum(weight * (y - intercept - slope * x) ** 2 for x, y, weight in points)
    noise = (new_cases.TRUST + residual) / (new_cases.TRUST + max(len(stretches) - 1, 0))

    weeks = max(case.days_left, 0) / 5
    faded = new_cases.FADE * weeks
    reach = (1 - (1 - math.exp(-faded)) / faded) / new_cases.FADE if weeks > 0 else 0
    middle = min(max(level + intercept + new_cases.KEPT * slope * reach, 0), math.pi / 2)
    bunching = new_cases.BUNCHING * (1 + sum(case.revised[look] for look in (1, 2, 3)) / 3)
    variance = noise * (
        (c - 2 * b * reach + a * reach**2) / determinant
        + new_cases.OVERDISPERSION / (4 * coming + 2)
        + bunching**2 / max(weeks, 0.2)
    )
    variance += wander * weeks * new_cases.REACH
    to_come = math.sin(middle) ** 2
    felt = (to_come - right / cases) * cases / (cases + coming) * new_cases.VOLUME
    bounded = min(max(to_come, 0.02), 0.98)
    spread = math.sqrt(variance + felt**2 / (4 * bounded * (1 - bounded)))

    more = coming + math.sqrt(new_cases.CLUSTER * (coming + 1)) if case.days_left > 0 else coming

    def rates(angle: float) -> tuple[float, float]:
        return tuple((right + count * _share(angle)) / (cases + count) for count in (coming, more))  # type: ignore[return-value]

    needed = _owed(case.target, cases + coming) - right
    if needed <= 0:
        chance = 1.0
    elif needed > coming:
        chance = 0.0
    else:
        bar = min(max(_bar(case, needed) / max(coming, 1), 0), 1)
        chance = _above((math.asin(math.sqrt(bar)) - middle) / spread)
    steady = min(new_cases.STEADY / max(abs(slope), 1e-9), new_cases.CALM**2 / wander)
    low, high = min(rates(middle - EDGE * spread)), max(rates(middle + EDGE * spread))
    high = min(high, (right + coming) / (cases + coming))
    return _answer(case, rates(middle)[0], low, high, chance, most=steady)


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
    low, high = (_share(middle + way * EDGE * spread) for way in (-1, 1))
    total = case.denominator[0] + case.expected
    needed = _owed(case.target, total)
    if needed <= 0:
        chance = 1.0
    elif spread == 0:
        chance = float(case.numerator[0] >= needed)
    else:
        chance = _above((math.asin(math.sqrt(min(max(_bar(case, needed) / total, 0), 1))) - middle) / spread)
    usual = (angles[0] - angles[-1]) / max(case.worked[-1] / 5, 1)
    apart = abs(speed - (0 if math.isnan(usual) else usual))
    most = model.MENDING_CALM / max(apart, 1e-9) if weeks > 0 else 1.0
    return _answer(case, _share(middle), low, high, chance, most=most)


def _middle(values: list[tuple[float, float]]) -> float:
    """The weighted median; the mean of two where exactly half of the weight lies below."""
    values = sorted(pair for pair in values if pair[1] > 0)
    total, so_far = sum(weight for _, weight in values), 0.0
    found = []
    for value, weight in values:
        so_far += weight
        if so_far >= total / 2 - 1e-9 * total:
            found.append(value)
            if so_far > total / 2 + 1e-9 * total:
                break
    return (found[0] + found[-1]) / 2 if found else 0.0


def _stock(case: Series) -> Answer:
    shares = _shares(case)
    moves = _moves(case, shares, model.STOCK_MEMORY)
    weight = sum(memory * length for _, length, memory in moves)
    speed = _middle([(change / length, memory * length) for change, length, memory in moves])
    usual = _middle([((change - speed * length) ** 2 / length, memory * length) for change, length, memory in moves])
    known = sum(memory for _, _, memory in moves)
    prior = model.STOCK_TRUST * model.STOCK_WANDER**2
    noise = (prior + known * usual / model.HALF_OF_SQUARES) / (model.STOCK_TRUST + known)
    weeks = max(case.days_left, 0) / 5
    spread = math.sqrt(noise * (weeks + weeks**2 / (1 + weight)))
    has_fallen = any(change < 0 for change, _, _ in moves)
    floor = 0 if has_fallen else shares[0]
    middle = min(max(shares[0] + speed * weeks, floor), 1)
    low, high = (min(max(middle + way * EDGE * spread, floor), 1) for way in (-1, 1))
    batch = 1 - math.exp(-model.BATCH * weeks) if abs(speed) < model.STILL else 0
    high = max(high, 1 - (1 - shares[0]) * min(0.1 / max(batch, 1e-9), 1))
    needed = _owed(case.target, case.denominator[0])
    is_there = case.numerator[0] >= needed
    if needed <= 0 or (is_there and not has_fallen):
        chance = 1.0
    elif spread == 0:
        chance = float(is_there)
    else:
        chance = _above((_bar(case, needed) / case.denominator[0] - middle) / spread)
    most = abs(speed) / model.STILL if weeks > 0 else 1.0
    return _answer(case, middle, low, high, chance, most=most)


def _share(angle: float) -> float:
    return math.sin(min(max(angle, 0), math.pi / 2)) ** 2


def _owed(target: float, cases: float) -> float:
    return 0 if math.isnan(target) else -(-round(target * 10**6) * int(cases) // 10**8)


def _above(deviations: float) -> float:
    return math.erfc(deviations / math.sqrt(2)) / 2
