"""The dbt project run in this process: the build schema from the loaded rows."""

import gc
import hashlib
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from rating.project import DBT_PROJECT, user_cache
from rating.store.limits import THREADS, threads
from rating.store.postgres import told, where_connected
from rating.store.scanner import libpq_environment, set_environment
from rating.store.urls import database_file, is_postgres, shown

UNIT_TEST = "unit_test"
# Not the unit tests, which try the models on made-up rows; not what no bill needs; and not one by
# one the tests that models declare, which a test of the project's own asks at once.
WITHOUT = (
    "--exclude-resource-type", UNIT_TEST,
    "--exclude", "tag:eligibility", "tag:metrics", "test_type:generic",
)  # fmt: skip
# The declared tests are asked of models too that a run leaves as they are.
RATING_RUN = ("build", "--indirect-selection", "empty", *WITHOUT)
DECLARED_TESTS, OF_ELIGIBILITY = "declared_tests", "declared_tests_of_eligibility"
SECRET_VARIABLE = "DBT_ENV_SECRET_RATEBOOK_PASSWORD"  # noqa: S105 - a name
# What the profile reads but the place and name of the database, the same for every reading of the
# project.
ALIKE = {
    "PGHOST": "", "PGPORT": "5432", "PGUSER": "", SECRET_VARIABLE: "",
    "RATEBOOK_MEMORY_LIMIT": "4GB", THREADS: "4",
}  # fmt: skip
SELDOM = 1_000_000  # collections of the middle generation before one of the old
Progress = Callable[[str, int], None]
_PROJECTS: dict[tuple[str, str], Any] = {}


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt model or test."""

    name: str
    resource_type: str
    status: str
    seconds: float
    failures: int
    message: str
    sql: str = ""
    materialized: str = ""

    @property
    def is_bad(self) -> bool:
        """Whether the model failed to build or the test failed."""
        return self.status in ("error", "fail", "runtime error")


def dbt_build(
    url: URL,
    variables: Mapping[str, str],
    *,
    arguments: Sequence[str] = RATING_RUN,
    progress: Progress | None = None,
) -> list[NodeResult]:
    """Run dbt against the database; returns one result a model and test.

    `variables` are set in the environment: dbt reads the whole project anew where its own
    variables have changed, and each run has another id.
    `progress` is called with the name of each finished node and how many are finished.
    A failure of dbt itself comes back as a result of resource type `dbt`.
    """
    from dbt.cli.main import dbtRunner  # imports for two seconds: only where it is run

    counter = itertools.count(1)

    def on_event(event: Any) -> None:
        if event.info.name == "NodeFinished" and progress:
            progress(event.data.node_info.node_name, next(counter))

    with _collecting_what_is_young():
        runner = dbtRunner(manifest=_project(url, arguments), callbacks=[on_event])
        with _environment(url), set_environment(variables):
            result = runner.invoke([*arguments, *_options(url, cache_folder(url))])
            _close_connections(url)
    _heed_interrupt(result)
    return _results(result)


def cache_folder(url: URL) -> Path:
    """Where dbt keeps its results for one database, or its working copy."""
    if is_postgres(url):
        return _cache(shown(url))
    file = database_file(url)
    is_copy = file.parent.name == f"{file.name}.work"
    return _cache(str(file.parent.parent / file.name if is_copy else file))


def _cache(name: str) -> Path:
    short = hashlib.sha256(name.encode()).hexdigest()[:16]
    return user_cache() / short


def _project(url: URL, arguments: Sequence[str] = ()) -> Any:
    """The project as dbt reads it for databases of this name, wherever they are.

    It is read once in a process, and kept for the next one, which reads what changed only. What a
    run has of its own is not in it: dbt would read everything anew where another place, user or
    limit stands in the profile. A copy, for a run writes into it; None where the project cannot be
    read: the run says why.
    """
    from dbt.cli.main import dbtRunner

    backend = url.get_backend_name()
    name = str(url.database) if is_postgres(url) else database_file(url).stem
    if (backend, name) not in _PROJECTS:
        folder = _cache(f"{DBT_PROJECT} {backend} {name}")
        alike = {"RATEBOOK_DUCKDB_FILE": f"{name}.duckdb", "PGDATABASE": name} | ALIKE
        with set_environment(alike):
            found = dbtRunner().invoke(["parse", *_options(url, folder)])
        _heed_interrupt(found)
        if not found.success:
            return None
        found.result.selectors = {}  # dbt reads them elsewhere, and cannot copy them here
        found.result.files = {}  # for reading the project again only
        _PROJECTS[backend, name] = found.result
    project = _PROJECTS[backend, name].deepcopy()
    if UNIT_TEST in arguments:  # excluded: dbt would link them into its graph all the same
        project.unit_tests = {}
    return project


def _heed_interrupt(result: Any) -> None:
    """Raise the user's interrupt, which dbt gives back as if it were a failure."""
    if isinstance(result.exception, KeyboardInterrupt):
        raise result.exception


def _options(url: URL, folder: Path) -> list[str]:
    return [
        "--project-dir", str(DBT_PROJECT),
        "--profiles-dir", str(DBT_PROJECT),
        "--target", "postgres" if is_postgres(url) else "duckdb",
        "--target-path", str(folder / "target"),
        "--log-path", str(folder / "logs"),
        "--log-level", "none",
        "--log-level-file", "none",
        "--no-print",
        "--no-write-json",
    ]  # fmt: skip


@contextmanager
def _environment(url: URL) -> Iterator[None]:
    """What the profile reads; dbt keeps out of its logs what begins as the password's name does."""
    if not is_postgres(url):
        place = {"RATEBOOK_DUCKDB_FILE": str(database_file(url)), THREADS: str(threads())}
        with set_environment(place):
            yield
        return
    place = where_connected(url)
    secret = {SECRET_VARIABLE: place.pop("PGPASSWORD")}
    with libpq_environment(url), set_environment(place | secret):
        yield


@contextmanager
def _collecting_what_is_young() -> Iterator[None]:
    """Python's garbage collector leaves old objects alone: dbt's project is large, and stays."""
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(young, middle, old)


def _close_connections(url: URL) -> None:
    """Let go of the database, which dbt's adapter would hold until the process ends."""
    if is_postgres(url):
        from dbt.adapters.factory import cleanup_connections

        cleanup_connections()
    else:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        DuckDBConnectionManager.close_all_connections()


def _results(result: Any) -> list[NodeResult]:
    """What became of the nodes, or of dbt itself."""
    if result.exception is None:
        return [_node_result(one) for one in getattr(result.result, "results", [])]
    said = " ".join(str(result.exception).split())
    result.exception = None
    gc.collect()  # its traceback held dbt's connection, which keeps a DuckDB file open
    return [NodeResult("dbt", "dbt", "error", 0.0, 0, told(Exception(said)))]


def _node_result(result: Any) -> NodeResult:
    return NodeResult(
        name=result.node.name,
        resource_type=str(result.node.resource_type),
        status=str(result.status),
        seconds=result.execution_time,
        failures=result.failures or 0,
        message=_sentence((result.message or "").strip()),
        sql=getattr(result.node, "compiled_code", None) or "",
        materialized=str(getattr(result.node.config, "materialized", "")),
    )


def _sentence(message: str) -> str:
    """What dbt says, on one line: the database's own words where they are the cause."""
    first, *rest = message.splitlines() or [""]
    return told(Exception(rest[0].strip())) if rest else first
