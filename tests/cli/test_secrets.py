"""A password that is planted wherever a source may have one comes out nowhere: no command says it,
no file holds it but the ones that a person wrote it into."""

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Never

import pytest

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.config.paths import find_paths

from .helpers import post, settings

SECRET = "hush-Qx7"  # noqa: S105  planted, to be looked for
BASIC = base64.b64encode(f"kari:{SECRET}".encode()).decode()
TOLD = {f"Basic {BASIC}", f"Bearer {SECRET}"}
COMMANDS = (
    "refresh",
    "sources",
    "sources --json",
    "list",
    "list --json",
    "list --jsonfeed",
    "export",
    "export out.opml",
    "archive --all",
    "paths",
    "data show",
    "data export -",
    "library export",
    "redo",
    "change Locked --name Other",
    "remove Other",
    "undo",
    "remove Missing",
)

Captured = pytest.CaptureFixture[str]


class Locked(BaseHTTPRequestHandler):
    """Gives its feed to who knows the password; /refuses/ and /broken/ to nobody."""

    def do_GET(self) -> None:
        knows = self.headers.get("Authorization") in TOLD
        status, body = 200 if knows else 401, b"Denied."
        if self.path == "/feed/":
            version = "https://jsonfeed.org/version/1.1"
            items = [post("One", day=3)]
            body = json.dumps({"version": version, "title": "Locked", "items": items}).encode()
        elif knows:
            status = 500
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def locked() -> Iterator[str]:
    """The host and port of a site that asks for a password."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Locked)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def with_password(way: str, host: str, home: Path) -> str:
    """Write settings with a source that answers and one that fails; gives what of its address
    stands before the host."""
    file = home / "password"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o600)
    login = {
        "command": f'login = {{ user = "kari", command = ["cat", "{file}"] }}',
        "file": f'login = {{ user = "kari", file = "{file}" }}',
        "variable": 'login = { variable = "NEWS_TOKEN" }',
        "address": "",
    }[way]
    address = f"http://kari:{SECRET}@{host}" if way == "address" else f"http://{host}"
    settings(
        *("[[sources]]", f'address = "{address}/feed/"', login),
        *("[[sources]]", f'address = "{address}/broken/"', login),
    )
    return address


def holding(home: Path) -> set[Path]:
    """The files that hold the secret, or what is sent of it."""
    kept = (SECRET.encode(), BASIC.encode(), SECRET.encode().hex().encode())
    files = [path for path in home.rglob("*") if path.is_file()]
    assert find_paths().cache_file in files
    return {file for file in files if any(each in file.read_bytes() for each in kept)}


@pytest.mark.parametrize("way", ["command", "file", "variable", "address"])
def test_no_command_says_it_and_no_file_keeps_it(
    way: str, locked: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("NEWS_TOKEN", SECRET)
    address = with_password(way, locked, home)
    statuses = {command: main(command.split()) for command in COMMANDS}
    assert (statuses["refresh"], statuses["undo"], statuses["remove Missing"]) == (3, 0, 2)
    for command in ("add", "remove", "change", "archive", "list --source", "import"):
        assert main([*command.split(), f"{address}/nowhere"]) in (1, 2)
    assert main([f"{address}/feed/"]) == (0 if way == "address" else 1)
    assert main([f"{address}/broken/"]) == 1

    said = capsys.readouterr()
    assert "Locked" in said.out
    assert "has trouble at its end (500)" in said.err
    assert SECRET not in said.out + said.err
    assert BASIC not in said.out + said.err
    paths = find_paths()
    # What is written into an address is followed, kept and brought back by `undo` with it.
    with_address = {paths.settings_file, paths.cache_file, paths.undo_file}
    allowed = {home / "password"} | (with_address if way == "address" else set())
    assert holding(home) <= allowed
    for file in (paths.settings_file, paths.cache_file, paths.undo_file, home / "out.opml"):
        assert file.stat().st_mode & 0o777 == 0o600, file


def test_a_report_of_a_crash_holds_none(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def crash(*_: object, **__: object) -> Never:
        address = f"http://kari:{SECRET}@news.example/feed/"
        raise RuntimeError(address)

    monkeypatch.setattr(wiring, "open_parts", crash)
    assert main(["refresh"]) == 1
    report = find_paths().log_file.read_text()
    assert "RuntimeError" in report
    said = capsys.readouterr()
    assert SECRET not in report + said.out + said.err


@pytest.mark.parametrize(
    "word",
    [
        "gopher://kari:{}@news.example/feed/",
        "kari:{}@news.example/feed/",
        "file://kari:{}@news.example/feed/",
        "http://kari:{}@news.example/with space",
        "https:/kari:{}@news.example/feed/",
        "(http://kari:{}@news.example/feed/)",
        "see http://kari:{}@news.example/feed/ now",
        "//kari:{}@news.example/feed/",
        "(kari:{}@news.example/feed/)",
        "http://kari:{}/x@news.example/feed/",
    ],
    ids=[
        *("another scheme", "no scheme", "no file", "a space", "a slash too few", "brackets"),
        *("a sentence", "two slashes", "brackets without a scheme", "a slash in it"),
    ],
)
@pytest.mark.parametrize(
    "command", ["", "add", "remove", "change", "archive", "list --source", "import", "paths"]
)
def test_a_mistake_is_said_without_it(command: str, word: str, capsys: Captured) -> None:
    assert main([*command.split(), word.format(SECRET)]) in (1, 2)
    said = capsys.readouterr()
    assert "news.example" in said.err
    assert SECRET not in said.out + said.err


@pytest.mark.parametrize(
    "mistake",
    [
        'address = "gopher://kari:{}@news.example/"',
        'address = "https://news.example/"\npassword = "{}"',
        'address = "https://news.example/"\nlogin = "{}"',
        'address = "https://news.example/"\nlogin = {{ user = "kari:{}", variable = "X" }}',
        'address = "https://news.example/"\nlogin = {{ password = "{}", variable = "X" }}',
        'address = "https://news.example/"\nheaders = {{ Authorization = "Bearer {}" }}',
        'address = "https://news.example/"\nheaders = {{ X-Api-Key = "{}" }}',
        'address = "https://news.example/"\nheaders = {{ X-Kind = "{}\\u00e6" }}',
        'address = "https://kari:{0}@news.example/"\n[[sources]]\n'
        'address = "https://kari:{0}@news.example/"',
        'address = "https://kari:{}@news.example',
    ],
)
def test_settings_that_are_wrong_are_said_without_it(mistake: str, capsys: Captured) -> None:
    settings("[[sources]]", mistake.format(SECRET))
    assert main(["sources"]) == 1
    said = capsys.readouterr()
    assert "line" in said.err
    assert SECRET not in said.out + said.err


@pytest.mark.parametrize(
    "text",
    [
        '<opml version="2.0"><body><outline type="rss" text="https://kari:{0}@a.example/"/>\n'
        '<outline text="https://kari:{0}@b.example/" xmlUrl="https://kari:{0}@b.example/"/>\n'
        '<outline text="C" xmlUrl="gopher://kari:{0}@c.example/"/></body></opml>',
        'https://kari:{0}@b.example/ "~https://kari:{0}@b.example/"\n'
        "gopher://kari:{0}@c.example/\n"
        "exec:curl -u kari:{0} https://d.example/\n",
    ],
    ids=["OPML", "newsboat"],
)
def test_an_import_says_and_names_nothing_with_it(text: str, home: Path, capsys: Captured) -> None:
    (home / "list").write_text(text.format(SECRET))
    assert main(["import", "list"]) == 3
    assert main(["sources"]) == 0
    assert main(["export"]) == 0
    said = capsys.readouterr()
    assert "https://b.example/" in said.out
    assert SECRET not in said.out + said.err
