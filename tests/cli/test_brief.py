"""`nordic-tui brief`: posts to be sent round."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nordic_tui.cli import main

from .helpers import feed, keep_history, post, store

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def sources(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "nordic_tui.clock.system_clock", lambda: datetime(2024, 5, 10, 12, tzinfo=UTC)
    )
    store(
        feed(home / "a.json", "First", post("Ice", day=9, categories=["News"]), post("Sun", day=1)),
        feed(home / "b.json", "Second", post("Tram <b>", day=5)),
    )


def printed(capsys: Captured, *words: str) -> str:
    assert main(["brief", *words]) == 0
    return capsys.readouterr().out


WHOLE = """\
# News

10 May 2024 · 3 posts

## First

### [Ice](https://news.example/3)

*9 May 2024 · News*

About Ice.

### [Sun](https://news.example/3)

*1 May 2024*

About Sun.

## Second

### [Tram \\<b\\>](https://news.example/8)

*5 May 2024*

About Tram \\<b\\>.
"""


@pytest.mark.usefixtures("sources")
def test_markdown_of_all(capsys: Captured) -> None:
    assert printed(capsys) == WHOLE


@pytest.mark.usefixtures("sources")
def test_the_other_forms(capsys: Captured) -> None:
    page = printed(capsys, "--format", "html", "--source", "Second")
    assert "<h1>Second</h1>" in page
    assert '<a href="https://news.example/8">Tram &lt;b&gt;</a>' in page
    text = printed(capsys, "--format", "text", "--category", "news")
    assert text.startswith("news\n====\n\n10 May 2024 · 1 post\n\nIce\n9 May 2024 · First · News\n")


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (["--since", "2024-05-05"], ["Ice", "Tram"]),
        (["--since", "2024-05-06"], ["Ice"]),
        (["--since", "1w"], ["Ice", "Tram"]),
        (["--since", "9d"], ["Ice", "Tram"]),
        (["--since", "10d"], ["Ice", "Sun", "Tram"]),
        (["--search", "tram"], ["Tram"]),
        (["--search", "about -sun", "--source", "First"], ["Ice"]),
        (["--search", "about", "--since", "2024-05-04"], ["Ice", "Tram"]),
        (["--limit", "1"], ["Ice"]),
        (["--limit", "2", "--source", "First"], ["Ice", "Sun"]),
    ],
)
def test_which_posts(words: list[str], titles: list[str], capsys: Captured) -> None:
    text = printed(capsys, *words)
    assert [name for name in ("Ice", "Sun", "Tram") if f"About {name}" in text] == titles


@pytest.mark.usefixtures("sources")
def test_a_search_is_the_title(capsys: Captured) -> None:
    assert printed(capsys, "--search", " tram b ").startswith("# “tram b”\n")


@pytest.mark.usefixtures("sources")
def test_only_unread_ones(capsys: Captured) -> None:
    keep_history(reading="Ice")
    assert "Ice" not in printed(capsys, "--unread")


@pytest.mark.usefixtures("sources")
def test_no_posts(capsys: Captured) -> None:
    assert main(["brief", "--since", "0d"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "nordic-tui: No posts.\n")


@pytest.mark.usefixtures("sources")
def test_what_is_left_out_is_said(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nordic_tui.cli.brief.NEWEST", 2)
    assert main(["brief"]) == 0
    said = capsys.readouterr()
    assert said.err == "nordic-tui: These are the first 2; --limit N takes more.\n"
    assert "2 posts" in said.out
    printed(capsys, "--limit", "2")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("when", ["yesterday", "5y", "2024-13-01", "9999999999d", ""])
def test_a_time_that_is_none(when: str, capsys: Captured) -> None:
    assert main(["brief", "--since", when]) == 2
    assert "it is a day (2026-05-16) or a time (7d, 2w)" in capsys.readouterr().err
