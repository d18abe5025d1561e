"""Where the parts of the project lie, in a checkout and in an installed wheel alike."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs

ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT = ROOT / "dbt_project"
SEEDS = ROOT / "seeds"
MIGRATIONS = ROOT / "migrations"


def code_version() -> str:
    """The installed version of Ratebook."""
    try:
        return version("ratebook")
    except PackageNotFoundError:
        return "unknown"


def user_cache() -> Path:
    """Where a user's commands keep what they can make again."""
    return Path(platformdirs.user_cache_dir("ratebook"))


@cache
def models_fingerprint() -> str:
    """A text that changes with dbt and with any file of its project, as this process began."""
    found = hashlib.sha256()
    for package in ("dbt-core", "dbt-duckdb", "dbt-postgres"):
        found.update(version(package).encode())
    for file in sorted(DBT_PROJECT.rglob("*")):
        if file.suffix in (".sql", ".yml") and "target" not in file.parts:
            found.update(f"{file.relative_to(DBT_PROJECT)}".encode() + file.read_bytes())
    return found.hexdigest()
