"""What every study is asked for besides: which result, of which months, and where it goes."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

from rating.cli.options import (
    FirstMonth,
    Json,
    LastMonth,
    console,
    errors,
    parse_months,
    print_json,
)
from rating.cli.report import Charts, Html, Tables, report
from rating.errors import RatebookError
from rating.memory.database import Months
from rating.report.facts import Facts, ReportFiles
from rating.show.study import first_columns, proof_exhibit
from rating.store.export import require_format_and_folder
from rating.study.database import changed_since, count_of, notes_of, rows_of, write_result

MOST_LISTED = 20

Output = Annotated[
    Path | None, typer.Option("--output", help="Write the result to FILE.csv or FILE.parquet.")
]
Relation = Annotated[
    str | None, typer.Option("--relation", help="Which of the study's results; default the first.")
]


@dataclass(frozen=True)
class Asked:
    """The result that is wanted, the billing months, and where the result and a report go."""

    chosen: str
    months: Months
    output: Path | None
    files: ReportFiles
    json: bool


def asked_of(
    relations: Sequence[str],
    *,
    first: FirstMonth = None,
    last: LastMonth = None,
    relation: Relation = None,
    output: Output = None,
    html: Html = None,
    charts: Charts = None,
    tables: Tables = None,
    json: Json = False,
) -> Asked:
    """What the options say; raises `RatebookError` before anything is rated."""
    if relation and relation not in relations:
        raise RatebookError(
            f"--relation {relation} is unknown; choose one of {', '.join(relations)}"
        )
    if output:
        require_format_and_folder(output)
    files = ReportFiles(html, charts, tables).check()
    return Asked(relation or relations[0], parse_months(first, last), output, files, json)


_, *_OPTIONS = inspect.signature(asked_of).parameters.values()


def with_results(
    relations: Sequence[str],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a study's command the options of `asked_of`; it gets what they say as `asked`."""

    def decorated(study: Callable[..., None]) -> Callable[..., None]:
        @wraps(study)
        def command(**given: Any) -> None:
            options = {one.name: given.pop(one.name) for one in _OPTIONS}
            study(asked_of(relations, **options), **given)

        _, *own = inspect.signature(study).parameters.values()
        command.__signature__ = inspect.Signature([*own, *_OPTIONS])  # type: ignore[attr-defined]
        return command

    return decorated


def show_result(connection: duckdb.DuckDBPyConnection, asked: Asked, facts: Facts) -> None:
    """Print or write a result, and the report if one is wanted."""
    print_result(connection, asked)
    report(connection, facts, asked.files, asked.json)


def print_result(connection: duckdb.DuckDBPyConnection, asked: Asked) -> None:
    """Print or write a result, and say on stderr what is to be said beside it."""
    run_id = changed_since(connection)
    if run_id is not None:
        errors.print(
            f"ratebook: what is loaded has changed since run {run_id}; run `ratebook rate` first,"
            " or the changes that a study shows hold those of tariffs and portfolio too"
        )
    for sentence in notes_of(connection):
        errors.print(f"ratebook: {sentence}", markup=False)
    if asked.output:
        rows = write_result(connection, asked.chosen, asked.output)
        console.print(f"{rows:,} rows of {asked.chosen} written to {asked.output}", highlight=False)
    elif asked.json:
        print_json(rows_of(connection, asked.chosen))
    elif asked.chosen == "proof":
        console.print(proof_exhibit(rows_of(connection, asked.chosen)), highlight=False)
    else:
        _print_table(connection, asked.chosen)


def _print_table(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    rows = rows_of(connection, relation, MOST_LISTED)
    total = count_of(connection, relation)
    table, hidden = first_columns(f"{relation}: {total:,} rows", rows, console.width)
    console.print(table)
    if total > len(rows):
        console.print(f"… and {total - len(rows):,} more; --output FILE writes all of them")
    if hidden:
        console.print(f"… and the columns {', '.join(hidden)}", highlight=False)
