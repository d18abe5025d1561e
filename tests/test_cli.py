"""The command: what it prints, where, and with which exit code."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import GOLDEN, Said, agreement, make_database, read, write_portfolio
from typer.main import get_command

from rating.cli import app as command_line
from rating.project import ROOT, code_version

# As in the contract.
COMMANDS = [
    "demo", "init", "load", "rate", "reconcile", "explain", "lint", "export", "try", "urdb",
    "study",
]  # fmt: skip
REPORTING = ["demo", "load", "rate", "reconcile", "explain", "try"]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> str:
    """The URL of a database with tariffs and nothing else."""
    return str(make_database(tmp_path_factory.mktemp("cli")))


@pytest.fixture
def folder(tmp_path) -> Path:
    """A portfolio folder with one good read and one with negative kWh."""
    files = {
        "service_agreements": [agreement("A", "RS-3")],
        "meter_reads": [read("A", "2015-01", kwh="100"), read("A", "2015-02", kwh="-1")],
    }
    return write_portfolio(tmp_path / "portfolio", files)


def script(*arguments: str, **environment: str) -> Said:
    """Runs the installed command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from rating.__main__ import main; main()", *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    return Said(done.returncode, done.stdout, done.stderr)


def refused(said: Said) -> str:
    """The one sentence of a refusal: exit code 2, nothing on stdout, no traceback."""
    assert said.code == 2
    assert said.out == ""
    assert "Traceback" not in said.err
    (sentence,) = said.err.strip().splitlines()
    return sentence


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_contract_is_there(name):
    assert name in get_command(command_line.app).commands


@pytest.mark.parametrize("name", ["", *sorted(get_command(command_line.app).commands)])
def test_help_of_every_command_exits_0(ratebook, name):
    said = ratebook(*name.split(), "--help")
    assert (said.code, said.err) == (0, "")
    assert f"ratebook {name}".strip() in said.out.splitlines()[0]


@pytest.mark.parametrize("name", sorted(get_command(command_line.app).commands))
def test_every_command_says_what_it_does(name):
    assert get_command(command_line.app).commands[name].help


@pytest.mark.parametrize("name", REPORTING)
def test_every_command_that_reports_can_print_json(ratebook, name):
    assert "--json" in ratebook(name, "--help").out


def test_the_driver_of_postgresql_is_left_alone_without_postgresql():
    code = "import sys, rating.cli.app; sys.exit('psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_version_is_that_of_the_distribution(ratebook):
    assert ratebook("--version").out.strip() == f"ratebook {code_version()}"


def test_unknown_command_is_one_sentence(ratebook):
    assert "nope" in refused(ratebook("nope"))


def test_unknown_option_is_one_sentence(ratebook):
    assert "--nope" in refused(ratebook("rate", "--nope"))


@pytest.mark.parametrize("name", ["", "study", "urdb"])
def test_no_command_at_all_prints_the_help_on_stderr(ratebook, name):
    said, asked = ratebook(*name.split()), ratebook(*name.split(), "--help")
    assert (said.code, said.out, said.err) == (2, "", asked.out)


@pytest.mark.parametrize(
    "arguments", [("reconcile", "x"), ("diff", "1", "x"), ("reproduce", "x"), ("diff", "x", "2")]
)
def test_text_that_is_no_number_of_a_run(ratebook, arguments):
    said = refused(ratebook(*arguments))
    assert said == "ratebook: x is not a run's number; `ratebook runs` lists the runs"


def test_the_command_is_called_ratebook_however_it_was_started():
    done = subprocess.run(
        [sys.executable, "-m", "rating", "load"],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    said = refused(Said(done.returncode, done.stdout, done.stderr))
    assert said == "ratebook: missing argument 'folder'; see `ratebook load --help`"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_an_output_without_room_is_one_sentence(loaded, form):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "rating", "runs", *form, "--database", loaded],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    said = refused(Said(done.returncode, "", done.stderr))
    assert said == "ratebook: the output cannot be written (No space left on device)"


def test_missing_argument_is_one_sentence(ratebook):
    assert "folder" in refused(ratebook("load")).lower()


def test_database_that_does_not_exist(ratebook, tmp_path):
    said = refused(ratebook("rate", "--database", f"duckdb:///{tmp_path}/none.duckdb"))
    assert said == "ratebook: none.duckdb does not exist; run `ratebook init` first"
    assert not (tmp_path / "none.duckdb").exists()


