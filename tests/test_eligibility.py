"""For which schedules customers qualify, on small portfolios judged by hand."""

import json
import random

import pytest
import typer
from helpers import (
    TARIFFS,
    agreement,
    file_copy,
    make_database,
    months,
    read,
    select,
    write_portfolio,
)
from typer.testing import CliRunner

from rating.cli.tariffs import register
from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.run import eligibility
from rating.run.dbt_build import dbt_build
from rating.run.eligibility import build
from rating.setup import initialize

IOWA = {"utility": "ilpt-ia", "start_date": "2020-01-01", "customer_class": "commercial"}


def iowa(name, kilowatts, **terms):
    """An Iowa agreement and its reads of 2025: one kW a month from January, "" unknown."""
    rows = [
        read(name, month, kwh="1000", kw=kw)
        for month, kw in zip(months("2025-01", 12), kilowatts, strict=False)
        if kw is not None
    ]
    return agreement(name, "CE", **{**IOWA, **terms}), rows


def history_by_rule_i9(kilowatts):
    """The schedule that I9 names, by counting."""
    for bound, schedule in ((1000, "IP"), (200, "LP"), (50, "SP")):
        if sum(kw >= bound for kw in kilowatts) >= 3:
            return schedule
    return "CE"


RANDOM = random.Random(4)
HISTORIES = {
    f"H{number}": [RANDOM.choice([10, 49, 50, 51, 199, 200, 201, 999, 1000, 1001])
                   for _ in range(12)]
    if number % 2 else
    [RANDOM.choice([49, 50]), *RANDOM.choices([50, 51, 200], k=3), *RANDOM.choices([1, 49], k=8)]
    for number in range(60)
}  # fmt: skip

IOWA_CUSTOMERS = [
    iowa("at-50", [50] * 3 + [10] * 9),
    iowa("at-50-twice", [50] * 2 + [10] * 10),
    iowa("under-50", ["49.999999"] * 12),
    iowa("at-200", [200] * 3 + [100] * 9),
    iowa("at-1000", [1000] * 3 + [10] * 9),
    iowa("mixed", [1000] * 2 + [200] + [50] * 9),
    iowa("no-class", [60] * 12, customer_class=""),
    iowa("no-class-small", [10] * 12, customer_class=""),
    iowa("home", [10] * 12, customer_class="residential"),
    iowa("no-demand", [""] * 12),
    iowa("one-blank", [50] * 2 + [""] + [10] * 9),
    iowa("one-blank-enough", [50] * 3 + [""] + [10] * 8),
    iowa("two-missing", [50] * 2 + [None] * 2 + [10] * 8),
    iowa("one-missing", [50] + [None] + [10] * 10),
    # came in October; what it did not hold is not unknown
    iowa("new", [None] * 9 + [60] * 3, start_date="2025-10-01"),
    iowa("newer", [None] * 10 + [60] * 2, start_date="2025-11-01"),
    # left after June, so that nothing is judged for 2026
    iowa("gone", [60] * 6, end_date="2025-07-01"),
    *(iowa(name, kilowatts) for name, kilowatts in HISTORIES.items()),
]


def missouri(name, schedule="GS-1", kw="", **terms):
    """A Missouri agreement and its reads of 2015."""
    reads = [read(name, month, kwh="1000", kw=kw) for month in months("2015-01", 12)]
    return agreement(name, schedule, **terms), reads


