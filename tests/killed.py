"""Runs that are killed: stopped where a test wants them, and what they must leave behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from forked import program
from postgres_server import query
from sqlalchemy.engine import URL
from test_writing import environment

from rating.run.dbt_build import NodeResult
from rating.run.publish import BUILD, BY_MONTH, WHOLE, WITH_HISTORY
from rating.store.database import open_duckdb
from rating.store.urls import is_postgres

RELATIONS = ("bill", "bill_line_item", "billing_demand", "unbilled_read")
Rows = dict[str, list[tuple[object, ...]]]

# `stop` says so and waits to be killed; each stage is the point at which it is called.
RATEBOOK = "from rating.cli.app import main; main()"
PROGRAM = """
import os, sys, time
sys.path.insert(0, {tests!r})
from pathlib import Path
from killed import built_before
from rating.run import publish, run
from rating.cli.app import main

def stop(*_, **__):
    print("here", os.getpid(), flush=True)
    time.sleep(600)

def stop_after(function):
    def both(*arguments, **options):
        function(*arguments, **options)
        stop()
    return both

build, put = run.dbt_build, publish._at
run.dbt_build = built_before({built!r})
{stage}
main()
"""
# The command as it is, but that it names its stages.
STAGES = """
from rating.run import run
from rating.cli.app import main

def named(stage, function):
    def both(*arguments, **options):
        print("stage: " + stage, flush=True)
        done = function(*arguments, **options)
        print("stage: after " + stage, flush=True)
        return done
    return both

run.dbt_build = named("build", run.dbt_build)
run.publish = named("publishing", run.publish)
main()
"""
BEFORE_THE_BUILD = "run.dbt_build = stop"
DURING_THE_BUILD = (
    "run.dbt_build = lambda *arguments, **options: build("
    "*arguments, progress=lambda name, done: stop() if done == 60 else None)"
)
BEFORE_PUBLISHING = "run.publish = stop"
# The tenth of seventeen statements: old rows of some relations are gone, new ones of some there.
WHILE_PUBLISHING = """
done = []
def some(*arguments):
    done.append(put(*arguments))
    if len(done) == 10:
        stop()
publish._at = some
"""
AFTER_THE_COMMIT = "run.publish = stop_after(run.publish)"
BEFORE_THE_FILE_IS_REPLACED = "Path.replace = stop"
AFTER_THE_FILE_IS_REPLACED = "Path.replace = stop_after(Path.replace)"


def built_before(file: str) -> Callable[..., list[NodeResult]]:
    """A stand-in for dbt whose build is what a DuckDB file has published."""

    def build(place: URL, variables: dict[str, str], **_: object) -> list[NodeResult]:
        run_id = f"replace ({variables['RATEBOOK_RUN_ID']} as run_id)"
        columns = {
            **dict.fromkeys(WHOLE, "*"),
            **dict.fromkeys((*BY_MONTH, "reconciliation"), f"* {run_id}"),
            **dict.fromkeys(WITH_HISTORY, f"* {run_id}, true as is_asked_for"),
        }
        with open_duckdb(place, read_only=False) as connection:
            connection.execute(f"attach '{file}' as before (read_only)")
            connection.execute(f"drop schema if exists {BUILD} cascade")
            connection.execute(f"create schema {BUILD}")
            for name, selected in columns.items():
                connection.execute(
                    f"create table {BUILD}.{name} as select {selected} from before.rating.{name}"
                )
        return []

    return build


def start(
    url: URL, code: str, *arguments: str, python: str | Path = sys.executable
) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    return subprocess.Popen(
        [python, "-c", code, *arguments], env=environment(url), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def kill(process: subprocess.Popen[str], url: URL, number: int | None = None) -> str:
    """Kill a process, or the one of that number that it waits for, and wait until a server has
    noticed; returns what it had said.
    """
    os.kill(number or process.pid, signal.SIGKILL)
    said, _ = process.communicate()
    deadline = time.monotonic() + 20
    locks = "select 1 from pg_locks where locktype = 'advisory'"
    while is_postgres(url) and query(url, locks):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return said


def kill_at(url: URL, stage: str, built: Path, *arguments: str) -> int:
    """Kill a run at a stage; returns its process number."""
    code = PROGRAM.format(tests=str(Path(__file__).parent), built=str(built), stage=stage)
    # dbt does not build in PostgreSQL where a process has forked that read the project before.
    python = sys.executable if stage == DURING_THE_BUILD and is_postgres(url) else program()
    process = start(url, code, "rate", *arguments, python=python)
    assert process.stdout is not None
    said = process.stdout.readline().split()
    assert said[:1] == ["here"], process.communicate()
    number = int(said[1])
    kill(process, url, number)
    return number


def published(url: URL) -> Rows:
    """The published rows but for their run, which is the same for all and is published."""
    ids = " union ".join(f"select run_id from rating.{name}" for name in RELATIONS)
    with open_duckdb(url) as connection:
        found = {
            name: connection.execute(
                f"select * exclude (run_id) from rating.{name} order by all"
            ).fetchall()
            for name in RELATIONS
        }
        runs = connection.execute(
            f"select status from ({ids}) join rating.rating_run using (run_id)"
        ).fetchall()
    assert runs == [("published",)]
    return found
