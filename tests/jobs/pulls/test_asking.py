"""Asking beside the run: what is answered comes back, and what is not answered holds nobody up."""

import threading

import pytest

from jobs.pulls.asking import answer_beside


def nothing() -> None:
    """Neither a reason to end nor anything to leave."""


def test_answer_comes_back_to_whoever_waits():
    assert answer_beside("asking", lambda: 7, check=nothing, leave=nothing) == 7


@pytest.mark.parametrize("problem", [ValueError, KeyboardInterrupt])
def test_what_asking_stumbles_over_is_raised_where_it_is_waited_for(problem):
    def stumble():
        raise problem

    with pytest.raises(problem):
        answer_beside("asking", stumble, check=nothing, leave=nothing)


def test_source_that_does_not_answer_is_left_behind_once_the_run_is_to_end():
    let_go, left = threading.Event(), []

    def check():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        answer_beside("asking", lambda: let_go.wait(30), check=check, leave=lambda: left.append(True))

    let_go.set()
    assert left == [True]