MISSOURI_CUSTOMERS = [
    missouri("mo-home", "RS-3", customer_class="residential"),
    missouri("mo-electric-home", "RS-4", customer_class="residential", all_electric="true"),
    missouri("mo-shop", customer_class="commercial"),
    missouri("mo-blank"),
    missouri("mo-church", "CH-1", customer_class="church"),
    missouri("mo-shop-on-ch-1", "CH-1", customer_class="commercial"),
    missouri("mo-school", "EDU-1", customer_class="school"),
    missouri("mo-pump", "SP-1", customer_class="municipal"),
    missouri("mo-all-electric", "TEGS", customer_class="commercial", all_electric="true",
             phase="three"),
    missouri("mo-plant", "LP-2", customer_class="industrial", voltage="primary", phase="three",
             kw="999.999999"),
    missouri("mo-large-plant", "LP-2", customer_class="industrial", voltage="primary",
             phase="three", kw="1000"),
    missouri("mo-heater", "GSSH-1", customer_class="commercial", space_heating="true",
             combined_with_agreement_id="mo-shop"),
    missouri("mo-lonely-heater", "GSSH-1", customer_class="commercial", space_heating="true"),
    missouri("mo-small-edr", "LGS-1", customer_class="industrial", kw="199.999999"),
    missouri("mo-edr", "LGS-1", customer_class="industrial", kw="200"),
]  # fmt: skip
CHANGED = agreement("mo-changed", "GS-1", customer_class="commercial", end_date="2015-07-01")
CHANGED_LATER = agreement(
    "mo-changed", "LP-2", customer_class="industrial", voltage="primary", phase="three",
    start_date="2015-07-01",
)  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """A database with the customers, and `eligibility` built; nothing is rated."""
    folder = tmp_path_factory.mktemp("eligibility")
    customers = [*IOWA_CUSTOMERS, *MISSOURI_CUSTOMERS]
    last = agreement("mo-last", "RS-3", customer_class="residential")
    files = {
        "service_agreements": [*(one for one, _ in customers), CHANGED, CHANGED_LATER, last],
        "meter_reads": [
            *(row for _, rows in customers for row in rows),
            *(read("mo-changed", month, kwh="1") for month in months("2015-01", 12)),
            read("mo-last", "2023-05", kwh="1"),
        ],
        "rider_enrollments": [
            {"agreement_id": name, "rider": "EDR-5", "start_date": "2015-03-01", "option": "A"}
            for name in ("mo-small-edr", "mo-edr")
        ],
    }
    url = make_database(folder)
    loaded = load_folder(url, write_portfolio(folder / "portfolio", files))
    assert loaded.rows_rejected == 0
    build(url)
    return url


@pytest.fixture(scope="module")
def judged(url):
    """Status and reason by agreement, year and schedule."""
    rows = select(url, "select * from rating_build.eligibility")
    found = {(row["agreement_id"], row["calendar_year"], row["schedule"]): row for row in rows}
    assert len(found) == len(rows)
    return found


def status(judged, name, schedule, year=2026):
    """How an agreement stands with a schedule in a year."""
    return judged[name, year, schedule]["status"]


def eligible(judged, name, year=2026, kind="rate"):
    """The schedules of a kind that an agreement qualifies for in a year."""
    return {
        schedule
        for (agreement_id, calendar_year, schedule), row in judged.items()
        if (agreement_id, calendar_year) == (name, year)
        and row["kind"] == kind
        and row["status"] == "eligible"
    }


@pytest.mark.parametrize(
    ("name", "schedule"),
    [
        ("at-50", "SP"),
        ("at-50-twice", "CE"),
        ("under-50", "CE"),
        ("at-200", "LP"),
        ("at-1000", "IP"),
        ("mixed", "LP"),
        ("new", "SP"),
        ("newer", "CE"),
        ("one-blank-enough", "SP"),
        ("one-missing", "CE"),
    ],
)
def test_three_months_of_the_year_before_decide_between_the_four_iowa_schedules(
    judged, name, schedule
):
    # I9.
    assert eligible(judged, name) == {schedule}
    others = {"CE", "SP", "LP", "IP"} - {schedule}
    assert {status(judged, name, other) for other in others} == {"not_eligible"}


@pytest.mark.parametrize("name", HISTORIES)
def test_every_history_has_the_one_schedule_that_i9_names(judged, name):
    assert eligible(judged, name) == {history_by_rule_i9(HISTORIES[name])}


def test_at_a_bound_the_larger_schedule_comes_first_and_the_smaller_says_so(judged):
    assert judged["at-50", 2026, "CE"]["reason"] == "fits SP, which comes first"
    assert judged["at-200", 2026, "SP"]["reason"] == "fits LP, which comes first"
    assert judged["at-1000", 2026, "LP"]["reason"] == "fits IP, which comes first"


def test_the_reason_says_what_was_counted(judged):
    assert judged["at-50", 2026, "SP"]["reason"] == (
        "kw at least 50 in 3 of 12 months of 2025; kw above 200 in 0 of 12 months of 2025"
    )
    assert judged["at-50-twice", 2026, "SP"]["reason"] == (
        "kw at least 50 in 2 of 12 months of 2025, where 3 are asked for"
    )
    assert judged["at-1000", 2026, "SP"]["reason"] == (
        "kw above 200 in 3 of 12 months of 2025, where fewer than 3 are allowed;"
        " fits IP, LP, which come first"
    )


def test_a_residential_customer_takes_residential_service(judged):
    assert eligible(judged, "home") == {"RE"}
    assert judged["home", 2026, "CE"]["reason"] == "customer_class is residential"


