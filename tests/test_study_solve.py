"""The search for a factor, and what it finds for the utility MILL (see test_study)."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
import test_study
from helpers import agreement, rate_portfolio, read, write_tariffs

from rating.errors import RatebookError
from rating.study.database import rows_of
from rating.study.neutral import Aim, neutral
from rating.study.neutral_words import unreachable, why_missed
from rating.study.prices import Price
from rating.study.propose import propose
from rating.study.scaled import Scaled
from rating.study.scenario import read_scenario
from rating.study.solve import MOST_TRIALS, solve

TARGET = Decimal(1000)
mill = test_study.mill


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


@pytest.mark.parametrize(
    ("revenue", "guess", "differences"),
    [
        (lambda factor: 999 * factor, "1.001", [-1, Decimal("98.9")]),
        (lambda factor: 1001 * factor, "0.999", [1, Decimal("-99.1")]),
        (lambda factor: 940 * factor, "1.064", [-60, 34]),  # the next step comes nearer
    ],
)
def test_a_gap_smaller_than_a_step_of_the_prices_ends_at_the_nearer_of_the_two(
    revenue, guess, differences
):
    solution = found(revenue, places=1, guess=guess)
    assert [trial.difference for trial in solution.trials] == differences
    assert solution.is_closed
    assert abs(nearest(solution).difference) == min(map(abs, differences))


def jump(factor):
    """The revenue 900, from 1.2 on 1100."""
    return Decimal(900 if factor < Decimal("1.2") else 1100)


def test_a_jump_over_the_target_ends_between_neighbouring_prices():
    solution = found(jump, places=2)
    assert solution.is_reached
    assert not solution.is_near
    # of the 24 factors with two decimals between 1 and 1.25, halved: 12, 6, 3, 1
    assert len(solution.trials) <= 2 + 5
    assert [(round(one.factor, 2), one.difference) for one in solution.gap] == [
        (Decimal("1.19"), -100), (Decimal("1.20"), 100),
    ]  # fmt: skip
    assert solution.is_closed


def test_a_jump_that_the_trials_do_not_close_in_on_is_left_open():
    solution = found(jump, places=8)
    assert len(solution.trials) == MOST_TRIALS
    low, high = solution.gap
    assert low.factor < Decimal("1.2") <= high.factor
    assert not solution.is_closed


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


# B on S-2 has bills of 320 and 230; with all of the ratchet from February on, that month's is
# 20 + 160 + 5×20 = 280. Its energy has to come down by 50 of 160, to 2.75¢; two decimals allow 3¢,
# which leaves 10, or 2¢, which takes 30 too much.
RATCHETED = """\
scenario: All of the ratchet
effective_from: 2024-02-01
changes:
  - {schedule: S-2, ratchet_percent: "100"}
