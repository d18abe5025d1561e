"""The search for a factor: lines, bends, coarse steps, and what cannot be reached."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from rating.study_solve import MOST_TRIALS, solve

TARGET = Decimal(1000)


def found(revenue, *, guess="1.25", places=6, tolerance="0.01"):
    """The solution for a revenue by factor, the factor rounded as prices would be."""

    def rounded(factor):
        return factor.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

    return solve(
        lambda factor: revenue(rounded(factor)) - TARGET,
        rounded,
        Decimal(guess),
        Decimal(tolerance),
    )


def nearest(solution):
    """The trial that comes nearest."""
    return solution.trials[solution.best]


def test_a_target_that_is_met_already_takes_one_trial():
    assert [trial.factor for trial in found(lambda factor: 1000 * factor).trials] == [1]


def test_a_right_guess_takes_two_trials():
    solution = found(lambda factor: 800 * factor)  # 800 × 1.25
    assert [trial.factor for trial in solution.trials] == [1, Decimal("1.25")]


def test_a_straight_line_takes_three_trials():
    solution = found(lambda factor: 500 + 400 * factor, guess="1.1")  # 500 + 400 × 1.25
    assert len(solution.trials) == 3
    assert nearest(solution).factor == Decimal("1.25")


@pytest.mark.parametrize(
    "revenue",
    [
        lambda factor: max(Decimal(800), 200 * factor),  # a minimum hides factors up to 4; 5
        lambda factor: 1500 - 300 * factor,  # prices that come off a bill; 5/3
        lambda factor: factor**3 * 100 + 300,
        lambda factor: max(100 * factor, 2000 * factor - 3000) + 50,
        lambda factor: min(700 * factor, 600 + 100 * factor) + 50,
    ],
)
def test_bends_converge_within_the_trials(revenue):
    solution = found(revenue)
    assert solution.is_reached
    assert abs(nearest(solution).difference) <= Decimal("0.01")
    assert len(solution.trials) <= MOST_TRIALS


def test_coarse_prices_end_at_the_nearest_of_their_steps():
    # with one decimal 810 × 1.2 = 972 and 810 × 1.3 = 1053 lie on either side
    solution = found(lambda factor: 810 * factor, places=1, guess="1.2346")
    assert solution.is_reached
    assert nearest(solution).difference == -28
    assert len(solution.trials) <= 4


def test_a_gap_smaller_than_a_step_of_the_prices_stays():
    solution = found(lambda factor: 999 * factor, places=1, guess="1.001")
    assert solution.is_reached
    assert [trial.difference for trial in solution.trials] == [-1]


@pytest.mark.parametrize(
    ("revenue", "guess"),
    [
        (lambda factor: Decimal(900), "1.1"),
        (lambda factor: 1100 + factor, "-99"),
        (lambda factor: 2 * factor, "500"),
    ],
    ids=["not moved", "never so low", "never so high"],
)
def test_a_target_beyond_the_least_and_the_greatest_factor_is_not_reached(revenue, guess):
    solution = found(revenue, guess=guess)
    assert not solution.is_reached
    assert {0, 100} <= {trial.factor for trial in solution.trials}
