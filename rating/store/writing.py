"""One writer at a time, and readers who neither wait for it nor see half of what it does.

PostgreSQL gives readers their snapshot, and an advisory lock keeps writers apart. A DuckDB file
cannot be written while others read it: the writer works on a copy, which then takes its place.
"""

import errno
import fcntl
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from rating.errors import RatebookError, require_folder
from rating.store.database import open_duckdb, require_format
from rating.store.postgres import connected
from rating.store.urls import database_file, database_name, is_postgres

ADVISORY_KEY = int.from_bytes(b"ratebook")
LONGEST_NAME = 63
LOOKS, SECONDS_BETWEEN = 20, 0.05  # at a locked file that does not say yet by whom
HOLDER = text("""
    select application_name, usename, to_char(backend_start, 'YYYY-MM-DD HH24:MI')
    from pg_locks inner join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
        and (cast(classid as bigint) << 32) | cast(objid as bigint) = :key
""")


@contextmanager
def writing(url: URL, command: str) -> Iterator[URL]:
    """The URL to write to, as the only writer; raises `RatebookError` that says who is one.

    `command` is what others are told. What is written to a DuckDB file is seen by whoever opens
    it after the block has ended.
    """
    if is_postgres(url):
        with _advisory_lock(url, command):
            yield url
        return
    file = database_file(url).resolve()
    require_folder(file)
    if file.exists() and not os.access(file, os.W_OK):
        raise RatebookError(_unwritable(str(file), os.strerror(errno.EACCES)))
    with _lock_file(file, command), _copy_of(url.set(database=str(file))) as copy:
        yield copy


@contextmanager
def _advisory_lock(url: URL, command: str) -> Iterator[None]:
    """The advisory lock of the database, held by a session of its own."""
    with connected(url, _who(command)[:LONGEST_NAME]) as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        if not connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY}):
            holder = connection.execute(HOLDER, {"key": ADVISORY_KEY}).first()
            who, role, since = holder or ("another process", None, None)
            words = f"{who}{f', role {role}' if role else ''}{f', since {since}' if since else ''}"
            raise RatebookError(_refusal(database_name(url), words))
        connection.execute(text("set idle_session_timeout = 0"))
        try:
            yield
        finally:  # of a session that is closed the server lets go when it gets to it
            with suppress(DBAPIError):  # it may be gone, and the lock with it
                connection.execute(text("select pg_advisory_unlock(:key)"), {"key": ADVISORY_KEY})


def _who(command: str) -> str:
    return f"ratebook {command}, process {os.getpid()} on {socket.gethostname()}"


def _refusal(name: str, holder: str) -> str:
    return f"{name} is being written by another ({holder}); try again when it is done"


def _unwritable(what: str, why: str) -> str:
    return f"{what} cannot be written ({why}); choose another by --database"


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Say in one sentence why something cannot be made in a folder, or removed from it."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise RatebookError(_unwritable(f"the folder {path.parent}", why)) from None


def _holder(path: Path) -> str:
    """Who has locked a file: it says so just after it has."""
    for _ in range(LOOKS):
        with suppress(FileNotFoundError):
            if holder := path.read_text("utf-8"):
                return holder
        time.sleep(SECONDS_BETWEEN)
    return "it has just begun"


@contextmanager
def _lock_file(file: Path, command: str) -> Iterator[None]:
    """A locked file beside the database that says who writes; a killed process leaves no lock."""
    path = file.with_name(file.name + ".lock")
    with changing(path):
        opened = path.open("a+")
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RatebookError(_refusal(file.name, _holder(path))) from None
        if os.fstat(lock.fileno()).st_nlink == 0:  # its last holder removed it meanwhile
            raise RatebookError(_refusal(file.name, "it has just ended"))
        lock.truncate(0)
        lock.write(f"{_who(command)}, since {datetime.now().astimezone():%Y-%m-%d %H:%M}")
        lock.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def remove(url: URL, command: str) -> None:
    """Remove a DuckDB file that nobody writes, and no other file; raises `RatebookError`."""
    file = database_file(url).resolve()
    require_folder(file)
    with _lock_file(file, command):
        if file.exists():
            require_format(file)
        for left in (file, _log(file)):
            with changing(left):
                left.unlink(missing_ok=True)


@contextmanager
def _copy_of(url: URL) -> Iterator[URL]:
    """A copy of the file to write to; it takes the file's place unless writing it failed.

    The copy has the file's name, in a folder beside it: DuckDB's views know their database by it.
    """
    file = database_file(url)
    folder = file.with_name(file.name + ".work")
    shutil.rmtree(folder, ignore_errors=True)  # a killed process left it
    with changing(folder):
        folder.mkdir()
    copy = folder / file.name
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        if file.exists():
            _fold_log(url)
            stack.enter_context(open_duckdb(url))  # as long as it is read, no stranger writes it
            shutil.copy(file, copy)
        try:
            yield url.set(database=str(copy))
        finally:
            if copy.exists() and not _log(copy).exists():
                copy.replace(file)


def _fold_log(url: URL) -> None:
    """Bring into the file what a process wrote that was killed."""
    if _log(database_file(url)).exists():
        with open_duckdb(url, read_only=False):
            pass


def _log(file: Path) -> Path:
    """The log that DuckDB keeps beside a file until it is closed."""
    return file.with_name(file.name + ".wal")
