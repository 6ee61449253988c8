"""View-models: what a page draws, finished to the last word, so that a rerun only hands it out.

Nothing here is in a theme's colours: charts find theirs in the browser, marks in texts are coloured while drawing.
"""

from dataclasses import dataclass

from jobs.documents.pictures import Drawing
from models import formats
from models.queries.overview import Overview
from models.standing_words import standing_of
from models.texts import text
from pages.parts import ahead, charts, sentences
from pages.parts.layout import BASELINE_GLYPH, PROJECTION_GLYPH, TARGET_GLYPH, TRAJECTORY_GLYPH
from targets.results import Result


@dataclass(frozen=True)
class LineView:
    """One indicator of the overview."""

    indicator: str
    name: str
    chart: charts.Spec
    spoken: str
    findings: tuple[str, ...]
    standing: str
    standing_words: str

    @property
    def drawing(self) -> Drawing:
        """The line as a part of a picture to take away."""
        return Drawing(self.chart, " · ".join((self.name, *self.findings, self.standing_words)))


@dataclass(frozen=True)
class OverviewView:
    """The overview's header, its sentence and its lines."""

    title: str
    day: str
    coverage: str
    timeline: charts.Spec
    timeline_spoken: str
    headline: str
    advice: str
    """Who can do what next; empty where nothing needs doing."""
    lines_title: str
    legend: tuple[tuple[str, str], ...]
    """Glyph and meaning; the mark of today is not among them: its standing stands beside each line."""
    lines: tuple[LineView, ...]
    notes: tuple[str, ...]


def overview_view(overview: Overview, language: str) -> OverviewView:
    """Everything the overview shows, in one language."""
    milestones = [
        charts.Milestone(
            overview.campaign.day_number(phase.due),
            text(
                "timeline.milestone",
                language,
                name=phase.name.of(language),
                date=formats.short_day(phase.due, language),
            ),
        )
        for phase in overview.campaign.phases
        if phase.due is not None
    ]
    day = sentences.day_of_campaign(overview, language)
    return OverviewView(
        title=overview.campaign.short_title.of(language),
        day=day,
        coverage=sentences.coverage(overview, language),
        timeline=charts.timeline(
            days=overview.campaign.days,
            today=overview.day_number,
            start_label=formats.short_day(overview.campaign.start, language),
            milestones=milestones,
            language=language,
        ),
        timeline_spoken=text(
            "timeline.spoken",
            language,
            now=day,
            start=formats.day(overview.campaign.start, language),
            milestones=", ".join(milestone.label for milestone in milestones),
        ),
        headline=sentences.headline(overview, language),
        advice=sentences.advice(overview, language),
        lines_title=text("overview.lines", language),
        legend=_legend(overview, language),
        lines=tuple(_line_view(line, overview, language) for line in overview.lines),
        notes=_notes(overview, language),
    )


def _line_view(line: Result, overview: Overview, language: str) -> LineView:
    bullet = charts.Bullet(
        standing=line.standing,
        now=line.value,
        baseline=line.baseline,
        trajectory=line.trajectory,
        target=line.target,
        figure=sentences.figure(line, language),
        target_label=sentences.target_of(line, language),
        facts=sentences.facts(line, overview, language),
        projection=line.projection if ahead.projected(line, language) else None,
    )
    return LineView(
        indicator=line.indicator,
        name=overview.campaign.indicator(line.indicator).name.of(language),
        chart=charts.bullet(bullet, language),
        spoken=sentences.spoken(line, overview, language),
        findings=sentences.findings(line, overview, language),
        standing=line.standing,
        standing_words=standing_of(line, language),
    )


def _legend(overview: Overview, language: str) -> tuple[tuple[str, str], ...]:
    named = sentences.milestone(overview.phase, overview.campaign, language)
    return (
        (BASELINE_GLYPH, text("overview.baseline", language, year=overview.campaign.baseline_year)),
        (TRAJECTORY_GLYPH, text("overview.trajectory", language)),
        (TARGET_GLYPH, text("overview.target", language, milestone=named)),
        *(
            [(PROJECTION_GLYPH, text("ahead.legend", language))]
            if any(ahead.projected(line, language) for line in overview.lines)
            else []
        ),
    )


def _notes(overview: Overview, language: str) -> tuple[str, ...]:
    judged = ahead.judged_by(overview.lines, overview.campaign, language)
    notes = [judged] if judged else []
    if any(line.origin == "proposed" and line.target is not None for line in overview.lines):
        notes.append(text("overview.proposed", language))
    return tuple(notes)
