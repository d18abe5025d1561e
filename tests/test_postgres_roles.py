"""Roles: what `ratebook grant` shows and gives, and what each role can do and cannot."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from alembic import command
from helpers import GOLDEN, month_of, select
from postgres_server import PASSWORD, administer, new_database, query
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool
from test_migrations import config

from models.base import Base
from rating.errors import RatebookError
from rating.explain.bill import explain
from rating.portfolio.load import load_folder
from rating.run.run import rate
from rating.setup import initialize
from rating.store.database import open_duckdb
from rating.store.grant import Roles, grant


@dataclass(frozen=True)
class Prepared:
    """A database and the URLs of three roles that may only log in."""

    administrator: URL
    owner: URL
    writer: URL
    analyst: URL

    @property
    def roles(self) -> Roles:
        """The names of the roles."""
        return Roles(self.owner.username, self.writer.username, self.analyst.username)


def quoted(name: str | None) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + str(name).replace('"', '""') + '"'


def roles_for(server: URL) -> Iterator[Prepared]:
    """An empty database whose name has quotes, as those of its roles."""
    with new_database(server) as plain:
        name = f"{plain.database} \"quoted\" 'name'"
        administer(server, f"alter database {plain.database} rename to {quoted(name)}")
        administrator = plain.set(database=name)
        names = [f"{plain.database}_{who}" for who in ("owner", "writer", "an\"al'yst")]
        for role in map(quoted, names):
            administer(server, f"create role {role} login password '{PASSWORD}'")
        yield Prepared(
            administrator, *(administrator.set(username=n, password=PASSWORD) for n in names)
        )
        for role in map(quoted, names):
            administer(administrator, f"drop owned by {role} cascade")
        for role in map(quoted, names):
            administer(server, f"drop owned by {role}", f"drop role {role}")
        administer(server, f"alter database {quoted(name)} rename to {plain.database}")


@pytest.fixture
def prepared(postgres_server: URL) -> Iterator[Prepared]:
    """An empty database and its roles, for one test."""
    yield from roles_for(postgres_server)


@pytest.fixture(scope="module")
def made(postgres_server: URL) -> Iterator[Prepared]:
    """The golden portfolio, with each step done by the role it is for."""
    for prepared in roles_for(postgres_server):
        grant(prepared.administrator, Roles(owner=prepared.roles.owner), execute=True)
        initialize(prepared.owner)
        grant(prepared.administrator, prepared.roles, execute=True)
        load_folder(prepared.writer, GOLDEN / "portfolio")
        assert rate(prepared.writer).status == "published"
        yield prepared


def denied(url: URL, statement: str) -> None:
    """Holds if the server refuses a statement for want of rights."""
    engine = create_engine(url, poolclass=NullPool)
    with pytest.raises(ProgrammingError) as refused, engine.begin() as connection:
        connection.execute(text(statement))
    assert refused.value.orig.sqlstate == "42501", refused.value


def test_the_three_roles_do_the_whole_way(made, golden):
    bills = "select * from rating.bill order by all"
    assert select(made.analyst, bills) == select(golden.url, bills)


def test_the_owner_loads_tariffs_again_and_migrates(made):
    assert initialize(made.owner) == 35
    command.downgrade(config(made.owner), "-1")
    initialize(made.owner)


def test_the_analyst_reads_every_table(made):
    with open_duckdb(made.analyst) as connection:
        for table in Base.metadata.sorted_tables:
            connection.execute(f"select count(*) from {table.fullname}")


def test_the_analyst_uses_the_commands_that_read(made):
    with open_duckdb(made.analyst) as connection:
        assert explain(connection, "A0010", month_of("2016-01")).bill is not None


@pytest.mark.parametrize(
    "statement",
    [
        "delete from rating.bill",
        "insert into tariff.utility values ('x', 'x', 'x', 'UTC')",
        "update portfolio.meter_read set kwh = 0",
        "truncate rating.bill",
        "create table rating.mine (id integer)",
        "create table public.mine (id integer)",
        "create temporary table mine (id integer)",
        "create schema mine",
        "select * from rating_build.anything",
        "select * from other.secret",
        "select pg_read_file('/etc/hostname')",
        "select pg_ls_dir('/')",
        "select lo_import('/etc/hostname')",
        "copy rating.bill to '/tmp/bills'",
        "copy rating.bill to program 'cat'",
        "delete from public.alembic_version",
    ],
)
def test_the_analyst_does_nothing_else(made, statement):
    if not query(made.administrator, "select 1 from pg_namespace where nspname = 'other'"):
        administer(
            made.administrator, "create schema other", "create table other.secret as select 1"
        )
    denied(made.analyst, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from tariff.version",
        "alter table rating.bill add column note text",
        "drop table rating.bill",
        "create schema mine",
        "create table public.mine (id integer)",
        "select pg_read_file('/etc/hostname')",
        "delete from public.alembic_version",
    ],
)
def test_the_writer_leaves_tariffs_and_tables_as_they_are(made, statement):
    denied(made.writer, statement)


@pytest.mark.parametrize("role", ["writer", "analyst"])
def test_who_may_not_migrate_is_told_so_and_leaves_no_half_state(made, role):
    before = query(made.administrator, "select count(*) from tariff.charge")
    with pytest.raises(RatebookError, match="permission denied"):
        initialize(getattr(made, role))
    assert query(made.administrator, "select count(*) from tariff.charge") == before


def test_an_analyst_who_loads_or_rates_is_told_so_in_one_sentence(made, ratebook):
    plain = made.analyst.render_as_string(hide_password=False)
    for arguments in (("load", GOLDEN / "portfolio"), ("rate",)):
        said = ratebook(*arguments, "--database", plain)
        assert said.code == 2
        (sentence,) = said.err.splitlines()
        assert "permission denied" in sentence
        assert PASSWORD not in sentence


def test_rights_reach_tables_that_the_owner_makes_later(made):
    administer(made.owner, "create table rating.later as select 1 as id")
    assert query(made.analyst, "select id from rating.later") == [(1,)]
    administer(made.owner, "drop table rating.later")


def test_statements_are_shown_before_anything_is_done(prepared, ratebook):
    initialize(prepared.administrator)
    plain = prepared.administrator.render_as_string(hide_password=False)
    roles = ("--analyst", prepared.roles.analyst)
    shown = ratebook("grant", *roles, "--database", plain)
    assert shown.code == 0
    assert "nothing was done; add --yes to do it" in shown.out
    denied(prepared.analyst, "select * from rating.bill")
    done = ratebook("grant", *roles, "--yes", "--database", plain)
    assert done.out.splitlines()[:-1] == shown.out.splitlines()[:-1]
    assert query(prepared.analyst, "select * from rating.bill") == []


def test_a_role_that_does_not_exist_is_refused(prepared):
    with pytest.raises(RatebookError, match="role nobody_here does not exist; create it first"):
        grant(prepared.administrator, Roles(owner="nobody_here"), execute=True)


def test_roles_are_named(prepared):
    with pytest.raises(RatebookError, match="write --owner, --writer or --analyst"):
        grant(prepared.administrator, Roles(), execute=True)


def test_writer_and_analyst_wait_for_the_tables(prepared):
    with pytest.raises(RatebookError, match="has no tables yet; run `ratebook init` first"):
        grant(prepared.administrator, Roles(analyst=prepared.roles.analyst), execute=True)


def test_a_file_has_no_roles(database):
    with pytest.raises(RatebookError, match="is a file: its folder says who may read it"):
        grant(database, Roles(analyst="x"), execute=True)


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (("alter role {0} superuser",), "is a superuser"),
        (("grant pg_read_server_files to {0}",), "is a member of pg_read_server_files"),
        (("create table public.theirs (id integer)", "grant select on public.theirs to public"),
         "can read theirs"),
        (("create table public.theirs (id integer)", "grant insert on public.theirs to {0}"),
         "can write to theirs"),
        (("create schema theirs", "grant all on schema theirs to {0}"),
         "can create in schema theirs"),
        (("grant execute on function pg_read_file(text) to {0}",), "can run pg_read_file"),
    ],
)  # fmt: skip
def test_an_analyst_who_could_do_more_gets_nothing(prepared, statements, words):
    initialize(prepared.administrator)
    analyst = Roles(analyst=prepared.roles.analyst)
    administer(prepared.administrator, *(one.format(quoted(analyst.analyst)) for one in statements))
    with pytest.raises(RatebookError, match=words):
        grant(prepared.administrator, analyst, execute=True)
    reads = "select has_schema_privilege(:role, 'rating', 'usage') and not rolsuper from pg_roles"
    found = query(prepared.administrator, f"{reads} where rolname = :role", role=analyst.analyst)
    assert found == [(False,)]


def test_a_role_without_rights_cannot_grant(prepared):
    initialize(prepared.administrator)
    with pytest.raises(RatebookError, match=r"permission denied|must be owner"):
        grant(prepared.analyst, Roles(analyst=prepared.roles.analyst), execute=True)
