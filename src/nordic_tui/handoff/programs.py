"""A person's own programs: one that opens a file's address, one that a text is piped into.

    command_of      words as a person types them -> a list of arguments
    open_with       starts a program on an address and watches how it begins
    pipe            runs a command on a text and waits for its end
    end_piped       ends these commands, because nobody is there any more who waits

What a program writes is kept, a few kilobytes of it, and of that the last line is told where it
failed. It has no terminal (a session of its own): it can neither read keys nor draw.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO

from nordic_tui.errors import HandoffError
from nordic_tui.handoff.addresses import with_address
from nordic_tui.text import clean

PIPE_DEADLINE_S = 30.0
"""How long a command has for a text, before it is ended."""
STARTED_AFTER_S = 2.0
"""A program that still runs after this has begun its work."""
KEPT_BYTES = 4_096
"""Of what a program writes: the end."""
_READ_BYTES = 65_536
_TRIM_EVERY_S = 5.0
_MAX_LINE_CHARS = 200
_OF_A_SHELL = frozenset({"|", "||", "&", "&&", ";", ">", ">>", "<", "2>", "2>&1"})


def command_of(words: str, *, through_shell: bool = False) -> list[str]:
    """What a person typed, as the arguments of a program.

    through_shell: whether the settings want a shell to read it. Raises HandoffError, a sentence.
    """
    import shlex

    if "\x00" in words:
        raise HandoffError("A command can hold no zero byte.")
    if not words.strip():
        raise HandoffError("No command was given.")
    if through_shell:
        return ["/bin/sh", "-c", words]
    try:
        parts = shlex.split(words)
    except ValueError as error:
        raise HandoffError("The quotation marks of the command do not match.") from error
    signs = _OF_A_SHELL.intersection(parts)
    if signs:
        raise HandoffError(
            f"“{min(signs)}” is for a shell, and none reads this: pipe_through_shell = true in the "
            "settings has one read it."
        )
    if not parts or not parts[0]:
        raise HandoffError("No command was given.")
    return parts


# ── a file with a program ───────────────────────────────────────────────────────────────────


def program_for(programs: Mapping[str, str], media_type: str, address: str) -> str:
    """The command that the settings name for a file, the most exact first: "audio/ogg", then
    "audio", then "any"; "" if they name none. Where the feed gives no type, the address tells."""
    exact, general = kind_of(media_type, address)
    return programs.get(exact) or programs.get(general) or programs.get("any", "")


def kind_of(media_type: str, address: str) -> tuple[str, str]:
    """The type of a file and what stands before its slash; ("", "") if it is not known."""
    from mimetypes import guess_type
    from urllib.parse import urlsplit

    exact = media_type.partition(";")[0].strip().lower()
    if exact in ("", "application/octet-stream"):
        with suppress(ValueError):
            exact = guess_type(urlsplit(address).path)[0] or exact
    return exact, exact.partition("/")[0]


def open_with(command: str, address: str, tell_later: Callable[[str], None]) -> str:
    """Start a program on an http or https address ("%s" stands for it, else it comes last).

    Waits two seconds at most, then it is told that the program runs. tell_later: told, from
    another thread, if it fails afterwards. Raises HandoffError, a sentence.
    """
    import tempfile

    address = clean.url(address)
    if not address.startswith(("http://", "https://")):
        raise HandoffError("Only http and https addresses are opened with a program.")
    parts = with_address(command_of(command), address)
    # A file and no pipe: the program may outlive this one, and must not end for want of a reader.
    output = tempfile.TemporaryFile(mode="a+b", buffering=0)  # noqa: SIM115  closed by who waits
    try:
        process = _start(parts, stdin=subprocess.DEVNULL, output=output)
    except BaseException:
        output.close()
        raise
    name = _name(parts)
    try:
        process.wait(STARTED_AFTER_S)
    except subprocess.TimeoutExpired:
        threading.Thread(
            target=_watch, args=(process, name, output, tell_later), name="program", daemon=True
        ).start()
        return f"{name} has it now."
    with output:
        if process.returncode:
            raise HandoffError(_failure(name, process.returncode, _end_of(output)))
    return f"{name} has opened it."


def _watch(
    process: "subprocess.Popen[bytes]",
    name: str,
    output: IO[bytes],
    tell_later: Callable[[str], None],
) -> None:
    """Wait for the end of a program; meanwhile keep what it writes from growing."""
    with output:
        while True:
            try:
                status = process.wait(_TRIM_EVERY_S)
                break
            except subprocess.TimeoutExpired:
                if os.fstat(output.fileno()).st_size > KEPT_BYTES:
                    output.truncate(0)
        if status > 0:  # ended by a signal: somebody wanted it to end
            tell_later(_failure(name, status, _end_of(output)))


def _end_of(output: IO[bytes]) -> bytes:
    size = os.fstat(output.fileno()).st_size
    return os.pread(output.fileno(), KEPT_BYTES, max(size - KEPT_BYTES, 0))


# ── a text into a command ───────────────────────────────────────────────────────────────────

_piped: "set[subprocess.Popen[bytes]]" = set()
"""The commands that are waited for."""


def end_piped() -> None:
    """End every command that `pipe` waits for, with all that it started: one that had half of a
    text would take the reader's end for the end of the text."""
    for process in tuple(_piped):
        _kill(process)


