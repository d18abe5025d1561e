"""Where the parts of the project lie, in a checkout and in an installed wheel alike."""

import hashlib
import os
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs

from rating.errors import RatebookError

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


def rating_version() -> str:
    """The installed version, with a mark of dbt and of the models that rate."""
    return f"{code_version()}+{models_fingerprint()[:8]}"


def user_cache() -> Path:
    """Where a user's commands keep what they can make again; raises `RatebookError`."""
    folder = Path(platformdirs.user_cache_dir("ratebook"))
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK) or not folder.is_dir():
        raise RatebookError(
            f"the cache folder {folder} cannot be written; name another by XDG_CACHE_HOME"
        )
    return folder


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
