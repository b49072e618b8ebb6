"""`nordic-tui add`: by whatever address, over the loopback and in terminals."""

import base64
import json
import subprocess
from collections.abc import Callable, Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Login, Manner, Source
from tests.serving import CERTIFICATES, tls
from tests.terminal import WAIT_S, Terminal

from .helpers import PROGRAM, feed, follow, post

Captured = pytest.CaptureFixture[str]


class Site:
    """A site on the loopback: what is at each path; everything else is missing."""

    def __init__(self) -> None:
        self.bodies: dict[str, str] = {}
        self.asked: list[str] = []
        self.authorization = ""
        """What it wants to be told; who does not is refused."""
        self.headers: list[Message] = []
        self.on_second: Callable[[], object] = int
        """Done before a path is answered for the second time."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path in site.asked:
                    site.on_second()
                site.asked.append(self.path)
                site.headers.append(self.headers)
                body = site.bodies.get(self.path, "").encode()
                is_known = site.authorization in ("", self.headers.get("Authorization"))
                self.send_response(401 if not is_known else 200 if body else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def speak_tls(self) -> None:
        """Speak TLS from now on, with a certificate that only authority.pem vouches for."""
        self._server.socket = tls("signed.pem").wrap_socket(self._server.socket, server_side=True)
        before, self.url = self.url, self.url.replace("http:", "https:")
        self.bodies = {path: body.replace(before, self.url) for path, body in self.bodies.items()}

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def publish(self, path: str, title: str, *titles: str) -> str:
        version = "https://jsonfeed.org/version/1.1"
        items = [post(each, day=20 - number) for number, each in enumerate(titles)]
        self.bodies[path] = json.dumps({"version": version, "title": title, "items": items})
        return self.url + path

    def page(self, path: str, *feeds: str) -> str:
        link = '<link rel="alternate" type="application/rss+xml" href="{}">'
        self.bodies[path] = "<!doctype html>" + "".join(map(link.format, feeds))
        return self.url + path


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with a feed, and a category that has one of its own."""
    site = Site()
    site.publish("/feed/", "The site", "One", "Two", "Three", "Four")
    site.publish("/category/events/feed/", "Events", "Two")
    site.page("/", "/feed/")
    site.page("/category/events/", "/feed/", "/comments/feed/", "/category/events/feed/")
    yield site
    site.close()


def followed() -> list[Source]:
    return list(load(find_paths().settings_file).sources)


def stored_posts() -> dict[str, int]:
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        return {state.title: state.posts for state in parts.store.states()}


@pytest.fixture(autouse=True)
def nothing_followed(home: Path) -> None:
    follow()


def test_one_feed_is_shown_followed_and_asked(site: Site, capsys: Captured) -> None:
    assert main(["add", site.url]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "The site",
        f"{site.url}/feed/",
        "4 posts, the newest of 20 May 2024:",
        "  One",
        "  Two",
        "  Three",
    ]
    assert said.err.splitlines() == [
        "nordic-tui: Follows “The site”: 4 posts.",
        "nordic-tui: nordic-tui undo takes it back.",
    ]
    assert followed() == [Source(f"{site.url}/feed/")]
    assert stored_posts() == {"The site": 4}


def test_undo_takes_it_back(site: Site) -> None:
    assert main(["add", site.url]) == 0
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        assert parts.subscriptions is not None
        assert parts.subscriptions.undo() == "Followed “The site”."
    assert followed() == []


def test_name_folder_and_what_is_kept_are_kept(site: Site, capsys: Captured) -> None:
    words = ["--name", " News\t", "--folder", "Nordic / Cities", "--archive", "--full-text"]
    assert main(["add", f"{site.url}/feed/", *words]) == 0
    kept = Source(f"{site.url}/feed/", "News", folder="Nordic/Cities", archive=True)
    assert followed() == [kept._replace(full_text=True)]
    said = capsys.readouterr().err
    assert "Follows “News”: 4 posts." in said
    assert "The rest of its archive comes with the next nordic-tui refresh" in said


