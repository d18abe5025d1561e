"""`ratebook try`: one bill without a portfolio, by the engine, with nothing left behind."""

import datetime
import hashlib
import json
import os
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Said
from forked import program
from helpers import (
    TARIFFS,
    Rated,
    agreement,
    compiled_with_bills,
    execute,
    make_database,
    rate_portfolio,
    read,
)
from seed_texts import GOOD, UTILITY, write_seeds
from test_cli import loaded, refused  # noqa: F401
from test_unbilled_details import costs
from typer.main import get_command

from models.base import Base
from rating.cli.app import app
from rating.cli.trial import trial_of
from rating.errors import RatebookError
from rating.memory.models import EXPLAINED_BILLS, compile_models
from rating.store.database import open_duckdb
from rating.store.urls import database_file
from rating.trial.advice import unbilled_sentence
from rating.trial.rows import Trial


@pytest.fixture
def nowhere(tmp_path, monkeypatch) -> Path:
    """A working directory without a database."""
    folder = tmp_path / "nowhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def amounts(found: dict) -> list[tuple[str, str]]:
    """(charge, amount) of each line, top to bottom."""
    return [(line["charge_code"], line["amount"]) for line in found["lines"]]


def tried(said: Said) -> dict:
    """The JSON of a bill."""
    assert (said.code, said.err) == (0, "")
    return json.loads(said.out)


# Bills


def test_ratchet_power_factor_rider_and_factor_of_one_bill(ratebook, nowhere):
    found = tried(
        ratebook(
            "try", "LGS-1", "--month", "2017-12", "--kwh", "150000", "--kw", "200",
            "--power-factor", "0.78", "--voltage", "primary", "--customer-owned-transformation",
            "--history", "2017-09:kw=400,power_factor=0.9", "--factor", "FA-1=0.001365",
            "--rider", "EDR-5:A::2016-12-01", "--json",
        )
    )  # fmt: skip
    # 200 kW × 0.85 ÷ 0.78 = 217.948718 kW; 80 % of September's 400 kW is 320 kW.
    (billing, _) = found["demands"]
    assert (billing["demand_kw"], billing["binding"]) == ("320.000000", "ratchet")
    assert billing["adjusted_kw"] == "217.948718"
    assert amounts(found) == [
        ("demand", "392.00"),  # 50 × 7.84
        ("demand", "631.00"),  # 100 × 6.31
        ("demand", "795.60"),  # 170 × 4.68
        ("energy", "3049.60"),  # 320 kW × 100 h × 0.0953
        ("energy", "5280.00"),  # 320 kW × 200 h × 0.0825
        ("energy", "2121.60"),  # 320 kW × 100 h × 0.0663
        ("energy", "1346.40"),  # 150,000 − 128,000 = 22,000 × 0.0612
        ("primary_voltage_discount", "-953.13"),  # 7 % of 13,616.20 is 953.134
        ("fuel_energy_adjustment", "204.75"),  # 150,000 × 0.001365
        # Enrolled on 2016-12-01, the second contract year begins with this period: 30 % of
        # 13,616.20 − 953.13 + 204.75 = 12,867.82 is 3,860.346.
        ("schedule_a_year_2", "-3860.35"),
    ]
    assert found["bill"]["net_amount"] == "9007.47"  # 12,867.82 − 3,860.35
    assert found["bill"]["gross_amount"] == "9457.84"  # × 1.05 = 9,457.8435
    assert (found["tariffs"], found["advice"]) == ("the shipped tariffs", None)


def test_lights_hours_and_the_inputs_of_a_formula(ratebook, nowhere):
    zero = "purchased_power_cost off_system_sales_cost reconciliation anticipated_adjustment"
    zero += " purchased_kwh off_system_sales_kwh"
    given = [f"FA-1:{name}=0" for name in zero.split()]
    given += ["FA-1:fuel_cost=2705876.40", "FA-1:2015-03:net_generation_kwh=80000000"]
    inputs = [part for one in given for part in ("--factor-input", one)]
    found = tried(
        ratebook(
            "try", "PSL-2FR", "--month", "2015-03", "--units", "b-1:210=2", "--json",
            "--lighting-hours", "400", *inputs,
        )
    )  # fmt: skip
    assert sorted(amount for _, amount in amounts(found)) == [
        # 80,000,000 kWh × 12,765 Btu are 1,021,200 million Btu; (2,705,876.40 − 717,600.00) ÷
        # 1,021,200 = 1.947; (1.947 − 1.847) × 0.015 = 0.0015; 168 × 0.0015 = 0.252.
        "0.25",
        "14.31",  # 2 × 210 W × 400 h = 168 kWh; × 0.0852 = 14.3136
        "5.48",  # 2 lamps × 2.74
    ]
    assert found["bill"]["net_amount"] == "20.04"


