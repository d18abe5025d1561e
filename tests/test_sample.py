"""The sample: deterministic, loadable but for what is planted, and reaching every rule."""

import csv
import datetime
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from helpers import Rated, make_database, rated, select

from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.project import SEEDS
from rating.run.run import rate
from rating.sample.portfolio import SampleReport, write_sample
from rating.sample.seed import SAMPLE, read_sample
from rating.seed.format import VersionSeed
from rating.seed.quantities import DemandGroupSeed, DemandSeed, DemandTermSeed
from rating.seed.read import read_books

AGREEMENTS, MONTHS, SEED = 1000, 24, 7

# The prices of the versions that hold in the sample's months and of which no bill has a line. A
# minimum's or a rider's line has an amount of its own for a price, others the step's; a rider's
# season need not be that of the bill.
STEPS_WITHOUT_A_LINE = """
select price.schedule, price.charge_code, price.step_no, price.price
from rating.rate_price as price
inner join rating.rate_version as version
    on price.utility = version.utility and price.schedule = version.schedule
    and price.version_effective_from = version.effective_from
inner join (values {windows}) as w (utility, first_day, next_day) on price.utility = w.utility
where version.status <> 'incomplete' and price.price <> 0
    and version.effective_from < cast(next_day as date)
    and coalesce(version.effective_to, 'infinity') > cast(first_day as date)
    and not exists (
        from rating.bill_line_item as line
        inner join rating.bill as bill
            on line.agreement_id = bill.agreement_id and line.billing_month = bill.billing_month
        where line.schedule_or_rider = price.schedule and bill.utility = price.utility
            and line.charge_code = price.charge_code
            and coalesce(line.step_no, 1) = price.step_no
            and (abs(line.price) = abs(price.price)
                or price.component in ('minimum', 'rider', 'discount'))
            and (price.season is null or price.schedule <> bill.schedule
                or price.season = bill.season)
    )
order by all
"""


def windows() -> dict[str, tuple[datetime.date, datetime.date]]:
    """The first day of each utility's sample, and the first after it."""
    firsts = {each.code: each.utility.first_month for each in read_sample().utilities}
    assert MONTHS == 24
    return {code: (first, first.replace(first.year + 2)) for code, first in firsts.items()}


def versions(*kinds: str) -> Iterator[tuple[str, VersionSeed]]:
    """The schedules of these kinds, with each version that rates in the sample's months."""
    for book in read_books([SEEDS]):
        first, after = windows()[book.utility.utility]
        for schedule in book.schedules:
            for version in schedule.versions:
                ends = version.effective_to or datetime.date.max
                holds = version.effective_from < after and ends > first
                if holds and schedule.kind in kinds and version.status != "incomplete":
                    yield schedule.schedule, version


def demands() -> Iterator[tuple[str, DemandSeed]]:
    """The demands that the sample's bills may have, with their schedule."""
    for schedule, version in versions("rate"):
        yield from ((schedule, demand) for demand in version.demands)


def terms(demand: DemandSeed | DemandGroupSeed) -> Iterator[DemandTermSeed]:
    """All terms of a demand."""
    for term in [*(demand.greatest_of or ()), *(demand.least_of or ())]:
        if isinstance(term, DemandTermSeed):
            yield term
        else:
            yield from terms(term)


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
    unknown = {row["schedule"] for row in agreements} - {s for s, _ in versions("rate", "lighting")}
    assert unknown == {"SCH-1"}
    assert {s for s, _ in versions("rate", "lighting")} <= {row["schedule"] for row in agreements}
    enrolled = {row["rider"] for row in rows(sample[0], "rider_enrollments")}
    assert enrolled == {rider for rider, _ in versions("rider")}


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
        ({"agreements": 0}, "--agreements 0 is too few; give 1 or more"),
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
    [
        pytest.param(1, datetime.date(2016, 11, 1), marks=pytest.mark.long),
        pytest.param(7, datetime.date(2015, 4, 1), marks=pytest.mark.long),
        pytest.param(60, datetime.date(2014, 12, 1), marks=pytest.mark.long),
    ],
)
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


