"""The pages hold: commands and examples run as written, and show what they really print.

`python tests/test_docs.py` writes what they print now, and the drawing of the tables, into them.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from forked import program
from helpers import database_at

from models import tariff
from models.base import Base
from rating.cli.app import app
from rating.demo import demo
from rating.diagram import drawing
from rating.portfolio.relations import RELATIONS
from rating.project import DBT_PROJECT, ROOT
from rating.seed.blocks import SplitSeed
from rating.seed.format import VersionSeed
from rating.seed.pricing import STAGES, ChargeSeed
from rating.seed.quantities import DemandSeed, DemandTermSeed, DeterminantSeed
from rating.seed.read import read_books
from rating.seed.rows import tariff_rows
from rating.store.export import promised_relations
from rating.store.urls import database_file

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = ("sh", "python", "sql")
MARK = "=== end of block ==="
# What makes the environment itself is not run inside it.
OUTSIDE = re.compile(r"(make|pip|git) ")
ASK = (
    "import duckdb, sys; database = duckdb.connect('ratebook-demo.duckdb', read_only=True);"
    " print(database.sql(sys.stdin.read()))"
)
FOLDER = "riverside-seeds"


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; `output` is the text block that follows it, if one does."""

    kind: str
    text: str
    output: str | None


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in their order."""
    found = FENCE.findall(page.read_text("utf-8"))
    following = [*found[1:], ("", "")]
    return [
        Block(kind, text, output if next_kind == "text" else None)
        for (kind, text), (next_kind, output) in zip(found, following, strict=False)
    ]


def script(page: Path) -> str:
    """The commands and examples of a page as one shell script, as its reader would run them."""
    return "set -e\n" + "".join(
        f"{_runnable(block)}echo '{MARK}'\n" for block in blocks(page) if block.kind in RUN
    )


def _runnable(block: Block) -> str:
    if block.kind == "sh":
        lines = block.text.splitlines(keepends=True)
        return "".join(f": {line}" if OUTSIDE.match(line) else line for line in lines)
    command = "python -" if block.kind == "python" else f'python -c "{ASK}"'
    return f"{command} <<'EXAMPLE'\n{block.text}EXAMPLE\n"


def plain(text: str) -> list[str]:
    """The lines of an output without blanks at their ends and without empty lines at its own."""
    return [line.rstrip() for line in text.strip("\n").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make demo` leaves behind."""
    return make_demo(tmp_path_factory.mktemp("demo"))


def make_demo(folder: Path) -> Path:
    """The file that `ratebook demo` makes."""
    url = database_at(folder, "ratebook-demo")
    assert demo(url).run.status == "published"
    return database_file(url)


