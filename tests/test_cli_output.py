"""What the command shows of bills and checks, and what it writes to files."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import Said
from helpers import execute

from rating.store.export import promised_relations


@pytest.fixture
def on_golden(ratebook, golden):
    """Runs a command on the rated golden portfolio; it must exit 0."""

    def run(*arguments: object) -> str:
        said: Said = ratebook(*arguments, "--database", golden.url)
        assert (said.code, said.err) == (0, "")
        return said.out

    return run


def test_explain_shows_every_line_with_quantity_price_amount_and_sheet(on_golden, golden):
    out = on_golden("explain", "A0010", "2016-01")
    # 50 kW × $7.84 = $392.00 on T-9.
    (first,) = [line for line in out.splitlines() if "first 50 kW" in line]
    shown = " ".join(first.split())
    assert shown == "1 Demand charge, first 50 kW 50 kW $7.84 392.00 LGS-1 T-9"
    for line in golden.bill_lines("A0010", "2016-01"):
        assert line["description"] in out
        assert f"{line['amount']:,.2f}" in out


def test_explain_shows_net_and_gross_bill(on_golden, golden):
    out, bill = on_golden("explain", "A0010", "2016-01"), golden.bill("A0010", "2016-01")
    assert f"{bill['net_amount']:,.2f}" in out
    assert f"{bill['gross_amount']:,.2f}" in out


def test_explain_tells_how_the_demand_came_about(on_golden):
    # 732.4 kW measured; 80 % of July 2015's 313.3 kW is 250.64 kW; at least 10 kW.
    out = " ".join(on_golden("explain", "A0010", "2016-01").split())
    assert "billing demand 732 kW: measured 732.4 kW" in out
    assert "80 % of the peak of 2015-07 is 250.64 kW, floor 10 kW" in out


def test_explain_of_an_unbilled_read_tells_the_reason(on_golden):
    assert "has no bill: combined (added to agreement A0032)" in on_golden(
        "explain", "A0033", "2015-07"
    )


def test_explain_prints_json_with_exact_decimals(on_golden, golden):
    found = json.loads(on_golden("explain", "A0010", "2016-01", "--json"))
    bill = golden.bill("A0010", "2016-01")
    assert found["bill"]["net_amount"] == str(bill["net_amount"])
    assert len(found["lines"]) == len(golden.bill_lines("A0010", "2016-01"))
    assert found["demands"][0]["demand_kw"] == "732.000000"
    assert found["unbilled"] is None


def test_explain_of_an_unbilled_read_prints_json(on_golden):
    found = json.loads(on_golden("explain", "A0033", "2015-07", "--json"))
    assert (found["bill"], found["lines"]) == (None, [])
    assert found["unbilled"]["reason"] == "combined"


def test_reconcile_names_every_check(on_golden, golden):
    out = on_golden("reconcile")
    assert all(check.check_name in out for check in golden.report.checks)


def test_reconcile_prints_json_of_one_run(on_golden, golden):
    found = json.loads(on_golden("reconcile", 1, "--json"))
    assert len(found) == len(golden.report.checks)
    assert {check["status"] for check in found} == {"pass"}


def test_reconcile_of_a_run_that_never_was(ratebook, golden):
    said = ratebook("reconcile", 7, "--database", golden.url)
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "ratebook: run 7 has no reconciliation checks; `ratebook runs` lists the runs\n"
    )


def test_reconcile_of_a_failed_check_exits_1(ratebook, golden, tmp_path):
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(Path(golden.url.database).read_bytes())
    url = golden.url.set(database=str(copy))
    execute(url, "update rating.reconciliation set status = 'fail' where scope = 'ipl-mo RS-4'")
    said = ratebook("reconcile", "--database", url)
    assert said.code == 1
    assert "ipl-mo RS-4" in said.out


@pytest.mark.parametrize("relation", promised_relations())
def test_every_promised_relation_is_exported(on_golden, golden, tmp_path, relation):
    on_golden("export", relation, tmp_path / "out.csv")
    with duckdb.connect(golden.url.database) as connection:
        (rows,) = connection.execute(f"select count(*) from rating.{relation}").fetchone()
        columns = [row[0] for row in connection.execute(f"describe rating.{relation}").fetchall()]
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        header, *found = csv.reader(file)
    assert (header, len(found)) == (columns, rows)


def test_csv_export_keeps_every_digit(on_golden, golden, tmp_path):
    on_golden("export", "bill", tmp_path / "bills.csv")
    with (tmp_path / "bills.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    amounts = sorted((bill["agreement_id"], str(bill["net_amount"])) for bill in golden.bills)
    assert sorted((row["agreement_id"], row["net_amount"]) for row in rows) == amounts
    assert {row["billing_month"][8:] for row in rows} == {"01"}


def test_parquet_export_keeps_exact_decimals(on_golden, golden, tmp_path):
    on_golden("export", "bill_line_item", tmp_path / "lines.parquet")
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select agreement_id, billing_month, line_no, quantity, price, amount"
            f" from '{tmp_path / 'lines.parquet'}'"
        ).fetchall()
    names = ("agreement_id", "billing_month", "line_no", "quantity", "price", "amount")
    assert sorted(found) == sorted(tuple(line[name] for name in names) for line in golden.lines)
    assert isinstance(found[0][-1], Decimal)


def test_export_says_how_many_rows(on_golden, golden, tmp_path):
    out = on_golden("export", "bill", tmp_path / "bills.csv")
    assert out.startswith(f"{len(golden.bills):,} rows of bill written to ")


def test_export_comes_in_the_order_of_the_key(on_golden, tmp_path):
    on_golden("export", "bill", tmp_path / "bills.csv")
    with (tmp_path / "bills.csv").open(encoding="utf-8", newline="") as file:
        keys = [(row["agreement_id"], row["billing_month"]) for row in csv.DictReader(file)]
    assert keys == sorted(keys)
