"""Texts of ill will, of a feed, a file, a server or a search: no command writes what a terminal
obeys, be it to stdout or to stderr."""

import argparse
import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from nordic_tui import wiring
from nordic_tui.cli import main
from nordic_tui.config.paths import find_paths
from nordic_tui.config.settings import load
from nordic_tui.model import Entry, Feed, View
from tests.hostile.texts import REMNANTS, SAID, SHOWN
from tests.terminal import WAIT_S, Terminal
from tests.terminal_stream import faults, faults_of_sent, parts

from .helpers import settings
from .test_arguments import all_parsers

NEWS = "https://127.0.0.1:1/feed/"
"""Nobody answers there."""
EVIL = (
    "zebra \x1b]0;root shell\x07\x1b[2J\x9b31m\x9d52;c;x\x9c\u202e\u2066\u200b\U000e0041\x08\r"
    + "a"
    + "\u0335" * 9
)
BYTES = os.fsdecode(b"zebra \xff\x9b2J\xc2")
"""An argument that is not UTF-8."""
EVIL_FILE = "zebra\x1b]0;root shell\x07\x9b2J\u202efdp"


def commands(said: str) -> list[list[str]]:
    """Every command with this text wherever a person may put one."""
    return [
        [],
        [said],
        ["--zebra" + said],
        ["--profile", said],
        [f"https://127.0.0.1:1/{said}"],
        [f"{said}://zebra/"],
        ["list"],
        ["list", "--json"],
        ["list", "--jsonfeed"],
        ["list", "--category", said],
        ["list", "--source", said, "--limit", "2"],
        ["list", "--limit", said],
        ["list", "--zebra" + said],
        ["check", "--since", "1w", "--refresh"],
        ["check", "--since", "2000-01-01", "--json"],
        ["check", "--since", "2000-01-01", "--tsv"],
        ["check", "--since", "2000-01-01", "--markdown"],
        ["check", "--since", "2000-01-01", "--motd"],
        ["check", "--since", said],
        ["check", "--category", said],
        ["check", "--source", said, "--for", said],
        ["watch", "--since", said],  # what it prints, check prints as well
        ["watch", "--source", said],
        ["watch", "--category", said, "--json", "--no-refresh"],
        ["search", "zebra"],
        ["search", "zebra", "--json"],
        ["search", said, f"is:{said}", "--count"],
        ["brief"],
        ["brief", "--format", "html"],
        ["brief", "--format", "text", "--search", f"zebra {said}"],
        ["brief", "--since", said],
        ["brief", "--category", said],
        ["brief", "--source", said, "--limit", said],
        ["brief", "--source", said, "--limit", "2"],
        ["search", said, "--category", said],
        ["search", said, "--source", said, "--limit", said],
        ["views", "add", f"View {said}", f"is:{said}", "--tag", said],
        ["views"],
        ["views", "--json"],
        ["views", "remove", said],
        ["views", "remove", f"View {said}"],
        ["rules", "try", f"zebra has:{said}"],
        ["rules", "add", f"Rule {said}", f"zebra before:{said}", "--tag", f"Tag {said}", "--star"],
        ["rules"],
        ["rules", "--json"],
        ["rules", "off", said],
        ["rules", "off", f"Rule {said}"],
        ["rules", "on", f"Rule {said}"],
        ["rules", "remove", f"Rule {said}"],
        ["undo"],
        ["undo"],
        ["redo"],
        ["library"],
        ["library", "export"],
        ["library", "export", f"nowhere/{said}"],
        ["library", "import", f"nowhere {said}"],
        ["library", "import", "library.json"],
        ["undo"],
        ["sources"],
        ["sources", "--json"],
        ["change", NEWS, "--folder", said, "--tag", said, "--leave-out", said],
        ["change", NEWS, "--name", said, "--user-agent", said],
        ["change", NEWS, "--header", f"X-Zebra: {said}"],
        ["change", NEWS, "--login-command", said, "--login-user", said],
        ["change", NEWS, "--archive", said, "--archive-limit", said, "--full-text", said],
        ["change", NEWS, "--ca-file", said],
        ["change", said, "--pause"],
        ["sources"],
        ["refresh"],
        ["refresh", said],
        ["archive", NEWS, "--limit", "1"],
        ["archive", said],
        ["add", f"{EVIL_FILE}.json", "--name", said, "--folder", said, "--yes"],
        ["add", f"{EVIL_FILE}.xml"],
        ["add", f"https://127.0.0.1:1/{said}", "--yes"],
        ["add", said, "--choose", said],
        ["add", f"{EVIL_FILE}.json", "--user-agent", said, "--yes"],
        ["add", f"{EVIL_FILE}.json", "--ca-file", said, "--yes"],
        ["add", f"{EVIL_FILE}.json", "--header", f"X-Zebra: {said}", "--yes"],
        ["add", f"{EVIL_FILE}.json", "--login-command", said, "--login-user", said, "--yes"],
        [f"{EVIL_FILE}.json"],
        [f"{EVIL_FILE}.xml"],
        ["import", f"{EVIL_FILE}.opml", "--dry-run"],
        ["import", f"{EVIL_FILE}.opml", "--strict"],
        ["import", f"{EVIL_FILE}.opml"],
        ["import", f"{EVIL_FILE}.urls"],
        ["import", said],
        ["sources"],
        ["export"],
        ["export", "--format", said],
        ["export", f"nowhere/{said}"],
        ["remove", said, NEWS],
        ["remove", NEWS],
        ["data", "show"],
        ["data", "export"],
        ["data", "export", f"nowhere/{said}"],
        ["data"],
        ["data", said],
        ["paths"],
        ["paths", "--json"],
        ["doctor"],
        ["doctor", "--json"],
        ["config"],
        ["config", "init"],
        ["config", "check"],
        ["config", "get", said],
        ["config", "set", said, said],
        ["completions", said],
        ["completions", "--words", said],
        ["manual", said],
        ["serve", "--host", said, "--port", said],
        ["demo", "--theme", said],
        ["demo", "--tour", said, "--check"],
        ["demo", "--record", said],
        ["demo", "--screenshot", said, "--at", said],
        ["demo", "--screenshot", f"{said}.svg", "--at", said, "--speed", said],
        ["data", "erase", "--yes"],
    ]


