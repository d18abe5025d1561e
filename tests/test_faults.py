"""A disk that is full, a server that goes away: one sentence, nothing half-written, and again."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from helpers import GOLDEN, file_copy, select
from postgres_server import administer, new_database, query
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from test_writing import environment, start

from rating.portfolio.load import load_folder
from rating.run import run
from rating.store.urls import database_file

PORTFOLIO = str(GOLDEN / "portfolio")
BILLS = "select count(*) as bills, max(run_id) as run_id from rating.bill"
LOADS = "select max(load_id) from portfolio.load"
RUNNING = "select 1 from rating.rating_run where status = 'running'"
HOLDER = "the test that holds a lock"
OTHERS = f"datname = current_database() and application_name <> '{HOLDER}'"
WAITING = f"select 1 from pg_stat_activity where {OTHERS} and wait_event_type = 'Lock'"
CUT = f"select pg_terminate_backend(pid) from pg_stat_activity where {OTHERS}"


def sentence(process: subprocess.Popen[str], code: int = 2) -> str:
    """The one sentence of a command that could not do its work."""
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out) == (code, ""), err
    # libpq in DuckDB's scanner may print the server's own notice before.
    lines = [line for line in err.splitlines() if not line.startswith("FATAL:  terminating")]
    assert len(lines) == 1, err
    return lines[0]


@contextmanager
def locked(url: URL, table: str) -> Iterator[None]:
    """A table that nobody else can read or write."""
    engine = create_engine(url, connect_args={"application_name": HOLDER})
    with engine.connect() as connection, connection.begin():
        connection.execute(text(f"lock table {table} in access exclusive mode"))
        yield
    engine.dispose()


def wait_for(url: URL, statement: str) -> None:
    """Wait until a query finds something."""
    deadline = time.monotonic() + 120
    while not query(url, statement):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def cut_at(url: URL, table: str, process: subprocess.Popen[str]) -> str:
    """Cut a command off from its server when it comes to a table; returns its sentence."""
    with locked(url, table):
        wait_for(url, WAITING)
        while process.poll() is None:
            administer(url.update_query_dict({"application_name": HOLDER}), CUT)
            time.sleep(0.1)
    return sentence(process)


def test_a_server_that_goes_away_while_it_is_loaded_keeps_what_it_had(rated_server):
    url = rated_server
    before = query(url, LOADS)
    said = cut_at(url, "portfolio.meter_read", start(url, "load", PORTFOLIO))
    assert "try again when the server is back" in said
    assert query(url, LOADS) == before
    assert load_folder(url, GOLDEN / "portfolio").rows_rejected == 0


@pytest.mark.parametrize(
    ("engine", "table"),
    [
        pytest.param("duckdb", "portfolio.meter_read", marks=pytest.mark.long),  # while it is read
        # while bills are published from here
        pytest.param("duckdb", "rating.bill", marks=pytest.mark.long),
        pytest.param("postgres", "rating.bill", marks=pytest.mark.long),  # and from there
    ],
)
def test_a_server_that_goes_away_in_a_run_keeps_its_bills_and_is_rated_next_time(
    rated_server, engine, table
):
    url = rated_server
    process = start(url, "rate", "--engine", engine)
    wait_for(url, RUNNING)
    assert "try again when the server is back" in cut_at(url, table, process)
    assert query(url, BILLS) == [(1745, 1)]
    report = run.rate(url, engine=engine)
    assert (report.status, report.run_id) == ("published", 3)


# What may not be written


def as_others(url: URL, *arguments: str) -> str:
    """The one sentence of a command of somebody whom the modes of files bind, as not root."""
    bound = []
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may write everywhere, and there is no setpriv")
        bound = ["setpriv", "--bounding-set=-dac_override"]
    command = [*bound, sys.executable, "-m", "rating", *arguments]
    return sentence(
        subprocess.Popen(
            command, env=environment(url), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "command", [["init"], ["load", PORTFOLIO], ["rate"], ["eligibility"], ["demo"]]
)
def test_a_folder_that_may_not_be_written_is_named(golden_loaded, tmp_path, command):
    url = file_copy(golden_loaded, tmp_path)
    tmp_path.chmod(0o555)
    said = as_others(url, *command, "--database", str(url))
    tmp_path.chmod(0o755)
    assert said == (
        f"ratebook: the folder {tmp_path} cannot be written (Permission denied);"
        " choose another by --database"
    )


def test_a_folder_in_which_no_file_can_be_made_is_named(ratebook):
    said = ratebook("init", "--database", "duckdb:////proc/x.duckdb")
    assert (said.code, said.err) == (2, (
        "ratebook: the folder /proc cannot be written (No such file or directory);"
        " choose another by --database\n"
    ))  # fmt: skip


def test_a_file_that_may_not_be_written_is_named(golden_loaded, tmp_path):
    url = file_copy(golden_loaded, tmp_path)
    database_file(url).chmod(0o444)
    assert as_others(url, "load", PORTFOLIO) == (
        f"ratebook: {database_file(url)} cannot be written (Permission denied);"
        " choose another by --database"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["ratebook.duckdb"]


# A full disk

PAGE = 4096


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own, of 200 MB; to mount one takes root."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "disk"
        place.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(place)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("a small disk can be mounted by root only")
        place.parent.chmod(0o755)
        yield place
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, *, left: int) -> Path:
    """A file that leaves so many bytes on the disk."""
    ballast = place / "ballast"
    with ballast.open("wb") as file:
        for _ in range((shutil.disk_usage(place).free - left) // PAGE):
            file.write(b"\0" * PAGE)
    return ballast


@pytest.mark.parametrize("command", [["load", PORTFOLIO], ["rate"]])
def test_a_full_disk_leaves_a_file_as_it_was(small_disk, golden, command):
    url = file_copy(golden.url, small_disk)
    ballast = fill(small_disk, left=500 * PAGE)
    assert "disk" in sentence(start(url, *command))
    assert select(url, BILLS) == [{"bills": 1745, "run_id": 1}]
    assert [path.name for path in small_disk.iterdir() if path != ballast] == ["ratebook.duckdb"]


@pytest.fixture
def small_server(small_disk, postgres_server, golden_in_postgres) -> Iterator[URL]:
    """The golden portfolio, rated, in a database of a server that lies on the small disk."""
    (directory,) = query(postgres_server, "show data_directory")[0]
    if not Path(directory).is_dir():
        pytest.skip("the server is on another machine")
    place = small_disk / "tablespace"
    place.mkdir()
    shutil.chown(place, Path(directory).owner())
    administer(postgres_server, f"create tablespace small location '{place}'")
    template = golden_in_postgres.url.database
    with new_database(postgres_server, f"template {template} tablespace small") as url:
        yield url
    administer(postgres_server, "drop tablespace small")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["load", PORTFOLIO, "--replace"], 2),
        pytest.param(["rate"], 2, marks=pytest.mark.long),
        pytest.param(["rate", "--engine=postgres"], 1, marks=pytest.mark.long),
    ],
)
def test_a_server_whose_disk_is_full_keeps_what_it_had(small_disk, small_server, command, code):
    before = query(small_server, LOADS), query(small_server, BILLS)
    ballast = fill(small_disk, left=0)
    assert "make room on the server's disk first" in sentence(start(small_server, *command), code)
    assert (query(small_server, LOADS), query(small_server, BILLS)) == before
    ballast.unlink()
    process = start(small_server, *command)
    assert process.wait() == 0, process.communicate()
