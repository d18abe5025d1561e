"""Prices of schedules written by hand as URDB rates: added up, or listed; none is lost."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from helpers import database_at
from urdb_rates import by_month, rate, tiers, write

from rating.setup import initialize
from rating.urdb.export import export_schedule
from rating.urdb.importer import import_files
from rating.urdb.rate import convert
from rating.urdb.read import read_rates

DAYTIME = {"days": ["weekday"], "from": "08:00", "to": "20:00"}
TIMES = {"sheet": "p. 1", "periods": [{"period": "peak", **DAYTIME}, {"period": "rest"}]}
NUMBERS = {"sheet": "p. 1", "periods": [{"period": "period_0", **DAYTIME}, {"period": "period_1"}]}
SUMMER = {
    "sheet": "p. 1",
    "months": {"summer": [6, 7, 8], "winter": [1, 2, 3, 4, 5, 9, 10, 11, 12]},
}
UTILITY = {
    "utility": "simple", "name": "Simple", "state": "ZZ", "time_zone": "America/Chicago",
    "read_determinants": ["kvar", "kw"], "agreement_determinants": ["additional_meters"],
    "documents": [{"document": "simple-book", "title": "Book"}],
}  # fmt: skip
OWN = "has tiers of one period's kWh; URDB's count all periods'"


def charge(code: str, per: str | None, price: Any, component: str = "energy", **more: Any) -> Any:
    """A charge; a list of prices is blocks of (first or next, price), the last without end."""
    found = {"code": code, "description": code, "component": component, "prices_in": "$/kWh",
             "sheet": "p. 1", **({"per": per} if per else {}), **more}  # fmt: skip
    if not isinstance(price, list):
        return {**found, "price": price}
    *limited, (_, last) = price
    blocks = [
        {"next" if n else "first": width, "price": one} for n, (width, one) in enumerate(limited)
    ]
    over = str(sum(Decimal(width) for width, _ in limited))
    return {**found, "blocks": [*blocks, {"over": over, "price": last}]}


FIXED = {"component": "customer", "prices_in": "$"}
DAILY_METERS = {"name": "meter_days", "sheet": "p. 1", "product": ["additional_meters", "days"]}
TOP = {"choice": "base", "when": {"kwh": {"at_most": "800"}}}
HOURS_USE = {"limits": {"times": "kw", "unit": "hours use"}}
# What each schedule has; its energy prices as they come out, or nothing; and what is listed.
CASES: dict[str, tuple[dict[str, Any], Any, list[tuple[str, str]]]] = {
    # The base belongs to both: 0.0913 + 0.0111 and 0.1877 + 0.0111.
    "BASE": ({"time_of_use": TIMES, "charges": [
        charge("peak", "kwh_peak", "0.1877"), charge("rest", "kwh_rest", "0.0913"),
        charge("base", "kwh", "0.0111")]},
        [[(None, "0.1024")], [(None, "0.1988")]], []),
    # 0.05 + 0.03 on peak; else the base alone.
    "TWICE": ({"time_of_use": TIMES, "charges": [
        charge("base", "kwh", "0.10"), charge("peak", "kwh_peak", "0.05"),
        charge("wires", "kwh_peak", "0.03")]},
        [[(None, "0.1")], [(None, "0.18")]], []),
    # Tiers of all kWh are shared by the periods: 0.08 + 0.05 and 0.07 + 0.05 on peak.
    "BASE_TIERS": ({"time_of_use": TIMES, "charges": [
        charge("base", "kwh", [("300", "0.08"), ("", "0.07")]),
        charge("peak", "kwh_peak", "0.05")]},
        [[(300, "0.08"), (None, "0.07")], [(300, "0.13"), (None, "0.12")]], []),
    "OWN_TIERS": ({"time_of_use": TIMES, "charges": [
        charge("peak", "kwh_peak", [("500", "0.20"), ("", "0.30")]),
        charge("rest", "kwh_rest", [("500", "0.05"), ("", "0.09")])]},
        None, [("charge peak", OWN), ("charge rest", OWN)]),
    "SOME_TIERS": ({"time_of_use": TIMES, "charges": [
        charge("peak", "kwh_peak", "0.2312"),
        charge("rest", "kwh_rest", [("100", "0.1013"), ("", "0.0915")])]},
        [[(None, "0")], [(None, "0.2312")]], [("charge rest", OWN)]),
    "OTHER_TIERS": ({"charges": [
        charge("base", "kwh", [("300", "0.08"), ("", "0.07")]),
        charge("other", "kwh", [("500", "0.02"), ("", "0.01")])]},
        [[(300, "0.08"), (None, "0.07")]],
        [("charge other", "has other tiers than another price of the same kWh")]),
    "LAST_LIMIT": ({"time_of_use": TIMES, "charges": [
        charge("base", "kwh", "0.08", **TOP), charge("peak", "kwh_peak", "0.05")]},
        [[(800, "0.08")]],
        [("charge peak", "prices a month that has a last limit and several prices")]),
    "LIMIT_IN_KWH": ({"charges": [
        charge("base", "kwh", [("200", "0.08"), ("", "0.07")], **HOURS_USE, **TOP)]},
        None, [("charge base", "holds only where kwh at most 800")]),
}  # fmt: skip
# Fixed and demand charges; what the rate has of them.
OTHERS: dict[str, tuple[dict[str, Any], dict[str, Any], list[tuple[str, str]]]] = {
    "METERS_BY_MONTH": ({"charges": [
        charge("service", "days", "0.50", **FIXED),
        charge("meters", "additional_meters", "3", **FIXED)]},
        {"fixedchargefirstmeter": "0.5", "fixedchargeunits": "$/day"},
        [("charge meters", "is in $/month, and another fixed charge is not")]),
    "METERS_BY_DAY": ({"determinants": [DAILY_METERS], "charges": [
        charge("meters", "meter_days", "0.10", **FIXED)]},
        {"fixedchargeeaaddl": "0.1", "fixedchargeunits": "$/day"}, []),
    # 3 + 1.
    "METERS_TWICE": ({"charges": [
        charge("meters", "additional_meters", "3", **FIXED),
        charge("tax", "additional_meters", "1", **FIXED)]},
        {"fixedchargeeaaddl": "4", "fixedchargeunits": "$/month"},
        [("charge tax", "is one fixed charge with the others")]),
    "PEAK_TWICE": ({"time_of_use": TIMES, "charges": [
        charge("peak", "kw_peak", "5", "demand"), charge("wires", "kw_peak", "5", "demand")]},
        {"demandratestructure": [[(None, "0")], [(None, "5")]]},
        [("charge wires", "is a second price of a period, and URDB has one")]),
    "ALL_HOURS_TWICE": ({"time_of_use": TIMES, "charges": [
        charge("peak", "kw_peak", "5", "demand"), charge("all", "kw", "2", "demand"),
        charge("wires", "kw", "3", "demand")]},
        {"flatdemandstructure": [[(None, "2")]],
         "demandratestructure": [[(None, "0")], [(None, "5")]]},
        [("charge wires", "is a second price of what has one, and URDB has one")]),
}  # fmt: skip
# period_0 has two prices, so that it cannot be one period of URDB.
SPLIT = {"seasons": SUMMER, "time_of_use": NUMBERS, "charges": [
    charge("day", "kwh_period_0", {"summer": "0.20", "winter": "0.10"}),
    charge("night", "kwh_period_1", "0.05")]}  # fmt: skip


def seeds_of(folder: Path) -> Path:
    """A seed folder with the schedules of this file."""
    (folder / "simple").mkdir(parents=True)
    (folder / "simple" / "utility.yaml").write_text(yaml.safe_dump(UTILITY), "utf-8")
    versions = {name: case[0] for name, case in {**CASES, **OTHERS}.items()} | {"SPLIT": SPLIT}
    for name, parts in versions.items():
        version = {"effective_from": "2020-01-01", "sheet": "p. 1", "requires": ["kwh"], **parts}
        whole = {"schedule": name, "utility": "simple", "title": name, "kind": "rate",
                 "document": "simple-book", "versions": [version]}  # fmt: skip
        (folder / "simple" / f"{name}.yaml").write_text(yaml.safe_dump(whole), "utf-8")
    return folder


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """A database with the schedules of this file."""
    folder = tmp_path_factory.mktemp("urdb-export-prices")
    made = database_at(folder)
    initialize(made, [seeds_of(folder / "seeds")])
    return made


def exported(url: Any, folder: Path, schedule: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The rate that a schedule is written as, which an import can rate; and what is listed."""
    file = folder / "out.json"
    (written,) = export_schedule(url, schedule, file)
    (item,) = json.loads(file.read_text("utf-8"), parse_float=Decimal)["items"]
    if schedule != "OWN_TIERS" and schedule != "LIMIT_IN_KWH":  # those have no price left
        read = convert(read_rates([file])[0])
        assert [one for one in read.findings if one.kind == "unratable"] == []
    return item, [(remark.what, remark.why) for remark in written.remarks]


