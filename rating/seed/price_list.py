"""The promised relations of the tariffs, filled as soon as the tariffs are loaded."""

from functools import cache

import jinja2
from sqlalchemy import Connection, delete, text

from models.base import RATING, TARIFF, Base
from rating.project import DBT_PROJECT

PRICE_LIST = ("rate_schedule", "rate_version", "rate_price")


def publish_price_list(connection: Connection) -> None:
    """Replace the schedules, versions and prices by those of the tariff tables.

    They come of the queries of their dbt models, which a run publishes too.
    """
    for relation in PRICE_LIST:
        table = Base.metadata.tables[f"{RATING}.{relation}"]
        columns = ", ".join(table.columns.keys())
        query = f"select {columns} from (\n{_query(relation)}\n) as model"
        connection.execute(delete(table))
        connection.execute(text(f"insert into {table.fullname} ({columns}) {query}"))


@cache
def _query(relation: str) -> str:
    """The query of a dbt model that reads nothing but tariff tables."""
    model = (DBT_PROJECT / "models" / "marts" / f"{relation}.sql").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - SQL, not HTML
    return environment.from_string(model).render(
        source=lambda _, name: f"{TARIFF}.{name}", config=lambda **_: ""
    )
