"""How Alembic reaches the database: by the caller's URL, `sqlalchemy.url` or the environment."""

import os

from alembic import context
from sqlalchemy import create_engine, pool, text

from models import Base
from models.base import SCHEMAS

URL = (
    context.config.attributes.get("url")
    or context.config.get_main_option("sqlalchemy.url")
    or os.environ["RATEBOOK_DATABASE_URL"]
)


def _include(name: str | None, kind: str, _: object) -> bool:
    return kind != "schema" or name in SCHEMAS


engine = create_engine(URL, poolclass=pool.NullPool)
with engine.connect() as connection:
    # Rather fail than make readers queue behind a lock that is waited for, or hold one for hours.
    connection.execute(text("set lock_timeout = '5s'"))
    connection.execute(text("set statement_timeout = '10min'"))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table_schema="public",
        include_schemas=True,
        include_name=_include,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
