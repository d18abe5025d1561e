"""A failing check or dbt test names its first rows, not only itself."""

import json
from decimal import Decimal

import pytest
from helpers import agreement, execute, file_copy, make_database, read, write_portfolio

from rating.explain.bill import plain
from rating.portfolio.load import load_folder
from rating.run import run
from rating.run.dbt_build import dbt_build


def build_with_a_bill_too_high(url, variables, **_):
    """A stand-in for dbt that builds one bill a dollar too high: its net is not its lines."""
    execute(
        url,
        "update rating_build.bill set net_amount = net_amount + 1"
        " where agreement_id = 'A0010' and billing_month = date '2016-01-01'",
    )
    return dbt_build(url, variables, arguments=("run", "--select", "path:models/reconciliation"))


@pytest.fixture(scope="module")
def spoilt(golden, tmp_path_factory):
    """A database whose run 2 failed, as its report says, for the bill that is too high."""
    url = file_copy(golden.url, tmp_path_factory.mktemp("spoilt"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "dbt_build", build_with_a_bill_too_high)
        report = run.rate(url)
    return url, report, golden.bill("A0010", "2016-01")["net_amount"]


def test_failed_check_names_agreement_month_expected_and_actual(spoilt):
    _, report, net_amount = spoilt
    (found,) = report.failing
    assert found.name == "lines_foot_to_bills"
    (row,) = found.rows
    assert (row["scope"], row["agreement_id"]) == ("ipl-mo LGS-1", "A0010")
    assert f"{row['billing_month']:%Y-%m}" == "2016-01"
    assert (row["expected"], row["actual"]) == (net_amount, net_amount + Decimal(1))


def test_rate_and_reconcile_print_the_rows_of_a_failed_check(
    ratebook, golden, tmp_path, monkeypatch
):
    url = file_copy(golden.url, tmp_path)
    net_amount = golden.bill("A0010", "2016-01")["net_amount"]
    monkeypatch.setattr(run, "dbt_build", build_with_a_bill_too_high)
    rated = ratebook("rate", "--database", url)
    reconciled = ratebook("reconcile", "--database", url)
    assert (rated.code, reconciled.code) == (1, 1)
    for shown in (rated.err, reconciled.out):
        (line,) = [line for line in shown.splitlines() if "A0010" in line]
        assert " ".join(line.split()) == (
            f"ipl-mo LGS-1 A0010 2016-01 {plain(net_amount)} {plain(net_amount + 1)}"
        )


def test_json_has_the_rows_at_their_check(ratebook, spoilt):
    url, _, _ = spoilt
    checks = json.loads(ratebook("reconcile", "--json", "--database", url).out)
    (failed,) = [check for check in checks if check["status"] == "fail"]
    assert [row["agreement_id"] for row in failed["rows"]] == ["A0010"]
    assert all(check["rows"] == [] for check in checks if check["status"] == "pass")


def test_rows_of_an_earlier_run_are_not_taken_for_those_of_another(ratebook, spoilt, tmp_path):
    url = file_copy(spoilt[0], tmp_path)
    execute(url, "update rating_build.reconciliation set run_id = 9")
    assert "A0010" not in ratebook("reconcile", 2, "--database", url).out


def test_failed_dbt_test_names_its_rows(ratebook, tmp_path):
    url = make_database(tmp_path)
    files = {
        "service_agreements": [agreement("TWICE", "RS-3"), agreement("ONCE", "RS-3")],
        "meter_reads": [read(name, "2024-01", kwh="1") for name in ("TWICE", "ONCE")],
    }
    load_folder(url, write_portfolio(tmp_path / "portfolio", files))
    # What the loader would reject: two stretches of one agreement on the same day.
    execute(
        url,
        "insert into portfolio.service_agreement by name"
        " select * replace (date '2013-01-01' as start_date) from portfolio.service_agreement"
        " where agreement_id = 'TWICE'",
    )
    said = ratebook("rate", "--database", url)
    assert said.code == 1
    lines = [line.split() for line in said.err.splitlines()]
    assert ["agreement_id", "billing_month", "rows_with_this_key"] in lines
    assert ["TWICE", "2024-01", "2"] in lines
    assert not any(line[:1] == ["ONCE"] for line in lines)


def test_reconcile_logs_a_failed_check_with_its_run_and_rows(ratebook, spoilt):
    url, _, _ = spoilt
    said = ratebook("reconcile", "--quick", "--database", url, "--log-format", "json")
    assert said.code == 1
    failed, ended = [json.loads(line) for line in said.err.splitlines()]
    assert (failed["event"], failed["name"]) == ("check failed", "lines_foot_to_bills")
    assert (failed["run_id"], failed["rows"][0]["agreement_id"]) == (2, "A0010")
    assert (ended["event"], ended["level"], ended["run_id"]) == ("reconciled", "error", 2)
