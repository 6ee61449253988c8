"""The coordinator's signals as view-models: each with its message and its chart."""

from dataclasses import dataclass

from models import formats
from models.queries.signals import Signal, Watch
from models.texts import text
from pages.parts import charts
from pages.parts.sentences import in_sentence
from pages.parts.signal_charts import SignalPlot, Week, signal_chart
from targets.values import Campaign


@dataclass(frozen=True)
class SignalView:
    """One signal."""

    unit: str
    indicator: str
    message: str
    is_better: bool
    chart: charts.Spec
    spoken: str
    reading: str
    """The limits in words, what they promise, and how many cases are concerned."""


@dataclass(frozen=True)
class WatchView:
    """What was found this week, in a sentence and a handful of charts."""

    said: str
    signals: tuple[SignalView, ...]


def watch_view(watch: Watch, campaign: Campaign, language: str) -> WatchView:
    """The section as it is drawn."""
    return WatchView(_said(watch, language), tuple(_view(found, campaign, language) for found in watch.found))


def _said(watch: Watch, language: str) -> str:
    if watch.has_stopped:
        return text("progress.signals.stopped", language, date=formats.day(watch.as_of, language))
    if watch.weeks < watch.needed:
        date = formats.day(watch.as_of, language)
        return text("progress.signals.young", language, needed=watch.needed, date=date, weeks=watch.weeks)
    series = formats.whole(watch.series, language)
    if not watch.found:
        return text("progress.signals.none", language, series=series)
    return text("progress.signals.found", language, count=len(watch.found), series=series)


def _view(found: Signal, campaign: Campaign, language: str) -> SignalView:
    indicator = campaign.indicator(found.indicator)
    better = found.side > 0
    direction = "better" if better else "worse"
    message = text(
        f"progress.signals.message_{direction}",
        language,
        unit=found.name,
        indicator=in_sentence(indicator.name.of(language)),
        ahead=_ahead(found.weeks[-1][1] or 0.0, language),
        rule=text(f"progress.signals.{found.kind}_{direction}", language),
    )
    limits = text(
        "progress.signals.limits",
        language,
        low=formats.signed(found.low, language),
        high=formats.signed(found.high, language),
        centre=formats.signed(found.centre, language),
    )
    reading = [limits, text(f"progress.signals.{found.assurance}", language)]
    if found.cases is not None:
        counted = indicator.counted.of(language)
        reading.append(
            text("progress.signals.cases", language, cases=formats.whole(found.cases, language), counted=counted)
        )
    return SignalView(
        unit=found.unit,
        indicator=found.indicator,
        message=message,
        is_better=better,
        chart=signal_chart(_plot(found, language), language),
        spoken=text(
            "progress.signals.spoken",
            language,
            message=message,
            limits=limits,
            weeks=", ".join(
                text(
                    "progress.signals.spoken_week",
                    language,
                    date=formats.short_day(day, language),
                    points=formats.signed(value, language),
                )
                for day, value in found.weeks
                if value is not None
            ),
        ),
        reading=" ".join(reading),
    )


def _ahead(value: float, language: str) -> str:
    """ "chậm so với lộ trình 3,8 điểm phần trăm"."""
    number = formats.decimal(abs(value), language)
    if number in ("0,0", "0.0"):
        return text("progress.signals.even", language)
    key = "ahead" if value > 0 else "behind"
    return text(f"progress.signals.{key}", language, points=text("points", language, number=number))


def _plot(found: Signal, language: str) -> SignalPlot:
    labels = tuple(text(f"progress.signals.{name}", language) for name in ("upper", "middle", "lower"))
    return SignalPlot(
        weeks=tuple(
            Week(
                label=formats.short_day(day, language),
                ahead=value,
                facts=()
                if value is None
                else (
                    (text("progress.signals.week", language), formats.day(day, language)),
                    (text("progress.signals.value", language), formats.signed(value, language)),
                ),
            )
            for day, value in found.weeks
        ),
        centre=found.centre,
        low=found.low,
        high=found.high,
        is_better=found.side > 0,
        labels=(labels[0], labels[1], labels[2]),
    )
