"""A chart of a report, drawn by Vega-Lite without a browser or a network.

Numbers go into a chart as texts, which Vega reads: no decimal becomes a float here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import altair as alt
import vl_convert

from rating.report.layouts import Layout
from rating.report.tables import Table, make_table
from rating.store.query import Row

FONT = "Roboto, Helvetica, Arial, sans-serif"
# Told apart by lightness and form too, for paper and for who does not see colours.
PRESENT, PROPOSED = "#1b4f8f", "#e08a2e"
# As many panels as fit on a sheet of paper.
PANELS, ACROSS = 9, 3
PANEL_WIDTH, PANEL_HEIGHT = 235, 115


@dataclass(frozen=True)
class Drawing:
    """A chart as a Vega-Lite specification, in words, and as a table; the name is its file's."""

    name: str
    title: str
    description: str
    specification: dict[str, Any]
    table: Table

    def svg(self) -> str:
        """The chart as an SVG element for a page, with its title and description."""
        drawn = str(vl_convert.vegalite_to_svg(self.specification))
        drawn = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{self.name}-", drawn)
        said = (
            f'role="img" aria-labelledby="{self.name}-title {self.name}-description">'
            f'<title id="{self.name}-title">{escape(self.title)}</title>'
            f'<desc id="{self.name}-description">{escape(self.description)}</desc>'
        )
        return drawn.replace(">", f" {said}", 1)

    def png(self) -> bytes:
        """The chart as a PNG image, two pixels a point."""
        return bytes(vl_convert.vegalite_to_png(self.specification, scale=2))


@dataclass(frozen=True)
class Sides:
    """What the two sides of a study's bills are called; the second may be none."""

    present: str
    proposed: str

    @property
    def names(self) -> list[str]:
        """The sides that there are."""
        return [self.present, self.proposed] if self.proposed else [self.present]

    @property
    def words(self) -> dict[str, str]:
        """Their names, by the beginnings of the columns that hold them."""
        return dict(zip(("present", "proposed"), self.names, strict=False)) if self.present else {}

    def long(self, rows: Sequence[Row], suffix: str) -> list[Row]:
        """A row for each side of each row, with `side` and `value`, from its columns by suffix."""
        columns = list(zip(("present", "proposed"), self.names, strict=False))
        return [
            {**row, "side": name, "value": row[f"{column}_{suffix}"]}
            for row in rows
            for column, name in columns
        ]

    def color(self) -> alt.Color:
        """The colors of the sides, with a legend where there are two."""
        scale = alt.Scale(domain=self.names, range=[PRESENT, PROPOSED][: len(self.names)])
        legend = alt.Legend(title=None, orient="top") if self.proposed else None
        return alt.Color("side:N", scale=scale, legend=legend)


def source(rows: Sequence[Row], *numbers: str) -> alt.InlineData:
    """The rows as the data of a chart, all as texts; Vega reads those of `numbers`."""
    texts = [
        {name: None if value is None else str(value) for name, value in row.items()} for row in rows
    ]
    kinds = dict.fromkeys(numbers, "number")
    return alt.InlineData(values=texts, format={"type": "json", "parse": kinds})


def panels(rows: Sequence[Row], *names: str) -> Iterator[tuple[int, str, list[Row]]]:
    """The rows by sheets of so many panels: a number, words for the title, rows with `panel`."""
    titled = [{**row, "panel": _title(row, names)} for row in rows]
    titles = list(dict.fromkeys(row["panel"] for row in titled))
    sheets = [titles[start : start + PANELS] for start in range(0, len(titles), PANELS)]
    for number, sheet in enumerate(sheets, start=1):
        part = f" ({number} of {len(sheets)})" if len(sheets) > 1 else ""
        yield number, part, [row for row in titled if row["panel"] in sheet]


def _title(row: Row, names: Sequence[str]) -> str:
    return " · ".join(str(row[name]) for name in names if row[name]) or "not stated"


def faceted(chart: alt.Chart) -> alt.FacetChart:
    """The chart as panels, each with a scale of its own."""
    panel = alt.Facet("panel:N", title=None, sort=None, header=alt.Header(labelFontWeight="bold"))
    sized = chart.properties(width=PANEL_WIDTH, height=PANEL_HEIGHT)
    whole: alt.FacetChart = sized.facet(facet=panel, columns=ACROSS)
    own: alt.FacetChart = whole.resolve_scale(x="independent", y="independent")
    return own


def drawing(
    name: str, title: str, description: str, chart: Any, rows: Sequence[Row],
    groups: Sequence[str] = (), hidden: Sequence[str] = (), sides: Sides = Sides("", ""),
) -> Drawing:  # fmt: skip
    """A chart with the table of its numbers."""
    layout = Layout(f"{title}: the numbers", groups, [*hidden, "panel"], sides=sides.words)
    name = re.sub(r"[^a-z0-9]+", "_", name.lower())
    table = make_table(name, layout, rows, len(rows))
    return Drawing(name, title, description, _specification(chart), table)


def _specification(chart: Any) -> dict[str, Any]:
    """The chart for a printed page: black on white, nothing that moves."""
    styled = chart.configure(font=FONT, background="white", aria=False).configure_axis(
        labelFontSize=11, titleFontSize=11, titleFontWeight="normal", titlePadding=16,
        labelColor="#000", titleColor="#000", gridColor="#ddd",
    )  # fmt: skip
    specification: dict[str, Any] = styled.configure_view(stroke="#888").to_dict()
    return specification
