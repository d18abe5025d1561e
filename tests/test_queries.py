"""The queries of docs/queries.md: the same rows from a DuckDB file and from PostgreSQL."""

import re

import pytest
from helpers import select
from postgres_server import query

from rating.project import ROOT

PAGE = (ROOT / "docs" / "queries.md").read_text("utf-8")
QUERIES = dict(re.findall(r"^## (\d+\. .*?)$.*?^```sql\n(.*?)^```$", PAGE, re.M | re.S))


@pytest.mark.parametrize("question", QUERIES)
def test_a_question_has_the_same_answer_on_both(golden, golden_in_postgres, question):
    one = [tuple(row.values()) for row in select(golden.url, QUERIES[question])]
    other = [tuple(row) for row in query(golden_in_postgres.url, QUERIES[question])]
    assert one == other
    assert one or question.startswith("7.")


def test_there_are_ten_questions():
    assert len(QUERIES) == 10


def rows(golden, number: int) -> list[dict[str, object]]:
    (text,) = (query for name, query in QUERIES.items() if name.startswith(f"{number}. "))
    return select(golden.url, text)


def test_revenue_by_schedule_is_all_revenue(golden):
    net = sum(bill["net_amount"] for bill in golden.bills)
    assert sum(row["revenue"] for row in rows(golden, 1)) == net


def test_the_ratchets_kilowatts_are_what_exceeds_the_month(golden):
    priced = {
        (line["agreement_id"], line["billing_month"])
        for line in golden.lines
        if (line["component"], line["unit"]) == ("demand", "kW")
    }
    added = [
        row["demand_kw"] - max(row["adjusted_kw"], row["floor_kw"] or 0)
        for row in golden.demands
        if (row["demand_name"], row["binding"]) == ("billing", "ratchet")
        and (row["agreement_id"], row["billing_month"]) in priced
        and row["adjusted_kw"] is not None
        and row["demand_kw"] > row["adjusted_kw"]
    ]
    assert sum(row["added_kw"] for row in rows(golden, 3)) == sum(added)
    assert sum(row["bills"] for row in rows(golden, 3)) == len(added) > 100


def test_every_unbilled_read_is_counted(golden):
    assert sum(row["reads"] for row in rows(golden, 10)) == 65
