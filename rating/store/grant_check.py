"""What a role could do beyond reading tariffs, portfolio and bills, whoever gave it the right."""

from sqlalchemy import Connection, text

from models.base import SCHEMAS
from rating.store.migrate import REVISIONS

FILE_FUNCTIONS = (
    r"^(pg_read_(binary_)?file|pg_stat_file|pg_ls_.*dir|pg_file_.*|lo_import|lo_export)$"
)
# Each query gives what the role can do, in words that end the sentence "role R …".
FINDINGS = (
    "select 'is a superuser' from pg_roles where rolname = :role and rolsuper",
    """
    select 'is a member of ' || rolname from pg_roles
    where rolname ~ '^pg_(read_server_files|write_server_files|execute_server_program|.*_all_data)$'
        and pg_has_role(:role, oid, 'usage')
    """,
    """
    select distinct 'can run ' || proname || ', which reaches files' from pg_proc
    where proname ~ :file_functions and has_function_privilege(:role, oid, 'execute')
    """,
    """
    select 'can create in schema ' || nspname from pg_namespace
    where has_schema_privilege(:role, oid, 'create')
    """,
    """
    select 'can write to ' || cast(cast(oid as regclass) as text) from pg_class
    where relkind in ('r', 'p', 'v', 'm', 'f') and relnamespace <> 'pg_catalog'::regnamespace
        and has_schema_privilege(:role, relnamespace, 'usage')
        and has_table_privilege(:role, oid, 'insert, update, delete, truncate')
    """,
    """
    select 'can read ' || cast(cast(oid as regclass) as text) from pg_class
    where relkind in ('r', 'p', 'v', 'm', 'f') and oid <> cast(:revisions as regclass)
        and cast(cast(relnamespace as regnamespace) as text) <> all(:schemas)
        and has_schema_privilege(:role, relnamespace, 'usage')
        and has_table_privilege(:role, oid, 'select')
    """,
)


def beyond_an_analyst(connection: Connection, role: str) -> list[str]:
    """One sentence for each thing that an analyst may not do and the role could; 10 at most."""
    values = {
        "role": role,
        "file_functions": FILE_FUNCTIONS,
        "revisions": REVISIONS,
        "schemas": [*SCHEMAS, "pg_catalog", "information_schema"],
    }
    found = [
        words
        for query in FINDINGS
        for words in connection.scalars(text(query.replace("::", r"\:\:")), values)
    ]
    advice = "revoke that, from it, from PUBLIC or from a role it belongs to; nothing was granted"
    return [f"role {role} {words}; {advice}" for words in found[:10]]