def shown(structure: Any) -> Any:
    """The tiers of each period as (max, rate)."""
    return [[(t.get("max"), str(t["rate"])) for t in one] for one in structure]


@pytest.mark.parametrize("schedule", CASES)
def test_energy_prices_are_added_up_or_listed(url, tmp_path, schedule):
    _, expected, listed = CASES[schedule]
    item, said = exported(url, tmp_path, schedule)
    assert said == listed
    found = item.get("energyratestructure")
    assert (found and shown(found)) == expected


@pytest.mark.parametrize("schedule", OTHERS)
def test_fixed_and_demand_prices_are_added_up_or_listed(url, tmp_path, schedule):
    _, expected, listed = OTHERS[schedule]
    item, said = exported(url, tmp_path, schedule)
    assert said == listed
    found = {
        name: shown(value) if isinstance(value, list) else str(value)
        for name, value in item.items()
        if name.startswith("fixed") or name.endswith("demandstructure") or "dratestr" in name
    }
    assert found == expected


def test_periods_keep_the_numbers_of_their_names(url, tmp_path):
    # The year begins in period 2; period 1 has no hour.
    found = rate("LATE", energy_hours=["jan-dec all 2x12 0x12"], energyratestructure=[
        tiers((None, "0.05")), tiers((None, "9")), tiers((None, "0.15"))])  # fmt: skip
    import_files(url, [write(tmp_path, [found])])
    item, said = exported(url, tmp_path, "LATE")
    assert said == []
    assert item["energyweekdayschedule"] == [[2] * 12 + [0] * 12] * 12
    assert shown(item["energyratestructure"]) == [[(None, "0.05")], [(None, "0")], [(None, "0.15")]]


