"""Interval reads kept in PostgreSQL: both engines come to what DuckDB does with its own file."""

from pathlib import Path

import duckdb
from helpers import (
    agreement,
    fuel_costs,
    months,
    purchased_power_costs,
    read,
    select,
    write_portfolio,
)
from sqlalchemy.engine import URL

from rating.portfolio.load import load_folder
from rating.run.run import rate

RELATIONS = ("bill", "bill_line_item", "interval_coverage", "interval_determinant")
# March with its short day, in Iowa by quarters of an hour and in Missouri by demand of 30 minutes;
# a month with a gap; one whose intervals change their length and overlap.
QUERY = """
    select 'IOWA' as agreement_id, timestamp '2025-03-01 06:00' + i * interval 15 minute
        as interval_start, 15 as interval_minutes, 1 + i % 7 as kwh, 0.25 as kwh_received
    from range(743 * 4) as quarter(i)
    union all
    select 'MISSOURI', timestamp '2015-03-01 06:00' + i * interval 15 minute, 15,
        100 + i % 3 * 10, null from range(743 * 4) as quarter(i)
    union all
    select 'GAP', timestamp '2025-03-01 06:00' + i * interval 15 minute, 15, 1, null
    from range(2000) as quarter(i)
    union all
    select 'OVERLAP', timestamp '2025-03-01 06:00' + i * interval 1 hour, 60, 4, null
    from range(743) as hour(i)
    union all
    select 'OVERLAP', timestamp '2025-03-10 06:15', 15, 1, null
"""


def write(folder: Path) -> Path:
    iowa = {"utility": "ilpt-ia", "start_date": "2025-01-01"}
    labels = months("2025-03", 1)
    write_portfolio(
        folder,
        {
            "service_agreements": [
                *(agreement(name, "LP", **iowa) for name in ("IOWA", "GAP", "OVERLAP")),
                agreement("MISSOURI", "SCIS-1", voltage="primary", phase="three"),
            ],
            "meter_reads": [
                {**read("IOWA", "2025-03"), "kwh": "11000"},
                {**read("GAP", "2025-03"), "kwh": ""},
                {**read("OVERLAP", "2025-03"), "kwh": ""},
                {**read("MISSOURI", "2015-03"), "kwh": ""},
            ],
            "rider_cost_inputs": [*purchased_power_costs(*labels), *fuel_costs("2015-03")],
        },
    )
    with duckdb.connect() as connection:
        file = folder / "interval_reads.parquet"
        connection.execute(f"copy ({QUERY}) to '{file}' (format parquet)")
    return folder


def published(url: URL) -> dict[str, list[str]]:
    return {
        name: sorted(
            str({key: value for key, value in row.items() if key != "run_id"})
            for row in select(url, f"select * from rating.{name}")
        )
        for name in RELATIONS
    }


def test_both_engines_make_the_same_of_intervals_in_postgres(initialized_server, tmp_path):
    assert load_folder(initialized_server, write(tmp_path / "portfolio")).rows_rejected == 0
    found = []
    for engine in ("duckdb", "postgres"):
        assert rate(initialized_server, engine=engine).status == "published"
        found.append(published(initialized_server))
    assert len(found[0]["bill"]) == 2
    assert len(found[0]["interval_coverage"]) == 4
    assert found[0] == found[1]
