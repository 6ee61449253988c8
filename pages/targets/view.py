"""The page of targets in words: its first sentence, what waits, what is proposed for whom and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobs.documents.target_annex import AnnexFile, dated
from jobs.wording import figures
from jobs.wording import results as wording
from jobs.wording.issuing import decided
from jobs.wording.trail import reason_words
from models.core import formats
from models.core.texts import text
from models.targets.agreements import Agreement
from models.targets.assigning import Assigned, CentralKnown, Given, IssueDocument, PhaseCount
from models.targets.explanations import explain_target
from pages.kit.sentences import person
from pages.unit.sentences import document_of
from targets.values import Campaign, Indicator, Phase


@dataclass(frozen=True)
class Office:
    """What the office is asked first about a phase."""

    count: PhaseCount
    central: tuple[CentralKnown, ...]
    missing: tuple[str, ...]
    """Indicators without a central target."""
    waiting: tuple[Agreement, ...]
    """What waits for the office, oldest first."""


@dataclass(frozen=True)
class WaitingCard:
    """One thing to decide, in words."""

    what: str
    facts: tuple[str, ...]
    said: str
    """What the unit gives as its reason, cause or evidence."""
    origin: str
    """Who and when."""


def headline(office: Office, phase: Phase, language: str) -> str:
    """ "Giai đoạn 50 ngày: 258/258 đơn vị đã có dự kiến; 1 chỉ số chưa có chỉ tiêu Trung ương; 3 việc chờ"."""
    count = office.count
    issued = "issued" if count.issued else "not_issued"
    central = "central_missing" if office.missing else "central_known"
    waiting = "waiting" if office.waiting else "nothing_waits"
    return text(
        "office.headline",
        language,
        phase=phase.name.of(language),
        proposed=formats.whole(count.proposed, language),
        units=formats.whole(count.units, language),
        issued=_counted(f"office.{issued}", count.issued, language),
        central=_counted(f"office.{central}", len(office.missing), language),
        waiting=_counted(f"office.{waiting}", len(office.waiting), language),
    )


def _counted(key: str, count: int, language: str) -> str:
    return text(key, language, **({"count": formats.whole(count, language)} if count else {}))


# --- what waits -----------------------------------------------------------------------------------------------------


def waiting_card(row: Agreement, campaign: Campaign, today: date, language: str) -> WaitingCard:
    """A thing to decide with its numbers, documents, reason, who and when."""
    return WaitingCard(
        what=text(f"office.what.{row.kind}", language, unit=row.unit_name, subject=_subject(row, campaign, language)),
        facts=tuple(fact for fact in _FACTS[row.kind](row, campaign, today, language) if fact),
        said=text(f"office.said.{row.kind}", language, words=reason_words(row.text, language)),
        origin=text("office.origin", language, by=person(row.by, language), at=formats.moment(row.at, language)),
    )


def _subject(row: Agreement, campaign: Campaign, language: str) -> str:
    """Indicator and phase, as far as it is about them."""
    parts = []
    if row.indicator is not None:
        parts.append(campaign.indicator(row.indicator).name.of(language))
    if row.phase is not None:
        parts.append(text("office.of_phase", language, phase=campaign.phase(row.phase).name.of(language)))
    return ", ".join(parts)


def _registration_facts(row: Agreement, campaign: Campaign, _today: date, language: str) -> tuple[str, ...]:
    indicator = campaign.indicator(row.indicator or campaign.main)
    return (
        text(
            "office.fact.registration",
            language,
            value=decided(row.value, indicator, language),
            assigned=decided(row.assigned, indicator, language),
        ),
        _document(row, language),
    )


def _dates_facts(row: Agreement, campaign: Campaign, _today: date, language: str) -> tuple[str, ...]:
    common = campaign.phase(row.phase or "")
    return (
        text(
            "office.fact.dates",
            language,
            own=_span(row.start, row.due, language),
            common=_span(common.start, common.due, language),
        ),
        ""
        if not row.together
        else text(
            "office.fact.dates_together",
            language,
            phases=", ".join(campaign.phase(key).name.of(language) for key in row.together),
        ),
        _document(row, language),
    )


def _cause_facts(row: Agreement, _campaign: Campaign, _today: date, language: str) -> tuple[str, ...]:
    ends = row.deadline
    return (
        text("office.fact.cause", language, category=text(f"gaps.cause.{row.category}", language)),
        text(
            "office.fact.action",
            language,
            action=row.action or "–",
            who=row.who or "–",
            due="–" if row.due is None else formats.day(row.due, language),
        ),
        "" if ends is None else text("office.fact.ends", language, day=formats.day(ends, language)),
    )


def _check_facts(row: Agreement, campaign: Campaign, today: date, language: str) -> tuple[str, ...]:
    indicator = campaign.indicator(row.indicator or "")
    proposed = (row.proposed_numerator, row.proposed_denominator)
    late = row.deadline is not None and row.deadline < today
    return (
        text(
            "office.fact.check",
            language,
            day="–" if row.as_of is None else formats.day(row.as_of, language),
            counts=_counts(row.numerator, row.denominator, indicator, language),
        ),
        "" if None in proposed else text(
            "office.fact.proposed", language, counts=_counts(*proposed, indicator, language)
        ),
        "" if row.deadline is None else text(
            f"office.fact.{'deadline_passed' if late else 'deadline'}",
            language, day=formats.day(row.deadline, language),
        ),
    )  # fmt: skip


_FACTS = {
    "registration": _registration_facts,
    "dates": _dates_facts,
    "cause": _cause_facts,
    "check": _check_facts,
}


def _document(row: Agreement, language: str) -> str:
    return text("office.fact.document", language, document=document_of(row, language)) if row.document else ""


def _span(start: date | None, due: date | None, language: str) -> str:
    begins = "–" if start is None else formats.day(start, language)
    if due is None:
        return text("office.open_ended", language, start=begins)
    return f"{begins} – {formats.day(due, language)}"


def _counts(numerator: int | None, denominator: int | None, indicator: Indicator, language: str) -> str:
    said = figures.counts(numerator, denominator, indicator, language) or "–"
    if numerator is None or not denominator:
        return said
    return f"{said} ({formats.percent(100 * numerator / denominator, language)})"


# --- what is proposed -----------------------------------------------------------------------------------------------

NO_BREAK = "\N{NO-BREAK SPACE}"
NAME_LETTERS, WHY_LETTERS = 12, 26
COLUMNS = ("number", "unit", "baseline", "now", "proposed", "why", "state")


def assigned_cells(
    number: int, row: Assigned, now: Mapping[str, float | None], campaign: Campaign, language: str
) -> tuple[str, ...]:
    """A unit's line of the table."""
    value, indicator = now.get(row.unit), campaign.indicator(row.indicator)
    return (
        formats.whole(number, language),
        spread(row.name, NAME_LETTERS),
        _baseline(row, indicator, language),
        "–" if value is None else wording.written(value, indicator, language),
        "–" if row.proposed is None else decided(row.proposed.value, indicator, language),
        "" if row.proposed is None else spread(explained(row, row.proposed, campaign, language), WHY_LETTERS),
        spread(state_words(row, indicator, language), NAME_LETTERS),
    )


