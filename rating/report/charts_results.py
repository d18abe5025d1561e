"""The charts of single results: bill frequency, and typical bills of a grid of kW and kWh."""

from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt
import duckdb

from rating.report import data
from rating.report.chart import Drawing, Sides, drawing, faceted, panels, source
from rating.store.query import Row, query_rows

CURVES = Sides("Bills", "kWh")


def frequency_curve(connection: duckdb.DuckDBPyConnection) -> Iterator[Drawing]:
    """Cumulative bills and kWh against use, a panel a schedule and season."""
    found = query_rows(connection, data.FREQUENCY)
    for number, part, rows in panels(found, "utility", "schedule", "season"):
        long = [
            {**row, "side": side, "value": row[column]}
            for row in rows
            for side, column in zip(CURVES.names, ("bills_percent", "kwh_percent"), strict=True)
        ]
        chart = alt.Chart(source(long, "value", "to_kwh")).mark_line()
        encoded = chart.encode(
            x=alt.X("to_kwh:Q", title="Use up to, kWh a bill", axis=alt.Axis(tickCount=4)),
            y=alt.Y("value:Q", title="% of all", scale=alt.Scale(domain=[0, 100])),
            color=CURVES.color(),
            strokeDash=alt.StrokeDash("side:N", sort=CURVES.names, legend=None),
        )
        yield drawing(
            f"frequency_curve_{number}",
            f"Bill frequency{part}",
            "Two curves for each schedule and season against the use of a bill: the share of bills"
            " that use no more, and the share of kWh that all bills use up to there.",
            faceted(encoded),
            rows,
            groups=["utility", "schedule", "season"],
        )


def typical_price(connection: duckdb.DuckDBPyConnection) -> Iterator[Drawing]:
    """The average price of typical bills against hours use, a line a size in kW."""
    found = query_rows(connection, data.TYPICAL_CURVE)
    for number, part, rows in panels(found, "utility", "schedule", "season"):
        numbers = ("average_cents_per_kwh", "hours_use", "kw")
        chart = alt.Chart(source(rows, *numbers)).mark_line(point=alt.OverlayMarkDef(size=28))
        encoded = chart.encode(
            x=alt.X("hours_use:Q", title="Hours use of demand", axis=alt.Axis(tickCount=4)),
            y=alt.Y("average_cents_per_kwh:Q", title="¢ a kWh", scale=alt.Scale(zero=False)),
            color=alt.Color("kw:O", title="kW", scale=alt.Scale(scheme="viridis")),
            strokeDash=alt.StrokeDash("kw:O", legend=None),
        )
        yield drawing(
            f"typical_price_{number}",
            f"Average price against hours use{part}",
            "A panel for each schedule and season, a line for each size in kW: the bill's dollars"
            " over its kWh, against kWh a kW.",
            faceted(encoded),
            rows,
            groups=["utility", "schedule", "season"],
        )


def typical_heat_map(connection: duckdb.DuckDBPyConnection) -> Iterator[Drawing]:
    """The average price of typical bills by kW × hours use, a chart a schedule and season."""
    found = query_rows(connection, data.TYPICAL_CURVE)
    titled = [(" ".join(filter(None, (row["utility"], row["schedule"], row["season"]))), row)
              for row in found]  # fmt: skip
    for title in dict.fromkeys(title for title, _ in titled):
        own = [row for one, row in titled if one == title]
        yield drawing(
            f"typical_heat_map_{title}",
            f"¢ a kWh by kW and hours use, {title}",
            "A grid: kW from the left to the right, hours use upwards; each cell says the average"
            " price of a kWh in cents.",
            heat_map(own, "average_cents_per_kwh", "kw", "hours_use", ".2f"),
            own,
            hidden=["utility", "schedule", "season"],
        )


def heat_map(rows: Sequence[Row], value: str, across: str, upwards: str, shape: str) -> Any:
    """A grid of cells that say their value; one of changes (`+`) parts at nothing."""
    scheme = (
        alt.Scale(scheme="blueorange", domainMid=0)
        if shape.startswith("+")
        else alt.Scale(scheme="blues")
    )
    base = alt.Chart(source(rows, value, across, upwards), width=640, height=230).encode(
        x=alt.X(f"{across}:O", title="Demand, kW", axis=alt.Axis(labelAngle=0, format=",~f")),
        y=alt.Y(f"{upwards}:O", title="Hours use", sort="descending", axis=alt.Axis(format=",~f")),
    )
    cells = base.mark_rect(stroke="white").encode(
        color=alt.Color(f"{value}:Q", scale=scheme, legend=None)
    )
    text = alt.Text(f"{value}:Q", format=shape)
    halo = base.mark_text(fontSize=11, stroke="white", strokeWidth=3).encode(text=text)
    return cells + halo + base.mark_text(fontSize=11, color="#000").encode(text=text)
