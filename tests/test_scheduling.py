"""The page of scheduled runs: what it shows and no test runs is at least of the right form."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from test_docs import DOCS, blocks, commands

BLOCKS = blocks(DOCS / "scheduling.md")
CRON = re.compile(r"((?:[\d*/,-]+ +){5})(.+)")
UNITS = ("rates.service", "rates.timer")


def texts(kind: str) -> list[str]:
    """The blocks of a kind that no test runs, in their order."""
    return [block.text for block in BLOCKS if block.kind == kind]


def cron_line() -> tuple[list[str], str]:
    """The fields of the time, and the command."""
    (text,) = texts("crontab")
    found = CRON.fullmatch(text.strip())
    assert found
    return found[1].split(), found[2]


def job() -> dict[str, list[str]]:
    """The CI job."""
    (text,) = texts("yaml")
    (found,) = yaml.safe_load(text).values()
    return found


def units(folder: Path) -> list[Path]:
    """The units as files, of a machine that has the environment of the page in a folder."""
    program = folder / ".venv/bin/ratebook"
    program.parent.mkdir(parents=True)
    program.touch(0o755)
    files = [folder / name for name in UNITS]
    for file, text in zip(files, texts("ini"), strict=True):
        file.write_text(text.replace("/srv/rates", str(folder)), "utf-8")
    return files


def shell() -> list[str]:
    """Everything that a shell reads."""
    return [*texts("console"), cron_line()[1], *job()["script"]]


@pytest.mark.parametrize("text", shell())
def test_a_shell_can_read_the_lines(text):
    read = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")


def test_the_lines_of_every_scheduler_call_commands_and_options_that_exist():
    known = commands()
    starts = [line for text in texts("ini") for line in re.findall(r"ExecStart=(.+)", text)]
    called = [
        words.split()
        for text in [*shell(), *starts]
        for words in re.findall(r"(?:^|/|(?<= ))ratebook ([^>&\n]+)", text, re.MULTILINE)
    ]
    assert len(called) == 10
    for name, *words in called:
        assert {word for word in words if word.startswith("--")} <= known[name]


def test_cron_starts_it_at_six_every_morning():
    assert cron_line()[0] == ["0", "6", "*", "*", "*"]


def test_the_ci_job_keeps_the_report_that_a_command_writes():
    assert job()["artifacts"]["when"] == "always"
    (report,) = job()["artifacts"]["paths"]
    assert any(shlex.split(line)[-2:] == [">", report] for line in job()["script"])


def test_the_units_have_sections_and_the_service_runs_its_commands_one_after_the_other(tmp_path):
    service, timer = units(tmp_path)
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.read([service, timer])
    assert read.sections() == ["Service", "Timer", "Install"]
    assert read["Service"]["Type"] == "oneshot"  # of another type it may have one command only


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="this machine has no systemd")
def test_systemd_takes_the_units(tmp_path):
    files = [str(file) for file in units(tmp_path)]
    said = subprocess.run(
        ["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")
