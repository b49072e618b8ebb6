import json
import sqlite3
from pathlib import Path

import pytest
from rich.cells import cell_len

from nordic_tui.cli import listing, main
from nordic_tui.config.paths import find_paths

from .helpers import feed, follow, keep_history, post, settings, store

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def two_sources(home: Path) -> None:
    """Posts of three days in two sources with one category of the same name."""
    first = feed(
        home / "first.json",
        "First",
        post("Byen i går", day=1, categories=["Nyheter"]),
        post("Havn [red]åpner[/]", day=3, categories=["Nyheter", "Ærø"]),
    )
    second = feed(
        home / "second.json",
        "Second",
        post("Metro", day=2, categories=["nyheter"]),
        post("Undated"),
    )
    store(first, second)


def listed(capsys: Captured, *words: str) -> list[str]:
    """The titles that `list` prints."""
    assert main(["list", *words]) == 0
    return [line.split("\t")[2] for line in capsys.readouterr().out.splitlines()]


def test_first_list_has_the_bundled_posts(capsys: Captured) -> None:
    titles = listed(capsys)
    assert len(titles) == 7
    assert titles[0] == "How the war in Ukraine affects safety and security in our member cities"
    assert not find_paths().history_file.exists()


@pytest.mark.usefixtures("two_sources")
def test_a_pipe_gets_five_columns(capsys: Captured) -> None:
    assert main(["list", "--limit", "2"]) == 0
    undated, newest = capsys.readouterr().out.splitlines()
    assert undated == "unread\t\tUndated\tSecond\thttps://news.example/7"
    assert newest == "unread\t2024-05-03\tHavn [red]åpner[/]\tFirst\thttps://news.example/18"


@pytest.mark.usefixtures("two_sources")
@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ([], ["Undated", "Havn [red]åpner[/]", "Metro", "Byen i går"]),
        (["--limit", "2"], ["Undated", "Havn [red]åpner[/]"]),
        (["--category", "NYHETER"], ["Havn [red]åpner[/]", "Metro", "Byen i går"]),
        (["--category", "aero"], ["Havn [red]åpner[/]"]),
        (["--source", "second"], ["Undated", "Metro"]),
        (["--source", "Second", "--category", "Nyheter"], ["Metro"]),
    ],
)
def test_selection(words: list[str], titles: list[str], capsys: Captured) -> None:
    assert listed(capsys, *words) == titles


@pytest.mark.usefixtures("two_sources")
def test_source_by_address(home: Path, capsys: Captured) -> None:
    assert listed(capsys, "--source", f"{home}/second.json") == ["Undated", "Metro"]


@pytest.mark.usefixtures("two_sources")
def test_unread_is_known_from_the_kept_history(capsys: Captured) -> None:
    keep_history(reading="Havn")
    assert listed(capsys, "--unread", "--category", "nyheter") == ["Metro", "Byen i går"]
    assert main(["list", "--source", "First"]) == 0
    marks = [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()]
    assert marks == ["read", "unread"]


@pytest.mark.usefixtures("two_sources")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--category", "Sport"], "The categories are: Ærø, Nyheter."),
        (["--category", "Ærø", "--source", "Second"], "The categories are: nyheter."),
        (["--source", "Third"], "The sources are: First, Second."),
    ],
)
def test_name_that_does_not_exist_says_which_do(
    words: list[str], says: str, capsys: Captured
) -> None:
    assert main(["list", *words]) == 2
    said = capsys.readouterr()
    assert said.err.endswith(f" {says}\n")
    assert said.out == ""


def test_one_source_is_found_by_its_name(home: Path, capsys: Captured) -> None:
    store(feed(home / "only.json", "Only", post("Alene")))
    assert listed(capsys, "--source", "ONLY") == ["Alene"]


@pytest.mark.usefixtures("two_sources")
def test_json(capsys: Captured) -> None:
    assert main(["list", "--json", "--source", "First", "--limit", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["version"] == 1
    (only,) = found["posts"]
    assert only.pop("id").isdecimal()
    assert only == {
        "title": "Havn [red]åpner[/]",
        "link": "https://news.example/18",
        "published": "2024-05-03T08:00:00+00:00",
        "source": "First",
        "categories": ["Nyheter", "Ærø"],
        "unread": True,
        "excerpt": "About Havn [red]åpner[/].",
        "authors": ["Aino"],
    }


def test_json_without_posts(capsys: Captured) -> None:
    follow()
    assert main(["list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"version": 1, "posts": []}


@pytest.mark.usefixtures("two_sources")
def test_a_terminal_gets_aligned_columns_and_no_markup(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(listing, "is_screen", lambda _: True)
    monkeypatch.setenv("COLUMNS", "44")
    assert main(["list", "--category", "nyheter"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.rstrip() for line in lines] == [
        "●   3 May 2024  Havn [red]åpner[/]    First",
        "●   2 May 2024  Metro                 Second",
        "●   1 May 2024  Byen i går            First",
    ]
    assert all(cell_len(line) <= 44 for line in lines)


@pytest.mark.usefixtures("two_sources")
def test_stored_escapes_do_not_reach_the_terminal(capsys: Captured) -> None:
    with sqlite3.connect(find_paths().cache_file) as connection:
        connection.execute("UPDATE post SET label = 'a' || char(27) || ']52;c;eA==' || char(7)")
    connection.close()
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "52;c" not in out


def test_list_never_asks_a_source(home: Path, capsys: Captured) -> None:
    follow(feed(home / "never.json", "Never", post("Not asked for")))
    assert main(["list"]) == 0
    assert capsys.readouterr().out == ""


def test_a_source_is_the_one_that_is_named_wherever_it_stands(home: Path, capsys: Captured) -> None:
    names = "ABCD"
    files = [feed(home / f"{n}.json", f"Feed {n}", post(f"Of {n}", categories=[n])) for n in names]
    folders = ("", "X", "", "X")  # so that the sidebar has them in another order
    hidden = ("true", "false", "false", "false")
    settings(
        *(
            f'[[sources]]\naddress = "{file}"\nfolder = "{folder}"\nhidden = {is_hidden}'
            for file, folder, is_hidden in zip(files, folders, hidden, strict=True)
        )
    )
    assert main(["refresh"]) == 0
    for n in names:
        assert listed(capsys, "--source", f"Feed {n}") == [f"Of {n}"]
        assert listed(capsys, "--category", n) == [f"Of {n}"]
        assert main(["list", "--jsonfeed", "--source", f"Feed {n}", "--category", n]) == 0
        assert [item["title"] for item in json.loads(capsys.readouterr().out)["items"]] == [
            f"Of {n}"
        ]