def test_a_unit_whose_code_has_colons_is_tried_with_and_without_watts_beside_it(ratebook, nowhere):
    found = tried(
        ratebook(
            "try", "PSL-3CF", "--month", "2016-07", "--units", "b-7:295=10",
            "--units", "b-12:250:additional=1", "--lighting-hours", "340",
            "--factor", "FA-1=0.004755", "--json",
        )
    )  # fmt: skip
    assert sorted(Decimal(amount) for _, amount in amounts(found)) == [
        Decimal("4.77"),  # 1,003 × 0.004755 = 4.769265
        Decimal("85.46"),  # 10 × 295 W × 340 h = 1,003 kWh; × 0.0852 = 85.4556
        Decimal("169.10"),  # 10 × 16.91
        5992,  # T-47, the contribution for one more pole
    ]


def test_further_quantities_and_attributes_of_an_own_tariff(ratebook, nowhere):
    found = tried(
        ratebook(
            "try", "POWER", "--month", "2020-06", "--kwh", "60000", "--kw", "150",
            "--power-factor", "0.75", "--voltage", "primary", "--set", "metered_at=low",
            "--set", "contract_kw=200", "--set", "kvar=100", "--history", "2020-01:kw=300",
            "--factor", "FUEL=0", "--seeds", TARIFFS, "--json",
        )
    )  # fmt: skip
    lines = dict(amounts(found))
    assert found["bill"]["kwh"] == "61800.000000"  # 60,000 × 1.03, metered at the low side
    assert lines["reactive"] == "13.37"  # (100 − 0.4 × 150 × 1.03) × 0.35
    # 70 % of January's 300 × 1.03 is 216.3 kW; (216.3 − (200 + 10)) × 2.00.
    assert lines["overrun"] == "12.60"
    assert found["tariffs"] == f"the shipped tariffs and those of {TARIFFS}"


BY_SCHEDULE = (
    GOOD
    + """\
      - {code: own, description: Own, component: facilities, prices_in: $/month, price: "3",
         when: {schedule: ONE}, sheet: p. 2}
      - {code: light, description: Light, component: facilities, choice: light,
         prices_in: $/month, price: "5", when: {schedule: TWO}, sheet: p. 2}
      - {code: lamp, description: Lamp, component: facilities, choice: light,
         prices_in: $/month, price: "7", when: {lamp: "yes"}, sheet: p. 2}
"""
)


def test_a_condition_on_the_schedule_is_of_the_one_that_is_tried(ratebook, nowhere, tmp_path):
    seeds = write_seeds(tmp_path, BY_SCHEDULE)
    given = ("try", "ONE", "--month", "2020-05", "--kwh", "10", "--seeds", seeds)
    found = tried(ratebook(*given, "--set", "lamp=yes", "--json"))
    # 10 kWh × 0.10; of light only the lamp, for the schedule is not TWO
    assert amounts(found) == [("energy", "1.00"), ("own", "3.00"), ("lamp", "7.00")]
    said = ratebook(*given)
    assert said.code == 1
    assert said.err.endswith("; give --set lamp=yes or SCHEDULE TWO\n")


def test_several_kwh_make_several_bills_at_once_and_leave_nothing(
    ratebook,
    nowhere,
    tmp_path,
    monkeypatch,
):
    seeds = write_seeds(tmp_path, GOOD)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    cache = tmp_path / "cache"  # of this test alone
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    compile_models(EXPLAINED_BILLS)  # what dbt has made of the project is kept
    before = sorted(cache.glob("ratebook/*"))
    arguments = ("try", "ONE", "--month", "2020-05", "--seeds", seeds)
    said = ratebook(*arguments, *("--kwh", "100", "--kwh", "300", "--kwh", "301"), "--json")
    assert [found["bill"]["net_amount"] for found in json.loads(said.out)] == [
        "10.00",  # 100 × 0.10
        "28.00",  # 10.00 + 200 × 0.09
        "28.08",  # 28.00 + 1 × 0.08
    ]
    assert sorted(temporary.iterdir()) == sorted(nowhere.iterdir()) == []
    assert sorted(cache.glob("ratebook/*")) == before


