"""Decoding in a process of its own, with a deadline and a memory limit.

The child (`child`) reads requests from its standard input and writes answers to its standard
output, each of them in frames: four bytes of length, the most significant first, then as many
bytes.

    request   frame of JSON {"media_type", "url", "deadline_s"}, frame of the body
    answer    frame: one byte for the kind of answer, then the feed (`wire`) or a phrase (UTF-8)

The parent trusts nothing that comes back: a wrong answer is the same as a crash.
"""

import asyncio
import contextlib
import json
import signal
import sys
from pathlib import Path

from nordic_tui.decode import wire
from nordic_tui.errors import NotAFeed, WorkerDied
from nordic_tui.model import Feed
from nordic_tui.text import clean

_MAX_MEMORY_BYTES = 1 << 30
_MAX_ANSWER_BYTES = 1 << 28
_MAX_PHRASE_CHARS = 300

_CRASHED = "made the parser crash"
_KILLED = "was stopped while it was read, perhaps for want of memory"
_NEEDS_MEMORY = "needs more memory than allowed to read"


# The child gets the parent's search path, so that it finds this package wherever it was imported
# from: a wheel, an editable install, a checkout. With -I neither the environment nor the current
# directory adds to it.
_START = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from nordic_tui.decode.child import main; main(int(sys.argv[1]))"
)


class DecodeWorker:
    """Decodes one body at a time in a child process, which starts with the first.

    Belongs to one event loop, in any thread.
    """

    def __init__(
        self, deadline_s: float = 20.0, *, max_memory_bytes: int = _MAX_MEMORY_BYTES
    ) -> None:
        self._deadline_s = deadline_s
        self._max_memory_bytes = max_memory_bytes
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._is_killed = False
        """Whether the last process that was started has had its signal to end."""

    async def decode(self, body: bytes, *, media_type: str = "", url: str = "") -> Feed:
        """What `detect.decode` returns for the same arguments.

        Raises NotAFeed as that does, and WorkerDied if the deadline passes, the memory does not
        suffice or the child crashes; the next call has a new child. When cancelled, the child is
        killed.
        """
        async with self._lock:
            is_done = False
            try:
                async with asyncio.timeout(self._deadline_s):
                    answer = await self._ask(body, media_type, url)
                is_done = answer[:1] != wire.OUT_OF_MEMORY
            except TimeoutError as error:
                raise WorkerDied(
                    f"took longer than {self._deadline_s:g} s to read and was stopped"
                ) from error
            except (OSError, EOFError, ValueError) as error:
                raise WorkerDied(await self._why_it_died()) from error
            finally:
                if not is_done:
                    await self._stop()
        kind, payload = answer[:1], answer[1:]
        if kind == wire.NOT_A_FEED:
            raise NotAFeed(clean.line(payload.decode(errors="replace"), _MAX_PHRASE_CHARS))
        if kind == wire.OUT_OF_MEMORY:
            raise WorkerDied(_NEEDS_MEMORY)
        try:
            # In a thread: a large feed would hold up the loop.
            return await asyncio.to_thread(wire.from_json, payload)
        except ValueError as error:
            raise WorkerDied(_CRASHED) from error

    async def close(self) -> None:
        """End the child; a decode() that runs raises WorkerDied. May be called twice."""
        if self._process is not None:
            self._kill(self._process)
        async with self._lock:
            await self._stop()

    async def _ask(self, body: bytes, media_type: str, url: str) -> bytes:
        if self._process is None or self._process.returncode is not None:
            await self._stop()
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
                # Out of reach of the terminal's Ctrl+C and Ctrl+Z.
                start_new_session=True,
            )
            self._is_killed = False
        writer, reader = self._process.stdin, self._process.stdout
        if writer is None or reader is None:
            raise EOFError("no pipes")
        header = {"media_type": media_type, "url": url, "deadline_s": self._deadline_s}
        for frame in (json.dumps(header).encode(), body):
            writer.write(wire.LENGTH.pack(len(frame)))
            writer.write(frame)
        await writer.drain()
        (length,) = wire.LENGTH.unpack(await reader.readexactly(wire.LENGTH.size))
        if length > _MAX_ANSWER_BYTES:
            raise ValueError("an answer without end")
        return await reader.readexactly(length)

    async def _why_it_died(self) -> str:
        process = self._process
        if process is None:
            return "could not be read: the decoding process did not start"
        # The pipe breaks somewhat before the exit status is there.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await process.wait()
        return _KILLED if process.returncode == -signal.SIGKILL else _CRASHED

    async def _stop(self) -> None:
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

    def _kill(self, process: asyncio.subprocess.Process) -> None:
        # Once only: for a second signal `subprocess` looks whether the process has ended, and
        # then asyncio, which waits for its end, misses it and writes about that on the screen.
        if process.returncode is None and not self._is_killed:
            self._is_killed = True
            with contextlib.suppress(ProcessLookupError):
                process.kill()


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
        with contextlib.suppress(OSError):
            await process.stdin.wait_closed()
    if process.stdout is not None:
        while await process.stdout.read(1 << 20):
            pass
    await process.wait()
