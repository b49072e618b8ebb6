"""Passwords and tokens of sources: asked of a command, a file or the environment, never kept.

No error holds a secret, nor anything of the command, its output or the variable's name: in their
place somebody may have written the secret itself.
"""

import asyncio
import os
import signal
from contextlib import suppress

from nordic_tui.errors import FetchError, FileUnreadable
from nordic_tui.fetch import request_headers
from nordic_tui.fetch.file import in_home, opened
from nordic_tui.model import Login

TIMEOUT_S = 10.0
MAX_BYTES = 4096


class Secrets:
    """Asks each secret once, however many sources share it; an error is remembered as well, so
    that a dialog for a password that was closed does not come back for each source.

    Belongs to one event loop.
    """

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._asked: dict[Login, asyncio.Task[str]] = {}

    async def authorization(self, login: Login) -> str:
        """The value of the Authorization header: Basic (RFC 7617) with a user, else Bearer
        (RFC 6750). Raises FetchError."""
        if login not in self._asked:
            self._asked[login] = asyncio.create_task(self._ask(login))
        # Whoever asked first may give up; the others still wait.
        return await asyncio.shield(self._asked[login])

    async def close(self) -> None:
        """End commands that still run, and forget all."""
        asked = list(self._asked.values())
        self._asked.clear()
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)

    async def _ask(self, login: Login) -> str:
        if login.command:
            secret = await _of_command(login.command, self._timeout_s)
        elif login.file:
            secret = await asyncio.to_thread(_of_file, login.file)
        else:
            secret = os.environ.get(login.variable, "")
            if not secret:
                raise _unasked("the environment variable with its password is not set")
        if not secret.isprintable():
            raise _unasked("its password holds control characters")
        if login.user:
            # RFC 7617 section 2: everything before the first colon is the name.
            if ":" in login.user:
                raise _unasked("its user name holds a colon")
            return request_headers.basic(login.user, secret)
        if not secret.isascii() or " " in secret:
            raise _unasked("its token holds what no token may (RFC 6750)")
        return f"Bearer {secret}"


async def _of_command(command: tuple[str, ...], timeout_s: float) -> str:
    """The first line that a program writes: started as it is, by no shell, away from the terminal
    so that it can neither draw on the screen nor take keys."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except FileNotFoundError:
        raise _unasked("its password command was not found") from None
    except (OSError, ValueError):
        raise _unasked("its password command could not be started") from None
    assert process.stdout is not None
    status: int | None = None
    try:
        async with asyncio.timeout(timeout_s):
            output = b""
            while chunk := await process.stdout.read(MAX_BYTES):
                output = (output + chunk)[: MAX_BYTES + 1]
            status = await process.wait()
    except TimeoutError:
        raise _unasked(f"its password command did not end within {timeout_s:g} s") from None
    finally:
        if status is None:
            # The group as well: a shell script may have started others.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            # One that has left the group may hold on to the pipe, for which asyncio would wait.
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await process.wait()
    if status:
        how = f"exit status {status}" if status > 0 else f"signal {-status}"
        raise _unasked(f"its password command failed ({how})")
    return _first_line(output, "its password command")


def _of_file(name: str) -> str:
    try:
        with opened(in_home(name)) as (file, status):
            if status.st_mode & 0o077:
                raise _unasked("its password file may be read by others (chmod 600 mends that)")
            content = file.read(MAX_BYTES + 1)
    except FileUnreadable as error:
        raise _unasked(f"its password file {error}") from None
    return _first_line(content, "its password file")


def _first_line(content: bytes, where: str) -> str:
    first, _, _ = content.partition(b"\n")
    first = first.removesuffix(b"\r")
    if not first:
        raise _unasked(f"{where} gives no password in its first line")
    if len(first) > MAX_BYTES:
        raise _unasked(f"{where} gives a first line that is too long")
    # Not in an except clause: a UnicodeDecodeError, which holds the bytes, would stay attached.
    secret = first.decode(errors="replace")
    if "\ufffd" in secret:
        raise _unasked(f"{where} gives a password that is not UTF-8")
    return secret


def _unasked(why: str) -> FetchError:
    return FetchError(f"could not be asked: {why}", at_this_end=True)
