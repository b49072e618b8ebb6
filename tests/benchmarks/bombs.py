"""What bombs cost the whole program: python -m tests.benchmarks.bombs

Each is served on the loopback and read by `nordic-tui ADDRESS`, a process of its own with its
decoding process; the figures are that process's own largest memory and its time.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from threading import Thread

from tests.hostile.http import CASES
from tests.hostile.servers import HttpCase, Reset, Wait, pieces


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        usual = {name: said for name, said in os.environ.items() if not name.startswith("XDG_")}
        _measure({**usual, "HOME": home, "NO_PROXY": "127.0.0.1"})


def _measure(own: dict[str, str]) -> None:
    for case in CASES:
        if "bomb" not in case.name and "gzip" not in case.name:
            continue
        with socket.create_server(("127.0.0.1", 0)) as server:
            Thread(target=_serve, args=(server, case), daemon=True).start()
            memory_mb, took_s, said = _run(own, f"http://127.0.0.1:{server.getsockname()[1]}/")
        print(f"{case.name:<34} {memory_mb:>4.0f} MB {took_s:>6.2f} s  {said}")  # noqa: T201  the table


def _serve(server: socket.socket, case: HttpCase) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(65_536)
        try:
            for piece in pieces(case.scripts[0]):
                assert not isinstance(piece, Wait | Reset)
                connection.sendall(piece)
        except OSError:
            pass  # the program has heard enough


def _run(environment: dict[str, str], *words: str) -> tuple[float, float, str]:
    """Largest memory in MB, seconds, and what was said."""
    command = [sys.executable, "-m", "nordic_tui", *words]
    began = time.monotonic()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = process.stderr.read().strip().partition("/ ")[2] or "is read"
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_maxrss / 1_024, time.monotonic() - began, said


if __name__ == "__main__":
    main()