def test_without_a_class_demand_decides_what_it_can(judged):
    assert eligible(judged, "no-class") == {"SP"}
    assert status(judged, "no-class", "RE") == "undecided"
    assert status(judged, "no-class-small", "CE") == "undecided"
    assert status(judged, "no-class-small", "SP") == "not_eligible"


def test_a_blank_demand_history_decides_nothing(judged):
    for schedule in ("CE", "SP", "LP", "IP"):
        assert status(judged, "no-demand", schedule) == "undecided"
    assert "unknown in 12" in judged["no-demand", 2026, "IP"]["reason"]


@pytest.mark.parametrize("name", ["one-blank", "two-missing"])
def test_unknown_months_that_could_reach_a_bound_leave_it_undecided(judged, name):
    assert status(judged, name, "SP") == "undecided"
    assert status(judged, name, "CE") == "undecided"
    assert status(judged, name, "IP") == "not_eligible"


def test_the_first_year_of_a_portfolio_has_no_year_before_it(judged):
    assert status(judged, "at-50", "SP", year=2025) == "undecided"
    assert judged["at-50", 2025, "IP"]["reason"] == "no reads in 2024"


def test_years_are_judged_while_the_agreement_holds(judged):
    assert ("gone", 2025, "CE") in judged
    assert ("gone", 2026, "CE") not in judged
    assert ("at-50", 2027, "CE") not in judged


@pytest.mark.parametrize(
    ("name", "schedules"),
    [
        ("mo-home", {"RS-3", "LGS-1"}),
        ("mo-electric-home", {"RS-3", "RS-4", "LGS-1"}),
        ("mo-shop", {"GS-1", "LGS-1"}),
        ("mo-church", {"CH-1", "LGS-1"}),
        ("mo-school", {"EDU-1", "LGS-1"}),
        ("mo-pump", {"GS-1", "LGS-1", "SP-1"}),
        ("mo-all-electric", {"GS-1", "LGS-1", "TEGS"}),
        ("mo-plant", {"LP-2", "LGS-1"}),
        ("mo-large-plant", {"LP-2", "LGS-1", "SCIS-1"}),
        ("mo-heater", {"GS-1", "GSSH-1", "LGS-1"}),
    ],
)
def test_missouri_schedules_ask_for_class_voltage_equipment_and_demand(judged, name, schedules):
    assert eligible(judged, name, year=2016) == schedules


def test_a_customer_whose_class_has_a_schedule_has_no_general_service(judged):
    # T-7: for which no specific schedule is provided.
    assert judged["mo-church", 2016, "GS-1"]["reason"] == "fits CH-1, which comes first"
    assert judged["mo-electric-home", 2016, "GS-1"]["reason"] == (
        "fits RS-3, RS-4, which come first"
    )
    assert judged["mo-blank", 2016, "GS-1"]["reason"] == (
        "may fit CH-1, EDU-1, RS-3, which come first"
    )


def test_every_failed_condition_is_named_with_the_value_found(judged):
    assert judged["mo-shop", 2016, "LP-2"]["reason"] == (
        "customer_class is commercial, not industrial; voltage is secondary, not primary or"
        " transmission; phase is single, not three"
    )


def test_what_no_portfolio_says_is_named_and_not_tested(judged):
    assert judged["mo-home", 2016, "RS-3"]["reason"] == (
        "customer_class is residential; voltage is secondary; not tested: one meter for each"
        " dwelling unit, all domestic uses"
    )


def test_space_heating_without_a_partner_is_undecided(judged):
    # T-24, M16.
    assert status(judged, "mo-lonely-heater", "GSSH-1", year=2016) == "undecided"
    assert judged["mo-lonely-heater", 2016, "GSSH-1"]["reason"] == "partner_schedule is blank"


def test_no_version_in_force_is_not_eligible(judged):
    assert judged["mo-shop", 2016, "MG1"]["reason"] == "no version is in force in 2016"


def test_a_year_in_which_schedules_end_and_begin_has_both(judged):
    # M29: the old schedules end with October 2023, MG1 begins in November.
    assert status(judged, "mo-last", "RS-3", year=2023) == "eligible"
    assert str(judged["mo-last", 2023, "MG1"]["version_effective_from"]) == "2023-11-01"
    assert judged["mo-last", 2024, "RS-3"]["reason"] == "no version is in force in 2024"


