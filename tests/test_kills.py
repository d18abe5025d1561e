"""A run that is killed leaves the bills whole, the old ones or the new, and is in nobody's way."""

import os
import random
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import killed
import postgres_server
import pytest
from helpers import (
    agreement,
    database_at,
    execute,
    file_copy,
    fuel_costs,
    make_database,
    months,
    read,
    select,
    write_portfolio,
)
from killed import RATEBOOK, RELATIONS, kill_at, published, start
from postgres_server import administer
from sqlalchemy.engine import URL

from models.base import RATING
from rating.portfolio.load import load_folder
from rating.run import run
from rating.run.local_copy import copy_tables, local_copy, tables_of
from rating.setup import create_tables
from rating.store.database import open_duckdb
from rating.store.urls import database_file, is_postgres

# The published bills as if other tariffs had made them.
OTHER_BILLS = (
    "update rating.bill set gross_amount = gross_amount + 1",
    "update rating.bill_line_item set amount = amount + 1",
    "update rating.billing_demand set demand_kw = demand_kw + 1",
    "update rating.unbilled_read set detail = 'as it was before'",
)


@pytest.fixture
def in_file(golden, tmp_path) -> URL:
    """A DuckDB file whose bills the next run will change, all of them."""
    url = file_copy(golden.url, tmp_path)
    execute(url, *OTHER_BILLS)
    return url


@pytest.fixture
def on_server(golden_in_postgres) -> Iterator[URL]:
    """The same in PostgreSQL."""
    with postgres_server.copy_of(golden_in_postgres.url) as url:
        administer(url, *OTHER_BILLS)
        yield url


@pytest.fixture
def place(request) -> URL:
    """Where the bills lie."""
    return request.getfixturevalue(request.param)


FILE, SERVER = "in_file", "on_server"
DUCKDB, POSTGRES = ("--engine", "duckdb"), ("--engine", "postgres")


@pytest.mark.parametrize(
    ("place", "engine", "stage", "left"),
    [
        pytest.param(FILE, DUCKDB, "BEFORE_THE_BUILD", "old", marks=pytest.mark.long),
        pytest.param(FILE, DUCKDB, "BEFORE_PUBLISHING", "old", marks=pytest.mark.long),
        (FILE, DUCKDB, "WHILE_PUBLISHING", "old"),
        (FILE, DUCKDB, "AFTER_THE_COMMIT", "old"),
        (FILE, DUCKDB, "BEFORE_THE_FILE_IS_REPLACED", "old"),
        (FILE, DUCKDB, "AFTER_THE_FILE_IS_REPLACED", "new"),
        pytest.param(SERVER, DUCKDB, "BEFORE_THE_BUILD", "old", marks=pytest.mark.long),
        (SERVER, DUCKDB, "WHILE_PUBLISHING", "old"),
        pytest.param(SERVER, POSTGRES, "BEFORE_PUBLISHING", "old", marks=pytest.mark.long),
        pytest.param(SERVER, POSTGRES, "WHILE_PUBLISHING", "old", marks=pytest.mark.long),
        (SERVER, POSTGRES, "AFTER_THE_COMMIT", "new"),
    ],
    indirect=["place"],
)
def test_a_run_killed_at_a_stage_leaves_the_old_bills_or_the_new_and_the_next_succeeds(
    golden, monkeypatch, place, engine, stage, left
):
    bills = {"old": published(place), "new": published(golden.url)}
    assert all(bills["old"][name] != bills["new"][name] for name in RELATIONS)
    process = kill_at(place, getattr(killed, stage), database_file(golden.url), *engine)
    assert published(place) == bills[left]
    history = select(place, "select count(*) as rows from rating.bill_history")
    assert (history == [{"rows": 0}]) == (left == "old")
    if not is_postgres(place):
        lock = Path(f"{place.database}.lock")
        assert f"ratebook rate, process {process} on " in lock.read_text("utf-8")
    monkeypatch.setattr(run, "dbt_build", killed.built_before(str(database_file(golden.url))))
    assert run.rate(place, engine=engine[1]).status == "published"
    assert published(place) == bills["new"]
    only_whole_runs_are_left(place)


@pytest.mark.parametrize(
    ("place", "engine"),
    [(FILE, DUCKDB), pytest.param(SERVER, POSTGRES, marks=pytest.mark.long)],
    indirect=["place"],
)
def test_a_run_killed_during_the_build_leaves_the_old_bills_and_the_next_succeeds(
    golden, place, engine
):
    old = published(place)
    kill_at(place, killed.DURING_THE_BUILD, database_file(golden.url), *engine)
    assert published(place) == old
    assert run.rate(place, engine=engine[1]).status == "published"
    assert published(place) == published(golden.url)
    only_whole_runs_are_left(place)


COPY = """
import os, time
from rating.store.urls import parse_url
from rating.run.local_copy import local_copy
with local_copy(parse_url(os.environ["RATEBOOK_DATABASE_URL"])):
    print("here", flush=True)
    time.sleep(600)
"""