def keep_everything(home: Path) -> None:
    """Follow a source whose every text is of ill will, in the store as it is; and files like it."""
    settings(
        f'[[sources]]\naddress = "{NEWS}"',
        *(f"[[views]]\nname = {toml(text)}\ntag = {toml(text)}" for text in SAID[:8]),
        *(
            f"[[rules]]\nname = {toml(text)}\nsearch = {toml(text)}\nstar = true\non = false"
            for text in SAID[8:16]
        ),
        "[open]",
        f"audio = {toml(SAID[3])}",
    )
    paths = find_paths()
    entries = [
        Entry(
            guid=text,
            link=f"https://bank.example@evil.example/{number}/{text}",
            title=text,
            authors=(text,),
            categories=(text,),
            excerpt=f"{text} zebra",
            content=f"<p>zebra {text} <a href='https://evil.example/{text}'>www.bank.example</a></p>",
        )
        for number, text in enumerate(SAID)
    ]
    with wiring.open_parts(load(paths.settings_file), paths) as kept:
        (state,) = kept.store.states()
        kept.store.save_feed(NEWS, Feed(title=SAID[1], entries=tuple(entries)), state).result(
            WAIT_S
        )
        rows = kept.store.first_rows(View(), kept.store.snapshot(), 3)
        kept.store.tag([row.id for row in rows], SAID[2], True).result(WAIT_S)
    library = {
        "format": "nordic-tui-library",
        "version": 1,
        "posts": [
            {
                "post": "77",
                "source": EVIL,
                "source_title": EVIL,
                "tags": [{"tag": EVIL, "given_at": "2024-05-01T00:00:00Z"}],
                "entry": {"title": EVIL, "link": EVIL, "content": EVIL, "excerpt": EVIL},
            }
        ],
    }
    (home / "library.json").write_text(json.dumps(library))
    items = [{"id": text, "title": text, "content_text": text, "tags": [text]} for text in SAID]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": EVIL, "items": items}
    (home / f"{EVIL_FILE}.json").write_text(json.dumps(feed))
    (home / f"{EVIL_FILE}.xml").write_text("<rss><zebra\u202e>\x9b2J")
    outlines = "".join(
        f'<outline type="rss" text="zebra &#x9b;2J\u202e{n}" xmlUrl="{address}"/>'
        for n, address in enumerate(("https://a.example/\u202e", "javascript:\x9bzebra", "zebra"))
    )
    (home / f"{EVIL_FILE}.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    (home / f"{EVIL_FILE}.urls").write_text(
        f'https://b.example/ "~{EVIL}" "{EVIL}"\nexec:zebra\x1b[2J\nfilter:{EVIL}\n{EVIL}\n'
        f'"query:{EVIL}:title =~ \\"{EVIL}\\""\n'
    )