def _baseline(row: Assigned, indicator: Indicator, language: str) -> str:
    if row.baseline is None:
        return "–"
    figure = formats.published(row.baseline, indicator.measure, language)
    return figure if row.qualifier is None else wording.bounded(figure, row.qualifier, language)


def inexact_note(rows: Sequence[Assigned], language: str) -> str:
    """How many proposals still to be issued rest on a result that is only known as a bound; "" where none does.

    One that the office has adjusted no longer does.
    """
    open_ones = [row.proposed for row in rows if row.issued is None and row.proposed is not None]
    count = sum("qualifier" in proposed.terms and not proposed.is_adjusted for proposed in open_ones)
    return text("office.proposals.inexact", language, count=formats.whole(count, language)) if count else ""


def spread(words: str, letters: int) -> str:
    """The words in lines of at least so many letters, as far as there are: no column shrinks to a word on a phone."""
    lines, line = [], ""
    for word in words.split():
        line = f"{line}{NO_BREAK}{word}" if line else word
        if len(line) >= letters:
            lines.append(line)
            line = ""
    return " ".join([*lines, line] if line else lines)


def explained(row: Assigned, given: Given, campaign: Campaign, language: str) -> str:
    """The sentence behind a target."""
    return explain_target(
        because=given.because,
        value=given.value,
        terms=dict(given.terms),
        document=given.document,
        indicator=campaign.indicator(row.indicator),
        campaign=campaign,
        language=language,
    )


def state_words(row: Assigned, indicator: Indicator, language: str) -> str:
    """Proposed, adjusted, issued under which document, registered: as far as it has come."""
    said = []
    if row.issued is not None:
        terms = {"value": decided(row.issued.value, indicator, language), "document": row.issued.document}
        is_same = row.proposed is not None and row.proposed.value == row.issued.value
        said.append(text(f"office.state.{'issued' if is_same else 'issued_other'}", language, **terms))
    elif row.proposed is None or row.proposed.value is None:
        said.append(text("office.state.missing", language))
    else:
        said.append(text(f"office.state.{'adjusted' if row.proposed.is_adjusted else 'proposed'}", language))
    if row.registered is not None:
        said.append(text("office.state.registered", language, value=decided(row.registered.value, indicator, language)))
    return "; ".join(said)


# --- issuing --------------------------------------------------------------------------------------------------------


def names_of(indicators: Sequence[str], campaign: Campaign, language: str) -> str:
    """Indicators by name."""
    return ", ".join(campaign.indicator(key).name.of(language) for key in indicators)


MIME_TYPES: Mapping[AnnexFile, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def annex_name(document: IssueDocument | None, phase: Phase, campaign: Campaign, language: str) -> str:
    """ "629/KH-UBND ngày 19/03/2024 (giai đoạn 50 ngày)"; what is proposed where there is no document."""
    if document is None:
        return text("office.annex.which_proposed", language, phase=phase.name.of(language))
    phases = ", ".join(campaign.phase(key).name.of(language) for key in document.phases)
    return text("office.annex.which_document", language, document=dated(document, language), phases=phases)