def test_tariffs_of_the_database_are_tried_and_left_as_they_are(
    ratebook,
    tmp_path,
):
    url = make_database(tmp_path, [write_seeds(tmp_path, GOOD)])
    file = database_file(url)
    before = hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns
    said = ratebook("try", "ONE", "--month", "2020-05", "--kwh", "301", "--database", url)
    assert (said.code, said.err) == (0, "")
    assert "in force since 2020-01-01), 2020-05-01 to 2020-06-01" in said.out
    shown = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "3 Energy, all over 300 kWh 1 kWh $0.08 0.08 ONE p. 2" in shown
    assert "net bill 28.08" in shown
    assert f"with the tariffs of {url}" in shown
    assert (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns) == before


def test_a_choice_that_leaves_values_out_says_which_other_to_give(ratebook, nowhere, tmp_path):
    phase = (
        "{code: fee, description: Fee, component: customer, sheet: p. 2, price: '5', choice: fee"
    )
    text = f"{GOOD}      - {phase}, when: {{phase: {{not: [three]}}, voltage: secondary}}}}\n"
    seeds = write_seeds(tmp_path, text)
    given = ("--month", "2020-05", "--kwh", "1", "--seeds", seeds, "--phase", "three")
    said = ratebook("try", "ONE", *given)
    assert said.code == 1
    assert said.err.endswith(
        "(no fee of the sheet fits the agreement's attributes (phase and voltage));"
        " give --phase other than three or --voltage secondary\n"
    )


OF_CLIMATE = """\
    seasons: {sheet: p. 1, months: {cold: [12, 1, 2], warm: [3, 4, 5, 6, 7, 8, 9, 10, 11]}}
    determinants:
      - {name: own_kwh, product: [days, "8"], sheet: p. 1,
         when: {climate: coast, all_electric: false}}
      - {name: own_kwh, product: [days, "9"], sheet: p. 1,
         when: {climate: [inland, coast], all_electric: true}}
      - {name: own_kwh, product: [days, "7"], sheet: p. 1, when: {climate: inland, season: cold}}
      - {name: above_kwh, sum: [kwh, {of: own_kwh, times: "-1"}], at_least: "0", sheet: p. 1}
"""


def test_a_quantity_of_which_no_definition_fits_says_which_attribute_to_give(
    ratebook,
    nowhere,
    tmp_path,
):
    text = GOOD.replace("    charges:\n", f"{OF_CLIMATE}    charges:\n")
    text += (
        "      - {code: above, description: Above, component: energy, per: above_kwh,"
        " price: '0.10', prices_in: $/kWh, sheet: p. 2}\n"
    )
    given = ("try", "ONE", "--month", "2020-05", "--seeds", write_seeds(tmp_path, text))
    said = ratebook(*given, "--kwh", "300")
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        "ratebook: ONE 2020-05 has no bill: missing_determinant (above_kwh is not known: no"
        " definition of own_kwh fits the agreement's attributes (climate)); give"
        " --set climate=coast|inland\n"
    )
    # 31 days × 8 = 248; 300 − 248 = 52 × 0.10
    found = tried(ratebook(*given, "--kwh", "300", "--set", "climate=coast", "--json"))
    assert ("above", "5.20") in amounts(found)
    # inland, and not all electric, has a definition in the cold months only
    said = ratebook(*given, "--kwh", "300", "--set", "climate=inland")
    assert said.err.endswith(
        "fits the agreement's attributes (all_electric and climate));"
        " give --set all_electric=false|true or --set climate=coast|inland\n"
    )
    said = ratebook(*given)
    assert said.err.endswith(
        "(above_kwh is not known: kwh is missing, no definition of own_kwh fits the agreement's"
        " attributes (climate)); give --kwh, and give --set climate=coast|inland\n"
    )