def toml(text: str) -> str:
    return json.dumps(text).replace("\x7f", "\\u007f")


def lines_of(written: str) -> list[str]:
    return [part for line in written.split("\n") for part in line.split("\t")]


@pytest.mark.parametrize("said", [EVIL, BYTES], ids=["sequences", "bytes"])
def test_no_command_writes_what_a_terminal_obeys(
    said: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_everything(home)
    seen = ""
    for command in commands(said):
        status = main(command)
        out, err = capsys.readouterr()
        written = out + err
        assert "should not have" not in err, (command, err)
        assert status in range(4), command
        assert [fault for line in lines_of(written) for fault in faults(line)] == [], command
        if not re.search(r"\\u001b|\\x1b", written):
            # JSON and argparse tell of controls in letters.
            assert [words for words in REMNANTS if words in written] == [], command
        seen += written
    assert [words for words in SHOWN.values() if words not in seen] == []


def test_every_command_is_among_them() -> None:
    walked = [tuple(command) for command in commands("")]
    for parser in all_parsers():
        words = tuple(parser.prog.split()[1:])
        actions = {
            name
            for action in parser._actions
            if isinstance(action, argparse._SubParsersAction)
            for name in action.choices
        }
        found = [
            command[len(words) :]
            for command in walked
            if command[: len(words)] == words and not {*command[len(words) :][:1]} & actions
        ]
        assert found, parser.prog
        takes = {
            option
            for action in parser._actions
            for option in action.option_strings
            if action.nargs != 0 and option not in TAKE_NO_TEXT
        }
        given = {word for each in found for word in each}
        assert takes <= given, f"{parser.prog} without {takes - given}"


TAKE_NO_TEXT = {
    *("--every", "--max-megabytes", "--before", "--after", "--untag", "--keep", "--login-file"),
    *("--login-variable",),
}
"""Numbers; and options whose words are told as those of others are."""


@pytest.mark.parametrize(
    "command",
    [
        ["list"],
        ["views"],
        ["sources"],
        ["search", "zebra"],
        ["add", f"{EVIL_FILE}.json"],
        ["import", f"{EVIL_FILE}.urls"],
    ],
    ids=lambda command: command[0],
)
def test_the_bytes_that_come_out_of_a_terminal(
    command: Sequence[str], home: Path, terminal: Callable[..., Terminal]
) -> None:
    """Tables, bars and questions, which are for people only."""
    keep_everything(home)
    shown = terminal("-m", "nordic_tui", *command)
    if command[0] == "add":
        shown.wait_for("?")
        shown.type("n\n")
    shown.end()
    assert faults_of_sent(shown.sent) == []
    text = "".join(part.body for part in parts(shown.sent) if part.kind == "text")
    assert [words for words in REMNANTS if words in text] == []
    assert "Zebra" in text or "zebra" in text
