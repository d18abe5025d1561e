"""The sample: deterministic, loadable but for what is planted, and reaching every rule."""

import csv
import datetime
import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from helpers import Rated, make_database, rated, select

from rating.errors import RatebookError
from rating.portfolio_load import load_folder
from rating.run import rate
from rating.sample import SampleReport, write_sample

AGREEMENTS, MONTHS, SEED = 1000, 24, 7
SCHEDULES = {
    *("RS-3", "RS-4", "GS-1", "LGS-1", "TEGS", "LP-2", "CH-1", "EDU-1", "SP-1", "GSSH-1", "SCIS-1"),
    *("PL-3", "PSL-2FR", "PSL-3CF", "PSL-3DF", "TRS-2"),
    *("RE", "CE", "SP", "LP", "IP", "AL"),
}
RIDERS = {"EDR-5", "NM-1", "CSP-1", "DG", "ERDG", "E-AE"}

# What can decide a demand, by its schedule and name: every one of them does for somebody.
BINDINGS = {
    ("GS-1", "billing"): {"measured", "ratchet"},
    ("LGS-1", "billing"): {"measured", "ratchet", "floor"},
    ("LGS-1", "peak"): {"measured", "ratchet"},
    ("TEGS", "billing"): {"measured", "ratchet", "floor"},
    ("TEGS", "peak"): {"measured", "ratchet"},
    ("LP-2", "billing"): {"measured", "ratchet", "floor"},
    ("LP-2", "peak"): {"measured", "ratchet"},
    ("CH-1", "billing"): {"measured", "ratchet", "floor"},
    ("EDU-1", "billing"): {"measured", "ratchet", "floor"},
    ("SP-1", "billing"): {"measured", "ratchet", "floor"},
    ("GSSH-1", "billing"): {"measured", "floor"},
    ("SCIS-1", "billing"): {"measured", "floor"},
    ("SP", "billing"): {"measured"},
    ("SP", "distribution"): {"measured", "ratchet"},
    ("LP", "billing"): {"measured"},
    ("LP", "distribution"): {"measured", "ratchet"},
    ("IP", "billing"): {"measured"},
    ("IP", "distribution"): {"measured", "ratchet"},
}
FLOORS = {
    ("LGS-1", 10), ("LGS-1", 75), ("TEGS", 20), ("LP-2", 200), ("LP-2", 3000), ("CH-1", 50),
    ("EDU-1", 50), ("SP-1", 10), ("GSSH-1", 6), ("SCIS-1", 1000),
}  # fmt: skip

# The prices of the versions that hold in the sample's months and of which no bill has a line. A
# minimum's or a rider's line has an amount of its own for a price, others the step's.
STEPS_WITHOUT_A_LINE = """
select price.schedule, price.charge_code, price.step_no, price.price
from rating.rate_price as price
inner join rating.rate_version as version
    on price.utility = version.utility and price.schedule = version.schedule
    and price.version_effective_from = version.effective_from
where version.status <> 'incomplete' and price.price <> 0
    and version.effective_from < if(price.utility = 'ipl-mo', date '2018-11-01', '2027-01-01')
    and coalesce(version.effective_to, 'infinity')
        > if(price.utility = 'ipl-mo', date '2016-11-01', '2025-01-01')
    and not exists (
        from rating.bill_line_item as line
        inner join rating.bill as bill
            on line.agreement_id = bill.agreement_id and line.billing_month = bill.billing_month
        where line.schedule_or_rider = price.schedule and bill.utility = price.utility
            and line.charge_code = price.charge_code
            and coalesce(line.step_no, 1) = price.step_no
            and (abs(line.price) = abs(price.price)
                or price.component in ('minimum', 'rider', 'discount'))
            and (price.season is null or price.schedule = 'NM-1'
                or price.season = bill.season)
    )
order by all
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SampleReport]:
    """A sample's folder and report."""
    folder = tmp_path_factory.mktemp("sample") / "portfolio"
    return folder, write_sample(folder, agreements=AGREEMENTS, months=MONTHS, seed=SEED)