"""


def test_prices_are_rounded_as_printed_and_the_difference_that_remains_is_shown(mill, tmp_path):
    file, solved = tmp_path / "scenario.yaml", tmp_path / "solved.yaml"
    file.write_text(RATCHETED, "utf-8")
    with neutral(
        mill.url, file, scaled=Scaled(components=["energy"]), aim=Aim(), output=solved
    ) as found:
        prices = rows_of(found.connection, "neutral_price")
        revenue = rows_of(found.connection, "neutral_revenue")
    assert (found.target, found.difference) == (1230, 10)  # all bills; only S-2's prices move
    assert "(S-2 energy step 1 from 0.02 to 0.03) the revenue jumps from $1,200" in found.missed
    assert [(row["before_usd"], row["price_usd"]) for row in prices] == [
        (Decimal("0.04"), Decimal("0.03"))
    ]
    changes = {row["schedule"]: row["change_usd"] for row in revenue}
    assert changes == {"S-1": 0, "S-2": 10}
    content = read_scenario(solved)
    assert content.effective_from == date(2024, 2, 1)
    assert [(one.ratchet_percent, one.charge, one.price) for one in content.changes] == [
        (100, None, None), (None, "energy", Decimal("0.03")),
    ]  # fmt: skip


def test_a_minimum_that_begins_to_bind_does_not_mislead(mill):
    # 120 + 5000 p and 70 + 4000 p, at least 100, come to 244 with p = 24 / 5000 = 0.48¢: 144 + 100
    aim, scaled = Aim(target=Decimal(244)), Scaled(["S-2"], ["energy"])
    with neutral(mill.url, scaled=scaled, aim=aim, decimals=4) as found:
        (price,) = rows_of(found.connection, "neutral_price")
    assert (price["price_usd"], found.difference) == (Decimal("0.0048"), 0)


def test_a_target_that_the_revenue_jumps_over_is_said_with_the_prices_on_either_side(
    ratebook, mill, tmp_path
):
    # S-1 has six bills that come to 680 with six customer charges of $10.00. A charge of 10.004 is
    # billed as 10.00, one of 10.005 as 10.01: 680 + 6 × 0.01 = 680.06. Nothing comes to 680.03.
    asked = ("--schedule", "S-1", "--charge", "customer", "--target", "680.03", "--decimals", "3")
    page = tmp_path / "page.html"
    said = ratebook("study", "neutral", "--database", mill.url, *asked, "--html", page)
    assert said.code == 0
    words = " ".join(said.out.split())
    assert "no scale reaches the target: from × 1.00" in words
    assert "(S-1 customer step 1 from 10.004 to 10.005) the revenue jumps from $680.00 to" in words
    assert "to $680.06, and no printed prices lie between; -0.03 remains" in words
    assert "no printed prices lie between" in page.read_text("utf-8")


def test_trials_that_run_out_are_said():
    price = Price(1, date(2023, 1, 1), "mill", "S-1", 1, "energy", None, "energy", "rate", "kWh",
                  1, "price", Decimal("0.1"))  # fmt: skip
    solution = found(jump, places=8)
    said = why_missed(solution, TARGET, [price], lambda factor: [price.value * factor])
    assert said.startswith("12 trials found no scale that reaches the target: from × 1.1")
    assert "the revenue goes from $900.00 to $1,100.00; -100.00 remains" in said


def test_prices_that_stay_as_they_are_wherever_the_factor_lies_are_said():
    # a factor that is rounded to 1 wherever it lies
    solution = solve(lambda _: Decimal(-1), lambda _: 1, Decimal("1.001"), Decimal("0.01"))
    said = why_missed(solution, TARGET, [], lambda factor: [])
    assert said == "no other printed prices than those at × 1 lie near the target; -1.00 remains"


def test_a_target_that_no_price_yields_is_refused_with_what_can_be_reached():
    # a minimum of 1100, and at most 1000 + 100 × 100
    solution = found(lambda factor: max(Decimal(1100), 1000 + 100 * factor), guess="-5")
    assert not solution.is_reached
    said = unreachable(solution, TARGET)
    assert said.startswith("a revenue of $1,000.00 cannot be reached")
    assert "between $1,100.00 and $11,000.00;" in said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--target", "many"], "--target many is not a number"),
        (["--target", "-1"], "--target -1 is negative"),
        (["--target", "1", "--change-percent", "1"], "are both given; keep one of the two"),
        (["--change-percent", "-101"], "--change-percent -101 is less than all"),
        (["--component", "color"], "component color is unknown"),
        (["--schedule", "S-9"], "schedule S-9 is unknown"),
        (["--charge", "nope"], "there is no charge nope of any schedule"),
        (["--schedule", "S-2", "--charge", "nope"], "there is no charge nope of S-2"),
        (["--effective-from", "May"], "--effective-from May is not a day"),
    ],
)
def test_a_bad_question_is_one_sentence(ratebook, mill, options, sentence):
    said = ratebook("study", "neutral", "--database", mill.url, *options)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1


# S-2 from February on: 1¢ a kWh and nothing else. B pays 40 instead of 230.
WHOLE = """\
scenario: Energy alone
effective_from: 2024-02-01
changes:
  - schedule: S-2
    version:
      sheet: proposed
      eligibility:
        - {words: some, attributes: {customer_class: commercial}, sheet: proposed}
      requires: [kwh]
      charges:
        - {code: energy, description: Energy charge, component: energy, per: kwh, covers: kwh,
           prices_in: $/kWh, price: "0.01", sheet: proposed}
