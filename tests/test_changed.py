"""A run that rates only what changed comes to what a full run comes to."""

import csv
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from helpers import (
    agreement,
    cost_inputs,
    execute,
    file_copy,
    fuel_costs,
    make_database,
    rate_portfolio,
    read,
    select,
    write_portfolio,
)
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.run.built import INTERVALS, STANDING, what_stands
from rating.run.changes import base_run
from rating.run.dbt_build import DECLARED_TESTS
from rating.run.ledger import difference, runs
from rating.run.run import RunReport, rate
from rating.sample.portfolio import write_sample
from rating.store.database import open_duckdb
from rating.store.urls import database_file

RELATIONS = ("bill", "bill_line_item", "billing_demand", "unbilled_read")
Rows = list[dict[str, str]]
Portfolio = dict[str, Rows]


def read_folder(folder: Path) -> Portfolio:
    portfolio = {}
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            portfolio[file.stem] = list(csv.DictReader(lines))
    return portfolio


def write_folder(folder: Path, portfolio: Portfolio) -> Path:
    folder.mkdir()
    for name in ("service_agreements", "meter_reads", *portfolio):
        rows = portfolio.get(name, [])
        header = list(rows[0]) if rows else HEADERS[name]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, header)
            writer.writeheader()
            writer.writerows(rows)
    return folder


HEADERS = {
    "service_agreements": ["agreement_id", "start_date", "utility", "schedule"],
    "meter_reads": ["agreement_id", "billing_month", "read_from", "read_to", "kwh"],
}


