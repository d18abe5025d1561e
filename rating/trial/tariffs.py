"""The tariffs of a trial, in its own database: copied or loaded, with the factors it is given."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from models.base import TARIFF
from rating.run.local_copy import copy_tables, tables_of
from rating.setup import create_tables, initialize
from rating.store.database import open_duckdb, require_tables
from rating.store.urls import database_file, is_postgres
from rating.trial.rows import FACTOR_VARIABLE

_FORMULAS = (
    "select version_id from tariff.version join tariff.schedule using (schedule_id)"
    " where utility = ? and schedule = ?"
)


def take_tariffs(own_url: URL, url: URL, seed_folders: Sequence[Path]) -> str:
    """Put tariffs into the trial's own database; returns in words which.

    Those of the database of `url`, which is only read; with seed folders, or where that database
    does not exist, the shipped ones and those of the folders. Raises `RatebookError`.
    """
    if seed_folders or _is_missing(url):
        initialize(own_url, seed_folders, has_comments=False)
        return " and ".join(["the shipped tariffs", *(f"those of {one}" for one in seed_folders)])
    create_tables(own_url, has_comments=False)
    with open_duckdb(url) as connection:
        require_tables(connection)
    with open_duckdb(own_url, read_only=False) as connection:
        copy_tables(connection, url, tables_of(TARIFF))
    return f"the tariffs of {url.render_as_string()}"


def _is_missing(url: URL) -> bool:
    return not is_postgres(url) and not database_file(url).exists()


def give_factors(
    connection: duckdb.DuckDBPyConnection, utility: str, factors: Mapping[str, str]
) -> None:
    """Let the monthly factor of each clause be the one given, whatever its formula says.

    Its formula becomes 1 × the factor, its one input is to be 1.
    """
    for rider, factor in factors.items():
        key = [utility, rider]
        connection.execute(
            "update tariff.formula set is_check_only = false,"
            " numerator_constant = 0, denominator_multiplier = 1,"
            " quotient_decimals = null, base = 0, scale = cast(? as decimal(12, 8)),"
            f" factor_decimals = 8 where version_id in ({_FORMULAS})",
            [factor, *key],
        )
        connection.execute(
            f"delete from tariff.formula_input where version_id in ({_FORMULAS})", key
        )
        connection.execute(
            "insert into tariff.formula_input (version_id, variable, ordinal, side, sign)"
            " select version_id, ?, 1, 'numerator', 1 from tariff.formula"
            f" where version_id in ({_FORMULAS})",
            [FACTOR_VARIABLE, *key],
        )
