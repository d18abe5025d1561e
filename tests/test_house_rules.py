"""The house rules that a machine can check."""

import ast
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel

from rating.project import DBT_PROJECT, ROOT, SEEDS
from rating.seed.read import read_books

CODE_FOLDERS = ("models", "rating", "migrations")
# Parts of one that every utility's arithmetic has: a hundredth, a thousandth.
CONVERSIONS = {"0.01", "0.001"}
LONGEST_FILE, LONGEST_FUNCTION = 250, 30
# A migration lists its tables, however many there are.
MEASURED_FOLDERS = ("models", "rating")
STUDY_RELATIONS = ROOT / "rating" / "study" / "relations"


def python_files(folders: tuple[str, ...] = CODE_FOLDERS) -> list[Path]:
    """The product's Python files."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def sql_files() -> list[Path]:
    """The product's SQL files: models, macros, tests, relations of studies."""
    files = (file for folder in ("models", "macros", "tests") for file in _below(folder))
    return sorted([*files, *STUDY_RELATIONS.rglob("*.sql")])


def _below(folder: str) -> Iterator[Path]:
    return (DBT_PROJECT / folder).rglob("*.sql")


def without_comments(sql: str) -> str:
    """SQL without its comments and Jinja's."""
    return re.sub(r"--[^\n]*", "", re.sub(r"\{#.*?#\}", "", sql, flags=re.DOTALL))


def literals(file: Path) -> Iterator[str]:
    """Numbers and texts of a Python file, docstrings left out."""
    tree = ast.parse(file.read_text("utf-8"))
    statements = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }  # a docstring is a statement of its own
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in statements:
            yield str(node.value)


def code_files() -> list[Path]:
    """The SQL and Python files in which no tariff may stand."""
    return [*sql_files(), *python_files()]


def code_of(file: Path) -> str:
    """The code of a file without comments; of Python its literals, each quoted."""
    if file.suffix == ".sql":
        return without_comments(file.read_text("utf-8"))
    return "\n".join(f"'{text}'" for text in literals(file))


def numbers_of(part: object) -> Iterator[str]:
    """The prices and percentages of a seed, as printed, that have decimals."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from numbers_of(getattr(part, name))
    elif isinstance(part, list | tuple):
        for one in part:
            yield from numbers_of(one)
    elif isinstance(part, dict):
        yield from numbers_of(list(part.values()))
    elif isinstance(part, Decimal) and "." in str(part):
        yield str(abs(part))
        yield f"{abs(part) / 100:f}"  # cents in dollars, a percentage as a fraction


@pytest.fixture(scope="module")
def seeds():
    """All shipped schedules."""
    return [schedule for book in read_books([SEEDS]) for schedule in book.schedules]


def named(file: Path) -> str:
    """A file as the house names it."""
    return str(file.relative_to(ROOT))


def test_no_schedule_code_stands_in_sql_or_python(seeds):
    # Short codes such as SP are words elsewhere; quoted they are codes.
    codes = {schedule.schedule for schedule in seeds}
    long = "|".join(re.escape(code) for code in codes if len(code) > 3 or not code.isalpha())
    short = "|".join(re.escape(code) for code in codes if len(code) <= 3 and code.isalpha())
    pattern = re.compile(rf"(?<![\w-])(?:{long})(?![\w-])|['\"](?:{short})['\"]")
    found = [
        f"{named(file)}: {match.group()}"
        for file in code_files()
        for match in pattern.finditer(code_of(file))
    ]
    assert not found


def test_no_price_or_percentage_of_a_tariff_stands_in_sql_or_python(seeds):
    prices = set(numbers_of(seeds)) - CONVERSIONS
    found = [
        f"{named(file)}: {number}"
        for file in code_files()
        for number in re.findall(r"(?<![\w.])\d+\.\d+(?![\w.])", code_of(file))
        if number in prices
    ]
    assert prices
    assert not found


def test_no_season_of_a_tariff_stands_in_sql_or_python(seeds):
    seasons = {
        season
        for schedule in seeds
        for version in schedule.versions
        if version.seasons
        for season in version.seasons.months
    }
    pattern = re.compile(rf"['\"](?:{'|'.join(seasons)})['\"]")
    assert seasons
    assert not [named(file) for file in code_files() if pattern.search(code_of(file))]


def test_every_dbt_model_has_its_yml_beside_it():
    missing = [
        named(file) for file in sorted(_below("models")) if not file.with_suffix(".yml").exists()
    ]
    assert not missing


def test_every_relation_begins_with_what_it_computes_and_its_grain():
    lacking = [
        named(file)
        for file in [*sorted(_below("models")), *sorted(STUDY_RELATIONS.rglob("*.sql"))]
        if not re.search(r"^-- One row per ", file.read_text("utf-8"), re.MULTILINE)
    ]
    assert not lacking


@pytest.mark.parametrize("file", python_files(MEASURED_FOLDERS), ids=named)
def test_python_file_is_not_too_long(file):
    assert len(file.read_text("utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("file", python_files(MEASURED_FOLDERS), ids=named)
def test_python_functions_are_not_too_long(file):
    tree = ast.parse(file.read_text("utf-8"))
    found = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not found


def test_sql_divides_in_the_tested_macro_only():
    found = [
        named(file)
        for file in sql_files()
        if file.name != "arithmetic.sql"
        and re.search(r"[\w)\]] / [\w(]", without_comments(file.read_text("utf-8")))
    ]
    assert not found


def test_no_binary_floating_point_touches_money_or_quantity():
    sql = [
        named(file)
        for file in sql_files()
        if re.search(r"\b(double|float\d?|real)\b", without_comments(file.read_text("utf-8")))
    ]
    python = [
        named(file) for file in python_files() if re.search(r"\bfloat\(", file.read_text("utf-8"))
    ]
    assert not sql + python


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_file_names_no_address_of_a_registry_and_no_path_of_a_machine(name):
    text = (ROOT / name).read_text("utf-8")
    pattern = r"\w+://\S+|--(?:extra-)?index-url|--find-links|(?<![\w.])/[a-z]+/\S+"
    assert not re.findall(pattern, text)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_file_pins_every_package_with_hashes(name):
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line and line[0] not in " #-"]
    assert packages
    assert not [line for line in packages if "==" not in line or "--hash=sha256:" not in line]
