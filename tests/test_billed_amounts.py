"""Each kind of error planted in billed amounts is named; amounts are worked out by hand.

The house RS-3 of January 2016 has 700 kWh off peak, on T-2: 30 × 0.2014 = 6.042, 70 × 0.1292 =
9.044, 200 × 0.1224 = 24.48, 300 × 0.1109 = 33.27, 100 × 0.1040 = 10.40, together 83.23; fuel
700 × 0.0030 = 2.10; net 85.33. The factor is 0.0015 in December 2015 and zero in February 2016.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from helpers import (
    TARIFFS,
    Rated,
    agreement,
    cost_inputs,
    database_at,
    execute,
    fuel_costs,
    rate_portfolio,
    rated,
    read,
    select,
    write_portfolio,
)
from invented_portfolio import customer

from models.base import Base
from rating.portfolio.load import load_folder
from rating.reconcile.billed import BilledReport, reconcile_billed
from rating.run.run import rate
from rating.seed.rows import tariff_rows
from rating.setup import initialize


@dataclass(frozen=True)
class Planted:
    """What the billing system charged for a bill, and what the difference is to be called."""

    month: str
    kwh: str
    billed: str
    kind: str
    words: str = ""
    schedule: str = "RS-3"
    components: Mapping[str, str] = field(default_factory=dict)


HOUSE = ("2016-01", "700")
# More bills of one schedule, billed by the other season, than are tried under every scenario.
MANY = [f"MANY-{number}" for number in range(40)]
PLANTED = {
    "exact": Planted(*HOUSE, "85.33", "exact"),
    # 85.33 × 1.05 = 89.5965.
    "gross": Planted(*HOUSE, "89.60", "gross", "105 % gross"),
    # 6.042 + 9.044 + 24.48 + 33.27 + 10.40 + 2.10 = 85.336, where lines give 85.33.
    "rounded once": Planted(*HOUSE, "85.34", "rounding", "rounded once, at the end"),
    # 705 kWh: 105 × 0.1040 = 10.92, fuel 2.115 is 2.12 rounded and 2.11 cut off; 85.87 and 85.86.
    "cut off": Planted("2016-01", "705", "85.86", "rounding", "lines cut off after the cent"),
    "no fuel": Planted(*HOUSE, "83.23", "missing_rider", "without FA-1, 2.1"),
    # 10 kWh are 2.01, and 2.13 more to the minimum of 4.14; fuel 0.03.
    "no minimum": Planted("2016-01", "10", "2.04", "missing_charge", "without Minimum"),
    # 700 × 0.0015 = 1.05.
    "factor of December": Planted(
        *HOUSE, "84.28", "another_fuel_factor", "FA-1 at the factor of 2015-12, 0.0015 instead of"
    ),
    # No line says that February's factor is zero: 83.23 + 2.10.
    "factor of January": Planted(
        "2016-02", "700", "85.33", "another_fuel_factor", "the factors of the month before"
    ),
    # 100 × 0.1109 = 11.09 instead of 10.40.
    "block": Planted(
        *HOUSE, "86.02", "another_block_or_season", "at 0.1109, the price of step 4, instead of"
    ),
    # 700 × 0.1224 = 85.68 and fuel 2.10.
    "one price": Planted(
        *HOUSE, "87.78", "another_block_or_season", "what follows at 0.1224, the price of step 3"
    ),
    # On peak 600 × 0.1224 = 73.44: 6.04 + 9.04 + 73.44 + 2.10.
    "season": Planted(*HOUSE, "90.62", "another_block_or_season", "by the season on_peak"),
    "season, with its parts": Planted(
        *HOUSE, "90.62", "another_block_or_season", "by the season on_peak",
        components={"energy_amount": "88.52", "adjustment_amount": "2.10"},
    ),
    # T-5: 500 × 0.1198 = 59.90, 200 × 0.0912 = 18.24, fuel 2.10.
    "schedule": Planted(*HOUSE, "80.24", "another_schedule", "by schedule RS-4"),
    # As without fuel, but it is the energy that lacks 2.10.
    "energy too low": Planted(
        *HOUSE, "83.23", "unexplained", "it lies in energy",
        components={"energy_amount": "81.13", "adjustment_amount": "2.10"},
    ),
    "parts astray": Planted(
        *HOUSE, "85.33", "components", "its parts do not: energy, adjustment",
        components={"energy_amount": "84.23", "adjustment_amount": "1.10"},
    ),
    "nonsense": Planted(*HOUSE, "93.10", "unexplained", "no hypothesis holds"),
    # PL-3 without lamps comes to nothing for every meter.
    "nothing": Planted(*HOUSE, "0.00", "unexplained", "no hypothesis holds"),
    "not billed": Planted(*HOUSE, "", "missing", "the billing system has no amount"),
    "no bill": Planted(*HOUSE, "85.33", "missing", "no bill: unknown_schedule", schedule="NONE"),
}  # fmt: skip


def power(name: str, month: str, kw: str, kwh: str = "10000", **values: str) -> dict[str, object]:
    """A read of an LGS-1 agreement."""
    return read(name, month, kw=kw, kwh=kwh, **values)


# LGS-1, on T-9 (50 kW at 7.84, 100 at 6.31, the rest at 4.68; hours use at 0.0953 and 0.0825).
DEMANDED = {
    # 80 % of August's 313.3 kW is 250.64, billed as 251. By 200 kW: 392.00 + 631.00 + 234.00,
    # 20,000 × 0.0953 + 40,000 × 0.0825 = 5,206.00, fuel 60,000 × 0.0030 = 180.00.
    "MEASURED": (
        [power("MEASURED", "2015-08", "313.3"), power("MEASURED", "2016-01", "200", "60000")],
        "6643.00",
        "billing demand: the measured 200 kW instead of 251 kW",
    ),
    # 392.00 + 631.00 + 100.64 × 4.68 = 471.00; 25,064 × 0.0953 = 2,388.60 and 34,936 × 0.0825 =
    # 2,882.22; fuel 180.00.
    "UNROUNDED": (
        [power("UNROUNDED", "2015-08", "313.3"), power("UNROUNDED", "2016-01", "200", "60000")],
        "6944.82",
        "billing demand: the 250.64 kW before rounding instead of 251 kW",
    ),
    # By 210 kW: 392.00 + 631.00 + 280.80, 21,000 × 0.0953 + 39,000 × 0.0825 = 5,218.80, fuel
    # 180.00.
    "ROUNDED": (
        [power("ROUNDED", "2015-08", "313.3"), power("ROUNDED", "2016-01", "210.4", "60000")],
        "6702.60",
        "billing demand: the measured demand rounded to 210 kW instead of 251 kW",
    ),
    # 125 × 0.85 ÷ 0.80 = 132.8125, billed as 133. By 125 kW: 392.00 + 473.25 + 953.00, fuel 30.00.
    "CORRECTED": (
        [power("CORRECTED", "2016-01", "125", power_factor="0.80")],
        "1848.25",
        "billing demand: the measured 125 kW instead of 133 kW",
    ),
    # 392.00 + 82.8125 × 6.31 = 522.55, and 953.00 + 30.00.
    "ADJUSTED": (
        [power("ADJUSTED", "2016-01", "125", power_factor="0.80")],
        "1897.55",
        "billing demand: the 132.8125 kW after power factor instead of 133 kW",
    ),
    # 80 % of 120 kW is 96, the month's own 133 bind. By 96 kW: 392.00 + 290.26, 9,600 × 0.0953 =
    # 914.88 and 400 × 0.0825 = 33.00, fuel 30.00.
    "RATCHET": (
        [
            power("RATCHET", "2015-08", "120"),
            power("RATCHET", "2016-01", "125", power_factor="0.80"),
        ],
        "1660.14",
        "billing demand: the 96 kW of the ratchet instead of 133 kW",
    ),
    # By December's 60 kW: 392.00 + 63.10, 6,000 × 0.0953 + 4,000 × 0.0825 = 901.80, fuel 30.00.
    # December's own bill is the same but for its factor, 10,000 × 0.0015 = 15.00.
    "EARLIER": (
        [power("EARLIER", "2015-12", "60"), power("EARLIER", "2016-01", "90")],
        "1386.90",
        "billing demand: the 60 kW of the month before instead of 90 kW",
    ),
}  # fmt: skip

# TOWN, January 2021, 500 kWh: see test_invented_town. All at the first block's price: 12.40 +
# 24.80 + 190 × 0.08 = 52.40; 4 % is 2.10, 2.5 % of 54.50 is 1.36, light 2.00: 57.86.
# March 2021 to the 16th, at the prices before: 25 × 0.40 + 250 × 0.08 + 230 × 0.11 = 55.30; 4 % is
# 2.21, 2.5 % of 57.51 is 1.44: 58.95.
TOWN = {
    "TAXED": (read("TAXED", "2021-01", kwh="500"), "57.86", "another_block_or_season"),
    "OLD": (
        read("OLD", "2021-03", kwh="480", read_from="2021-02-20", read_to="2021-03-17"),
        "58.95",
        "another_schedule",
    ),
}


def billed(agreement_id: str, month: str, amount: str, **components: str) -> dict[str, str]:
    """A row of billed_amounts."""
    return {
        "agreement_id": agreement_id,
        "billing_month": month,
        "billed_net_amount": amount,
        **components,
    }


def portfolio() -> dict[str, list[dict[str, object]]]:
    """Every planted error is an agreement of its own."""
    agreements = [agreement(name, one.schedule) for name, one in PLANTED.items()]
    reads = [read(name, one.month, kwh=one.kwh) for name, one in PLANTED.items()]
    amounts = [
        billed(name, one.month, one.billed, **one.components) for name, one in PLANTED.items()
    ]
    # Only who is billed in some month can lack an amount in another.
    reads.append(read("not billed", "2015-12", kwh="0"))
    amounts.append(billed("not billed", "2015-12", "4.14"))
    amounts.append(billed("exact", "2015-07", "1.00"))
    agreements += [agreement(name, "LGS-1", phase="three") for name in DEMANDED]
    reads += [one for listed, _, _ in DEMANDED.values() for one in listed]
    amounts += [billed(name, "2016-01", amount) for name, (_, amount, _) in DEMANDED.items()]
    amounts.append(billed("EARLIER", "2015-12", "1371.90"))
    agreements += [agreement(name, "RS-3") for name in ("NEVER", *MANY)]
    reads += [read(name, *HOUSE[:1], kwh=HOUSE[1]) for name in ("NEVER", *MANY)]
    amounts += [billed(name, HOUSE[0], "90.62") for name in MANY]
    agreements += [customer(name, "TOWN") for name in TOWN]
    reads += [one for one, _, _ in TOWN.values()]
    amounts += [billed(name, one["billing_month"], sum_) for name, (one, sum_, _) in TOWN.items()]
    costs = [
        *fuel_costs("2015-08", "2016-02"),
        *fuel_costs("2015-12", fuel_cost="2705876.40"),
        *fuel_costs("2016-01", fuel_cost="2807996.40"),
        *(
            row
            for month in ("2020-12", "2021-01", "2021-03")
            for row in cost_inputs("tri-lakes", "TRUE-UP", month, cents="0")
        ),
    ]
    return {
        "service_agreements": agreements,
        "meter_reads": reads,
        "rider_cost_inputs": costs,
        "billed_amounts": amounts,
    }


@pytest.fixture(scope="module")
def rated_and_billed(tmp_path_factory) -> Rated:
    """The planted portfolio, rated once."""
    return rate_portfolio(tmp_path_factory.mktemp("billed"), portfolio(), seeds=[TARIFFS])


@pytest.fixture(scope="module")
def report(rated_and_billed, tmp_path_factory) -> tuple[BilledReport, dict[tuple[str, str], dict]]:
    """The comparison, and its differences by agreement and month."""
    file = tmp_path_factory.mktemp("differences") / "differences.csv"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rating.reconcile.rerate.COPIES", 0)
        found = reconcile_billed(rated_and_billed.url, differences=file)
    with file.open(encoding="utf-8", newline="") as rows:
        listed = {
            (row["agreement_id"], row["billing_month"][:7]): row for row in csv.DictReader(rows)
        }
    return found, listed


@pytest.mark.parametrize("name", [name for name in PLANTED if PLANTED[name].kind != "exact"])
def test_planted_error_is_named(report, name):
    planted = PLANTED[name]
    row = report[1][name, planted.month]
    assert (row["class"], planted.words in row["explanation"]) == (planted.kind, True), row


@pytest.mark.parametrize("name", DEMANDED)
def test_bill_by_another_demand_is_named_with_its_kilowatts(report, name):
    row = report[1][name, "2016-01"]
    assert (row["class"], row["explanation"]) == ("another_demand", DEMANDED[name][2])


@pytest.mark.parametrize("name", TOWN)
def test_bill_whose_taxes_follow_another_price_is_named(report, name):
    read_row, _, kind = TOWN[name]
    row = report[1][name, read_row["billing_month"]]
    assert row["class"] == kind, row


def test_old_prices_are_named_as_the_version_before(report):
    assert report[1]["OLD", "2021-03"]["explanation"] == "by the version before"


def test_step_at_another_price_is_named_where_taxes_hang_on_it(report):
    assert report[1]["TAXED", "2021-01"]["explanation"] == ("energy: step 2 at the price of step 1")


def test_what_explained_some_bills_of_a_schedule_is_tried_on_all_of_it(report):
    assert {report[1][name, "2016-01"]["explanation"] for name in MANY} == {"by the season on_peak"}


def test_of_several_explanations_the_smaller_change_is_named_first_and_the_others_after(report):
    # The bill without fuel is the bill at February's factor of zero, too.
    row = report[1]["no fuel", "2016-01"]
    assert row["class"] == "missing_rider"
    assert row["other_explanations"] == "FA-1 at the factor of 2016-02, 0 instead of 0.003"


def test_equal_bills_are_counted_and_not_listed(report):
    found, listed = report
    assert ("exact", "2016-01") not in listed
    # Both amounts: 17 of the planted (not "not billed", "no bill"), December's bill of "not
    # billed", 40 of MANY, 8 of LGS-1 and 2 of TOWN. Equal: "exact" and those of December.
    assert found.exact == 3
    assert found.bills - found.bills_of("missing") == 17 + 1 + 40 + 8 + 2
    # 3 of 68 is 4.412 %.
    assert found.match_rate == Decimal("4.41")


def test_missing_amounts_are_those_of_one_side(report):
    missing = {
        key: row["explanation"] for key, row in report[1].items() if row["class"] == "missing"
    }
    assert missing == {
        ("not billed", "2016-01"): "the billing system has no amount",
        ("no bill", "2016-01"): "no bill: unknown_schedule, utility ipl-mo has no schedule NONE",
        ("exact", "2015-07"): "no bill: there is no read",
    }


def test_bills_of_agreements_that_are_never_billed_are_counted_apart(report):
    never = report[0].never_billed
    assert (never["agreements"], never["bills"]) == (1, 1)
    assert never["net_amount"] == Decimal("85.33")


def test_differences_are_summed_up_by_schedule_and_by_component(report):
    found = report[0]
    (town,) = [row for row in found.schedules if row["schedule"] == "TOWN"]
    # 57.86 − 63.93 = −6.07; 58.95 − (58.35 + 2.33 + 1.52) = −3.25.
    assert (town["bills"], town["exact"]) == (2, 0)
    assert (town["difference"], town["absolute_difference"]) == (Decimal("-9.32"), Decimal("9.32"))
    components = {
        (row["schedule"], row["component"]): (row["differing"], row["difference"])
        for row in found.components
    }
    # Energy: 88.52 − 83.23 = 5.29, 81.13 − 83.23 = −2.10, 84.23 − 83.23 = 1.00.
    assert components == {
        ("RS-3", "energy"): (3, Decimal("4.19")),
        ("RS-3", "adjustment"): (1, Decimal("-1.00")),
    }


def test_ten_largest_differences_are_named_by_size_with_what_explains_them(report):
    found, listed = report
    sizes = sorted((abs(Decimal(row["difference"])) for row in listed.values()), reverse=True)
    assert [abs(row["difference"]) for row in found.largest] == sizes[:10]
    # 6,643.00 − 6,946.96: 251 kW come to 1,495.68 + 2,392.03 + 2,879.25 + 180.00.
    first = found.largest[0]
    assert (first["agreement_id"], first["difference"]) == ("MEASURED", Decimal("-303.96"))
    assert first["explanation"] == DEMANDED["MEASURED"][2]


def test_command_shows_rate_classes_and_the_largest_and_exits_1(ratebook, rated_and_billed):
    said = ratebook("reconcile", "--quick", "--database", rated_and_billed.url)
    assert (said.code, said.err) == (1, "")
    assert "billed amounts: 3 of 68 bills agree to the cent (4.41 %)" in said.out
    assert "gross: what is due after the due date" in said.out
    assert "not compared: 1 bills of 1 agreements" in said.out


def test_quick_comparison_names_what_the_lines_tell_and_rates_nothing_again(
    rated_and_billed, monkeypatch
):
    def never(*_, **__):
        raise AssertionError

    monkeypatch.setattr("rating.reconcile.billed.rerate", never)
    found = reconcile_billed(rated_and_billed.url, quick=True)
    assert found.bills_of("another_demand") == 0
    assert found.bills_of("gross") == 1


def test_json_has_the_comparison_as_the_last_check(ratebook, rated_and_billed, report):
    said = ratebook("reconcile", 1, "--quick", "--json", "--database", rated_and_billed.url)
    *checks, last = json.loads(said.out)
    assert {check["status"] for check in checks} == {"pass"}
    assert (last["check_name"], last["scope"], last["status"]) == (
        "bills_are_as_billed", "all", "fail",
    )  # fmt: skip
    assert (last["match_rate"], last["exact"], len(last["rows"])) == ("4.41", 3, 10)
    # As of every check, the difference is the sum of the rows' differences without their signs.
    apart = sum(abs(Decimal(row["difference"])) for row in report[1].values())
    assert Decimal(last["difference"]) == apart
    assert apart > abs(Decimal(last["actual"]) - Decimal(last["expected"]))


def test_accepted_classes_are_no_failure(ratebook, tmp_path, rated_and_billed):
    url = database_at(tmp_path)
    Path(url.database).write_bytes(Path(rated_and_billed.url.database).read_bytes())
    kept = "('exact', 'gross', 'not billed')"
    execute(url, f"delete from portfolio.billed_amount where agreement_id not in {kept}")
    execute(url, "delete from portfolio.billed_amount where billing_month < date '2015-12-01'")
    arguments = ("reconcile", "--quick", "--database", url)
    assert ratebook(*arguments, "--accept", "gross").code == 1
    assert ratebook(*arguments, "--accept", "gross", "--accept", "missing").code == 0
    said = ratebook(*arguments, "--accept", "gros")
    assert said.code == 2
    assert "there is no class gros; choose one of exact, missing" in said.err


@pytest.mark.long
def test_errors_are_named_whatever_the_ids_of_the_tariffs(tmp_path, monkeypatch):
    last = dict.fromkeys((one.class_ for one in Base.registry.mappers), 1_000_000)
    monkeypatch.setattr("rating.seed.load.tariff_rows", partial(tariff_rows, last_ids=last))
    url = database_at(tmp_path)
    initialize(url, [TARIFFS])
    names = ("season", "schedule", "no fuel")
    files = {
        name: [row for row in rows if row.get("agreement_id", "season") in names]
        for name, rows in portfolio().items()
    }
    load_folder(url, write_portfolio(tmp_path / "portfolio", files))
    rated(url, rate(url))
    found = reconcile_billed(url)
    explained = {row["agreement_id"]: (row["class"], row["explanation"]) for row in found.largest}
    assert set(explained) == {*names}
    for name, (kind, words) in explained.items():
        assert (kind, PLANTED[name].words in words) == (PLANTED[name].kind, True), words


def test_run_that_has_been_superseded_has_no_bills_to_compare(tmp_path, rated_and_billed):
    url = database_at(tmp_path)
    Path(url.database).write_bytes(Path(rated_and_billed.url.database).read_bytes())
    execute(url, "update rating.bill set run_id = 2 where agreement_id = 'gross'")
    of_run = reconcile_billed(url, run_id=2, quick=True)
    # Of run 2 there is one bill; amounts without any bill belong to every run.
    assert of_run.bills_of("gross") == of_run.bills - of_run.bills_of("missing") == 1


def test_database_is_only_read(rated_and_billed):
    before = select(rated_and_billed.url, "select count(*) from duckdb_tables()")
    path = Path(rated_and_billed.url.database)
    path.chmod(0o444)
    try:
        reconcile_billed(rated_and_billed.url, quick=True)
    finally:
        path.chmod(0o644)
    assert select(rated_and_billed.url, "select count(*) from duckdb_tables()") == before


def test_differences_without_billed_amounts_are_refused(ratebook, golden, tmp_path):
    file = tmp_path / "differences.csv"
    said = ratebook("reconcile", "--differences", file, "--database", golden.url)
    assert said.code == 2
    assert "load a billed_amounts file first" in said.err


@pytest.mark.parametrize(
    ("file", "problem"),
    [("differences.xlsx", "ends neither in .csv nor"), ("no/differences.csv", "does not exist")],
)
def test_a_file_of_differences_is_refused_before_bills_are_rated_again(
    ratebook, golden, monkeypatch, file, problem
):
    monkeypatch.delattr("rating.cli.reconcile.reconcile_billed")
    said = ratebook("reconcile", "--differences", file, "--database", golden.url)
    assert said.code == 2
    assert problem in said.err
