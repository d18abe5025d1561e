"""A rating run: what it publishes, replaces, leaves alone, and writes into its ledger."""

import csv
import datetime
import gc
import os
import random
import shutil
import signal
from pathlib import Path

import duckdb
import pytest
from helpers import (
    GOLDEN,
    agreement,
    database_at,
    execute,
    file_copy,
    make_database,
    rated,
    read,
    select,
    write_portfolio,
)

from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.project import rating_version
from rating.run import run
from rating.run.changes import EVERYTHING, Base
from rating.run.dbt_build import NodeResult
from rating.run.row import Asked, begin_run
from rating.store.urls import database_file

RELATIONS = ("bill", "bill_line_item", "billing_demand", "unbilled_read")


def published(url, where: str = "true") -> dict[str, list[dict[str, object]]]:
    """The published rows of a portfolio, but for the run that made them."""
    return {
        relation: select(
            url, f"select * exclude (run_id) from rating.{relation} where {where} order by all"
        )
        for relation in RELATIONS
    }


@pytest.fixture
def copy(golden, tmp_path):
    """A copy of the rated golden portfolio, for one test to change."""
    return file_copy(golden.url, tmp_path)


def correct(url, folder: Path, **values: object) -> None:
    """Load a corrected read of LGS-1 agreement A0010: July 2015."""
    old = {"kwh": "164600", "kw": "313.3", "read_from": "2015-07-02", "read_to": "2015-08-01"}
    terms = {"phase": "three", "start_date": "2014-01-01", "account_id": "C0010"}
    files = {
        "service_agreements": [agreement("A0010", "LGS-1", **terms)],
        "meter_reads": [read("A0010", "2015-07", **{**old, **values})],
    }
    load_folder(url, write_portfolio(folder, files))


def test_ledger_says_when_what_and_how_much(golden):
    (row,) = select(golden.url, "select * from rating.rating_run")
    assert (row["run_id"], row["status"], row["engine"]) == (1, "published", "duckdb")
    assert row["code_version"] == rating_version()
    assert (row["from_month"], row["to_month"], row["message"]) == (None, None, None)
    assert row["started_at"] < row["finished_at"]
    assert row["started_at"].utcoffset() is not None
    assert (row["reads"], row["bills"], row["unbilled"]) == (1810, 1745, 65)
    assert row["net_amount"] == sum(bill["net_amount"] for bill in golden.bills)
    assert len(row["tariff_hash"]) == len(row["portfolio_hash"]) == 16


def test_every_published_row_names_its_run(golden):
    for relation in RELATIONS:
        rows = select(golden.url, f"select distinct run_id from rating.{relation}")
        assert rows == [{"run_id": 1}]


@pytest.mark.long
def test_rerun_after_a_correction_replaces_the_bills_under_a_higher_run_id(copy, tmp_path):
    before = published(copy)
    correct(copy, tmp_path / "correction", kwh="1")
    report = run.rate(copy)
    after = published(copy)
    changed = [
        (bill["agreement_id"], str(bill["billing_month"]))
        for bill in after["bill"]
        if bill not in before["bill"]
    ]
    assert changed == [("A0010", "2015-07-01")]
    assert len(after["bill"]) == len(before["bill"])
    assert select(copy, "select distinct run_id from rating.bill") == [{"run_id": 2}]
    first, second = select(copy, "select * from rating.rating_run order by run_id")
    assert report.run_id == second["run_id"] == 2
    assert first["tariff_hash"] == second["tariff_hash"]
    assert first["portfolio_hash"] != second["portfolio_hash"]


def test_run_of_some_months_touches_no_other_and_sees_the_history_before_them(copy, tmp_path):
    # July 2015 rises to 2,000 kW; 80 % of it is the demand of January to March 2016, while
    # July's own bill stays as published.
    before = published(copy, "billing_month not between '2016-01-01' and '2016-03-01'")
    correct(copy, tmp_path / "correction", kw="2000")
    first, last = datetime.date(2016, 1, 1), datetime.date(2016, 3, 1)
    report = run.rate(copy, first_month=first, last_month=last)
    assert published(copy, "billing_month not between '2016-01-01' and '2016-03-01'") == before
    demands = select(
        copy,
        "select billing_month, demand_kw, binding, run_id from rating.billing_demand"
        " where agreement_id = 'A0010' and demand_name = 'billing'"
        " and billing_month between '2016-01-01' and '2016-03-01' order by 1",
    )
    assert [(row["demand_kw"], row["binding"], row["run_id"]) for row in demands] == [
        (1600, "ratchet", 2)
    ] * 3
    months = select(copy, "select from_month, to_month from rating.rating_run where run_id = 2")
    assert months == [{"from_month": first, "to_month": last}]
    assert report.reads == sum(
        row["n"]
        for row in select(
            copy,
            "select count(*) as n from portfolio.meter_read"
            " where billing_month between '2016-01-01' and '2016-03-01'",
        )
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [("2015-11", "2016-02"), pytest.param("2025-06", "2025-08", marks=pytest.mark.long)],
)
def test_run_of_some_months_equals_the_full_run(golden, copy, first, last):
    # Ratchets, combined meters, contract years and a bank all reach back before the months.
    execute(copy, *(f"delete from rating.{relation}" for relation in RELATIONS))
    bounds = [datetime.date(int(month[:4]), int(month[5:]), 1) for month in (first, last)]
    run.rate(copy, first_month=bounds[0], last_month=bounds[1])
    inside = f"billing_month between '{bounds[0]}' and '{bounds[1]}'"
    assert published(copy) == published(golden.url, inside)


