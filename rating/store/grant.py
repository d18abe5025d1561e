"""Rights in a PostgreSQL database for roles that exist: an owner, a writer, an analyst.

The owner migrates and loads tariffs, the writer loads portfolios and rates, the analyst reads.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from models.base import BUILD, PORTFOLIO, RATING, SCHEMAS, TARIFF
from rating.errors import RatebookError
from rating.store.grant_check import beyond_an_analyst
from rating.store.migrate import EXTENSION, REVISIONS
from rating.store.postgres import connected
from rating.store.urls import database_name, is_postgres
from rating.store.writing import writing

Quote = Callable[[str], str]
READ, WRITE = "select", "select, insert, update, delete"
OF_WRITER = {TARIFF: READ, PORTFOLIO: WRITE, RATING: WRITE}
OF_ANALYST = dict.fromkeys(SCHEMAS, READ)
RELATIONS = text("""
    select nspname as schema, relname as name,
        case relkind when 'v' then 'view' else 'table' end as kind
    from pg_class inner join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = any(:schemas) and relkind in ('r', 'v')
    order by 1, 2
""")
OWNER = text("select pg_get_userbyid(nspowner) from pg_namespace where nspname = :schema")


@dataclass(frozen=True)
class Roles:
    """Who gets which rights; none where a role is to be left alone."""

    owner: str | None = None
    writer: str | None = None
    analyst: str | None = None


def grant(url: URL, roles: Roles, *, execute: bool) -> list[str]:
    """The statements that give the roles their rights, run in one transaction if `execute`.

    Raises `RatebookError`, and gives no right at all, where a role is missing or the analyst
    could then do more than read what Ratebook keeps.
    """
    if not is_postgres(url):
        raise RatebookError(f"{database_name(url)} is a file: its folder says who may read it")
    with writing(url, "grant"), connected(url) as connection, connection.begin():
        connection.execute(text("set local lock_timeout = '5s'"))
        _require_roles(connection, roles)
        statements = list(_statements(connection, url, roles))
        for statement in statements if execute else ():
            connection.exec_driver_sql(statement)
        if execute and roles.analyst:
            found = beyond_an_analyst(connection, roles.analyst)
            if found:
                raise RatebookError(*found)
    return statements


def _require_roles(connection: Connection, roles: Roles) -> None:
    named = [role for role in (roles.owner, roles.writer, roles.analyst) if role]
    if not named:
        raise RatebookError("no role is named; write --owner, --writer or --analyst")
    known = set(connection.scalars(text("select rolname from pg_roles")))
    missing = [role for role in named if role not in known]
    if missing:
        raise RatebookError(*(f"role {role} does not exist; create it first" for role in missing))


def _statements(connection: Connection, url: URL, roles: Roles) -> Iterator[str]:
    quote: Quote = connection.dialect.identifier_preparer.quote
    database = quote(url.database or "")
    former = connection.scalar(OWNER, {"schema": RATING})
    if former is None and (roles.writer or roles.analyst):
        raise RatebookError(f"{database_name(url)} has no tables yet; run `ratebook init` first")
    if roles.owner:
        yield from _for_owner(connection, quote, quote(roles.owner), database, bool(former))
    owner = quote(roles.owner or str(former))
    yield f"revoke temporary on database {database} from public"
    yield "revoke create on schema public from public"
    if roles.writer:
        writer = quote(roles.writer)
        yield f"grant connect, temporary on database {database} to {writer}"
        yield from _rights(writer, owner, OF_WRITER)
        yield f"create schema if not exists {BUILD}"
        yield from _owned_by(writer, connection, quote, [BUILD])
    if roles.analyst:
        analyst = quote(roles.analyst)
        yield f"grant connect on database {database} to {analyst}"
        yield from _rights(analyst, owner, OF_ANALYST)


def _for_owner(
    connection: Connection, quote: Quote, role: str, database: str, has_tables: bool
) -> Iterator[str]:
    yield f"grant connect, create, temporary on database {database} to {role}"
    yield f"grant usage, create on schema public to {role}"
    yield f"create extension if not exists {EXTENSION}"
    if has_tables:
        yield from _owned_by(role, connection, quote, SCHEMAS)
        yield f"alter table {REVISIONS} owner to {role}"


def _owned_by(
    role: str, connection: Connection, quote: Quote, schemas: Sequence[str]
) -> Iterator[str]:
    """Schemas and all that is in them made a role's own."""
    for schema in schemas:
        yield f"alter schema {schema} owner to {role}"
    for row in connection.execute(RELATIONS, {"schemas": list(schemas)}):
        yield f"alter {row.kind} {row.schema}.{quote(row.name)} owner to {role}"


def _rights(role: str, owner: str, rights: dict[str, str]) -> Iterator[str]:
    """Rights on the tables that are there, and on those that the owner will make."""
    for schema, right in rights.items():
        yield f"grant usage on schema {schema} to {role}"
        yield f"grant {right} on all tables in schema {schema} to {role}"
        yield (
            f"alter default privileges for role {owner} in schema {schema}"
            f" grant {right} on tables to {role}"
        )
    yield f"grant usage on schema public to {role}"
    yield f"grant select on {REVISIONS} to {role}"
