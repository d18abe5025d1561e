"""The revisions on a real PostgreSQL: up, down, up again, and what they refuse to touch."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from helpers import GOLDEN
from postgres_server import PASSWORD, administer, new_database, query
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from models.base import SCHEMAS
from rating.errors import RatebookError
from rating.portfolio.load import load_folder
from rating.project import ROOT, SEEDS
from rating.setup import initialize
from rating.store import migrate as migrations
from rating.store.database import open_duckdb
from rating.store.migrate import migrate


def config(url: URL) -> Config:
    """Alembic's configuration as a developer has it, for a database."""
    found = Config(str(Path(ROOT) / "alembic.ini"))
    found.attributes["url"] = url
    return found


@pytest.fixture
def migrated(postgres_database: URL) -> URL:
    """A database with the tables of this release and nothing in them."""
    migrate(postgres_database)
    return postgres_database


@pytest.fixture
def plain_role(postgres_server: URL, postgres_database: URL) -> Iterator[URL]:
    """The empty database as a role that may only connect to it."""
    name = f"{postgres_database.database}_plain"
    administer(postgres_server, f"create role {name} login password '{PASSWORD}'")
    yield postgres_database.set(username=name, password=PASSWORD)
    administer(postgres_database, f"drop owned by {name}")
    administer(postgres_server, f"drop role {name}")


def left_in(url: URL) -> list[str]:
    """The tables in the schemas of Ratebook, and the schemas themselves."""
    found = query(
        url,
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_schema = any(:schemas)"
        " union all select schema_name from information_schema.schemata"
        " where schema_name = any(:schemas)",
        schemas=list(SCHEMAS),
    )
    return sorted(name for (name,) in found)


def refused(url: URL) -> str:
    """The sentence with which `ratebook init` is refused."""
    with pytest.raises(RatebookError) as error:
        initialize(url)
    (sentence,) = error.value.messages
    return sentence.replace(f"database {url.database} on {url.query.get('host')}", "it")


def test_the_models_and_the_migrations_agree(migrated):
    command.check(config(migrated))


def test_every_revision_goes_down_and_up_again(migrated):
    steps = len(list(ScriptDirectory.from_config(config(migrated)).walk_revisions()))
    for _ in range(steps):
        command.downgrade(config(migrated), "-1")
    assert left_in(migrated) == []
    for _ in range(steps):
        command.upgrade(config(migrated), "+1")
    command.check(config(migrated))


def test_the_shipped_tariffs_satisfy_every_constraint(migrated):
    shipped = len(list(SEEDS.glob("*/*.yaml"))) - len(list(SEEDS.glob("*/utility.yaml")))
    assert initialize(migrated) == shipped
    assert query(migrated, "select count(*) from tariff.schedule") == [(shipped,)]


def test_the_tables_of_an_older_release_are_brought_up_to_date_with_their_rows(postgres_database):
    initialize(postgres_database)
    load_folder(postgres_database, GOLDEN / "portfolio")
    command.downgrade(config(postgres_database), "0004")
    with (
        pytest.raises(RatebookError, match=r"made by an older release; run `ratebook init` first"),
        open_duckdb(postgres_database),
    ):
        pass
    initialize(postgres_database)
    command.check(config(postgres_database))
    assert query(postgres_database, "select count(*) from portfolio.meter_read") == [(1810,)]


def test_the_tables_of_a_newer_release_are_left_alone(migrated):
    administer(migrated, "update public.alembic_version set version_num = '9999'")
    sentence = "it was made by a newer release; install that one to use it"
    assert refused(migrated) == sentence
    with pytest.raises(RatebookError, match="made by a newer release"), open_duckdb(migrated):
        pass
    assert query(migrated, "select version_num from public.alembic_version") == [("9999",)]


@pytest.mark.parametrize(
    "statements",
    [
        ("create schema rating", "create table rating.bill (id integer)"),
        ("create schema rating_build", "create table rating_build.bill (id integer)"),
        (
            "create extension postgres_fdw",
            "create server other foreign data wrapper postgres_fdw",
            "create schema rating",
            "create foreign table rating.bill (id integer) server other",
        ),
    ],
    ids=["tables", "tables of a build", "foreign tables"],
)
def test_schemas_that_hold_tables_of_others_are_left_alone(postgres_database, statements):
    administer(postgres_database, *statements)
    before = left_in(postgres_database)
    schema = statements[-2].split()[-1] if "server" not in statements[-1] else "rating"
    assert refused(postgres_database) == (
        f"it holds {schema}.bill, which Ratebook did not make; use another database"
    )
    assert left_in(postgres_database) == before


def test_an_encoding_that_cannot_hold_every_text_is_refused(postgres_server):
    with new_database(postgres_server, "template template0 encoding 'SQL_ASCII' locale 'C'") as url:
        assert refused(url) == "it is encoded in SQL_ASCII; create it with encoding UTF8"


def test_a_server_without_the_extension_is_refused(postgres_database, monkeypatch):
    monkeypatch.setattr(migrations, "EXTENSION", "btree_gist_of_nobody")
    assert refused(postgres_database) == (
        "it: the server lacks the extension btree_gist_of_nobody; install PostgreSQL's contrib"
        " package on it"
    )
    assert left_in(postgres_database) == []


def test_a_role_that_may_create_nothing_is_refused(plain_role, postgres_database):
    assert refused(plain_role).startswith("it: permission denied")
    assert left_in(postgres_database) == []


def test_a_migration_that_waits_for_a_lock_gives_up_and_leaves_nothing(postgres_database):
    migrate(postgres_database)
    command.downgrade(config(postgres_database), "0004")
    reader = create_engine(postgres_database, poolclass=NullPool)
    with reader.connect() as connection:
        connection.execute(text("select * from rating.bill"))
        sentence = "lock timeout; somebody uses the tables; try again later"
        assert refused(postgres_database).endswith(sentence)
    assert query(postgres_database, "select version_num from public.alembic_version") == [("0004",)]
    initialize(postgres_database)
