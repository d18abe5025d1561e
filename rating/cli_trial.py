"""The options of `ratebook try`: what there are, and how their texts become a trial."""

import csv
import datetime
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from models.base import Base
from rating.cli_options import parse_month
from rating.errors import RatebookError
from rating.trial_rows import AGREEMENT_COLUMNS, READ_COLUMNS, Row, Trial

_PERIOD = {"billing_month", "read_from", "read_to"}
_PRICE = re.compile(r"[+-]?\d{1,4}(\.\d{1,8})?")


def _option(flag: str, help_: str, form: Any = str, metavar: str | None = None) -> Any:
    return Annotated[form | None, typer.Option(flag, help=help_, metavar=metavar)]


def _repeatable(flag: str, metavar: str, help_: str) -> Any:
    return _option(flag, f"{help_}; repeatable.", list[str], metavar)


_OPTIONS = {
    "utility": _option("--utility", "Needed where several have a schedule of that name."),
    "kwh": _repeatable("--kwh", "N", "Energy delivered, kWh: a bill for each"),
    "first": _option("--from", "First day of service; default: of the month.", metavar="DATE"),
    "last": _option("--to", "Day after the last day of service.", metavar="DATE"),
    "days": Annotated[
        int | None, typer.Option("--days", min=1, help="Days from --from on, or up to --to.")
    ],
    "set_": _repeatable("--set", "NAME=VALUE", "Any other quantity of the read, or attribute"),
    "rider": _repeatable(
        "--rider",
        "RIDER[:OPTION[:QUANTITY[:START]]]",
        "An enrolment, by default from the first day of the first read on",
    ),
    "units": _repeatable("--units", "CODE[:WATTS]=N", "Lights or poles"),
    "lighting_hours": _option("--lighting-hours", "Hours from dusk to dawn.", metavar="N"),
    "factor": _repeatable("--factor", "RIDER=PRICE", "The month's factor of a clause or rider"),
    "factor_input": _repeatable(
        "--factor-input", "RIDER:[YYYY-MM:]NAME=VALUE", "Or an input of its formula"
    ),
    "history": _repeatable(
        "--history",
        "YYYY-MM:NAME=VALUE,…|FILE",
        "Earlier reads, or a CSV file with columns of meter_reads",
    ),
}


