"""Probabilities beside what came of them: on the diagonal a probability means what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from pages.parts.charts import NO_PADDING, Spec, finished, shade
from pages.parts.layout import ACCENT, CALIBRATION_HEIGHT, LINE, QUIET


@dataclass(frozen=True)
class CalibrationPoint:
    """Projections of about the same probability; percents."""

    said: float
    arrived: float
    count: int
    facts: tuple[tuple[str, str], ...]


def calibration_chart(points: Sequence[CalibrationPoint], titles: tuple[str, str], language: str) -> Spec:
    """What was told against what arrived, from 0 to 100 on both axes; a dot's size is how often it was told."""
    rows = [
        dict(point.facts) | {"said": point.said, "arrived": point.arrived, "count": point.count} for point in points
    ]
    x, y = (
        channel(
            f"{field}:Q",
            scale=alt.Scale(domain=[0, 100], nice=False),
            axis=alt.Axis(
                title=title, values=[0, 20, 40, 60, 80, 100], gridColor=shade(LINE), domainColor=shade(LINE),
                tickColor=shade(LINE), labelColor=shade(QUIET), titleColor=shade(QUIET), labelFontSize=13,
                titleFontSize=13, titleFontWeight="normal", format="d",
            ),
        )
        for channel, field, title in ((alt.X, "said", titles[0]), (alt.Y, "arrived", titles[1]))
    )  # fmt: skip
    base = alt.Chart(alt.InlineData(values=rows))
    diagonal = alt.Chart(alt.InlineData(values=[{"said": 0, "arrived": 0}, {"said": 100, "arrived": 100}]))
    tooltip = [alt.Tooltip(field=title, type="nominal") for title, _ in (points[0].facts if points else ())]
    layers = [
        diagonal.mark_line(strokeWidth=1.5, strokeDash=[4, 3], color=shade(QUIET)).encode(x=x, y=y),
        base.mark_line(strokeWidth=1.5, color=shade(ACCENT), opacity=0.6).encode(x=x, y=y),
        base.mark_point(filled=True, opacity=1, color=shade(ACCENT)).encode(
            x=x, y=y, size=alt.Size("count:Q", scale=alt.Scale(range=[60, 260]), legend=None), tooltip=tooltip
        ),
    ]
    chart = alt.layer(*layers).properties(
        width="container", height=CALIBRATION_HEIGHT, padding=NO_PADDING | {"top": 8, "right": 8, "bottom": 2}
    )
    return finished(chart, language)