def test_a_quantity_that_no_definition_makes_of_the_read_asks_for_another_read(
    ratebook, nowhere, tmp_path
):
    large = (
        '      - {name: large_kwh, sum: [kwh], when: {kwh: {at_least: "1000"}}, sheet: p. 1}\n'
        '      - {name: kwh_a_kw, product: [kwh], divided_by: kw, when: {kwh: {below: "1000"}},'
        " sheet: p. 1}\n"
    )
    text = GOOD.replace("    charges:\n", f"    determinants:\n{large}    charges:\n")
    for name in ("large_kwh", "kwh_a_kw"):
        text += (
            f"      - {{code: {name}, description: Also, component: energy, per: {name},"
            f" price: '0.10', prices_in: $/kWh, when: {{voltage: {name}}}, sheet: p. 2}}\n"
        )
    given = ("try", "ONE", "--month", "2020-05", "--seeds", write_seeds(tmp_path, text))
    for name in ("large_kwh", "kwh_a_kw"):
        said = ratebook(*given, "--kwh", "300", "--kw", "0", "--set", f"voltage={name}")
        assert said.err == (
            f"ratebook: ONE 2020-05 has no bill: missing_determinant ({name} is not known); give"
            " other quantities, or earlier months by --history YYYY-MM:NAME=VALUE\n"
        )
    found = tried(ratebook(*given, "--kwh", "1000", "--set", "voltage=large_kwh", "--json"))
    assert ("large_kwh", "100.00") in amounts(found)


def test_own_tariffs_of_a_database_are_linted(ratebook, tmp_path):
    mention = "    mentions: [{schedule: TWO, sheet: p. 1}]\n    charges:\n"
    seeds = write_seeds(tmp_path, GOOD.replace("    charges:\n", mention))
    url = make_database(tmp_path, [seeds])
    found = json.loads(ratebook("lint", "--database", url, "--json").out)
    assert [one["schedule"] for one in found if one["utility"] == "zz"] == ["ONE"]


def test_read_without_a_bill_exits_1_and_says_what_to_give(ratebook, nowhere):
    said = ratebook("try", "LGS-1", "--month", "2015-03", "--kwh", "1000", "--voltage", "primary")
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        "ratebook: LGS-1 2015-03 has no bill: missing_determinant (billing_demand_kw is not"
        " known: kw is missing); give --kw\n"
    )


NET_METERED = ("try", "RS-3", "--kwh", "900", "--kwh-received", "1000", "--rider", "NM-1",
               "--factor", "FA-1=0")  # fmt: skip


def test_month_that_no_sheet_prices_is_priced_by_a_factor_not_by_a_formula_for_checks(
    ratebook, nowhere
):
    period = (*NET_METERED, "--month", "2016-07")
    said = ratebook(*period)
    assert said.code == 1
    assert said.err.endswith(
        " (no factor of NM-1 is known for this month); its sheet prints no price for the month;"
        " give --factor 'NM-1=PRICE'\n"
    )
    # The minimum of 4.14, less 1000 - 900 kWh received at 3 cents.
    found = json.loads(ratebook(*period, "--factor", "NM-1=0.03", "--json").out)
    assert found["bill"]["net_amount"] == "1.14"


@pytest.mark.parametrize(
    ("schedule", "given", "sentence"),
    [
        (
            NET_METERED,
            "--factor NM-1=0.5",
            "no charge of NM-1 is priced by a monthly factor in 2015-07; leave --factor NM-1 out",
        ),
        (
            NET_METERED,
            "--factor-input NM-1:fuel_cost=1",
            "no charge of NM-1 is priced by a monthly factor in 2015-07;"
            " leave --factor-input NM-1 out",
        ),
        (
            ("try", "RS-3", "--kwh", "900", "--factor", "FA-1=0"),
            "--factor NM-1=0.5",
            "a bill of RS-3 in 2015-07 has no NM-1; leave --factor NM-1 out",
        ),
    ],
)
def test_a_factor_that_no_sheet_of_the_bill_takes_is_refused(
    ratebook, nowhere, schedule, given, sentence
):
    said = refused(ratebook(*schedule, "--month", "2015-07", *given.split()))
    assert said == f"ratebook: {sentence}"


def test_tariff_that_does_not_price_all_energy_fails_its_check(ratebook, nowhere, tmp_path):
    part = (
        "    splits:\n      - split: kwh\n        sheet: p. 1\n"
        '        into: [{first: "100", slice: low}, {over: "100", slice: high}]\n    charges:\n'
    )
    text = GOOD.replace("    charges:\n", part).replace(
        "per: kwh\n", "per: low\n        covers: kwh\n"
    )
    seeds = write_seeds(tmp_path, text)
    said = ratebook("try", "ONE", "--month", "2020-05", "--kwh", "250", "--seeds", seeds)
    assert (said.code, said.out) == (1, "")
    # 100 of 250 kWh are priced.
    assert "is off by 150" in said.err


