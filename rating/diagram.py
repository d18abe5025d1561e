"""The tables drawn from the models, as Markdown with Mermaid: `python -m rating.diagram`.

docs/data-model.md carries what this prints, and a test holds the two together.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Column, Table
from sqlalchemy.sql.schema import ForeignKey

from models.base import SCHEMAS, Base


def drawing() -> str:
    """Every schema as a diagram of keys and references, and a table that says what a row is."""
    return "\n\n".join(_schema(name) for name in SCHEMAS) + "\n"


def _schema(schema: str) -> str:
    tables = [table for table in Base.metadata.sorted_tables if table.schema == schema]
    references = [line for table in tables for line in _references(table)]
    diagram = ["```mermaid", "erDiagram", *references, *map(_entity, tables), "```"]
    grains = [f"| `{table.name}` | {table.comment} |" for table in tables]
    return "\n".join(
        [f"### Schema {schema}", "", *diagram, "", "| table | holds |", "|---|---|", *grains]
    )


def _references(table: Table) -> Iterator[str]:
    for column in table.columns:
        for key in _sorted(column):
            parent = "|o" if column.nullable else "||"
            yield f"    {key.column.table.name} {parent}--o{{ {table.name} : {column.name}"


def _entity(table: Table) -> str:
    keys = [column for column in table.columns if column.primary_key or column.foreign_keys]
    return f"    {table.name} {{ {' '.join(map(_attribute, keys))} }}"


def _attribute(column: Column[object]) -> str:
    marks = ["PK"] * column.primary_key + ["FK"] * bool(column.foreign_keys)
    return f"{column.type.__visit_name__.lower()} {column.name} {', '.join(marks)}"


def _sorted(column: Column[object]) -> Sequence[ForeignKey]:
    return sorted(column.foreign_keys, key=lambda key: key.target_fullname)


if __name__ == "__main__":
    print(drawing(), end="")