def published(url: URL, relation: str) -> set[tuple[object, ...]]:
    """The rows of a relation but for the run that rated them."""
    rows = select(url, f"select * exclude (run_id) from rating.{relation}")
    found = {tuple(row.values()) for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[URL, Portfolio, Portfolio]:
    """A rated sample but for its last month: the database, its portfolio, and the last month."""
    folder = tmp_path_factory.mktemp("city")
    write_sample(folder / "sample", agreements=250, months=16, seed=7)
    portfolio = read_folder(folder / "sample")
    portfolio.pop("billed_amounts", None)
    last = max(row["billing_month"] for row in portfolio["meter_reads"])
    held_back = [row for row in portfolio["meter_reads"] if row["billing_month"] == last]
    portfolio["meter_reads"] = [
        row for row in portfolio["meter_reads"] if row["billing_month"] != last
    ]
    url = make_database(folder)
    load_folder(url, write_folder(folder / "first", portfolio))
    assert rate(url).status == "published"
    return url, portfolio, {"meter_reads": held_back}


def load(url: URL, folder: Path, changes: Portfolio) -> None:
    load_folder(url, write_folder(folder, changes))


def raised(rows: Rows, column: str, chance: random.Random) -> Rows:
    """Some rows with a number raised by a tenth and one."""
    some = [row for row in rows if row.get(column)]
    return [
        {**row, column: f"{float(row[column]) * 1.1 + 1:.2f}"} for row in chance.sample(some, 5)
    ]


def corrected_reads(portfolio: Portfolio, chance: random.Random) -> Portfolio:
    reads = {
        (row["agreement_id"], row["billing_month"]): row
        for column in ("kwh", "kw", "kwh_received")
        for row in raised(portfolio["meter_reads"], column, chance)
    }
    return {"meter_reads": list(reads.values())}


def other_terms(portfolio: Portfolio, chance: random.Random) -> Portfolio:
    terms = [row for row in portfolio["service_agreements"] if not row["end_date"]]
    some = chance.sample(terms, 6)
    combined = [row for row in terms if row["combined_with_agreement_id"]][:1]
    moved = [{**row, "space_heating": "true", "voltage": "primary"} for row in some]
    released = [{**row, "combined_with_agreement_id": ""} for row in combined]
    return {"service_agreements": [row for row in moved if row not in combined] + released}


def other_inputs(portfolio: Portfolio, chance: random.Random) -> Portfolio:
    return {"rider_cost_inputs": raised(portfolio["rider_cost_inputs"], "value", chance)}


@pytest.mark.parametrize(
    "change",
    [
        corrected_reads,
        pytest.param(other_terms, marks=pytest.mark.long),
        pytest.param(other_inputs, marks=pytest.mark.long),
    ],
)
def test_rating_what_changed_equals_rating_everything(
    city: tuple[URL, Portfolio, Portfolio],
    tmp_path: Path,
    change: Callable[[Portfolio, random.Random], Portfolio],
) -> None:
    url, portfolio, _ = city
    ours, report = rated_after(url, tmp_path, change(portfolio, random.Random(change.__name__)))
    full = equals_rating_everything(url, ours, report, tmp_path)
    if change is not other_inputs:
        assert 0 < report.reads < full.reads


def rated_after(url: URL, folder: Path, changes: Portfolio) -> tuple[URL, RunReport]:
    """A copy of the city with changes, and the run that rated only what they can have moved."""
    ours = file_copy(url, folder)
    load(ours, folder / "changes", changes)
    return ours, rate(ours, changed_only=True)


def equals_rating_everything(before: URL, ours: URL, report: RunReport, folder: Path) -> RunReport:
    """Holds if a run of what changed published what a run of everything does, which is returned."""
    (folder / "full").mkdir()
    whole = file_copy(ours, folder / "full")
    full = rate(whole)
    assert (report.status, full.status) == ("published", "published")
    assert report.message == "only what changed since run 1 was rated"
    for relation in RELATIONS:
        assert published(ours, relation) == published(whole, relation)
    assert published(ours, "bill") != published(before, "bill")  # the change moved some bill
    return full


@pytest.mark.long
def test_meters_are_joined_by_those_of_a_group_that_one_of_them_joins_later(tmp_path):
    """M joins P1, and from August P2, as B does: the read that changes is P1's."""
    summer = ("2015-06", "2015-07", "2015-08")
    meters = {"schedule": "GSSH-1", "phase": "three"}
    terms = [
        agreement("P1", "LGS-1", phase="three"),
        agreement("P2", "LGS-1", phase="three"),
        agreement("M", **meters, combined_with_agreement_id="P1", end_date="2015-08-01"),
        agreement("M", **meters, combined_with_agreement_id="P2", start_date="2015-08-01"),
        agreement("B", **meters, combined_with_agreement_id="P2"),
    ]
    files = {
        "service_agreements": terms,
        "meter_reads": [
            read(one, month, kwh="1000", kw="20")
            for one in ("P1", "P2", "M", "B")
            for month in summer
        ],
        "rider_cost_inputs": fuel_costs(*summer),
    }
    url = rate_portfolio(tmp_path, files).url
    corrected = read("P1", "2015-06", kwh="1300", kw="22")
    more = {"service_agreements": terms[:1], "meter_reads": [corrected]}
    assert load_folder(url, write_portfolio(tmp_path / "more", more)).rows_rejected == 0
    report = rate(url, changed_only=True)
    assert (report.status, report.bills, report.unbilled) == ("published", 6, 6)
    found = select(url, "select agreement_id, billing_month, kwh from rating.bill")
    assert {(row["agreement_id"], row["billing_month"].month): row["kwh"] for row in found} == {
        ("P1", 6): 1300 + 1000, ("P1", 7): 1000 + 1000, ("P1", 8): 1000,
        ("P2", 6): 1000 + 1000, ("P2", 7): 1000 + 1000, ("P2", 8): 1000 + 1000 + 1000,
    }  # fmt: skip


@pytest.fixture(scope="module")
def with_new_month(
    city: tuple[URL, Portfolio, Portfolio], tmp_path_factory: pytest.TempPathFactory
) -> tuple[URL, RunReport]:
    """The city with its last month, of which run 2 rated what changed."""
    url, _, held_back = city
    return rated_after(url, tmp_path_factory.mktemp("new_month"), held_back)


def test_rating_a_new_month_equals_rating_everything(
    city: tuple[URL, Portfolio, Portfolio], with_new_month: tuple[URL, RunReport], tmp_path: Path
) -> None:
    ours, report = with_new_month
    full = equals_rating_everything(city[0], ours, report, tmp_path)
    assert 0 < report.reads < full.reads


def test_a_run_of_what_changed_leaves_what_rests_on_tariffs_alone_and_asks_every_declared_test(
    with_new_month: tuple[URL, RunReport],
) -> None:
    _, report = with_new_month
    names = {node.name for node in report.nodes}
    assert not names & {
        "rate_price",
        "rate_version",
        "int_operand",
        "int_line",
        "interval_coverage",
    }
    assert {"bill", "monthly_factor", "bill_line_item", DECLARED_TESTS} <= names


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("select 1", (STANDING, INTERVALS)),
        (
            "insert into portfolio.interval_read by name select agreement_id, read_from as"
            " interval_start, 15 as interval_minutes, 1 as kwh from portfolio.meter_read limit 1",
            (STANDING,),
        ),
        # dbt by itself built last, or another release of the models.
        ("update rating_build.int_input__built set models_fingerprint = ''", ()),
        ("update rating_build.int_input__built set tariff_fingerprint = 'another'", ()),
        # A build has begun and not ended.
        ("update rating_build.int_input__portfolio set build_id = 'another'", ()),
        ("drop table rating_build.int_input__built", ()),
        ("drop view rating_build.int_input__loaded", ()),
        # A run failed or was killed, perhaps before it could say of what it was.
        (
            "insert into rating.rating_run by name"
            " select * replace (2 as run_id, 'failed' as status) from rating.rating_run",
            (),
        ),
    ],
)
def test_what_rests_on_tariffs_alone_is_left_where_the_last_build_was_of_these_tariffs_and_models(
    city: tuple[URL, Portfolio, Portfolio], tmp_path: Path, statement: str, left: tuple[str, ...]
) -> None:
    ours = file_copy(city[0], tmp_path)
    execute(ours, statement)
    with open_duckdb(ours) as connection:
        base = base_run(connection)
        assert base.run_id == 1
        assert what_stands(connection, base) == left