def test_bills_that_fail_a_check_are_refused(ratebook, nowhere, monkeypatch):
    wrong_bills = compiled_with_bills(
        "select * replace (net_amount + 1 as net_amount) from ({}) as one"
    )
    monkeypatch.setattr("rating.memory.build.compile_models", wrong_bills)
    period = ("--month", "2025-03", "--kwh", "100", "--factor", "PPA=0.01")
    arguments = ("try", "RE", "--utility", "ilpt-ia", *period)
    sentence = "check lines_foot_to_bills of ilpt-ia RE is off by 1.000000"
    said = ratebook(*arguments)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"ratebook: the bills cannot be rated: {sentence}\n")
    found = json.loads(ratebook(*arguments, "--json").out)
    assert (found["status"], found["message"]) == ("failed", sentence)
    assert [one["check_name"] for one in found["failed_checks"]] == ["lines_foot_to_bills"]


@pytest.mark.parametrize("error", [RuntimeError("Query interrupted"), KeyboardInterrupt()])
def test_a_command_that_is_interrupted_ends_without_a_word(ratebook, nowhere, monkeypatch, error):
    def interrupt(*_, **__):
        raise error

    monkeypatch.setattr("rating.memory.build.compile_models", interrupt)
    said = ratebook("try", "RE", "--month", "2025-03", "--utility", "ilpt-ia")
    assert (said.code, said.out, said.err) == (130, "", "")


TERMINATED = """
import os, signal, time
from rating.memory import build
from rating.__main__ import main

def wait(*_, **__):
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(600)

build.compile_models = wait
main()
"""


