"""Files and what pretends to be one: named to a command, or in the place of the program's own."""

import json
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nordic_tui.config.settings import SETTINGS, TABLES
from nordic_tui.service.history import NOTICE
from tests.hostile.case import Case

Make = Callable[[Path], object]
"""Makes the file at a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCase(Case):
    """One command beside one file. In its words and in what it says FILE stands for the path.

    at: the name that the file gets; of the program's own files the name of a field of Paths.
    says: every line of standard error. writes: of standard output; None: whatever it is.
    """

    make: Make | None
    command: tuple[str, ...]
    says: tuple[str, ...]
    status: int = 1
    at: str = "file"
    writes: str | None = ""


# ── files ───────────────────────────────────────────────────────────────────────────────────


def fifo(path: Path) -> None:
    """Nobody ever writes into it."""
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(path.parent)  # the name of a socket may have 107 bytes only
        try:
            listener.bind(path.name)
        finally:
            os.chdir(here)


def link_to(target: str) -> Make:
    return lambda path: path.symlink_to(target)


def sparse(path: Path) -> None:
    """1 TB of holes, which takes no room on a disk."""
    with path.open("wb") as file:
        file.truncate(10**12)


def content(data: bytes) -> Make:
    return lambda path: path.write_bytes(data)


def text(words: str) -> Make:
    return content(words.encode())


def as_json(value: object) -> Make:
    return text(json.dumps(value))


# ── as a source ─────────────────────────────────────────────────────────────────────────────

OPEN: Final = ("./FILE",)
DENIED: Final = "denied"
"""The name of a file that the system does not let one read (root may read any)."""


def _read(
    name: str,
    wrong: str,
    make: Make | None,
    says: str,
    *,
    command: tuple[str, ...] = OPEN,
    status: int = 1,
    at: str = "file",
    does: str = "",
) -> FileCase:
    return FileCase(
        name=name,
        wrong=wrong,
        does=does or f"says: {says.replace('FILE', 'file')}",
        make=make,
        command=command,
        says=(says,),
        status=status,
        at=at,
    )


def _sources() -> Iterator[FileCase]:
    yield _read("a FIFO", "it waits for a writer", fifo, "./FILE is not a regular file.")
    yield _read(
        "a device without end", "a link to /dev/zero", link_to("/dev/zero"),
        "./FILE is not a regular file.",
    )  # fmt: skip
    yield _read("a folder", "it has no content", Path.mkdir, "./FILE is a folder.")
    yield _read(
        "a file of somebody else",
        "it may not be read",
        content(b"<rss/>"),
        "./FILE may not be read: permission denied.",
        at=DENIED,
    )
    yield _read(
        "a link to itself", "it leads to itself", link_to("file"), "./FILE could not be read."
    )
    yield _read(
        "a link to nowhere", "its target is gone", link_to("nowhere"), "./FILE does not exist."
    )
    yield _read("a socket", "a program listens there", unix_socket, "./FILE could not be read.")
    yield _read(
        "a terabyte", "a file of holes without data", sparse, "./FILE is larger than 10 MB."
    )
    yield _read(
        "the memory of a process", "a link to /proc/self/mem", link_to("/proc/self/mem"),
        "./FILE could not be read.",
    )  # fmt: skip
    yield _read("zeros", "a file of NULs", content(bytes(100_000)), "./FILE is empty.")
    yield _read(
        "a program", "an ELF file", content(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40),
        "./FILE is a program, not a feed.",
    )  # fmt: skip
    for name, wrong, word in (
        ("a name with escape sequences", "it sets the title and clears", "a\x1b]0;own\x07\x1b[2J"),
        (
            "a name over two lines",
            "it would look like two lines",
            "a\nnordic-tui: done",
        ),
        ("a name that runs backwards", "a bidi override", "a\u202etxt.exe"),
        (
            "a name of markup and formats",
            "it would be read as either",
            "%s{0}[/b][@click=a]$(id)",
        ),
    ):
        shown = {"\x1b": "a", "\n": "a nordic-tui: done", "\u202e": "atxt.exe"}
        said = next((shown[sign] for sign in shown if sign in word), word)
        yield _read(
            name,
            f"{wrong} on the screen",
            None,
            f"./{said} does not exist.",
            command=(f"./{word}",),
        )
    yield _read(
        "a name that is no text", "a byte that is not UTF-8", None,
        "./a\N{REPLACEMENT CHARACTER}b holds bytes that are no text in UTF-8. A file with such a "
        "name can be read from standard input: nordic-tui - < FILE",
        command=("./a\udcffb",), status=2, at="other",
    )  # fmt: skip
    yield _read(
        "a name like an option", "it begins with a dash", None,
        "-rf is not an option of nordic-tui. See nordic-tui --help.", command=("-rf",), status=2,
    )  # fmt: skip
    yield _read(
        "a name of 3,000 letters",
        "longer than any file system takes",
        None,
        "a" * 3_000 + " is neither a command nor a file. See nordic-tui --help.",
        command=("a" * 3_000,),
        status=2,
        does="says that it is neither a command nor a file",
    )
    yield _read(
        "file: on another machine", "a host, which might be asked for it", None,
        "file://host.example/etc/passwd is no file of this machine: its address begins file:///.",
        command=("file://host.example/etc/passwd",), status=2,
    )  # fmt: skip
    yield _read(
        "file: with a NUL", "%00, which ends a name too early", None,
        "file:///etc/passwd%00.xml has a path that cannot be used.",
        command=("file:///etc/passwd%00.xml",),
    )  # fmt: skip
    yield _read(
        "file: upwards and encoded", "dots and %2e that lead above the root", None,
        "file:///%2e%2e/..%2f../%6eowhere does not exist.",
        command=("file:///%2e%2e/..%2f../%6eowhere",),
    )  # fmt: skip
    yield _read(
        "a scheme that opens things", "another program would be started by it", None,
        "ssh://-oProxyCommand=x/ is of a kind that cannot be read: a web address begins with "
        "https:// or http://, everything else is the path of a file.",
        command=("ssh://-oProxyCommand=x/",), status=2,
    )  # fmt: skip


# ── to be imported ──────────────────────────────────────────────────────────────────────────

LIBRARY: Final = {"format": "nordic-tui-library", "version": 1}
OUTLINES: Final = """<opml version="2.0"><body><outline text="a" xmlUrl="/etc/passwd"/>
<outline text="b" xmlUrl="file:///etc/passwd"/><outline text="c" xmlUrl="| sh -c id"/>
</body></opml>"""


def _imports() -> Iterator[FileCase]:
    opml, library = ("import", "FILE"), ("library", "import", "FILE")
    for command, what in ((opml, "a list of sources"), (library, "a library")):
        yield _read(f"a FIFO for {what}", "it waits for a writer", fifo,
                    "FILE is not a regular file.", command=command)  # fmt: skip
    yield _read("a terabyte for a library", "a file of holes", sparse,
                "FILE is larger than 500 MB.", command=library)  # fmt: skip
    yield _read("zeros for a list of sources", "a file of NULs", content(bytes(100_000)),
                "FILE is neither OPML nor newsboat's urls file or killfile.",
                command=opml)  # fmt: skip
    left_out = "has no web address (http or https); it was left out."
    yield FileCase(
        name="a list that names files and commands",
        wrong="outlines that lead to /etc/passwd and to a shell",
        does="leaves each out and says so, and imports nothing",
        make=text(OUTLINES),
        command=opml,
        says=(
            f"Line 1: “a” {left_out}",
            f"Line 2: “b” {left_out}",
            f"Line 2: “c” {left_out}",
            "Nothing could be imported.",
        ),
    )
    yield FileCase(
        name="a list that runs programs",
        wrong="newsboat's exec: and filter: in every spelling",
        does="leaves each out and says so, and imports nothing",
        make=text('exec:touch ran\n"exec:touch ran"\nfilter:touch ran:https://a.example/\n'),
        command=opml,
        says=(
            "Line 1: exec: would run a program; it was left out.",
            "Line 2: exec: would run a program; it was left out.",
            "Line 3: filter: would run a program; it was left out.",
            "Nothing could be imported.",
        ),
    )
    yield _read(
        "a deep library", "200,000 brackets", content(b"[" * 200_000),
        "FILE is no library that nordic-tui exported: it is not JSON.", command=library,
    )  # fmt: skip
    yield _read(
        "a library with a number of 10,000 digits", "more than Python turns into a number",
        text('{"format": "nordic-tui-library", "version": 1, "posts": [%s]}' % ("9" * 10_000)),
        "FILE is no library that nordic-tui exported: it is not JSON.", command=library,
    )  # fmt: skip
    yield FileCase(
        name="a library of posts that are none",
        wrong="ids of 400 digits, numbers and lists where texts should be, half a surrogate pair",
        does="takes the one that can be read, and says how many could not",
        make=as_json(
            LIBRARY
            | {
                "posts": [
                    {"post": "9" * 400, "source": "x"},
                    {"post": "-1", "source": ["x"]},
                    5,
                    {
                        "post": "1",
                        "source": "https://a.example/",
                        "starred_at": "2026-01-01T00:00:00+00:00",
                        "entry": {"title": "\ud800\x1b[2J", "link": "javascript:alert(1)"},
                    },
                ]
            }
        ),
        command=library,
        says=(
            "Imported the stars and tags of 1 post. nordic-tui undo takes it back.",
            "3 posts could not be read.",
        ),
        status=3,
    )
    yield _read(
        "a library of the future", "a format that nobody knows yet",
        as_json(LIBRARY | {"version": 10**30, "posts": []}),
        f"FILE was exported by a newer version of this program (its format is {10**30}, this "
        "version knows 1): update the program.",
        command=library,
    )  # fmt: skip


# ── in the place of the program's own ───────────────────────────────────────────────────────

DEEP = "FILE holds a value that is nested too deeply or too long."
TOP = f"Allowed here: {', '.join((*(setting.key for setting in SETTINGS), *TABLES))}."


def _settings() -> Iterator[FileCase]:
    found: Sequence[tuple[str, str, Make, str]] = (
        (
            "is a FIFO", "waits for a writer", fifo,
            "FILE could not be read: it is not a regular file.",
        ),
        (
            "is a device without end", "a link to /dev/zero", link_to("/dev/zero"),
            "FILE could not be read: it is not a regular file.",
        ),
        ("is a folder", "has no content", Path.mkdir, "FILE could not be read: it is a folder."),
        (
            "is a terabyte", "a file of holes", sparse,
            "FILE could not be read: it has more than 20,000,000 bytes.",
        ),
        (
            "is not UTF-8", "UTF-16 with its mark", content("theme = 'x'".encode("utf-16")),
            "FILE, line 1: this is not UTF-8 text.",
        ),
        (
            "has a NUL", "a NUL in a text", text("theme = 'a\0b'"),
            "FILE, line 1: this is not TOML: found invalid character '\\x00'.",
        ),
        ("is deep", "100,000 arrays in each other", text("theme = " + "[" * 100_000), DEEP),
        (
            "has a key of 20,000 parts", "costs the square of its length",
            text("a" + ".a" * 20_000 + " = 1"), DEEP,
        ),
        (
            "has a number of 10,000 digits", "more than Python turns into a number",
            text("theme = " + "9" * 10_000), DEEP,
        ),
        (
            "says a thing twice", "which one counts, is anyone's guess",
            text("theme = 'fjord'\ntheme = 'snow'"),
            "FILE, line 2: this is not TOML: cannot overwrite a value.",
        ),
        (
            "has escape sequences in a key", "the sentence about it would have them too",
            text(r'"\u001b]0;own\u0007" = 1'),
            "FILE, line 1: \"\N{REPLACEMENT CHARACTER}]0;own\N{REPLACEMENT CHARACTER}\" is not a "
            f"setting. {TOP}",
        ),
        (
            "names a file by file:", "an address that only looks like one of the web",
            text('[[sources]]\naddress = "file:///etc/passwd"'),
            "FILE, line 2: address must be a web address (https://…) or the path of a file, not "
            '"file:///etc/passwd".',
        ),
        (
            "switches the check of certificates off", "asks for what no setting does",
            text('[[sources]]\naddress = "https://a.example/"\nverify = false'),
            "FILE, line 3: verify is not a key of a source. Allowed here: address, name, folder, "
            "tags, refresh_minutes, paused, hidden, leave_out, archive, archive_limit, full_text, "
            "user_agent, headers, login, max_megabytes, ca_file.",
        ),
    )  # fmt: skip
    for name, wrong, make, says in found:
        yield FileCase(
            name=f"a settings file that {name}",
            wrong=wrong,
            does="lists nothing and says: " + says.partition(" Allowed")[0],
            make=make,
            command=("list",),
            says=(says,),
            at="settings_file",
        )
    yield FileCase(
        name="a settings file of 200 mistakes",
        wrong="each would be a line on the screen",
        does="tells the first 50 and how many more there are",
        make=text("\n".join(f"wrong_{number} = 1" for number in range(200))),
        command=("list",),
        says=(
            *(f"FILE, line {n + 1}: wrong_{n} is not a setting. {TOP}" for n in range(50)),
            "FILE has 150 more mistakes.",
        ),
        at="settings_file",
    )


STEP: Final = {"done": "x", "before": "a", "after": "b", "following": "c", "at": 1, "undone": None}


def _own() -> Iterator[FileCase]:
    consent = {"answer": "keep", "at": "2026-01-01T00:00:00+00:00", "notice": NOTICE}
    answers: Sequence[tuple[str, str, Make]] = (
        ("is a FIFO", "waits for a writer", fifo),
        ("is a device without end", "a link to /dev/zero", link_to("/dev/zero")),
        ("is deep", "100,000 brackets", content(b"[" * 100_000)),
        (
            "says no and yes", "two answers, of which most readers take the last",
            text('{"answer": "never", ' + json.dumps(consent)[1:]),
        ),
        ("is cut off", "half of it is missing", text(json.dumps(consent)[:-20])),
        ("is of no time", "a yes without a time zone", as_json(consent | {"at": "2026-01-01"})),
        ("is of another kind", "a yes to notice true", as_json(consent | {"notice": True})),
    )  # fmt: skip
    for name, wrong, make in answers:
        yield FileCase(
            name=f"an answer to the question that {name}",
            wrong=wrong,
            does="takes it for no answer: nothing of what is read is stored",
            make=make,
            command=("list",),
            says=(),
            status=0,
            at="consent_file",
            writes=None,
        )
    steps: Sequence[tuple[str, str, Make]] = (
        ("is a FIFO", "waits for a writer", fifo),
        ("is deep", "100,000 brackets", content(b"[" * 100_000)),
        ("is no list of steps", "texts where tables should be", as_json({"steps": "abc"})),
        (
            "is of the year 10^24", "a moment that no database takes",
            as_json({"steps": [STEP | {"at": 10**30}]}),
        ),
        (
            "holds half a letter", "half a surrogate pair, which no file takes",
            as_json({"steps": [STEP | {"before": "\ud800"}]}),
        ),
    )  # fmt: skip
    for name, wrong, make in steps:
        yield FileCase(
            name=f"an undo file that {name}",
            wrong=wrong,
            does="says: There is nothing to take back.",
            make=make,
            command=("undo",),
            says=("There is nothing to take back.",),
            status=0,
            at="undo_file",
        )


CASES: Final = (*_sources(), *_imports(), *_settings(), *_own())