@pytest.mark.long
def test_order_of_the_rows_in_the_files_does_not_matter(golden, tmp_path):
    folder, shuffle = tmp_path / "portfolio", random.Random(19105).shuffle
    folder.mkdir()
    for file in (GOLDEN / "portfolio").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as source:
            header, *rows = csv.reader(source)
        shuffle(rows)
        with (folder / file.name).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows([header, *rows])
    url = make_database(tmp_path)
    load_folder(url, folder)
    assert rated(url, run.rate(url)).bills != []
    assert published(url) == published(golden.url)


def test_run_of_months_without_reads_is_refused_and_leaves_no_row(copy):
    runs = select(copy, "select * from rating.rating_run")
    month = datetime.date(2090, 1, 1)
    with pytest.raises(RatebookError, match="no read is of those billing months; the reads go fr"):
        run.rate(copy, first_month=month)
    assert select(copy, "select * from rating.rating_run") == runs


def test_months_whose_reads_are_gone_are_rated_to_take_their_bills_away(copy):
    month = datetime.date(2016, 1, 1)
    execute(copy, f"delete from portfolio.meter_read where billing_month = '{month}'")
    asked = Asked(run.DUCKDB, (month, month), Base(None, EVERYTHING))
    assert begin_run(copy, asked) == 2


def test_run_without_reads_is_refused_and_leaves_no_row(database):
    with pytest.raises(RatebookError, match="no meter reads; run `ratebook load FOLDER` first"):
        run.rate(database)
    assert select(database, "select * from rating.rating_run") == []


def build_that(*statements: str, nodes: tuple[NodeResult, ...] = ()):
    """A stand-in for dbt: the golden build with statements run on it."""

    def build(url, variables, **_):
        run_id = f"update rating_build.reconciliation set run_id = {variables['RATEBOOK_RUN_ID']}"
        execute(url, run_id, *statements)
        return list(nodes)

    return build


def failed_run(copy, monkeypatch, build) -> run.RunReport:
    """A run with a stand-in for dbt, that must not change what is published."""
    before = published(copy)
    monkeypatch.setattr(run, "dbt_build", build)
    report = run.rate(copy)
    assert published(copy) == before
    (row,) = select(copy, "select * from rating.rating_run where run_id = 2")
    assert (row["status"], report.status) == ("failed", "failed")
    assert row["finished_at"] is not None
    assert row["message"] == report.message
    return report


def test_failed_model_publishes_nothing_and_is_named(copy, monkeypatch):
    node = NodeResult("bill", "model", "error", 0.1, 0, "the disk is full")
    build = build_that("delete from rating_build.bill", nodes=(node,))
    assert failed_run(copy, monkeypatch, build).message == "model bill: the disk is full"


def test_failed_dbt_test_publishes_nothing_and_is_named(copy, monkeypatch):
    node = NodeResult("bill_is_unique", "test", "fail", 0.1, 3, "Got 3 results")
    build = build_that("delete from rating_build.bill", nodes=(node,))
    assert failed_run(copy, monkeypatch, build).message == "test bill_is_unique: Got 3 results"


def test_failed_check_publishes_nothing_and_is_kept_with_its_scope(copy, monkeypatch):
    build = build_that(
        "update rating_build.bill set net_amount = net_amount + 1",
        "update rating_build.reconciliation set status = 'fail', difference = 1"
        " where check_name = 'lines_foot_to_bills' and scope = 'ipl-mo RS-4'",
    )
    report = failed_run(copy, monkeypatch, build)
    assert report.message == "check lines_foot_to_bills of ipl-mo RS-4 is off by 1.000000"
    assert [check.scope for check in report.failed_checks] == ["ipl-mo RS-4"]


def test_a_failure_of_dbt_itself_is_recorded_and_lets_go_of_the_file(golden_loaded, tmp_path):
    # DuckDB takes "main" for a schema: dbt ends with an exception, not with a model that failed.
    url = database_at(tmp_path, "main")
    shutil.copy(database_file(golden_loaded), database_file(url))
    gc.disable()
    try:
        report = run.rate(url)
    finally:
        gc.enable()
    said = 'dbt dbt: Runtime Error Binder Error: Catalog "main" does not exist!'
    assert (report.status, report.message) == ("failed", said)
    (row,) = select(url, "select status, message from rating.rating_run")
    assert row == {"status": "failed", "message": said}
    with duckdb.connect(str(database_file(url))) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_run_that_fails_while_publishing_leaves_everything_as_it_was(copy, monkeypatch):
    before = published(copy)
    monkeypatch.setattr(run, "dbt_build", build_that("drop table rating_build.unbilled_read"))
    with pytest.raises(Exception, match="unbilled_read"):
        run.rate(copy)
    assert published(copy) == before
    (row,) = select(copy, "select status, message from rating.rating_run where run_id = 2")
    assert row["status"] == "failed"


@pytest.fixture
def interruptible():
    """Python's own answer to an interrupt: a shell's background jobs inherit none."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_interrupted_run_is_recorded_as_failed(copy):
    def interrupt(_: str, number: int) -> None:
        if number == 3:
            os.kill(os.getpid(), signal.SIGINT)

    before = published(copy)
    with pytest.raises(KeyboardInterrupt):
        run.rate(copy, progress=interrupt)
    assert published(copy) == before
    (row,) = select(copy, "select status, message from rating.rating_run where run_id = 2")
    assert row == {"status": "failed", "message": "stopped: it was told to"}


def test_run_ids_rise_after_a_failed_run_too(copy, monkeypatch):
    node = NodeResult("bill", "model", "error", 0.1, 0, "broken")
    monkeypatch.setattr(run, "dbt_build", build_that(nodes=(node,)))
    assert [run.rate(copy).run_id for _ in range(2)] == [2, 3]
