"""What lies in the build schema, for those who would rest on it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from models.base import BUILD
from rating.project import models_fingerprint
from rating.run.changes import EVERYTHING, Base
from rating.run.publish import Months

BUILT = f"""
select
    built.from_month,
    built.to_month,
    built.since_load != {EVERYTHING} as is_partial,
    built.portfolio_build_id = portfolio.build_id
    and built.tariff_build_id = tariff.build_id as is_whole,
    built.load_id is not distinct from loaded.load_id as is_of_portfolio,
    built.tariff_fingerprint is not distinct from loaded.tariff_fingerprint as is_of_tariffs,
    built.models_fingerprint = $models as is_of_models
from {BUILD}.int_input__built as built
cross join {BUILD}.int_input__portfolio as portfolio
cross join {BUILD}.int_input__tariff as tariff
cross join {BUILD}.int_input__loaded as loaded
"""


@dataclass(frozen=True)
class Built:
    """The last build that reached its end: of which months, and whether its inputs still hold.

    `is_partial`: of what changed only. `is_whole`: no later build has begun. `is_of_models`: by
    a run of these models; dbt by itself does not say by which.
    """

    months: Months
    is_partial: bool
    is_whole: bool
    is_of_portfolio: bool
    is_of_tariffs: bool
    is_of_models: bool


def what_is_built(connection: duckdb.DuckDBPyConnection) -> Built | None:
    """What lies in the build schema; None where nothing does, or of an earlier release."""
    try:
        found = connection.execute(BUILT, {"models": models_fingerprint()}).fetchone()
    except (duckdb.CatalogException, duckdb.BinderException):
        return None
    return Built(found[:2], *found[2:]) if found else None


def is_of_another_name(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the DuckDB file had another name when it was built: the views in it say that one."""
    try:
        connection.execute(f"select 1 from {BUILD}.int_input__loaded limit 0")
    except duckdb.CatalogException:
        return False
    except duckdb.BinderException as error:
        return re.search('Catalog ".*" does not exist', str(error)) is not None
    return False


def what_stands(connection: duckdb.DuckDBPyConnection, base: Base) -> Sequence[str]:
    """What a run that starts from `base` may leave as it was built, as dbt selects it.

    That is what rests on tariffs and models alone, and on interval reads where there are none.
    Nothing where a run since failed or was killed: what it was of, and what it left, is not known.
    """
    if base.is_everything:
        return ()
    built = what_is_built(connection)
    if built is None or not (built.is_whole and built.is_of_tariffs and built.is_of_models):
        return ()
    if connection.execute(UNPUBLISHED, [base.run_id]).fetchone():
        return ()
    return (STANDING,) if connection.execute(SOME_INTERVAL).fetchone() else (STANDING, INTERVALS)


STANDING, INTERVALS = "tag:standing", "path:models/intervals"
SOME_INTERVAL = "select 1 from portfolio.interval_read limit 1"
UNPUBLISHED = """
select 1 from rating.rating_run where run_id > ? and status != 'published' limit 1
"""
