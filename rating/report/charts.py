"""The charts of a study's bills: revenue, price against hours use, size, impacts."""

from collections.abc import Callable, Iterator, Sequence

import altair as alt
import duckdb

from rating.memory.database import Months
from rating.report import data
from rating.report.chart import PRESENT, Drawing, Sides, drawing, faceted, panels, source
from rating.report.charts_results import frequency_curve, heat_map, typical_heat_map, typical_price
from rating.store.query import Row, query_rows

Charts = Iterator[Drawing]


def drawings(connection: duckdb.DuckDBPyConnection, months: Months) -> Sequence[Drawing]:
    """The charts that a study has the results for."""
    data.take_bills(connection, months)
    sides = Sides(*data.side_names(connection))
    names = data.result_names(connection)
    found = [one for maker in OF_BILLS for one in maker(connection, sides)]
    for relation, maker in OF_RESULTS:
        if relation in names:
            found.extend(maker(connection))
    return found


def impact_distribution(connection: duckdb.DuckDBPyConnection, sides: Sides) -> Charts:
    """How many agreements each band of change has, a panel a class."""
    if not sides.proposed:
        return
    found = query_rows(connection, data.BY_IMPACT)
    bands = list(dict.fromkeys(map(_band, sorted(found, key=_edge))))
    for number, part, rows in panels(found, "customer_class"):
        banded = [{**row, "band": _band(row)} for row in rows]
        chart = alt.Chart(source(banded, "agreements")).mark_bar(color=PRESENT)
        encoded = chart.encode(
            x=alt.X(
                "band:N",
                title="Change of the bills, %",
                sort=bands,
                axis=alt.Axis(labelAngle=-45),
                scale=alt.Scale(domain=bands),
            ),
            y=alt.Y("agreements:Q", title="Agreements", axis=alt.Axis(tickMinStep=1)),
        )
        yield drawing(
            f"impact_distribution_{number}",
            f"Distribution of impacts{part}",
            "A histogram for each class: how many agreements' bills change by how many per cent"
            f" from {sides.present.lower()} to {sides.proposed.lower()}.",
            faceted(encoded),
            rows,
            groups=["customer_class"],
            sides=sides,
        )


def monthly_revenue(connection: duckdb.DuckDBPyConnection, sides: Sides) -> Charts:
    """Revenue by billing month, a chart a utility."""
    rows = query_rows(connection, data.BY_MONTH)
    for utility, own in _by_utility(rows):
        chart = alt.Chart(source(sides.long(own, "usd"), "value"), width=780, height=230)
        encoded = chart.mark_bar().encode(
            x=alt.X("yearmonth(billing_month):O", title="Billing month"),
            xOffset=alt.XOffset("side:N", sort=sides.names),
            y=alt.Y("value:Q", title="Revenue, $", axis=alt.Axis(format="$,.0f")),
            color=sides.color(),
        )
        yield drawing(
            f"monthly_revenue_{utility}",
            f"Monthly revenue, {utility}",
            f"Bars of the bills' dollars in each billing month: {' and '.join(sides.names)}.",
            encoded,
            own,
            hidden=["utility"],
            sides=sides,
        )


def price_by_hours_use(connection: duckdb.DuckDBPyConnection, sides: Sides) -> Charts:
    """The average price of a kWh against hours use, a panel a schedule."""
    found = query_rows(connection, data.BY_HOURS_USE)
    for number, part, rows in panels(found, "utility", "schedule"):
        long = source(sides.long(rows, "cents_per_kwh"), "value", "hours_use_from")
        chart = alt.Chart(long).mark_line(point=alt.OverlayMarkDef(size=28))
        encoded = chart.encode(
            x=alt.X(
                "hours_use_from:Q", title="Hours use of demand, from", axis=alt.Axis(tickCount=4)
            ),
            y=alt.Y("value:Q", title="¢ a kWh", scale=alt.Scale(zero=False)),
            color=sides.color(),
            strokeDash=alt.StrokeDash("side:N", sort=sides.names, legend=None),
        )
        yield drawing(
            f"price_by_hours_use_{number}",
            f"Average price against hours use{part}",
            "A line for each schedule: dollars of all bills over their kWh, by bands of 50 hours"
            " use of the billing demand.",
            faceted(encoded),
            rows,
            groups=["utility", "schedule"],
            sides=sides,
        )


def bills_by_size(connection: duckdb.DuckDBPyConnection, sides: Sides) -> Charts:
    """A heat map of kW × hours use: the change in per cent, or how many bills there are."""
    rows = query_rows(connection, data.BY_SIZE)
    value, what = ("change_percent", "Change, %") if sides.proposed else ("bills", "Bills")
    for utility, own in _by_utility(rows):
        yield drawing(
            f"bills_by_size_{utility}",
            f"{what} by billing demand and hours use, {utility}",
            "A grid: billing demand from the left to the right, hours use upwards, each band from"
            f" its lower edge on; each cell says {what.lower()}.",
            heat_map(own, value, "kw_from", "hours_use_from", "+.1f" if sides.proposed else ",.0f"),
            own,
            hidden=["utility"],
            sides=sides,
        )


def _by_utility(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    for utility in dict.fromkeys(row["utility"] for row in rows):
        yield utility, [row for row in rows if row["utility"] == utility]


def _band(row: Row) -> str:
    """A band of changes in words: `+2 to +5`."""
    edge, direction = row["change_from_percent"], row["direction"]
    if direction == "unchanged":
        return "0"
    sign = "−" if direction == "lower" else "+"
    if edge is None:
        return f"{sign} from $0"
    after = next((one for one in data.IMPACT_EDGES if one > edge), None)
    return f"{sign}{edge} to {sign}{after}" if after else f"{sign}{edge} and more"


def _edge(row: Row) -> int:
    """Where a band of changes lies among the others."""
    edge = row["change_from_percent"]
    place = data.IMPACT_EDGES[-1] + 1 if edge is None else edge
    return {"lower": -place - 1, "unchanged": 0, "higher": place + 1}[row["direction"]]


OF_BILLS: Sequence[Callable[[duckdb.DuckDBPyConnection, Sides], Charts]] = (
    impact_distribution, monthly_revenue, price_by_hours_use, bills_by_size,
)  # fmt: skip
# By the result that a chart draws.
OF_RESULTS: Sequence[tuple[str, Callable[[duckdb.DuckDBPyConnection], Charts]]] = (
    ("frequency", frequency_curve),
    ("typical_curve", typical_price),
    ("typical_curve", typical_heat_map),
)