"""


def test_a_whole_version_takes_the_place_of_the_one_in_force_from_its_day_on(mill, tmp_path):
    file = tmp_path / "whole.yaml"
    file.write_text(WHOLE, "utf-8")
    with propose(mill.url, file) as connection:
        found = {
            (row["agreement_id"], f"{row['billing_month']:%m}"): row["change_usd"]
            for row in rows_of(connection, "proposal")
            if row["change_usd"]
        }
    assert found == {("B", "02"): -190}


# The schedules beside it 10 % up: A and D on S-1 pay 11 + 44 = 55 instead of 50, C 11 + 11 = 22
# instead of 20; B on S-2 pays 22 + 4000 × 0.044 + 10 × 5.50 = 253 instead of 230.
@pytest.mark.parametrize(
    ("whole", "changes"),
    [
        ("S-3", {"A": 5, "B": 23, "C": 2, "D": 5}),
        ("S-2", {"A": 5, "B": -190, "C": 2, "D": 5}),
    ],
)
def test_a_whole_version_between_changes_of_other_schedules_leaves_those_their_own_rows(
    mill, tmp_path, whole, changes
):
    header, _, given = WHOLE.partition("changes:\n")
    others = {"S-1", "S-2", "S-3"} - {whole}
    first, last = (f'  - {{schedule: {one}, percent: "10"}}\n' for one in sorted(others))
    file = tmp_path / "between.yaml"
    file.write_text(
        f"{header}changes:\n{first}{given.replace('schedule: S-2', f'schedule: {whole}')}{last}",
        "utf-8",
    )
    with propose(mill.url, file) as connection:
        found = {
            (row["agreement_id"], f"{row['billing_month']:%m}"): row["change_usd"]
            for row in rows_of(connection, "proposal")
            if row["change_usd"]
        }
    assert found == {(name, "02"): change for name, change in changes.items()}


# S-1 10 % up and S-3 anew, then S-2's energy: 880 in January, 55 + 22 + 55 on S-1 in February, and
# 20 + 4000 p + 50 on S-2 come to 1402 with p = 8¢.
def test_prices_are_scaled_beside_a_change_and_a_whole_version_of_other_schedules(mill, tmp_path):
    header, _, given = WHOLE.partition("changes:\n")
    whole = given.replace("schedule: S-2", "schedule: S-3")
    file = tmp_path / "beside.yaml"
    file.write_text(f'{header}changes:\n  - {{schedule: S-1, percent: "10"}}\n{whole}', "utf-8")
    scaled, aim = Scaled(["S-2"], ["energy"]), Aim(target=Decimal(1402))
    with neutral(mill.url, file, scaled=scaled, aim=aim) as found:
        prices = [
            (row["schedule"], row["version_effective_from"], row["price_usd"])
            for row in rows_of(found.connection, "neutral_price")
        ]
    assert prices == [("S-2", date(2024, 2, 1), Decimal("0.08"))]
    assert (found.factor, found.difference) == (2, 0)


# From February on A's 400 kWh, C's 100 and D's 400 on S-1 come to 40 + 10 + 40 = 90 at 10¢, or to
# 99 at 11¢, and B's 4000 on S-2 to 160. The bills of January are 100 + 320 + 40 + 420 = 880, all
# else of February is 3 × 10 for customers of S-1 and 20 + 50 for B: 100.
DEARER = """\
scenario: A dearer first block
effective_from: 2024-02-01
changes:
  - {schedule: S-1, charge: energy, step: 1, price: "0.11"}
