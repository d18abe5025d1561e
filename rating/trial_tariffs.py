"""The tariffs of a trial, in its own database: copied or loaded, with the factors it is given."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
from sqlalchemy.engine import URL

from models.base import Base
from rating.database import database_file, engine_for, open_duckdb
from rating.errors import RatebookError
from rating.portfolio_relations import literal
from rating.run import require_tables
from rating.setup import initialize
from rating.tariff_load import tariff_tables
from rating.trial_rows import FACTOR_VARIABLE

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
        initialize(own_url, seed_folders)
        return " and ".join(["the shipped tariffs", *(f"those of {one}" for one in seed_folders)])
    engine = engine_for(own_url)
    Base.metadata.create_all(engine)
    engine.dispose()
    with open_duckdb(url, read_only=True) as connection:
        require_tables(connection)
        _copy_tariffs(connection, database_file(own_url))
    return f"the tariffs of {url.render_as_string()}"


def _is_missing(url: URL) -> bool:
    return url.get_backend_name() == "duckdb" and not database_file(url).exists()


def _copy_tariffs(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    connection.execute(f"attach {literal(str(target))} as trial (read_write)")
    try:
        for table in tariff_tables():
            connection.execute(
                f"insert into trial.{table.fullname} by name select * from {table.fullname}"
            )
    except duckdb.Error:
        raise RatebookError(
            f"the database was made by another release ({table.fullname} differs);"
            " name another, or one that does not exist to try the shipped tariffs"
        ) from None


def give_factors(
    connection: duckdb.DuckDBPyConnection, utility: str, factors: Mapping[str, str]
) -> None:
    """Let the monthly factor of each clause be the one given, whatever its formula says.

    Its formula becomes 1 × the factor, its one input is to be 1.
    """
    for rider, factor in factors.items():
        key = [utility, rider]
        connection.execute(
            "update tariff.formula set numerator_constant = 0, denominator_multiplier = 1,"
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
