"""Whether a run can rate what changed only, and since which run."""

from dataclasses import dataclass

import duckdb

from rating.project import rating_version
from rating.run.fingerprint import tariff_hash

EVERYTHING = -1


@dataclass(frozen=True)
class Base:
    """What a run starts from: the run whose bills stay, and the last load that it rated.

    `load_id` is EVERYTHING where there is no such run; `reason` then says why.
    """

    run_id: int | None
    load_id: int
    reason: str = ""
    has_changes: bool = True

    @property
    def note(self) -> str:
        """What a run that starts from it says of itself."""
        if self.run_id is not None:
            return f"only what changed since run {self.run_id} was rated"
        return f"everything was rated, for {self.reason}" if self.reason else ""

    @property
    def is_everything(self) -> bool:
        """Whether all reads have to be rated."""
        return self.load_id == EVERYTHING


def base_run(connection: duckdb.DuckDBPyConnection) -> Base:
    """The latest published run of all months, if everything that moves all bills is as it was.

    That is: tariffs and code of it and of the runs published since, and no load that emptied the
    portfolio first.
    """
    found = connection.execute(
        "select run_id, load_id from rating.rating_run where status = 'published'"
        " and from_month is null and to_month is null and load_id is not null"
        " order by run_id desc limit 1"
    ).fetchone()
    if found is None:
        return Base(None, EVERYTHING, "no run has published all months")
    run_id, load_id = found
    since = {
        "run_id": run_id, "load_id": load_id,
        "tariffs": tariff_hash(connection), "code": rating_version(),
    }  # fmt: skip
    for reason, query in MOVES_EVERYTHING.items():
        if _count(connection, query, since):
            return Base(None, EVERYTHING, f"{reason} since run {run_id}")
    changes = _count(connection, CHANGES, since)
    return Base(run_id, load_id, has_changes=changes > 0)


def is_current(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether all published bills are of what the database holds now, and of this code."""
    base = base_run(connection)
    return base.run_id is not None and not base.has_changes


def inputs_changed_since(connection: duckdb.DuckDBPyConnection, tariffs: str) -> int | None:
    """The run since which tariffs, of this hash, or portfolio have changed; none: they have not.

    It is the last of all months, or the last of some; what a later one has rated does not count.
    """
    found = connection.execute(
        "select run_id, load_id from rating.rating_run"
        " where status = 'published' and load_id is not null"
        " order by from_month is null and to_month is null desc, run_id desc limit 1"
    ).fetchone()
    if found is None:
        return None
    since = {"run_id": found[0], "load_id": found[1], "tariffs": tariffs}
    queries = (NEW_TARIFFS, EMPTIED, f"{CHANGES} and {NOT_RATED_SINCE}")
    return int(found[0]) if any(_count(connection, one, since) for one in queries) else None


RUNS = "select count(*) from rating.rating_run where status = 'published' and run_id >= $run_id"
NEW_TARIFFS = f"{RUNS} and tariff_hash is distinct from $tariffs"
EMPTIED = "select count(*) from portfolio.load where load_id > $load_id and is_replacing"
MOVES_EVERYTHING = {
    "the tariffs have changed": NEW_TARIFFS,
    "the code has changed": f"{RUNS} and code_version is distinct from $code",
    "the portfolio was emptied": EMPTIED,
}
CHANGES = "select count(*) from portfolio.change where load_id > $load_id"
NOT_RATED_SINCE = """not exists (
    select 1 from rating.rating_run as later
    where later.status = 'published' and later.load_id >= change.load_id
        and coalesce(later.from_month <= change.first_month, true)
        and coalesce(
            later.to_month >= (select max(billing_month) from portfolio.meter_read), true
        )
)"""


def _count(connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, object]) -> int:
    named = {name: value for name, value in values.items() if f"${name}" in query}
    row = connection.execute(query, named).fetchone()
    return int(row[0]) if row else 0
