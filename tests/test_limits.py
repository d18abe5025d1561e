"""How much of the machine DuckDB may use, by the environment."""

from itertools import product
from pathlib import Path

import duckdb
import pytest
from helpers import select

from rating.run.dbt_build import dbt_build
from rating.store.database import engine_for, in_memory
from rating.store.limits import limited, threads

QUERY = "select cast(current_setting('threads') as bigint) as threads"
# What fails says why: the only word that comes back from a query in dbt.
TOLD = "select error('threads: ' || current_setting('threads'))"


@pytest.mark.parametrize("asked", [1, 3])
def test_duckdb_uses_as_many_threads_as_asked_for(monkeypatch, golden, asked):
    monkeypatch.setenv("RATEBOOK_THREADS", str(asked))
    assert select(golden.url, QUERY) == [{"threads": asked}]
    with engine_for(golden.url).connect() as connection:
        assert connection.exec_driver_sql(QUERY).scalar() == asked
    (told,) = dbt_build(golden.url, {}, arguments=("show", "--inline", TOLD))
    assert f"threads: {asked}" in told.message


@pytest.mark.parametrize("nothing", [None, ""])
def test_duckdb_uses_all_cores_unless_asked_otherwise(monkeypatch, golden, nothing):
    monkeypatch.delenv("RATEBOOK_THREADS", raising=False)
    if nothing is not None:
        monkeypatch.setenv("RATEBOOK_THREADS", nothing)
    ((all_cores,),) = duckdb.connect().execute(QUERY).fetchall()
    with limited(duckdb.connect()) as connection:
        assert connection.execute(QUERY).fetchall() == [(all_cores,)]
    (told,) = dbt_build(golden.url, {}, arguments=("show", "--inline", TOLD))
    assert f"threads: {all_cores}" in told.message
    assert threads() == all_cores


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        *product(["coverage"], ["0", "-1", "x", "2.5", "1025", "9" * 30]),
        ("init", "x"),
        ("rate", "x"),
    ],
)
def test_a_wrong_number_of_threads_is_one_sentence(ratebook, monkeypatch, database, command, asked):
    monkeypatch.setenv("RATEBOOK_THREADS", asked)
    said = ratebook(command, "--database", database)
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"ratebook: RATEBOOK_THREADS is {asked}, not a number of threads;"
        " write one from 1 to 1024, or leave it away for all cores\n"
    )


@pytest.mark.parametrize("asked", ["x", "4 parsecs"])
def test_a_wrong_amount_of_memory_is_one_sentence(ratebook, monkeypatch, database, asked):
    monkeypatch.setenv("RATEBOOK_MEMORY_LIMIT", asked)
    said = ratebook("rate", "--database", database)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"ratebook: RATEBOOK_MEMORY_LIMIT is {asked}, not an amount")
    assert said.err.endswith("; write it such as 4GB\n")
    assert said.err.count("\n") == 1


def test_databases_in_memory_spill_into_folders_of_their_own() -> None:
    # DuckDB names what it spills alike in all processes, and would read another's pages.
    query = "select current_setting('temp_directory')"
    with in_memory() as one, in_memory() as other:
        places = {Path(*connection.execute(query).fetchone()) for connection in (one, other)}
        assert len(places) == 2
        assert all(place.is_dir() for place in places)
    assert not any(place.exists() for place in places)
