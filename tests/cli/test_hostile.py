"""Texts of ill will, of a feed, a file or a search: no command writes what a terminal obeys."""

import json
import unicodedata
from pathlib import Path

import pytest

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Entry, Feed
from tests.tui.helpers import HOSTILE

from .helpers import follow

SAID = [words for words in HOSTILE if not {"\x00", "\ud800"} & set(words)]
"""A zero byte can't be in an argument; a lone surrogate can't be in SQLite."""


def commands(said: str) -> list[list[str]]:
    return [
        ["list"],
        ["search", "zebra"],
        ["search", "zebra", "--json"],
        ["search", said, f"is:{said}"],
        ["brief"],
        ["brief", "--format", "html"],
        ["brief", "--format", "text", "--search", f"zebra {said}"],
        ["views", "add", f"View {said}", f"is:{said}", "--tag", said],
        ["views"],
        ["views", "--json"],
        ["rules", "try", f"zebra has:{said}"],
        ["rules", "add", f"Rule {said}", f"zebra before:{said}", "--tag", f"Tag {said}", "--star"],
        ["rules"],
        ["rules", "--json"],
        ["rules", "off", said],
        ["rules", "off", f"Rule {said}"],
        ["undo"],
        ["undo"],
        ["redo"],
        ["library", "export"],
        ["library", "import", f"nowhere {said}"],
        ["library", "import", "library.json"],
        ["undo"],
    ]


@pytest.mark.parametrize("said", SAID)
def test_no_command_writes_what_a_terminal_obeys(
    said: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "https://news.example/feed/"
    follow(address)
    dirty = Entry(
        guid=said,
        link="https://news.example/" + said,
        title=f"{said} zebra",
        authors=(said,),
        categories=(said,),
        excerpt=f"{said} zebra",
    )
    with wiring.open_parts(load(find_paths().settings_file), find_paths()) as parts:
        (state,) = parts.store.states()
        parts.store.save_feed(address, Feed(title=said, entries=(dirty,)), state).result(5)
    kept = {
        "post": "77",
        "source": said,
        "source_title": said,
        "tags": [{"tag": said, "given_at": "2024-05-01T00:00:00Z"}],
        "entry": {"title": said, "link": said, "content": said, "excerpt": said},
    }
    library = {"format": "nordic-tui-library", "version": 1, "posts": [kept]}
    (home / "library.json").write_text(json.dumps(library))
    for command in commands(said):
        main(command)
        written = "".join(capsys.readouterr())
        odd = [c for c in written if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]
        assert not set(odd) - {"\n", "\t"}, command
