"""Several at once: one writer, who says who it is, and readers who notice nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from forked import program
from helpers import GOLDEN, database_at, file_copy, make_database, select
from postgres_server import administer, copy_of, query
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from rating.demo import demo
from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.project import ROOT
from rating.run import run
from rating.run.changes import EVERYTHING, Base
from rating.run.row import FIRST_MONTH, LAST_MONTH, Asked, begin_run
from rating.setup import initialize
from rating.store.database import open_duckdb
from rating.store.postgres import connected
from rating.store.urls import database_file, is_postgres
from rating.store.writing import writing
from rating.urdb.export import export_schedule

# Another process that reads the bills, says how many, and stays until it is told to go on.
READER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
for _ in sys.stdin:
    found = connection.execute("select count(*), max(run_id) from rating.bill").fetchone()
    print(found, flush=True)
"""


def environment(url: URL) -> dict[str, str]:
    """The environment of a command that works on a database."""
    plain = url.render_as_string(hide_password=False)
    return {**os.environ, "PYTHONPATH": str(ROOT), "RATEBOOK_DATABASE_URL": plain}


def start(url: URL, *arguments: str) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    return subprocess.Popen(
        [program(), *arguments], env=environment(url), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.fixture
def loaded_file(golden_loaded, tmp_path) -> URL:
    """The golden portfolio, not rated yet, in a DuckDB file."""
    return file_copy(golden_loaded, tmp_path)


@pytest.fixture
def loaded_server(loaded_in_postgres) -> Iterator[URL]:
    """The golden portfolio, not rated yet, in PostgreSQL."""
    with copy_of(loaded_in_postgres) as url:
        yield url


@pytest.fixture(params=["file", "server"])
def loaded(request) -> URL:
    """The golden portfolio, not rated yet, in a DuckDB file and in PostgreSQL."""
    url: URL = request.getfixturevalue(f"loaded_{request.param}")
    return url


def test_two_runs_at_once_are_one_run_and_one_refusal(loaded):
    runs = [start(loaded, "rate", "--json") for _ in range(2)]
    said = [one.communicate(timeout=300) for one in runs]
    assert sorted(one.returncode for one in runs) == [0, 2]
    refusal = next(err for one, (_, err) in zip(runs, said, strict=True) if one.returncode == 2)
    (sentence,) = refusal.splitlines()
    assert "is being written by another (ratebook rate, process " in sentence
    assert sentence.endswith("; try again when it is done")
    assert select(loaded, "select status from rating.rating_run") == [{"status": "published"}]


@pytest.mark.parametrize("command", [["init"], ["load", str(GOLDEN / "portfolio")], ["rate"]])
def test_whoever_else_writes_is_told_who_does(loaded, command):
    with writing(loaded, "load"):
        done = start(loaded, *command)
        _, err = done.communicate(timeout=120)
    assert done.returncode == 2
    assert f"(ratebook load, process {os.getpid()} on " in err
    assert ", since 20" in err
    assert "Traceback" not in err


def test_a_demonstration_does_not_remove_what_another_writes(loaded_file):
    with writing(loaded_file, "load"), pytest.raises(RatebookError, match="is being written"):
        demo(loaded_file)
    assert database_file(loaded_file).exists()


def test_a_writer_that_was_killed_is_in_nobodys_way(loaded):
    code = "import time; from rating.store.urls import parse_url; import os, sys"
    code += "\nfrom rating.store.writing import writing"
    code += "\nwith writing(parse_url(os.environ['RATEBOOK_DATABASE_URL']), 'rate'):"
    code += "\n    print('here', flush=True); time.sleep(600)"
    killed = subprocess.Popen(
        [sys.executable, "-c", code], env=environment(loaded), stdout=subprocess.PIPE
    )
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"here\n"
    with pytest.raises(RatebookError, match="is being written by another"), writing(loaded, "x"):
        pass
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    deadline = time.monotonic() + 10
    while is_postgres(loaded) and query(loaded, "select 1 from pg_locks where locktype='advisory'"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with writing(loaded, "rate"):
        pass


def test_a_run_that_never_ended_is_noted_as_failed_by_the_next(loaded):
    with writing(loaded, "rate") as target, open_duckdb(target, read_only=False) as connection:
        connection.execute(
            "insert into rating.rating_run (run_id, started_at, status, engine, code_version)"
            " values (1, current_timestamp, 'running', 'duckdb', 'x')"
        )
    everything = Asked("duckdb", (FIRST_MONTH, LAST_MONTH), Base(None, EVERYTHING))
    with writing(loaded, "rate") as target:
        assert begin_run(target, everything) == 2
    runs = select(loaded, "select run_id, status, message from rating.rating_run order by 1")
    assert [(row["status"], row["message"]) for row in runs] == [
        ("failed", "it never ended"),
        ("running", None),
    ]


# DuckDB files


@contextmanager
def reader(url: URL) -> Iterator[subprocess.Popen[str]]:
    """An analyst's session in another process."""
    session = subprocess.Popen(
        [sys.executable, "-c", READER, str(database_file(url))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield session
    finally:
        session.kill()
        session.wait()


def asked(session: subprocess.Popen[str]) -> str:
    """What the session sees now."""
    assert session.stdin is not None and session.stdout is not None
    session.stdin.write("\n")
    session.stdin.flush()
    return session.stdout.readline().strip()


def test_an_open_session_on_a_file_neither_blocks_a_load_and_a_run_nor_sees_them(golden, tmp_path):
    url = file_copy(golden.url, tmp_path)
    with reader(url) as session:
        assert asked(session) == "(1745, 1)"
        initialize(url)
        load_folder(url, GOLDEN / "portfolio")
        assert run.rate(url).status == "published"
        assert asked(session) == "(1745, 1)"
        with reader(url) as later:
            assert asked(later) == "(1745, 2)"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ratebook.duckdb"]


def test_an_open_session_on_a_file_does_not_block_an_export_to_urdb(golden, tmp_path):
    with reader(golden.url) as session:
        assert asked(session) == "(1745, 1)"
        assert export_schedule(golden.url, "RS-3", tmp_path / "rates.json")


def test_a_session_on_a_file_may_begin_while_a_run_is_under_way(loaded_file):
    with (
        writing(loaded_file, "rate") as target,
        open_duckdb(target, read_only=False) as connection,
        reader(loaded_file) as session,
    ):
        connection.execute("delete from portfolio.meter_read")
        assert asked(session) == "(0, None)"


def test_what_a_killed_stranger_had_written_is_brought_in_first(tmp_path):
    url = make_database(tmp_path)
    code = (
        f"import duckdb, os; connection = duckdb.connect({str(database_file(url))!r});"
        " connection.execute('create table main.theirs as select 7 as id'); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert (tmp_path / "ratebook.duckdb.wal").exists()
    initialize(url)
    assert select(url, "select id from main.theirs") == [{"id": 7}]


def test_a_file_that_another_process_writes_is_refused_with_its_number(tmp_path):
    url = make_database(tmp_path)
    code = f"import duckdb, sys; c = duckdb.connect({str(database_file(url))!r}); print(flush=True)"
    stranger = subprocess.Popen(
        [sys.executable, "-c", code + "; sys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert stranger.stdout is not None
    stranger.stdout.readline()
    with pytest.raises(RatebookError, match=rf"open in another process \(.*PID {stranger.pid}\)"):
        initialize(url)
    stranger.kill()
    stranger.wait()


def test_a_link_to_a_file_stays_one(tmp_path):
    url = make_database(tmp_path)
    link = database_at(tmp_path, "link")
    database_file(link).symlink_to(database_file(url))
    initialize(link)
    assert database_file(link).is_symlink()


# PostgreSQL


def test_the_next_writer_does_not_wait_for_the_session_of_the_last_to_end(
    postgres_database, monkeypatch
):
    with ExitStack() as sessions:

        @contextmanager
        def left_open(*arguments):
            yield sessions.enter_context(connected(*arguments))

        monkeypatch.setattr("rating.store.writing.connected", left_open)
        for command in ("init", "load"):
            with writing(postgres_database, command):
                pass


def test_readers_of_postgresql_are_not_blocked_and_see_one_run(golden, rated_server):
    url = rated_server
    analyst = create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    seen = text("select run_id, count(*), sum(net_amount) from rating.bill group by run_id")
    with analyst.connect() as session:
        before = session.execute(seen).all()
        under_way = start(url, "rate", "--json")
        counted = set()
        while under_way.poll() is None:
            counted.add(tuple(query(url, str(seen))[0]))
            assert len(query(url, str(seen))) == 1
            time.sleep(0.1)
        assert session.execute(seen).all() == before
    assert under_way.returncode == 0
    total = sum(bill["net_amount"] for bill in golden.bills)
    assert counted <= {(1, 1745, total), (2, 1745, total)}
    assert json.loads(under_way.communicate()[0])["run_id"] == 2


def test_a_run_that_another_gave_up_meanwhile_publishes_nothing(loaded_server, monkeypatch):
    url = loaded_server
    build = run.dbt_build

    def lose_the_lock(place, variables, **options):
        administer(url, "update rating.rating_run set status = 'failed'")
        return build(place, variables, **options)

    monkeypatch.setattr(run, "dbt_build", lose_the_lock)
    with pytest.raises(RatebookError, match="run 1 was given up meanwhile; rate again"):
        run.rate(url)
    assert query(url, "select * from rating.bill") == []
