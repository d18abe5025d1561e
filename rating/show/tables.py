"""The two kinds of tables that commands print."""

from rich.box import SIMPLE_HEAD
from rich.table import Table


def number_table(first: str, *headings: str) -> Table:
    """Columns of numbers beside a first one of names."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def word_table(title: str, *headings: str) -> Table:
    """Columns of words, which are folded, below a title."""
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
