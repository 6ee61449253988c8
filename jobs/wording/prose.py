"""What a report says in whole sentences, the last stop left out: an indicator, its units, causes, who is silent."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.units.queries import StatedCause
from targets.findings import SORTINGS, Silent, Sorting, is_short, may_be_lost
from targets.results import Result
from targets.values import Campaign, Phase

MOST_CAUSES = 4


def written(*said: str) -> str:
    """Sentences one behind the other, each with its capital and its stop; what is empty is none."""
    return " ".join(f"{formats.capitalised(words)}." for words in said if words)


def campaign_name(campaign: Campaign, language: str) -> str:
    """ "Chiến dịch 100 ngày đêm": its short title without the place behind it, which the paper's head says."""
    return campaign.short_title.of(language).partition(" · ")[0]


def whole(rows: Sequence[Result], campaign: Campaign, *, as_of: date, phase: Phase, language: str) -> str:
    """How far the campaign is, how many targets the place as a whole has met, how many figures rose and fell."""
    day, judged = campaign.day_number(as_of), [row for row in rows if row.target is not None]
    said = text("prose.as_of", language, date=formats.day(as_of, language))
    if 1 <= day <= campaign.days:
        said = text("prose.on_day", language, said=said, name=campaign_name(campaign, language), day=day,
                    days=campaign.days)  # fmt: skip
    milestone = wording.milestone(phase, campaign, language)
    left = None if phase.due is None else (phase.due - as_of).days
    if left is not None and left > 0:
        said = text("prose.days_left", language, said=said, left=formats.whole(left, language), milestone=milestone)
    elif left is not None:
        said = text("prose.is_due" if left == 0 else "prose.is_over", language, said=said, milestone=milestone)
    whole_place = campaign.root_level.name.of(language)
    shown = [row for row in rows if not campaign.indicator(row.indicator).grade_of]
    ways = Counter(map(_way, shown))
    met = text("prose.met_of", language, root=wording.in_sentence(whole_place),
               met=sum(row.standing == "met" for row in judged), set=len(judged))  # fmt: skip
    if all(row.value is None for row in judged):
        met = text("slide.province.unknown", language, set=len(judged)) if judged else ""
    return written(
        said,
        met,
        _moved(ways["rose"], ways["fell"], len(shown), language),
    )


def _moved(rose: int, fell: int, count: int, language: str) -> str:
    """How many rose and how many fell within the week; empty where none did."""
    if rose and fell:
        return text("prose.moved", language, rose=rose, fell=fell, count=count)
    if not rose and not fell:
        return ""
    way, moved = ("rose", rose) if rose else ("fell", fell)
    if moved == count > 1:
        return text(f"prose.all_{way}", language, count=count)
    return text(f"prose.only_{way}", language, moved=moved, count=count)


def standing(row: Result, campaign: Campaign, language: str) -> str:
    """Where an indicator stands, what has become of it within the week, and how far it is from its target."""
    known = campaign.indicator(row.indicator)
    name = known.name.of(language)
    if row.value is None or row.standing == "no_cases":
        return text("prose.unknown", language, name=name)
    said = wording.said("prose.now", row, language, name=name, value=wording.figure_or_dash(row, language))
    if row.standing == "stale":
        return text("prose.stale", language, said=said, date=wording.day_or_dash(row.reading_as_of, language))
    if row.is_thin:
        return text("prose.thin", language, said=said, known=wording.how_much_is_known(row, campaign, language))
    said = _week(said, row, language)
    if row.target is None:
        if row.is_only_followed:
            return text("prose.only_followed", language, said=said)
        return text("prose.waits" if known.rule.needs_central else "prose.no_target", language, said=said)
    terms = {
        "said": said,
        "target": wording.target_of(row, language),
        "milestone": wording.milestone_of(row, campaign, language),
    }
    if row.standing == "met":
        return wording.said("prose.met_keep" if may_be_lost(row) else "prose.met", row, language, **terms)
    if not is_short(row):
        return text("prose.undecided", language, **terms)
    points = wording.points_missing(row, language)
    if row.cases_missing:
        points = text("prose.equal_to", language, points=points,
                      cases=wording.cases(row.cases_missing, known, language))  # fmt: skip
    return wording.said("prose.missed" if row.standing == "missed" else "prose.short", row, language, **terms,
                        points=points)  # fmt: skip


