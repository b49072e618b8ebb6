import json
import re
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.decode.article import is_installed
from nordic_tui.model import View
from tests.terminal import WAIT_S, Terminal

from .helpers import PROGRAM, feed, follow, post, settings

Captured = pytest.CaptureFixture[str]


def test_all_well_is_0(home: Path, capsys: Captured) -> None:
    follow(feed(home / "a.json", "A", post("One"), post("Two")))
    assert main(["refresh"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "nordic-tui: 2 new posts; asked 1 source.\n"


def test_some_failed_is_3_and_each_is_a_line(home: Path, capsys: Captured) -> None:
    page = home / "page.html"
    page.write_text("<!doctype html><title>No feed</title>")
    follow(feed(home / "a.json", "A", post("One")), page, home / "missing.xml")
    assert main(["refresh"]) == 3
    *_, first, second, summary = capsys.readouterr().err.splitlines()
    assert {first, second} == {
        "nordic-tui: page.html answers with a web page, not a feed.",
        "nordic-tui: missing.xml does not exist.",
    }
    assert summary == "nordic-tui: 1 new post; asked 3 sources, 2 failed."


def test_all_failed_is_1(home: Path) -> None:
    follow(home / "missing.xml")
    assert main(["refresh"]) == 1


def test_asks_what_is_not_due(home: Path, capsys: Captured) -> None:
    file = feed(home / "a.json", "A", post("One"))
    follow(file)
    main(["refresh"])
    feed(file, "A", post("One"), post("Two, which came later"))
    capsys.readouterr()
    assert main(["refresh"]) == 0
    assert "1 new post;" in capsys.readouterr().err


def test_who_wants_to_be_left_alone_is_not_asked_and_it_is_said(
    home: Path, capsys: Captured
) -> None:
    asked: list[str] = []

    class Busy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(429)
            self.send_header("Retry-After", "36000")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            follow(f"http://127.0.0.1:{server.server_port}/feed/")
            assert main(["refresh"]) == 1
            assert "asks to come back in 10 hours (429)." in capsys.readouterr().err
            assert main(["refresh"]) == 0
        finally:
            server.shutdown()
            serving.join()
    said = capsys.readouterr().err
    assert re.search(r"127\.0\.0\.1:\d+ asked to be left alone until .*\d\d:\d\d\.\n", said)
    assert asked == ["/feed/"]


class Paper(BaseHTTPRequestHandler):
    """A feed with a post of a few words, and the post's page with many."""

    def do_GET(self) -> None:
        self.send_response(200)
        if self.path == "/feed/":
            url = f"http://{self.headers['Host']}/one/"
            body = json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "title": "Paper",
                    "items": [{"id": "1", "url": url, "title": "One", "content_text": "Short."}],
                }
            )
            self.send_header("Content-Type", "application/feed+json")
        else:
            body = "<article>" + "<p>All of the text, as the page has it.</p>" * 20
            self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


def full_text_after_a_refresh() -> str:
    with HTTPServer(("127.0.0.1", 0), Paper) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            address = f"http://127.0.0.1:{server.server_port}/feed/"
            settings("[[sources]]", f'address = "{address}"', "full_text = true")
            assert main(["refresh"]) == 0
        finally:
            server.shutdown()
            serving.join()
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        (row,) = parts.store.rows(View(), parts.store.snapshot(), 0, 9)
        post = parts.store.post(row.id)
        assert post is not None
        return post.full_text


@pytest.mark.usefixtures("home")
@pytest.mark.skipif(not is_installed(), reason="the extra fulltext is missing")
def test_pages_of_new_posts_are_fetched_where_a_source_wants_it(capsys: Captured) -> None:
    assert "All of the text" in full_text_after_a_refresh()
    assert "nordic-tui: 1 full text fetched.\n" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_without_the_extra_it_says_how_to_get_it(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nordic_tui.decode.article.is_installed", lambda: False)
    assert full_text_after_a_refresh() == ""
    assert "pip install 'nordic-tui[fulltext]'" in capsys.readouterr().err


def test_only_what_is_named_is_asked(home: Path, capsys: Captured) -> None:
    first = feed(home / "a.json", "A", post("One"))
    second = feed(home / "b.json", "B", post("Two"), post("Three"))
    follow(first, second)
    assert main(["refresh", "b.json"]) == 0
    assert capsys.readouterr().err == "nordic-tui: 2 new posts; asked 1 source.\n"
    assert main(["refresh", "nobody"]) == 2
    assert "nobody" in capsys.readouterr().err
    main(["change", "B", "--pause"])
    capsys.readouterr()
    assert main(["refresh", "B", str(first)]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "nordic-tui: B is paused; nordic-tui change B --resume lets it go on.",
        "nordic-tui: 1 new post; asked 1 source.",
    ]


def test_what_is_gone_is_asked_once_more_if_it_is_named(home: Path, capsys: Captured) -> None:
    file = feed(home / "a.json", "A", post("One"))
    follow(file)
    main(["refresh"])
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        (state,) = parts.store.states()
        gone = state._replace(stopped=True, error="is gone for good (410)", etag="")
        parts.store.save_state(gone).result(WAIT_S)
    capsys.readouterr()
    assert main(["refresh"]) == 0
    how = "nordic-tui refresh A asks it once more."
    gone_words = "A is not asked any more: it is gone for good (410)."
    assert capsys.readouterr().err == f"nordic-tui: {gone_words} {how}\n"
    assert main(["refresh", "A"]) == 0
    assert capsys.readouterr().err == "nordic-tui: 0 new posts; asked 1 source.\n"
    assert main(["refresh"]) == 0
    assert "not asked any more" not in capsys.readouterr().err


def test_without_sources(capsys: Captured) -> None:
    follow()
    assert main(["refresh"]) == 0
    assert "No source is followed." in capsys.readouterr().err


def test_what_was_skipped_is_said(home: Path, capsys: Captured) -> None:
    follow(feed(home / "a.json", "A", post("One"), {"id": "nothing to show"}))
    assert main(["refresh"]) == 0
    assert "nordic-tui: a.json: " in capsys.readouterr().err


def test_a_terminal_gets_a_bar_that_is_gone_at_the_end(
    terminal: Callable[..., Terminal],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(WAIT_S)
        port = server.getsockname()[1]
        follow(f"http://127.0.0.1:{port}/feed/")
        screen = terminal(*PROGRAM[1:], "refresh")
        asked, _ = server.accept()
        with asked:
            screen.wait_for("0/1 sources")
        assert screen.end() == 1
    lines = [line.strip() for line in screen.screen.display if line.strip()]
    assert lines[0].startswith(f"nordic-tui: 127.0.0.1:{port} ")
    assert lines[-1] == "nordic-tui: 0 new posts; asked 1 source, 1 failed."
    assert "sources" not in lines[0]