def test_a_schedule_that_states_no_condition_takes_everyone(judged):
    assert eligible(judged, "home", kind="lighting") == {"AL"}
    assert judged["home", 2026, "AL"]["reason"] == "any customer, for security lighting"


def test_the_last_terms_of_a_year_are_judged(judged):
    assert eligible(judged, "mo-changed", year=2015) == {"LP-2", "LGS-1"}
    assert judged["mo-changed", 2015, "LP-2"]["is_actual_schedule"]
    assert not judged["mo-changed", 2015, "GS-1"]["is_actual_schedule"]


def test_an_enrollment_that_misses_the_figures_of_its_rider_is_a_disagreement(judged):
    # T-39, M21: 200 kW; a check warns.
    found = judged["mo-small-edr", 2016, "EDR-5"]
    assert (found["status"], found["is_actual_schedule"]) == ("not_eligible", True)
    assert "at least 200 in 0 of 12 months of 2015, where one is asked for" in found["reason"]
    assert status(judged, "mo-edr", "EDR-5", year=2016) == "eligible"


def run(url, *arguments):
    """Run `ratebook eligibility`."""
    app = typer.Typer()
    register(app)
    location = url.render_as_string(hide_password=False)
    return CliRunner().invoke(app, ["eligibility", *arguments, "--database", location])


def test_command_counts_and_lists_disagreements(url):
    found = json.loads(run(url, "--year", "2016", "--json").stdout)
    disagreeing = {(row["agreement_id"], row["schedule"]) for row in found["disagreements"]}
    assert disagreeing == {("mo-shop-on-ch-1", "CH-1"), ("mo-small-edr", "EDR-5")}
    (shop,) = [row for row in found["disagreements"] if row["schedule"] == "CH-1"]
    assert shop["eligible_for"] == "GS-1, LGS-1"
    (church,) = [row for row in found["schedules"] if row["schedule"] == "CH-1"]
    assert (church["eligible"], church["on_it"], church["disagreeing"]) == (1, 2, 1)


def test_command_prints_tables(url):
    result = run(url, "--year", "2016")
    assert result.exit_code == 0
    assert "mo-shop-on-ch-1" in result.stdout
    assert "more; see them with --json" in run(url).stdout


def test_command_shows_one_agreement(url):
    rows = json.loads(run(url, "at-50", "--year", "2026", "--json").stdout)
    assert {row["schedule"] for row in rows if row["status"] == "eligible"} == {"SP", "AL"}
    assert "on it" in run(url, "at-50").stdout


def test_command_refuses_an_agreement_that_is_not_there(url):
    result = run(url, "nobody")
    assert isinstance(result.exception, RatebookError)
    assert str(result.exception) == "agreement nobody has nothing to judge; check its id"


def test_what_is_judged_is_judged_again_where_portfolio_tariffs_or_models_change(
    url, tmp_path, monkeypatch
):
    builds = []

    def counted(*arguments, **options):
        builds.append(arguments)
        return dbt_build(*arguments, **options)

    monkeypatch.setattr(eligibility, "dbt_build", counted)
    mine = file_copy(url, tmp_path)
    before = json.loads(run(mine, "at-50-twice", "--year", "2026", "--json").stdout)
    assert len(builds) == 0
    # A third month of 50 kW.
    customer, _ = iowa("at-50-twice", [])
    third = read("at-50-twice", "2025-12", kwh="1000", kw="50")
    corrected = {"service_agreements": [customer], "meter_reads": [third]}
    load_folder(mine, write_portfolio(tmp_path / "corrected", corrected))
    after = json.loads(run(mine, "at-50-twice", "--year", "2026", "--json").stdout)
    assert len(builds) == 1
    fits = [
        {row["schedule"] for row in rows if row["status"] == "eligible"} for rows in (before, after)
    ]
    assert fits == [{"CE", "AL"}, {"SP", "AL"}]
    initialize(mine, [TARIFFS])
    run(mine)
    assert len(builds) == 2
    monkeypatch.setattr(eligibility, "models_fingerprint", lambda: "of other models")
    run(mine)
    assert len(builds) == 3
    run(mine)
    assert len(builds) == 3


def test_without_reads_there_is_nothing_to_judge(tmp_path):
    result = run(make_database(tmp_path))
    assert "there are no meter reads" in str(result.exception)


def test_every_unit_test_of_the_models_passes(url):
    results = dbt_build(url, {}, arguments=("test", "--select", "tag:eligibility,test_type:unit"))
    assert len(results) >= 6
    assert [f"{one.name}: {one.message}" for one in results if one.is_bad] == []