@pytest.mark.parametrize(
    "agreements",
    [
        pytest.param(1, marks=pytest.mark.long),
        pytest.param(10, marks=pytest.mark.long),
        # A crowd of 36: gs1-demand has 33.2 to 34.0 of it, no whole one; gssh1, which is combined
        # with it, 34.9 to 35.1, the 35th.
        53,
        pytest.param(249, marks=pytest.mark.long),
    ],
)
def test_a_small_sample_is_whole_in_itself(tmp_path: Path, agreements: int) -> None:
    folder = tmp_path / "portfolio"
    report = write_sample(folder, agreements=agreements, months=12, seed=3)
    good = [row for row in rows(folder, "service_agreements") if row["agreement_id"] < "M9999998"]
    assert report.agreements == len({row["agreement_id"] for row in good}) == agreements
    url = make_database(tmp_path)
    loaded = load_folder(url, folder)
    rejected = select(url, "select file, source_row_number from rating.rejected_row")
    assert {(row["file"], row["source_row_number"]) for row in rejected} == {
        (file, number) for file, number, _ in report.planted_rejected
    }
    assert {file.file: file.rows_read for file in loaded.files} == report.rows
    found = rated(url, rate(url)).reasons()
    planted = {(agreement, month): reason for agreement, month, reason in report.planted_unbilled}
    assert {key: reason for key, reason in found.items() if reason != "combined"} == planted
    assert len(found) - len(planted) == report.combined_reads


def test_the_command_says_that_a_small_sample_does_not_show_every_step(
    tmp_path: Path, ratebook: Any
) -> None:
    line = "fewer than 250 agreements do not show every step of every schedule\n"
    for agreements in (249, 250):
        said = ratebook("sample", tmp_path, "--agreements", agreements, "--months", 2)
        assert (said.code, said.err, line in said.out) == (0, "", agreements < 250)


def test_every_step_of_every_charge_is_on_a_bill(rated_sample: Rated) -> None:
    # $4.08 is charged for the first 16 kWh or less, at zero kWh too (M5), so that GS-1's minimum of
    # $4.08 for single phase service is always reached by the energy charge alone.
    values = ", ".join(f"('{code}', '{a}', '{b}')" for code, (a, b) in windows().items())
    missing = select(rated_sample.url, STEPS_WITHOUT_A_LINE.format(windows=values))
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
    expected = {(s, d.name): {t.kind for t in terms(d)} for s, d in demands() if list(terms(d))}
    assert bindings == expected
    assert floors == {(s, t.floor) for s, d in demands() for t in terms(d) if t.kind == "floor"}


def test_power_factors_below_the_threshold_raise_demands(rated_sample: Rated) -> None:
    schedules = {(b["agreement_id"], b["billing_month"]): b["schedule"] for b in rated_sample.bills}
    raised = {
        schedules[row["agreement_id"], row["billing_month"]]
        for row in rated_sample.demands
        if row["adjusted_kw"] > row["measured_kw"]
    }
    assert raised == {schedule for schedule, demand in demands() if demand.adjusted}


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("ipl-mo/scripts.yaml", "101, 300", "101, many", "rs3-blocks kwh no. 2: input should be"),
        ("ipl-mo/scripts.yaml", "name: rs3,", "name: rs3, name: x,", "name is given twice"),
        ("ipl-mo/scripts.yaml", "name: rs3-both", "name: re", "re is twice among the scripts"),
        ("ipl-mo/scripts.yaml", "code: NM-1", "code: NM-9", "the rider NM-9 is named but not"),
        ("ipl-mo/scripts.yaml", "partner: gs1-partner", "partner: x", "the script x is named"),
        ("ipl-mo/profiles.yaml", "share: 58000", "share: 57000", "make 99000; they must make"),
        ("ipl-mo/profiles.yaml", "shape: home", "shape: hut", "the shape hut is not there"),
        ("ipl-mo/profiles.yaml", "[350, 3000]", "[3000, 350]", "rs3 kwh: 3000 is above 350"),
        ("ipl-mo/riders.yaml", "RS-3: 4", "RS-3: 1020", "riders take 1028 of 1024 agreements"),
        ("ipl-mo/riders.yaml", "generates", "sends", "NM-1 sends: extra inputs are not permitted"),
        ("ipl-mo/costs.yaml", "high: 0.0349", "high: 0.03491", "are no whole steps of 0.0001"),
        ("ipl-mo/planted.yaml", "script: rs4-left", "script: x", "the script x is named but not"),
        ("ipl-mo/planted.yaml", "blank:", "blank: [", "planted.yaml: is not readable YAML"),
        ("ipl-mo/utility.yaml", "2016-11-01", "2016-13-01", "2016-13-01 is no date and no"),
        ("ipl-mo/utility.yaml", "percent: null", "percent: 4", "0 utilities have percent: null"),
        ("shared/weather.yaml", ", 890]", "]", "weather.yaml: heating: list should have at least"),
    ],
)
def test_files_that_no_sample_can_be_made_from_are_refused(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    shutil.copytree(SAMPLE, tmp_path / "sample")
    path = tmp_path / "sample" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RatebookError, match=re.escape(said)):
        read_sample(tmp_path / "sample")


def test_a_file_of_the_sample_that_is_missing_is_named(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "sample")
    (tmp_path / "sample" / "ilpt-ia" / "scripts.yaml").unlink()
    with pytest.raises(RatebookError, match=r"ilpt-ia/scripts\.yaml: field required"):
        read_sample(tmp_path / "sample")
