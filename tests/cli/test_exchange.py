"""What is followed, from and for other readers."""

import errno
import io
import json
import os
import sys
from pathlib import Path

import pytest

from nordic_tui.cli import main
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.decode.detect import decode
from nordic_tui.decode.opml import decode_opml
from nordic_tui.model import SavedView, Source

from .helpers import feed, follow, post, settings, store

Captured = pytest.CaptureFixture[str]

OPML = """<opml version="2.0"><body>
<outline text="News">
<outline text="A" xmlUrl="https://a.example/feed/"/>
<outline text="B" xmlUrl="https://b.example/feed/" category="by"/>
</outline>
</body></opml>
"""
BROKEN = OPML.replace('text="B"', "text=B")
URLS = f"""\
https://c.example/feed/ "~Third"
"query:Unread:unread = \\"yes\\""
exec:touch {os.devnull}/ran
"""

A = Source("https://a.example/feed/", "A", folder="News")
B = Source("https://b.example/feed/", "B", folder="News", tags=("by",))


@pytest.fixture(autouse=True)
def nothing_is_followed(home: Path) -> None:
    follow()


def followed() -> tuple[Source, ...]:
    return load(find_paths().settings_file).sources


def written(text: str, name: str = "list") -> str:
    Path(name).write_text(text)
    return name


# ── import ──────────────────────────────────────────────────────────────────────────────────


def test_opml_is_imported(capsys: Captured) -> None:
    assert main(["import", written(OPML)]) == 0
    said = capsys.readouterr()
    assert said.err == "nordic-tui: Imported 2 sources. nordic-tui undo takes it back.\n"
    assert said.out == ""
    assert followed() == (A, B)


def test_importing_twice_changes_nothing(capsys: Captured) -> None:
    settings('[[sources]]  # mine\naddress = "https://a.example/feed/"', 'name = "My A"')
    assert main(["import", written(OPML)]) == 0
    assert "Imported 1 source, 1 was there already." in capsys.readouterr().err
    assert followed() == (Source(A.address, "My A"), B)
    text = find_paths().settings_file.read_text()
    assert "# mine" in text
    assert main(["import", "list"]) == 0
    assert capsys.readouterr().err == "nordic-tui: Imported 0 sources, 2 were there already.\n"
    assert find_paths().settings_file.read_text() == text


def test_newsboats_file_is_imported_but_for_what_it_would_run(capsys: Captured) -> None:
    assert main(["import", written(URLS)]) == 3
    assert capsys.readouterr().err.splitlines() == [
        "nordic-tui: Line 3: exec: would run a program; it was left out.",
        "nordic-tui: Imported 1 source and 1 saved view. nordic-tui undo takes it back.",
    ]
    assert followed() == (Source("https://c.example/feed/", "Third"),)
    assert load(find_paths().settings_file).views == (SavedView("Unread", unread_only=True),)


def test_a_broken_file_says_where_and_gives_what_can_be_read(capsys: Captured) -> None:
    assert main(["import", written(BROKEN)]) == 3
    assert "Line 4, column 15: the file is damaged here (not well-formed" in capsys.readouterr().err
    assert followed() == (A, B)


@pytest.mark.parametrize("text", [BROKEN, URLS])
def test_strict_is_all_or_nothing(text: str, capsys: Captured) -> None:
    assert main(["import", "--strict", written(text)]) == 1
    assert "Nothing was imported" in capsys.readouterr().err
    assert followed() == ()
    assert main(["import", "--strict", written(OPML)]) == 0
    assert followed() == (A, B)


def test_a_dry_run_changes_nothing(capsys: Captured) -> None:
    before = find_paths().settings_file.read_text()
    assert main(["import", "--dry-run", written(OPML)]) == 0
    assert capsys.readouterr().err == "nordic-tui: Would import 2 sources.\n"
    assert find_paths().settings_file.read_text() == before


def test_undo_takes_an_import_back(capsys: Captured) -> None:
    before = find_paths().settings_file.read_text()
    assert main(["import", written(OPML)]) == 0
    assert main(["undo"]) == 0
    assert "Imported 2 sources." in capsys.readouterr().err
    assert find_paths().settings_file.read_text() == before