def test_nothing_is_left_of_a_build_in_a_file_of_another_name(
    city: tuple[URL, Portfolio, Portfolio], tmp_path: Path
) -> None:
    renamed = tmp_path / "renamed.duckdb"
    database_file(file_copy(city[0], tmp_path)).rename(renamed)
    with open_duckdb(URL.create("duckdb", database=str(renamed))) as connection:
        assert what_stands(connection, base_run(connection)) == ()


def test_a_run_with_nothing_changed_does_nothing_and_says_so(
    city: tuple[URL, Portfolio, Portfolio], tmp_path: Path
) -> None:
    url, portfolio, _ = city
    ours = file_copy(url, tmp_path)
    # The same rows loaded once more change nothing.
    load(ours, tmp_path / "again", {"meter_reads": portfolio["meter_reads"][:20]})
    report = rate(ours, changed_only=True)
    assert (report.status, report.run_id) == ("unchanged", 1)
    assert report.message == "nothing has changed since run 1"
    assert select(ours, "select count(*) as runs from rating.rating_run") == [{"runs": 1}]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            "update tariff.version set gross_percent = 106 where gross_percent = 105",
            "the tariffs have changed since run 1",
        ),
        (
            "update portfolio.load set is_replacing = true, load_id = 2",
            "the portfolio was emptied since run 1",
        ),
        (
            "update rating.rating_run set code_version = 'another'",
            "the code has changed since run 1",
        ),
        (  # the same release, with a model that somebody edited
            "update rating.rating_run set code_version = split_part(code_version, '+', 1) || '+0'",
            "the code has changed since run 1",
        ),
    ],
)
def test_where_what_moves_all_bills_changed_a_run_starts_from_no_other(
    city: tuple[URL, Portfolio, Portfolio], tmp_path: Path, statement: str, reason: str
) -> None:
    url, _, _ = city
    ours = file_copy(url, tmp_path)
    execute(ours, statement)
    with open_duckdb(ours) as connection:
        base = base_run(connection)
    assert (base.run_id, base.note) == (None, f"everything was rated, for {reason}")


def test_a_run_that_starts_from_no_other_rates_everything_and_says_why(
    city: tuple[URL, Portfolio, Portfolio], tmp_path: Path
) -> None:
    url, _, _ = city
    ours = file_copy(url, tmp_path)
    execute(ours, "update rating.rating_run set status = 'failed'")
    report: RunReport = rate(ours, changed_only=True)
    why = "everything was rated, for no run has published all months"
    assert (report.status, report.message) == ("published", why)
    assert report.bills == select(ours, "select count(*) as bills from rating.bill")[0]["bills"]


def test_the_bill_before_a_correction_stays_in_history(
    city: tuple[URL, Portfolio, Portfolio], tmp_path: Path
) -> None:
    url, portfolio, _ = city
    ours = file_copy(url, tmp_path)
    (before,) = select(
        ours,
        "select * from rating.bill where energy_amount > 50 and credit_amount = 0"
        " order by billing_month desc, agreement_id limit 1",
    )
    key = (before["agreement_id"], f"{before['billing_month']:%Y-%m}")
    (row,) = (
        row
        for row in portfolio["meter_reads"]
        if (row["agreement_id"], row["billing_month"]) == key
    )
    load(
        ours, tmp_path / "changes", {"meter_reads": [{**row, "kwh": f"{float(row['kwh']) + 100}"}]}
    )
    assert rate(ours, changed_only=True).status == "published"
    history = select(ours, "select * from rating.bill_history")
    (kept,) = (one for one in history if one["agreement_id"] == key[0])
    (after,) = select(
        ours,
        "select * from rating.bill where agreement_id = ? and billing_month = ?",
        [before["agreement_id"], before["billing_month"]],
    )
    assert (kept["what"], kept["run_id"], kept["replaced_by_run_id"]) == ("changed", 1, 2)
    assert kept["net_amount"] == before["net_amount"]
    assert kept["energy_amount"] == before["energy_amount"]
    assert kept["difference_amount"] == after["net_amount"] - before["net_amount"] > 0
    assert after["run_id"] == 2

    with open_duckdb(ours) as connection:
        found = difference(connection, 1, 2)
        assert [one.run_id for one in runs(connection)] == [2, 1]
    assert found.causes == ["portfolio"]
    assert [(one.agreement_id, one.what) for one in found.bills] == [(key[0], "changed")] * len(
        found.bills
    )
    assert kept["difference_amount"] in [one.difference for one in found.bills]