def pipe(
    command: str,
    text: str,
    *,
    through_shell: bool = False,
    deadline_s: float = PIPE_DEADLINE_S,
) -> str:
    """Run a command with `text` as its standard input (UTF-8); gives a sentence on how it went.

    Waits for its end; at the deadline it is ended, with all that it started. Raises HandoffError,
    a sentence with its exit status and the last line that it wrote.
    """
    parts = command_of(command, through_shell=through_shell)
    name = command.split()[0] if through_shell else _name(parts)
    name = clean.line(name, 60)
    process = _start(parts, stdin=subprocess.PIPE, output=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    ends_at = time.monotonic() + deadline_s
    tail = _Tail(process.stdout)
    feeding = threading.Thread(
        target=_feed, args=(process.stdin, text), name="program-input", daemon=True
    )
    late = threading.Event()

    def end() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(deadline_s, end)
    timer.daemon = True
    timer.start()
    _piped.add(process)
    feeding.start()
    try:
        status = process.wait()
    finally:
        _piped.discard(process)
        timer.cancel()
    if late.is_set():
        raise HandoffError(f"{name} was ended: it was not done within {deadline_s:g} s.")
    if status:
        raise HandoffError(_failure(name, status, tail.end()))
    # Somebody whom it left behind, in a session of its own, may still be reading; or never read.
    feeding.join(max(ends_at - time.monotonic(), 0))
    if feeding.is_alive():
        raise HandoffError(f"{name} did not take all of it within {deadline_s:g} s.")
    return f"Piped into {name}."


def _feed(stream: IO[bytes], text: str) -> None:
    # A program may stop reading whenever it has what it wants.
    with suppress(BrokenPipeError), stream:
        stream.write(text.encode(errors="replace"))


class _Tail:
    """Reads what a program writes to its end, and keeps the last of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._kept = b""
        self._thread = threading.Thread(target=self._read, name="program", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with self._stream as stream:
            while data := os.read(stream.fileno(), _READ_BYTES):
                self._kept = (self._kept + data)[-KEPT_BYTES:]

    def end(self) -> bytes:
        """What was kept. Somebody whom the program left behind may hold its output open for ever
        (xclip does): the wait is short."""
        self._thread.join(0.5)
        return self._kept


# ── both ────────────────────────────────────────────────────────────────────────────────────


def _start(
    parts: Sequence[str], *, stdin: int, output: "IO[bytes] | int"
) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603  a person's own command, as a list of arguments
            parts,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise HandoffError(f"There is no program {_name(parts)}.") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "the system gave no reason"
        raise HandoffError(f"{_name(parts)} could not be started: {why}.") from error


def _name(parts: Sequence[str]) -> str:
    return clean.line(parts[0].rpartition("/")[2] or parts[0], 60)


def _failure(name: str, status: int, output: bytes) -> str:
    if status < 0:
        try:
            how = f"was ended by {signal.Signals(-status).name}"
        except ValueError:
            how = f"was ended by signal {-status}"
    else:
        how = f"failed with status {status}"
    said = last_line(output)
    return f"{name} {how}: {said}" if said else f"{name} {how} and said nothing."


def last_line(output: bytes) -> str:
    """The last line in which something stands, safe to draw."""
    lines = clean.block(output.decode(errors="replace"), 2 * KEPT_BYTES).split("\n")
    return next((clean.line(line, _MAX_LINE_CHARS) for line in reversed(lines) if line.strip()), "")


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End a program and what it started: they are one session."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
