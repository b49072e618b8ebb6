"""`nordic-tui doctor`: what this terminal can do, where files are, which sources fail.

The report is made to be shown to others: the home directory is ~, and of sources that are not
public nothing is told but how many there are.
"""

import os
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nordic_tui import __version__
from nordic_tui.cli.arguments import Command
from nordic_tui.cli.console import DONE, FAILED, SOME_FAILED, write
from nordic_tui.text import clean

if TYPE_CHECKING:
    from nordic_tui.config.paths import Paths
    from nordic_tui.config.settings import Settings
    from nordic_tui.model import Source, SourceState

VERSION = 1
EXTRAS = {
    "images": "PIL",
    "fulltext": "trafilatura",
    "pictures": "resvg_py",
    "socks": "socksio",
}
"""The extras, and what each of them is known by."""
LIBRARIES = ("textual", "rich", "httpx", "feedparser", "platformdirs", "tomlkit")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
_LOCAL_NAMES = (
    *(".local", ".localhost", ".lan", ".internal", ".intranet", ".corp", ".home", ".arpa"),
    *(".test", ".invalid", ".onion", ".private"),
)
"""What no host that everybody can reach is called (RFC 6761, 6762, 7686, 8375)."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        action="store_true",
        help=(
            'as JSON: {"version": 1, "program": …, "terminal": …, "files": …, "sources": …, '
            '"advice": […]}'
        ),
    )


def run(options: Namespace) -> int:
    from nordic_tui.config.paths import find_paths
    from nordic_tui.config.settings import load
    from nordic_tui.errors import SettingsError

    paths = find_paths()
    settings, mistakes = None, 0
    try:
        settings = load(paths.settings_file)
    except SettingsError as error:
        mistakes = len(str(error).splitlines())
    report: dict[str, Any] = {
        "version": VERSION,
        "program": _program(),
        "terminal": _terminal(settings),
        "files": _files(paths),
        "sources": _sources(paths, settings),
    }
    advice, status = _advice(report, mistakes)
    report["advice"] = advice
    if options.json:
        import json

        write(json.dumps(report, indent=2) + "\n")
    else:
        for line in _lines(report):
            write(f"{line}\n")
    return status


# ── what is found ───────────────────────────────────────────────────────────────────────────


def _program() -> dict[str, Any]:
    import platform
    from importlib.metadata import PackageNotFoundError, version
    from importlib.util import find_spec

    from nordic_tui.store.connection import SQLITE_VERSION

    libraries = {}
    for name in LIBRARIES:
        try:
            libraries[name] = version(name)
        except PackageNotFoundError:
            libraries[name] = "missing"
    return {
        "version": __version__,
        "python": platform.python_version(),
        "sqlite": SQLITE_VERSION,
        "system": platform.system(),
        "libraries": libraries,
        "extras": {name: find_spec(module) is not None for name, module in EXTRAS.items()},
    }


def _terminal(settings: "Settings | None") -> dict[str, Any]:
    import locale

    from nordic_tui.handoff import asking, clipboard, is_remote
    from nordic_tui.handoff.pictures import way_by_environment

    between = clipboard.what_is_between()
    why_not = asking.why_not()
    said = asking.ask() if not why_not else None
    way = way_by_environment()
    if said is not None and way is None and not between.value:
        way_name = "kitty" if said.pictures else "sixel" if said.sixel else "none"
    else:
        way_name = str(way) if way is not None else "none" if between.value else "unknown"
    wrong: dict[str, int] = {}
    if said is not None:
        wanted = {of: width for of, (_, width) in asking.SAMPLES.items()}
        wrong = {of: width for of, width in said.widths.items() if width != wanted[of]}
    return {
        "term": os.environ.get("TERM", ""),
        "asked": said is not None,
        "why_not": why_not or ("" if said is not None else "it did not answer in time"),
        "name": said.name if said is not None else "",
        "size": _size(),
        "colours": _colours(),
        "encoding": locale.getpreferredencoding(do_setlocale=False),
        "remote": is_remote(),
        "between": between.value,
        "widths_measured": said is not None and bool(said.widths),
        "widths_unlike_ours": wrong,
        "clipboard": clipboard.way(),
        "pictures": way_name,
        "pictures_setting": settings.pictures if settings is not None else "",
        "kitty_keyboard": said.keyboard if said is not None else None,
        "synchronised": said.synchronised if said is not None else None,
    }


def _size() -> list[int] | None:
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        try:
            return [*os.get_terminal_size(stream.fileno())]
        except (AttributeError, OSError, ValueError):
            continue
    return None


def _colours() -> int:
    """How many the reader may use: of its environment, then of terminfo."""
    if os.environ.get("NO_COLOR"):
        return 0
    if os.environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        return 1 << 24
    import curses

    try:
        curses.setupterm(os.environ.get("TERM") or "dumb", fd=1)
    except curses.error:
        return 0
    return max(curses.tigetnum("colors"), 0)


def _files(paths: "Paths") -> list[dict[str, Any]]:
    found = []
    for name, path in paths.by_name().items():
        try:
            status = path.stat()
        except OSError:
            status = None
        found.append(
            {
                "name": name,
                "path": masked(str(path)),
                "exists": status is not None,
                "bytes": status.st_size if status is not None else 0,
                "mode": f"{status.st_mode & 0o777:04o}" if status is not None else "",
            }
        )
    return found


def _sources(paths: "Paths", settings: "Settings | None") -> dict[str, Any]:
    from nordic_tui.config.lock import is_held
    from nordic_tui.errors import StoreError
    from nordic_tui.store.checkup import look

    problem, states = "", []
    if paths.cache_file.exists():
        try:
            states = look(paths.cache_file)
        except StoreError as error:
            problem = masked(str(error))
    known = {each.address: each for each in settings.sources} if settings is not None else {}
    failing = []
    private = private_failing = 0
    for state in states:
        fails = bool(state.failures or state.stopped)
        if not is_public(state, known.get(state.address)):
            private, private_failing = private + 1, private_failing + fails
        elif fails:
            failing.append(
                {
                    "host": _host(state.address),
                    "failures": state.failures,
                    "stopped": state.stopped,
                    "why": _without_addresses(state.error),
                }
            )
    return {
        "followed": len(states) if settings is None else len(settings.sources),
        "files": sum("://" not in state.address for state in states),
        "not_named": private,
        "not_named_failing": private_failing,
        "failing": failing,
        "problem": problem,
        "refreshing": is_held(paths.cache_file.with_name("refresh.lock")),
    }


# ── what may be told ────────────────────────────────────────────────────────────────────────


def is_public(state: "SourceState", source: "Source | None") -> bool:
    """Whether anybody could follow a source as it is followed here, so that its host may be told.

    source: as the settings have it; None: nothing is known of it, so it may not.
    """
    from nordic_tui.fetch.addresses import is_private

    if source is None or source.manner.login or source.manner.headers or source.manner.ca_file:
        return False
    try:
        parts = urlsplit(state.address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and "@" not in parts.netloc
        and not parts.query
        and port in (None, 80, 443)
        and "." in host
        and not host.endswith(_LOCAL_NAMES)
        and not is_private(host)
    )


def _host(address: str) -> str:
    return clean.line(urlsplit(address).hostname or "", 100)


def masked(text: str) -> str:
    """A text without the home directory and the person's name in paths."""
    home = str(Path.home())
    if len(home) > 1:
        text = re.sub(rf"{re.escape(home)}(?![^/\s:,.;])", "~", text)
    user = os.environ.get("USER") or os.environ.get("LOGNAME") or ""
    return re.sub(rf"(?<=/){re.escape(user)}(?=/|$)", "USER", text) if user else text