def outputs(page: Path, demo_database: Path, desk: Path) -> list[tuple[Block, str]]:
    """What the blocks of a page print, run in a folder as a reader has it after `make demo`."""
    shutil.copy(demo_database, desk)
    (desk / "seeds").symlink_to(ROOT / "seeds")
    (desk / ".venv").symlink_to(sys.prefix)
    write_example_seeds(desk / FOLDER)
    environment = {key: value for key, value in os.environ.items() if key[:8] != "RATEBOOK"}
    environment["RATEBOOK_THREADS"] = "1"
    places = [str(program().parent), str(Path(sys.executable).parent), environment["PATH"]]
    environment["PATH"] = os.pathsep.join(places)
    done = subprocess.run(
        ["bash", "-c", script(page)],
        cwd=desk, env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shown = [block for block in blocks(page) if block.kind in RUN]
    return list(zip(shown, done.stdout.split(MARK + "\n"), strict=False))


def runnable_pages() -> list[Path]:
    """The pages that have something to run."""
    return [page for page in PAGES if any(block.kind in RUN for block in blocks(page))]


@pytest.mark.parametrize("page", runnable_pages(), ids=lambda page: page.name)
def test_commands_and_examples_run_and_print_what_the_page_shows(page, demo_database, tmp_path):
    for block, output in outputs(page, demo_database, tmp_path):
        if block.output is not None:
            assert plain(output) == plain(block.output)


# The seed format

PART = """\
utility: {utility}
schedule: EXAMPLE-{number}
title: An example
kind: {kind}
document: {document}
versions:
  - effective_from: 2024-01-01
    sheet: p. 1
"""


def examples() -> list[str]:
    """The YAML examples of the page: the utility, whole schedules, and parts of a version."""
    return [block.text for block in blocks(DOCS / "transcribing.md") if block.kind == "yaml"]


def write_example_seeds(folder: Path) -> Path:
    """A seed folder of the page's examples; each part of a version makes a schedule."""
    utility = yaml.safe_load(examples()[0])
    home = folder / utility["utility"]
    home.mkdir(parents=True)
    (home / "utility.yaml").write_text(examples()[0], "utf-8")
    for number, example in enumerate(examples()[1:], start=1):
        whole = example.startswith("utility:")
        text = example if whole else _schedule_of(example, number, utility)
        (home / f"example-{number}.yaml").write_text(text, "utf-8")
    return folder


def _schedule_of(part: str, number: int, utility: dict[str, Any]) -> str:
    kinds = {"formula:": "adjustment", "option:": "rider", "kind: difference": "rider"}
    head = PART.format(
        utility=utility["utility"],
        number=number,
        kind=next((kind for name, kind in kinds.items() if name in part), "rate"),
        document=utility["documents"][0]["document"],
    )
    return head + textwrap.indent(part, "    ")


def test_every_yaml_example_loads(tmp_path):
    books = read_books([write_example_seeds(tmp_path / FOLDER)])
    rows = tariff_rows(books)
    assert len(rows[tariff.Schedule]) == len(examples()) - 1


def test_transcribing_page_names_every_field_of_the_seed_format():
    text = (DOCS / "transcribing.md").read_text("utf-8")
    forms = (VersionSeed, ChargeSeed, DeterminantSeed, DemandSeed, DemandTermSeed, SplitSeed)
    fields = {name for form in forms for name in form.model_fields}
    assert not {name for name in fields if not re.search(rf"\b{name}\b", text)}


@pytest.mark.parametrize(
    ("page", "heading", "modules"),
    [
        ("transcribing.md", "What is refused", "seed/*.py"),
        ("portfolio.md", "Loading, and what is rejected", "portfolio/*.py"),
    ],
)
def test_the_sentences_that_a_page_explains_are_those_of_the_code(page, heading, modules):
    files = sorted((ROOT / "rating").glob(modules))
    source = "".join(file.read_text("utf-8") for file in files)
    source = re.sub(r'"\s*\n\s*f?"', "", source)
    sentences = re.findall(r"^\| `([^`]+)` \|", section(page, heading), re.MULTILINE)
    assert len(sentences) > 10
    parts = [part.strip() for sentence in sentences for part in sentence.split("…")]
    assert not [part for part in parts if part not in source]


def section(page: str, heading: str) -> str:
    """The text of a page under a heading."""
    text = (DOCS / page).read_text("utf-8")
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


# Names that the pages give


def test_data_model_page_carries_the_diagram_that_the_models_give():
    assert drawing() in (DOCS / "data-model.md").read_text("utf-8")


def test_data_model_page_names_the_stages_in_their_order():
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", section("data-model.md", "Stages"), re.MULTILINE)
    assert [(int(number), name) for number, name in rows] == [(n, s) for s, n in STAGES.items()]


def test_every_dbt_model_that_a_page_names_exists():
    models = {file.stem for file in (DBT_PROJECT / "models").rglob("*.sql")}
    text = "".join(page.read_text("utf-8") for page in PAGES)
    named = set(re.findall(r"\b((?:int|stg)_[a-z0-9_]+[a-z0-9])\b", text))
    assert named
    assert not named - models


def test_every_table_that_a_page_names_exists():
    tables = {table.fullname for table in Base.metadata.sorted_tables}
    text = "".join(page.read_text("utf-8") for page in PAGES)
    named = set(re.findall(r"\b((?:tariff|portfolio|rating)\.[a-z]+(?:_[a-z]+)*)\b", text))
    assert named
    assert not named - tables - {"portfolio.md"}


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_portfolio_page_names_the_columns_of_a_file_and_those_it_must_have(relation):
    page = section("portfolio.md", "The files")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{relation.name}` |"))
    columns = row.split("|", maxsplit=2)[2]
    key, _ = columns.split("\\|")
    assert set(re.findall(r"`(\w+)`", columns)) == set(relation.names)
    assert set(re.findall(r"\*\*`(\w+)`\*\*", columns)) == set(relation.header)
    assert set(re.findall(r"`(\w+)`", key)) == {column.name for column in relation.key}


def commands() -> dict[str, set[str]]:
    """The commands of the command line and the options of each."""
    found = dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    for name, group in list(found.items()):
        for inner, command in getattr(group, "commands", {}).items():
            found[f"{name} {inner}"] = command
    return {
        name: {option for part in command.params for option in part.opts}
        for name, command in found.items()
    }


def test_readme_mentions_every_command():
    text = (ROOT / "README.md").read_text("utf-8")
    assert not [name for name in commands() if f"`ratebook {name}" not in text]


def test_pages_mention_only_commands_and_options_that_exist():
    known = commands()
    wrong = []
    for page in PAGES:
        for line in re.findall(r"(?<![\w-])ratebook ([a-z][^`\n]*)", _code_of(page)):
            name, *words = line.split()
            name = two if words and (two := f"{name} {words[0]}") in known else name
            options = {word.split("=")[0] for word in words if word.startswith("--")}
            if name not in known or options - known[name] - {"--help"}:
                wrong.append(f"{page.name}: ratebook {line}")
    assert not wrong


def _code_of(page: Path) -> str:
    text = page.read_text("utf-8")
    fenced = "\n".join(block.text for block in blocks(page) if block.kind == "sh")
    return fenced + "\n" + "\n".join(re.findall(r"`([^`\n]+)`", FENCE.sub("", text)))


def test_data_model_page_names_every_promised_relation():
    text = (DOCS / "data-model.md").read_text("utf-8")
    assert not [name for name in promised_relations() if f"`{name}`" not in text]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", FENCE.sub("", page.read_text("utf-8")))
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_make_targets_that_the_readme_names_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"\bmake (\w+)`?", _code_of(ROOT / "README.md")))
    assert {"demo", "test", "lint"} <= named
    assert not [name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)]