def with_trial_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a trial; it gets them as keywords, for `trial_of`.

    Every column of a read and of an agreement has one, with what its model says as help.
    """
    signature = inspect.signature(command, eval_str=True)
    own = [one for one in signature.parameters.values() if one.kind is not one.VAR_KEYWORD]
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=form)
        for name, form in {**_column_options(), **_OPTIONS}.items()
    ]
    command.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    return command


def _column_options() -> dict[str, Any]:
    found = {}
    for owner, table, columns in (
        ("read", "portfolio.meter_read", READ_COLUMNS),
        ("agreement", "portfolio.service_agreement", AGREEMENT_COLUMNS),
    ):
        for name, column in columns.items():
            flag = f"--{name.replace('_', '-')}"
            comment = Base.metadata.tables[table].columns[name].comment
            help_ = f"Of the {owner}{': ' + comment if comment else ''}."
            if column.kind == "boolean":
                found[name] = _option(flag, help_, bool)
            else:
                found[name] = _option(flag, help_, metavar="N" if column.kind != "text" else "TEXT")
    return found


def trial_of(schedule: str, month: str, options: Mapping[str, Any]) -> Trial:
    """What the options say is to be tried; raises `RatebookError` for a text of the wrong form."""
    billing_month = parse_month(month)
    read_from, read_to = _period(billing_month, options["first"], options["last"], options["days"])
    history, history_names = _history(options["history"] or [], billing_month)
    return Trial(
        schedule=schedule,
        month=billing_month,
        read_from=read_from,
        read_to=read_to,
        kwh=options["kwh"] or [""],
        utility=options["utility"],
        values=_values(options),
        riders=[_rider(text) for text in options["rider"] or []],
        units=[_units(text) for text in options["units"] or []],
        lighting_hours=options["lighting_hours"],
        factors=dict(_factor(text) for text in options["factor"] or []),
        inputs=[_input(text) for text in options["factor_input"] or []],
        history=history,
        history_names=history_names,
    )


def _values(options: Mapping[str, Any]) -> dict[str, str]:
    """Quantities and attributes by name, from options of their own and from --set."""
    values = {
        name: "true" if options[name] is True else options[name]
        for name in [*READ_COLUMNS, *AGREEMENT_COLUMNS]
        if name != "kwh" and options[name] is not None
    }
    for text in options["set_"] or []:
        name, value = _assigned("--set", text, "NAME=VALUE")
        if name == "kwh" or name in values:
            raise RatebookError(f"{name} has an option of its own, or is given twice; give it once")
        values[name] = value
    return values


def _assigned(option: str, text: str, form: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=")
    if not (name and equals and value):
        raise RatebookError(f"{option} {text} is not understood; write {form}")
    return name.strip(), value.strip()


def _rider(text: str) -> Row:
    names = ("rider", "option", "quantity", "start_date")
    parts = text.split(":")
    if len(parts) > len(names) or not parts[0]:
        raise RatebookError(
            f"--rider {text} is not understood; write RIDER[:OPTION[:QUANTITY[:START]]]"
        )
    return {name: part for name, part in zip(names, parts, strict=False) if part}


def _units(text: str) -> Row:
    code, quantity = _assigned("--units", text, "CODE=N or CODE:WATTS=N")
    code, _, watts = code.partition(":")
    return {"unit_code": code, "input_watts": watts, "quantity": quantity}


def _factor(text: str) -> tuple[str, str]:
    rider, price = _assigned("--factor", text, "RIDER=PRICE")
    if not _PRICE.fullmatch(price):
        raise RatebookError(f"--factor {text}: write the price in dollars, such as 0.00125")
    return rider, price


def _input(text: str) -> Row:
    form = "RIDER:NAME=VALUE or RIDER:YYYY-MM:NAME=VALUE"
    name, value = _assigned("--factor-input", text, form)
    rider, *months, variable = name.split(":")
    if not rider or len(months) > 1 or name == variable:
        raise RatebookError(f"--factor-input {text} is not understood; write {form}")
    row = {"rider": rider, "variable": variable, "value": value}
    return {**row, "billing_month": f"{parse_month(months[0]):%Y-%m}"} if months else row


def _period(
    month: datetime.date, first: str | None, last: str | None, days: int | None
) -> tuple[datetime.date, datetime.date]:
    """The day of the first read and that of the next; by default the calendar month."""
    if first and last and days:
        raise RatebookError("give two of --from, --to and --days; the third follows")
    length = datetime.timedelta(days=days or 0)
    read_from, read_to = _day("--from", first), _day("--to", last)
    if days and read_from:
        read_to = read_from + length
    read_to = read_to or _month_after(month)
    if days and not read_from:
        read_from = read_to - length
    return read_from or month, read_to


def _day(option: str, text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise RatebookError(f"{option} {text} is not a date; write YYYY-MM-DD") from None


def _month_after(month: datetime.date) -> datetime.date:
    return (month + datetime.timedelta(days=31)).replace(day=1)


def _history(texts: Iterable[str], month: datetime.date) -> tuple[list[Row], frozenset[str]]:
    """Earlier reads, over calendar months where no dates are given, and the names typed.

    Of a file the reads before the month count, so that it may be an agreement's whole history.
    """
    rows: list[Row] = []
    names: set[str] = set()
    for text in texts:
        if re.match(r"\d{4}-\d{2}:", text):
            row = _typed_read(text)
            if row["read_from"] >= month:
                raise RatebookError(f"--history {text} is not before {month:%Y-%m}; leave it out")
            rows.append(row)
            names |= row.keys() - _PERIOD
        else:
            found = _reads_of_file(Path(text))
            rows += [row for row in found if row["billing_month"] < f"{month:%Y-%m}"]
    return rows, frozenset(names)


def _typed_read(text: str) -> Row:
    month, _, values = text.partition(":")
    form = "YYYY-MM:NAME=VALUE,NAME=VALUE"
    return _dated(
        {
            "billing_month": month,
            **dict(_assigned("--history", one, form) for one in values.split(",")),
        }
    )


def _dated(row: Row) -> Row:
    """A read with its dates; by default those of the calendar month."""
    month = parse_month(row["billing_month"])
    return {
        **row,
        "read_from": _day("--history", row.get("read_from")) or month,
        "read_to": _day("--history", row.get("read_to")) or _month_after(month),
    }


def _reads_of_file(path: Path) -> list[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, skipinitialspace=True, restval="", strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise RatebookError(
            f"--history {path} cannot be read; name a CSV file, or write YYYY-MM:NAME=VALUE"
        ) from None
    if any("billing_month" not in row for row in rows):
        raise RatebookError(f"--history {path} lacks the column billing_month; add it")
    if any(None in row for row in rows):
        raise RatebookError(f"--history {path} has more fields in a row than in its header")
    if len({row.pop("agreement_id", None) for row in rows}) > 1:
        raise RatebookError(f"--history {path} has reads of several agreements; keep one's")
    return [_dated(row) for row in rows]