@pytest.fixture(scope="module")
def rated_sample(
    sample: tuple[Path, SampleReport], tmp_path_factory: pytest.TempPathFactory
) -> Rated:
    """The sample, loaded and rated."""
    url = make_database(tmp_path_factory.mktemp("rated_sample"))
    load_folder(url, sample[0])
    return rated(url, rate(url))


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rows(folder: Path, relation: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with (folder / f"{relation}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def good_reads(folder: Path, report: SampleReport) -> list[dict[str, str]]:
    """The reads that can be loaded."""
    planted = {number for file, number, _ in report.planted_rejected if "meter_reads" in file}
    return [row for i, row in enumerate(rows(folder, "meter_reads"), 1) if i not in planted]


@pytest.mark.parametrize("parquet", [False, True])
def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parquet: bool
) -> None:
    connect, written = duckdb.connect, []
    for threads in (1, 4):
        monkeypatch.setattr(duckdb, "connect", lambda n=threads: connect(config={"threads": n}))
        folder = tmp_path / str(threads)
        write_sample(folder, agreements=20_000, months=6, seed=5, parquet=parquet)
        written.append(contents(folder))
    assert written[0] == written[1]


def test_another_seed_gives_other_customers(
    sample: tuple[Path, SampleReport], tmp_path: Path
) -> None:
    write_sample(tmp_path, agreements=AGREEMENTS, months=MONTHS, seed=SEED + 1)
    one, other = contents(sample[0]), contents(tmp_path)
    assert one.keys() == other.keys()
    differing = {name for name in one if one[name] != other[name]}
    assert differing == one.keys() - {"lighting_hours.csv"}


def test_an_earlier_sample_is_replaced_whatever_its_format(tmp_path: Path) -> None:
    write_sample(tmp_path, agreements=300, months=2, seed=1)
    write_sample(tmp_path, agreements=300, months=2, seed=1, parquet=True)
    assert {path.suffix for path in tmp_path.iterdir()} == {".parquet", ".json"}


def test_csv_and_parquet_hold_the_same(tmp_path: Path) -> None:
    for name, parquet in (("csv", False), ("parquet", True)):
        write_sample(tmp_path / name, agreements=300, months=3, seed=2, parquet=parquet)
    for path in (tmp_path / "csv").glob("*.csv"):
        columns = "all_varchar = true, header = true"
        text = duckdb.sql(f"from read_csv('{path}', {columns})").fetchall()
        typed = f"from '{tmp_path / 'parquet' / path.stem}.parquet'"
        assert duckdb.sql(f"select columns(*)::varchar {typed}").fetchall() == text


def test_the_counts_are_those_asked_for(sample: tuple[Path, SampleReport]) -> None:
    folder, report = sample
    reads = good_reads(folder, report)
    assert report.agreements == AGREEMENTS
    assert len({row["agreement_id"] for row in rows(folder, "service_agreements")[:-1]}) == 1000
    assert {file: len(rows(folder, file[:-4])) for file in report.rows} == report.rows
    assert 0.85 * AGREEMENTS * MONTHS < len(reads) < AGREEMENTS * MONTHS
    months = Counter(row["agreement_id"][0] + row["billing_month"] for row in reads)
    assert (min(months), max(months)) == ("I2024-12", "M2018-10")
    assert len([month for month in months if month.startswith("M")]) == MONTHS
    assert len([month for month in months if month.startswith("I")]) == MONTHS + 1


def test_every_schedule_and_rider_is_there(sample: tuple[Path, SampleReport]) -> None:
    agreements = rows(sample[0], "service_agreements")
    assert {row["schedule"] for row in agreements} == SCHEDULES | {"SCH-1"}
    assert {row["rider"] for row in rows(sample[0], "rider_enrollments")} == RIDERS


def test_the_class_mix_is_that_of_a_municipal_utility(tmp_path: Path) -> None:
    write_sample(tmp_path, agreements=10_000, months=12, seed=3)
    agreements = rows(tmp_path, "service_agreements")
    shares = {}
    for name, schedules in {"home": "RS-3 RS-4 RE", "GS-1": "GS-1", "LGS-1": "LGS-1"}.items():
        found = {r["agreement_id"] for r in agreements if r["schedule"] in schedules.split()}
        shares[name] = len(found) / 10_000
    assert 0.80 < shares["home"] < 0.90
    assert 0.08 < shares["GS-1"] < 0.12
    assert 0.01 < shares["LGS-1"] < 0.03
    enrolled = [r for r in rows(tmp_path, "rider_enrollments") if r["agreement_id"][0] == "I"]
    assert 0.01 < len(enrolled) / 500 < 0.06


def test_use_follows_the_seasons(sample: tuple[Path, SampleReport]) -> None:
    folder, report = sample
    heated = {
        row["agreement_id"]: row["space_heating"] == "true"
        for row in rows(folder, "service_agreements")
        if row["schedule"] in {"RS-3", "RS-4"} and row["agreement_id"] > "M0000062"
    }
    use: Counter[tuple[bool, str]] = Counter()
    for row in good_reads(folder, report):
        if row["agreement_id"] in heated:
            use[heated[row["agreement_id"]], row["billing_month"][5:]] += int(row["kwh"])
    assert use[False, "08"] > 1.3 * use[False, "04"]
    assert use[True, "01"] > 1.3 * use[True, "04"]
    assert use[True, "08"] > use[True, "04"]


def periods(folder: Path, report: SampleReport) -> Iterator[list[tuple[datetime.date, ...]]]:
    """The periods of each agreement, in the order of their months."""
    found: dict[str, list[tuple[datetime.date, ...]]] = {}
    for row in good_reads(folder, report):
        days = [datetime.date.fromisoformat(row[name]) for name in ("read_from", "read_to")]
        found.setdefault(row["agreement_id"], []).append(tuple(days))
    yield from found.values()


def test_periods_are_months_of_a_reading_cycle(sample: tuple[Path, SampleReport]) -> None:
    lengths: Counter[int] = Counter()
    for stretch in periods(*sample):
        lengths.update((last - first).days for first, last in stretch)
        assert all(before[1] <= after[0] for before, after in pairwise(stretch))
    assert min(lengths) >= 3 and max(lengths) <= 32
    assert sum(lengths[days] for days in range(29, 33)) > 0.98 * sum(lengths.values())


def test_numbers_are_decimals_without_noise(sample: tuple[Path, SampleReport]) -> None:
    places = Counter()
    for row in rows(sample[0], "meter_reads"):
        for name in ("kwh", "kwh_received", "kwh_on_peak", "kw", "kw_off_peak", "power_factor"):
            if row[name]:
                places[name[:3], len(row[name].partition(".")[2])] += 1
    assert set(places) == {("kwh", 0), ("kw", 1), ("kw_", 1), ("pow", 2)}


@pytest.mark.parametrize("parquet", [False, True])
def test_exactly_the_planted_rows_are_rejected(tmp_path: Path, parquet: bool) -> None:
    folder = tmp_path / "portfolio"
    report = write_sample(folder, agreements=400, months=14, seed=4, parquet=parquet)
    url = make_database(tmp_path)
    loaded = load_folder(url, folder)
    found = select(url, "select file, source_row_number from rating.rejected_row")
    expected = {(file, number) for file, number, _ in report.planted_rejected}
    assert {(row["file"], row["source_row_number"]) for row in found} == expected
    assert {file.file: file.rows_read for file in loaded.files} == report.rows
    assert loaded.notes == ["planted.json is not loaded: it is no file of a portfolio"]


def test_planted_json_says_what_the_report_says(sample: tuple[Path, SampleReport]) -> None:
    folder, report = sample
    planted: dict[str, Any] = json.loads((folder / "planted.json").read_text(encoding="utf-8"))
    assert [tuple(row) for row in planted["planted_unbilled"]] == report.planted_unbilled
    assert [tuple(row) for row in planted["planted_rejected"]] == report.planted_rejected
    assert {what for _, _, what in report.planted_rejected} == {
        *("duplicate key", "negative kWh", "reversed dates", "text in a number"),
        *("unknown agreement", "power factor 84"),
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"agreements": 249}, "--agreements 249 is too few"),
        ({"months": 0}, "0 months from 2016-11-01 cannot be rated"),
        ({"months": 84}, "84 months from 2016-11-01 cannot be rated"),
        ({"first_month": datetime.date(2014, 11, 1)}, "cannot be rated"),
        ({"first_month": datetime.date(2016, 11, 2)}, "cannot be rated"),
        ({"seed": -1}, "--seed -1 is negative"),
    ],
)
def test_what_cannot_be_sampled_is_refused(
    tmp_path: Path, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(RatebookError, match=said):
        write_sample(tmp_path, **({"agreements": 300, "months": 2, "seed": 1} | wrong))
    assert not list(tmp_path.iterdir())


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "meter_reads.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(RatebookError, match="holds files that are no sample"):
        write_sample(tmp_path, agreements=300, months=2, seed=1)
    assert contents(tmp_path) == {"meter_reads.csv": b"mine"}


def test_what_is_unbilled_was_planted_or_is_combined(
    sample: tuple[Path, SampleReport], rated_sample: Rated
) -> None:
    _, report = sample
    found = rated_sample.reasons()
    planted = {(agreement, month): reason for agreement, month, reason in report.planted_unbilled}
    assert {key: reason for key, reason in found.items() if reason != "combined"} == planted
    assert len(found) - len(planted) == report.combined_reads > 0
    assert set(planted.values()) == {
        *("missing_determinant", "no_rate_in_force", "no_agreement", "unknown_schedule")
    }


@pytest.mark.parametrize(
    ("months", "first_month"),
    [(1, datetime.date(2016, 11, 1)), (7, datetime.date(2015, 4, 1)),
     (60, datetime.date(2014, 12, 1))],
)  # fmt: skip
def test_other_months_are_billed_but_for_what_is_planted(
    tmp_path: Path, months: int, first_month: datetime.date
) -> None:
    folder = tmp_path / "portfolio"
    report = write_sample(folder, agreements=250, months=months, seed=9, first_month=first_month)
    url = make_database(tmp_path)
    load_folder(url, folder)
    found = rated(url, rate(url)).reasons()
    planted = {(agreement, month): reason for agreement, month, reason in report.planted_unbilled}
    assert {key: reason for key, reason in found.items() if reason != "combined"} == planted
    assert len(found) - len(planted) == report.combined_reads


def test_every_step_of_every_charge_is_on_a_bill(rated_sample: Rated) -> None:
    # $4.08 is charged for the first 16 kWh or less, at zero kWh too (M5), so that GS-1's minimum of
    # $4.08 for single phase service is always reached by the energy charge alone.
    missing = select(rated_sample.url, STEPS_WITHOUT_A_LINE)
    assert [(row["schedule"], row["charge_code"]) for row in missing] == [
        ("GS-1", "minimum_single_phase")
    ]


def test_every_ratchet_and_floor_decides_a_demand(rated_sample: Rated) -> None:
    schedules = {(b["agreement_id"], b["billing_month"]): b["schedule"] for b in rated_sample.bills}
    bindings: dict[tuple[str, str], set[str]] = {}
    floors = set()
    for row in rated_sample.demands:
        schedule = schedules[row["agreement_id"], row["billing_month"]]
        bindings.setdefault((schedule, row["demand_name"]), set()).add(row["binding"])
        if row["binding"] == "floor":
            floors.add((schedule, row["floor_kw"]))
    assert bindings == BINDINGS
    assert floors == FLOORS


def test_power_factors_below_the_threshold_raise_demands(rated_sample: Rated) -> None:
    schedules = {(b["agreement_id"], b["billing_month"]): b["schedule"] for b in rated_sample.bills}
    raised = {
        schedules[row["agreement_id"], row["billing_month"]]
        for row in rated_sample.demands
        if row["adjusted_kw"] > row["measured_kw"]
    }
    assert raised == {"GS-1", "LGS-1", "LP-2", "CH-1", "EDU-1", "SP-1", "SCIS-1"}
