"""Whoever reads a mistake: it has a place and words, in either language and in no other."""

import re

from jobs.wording.mistakes import mistake_words, problem_place
from models.core.texts import LANGUAGES
from targets.errors import FileProblem

ENGLISH = re.compile(r"\b(is|the|line|column|whole|which|must|not)\b")
"""Words by which a Vietnamese sentence would be seen to be English."""


def assert_said_to_every_reader(*problems: FileProblem) -> None:
    for problem in problems:
        said = {
            language: f"{problem_place(problem, language)}: {mistake_words(problem, language)}"
            for language in LANGUAGES
        }
        assert problem.where, problem
        assert said["vi"] != said["en"], said
        assert not ENGLISH.search(re.sub(r"“[^”]*”|«[^»]*»", "", said["vi"])), said["vi"]
