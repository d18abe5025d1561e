"""The command `ratebook` as a process that need not read libraries and dbt's project first.

A command that rates spends four seconds on that. Here a server has read them, and forks a process
for each command: a process of its own, with the arguments, environment, folder and files of its
caller, and with an exit status of its own. After `-c` it runs a text of Python, as Python does.
"""

import atexit
import gc
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from rating.project import ROOT

# It begins at once, for it reads no library.
CALLER = """\
#!{python} -SI
import json, os, socket, sys

with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as call:
    call.connect({address!r})
    asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)])
    socket.send_fds(call, [asked.encode()], [0, 1, 2])
    code = int(call.recv(16))
sys.exit(code if code >= 0 else 128 - code)
"""
LONGEST_CALL = 200_000
PROJECTS = ("ratebook", "ratebook-demo")  # dbt reads its project once for each name of a file


@cache
def program() -> Path:
    """The program `ratebook`, alone in its folder; its server ends with this process."""
    folder = Path(tempfile.mkdtemp(prefix="ratebook-forked-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    address, caller = folder / "socket", folder / "bin" / "ratebook"
    caller.parent.mkdir()
    caller.write_text(CALLER.format(python=sys.executable, address=str(address)), "utf-8")
    caller.chmod(0o755)
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    server = subprocess.Popen(
        [sys.executable, __file__, str(address)], env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert server.stdin is not None and server.stdout is not None
    atexit.register(server.wait)
    atexit.register(server.stdin.close)
    assert server.stdout.readline() == b"ready\n"
    return caller


def serve(address: str) -> None:
    """Fork a process for each call, until stdin ends; returns in those processes only."""
    _read_libraries()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(address)
        listener.listen()
        print("ready", flush=True)
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            call, _ = listener.accept()
            if os.fork() == 0:
                break
            call.close()
            _forget_those_that_ended()
        else:
            sys.exit()
    _answer(call)


def _read_libraries() -> None:
    import dbt.adapters.duckdb
    import dbt.adapters.postgres
    import dbt.cli.main  # noqa: F401
    import duckdb
    from sqlalchemy import make_url

    import rating.cli.app  # noqa: F401
    from rating.run.dbt_build import _project

    for name in PROJECTS:
        _project(make_url(f"duckdb:///{name}.duckdb"))
    gc.freeze()  # what is read stays; the commands need not look through it
    duckdb.execute("set threads = 1")  # a thread of the connection that DuckDB has is not forked


def _forget_those_that_ended() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _answer(call: socket.socket) -> None:
    """Wait for the command that is asked for, and say its status; returns in the command."""
    asked, files, _, _ = socket.recv_fds(call, LONGEST_CALL, 3)
    command = os.fork()
    if command:
        for file in files:
            os.close(file)
        _, status = os.waitpid(command, 0)
        call.send(str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    call.close()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.argv[1:], folder, environment = json.loads(asked)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)


if __name__ == "__main__":
    serve(sys.argv[1])
    if sys.argv[1:2] == ["-c"]:
        del sys.argv[0]
        exec(sys.argv.pop(1), {"__name__": "__main__"})
        sys.exit()
    sys.argv[0] = "ratebook"
    from rating.cli.app import main

    main()