def test_a_command_that_is_asked_to_end_leaves_nothing_behind(nowhere, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = subprocess.run(
        [program(), "-c", TERMINATED, "try", "RE", "--month", "2025-03", "--utility", "ilpt-ia"],
        env={**os.environ, "TMPDIR": str(scratch)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    assert list(scratch.iterdir()) == []


# What cannot be billed, and what to give

UNBILLED = {
    "FLOOR": (
        {"schedule": "LGS-1", "kw": "50", "voltage": ""},
        "no floor of the billing demand fits the agreement's attributes (voltage)",
        "give --voltage primary|secondary",
    ),
    "DEMAND": (
        {"schedule": "LGS-1"},
        "billing_demand_kw is not known: kw is missing",
        "give --kw",
    ),
    "BACKUP": (
        {"schedule": "SCIS-1", "kw_off_peak": "1200"},
        "billing_demand_kw is not known: kw_on_peak is missing",
        "give --kw-on-peak",
    ),
    "LAMP": (
        {"schedule": "PSL-2FR", "kwh": "", "unit": "b-1"},
        "kwh is not known: lamp_watts and lighting_hours are missing; units without watts: b-1",
        "give --units CODE:WATTS=N, --lighting-hours N",
    ),
    "UNIT": (
        {"schedule": "PL-3", "kwh": "", "unit": "Q-9"},
        "unit Q-9 is not on the sheet",
        "give --units with one of A-175, A-400, B-150, B-70, C-250, C-400, C-70, D, E, F",
    ),
    "FACTOR": (
        {"schedule": "RS-3", "month": "2015-01"},
        "no factor of FA-1 is known for this month",
        "give --factor 'FA-1=PRICE', or --factor-input 'FA-1:NAME=VALUE' for each of"
        " anticipated_adjustment, fuel_cost, net_generation_kwh, off_system_sales_cost,"
        " off_system_sales_kwh, purchased_kwh, purchased_power_cost, reconciliation",
    ),
    "OPTION": (
        {"schedule": "LGS-1", "kw": "50", "rider": "EDR-5"},
        "rider EDR-5 needs an option",
        "give --rider 'EDR-5:OPTION' with one of A, B",
    ),
    "COLUMN": (
        {"schedule": "LGS-1", "kw": "50", "rider": "EDR-5", "option": "C"},
        "rider EDR-5 has no option C",
        "give --rider 'EDR-5:OPTION' with one of A, B",
    ),
    "OTHER": (
        {"schedule": "RS-3", "rider": "EDR-5", "option": "A"},
        "rider EDR-5 does not apply to schedule RS-3",
        "leave --rider EDR-5 out",
    ),
    "PAIRED": (
        {"schedule": "GSSH-1", "month": "2015-07", "kw": "5"},
        "combined_with_agreement_id is blank",
        "it is billed with another read; load both as a portfolio",
    ),
    "UNRATED": (
        {"schedule": "MG2", "kw": "5"},
        "schedule MG2 has no version in force on 2015-03-31",
        "every version of MG2 is incomplete: it is stored but never rated",
    ),
    "EARLY": (
        {"schedule": "MG1"},
        "schedule MG1 has no version in force on 2015-03-31",
        "choose a --month in which it is in force (from 2023-11-01)",
    ),
    "CLOSED": (
        {"schedule": "RE", "utility": "ilpt-ia", "month": "2025-02", "rider": "ERDG"},
        "rider ERDG was closed to enrollments before 2025-02-01",
        "give the day of an earlier enrollment, --rider 'ERDG:::YYYY-MM-DD'",
    ),
}
OF_READ = ("kwh", "kw", "kw_off_peak")
OF_AGREEMENT = ("utility", "voltage")


@pytest.fixture(scope="module")
def unbilled(tmp_path_factory) -> Rated:
    """Every case as an agreement with one read, rated once."""
    files: dict = {"service_agreements": [], "meter_reads": [], "rider_cost_inputs": costs()}
    files |= {"rider_enrollments": [], "unit_inventory": []}
    for name, (case, _, _) in UNBILLED.items():
        month = case.get("month", "2015-03")
        terms = {key: case[key] for key in OF_AGREEMENT if key in case}
        values = {"kwh": "1000", **{key: case[key] for key in OF_READ if key in case}}
        own = {"agreement_id": name, "start_date": f"{month}-01"}
        files["service_agreements"].append(agreement(name, case["schedule"], **terms))
        files["meter_reads"].append(read(name, month, **values))
        if "rider" in case:
            enrolled = {**own, "rider": case["rider"], "option": case.get("option", "")}
            files["rider_enrollments"].append(enrolled)
        if "unit" in case:
            files["unit_inventory"].append({**own, "unit_code": case["unit"], "quantity": "1"})
    return rate_portfolio(tmp_path_factory.mktemp("unbilled"), files)


@pytest.mark.parametrize("name", UNBILLED)
def test_reason_and_detail_are_followed_by_what_to_give(unbilled, name):
    case, detail, advice = UNBILLED[name]
    (row,) = [row for row in unbilled.unbilled if row["agreement_id"] == name]
    with open_duckdb(unbilled.url) as connection:
        sentence = unbilled_sentence(connection, case["schedule"], row)
    month = case.get("month", "2015-03")
    assert (
        sentence == f"{case['schedule']} {month} has no bill: {row['reason']} ({detail}); {advice}"
    )


# What is refused before anything is rated


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["RS-5"], "there is no schedule RS-5; did you mean RS-4, RS-3, "),
        (["EDR-5"], "EDR-5 is a rider; try a schedule with --rider EDR-5"),
        (["FA-1"], "FA-1 is an adjustment clause; try a schedule that carries it"),
        (["RS-3", "--utility", "ipl"], "utility ipl is unknown; did you mean ipl-mo?"),
        (["RS-3", "--utility", "ilpt-ia"], "there is no schedule RS-3; choose one of AL, CE, "),
        (["RS-3", "--kwh", "1,000"], "kwh '1,000' is not a number: write digits with a decimal"),
        (["RS-3", "--kwh", "-1"], "kwh -1 is negative: correct it"),
        (["RS-3", "--power-factor", "84"], "power_factor 84 is not above 0 and at most 1: "),
        (["RS-3", "--set", "all_electric=yes"], "all_electric 'yes' is neither true nor false: "),
        (["RS-3", "--set", "kww=1"], "no tariff looks at kww; did you mean kw, "),
        (["RS-3", "--set", "adjusted_kw=1"], "adjusted_kw is computed; give what it is computed"),
        (["RS-3", "--set", "schedule=RS-4"], "schedule has an option of its own; give SCHEDULE"),
        (["RS-3", "--set", "days=30"], "days has an option of its own; give --days"),
        (["RS-3", "--set", "kwh=30"], "kwh has an option of its own; give --kwh"),
        (["RS-3", "--kw", "1", "--set", "kw=2"], "kw is given twice; keep one"),
        (["RS-3", "--set", "kw"], "--set kw is not understood; write NAME=VALUE"),
        (["RS-3", "--rider", "NM1"], "ipl-mo has no rider NM1; did you mean NM-1?"),
        (["RS-3", "--rider", "A:B:C:D:E"], "--rider A:B:C:D:E is not understood; write RIDER["),
        (["RS-3", "--rider", "EDR-5:A:x"], "quantity 'x' is not a number: "),
        (["RS-3", "--units", "b-1"], "--units b-1 is not understood; write CODE=N or CODE:WATTS=N"),
        (["RS-3", "--factor", "PCA=x"], "--factor PCA=x: write the price in dollars, such as "),
        (["RS-3", "--factor", "FA-2=0"], "ipl-mo has no monthly factor of FA-2; did you mean "),
        (["RS-3", "--factor", "FA-1=0", "--factor", "FA-1=1"], "the factor of FA-1 is given twice"),
        (["RS-3", "--factor-input", "FA-1:cost=1"], "FA-1 has no input cost; did you mean "),
        (["RS-3", "--factor-input", "cost=1"], "--factor-input cost=1 is not understood; write "),
        (["RS-3", "--history", "2014-13:kw=1"], "2014-13 is not a billing month; write YYYY-MM"),
        (["RS-3", "--history", "2015-03:kw=1"], "--history 2015-03:kw=1 is not before 2015-03; "),
        (["RS-3", "--history", "2014-12:kw=x"], "history 2014-12: kw 'x' is not a number: "),
        (["RS-3", "--history", "2014-12:kww=1"], "no tariff looks at kww; did you mean kw, "),
        (["RS-3", "--history", "2014-12:voltage=primary"], "--history: voltage is the agreement's"),
        (
            ["RS-3", *("--history", "2014-12:kw=1", "--history", "2014-12:kw=2")],
            "--history 2014-12 is given twice; keep one",
        ),
        (["RS-3", "--history", "none.csv"], "--history none.csv cannot be read; name a CSV file"),
        (["RS-3", "--from", "yesterday"], "--from yesterday is not a date; write YYYY-MM-DD"),
        (["RS-3", "--from", "2015-04-02"], "read_to 2015-04-01 is not after read_from 2015-04-02"),
    ],
)  # fmt: skip
def test_refusal_is_one_sentence(ratebook, loaded, arguments, sentence):  # noqa: F811
    said = refused(ratebook("try", *arguments, "--month", "2015-03", "--database", loaded))
    assert said.startswith(f"ratebook: {sentence}"), said


