"""How a phase ended in words: for the meeting that opens with it, its report, mail and message, and the page."""

from collections.abc import Mapping, Sequence

from jobs.slides.values import Roll
from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.meetings.milestones import EndedPhase, PhaseResult
from targets.findings import Ended, PhaseEnd
from targets.results import Result
from targets.values import Campaign, Level, Phase


def named(phase: Phase, campaign: Campaign, language: str) -> str:
    """ "mốc 50 ngày (10/05/2024)"."""
    day = "" if phase.due is None else formats.day(phase.due, language)
    return text("milestone.named", language, milestone=wording.milestone(phase, campaign, language), date=day)


def summaries(ended: Mapping[str, EndedPhase], language: str) -> dict[str, str]:
    """Phase → "Kết thúc mốc 50 ngày (10/05/2024): tỉnh đạt 2/6 chỉ tiêu · số liệu chốt kỳ, đã xác nhận"."""
    said = {}
    for key, each in ended.items():
        terms = {"milestone": named(each.phase, each.campaign, language)}
        if each.province is None:
            said[key] = text("milestone.summary_open", language, **terms)
            continue
        terms["said"] = of_ended(each.province, wording.root_word(each.campaign, language), language)
        headline = text("milestone.headline", language, **terms)
        kind = "summary_confirmed" if each.is_confirmed else "summary_closed"
        said[key] = text(f"milestone.{kind}", language, headline=headline)
    return said


def headline(result: PhaseResult, language: str) -> str:
    """ "Kết thúc mốc 50 ngày (10/05/2024): tỉnh đạt 2/6 chỉ tiêu"; of what is no result yet: "tạm tính"."""
    key = "headline" if result.is_closed else "headline_so_far"
    said = of_ended(result.end.province, wording.root_word(result.campaign, language), language)
    return text(f"milestone.{key}", language, milestone=named(result.phase, result.campaign, language), said=said)


def of_unit(result: PhaseResult, code: str, language: str) -> str:
    """ "Kết thúc mốc 50 ngày (10/05/2024): UBND huyện Ia Grai đạt 2/6 chỉ tiêu" of a unit that had targets."""
    name = next(row.name for row in result.rows if row.unit == code)
    key = "headline" if result.is_closed else "headline_so_far"
    said = of_ended(result.end.units[code], name, language)
    return text(f"milestone.{key}", language, milestone=named(result.phase, result.campaign, language), said=said)


def of_ended(ended: Ended, name: str, language: str) -> str:
    """ "tỉnh đạt 2/6 chỉ tiêu", and what is not decided."""
    said = text("milestone.met", language, name=name, met=ended.met, held=ended.held)
    parts = [text(f"milestone.{key}", language, count=count) for key, count in _left(ended) if count]
    return ", ".join([said, *parts])


def _left(ended: Ended) -> tuple[tuple[str, int], ...]:
    return (("undecided", ended.undecided), ("later", ended.later))


def state(result: PhaseResult, language: str) -> str:
    """Whether it is the result: closed when, confirmed by which document; or which figures are still to come."""
    head = result.head
    if head is None or head.awaited is not None:
        # What was frozen counts what was to come by then.
        count = result.end.awaited
        day = formats.day(result.told_by, language)
        return text("milestone.awaited" if count else "milestone.not_closed", language, count=count, date=day)
    said = text("milestone.closed", language, moment=formats.moment(head.recorded_at, language))
    if head.withdrawn is not None:
        return text("milestone.aside", language, closed=said, reason=head.withdrawn.reason)
    found = result.confirmation
    if found is None:
        return said
    terms = {"document": found.document, "date": formats.day(found.date, language), "signer": found.signer}
    return text("milestone.confirmed", language, closed=said, **terms)


def line(row: Result, result: PhaseResult, language: str) -> str:
    """ "Hồ sơ trực tuyến: 47,9%, chỉ tiêu 50%: không đạt, thiếu 2,1 điểm phần trăm"."""
    known = result.campaign.indicator(row.indicator)
    name, figure = known.name.of(language), wording.figure_or_dash(row, language)
    if row.target is None:
        return text("milestone.line_alone", language, name=name, value=figure)
    terms = {"name": name, "value": figure, "target": wording.target_of(row, language)}
    said = wording.in_sentence(wording.standing_of(row, language))
    if row.standing == "missed":
        points = wording.points_missing(row, language)
        said = wording.said("milestone.short", row, language, standing=said, points=points)
    return text("milestone.line", language, standing=said, **terms)


