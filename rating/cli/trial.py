"""The options of `ratebook try`: what there are, and how their texts become a trial."""

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Annotated, Any

import typer

from models.base import Base
from rating.cli.options import parse_month
from rating.cli.trial_texts import (
    assigned,
    factor_of,
    history_of,
    input_row,
    period_of,
    rider_row,
    unit_row,
)
from rating.errors import RatebookError
from rating.trial.rows import AGREEMENT_COLUMNS, READ_COLUMNS, Trial


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
        "An enrollment, by default from the first day of the first read on",
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
    read_from, read_to = period_of(
        billing_month, options["first"], options["last"], options["days"]
    )
    factors = [factor_of(text) for text in options["factor"] or []]
    inputs = [input_row(text) for text in options["factor_input"] or []]
    _require_one_each([rider for rider, _ in factors], {row["rider"] for row in inputs})
    history, history_names = history_of(options["history"] or [], billing_month)
    return Trial(
        schedule=schedule,
        month=billing_month,
        read_from=read_from,
        read_to=read_to,
        kwh=options["kwh"] or [""],
        utility=options["utility"],
        values=_values(options),
        riders=[rider_row(text) for text in options["rider"] or []],
        units=[unit_row(text) for text in options["units"] or []],
        lighting_hours=options["lighting_hours"],
        factors=dict(factors),
        inputs=inputs,
        history=history,
        history_names=history_names,
    )


def _require_one_each(factors: Sequence[str], with_inputs: Collection[str]) -> None:
    for rider in factors:
        if factors.count(rider) > 1 or rider in with_inputs:
            raise RatebookError(f"the factor of {rider} is given twice; keep one")


def _values(options: Mapping[str, Any]) -> dict[str, str]:
    """Quantities and attributes by name, from options of their own and from --set."""
    values = {
        name: "true" if options[name] is True else options[name]
        for name in [*READ_COLUMNS, *AGREEMENT_COLUMNS]
        if name != "kwh" and options[name] is not None
    }
    for text in options["set_"] or []:
        name, value = assigned("--set", text, "NAME=VALUE")
        if name == "kwh":
            raise RatebookError("kwh has an option of its own; give --kwh")
        if name in values:
            raise RatebookError(f"{name} is given twice; keep one")
        values[name] = value
    return values