def _without_addresses(text: str) -> str:
    """Why a request failed may name where a redirect leads, or a file."""
    return masked(_ADDRESS.sub("(an address)", clean.line(text)))


# ── what is said ────────────────────────────────────────────────────────────────────────────


def _advice(report: Mapping[str, Any], mistakes: int) -> tuple[list[str], int]:
    """What is wrong and what to do, sentences; and the exit status."""
    said = []
    if mistakes:
        number = "1 mistake" if mistakes == 1 else f"{mistakes} mistakes"
        said.append(f"The settings have {number}: nordic-tui list says what and where.")
    said += [
        f"Others may read {each['path']} ({each['mode']}): the next start takes that away."
        for each in report["files"]
        if each["exists"] and each["name"] != "settings" and int(each["mode"], 8) & 0o077
    ]
    sources, terminal = report["sources"], report["terminal"]
    if sources["problem"]:
        said.append(f"{sources['problem']} The next start of the reader sees to it.")
    status = FAILED if said else DONE
    fails = len(sources["failing"]) + sources["not_named_failing"]
    if fails:
        number = "1 source fails" if fails == 1 else f"{fails} sources fail"
        said.append(f"{number}: nordic-tui sources tells more.")
        status = status or SOME_FAILED
    if terminal["encoding"].lower().replace("-", "") != "utf8":
        said.append("The locale is not UTF-8: LANG=C.UTF-8 shows letters and lines as they are.")
    if terminal["widths_unlike_ours"]:
        names = ", ".join(terminal["widths_unlike_ours"])
        said.append(f"This terminal draws some signs in another width ({names}).")
    if terminal["between"] == "tmux":
        said.append("In tmux, copying needs: set -g set-clipboard on.")
    return said, status


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    program, terminal, sources = report["program"], report["terminal"], report["sources"]
    yield f"Nordic TUI {program['version']}"
    yield from _rows(
        ("Python", program["python"]),
        ("SQLite", program["sqlite"]),
        ("system", program["system"]),
        ("libraries", ", ".join(f"{name} {v}" for name, v in program["libraries"].items())),
        ("extras", ", ".join(name for name, there in program["extras"].items() if there) or "none"),
    )
    yield ""
    yield "Terminal"
    size = terminal["size"]
    yield from _rows(
        ("TERM", terminal["term"] or "not set"),
        ("name", terminal["name"] or "does not say"),
        ("asked", "yes" if terminal["asked"] else f"no: {terminal['why_not']}"),
        ("size", f"{size[0]}x{size[1]}" if size else "no window"),
        ("colours", f"{terminal['colours']:,}" if terminal["colours"] else "none"),
        ("encoding", terminal["encoding"]),
        ("widths", _widths(terminal)),
        ("clipboard", terminal["clipboard"]),
        ("pictures", terminal["pictures"]),
        ("keyboard", _yes(terminal["kitty_keyboard"], "kitty's protocol", "as of a VT100")),
        ("frames as one", _yes(terminal["synchronised"], "yes", "no")),
        ("over SSH", "yes" if terminal["remote"] else "no"),
        ("in between", terminal["between"] or "nothing"),
    )
    yield ""
    yield "Files"
    yield from _rows(
        *(
            (
                each["name"],
                f"{each['path']}  {max(each['bytes'] // 1000, 1):,} kB  {each['mode']}"
                if each["exists"]
                else f"{each['path']}  missing",
            )
            for each in report["files"]
        )
    )
    yield ""
    yield "Sources"
    yield from _rows(
        ("followed", f"{sources['followed']}"),
        ("not named", f"{sources['not_named']}, as not everybody can reach them"),
        ("of these fail", f"{sources['not_named_failing']}"),
        ("refresh", "another program asks now" if sources["refreshing"] else "not under way"),
    )
    for each in sources["failing"]:
        times = "stopped" if each["stopped"] else f"{each['failures']} in a row"
        yield f"  {each['host']} ({times}): {each['why'] or 'no reason is known'}"
    if report["advice"]:
        yield ""
        yield "What to do"
        yield from (f"  {clean.line(sentence, 1_000)}" for sentence in report["advice"])


def _widths(terminal: Mapping[str, Any]) -> str:
    wrong = terminal["widths_unlike_ours"]
    if not terminal["widths_measured"]:
        return "not measured"
    return ", ".join(f"{of} takes {width}" for of, width in wrong.items()) or "as they should be"


def _yes(value: bool | None, yes: str, no: str) -> str:
    return "not known" if value is None else yes if value else no


def _rows(*rows: Sequence[str]) -> Iterator[str]:
    for name, what in rows:
        yield f"  {name:<14}{clean.line(what, 1_000)}"


COMMAND = Command(
    name="doctor",
    summary="what this terminal can do, where files are, which sources fail",
    description=(
        "A report on the program, the terminal, the files and the sources, to be shown to who "
        "helps. The home directory is ~ in it. Sources that not everybody can reach (files, "
        "private addresses, logins, headers, addresses with a query) are counted and not named. "
        "Exit status: 0 nothing is wrong, 1 something is, 3 some sources fail."
    ),
    examples=(
        ("nordic-tui doctor", "the report"),
        ("nordic-tui doctor --json", "for programs"),
    ),
    add_arguments=add_arguments,
    run=run,
)
