"""Where the parts of the project lie, in a checkout and in an installed wheel alike."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

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