"""
FROM_FEBRUARY = {
    ("S-1", date(2024, 2, 1), 1): (Decimal("0.10"), Decimal("0.20")),
    ("S-1", date(2024, 2, 1), 2): (Decimal("0.08"), Decimal("0.16")),
    ("S-2", date(2024, 2, 1), 1): (Decimal("0.04"), Decimal("0.08")),
}


def energy_prices(found):
    """The prices before and after of a study, by schedule, first day of the version, and step."""
    return {
        (row["schedule"], row["version_effective_from"], row["step_no"]): (
            row["before_usd"], row["price_usd"],
        )
        for row in rows_of(found.connection, "neutral_price")
    }  # fmt: skip


def test_without_a_scenario_the_version_in_force_on_the_day_is_cut_there(mill, tmp_path):
    solved = tmp_path / "solved.yaml"
    aim = Aim(target=880 + 100 + 2 * Decimal(90 + 160))
    day = date(2024, 2, 1)
    scaled = Scaled(components=["energy"])
    with neutral(mill.url, scaled=scaled, aim=aim, effective_from=day, output=solved) as found:
        assert energy_prices(found) == FROM_FEBRUARY
        assert (found.factor, found.difference) == (2, 0)
    with propose(mill.url, solved) as connection:  # what is written comes to the same
        rows = rows_of(connection, "proposal")
    assert sum(row["proposed_usd"] for row in rows) == aim.target
    assert {row["billing_month"] for row in rows if row["change_usd"]} == {day}


def test_a_schedule_that_the_scenario_does_not_change_is_cut_on_its_day_too(mill, tmp_path):
    file = tmp_path / "scenario.yaml"
    file.write_text(DEARER, "utf-8")
    scaled = Scaled(["S-1", "S-2"], ["energy"])
    aim = Aim(target=880 + 100 + 2 * Decimal(99 + 160))
    with neutral(mill.url, file, scaled=scaled, aim=aim) as found:
        assert energy_prices(found) == {
            **FROM_FEBRUARY,
            ("S-1", date(2024, 2, 1), 1): (Decimal("0.11"), Decimal("0.22")),
        }
        assert (found.factor, found.difference) == (2, 0)


@pytest.fixture(scope="module")
def two_towns(tmp_path_factory):
    """Two utilities that have a schedule S-1 each, at 10¢, and a bill of 400 kWh on each: $50."""
    folder = tmp_path_factory.mktemp("towns")
    seeds = {name: test_study.SEEDS[name] for name in ("utility", "s-1")}
    files = {
        "service_agreements": [
            agreement(name, "S-1", utility=utility, start_date="2023-01-01")
            for name, utility in (("A", "mill"), ("T", "town"))
        ],
        "meter_reads": [read(name, "2024-01", kwh="400") for name in ("A", "T")],
    }
    others = {name: text.replace("mill", "town") for name, text in seeds.items()}
    tariffs = [
        write_tariffs(folder / utility, utility, texts)
        for utility, texts in (("mill", seeds), ("town", others))
    ]
    return rate_portfolio(folder, files, tariffs)


@pytest.mark.long
def test_prices_are_of_one_utility_where_several_have_a_schedule_of_that_name(two_towns):
    scaled = Scaled(["S-1"], ["energy"], utility="town")
    with neutral(two_towns.url, scaled=scaled, aim=Aim(target=Decimal(70))) as found:
        prices = rows_of(found.connection, "neutral_price")
        revenue = rows_of(found.connection, "neutral_revenue")
    assert {(one["utility"], one["price_usd"]) for one in prices if one["step_no"] == 1} == {
        ("town", Decimal("0.15"))
    }
    assert [(one["utility"], one["bills"], one["proposed_usd"]) for one in revenue] == [
        ("town", 1, 70)
    ]


@pytest.mark.parametrize(
    ("scaled", "message"),
    [
        (Scaled(["S-1"]), "have a schedule S-1; give --utility mill or --utility town"),
        (Scaled(["S-1"], utility="nowhere"), "nowhere has no schedule S-1; choose another"),
        (Scaled(utility="town"), "--utility town says whose schedules; give --schedule too"),
    ],
)
def test_whose_prices_is_asked_where_it_is_not_clear(two_towns, scaled, message):
    with (
        pytest.raises(RatebookError, match=message),
        neutral(two_towns.url, scaled=scaled, aim=Aim()),
    ):
        pass
