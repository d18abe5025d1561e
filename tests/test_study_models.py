"""The compiled models that studies run, and the databases in memory that they run them in."""

import re
import time
from datetime import date

import duckdb
import pytest
from sqlalchemy.engine import URL

from rating.errors import RatebookError
from rating.memory.database import inputs_of
from rating.memory.models import (
    BILLS,
    COMPILE,
    EXPLAINED_BILLS,
    MOST_KEPT,
    ROW_GROUP,
    compile_models,
    make,
)
from rating.run.changes import EVERYTHING, Base
from rating.run.dbt_build import NodeResult, dbt_build
from rating.run.publish import BUILD
from rating.run.row import Asked
from rating.run.run import DUCKDB


def test_models_are_compiled_once_for_all_databases_and_months(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    models = compile_models(BILLS)
    assert models[-1].sql
    monkeypatch.setattr("rating.memory.models.dbt_build", lambda *_, **__: [])
    assert compile_models(BILLS) == models
    compile_models(BILLS, (date(2015, 1, 1), None))
    with pytest.raises(RatebookError, match="the models cannot be compiled: none"):
        compile_models(BILLS, since_load=0)


def test_models_for_some_months_are_those_that_dbt_compiles_for_these(golden):
    months = (date(2015, 1, 1), date(2016, 2, 1))
    variables = Asked(DUCKDB, months, Base(None, EVERYTHING)).variables(run_id=0)
    by_dbt = {one.name: one.sql for one in dbt_build(golden.url, variables, arguments=COMPILE)}
    of_a_database = re.compile(r'"\w+"\.("\w+"\."\w+")')
    for model in compile_models(EXPLAINED_BILLS, months):
        names = of_a_database.sub(r"\1", model.sql), of_a_database.sub(r"\1", by_dbt[model.name])
        assert names[0] == names[1]


def test_the_models_that_were_used_last_are_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = NodeResult("bill", "model", "success", 0.0, 0, "", "select 1 as one", "table")
    monkeypatch.setattr("rating.memory.models.dbt_build", lambda *_, **__: [made])
    for load in range(MOST_KEPT + 1):
        compile_models(BILLS, since_load=load)
        time.sleep(0.01)  # files of one tick of the clock have no order
    monkeypatch.setattr("rating.memory.models.dbt_build", lambda *_, **__: [])
    assert compile_models(BILLS, since_load=1) == [made]
    with pytest.raises(RatebookError, match="the models cannot be compiled: none"):
        compile_models(BILLS, since_load=0)


@pytest.mark.parametrize("relation", ["meter_read", "interval_read"])
def test_few_reads_are_rated_by_one_thread_and_many_by_all(relation, monkeypatch):
    monkeypatch.setenv("RATEBOOK_THREADS", "2")
    threads = "select current_setting('threads') as threads"
    model = NodeResult("bill", "model", "success", 0.0, 0, "", threads, "table")
    with duckdb.connect() as connection:
        connection.execute("create schema portfolio")
        for one in ("meter_read", "interval_read"):
            connection.execute(f"create table portfolio.{one} (kwh integer)")
        used = []
        for rows in (0, 1, ROW_GROUP - 1):  # none, one, as many as a row group has
            connection.execute(f"insert into portfolio.{relation} from range({rows})")
            make(connection, [model])
            used += connection.execute(f"from {BUILD}.bill").fetchone()
            assert connection.execute(model.sql).fetchone() == (2,)  # what follows has all again
        assert used == [1, 1, 2]


def test_a_model_is_committed_before_the_next_is_made(database: URL) -> None:
    # DuckDB has no statistics of what is not committed, and joins it badly.
    with inputs_of(database) as connection:
        seen = []

        def look(name: str, _: int) -> None:
            with connection.cursor() as other:
                other.execute(f"select count(*) from ratebook.{BUILD}.{name}")
            seen.append(name)

        models = compile_models(BILLS)
        make(connection, models, look)
        assert seen == [model.name for model in models]


def test_two_studies_at_once_do_not_see_each_other(database: URL) -> None:
    with inputs_of(database) as one, inputs_of(database) as other:
        one.execute("delete from tariff.charge_step")
        counts = [
            connection.execute("select count(*) > 0 from tariff.charge_step").fetchone()
            for connection in (one, other)
        ]
    assert counts == [(False,), (True,)]


def test_what_a_study_changes_is_not_in_the_database_that_it_is_of(database: URL) -> None:
    with inputs_of(database) as connection:
        connection.execute("delete from tariff.charge_step")
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute("delete from store.tariff.charge_step")