def test_schedule_of_several_utilities_needs_the_utility(ratebook, nowhere, tmp_path):
    seeds = write_seeds(tmp_path, GOOD)
    (seeds / "yy").mkdir()
    for name, text in (("utility", UTILITY.replace("book", "tome")), ("one", GOOD)):
        own = text.replace("utility: zz", "utility: yy").replace("document: book", "document: tome")
        (seeds / "yy" / f"{name}.yaml").write_text(own, "utf-8")
    said = refused(ratebook("try", "ONE", "--month", "2020-05", "--kwh", "1", "--seeds", seeds))
    assert said == (
        "ratebook: several utilities have a schedule ONE; give --utility yy or --utility zz"
    )


def test_database_of_another_release_is_refused(ratebook, tmp_path):
    url = make_database(tmp_path)
    execute(url, "alter table tariff.formula drop column unit")
    said = refused(ratebook("try", "RS-3", "--month", "2015-03", "--database", url))
    assert said == (
        "ratebook: the database was made by another release (table tariff.formula differs); name a"
        " new file and load the portfolio again"
    )


def test_file_that_is_no_database_of_ratebook_is_refused(ratebook, tmp_path):
    url = f"duckdb:///{tmp_path}/other.duckdb"
    execute(
        make_database(tmp_path).set(database=f"{tmp_path}/other.duckdb"), "create table x (a int)"
    )
    said = refused(ratebook("try", "RS-3", "--month", "2015-03", "--database", url))
    assert said == "ratebook: the database holds no Ratebook tables; run `ratebook init` first"


# What the options say


