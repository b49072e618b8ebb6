"""`nordic-tui library`, and `undo` and `redo` of what is in it."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import KeptPost, Post, View
from nordic_tui.wiring import Parts
from tests.terminal import WAIT_S

from .helpers import feed, follow, post, settings, store

Captured = pytest.CaptureFixture[str]


def with_parts(work: "Callable[[Parts], object]") -> None:
    paths = find_paths()
    with wiring.open_parts(load(paths.settings_file), paths) as parts:
        work(parts)


def keep(title: str, *tags: str) -> None:
    """Star a post, and tag it."""

    def work(parts: Parts) -> None:
        (row,) = parts.store.rows(View(title=title), parts.store.snapshot(), 0, 9)
        parts.keeping.star(row.id, True).result(WAIT_S)
        for tag in tags:
            parts.keeping.tag(row.id, tag, True).result(WAIT_S)

    with_parts(work)


def kept() -> list[KeptPost]:
    found: list[KeptPost] = []
    with_parts(lambda parts: found.extend(parts.keeping.posts()))
    return found


@pytest.fixture
def news(home: Path) -> Path:
    file = feed(home / "news.json", "News", post("One", day=1), post("Two", day=2))
    store(file)
    return file


def forget_everything() -> None:
    """As on another machine: the settings and nothing else."""
    paths = find_paths()
    for file in (paths.cache_file, paths.library_file, paths.undo_file):
        file.unlink(missing_ok=True)


def test_what_was_exported_is_there_on_another_machine(news: Path, capsys: Captured) -> None:
    keep("Two", "Åre", "later")
    before = kept()
    assert main(["library", "export", "mine.json"]) == 0
    assert "Exported 1 post with stars and tags to mine.json." in capsys.readouterr().err
    assert Path("mine.json").stat().st_mode & 0o777 == 0o600
    forget_everything()
    assert kept() == []
    assert main(["library", "import", "mine.json"]) == 0
    assert capsys.readouterr().err == (
        "nordic-tui: Imported the stars and tags of 1 post. nordic-tui undo takes it back.\n"
    )
    assert kept() == before
    main(["list"])
    assert "Two" in capsys.readouterr().out, "the post itself came along"
    assert main(["library", "import", "mine.json"]) == 0
    assert "Nothing was imported: all of it is here already." in capsys.readouterr().err
    assert main(["undo"]) == 0
    assert "Took back: Imported the stars and tags of 1 post." in capsys.readouterr().err
    assert kept() == []
    assert main(["redo"]) == 0
    assert "Did again: Imported the stars and tags of 1 post." in capsys.readouterr().err
    assert kept() == before


def test_stars_tags_and_sources_are_taken_back_in_their_order(news: Path, capsys: Captured) -> None:
    keep("One", "cities")
    main(["change", "news", "--name", "The news"])
    capsys.readouterr()
    for _ in range(4):
        assert main(["undo"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "nordic-tui: Took back: Renamed “News” to “The news”.",
        "nordic-tui: Took back: Tagged “One” with cities.",
        "nordic-tui: Took back: Starred “One”.",
        "nordic-tui: There is nothing to take back.",
    ]
    assert main(["redo"]) == 0
    assert main(["remove", "news"]) == 0
    assert main(["redo"]) == 0
    assert capsys.readouterr().err.splitlines()[::2] == [
        "nordic-tui: Did again: Starred “One”.",
        "nordic-tui: There is nothing to do again.",
    ]


def test_a_library_that_cannot_be_read_takes_no_earlier_export_away(
    news: Path, capsys: Captured
) -> None:
    keep("One")
    assert main(["library", "export", "mine.json"]) == 0
    before = Path("mine.json").read_bytes()
    library = find_paths().library_file
    for side in library.parent.glob("library.db-*"):
        side.unlink()
    library.write_bytes(b"damaged" * 1000)
    assert main(["library", "export", "mine.json"]) == 1
    assert Path("mine.json").read_bytes() == before
    said = capsys.readouterr().err
    assert "was damaged and has been made anew" in said
    assert said.endswith("nordic-tui: Nothing was exported.\n")


def test_an_export_says_no_login_and_is_matched_without_it(
    home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings('[[sources]]\naddress = "https://kari:hush@news.example/feed/"')

    def fill(parts: Parts) -> None:
        from nordic_tui.model import Entry, Feed

        (state,) = parts.store.states()
        parts.store.save_feed(state.address, Feed(entries=(Entry(guid="x", title="X"),)), state)

    with_parts(fill)
    keep("X")
    (before,) = kept()
    capsys.readouterr()
    assert main(["library", "export"]) == 0
    exported = capsys.readouterr().out
    assert "hush" not in exported
    assert json.loads(exported)["posts"][0]["source"] == "https://news.example/feed/"
    forget_everything()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(exported.encode())))
    assert main(["library", "import", "-"]) == 0
    assert kept() == [before._replace(source_title="news.example")]
    found: list[Post | None] = []
    with_parts(lambda parts: found.append(parts.store.post(before.id)))
    assert found[0] is not None
    main(["list"])
    assert "X" in capsys.readouterr().out, "it is a post of the source that is followed"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "library.json is no library that nordic-tui exported: it is not JSON."),
        ("[]", "library.json is no library that nordic-tui exported."),
        ('{"format": "nordic-tui-history"}', "is no library that nordic-tui exported."),
        (
            '{"format": "nordic-tui-library", "version": 9, "posts": []}',
            "was exported by a newer version of this program (its format is 9, this version knows "
            "1): update the program.",
        ),
    ],
)
def test_another_file_is_refused(
    news: Path, home: Path, capsys: Captured, text: str, words: str
) -> None:
    (home / "library.json").write_text(text)
    assert main(["library", "import", "library.json"]) == 1
    assert words in capsys.readouterr().err
    assert kept() == []


def test_what_can_not_be_read_is_counted(news: Path, home: Path, capsys: Captured) -> None:
    keep("One")
    main(["library", "export", "mine.json"])
    exported = json.loads((home / "mine.json").read_text())
    exported["posts"] += [{"post": "x"}, 7]
    (home / "mine.json").write_text(json.dumps(exported))
    forget_everything()
    capsys.readouterr()
    assert main(["library", "import", "mine.json"]) == 3
    assert "nordic-tui: 2 posts could not be read.\n" in capsys.readouterr().err
    assert [post.entry.title for post in kept()] == ["One"]


def test_files_that_are_not_there_and_folders_that_are_not(news: Path, capsys: Captured) -> None:
    assert main(["library", "import", "nowhere.json"]) == 1
    assert main(["library", "export", "no/mine.json"]) == 1
    said = capsys.readouterr().err
    assert "nowhere.json" in said
    assert "no/mine.json could not be written: No such file or directory." in said


def test_an_export_makes_no_file(home: Path, capsys: Captured) -> None:
    follow()
    before = sorted(home.rglob("*"))
    assert main(["library", "export"]) == 0
    assert json.loads(capsys.readouterr().out)["posts"] == []
    assert sorted(home.rglob("*")) == before