def test_of_several_one_must_be_chosen_without_a_terminal(site: Site, capsys: Captured) -> None:
    assert main(["add", f"{site.url}/category/events/"]) == 2
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "1  Events · this page's own feed",
        f"   {site.url}/category/events/feed/",
        "   1 post, the newest of 20 May 2024:",
        "     Two",
        "",
        "2  The site",
        f"   {site.url}/feed/",
        "   4 posts, the newest of 20 May 2024:",
        "     One",
        "     Two",
        "     Three",
    ]
    assert "--choose N" in said.err
    assert "--yes" in said.err
    assert followed() == []


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (["--yes"], "/category/events/feed/"),
        (["--choose", "1"], "/category/events/feed/"),
        (["--choose", "2"], "/feed/"),
    ],
)
def test_of_several_one_is_chosen_by_an_option(site: Site, words: list[str], path: str) -> None:
    assert main(["add", f"{site.url}/category/events/", *words]) == 0
    assert followed() == [Source(site.url + path)]
    assert "/comments/feed/" not in site.asked


@pytest.mark.parametrize(
    "words",
    [
        ["--choose", "3"],
        ["--choose", "0"],
        ["--choose", "x"],
        ["--folder", "a//b"],
        ["--folder", ""],
    ],
)
def test_wrong_options_change_nothing(site: Site, words: list[str], capsys: Captured) -> None:
    assert main(["add", f"{site.url}/category/events/", *words]) == 2
    assert words[0] in capsys.readouterr().err
    assert followed() == []


def test_what_is_followed_already_is_told_without_asking(site: Site, capsys: Captured) -> None:
    follow(f"{site.url}/feed/")
    assert main(["add", f"<{site.url}/feed/>", "--name", "Other"]) == 0
    assert "is followed already." in capsys.readouterr().err
    assert site.asked == []
    assert main(["add", site.url]) == 0
    said = capsys.readouterr()
    assert "The site · followed already" in said.out
    assert "is followed already." in said.err
    assert followed() == [Source(f"{site.url}/feed/")]


