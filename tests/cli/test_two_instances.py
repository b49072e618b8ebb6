"""Two instances of the program on one home, each a process of its own."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nordic_tui.config.paths import find_paths
from tests.terminal import WAIT_S, Terminal

from .helpers import PROGRAM, feed, follow, keep_history, post, store

WAITING = "Another instance is refreshing; this one waits for it."


class Slow:
    """A feed that answers when it is let, and counts who asks at the same time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = self.asked = 0
        self.came = threading.Semaphore(0)
        self.let = threading.Event()
        slow = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                slow.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing is said."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/feed.json"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        with self.lock:
            self.now, self.asked = self.now + 1, self.asked + 1
            self.most = max(self.most, self.now)
        self.came.release()
        self.let.wait(WAIT_S)
        with self.lock:
            self.now -= 1
        version = "https://jsonfeed.org/version/1.1"
        items = [post("Budget", day=1), post("Harbour", day=2)]
        body = json.dumps({"version": version, "title": "News", "items": items}).encode()
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        try:
            request.wfile.write(body)
        except OSError:
            return  # whoever asked was killed


@pytest.fixture
def slow() -> Iterator[Slow]:
    slow = Slow()
    thread = threading.Thread(target=slow.server.serve_forever, args=(0.01,))
    thread.start()
    yield slow
    slow.let.set()
    slow.server.shutdown()
    thread.join()
    slow.server.server_close()


def start(*words: str) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    return subprocess.Popen([*PROGRAM, *words], stdout=pipe, stderr=pipe, text=True)


def ended(program: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = program.communicate(timeout=WAIT_S)
    return program.returncode, out, err


def two_at_it(
    slow: Slow, terminal: Callable[..., Terminal]
) -> tuple["subprocess.Popen[str]", Terminal]:
    """One that refreshes, and one that waits for it."""
    follow(slow.address)
    first = start("refresh")
    assert slow.came.acquire(timeout=WAIT_S)
    second = terminal(*PROGRAM[1:], "refresh")
    second.wait_for(WAITING)
    return first, second


def test_one_refreshes_at_a_time_and_the_second_asks_nothing_again(
    slow: Slow, terminal: Callable[..., Terminal]
) -> None:
    first, second = two_at_it(slow, terminal)
    assert slow.asked == 1
    slow.let.set()
    assert ended(first) == (0, "", "nordic-tui: 2 new posts; asked 1 source.\n")
    second.wait_for("0 new posts; asked 0 sources; another instance has just asked 1")
    assert second.end() == 0
    assert (slow.asked, slow.most) == (1, 1)
    assert not find_paths().cache_file.with_name("refresh.lock").exists()


def test_when_the_first_is_killed_the_second_goes_on(
    slow: Slow, terminal: Callable[..., Terminal]
) -> None:
    first, second = two_at_it(slow, terminal)
    first.kill()
    assert ended(first)[0] == -9
    assert slow.came.acquire(timeout=WAIT_S), "the second asks"
    slow.let.set()
    second.wait_for("2 new posts; asked 1 source.")
    assert second.end() == 0


@contextmanager
def writing(files: Sequence[Path]) -> Iterator[None]:
    """Hold a transaction open in each of these files, with something written."""
    connections = [sqlite3.connect(file, isolation_level=None) for file in files]
    try:
        for connection in connections:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("CREATE TABLE half (done INTEGER)")
        yield
    finally:
        for connection in connections:
            connection.close()


def test_list_and_search_answer_while_another_one_writes(home: Path) -> None:
    store(feed(home / "news.json", "News", post("Budget", day=1), post("Harbour", day=2)))
    paths = keep_history(reading="Budget")
    assert ended(start("search", "harbour", "--count")) == (0, "1\n", "")
    with writing([paths.cache_file, paths.history_file, paths.library_file]):
        status, out, err = ended(start("list", "--json"))
        assert (status, err) == (0, "")
        listed = [(each["title"], each["unread"]) for each in json.loads(out)["posts"]]
        assert listed == [("Harbour", True), ("Budget", False)]
        assert ended(start("search", "harbour", "--count")) == (0, "1\n", "")


def test_both_mark_and_star_at_once_and_nothing_is_lost(home: Path) -> None:
    titles = [f"Post {number:02}" for number in range(40)]
    store(feed(home / "news.json", "News", *(post(title) for title in titles)))
    keep_history()
    program = (
        "import sys; from tests.cli.test_two_instances import mark_and_star; "
        "print(flush=True); sys.stdin.readline(); mark_and_star(int(sys.argv[1]))"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(number)],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    for each in both:
        assert each.stdout is not None
        assert each.stdout.readline() == "\n"
    for each in both:
        assert each.communicate("\n", timeout=WAIT_S) == ("", "")
        assert each.returncode == 0
    paths = find_paths()
    with closing(sqlite3.connect(paths.library_file)) as library:
        assert library.execute("SELECT COUNT(*) FROM star").fetchone() == (len(titles),)
        acts = library.execute("SELECT COUNT(*), COUNT(DISTINCT at) FROM act").fetchone()
    with closing(sqlite3.connect(paths.history_file)) as history:
        assert history.execute("SELECT COUNT(*) FROM read_mark").fetchone() == (len(titles),)
    assert acts == (len(titles), len(titles)), "each has a moment of its own"


def mark_and_star(first: int) -> None:
    """Read and star every second post; called in a process of its own."""
    from nordic_tui import wiring
    from nordic_tui.config.settings import load
    from nordic_tui.model import View

    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        rows = parts.store.rows(View(), parts.store.snapshot(), 0, 100)
        for row in sorted(rows, key=lambda row: row.title)[first::2]:
            parts.history.mark(row.id, True).result(WAIT_S)
            parts.keeping.star(row.id, True).result(WAIT_S)
