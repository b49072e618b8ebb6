"""`nordic-tui check`, run as a person runs it, over a cache of its own."""

import json
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Entry, Feed, SourceState

from .helpers import PROGRAM, follow, keep_history

NEWS, BLOG = "https://news.example/feed/", "https://blog.example/feed/"
NOW = datetime.now(UTC).replace(microsecond=0)
OLD = NOW - timedelta(days=5)
Shown = pytest.CaptureFixture[str]


def entry(title: str, published: datetime | None = None, **parts: object) -> Entry:
    return Entry(guid=title, title=title, published=published, **parts)  # type: ignore[arg-type]  # parts of an Entry


def keep(address: str, *entries: Entry, first_seen: datetime | None = None) -> None:
    """Store posts as a refresh does; first_seen: when that was, if not now."""
    paths = find_paths()

    def clock() -> datetime:
        return first_seen or datetime.now(UTC)

    with wiring.open_parts(load(paths.settings_file), paths, clock=clock) as parts:
        feed = Feed(title=address.split("/")[2].partition(".")[0], entries=entries)
        state = SourceState(address, checked_at=clock(), next_at=NOW + timedelta(days=9))
        parts.store.save_feed(address, feed, state).result()


@pytest.fixture(autouse=True)
def two_sources(home: Path) -> None:
    """Each has a post of five days ago, that came then."""
    follow(NEWS, BLOG)
    for address in (NEWS, BLOG):
        keep(address, entry(f"old of {address}", OLD), first_seen=OLD)


def check(capsys: Shown, *words: str) -> tuple[int, str, str]:
    status = main(["check", *words])
    out, err = capsys.readouterr()
    return status, out, err


def titles(out: str) -> list[str]:
    return [line.split("\t")[2] for line in out.splitlines()]


def test_nothing_is_new(capsys: Shown) -> None:
    status, out, err = check(capsys)
    assert (status, out) == (0, "")
    assert err.startswith("nordic-tui: No new posts since yesterday, ")


def test_what_is_new_is_told_once(capsys: Shown) -> None:
    keep(NEWS, entry("A bridge", NOW), entry("An undated one"))
    status, out, _ = check(capsys)
    heading, *lines = out.splitlines()
    assert status == 10
    assert heading.startswith("2 new posts since yesterday, ")
    assert {line[13:] for line in lines} == {"A bridge · news", "An undated one · news"}
    assert check(capsys)[:2] == (0, "")
    keep(BLOG, entry("The next", NOW - timedelta(days=2)))
    status, out, _ = check(capsys)
    assert (status, out.splitlines()[1][13:]) == (10, "The next · blog")


def test_who_only_looks_moves_nobodys_last_check(capsys: Shown) -> None:
    keep(NEWS, entry("new", NOW, categories=("Safety",)))
    for words in (
        ["--motd"],
        ["--since", "yesterday"],
        ["--source", "NEWS"],
        ["--category", "safety"],
        ["--for", "mail"],
    ):
        assert check(capsys, *words)[0] == 10, words
    assert check(capsys, "--for", "mail")[0] == 0
    assert check(capsys)[0] == 10
    assert check(capsys, "--source", "news", "--for", "chat")[0] == 10
    assert check(capsys, "--source", "news", "--for", "chat")[0] == 0


def test_since_a_moment(capsys: Shown) -> None:
    assert check(capsys, "--since", "2d")[0] == 0
    status, out, _ = check(capsys, "--since", "1w", "--tsv")
    assert (status, len(titles(out))) == (10, 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--since", "soon"], "--since is "),
        (["--category", "None such"], "There is no category “None such”"),
        (["--source", "None such"], "There is no source “None such”. The sources are: "),
        (["--for", "x" * 101], "--for takes a name of 100 characters at most."),
        (["--json", "--tsv"], "not allowed with argument"),
    ],
    ids=str,
)
def test_used_wrongly(capsys: Shown, words: list[str], said: str) -> None:
    status, out, err = check(capsys, *words)
    assert (status, out) == (2, "")
    assert said in err


