"""One decoding process, from the parent's side.

The child (`child`) reads requests from its standard input and writes answers to its standard
output, each of them in frames: four bytes of length, the most significant first, then as many
bytes.

    request   frame of JSON {"kind", "media_type", "url", "title", "deadline_s"}, frame of the body
    answer    frame: one byte for the kind of answer, then a value (`wire`) or a phrase (UTF-8);
              after a part another frame

The parent trusts nothing that comes back: a wrong answer, or more of them than can be meant, is
the same as a crash.
"""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from nordic_tui.decode import wire

_MAX_ANSWERS = 20_000
_DEADLINES = 10
"""All answers to one request together may take so many times the deadline of one."""
_SLICE_BYTES = 1 << 16
_PIPE_BYTES = 1 << 18
_READ_AHEAD_BYTES = 1 << 21
"""A part of a large feed waits here while the one before is stored."""

_VARIABLES = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "COVERAGE_PROCESS_CONFIG",  # so that a run of the tests sees which lines it took
)
"""What the child gets of the environment, where passwords of sources may stand."""

# The child gets the parent's search path, so that it finds this package wherever it was imported
# from: a wheel, an editable install, a checkout. With -I neither the environment nor the current
# directory adds to it.
_START = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from nordic_tui.decode.child import main; main(int(sys.argv[1]))"
)


class DecodeProcess:
    """A child process that answers one request at a time; it starts with the first."""

    def __init__(self, max_memory_bytes: int) -> None:
        self._max_memory_bytes = max_memory_bytes
        self._process: asyncio.subprocess.Process | None = None
        self._is_killed = False
        """Whether the last process that was started has had its signal to end."""

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def ask(
        self, request: Mapping[str, object], body: bytes, deadline_s: float
    ) -> AsyncGenerator[bytes, None]:
        """The answers to a request, until one that is no part.

        deadline_s: for each of them. Raises TimeoutError, and OSError, EOFError or ValueError
        when the child breaks off or answers what is no answer; then it must be stopped.
        """
        async with asyncio.timeout(deadline_s) as deadline:
            process = await self.start()
            writer, reader = process.stdin, process.stdout
            assert writer is not None  # pipes were asked for
            assert reader is not None
            for frame in (json.dumps(request).encode(), body):
                writer.write(wire.LENGTH.pack(len(frame)))
                view = memoryview(frame)
                # In slices: what the pipe does not take at once is copied.
                for start in range(0, len(view), _SLICE_BYTES):
                    writer.write(view[start : start + _SLICE_BYTES])
                    await writer.drain()
            answer = await _read_answer(reader)
            deadline.reschedule(None)
        yield answer
        clock = asyncio.get_running_loop().time
        left_s = _DEADLINES * deadline_s
        answers = 1
        while answer[:1] == wire.PART:
            answers += 1
            if answers > _MAX_ANSWERS:
                raise ValueError("answers without end")
            asked_at = clock()
            async with asyncio.timeout(min(deadline_s, left_s)):
                answer = await _read_answer(reader)
            # The time in which an answer was stored is not the child's.
            left_s -= clock() - asked_at
            yield answer

    async def start(self) -> asyncio.subprocess.Process:
        """The child, started if none runs."""
        if self._process is not None and self._process.returncode is None:
            return self._process
        await self.stop()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-c",
            _START,
            str(self._max_memory_bytes),
            *(path or str(Path.cwd()) for path in sys.path),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_READ_AHEAD_BYTES,
            env={name: os.environ[name] for name in _VARIABLES if name in os.environ},
            # Out of reach of the terminal's Ctrl+C and Ctrl+Z.
            start_new_session=True,
        )
        self._is_killed = False
        assert self._process.stdin is not None  # a pipe was asked for
        _widen(self._process.stdin)
        return self._process

    async def was_killed(self) -> bool | None:
        """Whether a signal that cannot be caught ended it, as where memory is short; None if it
        never ran."""
        process = self._process
        if process is None:
            return None
        # The pipe breaks somewhat before the exit status is there.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await process.wait()
        return process.returncode == -signal.SIGKILL

    async def stop(self) -> None:
        """Kill the child and wait until it and its pipes are gone, even while being cancelled."""
        process, self._process = self._process, None
        if process is None:
            return
        self._kill(process)
        ending = asyncio.ensure_future(_end(process))
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            await ending
            raise

    def kill(self) -> None:
        """End the child; whoever waits for an answer gets none."""
        if self._process is not None:
            self._kill(self._process)

    def _kill(self, process: asyncio.subprocess.Process) -> None:
        # Once only: for a second signal `subprocess` looks whether the process has ended, and
        # then asyncio, which waits for its end, misses it and writes about that on the screen.
        if process.returncode is None and not self._is_killed:
            self._is_killed = True
            with contextlib.suppress(ProcessLookupError):
                process.kill()


def _widen(writer: asyncio.StreamWriter) -> None:
    """Let a usual body pass through the pipe in one go. Linux only; elsewhere in pieces."""
    size = getattr(fcntl, "F_SETPIPE_SZ", None)
    if size is not None:
        with contextlib.suppress(OSError):
            fcntl.fcntl(writer.get_extra_info("pipe").fileno(), size, _PIPE_BYTES)


async def _read_answer(reader: asyncio.StreamReader) -> bytes:
    (length,) = wire.LENGTH.unpack(await reader.readexactly(wire.LENGTH.size))
    if length > wire.MAX_ANSWER_BYTES:
        raise ValueError("an answer without end")
    return await reader.readexactly(length)


async def _end(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None  # pipes were asked for
    assert process.stdout is not None
    process.stdin.close()
    with contextlib.suppress(OSError):
        await process.stdin.wait_closed()
    while await process.stdout.read(1 << 20):
        pass
    await process.wait()