def lines(rows: Sequence[Result], result: PhaseResult, language: str) -> tuple[str, ...]:
    """A line for each."""
    return tuple(line(row, result, language) for row in rows)


def levels(result: PhaseResult) -> list[Level]:
    """The levels that have units with targets, in the campaign's order."""
    held = {level for level, _ in result.end.levels}
    return [level for level in result.campaign.levels if level.key in held]


def table(result: PhaseResult, language: str) -> Roll:
    """The indicators that have a target below one another: figure, target and standing of the province, and how many
    units of each level met theirs."""
    shown = [row for row in result.province if row.target is not None]
    heads = [text(f"milestone.column.{key}", language) for key in ("indicator", "value", "target", "standing")]
    of_levels = levels(result)

    def share(level: Level, row: Result) -> str:
        ended = result.end.levels.get((level.key, row.indicator), Ended())
        return text("milestone.share", language, met=ended.met, held=ended.held) if ended.held else "—"

    return Roll(
        heads=(
            *heads,
            *(text("milestone.column.level", language, level=_bare(level, language)) for level in of_levels),
        ),
        rows=tuple(
            (
                result.campaign.indicator(row.indicator).name.of(language),
                wording.figure_or_dash(row, language),
                wording.target_of(row, language),
                wording.word_of(row, language),
                *(share(level, row) for level in of_levels),
            )
            for row in shown
        ),
        marks=tuple(row.standing for row in shown),
        numbers=(1, 2, *range(4, 4 + len(of_levels))),
    )


def _bare(level: Level, language: str) -> str:
    """ "Cấp huyện" of "UBND cấp huyện": for heads of narrow columns."""
    return formats.capitalised(wording.without_office(level.name.of(language)))


def by_level(indicator: str, result: PhaseResult, language: str) -> str:
    """ "Đơn vị đạt: Sở, ban, ngành 12/17, Huyện 3/17, Xã 100/220" on an indicator; empty where nobody had a target."""
    said = [
        text("milestone.level", language, level=_bare(level, language), met=ended.met, held=ended.held)
        for level in levels(result)
        if (ended := result.end.levels.get((level.key, indicator), Ended())).held
    ]
    return text("milestone.levels", language, levels=", ".join(said)) if said else ""


def units(end: PhaseEnd, language: str) -> str:
    """How many units met all their targets, and how many none."""
    numbers = {"units": len(end.units), "all": len(end.all_met), "none": len(end.none_met)}
    return text(
        "milestone.units", language, **{key: formats.whole(number, language) for key, number in numbers.items()}
    )


def rose(indicator: str, result: PhaseResult, language: str) -> str:
    """ "Tăng nhiều nhất so với năm 2023 (điểm phần trăm): huyện Ia Grai +20,3; …"; empty where nobody did."""
    known, said = result.campaign.indicator(indicator), []
    for row in result.end.rose.get(indicator, ()):
        moved = wording.change((row.value or 0.0) - (row.baseline or 0.0), row, language)
        said.append(f"{wording.without_office(row.name)} {moved}")
    if not said:
        return ""
    terms = {"year": str(result.campaign.baseline_year), "measured": wording.measured(known, language)}
    return wording.said("milestone.rose", known, language, **terms, units="; ".join(said))


def told(result: PhaseResult, indicator: str, language: str) -> tuple[str, ...]:
    """What is said beside the table: whether it is the result, how many units, and who rose most on an indicator."""
    parts = [state(result, language), units(result.end, language)]
    if said := rose(indicator, result, language):
        name = result.campaign.indicator(indicator).name.of(language)
        parts.append(text("milestone.rose_of", language, name=name, said=wording.in_sentence(said)))
    return tuple(part for part in parts if part)


def told_alone(result: PhaseResult, indicator: str, language: str) -> tuple[str, ...]:
    """All of it in lines, where no table is drawn: the headline, each indicator, and on one of them the levels."""
    rows = [row for row in result.province if row.target is not None]
    of_levels = by_level(indicator, result, language)
    return (
        headline(result, language),
        *lines(rows, result, language),
        *([of_levels] if of_levels else []),
        *told(result, indicator, language),
    )