def test_where_there_is_no_feed_it_says_what_was_tried(site: Site, capsys: Captured) -> None:
    site.bodies = {"/about": "<!doctype html><title>About</title>"}
    assert main(["add", f"{site.url}/about"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    *tried, summary = said.err.splitlines()
    assert tried[0] == f"nordic-tui: {site.url}/about answers with a web page, not a feed."
    assert tried[1].startswith(f"nordic-tui: {site.url}/about/feed/ answered 404")
    assert len(tried) == len(site.asked) == 19
    assert summary == f"nordic-tui: Nothing to follow was found at {site.url}/about."
    assert followed() == []


@pytest.mark.parametrize("words", ["", " ", "\ufeff"])
def test_an_address_is_needed(words: str, capsys: Captured) -> None:
    assert main(["add", words]) == 2
    assert "An address is needed." in capsys.readouterr().err


@pytest.mark.parametrize("words", ["no feed", "missing.xml"])
def test_what_is_no_address_or_no_file(words: str, capsys: Captured) -> None:
    assert main(["add", words]) == 1
    assert "Nothing to follow was found at" in capsys.readouterr().err
    assert followed() == []


def test_an_empty_feed_is_offered_as_empty(site: Site, capsys: Captured) -> None:
    assert main(["add", site.publish("/empty/", "Nothing yet")]) == 0
    said = capsys.readouterr()
    assert "It is empty: it has no posts now." in said.out
    assert "Follows “Nothing yet”: 0 posts." in said.err


def test_a_feed_without_a_title_is_called_the_same_before_and_after(
    site: Site, capsys: Captured
) -> None:
    assert main(["add", site.publish("/none/", "", "One")]) == 0
    said = capsys.readouterr()
    host = site.url.removeprefix("http://")
    assert said.out.splitlines()[0] == host
    assert f"Follows “{host}”: 1 post." in said.err


def test_of_very_many_feeds_it_says_how_many_were_looked_at(site: Site, capsys: Captured) -> None:
    address = site.page("/many", *(f"/{number}.xml" for number in range(30)))
    for number in range(30):
        site.publish(f"/{number}.xml", f"Feed {number}", f"Post {number}")
    assert main(["add", address, "--yes"]) == 0
    said = capsys.readouterr()
    assert "6  Feed 5" in said.out
    assert "30 are named; the first 6 were looked at." in said.err


def test_a_source_that_moved_is_followed_already(site: Site, capsys: Captured) -> None:
    follow(f"{site.url}/old/")
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        (state,) = parts.store.states()
        moved = state._replace(title="The site", read_from=f"{site.url}/feed/")
        parts.store.save_state(moved).result(WAIT_S)
    assert main(["add", site.url]) == 0
    assert "is followed already." in capsys.readouterr().err
    assert followed() == [Source(f"{site.url}/old/")]


def test_a_source_that_another_program_removes_meanwhile_is_told(
    site: Site, capsys: Captured
) -> None:
    address = f"{site.url}/feed/"
    site.on_second = lambda: subprocess.check_call([*PROGRAM, "remove", address])
    assert main(["add", address]) == 1
    assert "“The site” is not followed any more" in capsys.readouterr().err
    assert followed() == []


def test_a_local_file_is_followed(home: Path) -> None:
    feed(home / "mine.json", "Mine", post("One"))
    assert main(["add", "mine.json"]) == 0
    assert followed() == [Source(str(home / "mine.json"))]


def test_words_of_a_feed_do_nothing_to_the_terminal(site: Site, capsys: Captured) -> None:
    address = site.publish("/evil/", "A\x1b]0;x\x07 [red]title[/red]", "[/b]\x9b2J\u202eOne")
    assert main(["add", address]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[::3] == ["A [red]title[/red]", "  [/b]One"]
    assert (said.out + said.err).replace("\n", "").isprintable()


def test_a_password_in_the_address_is_never_shown(site: Site, capsys: Captured) -> None:
    address = site.url.replace("://", "://me:secret@") + "/feed/"
    assert main(["add", address]) == 0
    assert main(["add", address]) == 0
    assert main(["add", address.replace("/feed/", "/none")]) == 1
    said = capsys.readouterr()
    assert "secret" not in said.out + said.err
    assert followed() == [Source(address)]


@pytest.mark.parametrize("words", ["({})", "see {} now", "it's //{}", "[x]({})"])
@pytest.mark.parametrize("scheme", ["http://", "//"])
@pytest.mark.parametrize("command", [["add"], []], ids=["add", "read"])
def test_a_password_is_not_shown_of_what_stands_around_an_address(
    site: Site, command: list[str], scheme: str, words: str, capsys: Captured
) -> None:
    host = site.url.removeprefix("http://")
    assert main([*command, words.format(f"{scheme}me:secret@{host}/none")]) in (1, 2)
    said = capsys.readouterr()
    assert host in said.err
    assert "secret" not in said.out + said.err


def test_a_password_that_stands_in_the_settings_is_told(site: Site, capsys: Captured) -> None:
    assert main(["add", site.url.replace("://", "://me:secret@") + "/feed/"]) == 0
    assert "Its password stands in the settings file" in capsys.readouterr().err


# ── manners ─────────────────────────────────────────────────────────────────────────────────

LOGIN = ["--login-user", "kari", "--login-variable", "NEWS_PASSWORD"]


@pytest.fixture
def locked(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The site, as it wants a password."""
    monkeypatch.setenv("NEWS_PASSWORD", "hush")
    site.authorization = "Basic " + base64.b64encode(b"kari:hush").decode()
    return site


def test_a_login_is_used_and_kept_with_the_source(locked: Site, capsys: Captured) -> None:
    words = ["--header", "X-Place: 7", "--user-agent", "me", "--max-megabytes", "2"]
    assert main(["add", locked.url, *LOGIN, *words]) == 0
    login = Login("kari", variable="NEWS_PASSWORD")
    manner = Manner("me", (("X-Place", "7"),), login, 2_000_000)
    assert followed() == [Source(f"{locked.url}/feed/", manner=manner)]
    assert {(headers["X-Place"], headers["User-Agent"]) for headers in locked.headers} == {
        ("7", "me")
    }
    said = capsys.readouterr()
    assert "Follows “The site”: 4 posts." in said.err
    assert "hush" not in said.out + said.err + find_paths().settings_file.read_text()


def test_authorities_of_its_own_are_used_and_kept_with_the_source(
    site: Site, capsys: Captured
) -> None:
    authority = str(CERTIFICATES / "authority.pem")
    site.speak_tls()
    assert main(["add", site.url]) == 1
    assert "has no valid certificate: it is signed by an unknown authority." in (
        capsys.readouterr().err
    )
    assert main(["add", site.url, "--ca-file", authority]) == 0
    assert followed() == [Source(f"{site.url}/feed/", manner=Manner(ca_file=authority))]
    assert main(["refresh"]) == 0
    assert main(["change", "The site", "--ca-file", "nowhere.pem"]) == 0
    site.asked.clear()
    assert main(["refresh"]) == 1
    assert "could not be asked: its certificate file does not exist" in capsys.readouterr().err
    assert site.asked == []


def test_a_login_stays_where_it_was_meant_for(locked: Site, capsys: Captured) -> None:
    other = Site()
    try:
        elsewhere = other.publish("/feed/", "Elsewhere", "One")
        address = locked.page("/links/", elsewhere)
        assert main(["add", address, *LOGIN]) == 0
        assert followed() == [Source(elsewhere)]
        assert not any(headers["Authorization"] for headers in other.headers)
        assert "it is asked without the login.\n" in capsys.readouterr().err
    finally:
        other.close()


def test_who_is_refused_is_told_of_the_options(locked: Site, capsys: Captured) -> None:
    assert main(["add", locked.url]) == 1
    said = capsys.readouterr().err
    assert "refuses to answer (401)" in said
    for option in ("--login-user", "--login-command", "--login-file", "--login-variable"):
        assert option in said
    locked.authorization = "Bearer other"
    assert main(["add", locked.url, *LOGIN]) == 1
    said = capsys.readouterr().err
    assert "The login that was given may be wrong." in said
    assert "--login-user" not in said


@pytest.mark.parametrize(
    "words",
    [
        ["--login-user", "kari"],
        ["--login-user", "a:b", "--login-variable", "X"],
        ["--header", "Cookie: a=b"],
        ["--max-megabytes", "usual"],
        ["--no-login"],
    ],
)
def test_wrong_manners_change_nothing(site: Site, words: list[str], capsys: Captured) -> None:
    assert main(["add", site.url, *words]) == 2
    assert capsys.readouterr().err
    assert site.asked == []
    assert followed() == []


# ── in a terminal ───────────────────────────────────────────────────────────────────────────


def test_a_question_that_is_broken_off_ends_its_line(
    site: Site, terminal: Callable[..., Terminal]
) -> None:
    screen = terminal(*PROGRAM[1:], "add", site.url)
    screen.wait_for("Follow it? [Y/n]")
    screen.type("\x03")
    assert screen.end() == 130
    assert screen.sent.endswith(b"\n")
    assert followed() == []


def test_a_terminal_is_asked_about_one_feed(site: Site, terminal: Callable[..., Terminal]) -> None:
    for answer, status, sources in (("n\n", 1, 0), ("\x04", 1, 0), ("\n", 0, 1)):
        screen = terminal(*PROGRAM[1:], "add", site.url)
        screen.wait_for("Follow it? [Y/n]")
        assert "The site" in screen.text
        assert "asking" not in screen.text
        screen.type(answer)
        assert screen.end() == status
        assert len(followed()) == sources
    assert "Follows “The site”: 4 posts." in screen.text


def test_a_terminal_is_asked_which_of_several(
    site: Site, terminal: Callable[..., Terminal]
) -> None:
    screen = terminal(*PROGRAM[1:], "add", f"{site.url}/category/events/")
    screen.wait_for("Follow which one?")
    for answer in ("3\n", "two\n", "2\n"):
        screen.type(answer)
    assert screen.end() == 0
    assert screen.sent.count(b"Follow which one?") == 3
    assert followed() == [Source(f"{site.url}/feed/")]