def test_standard_input_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(OPML.encode())))
    assert main(["import", "-"]) == 0
    assert followed() == (A, B)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("exec:touch ran\n", "Nothing could be imported."),
        ("Just words.\n", "list is neither OPML nor newsboat's urls file or killfile."),
        ("<opml><!DOCTYPE", "Nothing could be imported."),
    ],
)
def test_what_gives_nothing_failed(text: str, says: str, capsys: Captured) -> None:
    assert main(["import", written(text)]) == 1
    assert capsys.readouterr().err.endswith(f"{says}\n")
    assert not Path("ran").exists()


@pytest.mark.parametrize(("name", "why"), [("missing", "does not exist"), (".", "is a folder")])
def test_a_file_that_cannot_be_read_failed(name: str, why: str, capsys: Captured) -> None:
    assert main(["import", name]) == 1
    assert capsys.readouterr().err == f"nordic-tui: {name} {why}.\n"


# ── export ──────────────────────────────────────────────────────────────────────────────────


def test_what_is_exported_can_be_imported(home: Path, capsys: Captured) -> None:
    assert main(["import", written(OPML)]) == 0
    assert main(["export"]) == 0
    said = capsys.readouterr()
    follow()
    assert main(["import", written(said.out)]) == 0
    assert followed() == (A, B)


def test_an_exported_file_is_private_and_has_no_secrets(home: Path, capsys: Captured) -> None:
    follow("https://anna:hunter2@a.example/feed/", feed(home / "mine.json", "Mine"))
    file = home / "mine.opml"
    file.write_text("x" * 10_000)
    file.chmod(0o644)
    assert main(["export", "mine.opml"]) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    body = file.read_bytes()
    assert [s.address for s in decode_opml(body).following.sources] == ["https://a.example/feed/"]
    for secret in (b"anna", b"hunter2", b"mine.json"):
        assert secret not in body
    said = capsys.readouterr()
    assert said.out == ""
    assert "Exported 1 source to mine.opml." in said.err
    assert "Not in it, since other readers could not use them: 1 local file." in said.err


def test_what_differs_only_in_its_login_is_counted_once(capsys: Captured) -> None:
    follow("https://a.example/", "https://kari:x@a.example/", "https://anna:x@a.example/")
    assert main(["export", "mine.opml"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "nordic-tui: Exported 1 source to mine.opml.",
        "nordic-tui: 2 sources differ from others only in their logins and are not in it a second "
        "time.",
    ]


def test_an_export_that_fails_leaves_the_file_that_was_there(
    home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    Path("mine.opml").write_text("the old one")
    monkeypatch.setattr(os, "fsync", full)
    assert main(["export", "mine.opml"]) == 1
    assert "mine.opml could not be written: No space left on device." in capsys.readouterr().err
    assert Path("mine.opml").read_text() == "the old one"
    assert [path.name for path in home.iterdir() if "mine" in path.name] == ["mine.opml"]


def test_a_folder_that_is_not_there_is_said(capsys: Captured) -> None:
    assert main(["export", "no/mine.opml"]) == 1
    assert "no/mine.opml could not be written: No such file or directory." in (
        capsys.readouterr().err
    )


def test_names_stay_right_in_any_encoding_of_stdout(monkeypatch: pytest.MonkeyPatch) -> None:
    settings('[[sources]]\naddress = "https://a.example/"\nname = "Blåbær 日本"')
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="iso-8859-1"))
    assert main(["export"]) == 0
    (source,) = decode_opml(out.getvalue()).following.sources
    assert source.name == "Blåbær 日本"


# ── posts as a JSON Feed ────────────────────────────────────────────────────────────────────


def test_a_list_is_exported_as_a_feed(home: Path, capsys: Captured) -> None:
    first = feed(home / "first.json", "First", post("Havn", day=3, categories=["Nyheter"]))
    store(first, feed(home / "second.json", "Second", post("Metro", day=2)))
    assert main(["list", "--jsonfeed", "--source", "First"]) == 0
    read = decode(capsys.readouterr().out.encode())
    assert read.title == "First"
    (entry,) = read.entries
    assert (entry.title, entry.excerpt, entry.categories) == ("Havn", "About Havn.", ("Nyheter",))
    assert main(["list", "--jsonfeed"]) == 0
    titles = [item["title"] for item in json.loads(capsys.readouterr().out)["items"]]
    assert titles == ["Havn", "Metro"]