def test_the_copy_that_a_killed_run_worked_on_is_removed_by_the_next_and_no_other(
    on_server, tmp_path, monkeypatch
):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    processes = [start(on_server, COPY) for _ in range(2)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
    copies = set(tmp_path.glob("ratebook-*"))
    for copy in copies:
        os.utime(copy, (0, 0))
    killed.kill(processes[0], on_server)
    with local_copy(on_server):
        left = copies & set(tmp_path.glob("ratebook-*"))
    assert (len(copies), len(left)) == (2, 1)
    killed.kill(processes[1], on_server)


def only_whole_runs_are_left(place: URL) -> None:
    """Every run of the ledger has ended, and no file of a killed one is left."""
    runs = select(place, "select run_id, status, message from rating.rating_run order by run_id")
    assert {row["status"] for row in runs} <= {"published", "failed"}
    assert {row["message"] for row in runs if row["status"] == "failed"} <= {"it never ended"}
    if not is_postgres(place):
        file = database_file(place)
        assert [path.name for path in file.parent.iterdir()] == [file.name]


# At any moment

KILLS = 50
SMALL = {
    "service_agreements": [
        agreement("A", "RS-3"),
        agreement("B", "LGS-1", phase="three"),
        agreement("C", "no such schedule"),
    ],
    "meter_reads": [
        read(name, month, kwh="1000", kw="50") for name in "ABC" for month in months("2015-01", 3)
    ],
    "rider_cost_inputs": fuel_costs(*months("2015-01", 3)),
}


@pytest.fixture
def small(request, tmp_path) -> URL:
    """A small portfolio, rated, in a DuckDB file or in PostgreSQL."""
    if request.param == FILE:
        url = make_database(tmp_path)
    else:
        url = request.getfixturevalue("initialized_server")
    load_folder(url, write_portfolio(tmp_path / "portfolio", SMALL))
    assert run.rate(url).status == "published"
    return url


@contextmanager
def copy_of(original: URL, folder: Path) -> Iterator[URL]:
    """A copy of a database, removed at the end."""
    if is_postgres(original):
        with postgres_server.copy_of(original) as url:
            yield url
        return
    folder.mkdir()
    yield file_copy(original, folder)
    shutil.rmtree(folder)


def published_in_file(url: URL, file: Path) -> Path:
    """A DuckDB file with what a database has published."""
    place = database_at(file.parent, file.stem)
    create_tables(place)
    with open_duckdb(place, read_only=False) as connection:
        copy_tables(connection, url, tables_of(RATING))
    return file


def seconds_of_a_run(url: URL, engine: str) -> float:
    """How long the command takes from its start to its end."""
    started = time.monotonic()
    process = start(url, RATEBOOK, "rate", "--engine", engine)
    assert process.wait() == 0, process.communicate()
    return time.monotonic() - started


def stage_of_kill(process: subprocess.Popen[str], url: URL, moment: float) -> str | None:
    """Kill a process some seconds after its start: at which stage; None where it was done."""
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        said = killed.kill(process, url).splitlines()
        stages = [line.removeprefix("stage: ") for line in said if line.startswith("stage: ")]
        return (stages or ["before build"])[-1]
    process.communicate()
    return None


@pytest.mark.long
@pytest.mark.parametrize("small", [FILE, SERVER], indirect=True)
def test_a_run_killed_at_any_moment_leaves_the_old_bills_or_the_new_and_the_next_succeeds(
    small, tmp_path, capsys
):
    new = published(small)
    build = killed.built_before(str(published_in_file(small, tmp_path / "published.duckdb")))
    (administer if is_postgres(small) else execute)(small, *OTHER_BILLS)
    old = published(small)
    assert all(old[name] != new[name] for name in RELATIONS)
    seconds = {}
    for engine in ["duckdb", "postgres"] if is_postgres(small) else ["duckdb"]:
        with copy_of(small, tmp_path / "whole") as whole:
            seconds[engine] = seconds_of_a_run(whole, engine)
            assert published(whole) == new
    chance, found = random.Random(1977), Counter[tuple[str, str, str]]()
    while found.total() < KILLS:
        engine = chance.choice(list(seconds))
        # A third of the kills meet the end of the run, where it publishes.
        moment = chance.uniform(chance.choice([0.0, 0.0, 0.8]), 1.05) * seconds[engine]
        with copy_of(small, tmp_path / "killed") as place:
            process = start(place, killed.STAGES, "rate", "--engine", engine)
            stage = stage_of_kill(process, place, moment)
            if stage is None:
                continue
            left = published(place)
            assert left in (old, new), f"neither after {moment:.2f} s with {engine}"
            found[engine, stage, "new bills" if left == new else "old bills"] += 1
            with pytest.MonkeyPatch.context() as patch:
                if found.total() % 10:  # each tenth of the next runs has dbt build, too
                    patch.setattr(run, "dbt_build", build)
                assert run.rate(place, engine=engine).status == "published"
            assert published(place) == new
            only_whole_runs_are_left(place)
    with capsys.disabled():
        print(f"\n{found.total()} kills; seconds of a run: {seconds}")
        for (engine, stage, left_bills), kills in sorted(found.items()):
            print(f"{kills:3} {engine}, {stage}: {left_bills}")
