"""The reader in a terminal while it refreshes every hostile body at once, and keys all the while.

    python -m tests.hostile.reader [--parallel HOSTS]

Each body is a source of its own, on as many hosts of the loopback as are said (all of them: each
its own). Prints the most memory that the reader's own process ever had, that of the largest of its
decoding processes, and the slowest answer to a key. Exit status 1 if a limit was passed. Linux
only.
"""

import argparse
import http.server
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nordic_tui.model import Source
from tests.benchmarks import stores
from tests.benchmarks.probe import Terminal, process_tree
from tests.hostile import feed, json, xml

MOST_READER_MB = 300
SLOWEST_S = 1.0
KEYS = (b"j", b"j", b"k", b"j", b"\x06", b"\x02", b"G", b"g")
"""One step down and up, a page down and up, the end and the beginning."""
QUIET_S = 3.0
GIVE_UP_S = 300.0


class Bodies(http.server.ThreadingHTTPServer):
    """One host, which gives the files of a folder."""

    daemon_threads = True

    def __init__(self, host: str, folder: Path, asked: set[str]) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = (folder / self.path.rpartition("/")[2]).read_bytes()
                self.send_response(200)
                self.send_header("Content-Type", "application/xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                asked.add(self.path)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__((host, 0), Handler)


@contextmanager
def served(folder: Path, names: Sequence[str], hosts: int, asked: set[str]) -> Iterator[list[str]]:
    """The addresses of the files."""
    servers = [Bodies(f"127.0.1.{number + 1}", folder, asked) for number in range(hosts)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield [
            f"http://127.0.1.{n % hosts + 1}:{servers[n % hosts].server_port}/{name}"
            for n, name in enumerate(names)
        ]
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def peak_mb(pid: int) -> float:
    """The most resident memory that one process ever had (VmHWM); 0: it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--parallel", type=int, default=8, metavar="HOSTS")
    hosts = parser.parse_args().parallel
    cases = [*xml.CASES, *feed.CASES, *json.CASES]
    with tempfile.TemporaryDirectory() as name:
        folder, home = Path(name) / "bodies", Path(name) / "home"
        folder.mkdir()
        names = [str(number) for number in range(len(cases))]
        for file, case in zip(names, cases, strict=True):
            (folder / file).write_bytes(case.make())
        asked: set[str] = set()
        with served(folder, names, hosts, asked) as addresses:
            stores.write_settings(home, [Source(a, f"S{n}") for n, a in enumerate(addresses)])
            settings = home / ".config/nordic-tui/settings.toml"
            text = settings.read_text(encoding="utf-8")
            settings.write_text(text.replace("refresh_on_start = false\n", ""), encoding="utf-8")
            stores.write_consent(home / ".local/share", "never")
            command = [sys.executable, "-m", "nordic_tui"]
            with Terminal(command, home, variables={"PYTHONPATH": ":".join(sys.path)}) as terminal:
                return watch(terminal, asked, len(cases))


def watch(terminal: Terminal, asked: set[str], bodies: int) -> int:
    """Press keys until all is read, and print what that cost."""
    begun = quiet_since = time.monotonic()
    slowest_s = child_mb = 0.0
    number = 0
    terminal.wait(lambda: terminal.shows("S0|All posts"), "the first screen")
    while True:
        answer = terminal.press(KEYS[number % len(KEYS)])
        number += 1
        if answer is not None:
            slowest_s = max(slowest_s, answer.first_s)
        children = process_tree(terminal.pid)[1:]
        child_mb = max([child_mb, *map(peak_mb, children)])
        now = time.monotonic()
        if children or len(asked) < bodies:
            quiet_since = now
        if now - quiet_since > QUIET_S or now - begun > GIVE_UP_S:
            break
    reader_mb = peak_mb(terminal.pid)
    is_kept = len(asked) == bodies and 0 < reader_mb < MOST_READER_MB and 0 < slowest_s < SLOWEST_S
    sys.stdout.write(
        f"{len(asked)} of {bodies} bodies in {quiet_since - begun:.0f} s, {number} keys\n"
        f"the reader's own process: {reader_mb:.0f} MB at most ({MOST_READER_MB} are allowed)\n"
        f"the largest decoding process: {child_mb:.0f} MB\n"
        f"the slowest answer to a key: {slowest_s * 1000:.0f} ms ({SLOWEST_S * 1000:.0f} allowed)\n"
    )
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
