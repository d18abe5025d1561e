"""dbt builds by itself, and `ratebook publish` audits what it built and makes a run of it."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from decimal import Decimal

import pytest
import yaml
from helpers import Row, execute, file_copy, select
from sqlalchemy import text
from sqlalchemy.engine import URL
from test_golden import expected_rows

from models.base import BUILD
from rating.errors import RatebookError
from rating.explain.bill import plain
from rating.project import DBT_PROJECT
from rating.run.dbt_build import (
    _close_connections,
    _environment,
    _options,
    _project,
    cache_folder,
    dbt_build,
)
from rating.run.ledger import difference
from rating.run.publish import publish
from rating.run.publish_built import publish_built
from rating.run.row import FIRST_MONTH, LAST_MONTH
from rating.store.database import open_duckdb
from rating.store.postgres import connected
from rating.store.urls import database_file

WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
BILLS = "select * exclude (run_id) from rating.bill order by agreement_id, billing_month"


def keyed(bill: Row) -> tuple[str, str]:
    return bill["agreement_id"], f"{bill['billing_month']:%Y-%m}"


def dbt_by_itself(url: URL, folder) -> str:
    """`dbt build` as a scheduler runs it, but for the unit tests, which take a minute."""
    environment = {key: value for key, value in os.environ.items() if key[:8] != "RATEBOOK"}
    environment |= {
        "RATEBOOK_DUCKDB_FILE": str(database_file(url)),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    code = "from dbt.cli.main import cli; cli()"
    done = subprocess.run(
        [sys.executable, "-c", code, "build", *WITHOUT_UNIT_TESTS],
        cwd=DBT_PROJECT, env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def built(golden, tmp_path_factory) -> URL:
    """The golden portfolio, rated by run 1, and built by dbt alone, as if never before."""
    folder = tmp_path_factory.mktemp("built")
    url = file_copy(golden.url, folder)
    execute(url, "drop schema rating_build cascade")
    dbt_by_itself(url, folder)
    return url


@pytest.fixture
def copy(built, tmp_path) -> URL:
    return file_copy(built, tmp_path)


def test_what_dbt_built_is_published_as_a_run_with_the_bills_of_a_run(ratebook, copy):
    before = select(copy, BILLS)
    said = ratebook("publish", "--database", copy)
    assert (said.code, said.err) == (0, "")
    assert "run 2: " in said.out
    assert select(copy, BILLS) == before
    assert select(copy, "select distinct run_id from rating.bill") == [{"run_id": 2}]
    assert select(copy, "select distinct run_id from rating.bill_line_item") == [{"run_id": 2}]
    (row,) = select(copy, "select engine, status from rating.rating_run where run_id = 2")
    assert row == {"engine": "duckdb", "status": "published"}


def test_a_check_that_fails_prints_its_rows_and_leaves_the_published_bills(ratebook, copy):
    before = select(copy, BILLS)
    (bill,) = [bill for bill in before if keyed(bill) == ("A0010", "2016-01")]
    execute(
        copy,
        "update rating_build.bill set net_amount = net_amount + 1"
        " where agreement_id = 'A0010' and billing_month = date '2016-01-01'",
    )
    said = ratebook("publish", "--database", copy)
    assert said.code == 1
    assert "lines_foot_to_bills" in said.err
    (row,) = [line for line in said.err.splitlines() if "A0010" in line]
    assert row.split()[-2:] == [plain(bill["net_amount"]), plain(bill["net_amount"] + 1)]
    assert select(copy, BILLS) == before


def test_a_dbt_test_that_fails_prints_its_rows(ratebook, copy):
    before = select(copy, BILLS)
    execute(
        copy, "insert into rating_build.bill from rating_build.bill where agreement_id = 'A0010'"
    )
    said = ratebook("publish", "--database", copy)
    assert said.code == 1
    assert "bill__key" in said.err
    assert "A0010" in said.err
    logged = ratebook("publish", "--database", copy, "--log-format", "json")
    assert (logged.code, logged.out) == (1, "")
    started, *failed, ended = [json.loads(line) for line in logged.err.splitlines()]
    assert (started["level"], started["event"]) == ("info", "audit started")
    (key,) = [one for one in failed if one["name"] == "bill__key"]
    assert (key["level"], key["event"], key["run_id"]) == ("error", "dbt failed", 3)
    assert {row["agreement_id"] for row in key["rows"]} == {"A0010"}
    assert (ended["level"], ended["event"], ended["run_id"]) == ("error", "failed", 3)
    assert select(copy, BILLS) == before


REFUSED = {
    "drop table rating_build.int_input__built": "nothing is built",
    "update rating_build.int_input__built set since_load = 1": "only what changed was built",
    "update rating_build.int_input__tariff set build_id = 'a later one'": "did not reach its end",
    "update tariff.holiday set observed_date = observed_date + 1": (
        "the tariffs changed after the build"
    ),
    "insert into portfolio.load values (2, now(), 'x', false)": (
        "the portfolio changed after the build"
    ),
}


@pytest.mark.parametrize("change", REFUSED)
def test_a_build_that_is_not_of_what_is_loaded_is_refused_in_a_sentence(ratebook, copy, change):
    execute(copy, change)
    said = ratebook("publish", "--database", copy)
    assert (said.code, said.out) == (2, "")
    (sentence,) = said.err.strip().splitlines()
    assert REFUSED[change] in sentence
    assert "`dbt build` in dbt_project/" in sentence


def test_a_file_that_was_renamed_since_it_was_built_is_refused_as_such(ratebook, copy):
    renamed = copy.set(database=str(database_file(copy).with_name("renamed.duckdb")))
    database_file(copy).rename(database_file(renamed))
    said = ratebook("publish", "--database", renamed)
    sentence = "what is built was built in a file of another name"
    assert said.err == f"ratebook: {sentence}; run `dbt build` in dbt_project/ again\n"
    assert said.code == 2


def test_where_nothing_was_ever_built_the_sentence_says_what_to_run(ratebook, database):
    said = ratebook("publish", "--database", database)
    assert said.code == 2
    sentence = "nothing is built; run `dbt build` in dbt_project/"
    assert said.err == f"ratebook: {sentence}\n"
    logged = ratebook("publish", "--database", database, "--log-format", "json")
    assert logged.code == 2
    _, refused = [json.loads(line) for line in logged.err.splitlines()]
    assert (refused["level"], refused["event"]) == ("error", "refused")
    assert refused["message"] == sentence
    assert refused["time"].endswith("+00:00")
    ended = ratebook("publish", "--database", database, "--log-format", "xml")
    assert ended.err == "ratebook: --log-format xml is unknown; write text or json\n"


@pytest.mark.long
def test_in_postgresql_it_publishes_the_same_bills(rated_server):
    url, before = rated_server, select(rated_server, BILLS)
    built = dbt_build(url, {}, arguments=("build", *WITHOUT_UNIT_TESTS))
    assert [one.message for one in built if one.is_bad] == []
    report = publish_built(url)
    assert (report.run_id, report.status, report.bills) == (2, "published", len(before))
    assert select(url, BILLS) == before
    with connected(url) as connection:
        twice = "select * from rating_build.bill where agreement_id = 'A0010'"
        connection.execute(text(f"insert into rating_build.bill {twice}"))
        connection.commit()
    failed = publish_built(url)
    assert failed.status == "failed"
    (key,) = [one for one in failed.failing if one.name == "bill__key"]
    assert {row["agreement_id"] for row in key.rows} == {"A0010"}
    assert select(url, BILLS) == before
    with connected(url) as connection:
        connection.execute(text("insert into portfolio.load values (2, now(), 'x', false)"))
        connection.commit()
    with pytest.raises(RatebookError, match="the portfolio changed after the build"):
        publish_built(url)


# What history keeps


def published_again(url: URL, run_id: int) -> None:
    """What is built becomes the bills of a run of its own."""
    execute(
        url,
        f"insert into rating.rating_run by name select {run_id} as run_id, 'running' as status,"
        " * exclude (run_id, status) from rating.rating_run where run_id = 1",
    )
    with open_duckdb(url, read_only=False) as connection:
        publish(connection, url, run_id, BUILD, (FIRST_MONTH, LAST_MONTH), changed_only=False)


DAY_BEFORE = r"read from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d"


def test_bills_that_come_and_go_are_told_by_the_difference_of_runs(golden, tmp_path):
    url = file_copy(golden.url, tmp_path)
    execute(url, "delete from rating.bill")  # as if run 1 had wanted inputs for all of them
    published_again(url, 2)
    execute(
        url,
        "create table rating_build.kept as from rating_build.bill",
        "delete from rating_build.bill",
    )
    published_again(url, 3)
    execute(url, "insert into rating_build.bill from rating_build.kept")
    published_again(url, 4)
    execute(url, "update rating_build.bill set read_from = read_from - 1")
    published_again(url, 5)
    for run_id in (6, 7):
        execute(url, f"update rating_build.bill set account_id = 'ACCOUNT {run_id}'")
        published_again(url, run_id)
    bills = len(golden.bills)
    told = {
        (1, 2): {"new": bills}, (2, 3): {"removed": bills}, (3, 4): {"new": bills},
        (4, 5): {"changed": bills}, (1, 3): {}, (2, 4): {}, (6, 7): {"changed": bills},
        (5, 7): {"changed": bills},
    }  # fmt: skip
    with open_duckdb(url) as connection:
        found = {runs: difference(connection, *runs).bills for runs in told}
    assert {runs: Counter(one.what for one in found[runs]) for runs in told} == told
    assert all(re.fullmatch(DAY_BEFORE, one.components) for one in found[4, 5])
    assert {one.components for one in found[6, 7]} == {"account ACCOUNT 6 to ACCOUNT 7"}
    assert all(one.components.endswith("to ACCOUNT 7") for one in found[5, 7])


# What a dbt scheduler asks for beside the build

METRICS = yaml.safe_load((DBT_PROJECT / "models/metrics/metrics.yml").read_text("utf-8"))


def metric(url: URL, name: str) -> Decimal:
    """A metric over all bills: its definition, written as SQL over the relation it names."""
    (model,) = METRICS["semantic_models"]
    (found,) = [one for one in METRICS["metrics"] if one["name"] == name]
    if found["type"] == "ratio":
        parts = (found["type_params"][part] for part in ("numerator", "denominator"))
        above, below = (metric(url, part) for part in parts)
        return above / below
    (measure,) = [
        one for one in model["measures"] if one["name"] == found["type_params"]["measure"]
    ]
    what = f"{measure['agg']}({measure.get('expr', measure['name'])})"
    relation = model["model"].removeprefix("ref('").removesuffix("')")
    (row,) = select(url, f"select {what} as value from rating_build.{relation}")
    return Decimal(row["value"])


def test_each_metric_is_what_the_expected_bills_of_the_golden_portfolio_sum_to(built, golden):
    bills = expected_rows("bills.csv")
    revenue = sum(Decimal(bill["net_amount"]) for bill in bills)
    kwh = sum(Decimal(bill["kwh"] or 0) for bill in bills)
    ratcheted = {
        (row["agreement_id"], row["billing_month"])
        for row in golden.demands
        if row["binding"] == "ratchet"
    }
    ratchet = sum(
        bill["demand_amount"]
        for bill in golden.bills
        if (bill["agreement_id"], bill["billing_month"]) in ratcheted
    )
    assert ratchet > 0
    expected = {
        "revenue": revenue,
        "kwh": kwh,
        "bill_count": Decimal(len(bills)),
        "average_price": revenue / kwh,
        "ratchet_revenue": ratchet,
    }
    assert {one["name"] for one in METRICS["metrics"]} == set(expected)
    assert {name: metric(built, name) for name in expected} == expected


def dbt_says(url: URL, *arguments: str):
    """What a command of dbt comes back with."""
    from dbt.cli.main import dbtRunner

    with _environment(url):
        said = dbtRunner(manifest=_project(url)).invoke(
            [*arguments, *_options(url, cache_folder(url))]
        )
        _close_connections(url)
    return said.result


def test_each_selector_builds_what_rests_on_its_half_and_leaves_what_rests_on_the_other(built):
    names = ("ls", "--resource-type", "model", "--output", "name", "--selector")
    tariffs, portfolio = (
        set(dbt_says(built, *names, name)) for name in ("tariffs_changed", "portfolio_changed")
    )
    assert {"bill", "rate_price", "int_input__tariff", "int_input__built"} <= tariffs
    assert {"bill", "int_input__portfolio", "int_input__built"} <= portfolio
    assert "int_input__portfolio" not in tariffs
    assert not {"rate_price", "rate_schedule", "int_input__tariff"} & portfolio


def test_the_published_bills_hang_on_all_that_publishing_asks_for(built):
    names = ("ls", "--resource-type", "model", "--output", "name")
    of_a_run = dbt_says(built, *names, "--exclude", "tag:eligibility", "tag:metrics")
    chosen = dbt_says(built, *names, "--select", "+exposure:published_bills")
    assert set(chosen) == set(of_a_run)


def test_the_age_of_the_last_load_is_the_freshness_of_the_portfolio(copy):
    statuses = {}
    for days in (1, 3, 40):
        execute(copy, f"update portfolio.load set loaded_at = now() - interval {days} day")
        (found,) = dbt_says(copy, "source", "freshness").results
        statuses[days] = str(found.status)
    assert statuses == {1: "pass", 3: "warn", 40: "error"}
