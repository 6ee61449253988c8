"""What a unit has registered, stated, disputed or been asked, in words: what, its state, who, when and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models import formats
from models.queries.agreements import Agreement
from models.texts import text
from targets.permissions import SYSTEM
from targets.values import Campaign

FOUNDING = "init"
"""The reason the command notes that brings the campaign's files in: no word of the unit's."""
REPLACED = frozenset(f"replaced by a later {kind}" for kind in ("registration", "request", "statement"))
"""Reasons that `models.actions` writes itself where a later wish takes the place of one that waits."""
HOLDING = ("in_force", "approved")
"""States of a registration or of dates that counts, as long as no later one does."""


@dataclass(frozen=True)
class WishView:
    """One wish, statement, dispute or question, as lines of words."""

    title: str
    state: str
    is_waiting: bool
    is_late: bool
    lines: tuple[str, ...]


def wish_views(
    wishes: Sequence[Agreement], *, campaign: Campaign, names: Mapping[str, str], today: date, language: str
) -> tuple[WishView, ...]:
    """Open questions first, the earliest deadline before others; then what waits; then the rest, the newest first."""
    counting: set[tuple[str, str | None, str | None]] = set()
    views: list[tuple[tuple[int, int], WishView]] = []
    for order, wish in enumerate(reversed(wishes)):
        place = (wish.kind, wish.indicator, wish.phase)
        is_counted = wish.state in HOLDING
        state = "superseded" if is_counted and place in counting else wish.state
        if is_counted:
            counting.add(place)
        is_late = wish.is_waiting and wish.deadline is not None and wish.kind != "cause" and wish.deadline < today
        said = text(f"wishes.state.{wish.kind}_{state}", language)
        view = WishView(
            title=title(wish, campaign, language),
            state=text("wishes.state.late", language, state=said) if is_late else said,
            is_waiting=wish.is_waiting,
            is_late=is_late,
            lines=_lines(wish, names, language),
        )
        views.append((_place(wish, order), view))
    return tuple(view for _, view in sorted(views, key=lambda found: found[0]))


def _place(wish: Agreement, order: int) -> tuple[int, int]:
    if wish.kind == "question" and wish.is_waiting and wish.deadline is not None:
        return 0, wish.deadline.toordinal()
    return (1 if wish.is_waiting else 2), order


def title(wish: Agreement, campaign: Campaign, language: str) -> str:
    """What it is, on which indicator or phase."""
    terms: dict[str, str] = {}
    key: str = wish.kind
    if wish.indicator is not None:
        terms["name"] = campaign.indicator(wish.indicator).short_name.of(language)
    if wish.phase is not None:
        terms["phase"] = campaign.phase(wish.phase).name.of(language)
    if wish.kind == "registration":
        terms["value"] = formats.target_percent(wish.value or 0, language)
    elif wish.kind == "cause":
        terms["category"] = text(f"gaps.cause.{wish.category}", language)
    elif wish.kind == "dates" and wish.start is not None:
        key = "dates" if wish.due is not None else "dates_open"
        terms["start"] = formats.day(wish.start, language)
        if wish.due is not None:
            terms["due"] = formats.day(wish.due, language)
    elif wish.kind == "check" and wish.as_of is not None:
        terms["date"] = formats.day(wish.as_of, language)
        key = "check" if wish.denominator is not None else "check_plain"
        terms |= _counts(wish.numerator, wish.denominator, language)
    return text(f"wishes.what.{key}", language, **terms)


def _counts(numerator: int | None, denominator: int | None, language: str) -> dict[str, str]:
    if numerator is None or denominator is None:
        return {}
    return {"numerator": formats.whole(numerator, language), "denominator": formats.whole(denominator, language)}


def _lines(wish: Agreement, names: Mapping[str, str], language: str) -> tuple[str, ...]:
    return tuple(
        line
        for line in (
            "" if wish.text == FOUNDING else wish.text,
            _particulars(wish, language),
            text(
                "wishes.line.by",
                language,
                by=person(wish.by, names, language),
                moment=formats.moment(wish.at, language),
            ),
            _decision(wish, names, language),
        )
        if line
    )


def _particulars(wish: Agreement, language: str) -> str:
    """What was said beside the words themselves: the plan of a cause, counts, document, deadline."""
    said = []
    if wish.assigned is not None:
        said.append(text("wishes.line.assigned", language, value=formats.target_percent(wish.assigned, language)))
    if wish.document:
        said.append(text("wishes.line.document", language, document=document_of(wish, language)))
    if wish.source:
        said.append(text("wishes.line.source", language, source=wish.source))
    if wish.action and wish.who and wish.due is not None:
        action = wish.action if wish.action.endswith((".", "!", "?", ";")) else f"{wish.action}."
        plan = {"action": action, "who": wish.who, "date": formats.day(wish.due, language)}
        said.append(text("wishes.line.plan", language, **plan))
    proposed = _counts(wish.proposed_numerator, wish.proposed_denominator, language)
    if proposed:
        said.append(text("wishes.line.proposed", language, **proposed))
    if wish.deadline is not None:
        key = {"cause": "until", "check": "decide_by"}.get(wish.kind, "answer_by")
        said.append(text(f"wishes.line.{key}", language, date=formats.day(wish.deadline, language)))
    return " · ".join(said)


def document_of(wish: Agreement, language: str) -> str:
    """ "696/KH-SGTVT ngày 21/03/2024": a document with its own day, where that is known."""
    if wish.document_date is None:
        return wish.document
    day = formats.day(wish.document_date, language)
    return text("unit.targets.document_dated", language, document=wish.document, date=day)


def _decision(wish: Agreement, names: Mapping[str, str], language: str) -> str:
    if wish.decided_by is None or wish.decided_at is None:
        return ""
    moment = formats.moment(wish.decided_at, language)
    if wish.decided_reason in REPLACED:
        return text("wishes.line.replaced", language, moment=moment)
    by = person(wish.decided_by, names, language)
    if not wish.decided_reason:
        return text("wishes.line.decided_plain", language, by=by, moment=moment)
    return text("wishes.line.decided", language, by=by, moment=moment, reason=wish.decided_reason)


def person(login: str, names: Mapping[str, str], language: str) -> str:
    """What somebody is called; whoever ran a command on the server did so for the office."""
    return text("wishes.line.office", language) if login.startswith(SYSTEM) else names.get(login, login)
