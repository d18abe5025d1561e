"""A disk that is full, a server that goes away: one sentence, nothing half-written, and again."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import GOLDEN, Said, database_at, select
from test_writing import start

from rating.urls import database_file

PORTFOLIO = str(GOLDEN / "portfolio")
BILLS = "select count(*) as bills, max(run_id) as run_id from rating.bill"


def ended(process: "subprocess.Popen[str]") -> Said:
    """What a command said that has to end."""
    out, err = process.communicate(timeout=300)
    return Said(process.returncode, out, err)


def sentence(said: Said) -> str:
    """The one sentence of a command that could not do its work."""
    assert (said.code, said.out) == (2, "")
    (line,) = said.err.splitlines()
    assert line.startswith("ratebook: ")
    return line


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A file system of 64 MB of its own; to mount one takes root."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    place.chmod(0o777)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def filled(place: Path, left: int) -> Path:
    """A file that leaves so many bytes on the disk."""
    taken = subprocess.run(
        ["df", "--output=avail", "-B1", str(place)], capture_output=True, text=True, check=True
    )
    file = place / "ballast"
    file.write_bytes(b"\0" * (int(taken.stdout.split()[1]) - left))
    return file


@pytest.mark.parametrize("command", [["load", PORTFOLIO], ["rate"]])
def test_a_full_disk_leaves_a_file_as_it_was(small_disk, golden, command):
    url = database_at(small_disk)
    database_file(url).write_bytes(database_file(golden.url).read_bytes())
    ballast = filled(small_disk, left=1_000_000)
    assert "disk" in sentence(ended(start(url, *command)))
    assert select(url, BILLS) == [{"bills": 1745, "run_id": 1}]
    assert [path.name for path in small_disk.iterdir() if path != ballast] == ["test.duckdb"]