def _week(said: str, row: Result, language: str) -> str:
    way = _way(row)
    if way in ("", "same"):
        return text("prose.same", language, said=said) if way else said
    change = formats.amount(abs(row.week_change or 0.0), row.measure, language)
    return text(f"prose.{way}", language, said=said, change=wording.in_full(change, row, language))


def _way(row: Result) -> str:
    """Whether a figure rose or fell within the week, as it is shown; empty where nobody knows."""
    if row.week_change is None:
        return ""
    shown = formats.rounded(row.week_change, measure=row.measure)
    return "same" if not shown else "rose" if shown > 0 else "fell"


def outlook(row: Result, campaign: Campaign, language: str) -> list[str]:
    """What is to be expected of an indicator that is short of its target, and what it would take."""
    if not is_short(row) or row.standing in ("missed", "stale") or row.is_thin:
        return []
    known = campaign.indicator(row.indicator)
    if row.standing == "out_of_reach":
        if row.attainable is None:
            return [text("prose.out_of_reach", language)]
        best = wording.written(row.attainable, row, language, target=row.target)
        return [wording.said("prose.best", row, language, value=best)]
    group = wording.in_sentence(wording.word_of(row, language))
    projected = wording.projected(row, language)
    if projected and row.due is not None:
        due = formats.day(row.due, language)
        said = [wording.said("prose.projected", row, language, date=due, value=projected, standing=group)]
    else:
        said = [text("prose.group", language, standing=group)]
    if row.share_needed and row.due is not None and not wording.is_too_late(row):
        said.append(text("prose.to_meet", language, said=wording.share_of(row, known, row.due, language)[1]))
    return said


def sorted_units(lists: Mapping[Sorting, Sequence[Result]], language: str) -> str:
    """ "trong 257 đơn vị: 104 đơn vị đã đạt, …": the counts add up to the units there are."""
    counts = [
        text(f"prose.sorted.{name}", language, count=formats.whole(len(lists[name]), language))
        for name in SORTINGS
        if lists[name]
    ]
    units = formats.whole(sum(map(len, lists.values())), language)
    return text("prose.units", language, units=units, counts=", ".join(counts))


def named(rows: Iterable[Result], campaign: Campaign, language: str) -> str:
    """ "UBND thị xã An Khê (11,6 điểm phần trăm; 836 hồ sơ), …": units with what each is missing.

    Of a target that a unit registered itself it is said that it did: others are missing less of a lower one.
    """
    said = []
    for row in rows:
        missing = wording.owed(row, campaign.indicator(row.indicator), language, apart="; ")
        if row.origin == "registered":
            missing = text("prose.own_target", language, missing=missing, target=wording.target_of(row, language))
        said.append(text("prose.named", language, name=row.name, missing=missing))
    return ", ".join(said)


def reached(rows: Iterable[Result], language: str) -> str:
    """ "Thanh tra tỉnh (69,8%), …": units with the figure of each."""
    return ", ".join(
        text("prose.named", language, name=row.name, missing=wording.figure_or_dash(row, language)) for row in rows
    )


def causes(rows: Sequence[Result], stated: Mapping[tuple[str, str], StatedCause], language: str) -> str:
    """ "nguyên nhân các đơn vị nêu: nhân lực (2 đơn vị); 41 đơn vị chưa nêu"; of units behind on an indicator."""
    told = Counter(cause.category for row in rows if (cause := stated.get((row.unit, row.indicator))) is not None)
    if not rows:
        return ""
    if not told:
        return text("prose.no_causes", language)
    listed = "; ".join(
        text("prose.cause", language, cause=text(f"attention_cause.{category}", language),
             count=formats.whole(count, language))
        for category, count in told.most_common(MOST_CAUSES)
    )  # fmt: skip
    untold = len(rows) - told.total()
    if not untold:
        return text("prose.causes", language, causes=listed)
    return text("prose.causes_and_none", language, causes=listed, count=formats.whole(untold, language))


def how_silent(silent: Silent, language: str) -> str:
    """ "đang dùng số liệu cũ (từ 20/04/2024)", "chưa có số liệu", "còn thiếu số liệu của một số chỉ số"."""
    if silent.since is not None:
        return text("line.stopped", language, date=formats.day(silent.since, language))
    return text("line.no_reading" if silent.reporting == "never" else "prose.lacking", language)