def test_database_in_a_folder_that_does_not_exist(ratebook, tmp_path):
    file = tmp_path / "nofolder" / "sub" / "x.duckdb"
    said = refused(ratebook("lint", "--database", f"duckdb:///{file}"))
    assert said == f"ratebook: {file} does not exist; run `ratebook init` first"


@pytest.mark.parametrize("url", ["nonsense", "sqlite:///x.db", "duckdb://", "duckdb:///:memory:"])
def test_database_url_that_names_no_duckdb_file(ratebook, url):
    assert "write duckdb:///FILE" in refused(ratebook("init", "--database", url))


@pytest.mark.parametrize("stem", ["tariff", "main", "System", "temp"])
def test_file_whose_name_duckdb_takes_for_its_own(ratebook, tmp_path, stem):
    said = refused(ratebook("init", "--database", f"duckdb:///{tmp_path}/{stem}.db"))
    assert said == (
        f"ratebook: a database file cannot be called {stem}.db: DuckDB would take its name for"
        " something of its own; choose another"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("written", "name", "character"),
    [
        ('x"y', 'x"y', '"'), ("it's", "it's", "'"), ("x#y", "x#y", "#"), ("x%23y", "x#y", "#"),
        ("x%3Fy", "x?y", "?"), ("x:y", "x:y", ":"), ("x;y", "x;y", ";"), ("x\ty", r"x\ty", r"\t"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", [["init"], ["load", GOLDEN / "portfolio"]])
def test_file_whose_name_has_a_character_that_duckdb_or_dbt_cannot_read(
    ratebook, tmp_path, command, written, name, character
):
    said = refused(ratebook(*command, "--database", f"duckdb:///{tmp_path}/{written}.duckdb"))
    assert said == (
        f"ratebook: a database file cannot be called {name}.duckdb: DuckDB and dbt cannot work"
        f" with {character} in its name; choose another"
    )
    assert list(tmp_path.iterdir()) == []


def test_file_that_bills_are_to_go_into_is_called_as_others_are(ratebook, loaded, tmp_path):
    said = refused(ratebook("rate", "--into", tmp_path / "it's.db", "--database", loaded))
    assert said.startswith("ratebook: a database file cannot be called it's.db: ")


def test_file_that_bills_are_to_go_into_is_not_left_by_a_run_that_cannot_be(
    ratebook, loaded, tmp_path
):
    new = tmp_path / "new.duckdb"
    for _ in range(2):
        said = refused(ratebook("rate", "--into", new, "--engine", "spark", "--database", loaded))
        assert said.startswith("ratebook: --engine spark is unknown; ")
    assert list(tmp_path.glob("new*")) == []


def test_demonstration_takes_the_place_of_no_file_but_duckdbs(ratebook, tmp_path):
    file = tmp_path / "budget.xlsx"
    file.write_text("figures", "utf-8")
    said = refused(ratebook("demo", "--database", f"duckdb:///{file}"))
    assert said == "ratebook: budget.xlsx is no DuckDB file; name another one by --database"
    assert file.read_text("utf-8") == "figures"


def test_folder_of_the_file_may_be_called_as_it_likes(ratebook, tmp_path):
    folder = tmp_path / "it's #1: main"
    folder.mkdir()
    assert ratebook("init", "--database", f"duckdb:///{folder}/my.duckdb").code == 0
    assert [file.name for file in folder.iterdir()] == ["my.duckdb"]


def test_url_of_a_file_takes_no_options(ratebook, tmp_path):
    url = f"duckdb:///{tmp_path}/y.duckdb?read_only=1"
    said = refused(ratebook("init", "--database", url))
    assert said == (
        f"ratebook: --database {url}: the URL of a DuckDB file takes no options; leave away what"
        " follows the ?"
    )
    assert list(tmp_path.iterdir()) == []


def test_rate_before_load(ratebook, loaded):
    said = refused(ratebook("rate", "--database", loaded))
    assert said == "ratebook: there are no meter reads; run `ratebook load FOLDER` first"


def test_reconcile_before_rate(ratebook, loaded):
    assert "run `ratebook rate` first" in refused(ratebook("reconcile", "--database", loaded))


def test_load_of_a_folder_that_does_not_exist(ratebook, loaded, tmp_path):
    assert "missing" in refused(ratebook("load", tmp_path / "missing", "--database", loaded))


@pytest.mark.parametrize("month", ["2015-13", "2015-1", "201501", "January 2015", "0000-01"])
def test_text_that_is_no_month(ratebook, golden, month):
    said = refused(ratebook("explain", "A0010", month, "--database", golden.url))
    assert said == f"ratebook: {month} is not a billing month; write YYYY-MM, such as 2015-08"


def test_months_the_wrong_way_round(ratebook, loaded):
    arguments = ("--from", "2016-02", "--to", "2016-01", "--database", loaded)
    assert refused(ratebook("rate", *arguments)) == (
        "ratebook: --from 2016-02 lies after --to 2016-01; swap them"
    )


def test_engine_that_is_not_there(ratebook, loaded):
    said = refused(ratebook("rate", "--engine", "abacus", "--database", loaded))
    assert "--engine abacus" in said


def test_agreement_that_nobody_knows(ratebook, golden):
    said = refused(ratebook("explain", "NOBODY", "2015-01", "--database", golden.url))
    assert said == "ratebook: agreement NOBODY has no reads; check its id"


def test_month_without_a_read(ratebook, golden):
    said = refused(ratebook("explain", "A0010", "2015-08", "--database", golden.url))
    assert said.startswith("ratebook: agreement A0010 has no read in 2015-08;")


def test_relation_that_is_not_promised(ratebook, golden, tmp_path):
    said = refused(ratebook("export", "bils", tmp_path / "x.csv", "--database", golden.url))
    assert said.startswith("ratebook: there is no relation bils; choose one of bill, ")


def test_file_ending_that_is_not_known(ratebook, golden, tmp_path):
    said = refused(ratebook("export", "bill", tmp_path / "x.xlsx", "--database", golden.url))
    assert said == "ratebook: x.xlsx ends neither in .csv nor in .parquet; rename it"


def test_export_into_a_folder_that_does_not_exist(ratebook, golden, tmp_path):
    arguments = ("bill", tmp_path / "missing" / "x.csv", "--database", golden.url)
    assert "create it first" in refused(ratebook("export", *arguments))


def test_refused_seed_folder_says_a_sentence_a_problem(ratebook, tmp_path):
    seeds = tmp_path / "seeds" / "zz"
    seeds.mkdir(parents=True)
    for name in ("one", "two"):
        (seeds / f"{name}.yaml").write_text("- nothing\n", "utf-8")
    url = f"duckdb:///{tmp_path}/new.duckdb"
    said = ratebook("init", "--seeds", seeds.parent, "--database", url)
    assert said.code == 2
    assert [line[:24] for line in said.err.splitlines()] == [
        "ratebook: seeds/zz/one.y",
        "ratebook: seeds/zz/two.y",
    ]


def test_load_with_rejected_rows_exits_0_and_says_how_many(ratebook, tmp_path, folder):
    url = make_database(tmp_path)
    said = ratebook("load", folder, "--database", url)
    assert (said.code, said.err) == (0, "")
    assert "1 rows were rejected" in said.out or "1 row was rejected" in said.out


def test_strict_load_with_rejected_rows_exits_1(ratebook, tmp_path, folder):
    assert ratebook("load", folder, "--strict", "--database", make_database(tmp_path)).code == 1


def test_strict_load_without_rejected_rows_exits_0(ratebook, tmp_path):
    arguments = ("load", GOLDEN / "portfolio", "--strict", "--database", make_database(tmp_path))
    assert ratebook(*arguments).code == 0


def test_load_prints_json(ratebook, tmp_path, folder):
    said = ratebook("load", folder, "--json", "--database", make_database(tmp_path))
    report = json.loads(said.out)
    assert (report["load_id"], report["rows_rejected"]) == (1, 1)


def test_database_may_be_named_by_the_environment(ratebook, golden, monkeypatch):
    monkeypatch.setenv("RATEBOOK_DATABASE_URL", str(golden.url))
    assert ratebook("explain", "A0010", "2016-01").code == 0


def test_script_ends_in_one_sentence_and_exit_code_2(tmp_path):
    said = script("rate", "--database", f"duckdb:///{tmp_path}/none.duckdb")
    assert refused(said) == "ratebook: none.duckdb does not exist; run `ratebook init` first"


def test_output_has_no_colour_where_no_colour_is_wanted(golden):
    arguments = ("explain", "A0010", "2016-01", "--database", str(golden.url))
    said = script(*arguments, NO_COLOR="1", FORCE_COLOR="1")
    assert said.code == 0
    assert not re.search(r"\x1b\[[\d;]*(3[0-7]|4[0-7]|9[0-7])", said.out)


def test_output_into_a_pipe_has_no_control_characters(golden):
    said = script("explain", "A0010", "2016-01", "--database", str(golden.url))
    assert "\x1b" not in said.out
