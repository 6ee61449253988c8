"""The sentence behind a target: its numbers, in both languages, as the rule worked them out."""

from decimal import Decimal

import pytest

from models.core.texts import text
from models.targets.explanations import explain_target
from targets.rules import RuleCase, propose
from targets.values import Rule
from tests.models.conftest import indicator, small_campaign


def explained(
    language: str,
    *,
    baseline: str | None,
    central: str | None,
    is_interim: bool = False,
    ceiling: str = "100",
    is_down: bool = False,
    **rule: object,
) -> str:
    """The sentence about what the rule proposes."""
    of_rule = Rule(**({"kind": "central_plus"} | rule))
    case = RuleCase(
        rule=of_rule,
        best=Decimal(0) if is_down else Decimal(ceiling),
        lower_is_better=is_down,
        baseline=None if baseline is None else Decimal(baseline),
        central=None if central is None else Decimal(central),
        share=of_rule.share if is_interim else None,
    )
    proposal = propose(case)
    terms = {
        "baseline": baseline,
        "central": central,
        "is_interim": is_interim,
        "is_capped": proposal.is_capped,
        "uplift": str(of_rule.uplift),
        "uplift_kind": of_rule.uplift_kind,
        "at_or_above": of_rule.at_or_above,
        "phase_1": of_rule.phase_1,
        "share": str(of_rule.share),
    }
    return explain_target(
        because=proposal.because,
        value=proposal.value,
        terms=terms,
        document="",
        indicator=indicator(1, "online", ceiling=Decimal(ceiling), direction="down" if is_down else "up"),
        campaign=small_campaign(),
        language=language,
    )


NUMBERS = {
    "below the centre": ({"baseline": "40.3", "central": "50"}, ("2023", "40,3%", "2024", "50%", "10", "60%")),
    "at the centre or above": ({"baseline": "67.37", "central": "50"}, ("67,37%", "50%", "10", "77,37%")),
    "half way": ({"baseline": "67.37", "central": "50", "is_interim": True}, ("67,37%", "50%", "72,37%")),
    "half way below": ({"baseline": "40.3", "central": "50", "is_interim": True}, ("40,3%", "50%", "45,3%")),
    "midpoint": (
        {"baseline": "40.3", "central": "50", "is_interim": True, "phase_1": "midpoint"},
        ("40,3%", "60%", "50,15%"),
    ),
    "a relative uplift": ({"baseline": "60", "central": "50", "uplift_kind": "relative"}, ("60%", "10%", "66%")),
    "the other reading": (
        {"baseline": "55", "central": "50", "at_or_above": "own_or_central_plus_uplift"},
        ("55%", "60%"),
    ),
    "no baseline": ({"baseline": None, "central": "50"}, ("2023", "50%", "60%")),
    "the ceiling": ({"baseline": "95", "central": "50"}, ("95%", "100%")),
}


@pytest.mark.parametrize(("case", "numbers"), NUMBERS.values(), ids=NUMBERS.keys())
def test_explanation_tells_every_number_of(case, numbers):
    sentence = explained("vi", **case)

    assert [number for number in numbers if number not in sentence] == []


@pytest.mark.parametrize(("case", "numbers"), NUMBERS.values(), ids=NUMBERS.keys())
def test_explanation_in_english_writes_them_with_a_point(case, numbers):
    sentence = explained("en", **case)

    assert [number for number in numbers if number.replace(",", ".") not in sentence] == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_explanation_ends_with_the_value_it_explains(language):
    sentence = explained(language, baseline="40.3", central="50")

    assert sentence.endswith({"vi": "tức 60%.", "en": "= 60%."}[language])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_explanation_says_that_the_ceiling_cut_the_value(language):
    capped, uncapped = (explained(language, baseline=baseline, central="50") for baseline in ("95", "90"))

    assert "100%)" in capped
    assert "(" not in uncapped.replace("(50%)", "")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_explanation_of_a_missing_central_target_says_what_to_enter_and_where(language):
    sentence = explained(language, baseline="40.3", central=None)

    assert "2024" in sentence
    assert "online" in sentence
    assert text("page.targets", language) in sentence


@pytest.mark.parametrize("language", ["vi", "en"])
def test_explanation_of_a_fixed_target_says_its_value(language):
    assert "100%" in explained(language, baseline="40.3", central=None, kind="fixed")


@pytest.mark.parametrize("because", ["issued_by_decision", "own_registration"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_explanation_of_a_decision_names_the_document_where_there_is_one(because, language):
    def result(document: str) -> str:
        return explain_target(
            because=because,
            value=Decimal("72.37"),
            terms={},
            document=document,
            indicator=indicator(1, "online"),
            campaign=small_campaign(),
            language=language,
        )

    percent = "72,37%" if language == "vi" else "72.37%"
    assert percent in result("696/KH-SGTVT")
    assert "696/KH-SGTVT" in result("696/KH-SGTVT")
    assert percent in result("")
    assert result("") == " ".join(result("").split()).replace(" .", ".")


DOWN = {
    "over the centre": ({"baseline": "41.6", "central": "20"}, ("41,6%", "cao hơn", "20% − 10", "không quá 10%")),
    "under the centre": ({"baseline": "15", "central": "20"}, ("15%", "không cao hơn", "15% − 10", "không quá 5%")),
    "half way": (
        {"baseline": "15", "central": "20", "is_interim": True},
        ("thấp hơn giữa 20% và 10%", "không quá 10%"),
    ),
    "a relative uplift": ({"baseline": "50", "central": "40", "uplift_kind": "relative"}, ("giảm bớt 10%", "36%")),
    "the floor": ({"baseline": "41.6", "central": "5"}, ("không quá 0%", "(không thấp hơn 0%)")),
    "fixed": ({"baseline": None, "central": None, "kind": "fixed"}, ("không quá 100%",)),
}


@pytest.mark.parametrize(("case", "words"), DOWN.values(), ids=DOWN.keys())
def test_explanation_where_lower_is_better_takes_off_and_speaks_of_a_limit(case, words):
    sentence = explained("vi", is_down=True, **case)

    assert [word for word in words if word not in sentence] == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_explanation_where_no_target_is_meant_says_so(language):
    said = {"vi": "không giao chỉ tiêu", "en": "no target is meant"}[language]

    assert said in explained(language, baseline="40", central="50", kind="none")
