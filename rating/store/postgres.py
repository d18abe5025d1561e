"""Connections to PostgreSQL, and its errors as sentences that say what to do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from rating.errors import RatebookError, first_line
from rating.store.urls import database_name

SECONDS_TO_CONNECT = 10
# What the server or libpq says, in English as they ship, and what to do about it.
ADVICE = (
    (r"authentication failed|no password supplied", "correct the user or password"),
    (r"database \"?.*\"? does not exist", "create it first, as with createdb"),
    (r"role \"?.*\"? does not exist", "correct the user"),
    (r"Connection refused|No such file|could not translate|timeout expired|starting up",
     "start the server or correct the URL"),
    (r"(terminating connection|closed the connection|connection is lost|SSL .* closed)",
     "what was published before stands; try again when the server is back"),
    (r"permission denied|must be owner",
     "connect as its owner or as a writer, which `ratebook grant` makes of a role"),
    (r"No space left|could not extend|could not write", "make room on the server's disk first"),
    (r"lock timeout", "somebody uses the tables; try again later"),
    (r"statement timeout", "the server was too slow; try again when it has less to do"),
)  # fmt: skip


@contextmanager
def connected(url: URL, application: str = "ratebook") -> Iterator[Connection]:
    """A connection that others see under the name of an application.

    Database errors inside the block become a `RatebookError`.
    """
    arguments: dict[str, str | int] = {"application_name": application, "client_encoding": "utf8"}
    if "connect_timeout" not in url.query:
        arguments["connect_timeout"] = SECONDS_TO_CONNECT
    engine = create_engine(url, poolclass=NullPool, connect_args=arguments)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise RatebookError(f"{database_name(url)}: {told(error)}") from None


def where_connected(url: URL) -> dict[str, str]:
    """Where and as whom a URL connects, and by which password, by libpq's variables.

    libpq takes what the URL leaves out from its own variables, service file and password file.
    """
    with connected(url) as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        found = driver.info
        return {
            "PGHOST": found.host,
            "PGPORT": str(found.port),
            "PGUSER": found.user,
            "PGDATABASE": found.dbname,
            "PGPASSWORD": found.password,
        }


def told(error: Exception) -> str:
    """A database's error in its own words, on one line, and what to do where that is known."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig else error
    message = str(original)
    for word in ("FATAL:", "ERROR:"):  # libpq and the scanner say before it what they were doing
        _, found, after = message.partition(word)
        message = after if found else message
    line = first_line(Exception(message)).rstrip(".")
    advice = next((advice for pattern, advice in ADVICE if re.search(pattern, str(original))), None)
    return f"{line}; {advice}" if advice else line