def test_no_page_has_a_line_that_is_too_long():
    tables = re.compile(r"^(\||    \w+ \{)")
    longest = {
        page.name: max(
            (len(line) for line in page.read_text("utf-8").splitlines() if not tables.match(line)),
            default=0,
        )
        for page in PAGES
    }
    assert not {name: width for name, width in longest.items() if width > 120}


def refresh() -> None:
    """Write into the pages what their examples print now, and the drawing of the tables."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        file = make_demo(Path(folder))
        for number, page in enumerate(runnable_pages()):
            desk = Path(folder) / str(number)
            desk.mkdir()
            _write_outputs(page, outputs(page, file, desk))
    page = DOCS / "data-model.md"
    text = page.read_text("utf-8")
    page.write_text(text[: text.index("### Schema ")] + drawing(), "utf-8")


def _write_outputs(page: Path, found: list[tuple[Block, str]]) -> None:
    text = page.read_text("utf-8")
    for block, output in found:
        if block.output is not None and plain(output) != plain(block.output):
            at = text.index(f"```text\n{block.output}```", text.index(block.text))
            lines = [line.rstrip() for line in output.strip("\n").splitlines()]
            new = "\n".join(lines).rstrip("\n") + "\n"
            text = text[:at] + f"```text\n{new}" + text[at + len(f"```text\n{block.output}") :]
    page.write_text(text, "utf-8")


if __name__ == "__main__":
    refresh()