def test_demand_of_all_hours_stays_apart_where_periods_keep_their_numbers_so(url, tmp_path):
    # From June to September 10 a kW in period 1; else 8.90 for all hours, and period 0 is free.
    found = rate("APART", demand_hours=["jun-sep all 0x15 1x3 0x6"],
                 energy_hours=["jun-sep all 1x15 0x3 1x6"],
                 energyratestructure=[tiers((None, "0.05")), tiers((None, "0.15"))],
                 demandratestructure=[tiers((None, "0")), tiers((None, "10"))],
                 flatdemandstructure=[tiers((None, "8.90")), tiers((None, "0"))],
                 flatdemandmonths=by_month(jun_sep=1))  # fmt: skip
    import_files(url, [write(tmp_path, [found])])
    item, said = exported(url, tmp_path, "APART")
    assert said == []
    assert item["demandweekdayschedule"] == found["demandweekdayschedule"]
    assert shown(item["demandratestructure"]) == [[(None, "0")], [(None, "10")]]
    assert shown(item["flatdemandstructure"]) == [[(None, "8.9")], [(None, "0")]]


def test_numbers_that_cannot_be_kept_are_listed(url, tmp_path):
    # Counted from the first hour of January: night, winter's day, summer's day.
    item, said = exported(url, tmp_path, "SPLIT")
    words = "have other numbers for energy in URDB: period_0, period_1"
    assert said == [("times of use", words)]
    assert shown(item["energyratestructure"]) == [
        [(None, "0.05")],
        [(None, "0.1")],
        [(None, "0.2")],
    ]