def test_json_is_that_of_list(capsys: Shown) -> None:
    keep_history()
    post = entry(
        "",
        NOW,
        excerpt="Words \u202e.",
        link="https://who@news.example/a",
        categories=("Safety", "Nordic"),
        authors=("Aino",),
    )
    keep(NEWS, post, entry("b"))
    assert main(["list", "--json"]) == 0
    listed = {post["id"]: post for post in json.loads(capsys.readouterr().out)["posts"]}
    status, out, _ = check(capsys, "--json")
    found = json.loads(out)
    assert (status, found["version"], found["new"]) == (10, 1, 2)
    assert datetime.fromisoformat(found["since"]) < datetime.fromisoformat(found["until"])
    assert len(found["posts"]) == 2
    assert all(each == listed[each["id"]] for each in found["posts"])
    found = json.loads(check(capsys, "--json")[1])
    assert (found["new"], found["posts"]) == (0, [])


def test_tsv_is_that_of_list(capsys: Shown) -> None:
    keep(NEWS, entry("a", NOW, link="https://news.example/a"), entry("b\tc"))
    assert main(["list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    _, out, _ = check(capsys, "--tsv")
    assert len(out.splitlines()) == 2
    assert set(out.splitlines()) <= set(listed)


def test_markdown(capsys: Shown) -> None:
    keep(NEWS, entry("A [b] *c*", OLD + timedelta(days=1), link="https://news.example/a"))
    keep(BLOG, entry("No link"))
    _, out, _ = check(capsys, "--markdown")
    heading, empty, *items = out.splitlines()
    assert heading.startswith("2 new posts since ")
    assert empty == ""
    date = f"{OLD + timedelta(days=1):%-d %b %Y}"
    assert set(items) == {
        rf"- [A \[b\] \*c\*](https://news.example/a) · news · {date}",
        "- No link · blog",
    }


def test_unread(capsys: Shown) -> None:
    keep(NEWS, entry("seen", NOW), entry("not yet", NOW))
    keep_history(reading="seen")
    assert titles(check(capsys, "--unread", "--tsv", "--since", "3h")[1]) == ["not yet"]
    # Without an answer that can be read nothing of the history is.
    find_paths().consent_file.unlink()
    assert len(titles(check(capsys, "--unread", "--tsv", "--since", "3h")[1])) == 2


# ── a login message ─────────────────────────────────────────────────────────────────────────


def test_a_login_message(capsys: Shown) -> None:
    assert check(capsys, "--motd") == (0, "", "")
    keep(NEWS, entry("A bridge", NOW))
    status, out, err = check(capsys, "--motd")
    assert (status, err) == (10, "")
    assert out.startswith("1 new post since yesterday, ")
    assert out.endswith("; “A bridge”. nordic-tui check lists it.\n")
    keep(NEWS, entry("B", NOW), entry("x" * 100, NOW + timedelta(seconds=0)))
    _, out, _ = check(capsys, "--motd")
    assert out.startswith("3 new posts since yesterday, ")
    assert len(out) < 200


@pytest.mark.parametrize(
    "harm", ["missing", "damaged", "newer", "held", "last check"], ids=lambda harm: harm
)
def test_a_login_goes_on_whatever_is_wrong(capsys: Shown, harm: str) -> None:
    keep(NEWS, entry("new", NOW))
    paths = find_paths()
    with closing(sqlite3.connect(paths.cache_file, isolation_level=None)) as holder:
        if harm == "missing":
            paths.cache_file.unlink()
        elif harm == "damaged":
            paths.cache_file.write_bytes(b"no database" * 1000)
        elif harm == "newer":
            holder.execute("PRAGMA user_version = 99")
        elif harm == "held":
            holder.execute("PRAGMA locking_mode = EXCLUSIVE")
            holder.execute("BEGIN IMMEDIATE")
            holder.execute("UPDATE source SET name = 'x'")
        else:
            paths.last_check_file.parent.mkdir(parents=True, exist_ok=True)
            paths.last_check_file.write_text("{")
        status, out, err = check(capsys, "--motd")
    assert err == ""
    assert (status, bool(out)) == ((10, True) if harm == "last check" else (0, False))


# ── files ───────────────────────────────────────────────────────────────────────────────────


def test_it_makes_no_file_but_its_own(home: Path, capsys: Shown) -> None:
    keep(NEWS, entry("new", NOW))
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}
    check(capsys, "--motd")
    check(capsys, "--json", "--since", "week")
    assert {p: p.stat().st_mtime_ns for p in home.rglob("*") if p.is_file()} == before
    check(capsys)
    made = {path for path in home.rglob("*") if path.is_file()} - before.keys()
    assert made == {find_paths().last_check_file}


def test_before_there_is_anything(capsys: Shown) -> None:
    find_paths().cache_file.unlink()
    status, out, err = check(capsys)
    assert (status, out) == (0, "")
    assert "No posts are kept yet" in err
    assert json.loads(check(capsys, "--json")[1])["posts"] == []
    assert not find_paths().cache_file.exists()


def test_a_damaged_cache_is_set_aside_as_by_every_command(capsys: Shown) -> None:
    file = find_paths().cache_file
    file.write_bytes(b"no database" * 1000)
    status, _, err = check(capsys)
    assert (status, f"{file} was damaged" in err) == (0, True)


def test_a_newer_cache_is_a_failure(capsys: Shown) -> None:
    with closing(sqlite3.connect(find_paths().cache_file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    status, _, err = check(capsys)
    assert (status, "newer version" in err) == (1, True)


def test_a_damaged_last_check_looks_back_a_day(capsys: Shown) -> None:
    keep(NEWS, entry("new", NOW))
    check(capsys)
    find_paths().last_check_file.write_text("{")
    status, out, err = check(capsys)
    assert (status, "new · news" in out) == (10, True)
    assert "it is not known when you last checked. Showing" in err
    assert check(capsys)[0] == 0


def test_a_last_check_that_cannot_be_kept_is_told(capsys: Shown) -> None:
    keep(NEWS, entry("new", NOW))
    folder = find_paths().last_check_file.parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file")
    status, out, err = check(capsys)
    assert (status, "new · news" in out) == (10, True)
    assert "the next check will show the same posts again" in err


def test_what_nobody_read_to_its_end_is_told_again(capsys: Shown) -> None:
    keep(NEWS, entry("new", NOW))
    with subprocess.Popen([*PROGRAM, "check"], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        program.stdout.close()
    assert check(capsys)[0] == 10


def test_a_refresh_first(home: Path, capsys: Shown) -> None:
    file = home / "feed.json"

    def write(*names: str) -> None:
        items = [
            {"id": n, "title": n, "content_text": n, "url": "https://x.example"} for n in names
        ]
        version = "https://jsonfeed.org/version/1.1"
        file.write_text(json.dumps({"version": version, "title": "File", "items": items}))

    write("a")
    follow(file)
    assert check(capsys, "--refresh")[0] == 0  # its first posts, without a date, are no news
    write("a", "b")
    with closing(sqlite3.connect(find_paths().cache_file)) as connection:
        connection.execute("UPDATE source SET next_at = 0")
        connection.commit()
    status, out, _ = check(capsys, "--refresh", "--tsv")
    assert (status, titles(out)) == (10, ["b"])
    missing = home / "missing.json"
    follow(file, missing)
    status, _, err = check(capsys, "--refresh")
    assert (status, "missing.json does not exist." in err) == (1, True)  # the only one that was due
    with closing(sqlite3.connect(find_paths().cache_file)) as connection:
        connection.execute("UPDATE source SET next_at = 0")
        connection.commit()
    assert check(capsys, "--refresh")[0] == 3
    assert check(capsys, "--refresh")[0] == 0
