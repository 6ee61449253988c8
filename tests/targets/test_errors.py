"""Errors name the thing, the problem and the way out, and build their own sentence."""

import pickle

import pytest

from targets.errors import (
    CampaignError,
    CampaignFilesError,
    FigureProblem,
    FileProblem,
    StoreNotReady,
    UnknownName,
    UnreadableFile,
)

TWO_LEVELS = FileProblem("units.csv", "line 7", "the level “sở” is not one of department, district, commune.", "choice")
NO_DUE = FileProblem(
    "campaign.toml", "phases.50-day.due", "is missing; only the last phase may do without.", "open_ended"
)


def test_file_problem_says_where_it_stands_when_shown():
    assert str(NO_DUE) == "campaign.toml, phases.50-day.due: is missing; only the last phase may do without."


def test_files_error_names_every_mistake_when_there_are_several():
    error = CampaignFilesError([NO_DUE, TWO_LEVELS])

    assert error.problems == (NO_DUE, TWO_LEVELS)
    assert str(error) == (
        "The campaign's files hold 2 mistakes; nothing was loaded:\n"
        "  - campaign.toml, phases.50-day.due: is missing; only the last phase may do without.\n"
        "  - units.csv, line 7: the level “sở” is not one of department, district, commune."
    )


def test_files_error_speaks_of_one_mistake_when_there_is_one():
    assert str(CampaignFilesError([NO_DUE])).startswith("The campaign's files hold 1 mistake; nothing was loaded:\n")


def test_unknown_name_lists_the_names_when_they_are_few():
    error = UnknownName(kind="phase", name="60-day", allowed=["50-day", "100-day"])

    assert str(error) == "No phase is called “60-day”. Known: 50-day, 100-day."
    assert (error.kind, error.name, error.allowed) == ("phase", "60-day", ("50-day", "100-day"))
    assert error.code == "unknown_name"
    assert error.terms == {"kind": "phase", "name": "60-day", "known": "50-day, 100-day"}


def test_unknown_name_lists_nothing_when_there_are_too_many_names():
    error = UnknownName(kind="unit", name="H21.99")

    assert str(error) == "No unit is called “H21.99”."
    assert (error.code, error.terms) == ("unknown_name_of_many", {"kind": "unit", "name": "H21.99"})


def test_error_carries_the_key_of_its_sentence_when_people_may_meet_it_on_a_page():
    error = CampaignError("No proposal of phase 50-day has a value.", code="nothing_to_issue", phase="50-day")

    assert (str(error), error.code) == ("No proposal of phase 50-day has a value.", "nothing_to_issue")
    assert error.terms == {"phase": "50-day"}


@pytest.mark.parametrize("kind", [CampaignError, UnreadableFile, StoreNotReady])
def test_error_has_only_its_sentence_when_no_page_shows_it(kind):
    error = kind("The store holds no campaign yet. Run `python -m jobs init` first.")

    assert (error.code, dict(error.terms)) == ("", {})
    assert isinstance(error, CampaignError)


def test_figure_problem_is_its_code_and_terms_when_printed():
    with_terms, without = FigureProblem("range", cell="120"), FigureProblem("negative")

    assert (str(with_terms), with_terms.code, with_terms.terms) == ("range {'cell': '120'}", "range", {"cell": "120"})
    assert (str(without), without.code, without.terms) == ("negative", "negative", {})


class Found(CampaignError):
    """Made from other words than it says."""

    def __init__(self, where: str, many: int) -> None:
        self.many = many
        super().__init__(f"{many} in {where}", code="found", where=where)


def test_mistake_is_the_same_in_another_process():
    result = Found("the file", 3)

    heard = pickle.loads(pickle.dumps(result))  # noqa: S301 - our own

    assert type(heard) is Found
    assert (str(heard), heard.code, heard.terms, heard.many) == ("3 in the file", "found", {"where": "the file"}, 3)
    assert str(pickle.loads(pickle.dumps(CampaignError("only words")))) == "only words"  # noqa: S301
