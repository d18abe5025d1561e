"""How Alembic reaches the database: by `sqlalchemy.url` or RATEBOOK_DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import create_engine, pool, text

from models import Base
from models.base import SCHEMAS

URL = context.config.get_main_option("sqlalchemy.url") or os.environ["RATEBOOK_DATABASE_URL"]


def _include(name: str | None, kind: str, _: object) -> bool:
    return kind != "schema" or name in SCHEMAS


engine = create_engine(URL, poolclass=pool.NullPool)
with engine.connect() as connection:
    connection.execute(text("set lock_timeout = '5s'"))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_schemas=True,
        include_name=_include,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