def test_a_bill_that_there_was_not_before_is_new_in_the_difference(
    city: tuple[URL, Portfolio, Portfolio], with_new_month: tuple[URL, RunReport]
) -> None:
    ours, report = with_new_month
    with open_duckdb(ours) as connection:
        found = difference(connection, 1, 2).bills
    assert {one.what for one in found} == {"new"}
    assert len(found) == report.bills > 0
    reads = {row["agreement_id"] for row in city[2]["meter_reads"]}
    assert {one.agreement_id for one in found} <= reads


def test_of_a_bill_of_the_same_dollars_it_is_told_what_else_changed(
    with_new_month: tuple[URL, RunReport], tmp_path: Path
) -> None:
    url = file_copy(with_new_month[0], tmp_path)
    execute(
        url,
        "insert into rating.rating_run by name select 3 as run_id, * exclude (run_id)"
        " from rating.rating_run where run_id = 2",
        "insert into rating.bill_history by name select * replace (100.5 as kwh,"
        " 152 as billing_demand_kw), 3 as replaced_by_run_id, 'changed' as what,"
        " 0 as difference_amount from rating.bill order by all limit 1",
        "update rating.bill set billing_demand_kw = 381, kwh = 100 where (agreement_id,"
        " billing_month) in (select (agreement_id, billing_month) from rating.bill_history"
        " where replaced_by_run_id = 3)",
    )
    with open_duckdb(url) as connection:
        (changed,) = difference(connection, 2, 3).bills
    assert (changed.difference, changed.components) == (0, "kWh 100.5 to 100, kW 152 to 381")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [(2, 1, "swap them"), (1, 9, "run 9"), (1, 1, "both are the same run, 1")],
)
def test_runs_that_cannot_be_compared_are_named(
    city: tuple[URL, Portfolio, Portfolio], before: int, after: int, sentence: str
) -> None:
    with (
        open_duckdb(city[0]) as connection,
        pytest.raises(RatebookError, match=sentence),
    ):
        difference(connection, before, after)


def bills_before_and_after_a_late_factor(
    url: URL, folder: Path, engine: str
) -> list[list[tuple[int, Decimal, Decimal]]]:
    """Month, kWh and net amount of the bills with a bank, without March's factor and with it."""
    costs = {"purchased_power_cost": "980000", "kwh_sold": "10000000"}
    file = "rider_cost_inputs"
    first = {
        "service_agreements": [agreement("BANK", "RE", utility="ilpt-ia")],
        "rider_enrollments": [
            {"agreement_id": "BANK", "rider": "ERDG", "start_date": "2018-01-01"}
        ],
        "meter_reads": [
            read("BANK", "2025-02", kwh="0", kwh_received="100"),
            read("BANK", "2025-03", kwh="150", kwh_received="0"),
            read("BANK", "2025-04", kwh="100", kwh_received="0"),
        ],
        file: [
            row
            for month in ("2025-02", "2025-04")
            for row in cost_inputs("ilpt-ia", "PPA", month, **costs)
        ],
    }
    late = {name: first[name] for name in ("service_agreements", "meter_reads")}
    found = []
    for name, files in (
        ("first", first),
        ("late", {**late, file: cost_inputs("ilpt-ia", "PPA", "2025-03", **costs)}),
    ):
        assert load_folder(url, write_portfolio(folder / name, files)).rows_rejected == 0
        assert rate(url, engine=engine, changed_only=name == "late").status == "published"
        bills = select(
            url, "select * from rating.bill where agreement_id = 'BANK' order by billing_month"
        )
        found.append([(row["billing_month"].month, row["kwh"], row["net_amount"]) for row in bills])
    return found


# The factor is 980,000 ÷ 10,000,000 − 0.0888 = 0.0092. March is not billed without it: the 100 kWh
# of February cover April. With it, they cover 100 of March's 150 kWh, and April pays for all its
# own.
BILLS_BEFORE_AND_AFTER_A_LATE_FACTOR = [
    [(2, 0, Decimal("30.00")), (4, 0, Decimal("30.00"))],
    [
        (2, 0, Decimal("30.00")),
        (3, 50, Decimal("35.81")),  # 30.00 + 50 × 0.1070 + 50 × 0.0092
        (4, 100, Decimal("41.62")),  # 30.00 + 100 × 0.1070 + 100 × 0.0092
    ],
]


@pytest.mark.long
def test_a_factor_that_comes_late_bills_its_month_and_moves_the_bank(database, tmp_path):
    found = bills_before_and_after_a_late_factor(database, tmp_path, "duckdb")
    assert found == BILLS_BEFORE_AND_AFTER_A_LATE_FACTOR
