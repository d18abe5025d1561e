"""The tables of a PostgreSQL database: created and brought up to date by Alembic's revisions."""

from functools import cache

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from models.base import BUILD, SCHEMAS
from rating.errors import RatebookError
from rating.project import MIGRATIONS
from rating.store.postgres import connected, told
from rating.store.urls import database_name

OLDEST_SERVER = 15
EXTENSION = "btree_gist"
REVISIONS = "public.alembic_version"


def migrate(url: URL) -> None:
    """Bring the database to this release's revision, or leave it as it was.

    All revisions are one transaction. Raises `RatebookError`.
    """
    with connected(url) as connection:
        if _revision(connection) is None:
            _require_room(connection, url)
        else:
            _require_known(connection, url)
    from alembic import command  # imports for long, and most commands do not migrate
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = url
    try:
        command.upgrade(config, "head")
    except (DBAPIError, CommandError) as error:
        raise RatebookError(f"{database_name(url)}: {told(error)}") from None


def require_current(url: URL) -> None:
    """Raise `RatebookError` unless the database is at this release's revision."""
    with connected(url) as connection:
        if _revision(connection) is None:
            raise RatebookError(
                f"{database_name(url)} holds no Ratebook tables; run `ratebook init` first"
            )
        _require_known(connection, url)
        if _revision(connection) != _revisions()[0]:
            raise RatebookError(
                f"{database_name(url)} was made by an older release; run `ratebook init` first"
            )


@cache
def _revisions() -> list[str]:
    """The revisions of this release, the newest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


def _revision(connection: Connection) -> str | None:
    if connection.scalar(text("select to_regclass(:name)"), {"name": REVISIONS}) is None:
        return None
    found = connection.scalar(text(f"select version_num from {REVISIONS}"))
    return None if found is None else str(found)


def _require_known(connection: Connection, url: URL) -> None:
    """Refuse a revision that this release does not have."""
    if _revision(connection) not in _revisions():
        raise RatebookError(
            f"{database_name(url)} was made by a newer release; install that one to use it"
        )


def _require_room(connection: Connection, url: URL) -> None:
    """Refuse a server or database in which the first revision cannot work."""
    name = database_name(url)
    major = int(connection.scalar(text("show server_version_num"))) // 10_000
    if major < OLDEST_SERVER:
        raise RatebookError(f"{name} is PostgreSQL {major}; it takes {OLDEST_SERVER} or later")
    encoding = connection.scalar(text("show server_encoding"))
    if encoding != "UTF8":
        raise RatebookError(f"{name} is encoded in {encoding}; create it with encoding UTF8")
    others = connection.scalars(
        text(
            "select oid::regclass::text from pg_class where relnamespace in"
            " (select oid from pg_namespace where nspname = any(:schemas)) and relkind <> 'i'"
            " order by 1"
        ),
        {"schemas": [*SCHEMAS, BUILD]},
    ).all()
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise RatebookError(
            f"{name} holds {others[0]}{more}, which Ratebook did not make; use another database"
        )
    available = "select count(*) from pg_available_extensions where name = :name"
    if not connection.scalar(text(available), {"name": EXTENSION}):
        raise RatebookError(
            f"{name}: the server lacks the extension {EXTENSION}; install PostgreSQL's contrib"
            " package on it"
        )