def options_of_try() -> dict[str, str]:
    """The name of each parameter of the command by its option."""
    command = get_command(app).commands["try"]
    return {option: part.name for part in command.params for option in part.opts}


def of(month: str = "2015-03", **options: object) -> Trial:
    """The trial of some options."""
    return trial_of("ONE", month, {**dict.fromkeys(options_of_try().values()), **options})


@pytest.mark.parametrize(
    ("table", "said_otherwise"),
    [
        ("meter_read", {"agreement_id", "billing_month", "read_from", "read_to"}),
        (
            "service_agreement",
            {"agreement_id", "start_date", "end_date", "account_id", "utility", "schedule",
             "combined_with_agreement_id"},
        ),
    ],
)  # fmt: skip
def test_every_column_of_a_read_and_of_an_agreement_is_an_option(table, said_otherwise):
    columns = {column.name for column in Base.metadata.tables[f"portfolio.{table}"].columns}
    flags = {f"--{name.replace('_', '-')}" for name in columns - said_otherwise}
    assert flags <= options_of_try().keys()


@pytest.mark.parametrize(
    ("options", "read_from", "read_to"),
    [
        ({}, "2015-12-01", "2016-01-01"),
        ({"days": 30}, "2015-12-02", "2016-01-01"),
        ({"first": "2015-11-09"}, "2015-11-09", "2016-01-01"),
        ({"first": "2015-11-09", "days": 30}, "2015-11-09", "2015-12-09"),
        ({"last": "2015-12-09", "days": 30}, "2015-11-09", "2015-12-09"),
        ({"first": "2015-11-09", "last": "2015-12-10"}, "2015-11-09", "2015-12-10"),
    ],
)
def test_period_is_the_month_unless_dates_or_days_are_given(options, read_from, read_to):
    trial = of("2015-12", **options)
    assert (str(trial.read_from), str(trial.read_to)) == (read_from, read_to)


def test_dates_and_days_at_once_are_refused():
    with pytest.raises(RatebookError, match="give two of --from, --to and --days"):
        of(first="2015-11-09", last="2015-12-10", days=30)


@pytest.mark.parametrize(
    ("month", "options", "day"),
    [
        ("9999-12", {}, "31 days after 9999-12-01"),
        ("2015-08", {"days": 99999999999}, "99,999,999,999 days before 2015-09-01"),
        ("2015-08", {"days": 5000000}, "5,000,000 days before 2015-09-01"),
        ("2015-08", {"first": "2015-08-01", "days": 5000000}, "5,000,000 days after 2015-08-01"),
        ("2015-08", {"history": ["9999-12:kwh=3"]}, "31 days after 9999-12-01"),
    ],
)
def test_period_beyond_the_calendar_is_refused(month, options, day):
    with pytest.raises(RatebookError, match=f"there is no day {day}; give dates of the years"):
        of(month, **options)


def test_history_of_a_file_is_what_would_be_typed(tmp_path):
    file = tmp_path / "reads.csv"
    file.write_text(
        "agreement_id,billing_month,kw,kwh\nMILL,2014-09,250,1000\nMILL,2015-03,90,1\n", "utf-8"
    )
    # The month itself and what follows are no history.
    (row,) = of(history=[str(file)]).history
    assert [row] == of(history=["2014-09:kw=250,kwh=1000"]).history
    assert (row["read_from"], row["read_to"]) == (
        datetime.date(2014, 9, 1),
        datetime.date(2014, 10, 1),
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("kw\n1\n", "lacks the column billing_month; add it"),
        ("agreement_id,billing_month\nA,2014-09\nB,2014-10\n", "has reads of several agreements"),
        ("billing_month,kw\n2014-09,1,2\n", "has more fields in a row than in its header"),
    ],
)
def test_history_file_that_cannot_be_used_is_refused(tmp_path, text, sentence):
    (tmp_path / "reads.csv").write_text(text, "utf-8")
    with pytest.raises(RatebookError, match=sentence):
        of(history=[str(tmp_path / "reads.csv")])


def test_enrollments_begin_with_the_first_read_that_is_given():
    trial = of(history=["2014-09:kw=250", "2014-11:kw=1"], rider=["EDR-5:A"])
    assert trial.since == datetime.date(2014, 9, 1)
    assert trial.riders == [{"rider": "EDR-5", "option": "A"}]
