import json
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from nordic_tui.cli import main, search
from nordic_tui.service.ports import PostStore

from .helpers import feed, post, store

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def two_sources(home: Path) -> None:
    first = feed(
        home / "first.json",
        "First",
        post("Byen i Århus", day=1, categories=["Nyheter"]),
        post("Havn", day=3, categories=["Ærø"]) | {"content_text": "Fra byen i Aarhus " * 20},
    )
    second = feed(
        home / "second.json",
        "Second",
        post("Havn [red]i nord[/]", day=2, categories=["nyheter"]),
    )
    store(first, second)


def found(capsys: Captured, *words: str) -> list[str]:
    """The titles that `search` prints."""
    assert main(["search", *words]) == 0
    return [line.split("\t")[2] for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (["århus"], ["Byen i Århus", "Havn"]),
        (["arhus"], ["Byen i Århus"]),
        (["havn"], ["Havn", "Havn [red]i nord[/]"]),
        (["havn nord"], ["Havn [red]i nord[/]"]),
        (["havn", "--", "-nord"], ["Havn"]),
        (["--", "-havn"], ["Byen i Århus"]),
        (['"byen i"'], ["Byen i Århus", "Havn"]),
        (["havn", "--limit", "1"], ["Havn"]),
        (["havn", "--source", "Second"], ["Havn [red]i nord[/]"]),
        (["i", "--category", "nyheter"], ["Havn [red]i nord[/]", "Byen i Århus"]),
        (["author:aino", "before:2024-05-02", "--unread"], ["Byen i Århus"]),
    ],
)
def test_what_is_found_is_printed(capsys: Captured, words: list[str], titles: list[str]) -> None:
    assert found(capsys, *words) == titles


def test_json_tells_what_was_searched_for_and_where_it_stands(capsys: Captured) -> None:
    assert main(["search", "byen", "source:first", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["version"], answer["search"]) == (1, "byen source:first")
    assert [post["title"] for post in answer["posts"]] == ["Byen i Århus", "Havn"]
    assert answer["posts"][0]["snippet"] == "About Byen i Århus."
    snippet = answer["posts"][1]["snippet"]
    assert snippet.startswith("Fra byen i Aarhus")
    assert snippet.endswith("…")


@pytest.mark.parametrize(("words", "number"), [(["havn"], "2\n"), (["nothing"], "0\n")])
def test_count_says_only_how_many(capsys: Captured, words: list[str], number: str) -> None:
    assert main(["search", *words, "--count"]) == 0
    assert capsys.readouterr().out == number


def test_nothing_found_is_said_and_is_no_failure(capsys: Captured) -> None:
    assert found(capsys, "nothing") == []
    assert main(["search", "nothing"]) == 0
    assert capsys.readouterr().err == "nordic-tui: No post is found.\n"


def test_what_is_not_understood_is_said(capsys: Captured) -> None:
    assert main(["search", "is:new"]) == 0
    assert "There is no “is:new”; there are is:unread, " in capsys.readouterr().err
    assert main(["search", " "]) == 2
    assert "nothing to search for" in capsys.readouterr().err
    assert main(["search", "havn", "--source", "Third"]) == 2


def test_what_takes_long_before_the_search_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    indexing: Future[None] = Future()
    said: list[str] = []

    def say(sentence: str) -> None:
        said.append(sentence)
        indexing.set_result(None)

    monkeypatch.setattr(search, "TOLD_AFTER_S", 0)
    monkeypatch.setattr(search, "say", say)
    search.index_all(cast(PostStore, SimpleNamespace(index_all=lambda: indexing)))
    assert said == ["Reading new posts into the search first."]
