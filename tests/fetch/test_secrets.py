"""Where a password comes from, what is made of it, and that no error tells anything of it."""

import asyncio
import base64
import os
import sys
import traceback
from pathlib import Path

import pytest

from nordic_tui.errors import FetchError
from nordic_tui.fetch.secrets import Secrets
from nordic_tui.model import Login

SECRET = "s3cret-tøken"  # noqa: S105  nobody's


def program(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


async def authorization(login: Login, *, timeout_s: float = 10.0) -> str:
    secrets = Secrets(timeout_s)
    try:
        return await secrets.authorization(login)
    finally:
        await secrets.close()


async def refusal(login: Login, *, timeout_s: float = 10.0) -> str:
    with pytest.raises(FetchError) as caught:
        await authorization(login, timeout_s=timeout_s)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert "s3cret" not in told
    assert caught.value.at_this_end
    return str(caught.value)


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


# ── what is made of it ──────────────────────────────────────────────────────────────────────


async def test_with_a_user_it_is_basic_in_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEED_PASSWORD", SECRET)
    found = await authorization(Login("åse", variable="FEED_PASSWORD"))
    assert found == basic(f"åse:{SECRET}")


async def test_without_a_user_it_is_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEED_TOKEN", "1|abc==")
    assert await authorization(Login(variable="FEED_TOKEN")) == "Bearer 1|abc=="


@pytest.mark.parametrize(
    ("user", "secret", "words"),
    [
        ("me", "s3cret\x1b", "its password holds control characters"),
        ("me", "s3cret\r\nX-Own: 1", "its password holds control characters"),
        ("m:e", "s3cret", "its user name holds a colon"),
        ("", SECRET, "its token holds what no token may (RFC 6750)"),
        ("", "s3cret word", "its token holds what no token may (RFC 6750)"),
        ("me", "", "the environment variable with its password is not set"),
    ],
)
async def test_what_cannot_be_sent(
    user: str, secret: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEED_PASSWORD", secret)
    found = await refusal(Login(user, variable="FEED_PASSWORD"))
    assert found == f"could not be asked: {words}"


# ── a command ───────────────────────────────────────────────────────────────────────────────


async def test_the_first_line_of_a_command_counts() -> None:
    command = program("import sys; print('pass word'); print('more' * 10_000)")
    assert await authorization(Login("me", command)) == basic("me:pass word")


async def test_a_command_has_no_shell_no_input_and_no_terminal() -> None:
    code = (
        "import os, sys; assert sys.stdin.read() == ''; assert os.getsid(0) == os.getpid();"
        "print(sys.argv[1])"
    )
    assert await authorization(Login("me", (*program(code), "$HOME;`x`"))) == basic("me:$HOME;`x`")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            "import sys; print('s3cret'); sys.exit('s3cret')",
            "its password command failed (exit status 1)",
        ),
        (
            "import os; print('s3cret', flush=True); os.kill(os.getpid(), 15)",
            "its password command failed (signal 15)",
        ),
        ("print()", "its password command gives no password in its first line"),
        ("print('s3cret' * 1000)", "its password command gives a first line that is too long"),
        (
            r"import sys; sys.stdout.buffer.write(b's3cret\xff\n')",
            "its password command gives a password that is not UTF-8",
        ),
    ],
)
async def test_a_command_that_gives_none(code: str, words: str) -> None:
    assert await refusal(Login("me", program(code))) == f"could not be asked: {words}"


async def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    missing = Login("me", (str(tmp_path / "s3cret-helper"), "s3cret"))
    found = await refusal(missing)
    assert found == "could not be asked: its password command was not found"
    folder = Login("me", (str(tmp_path), "s3cret"))
    found = await refusal(folder)
    assert found == "could not be asked: its password command could not be started"


async def test_a_command_that_does_not_end_is_ended_with_all_that_it_started(
    tmp_path: Path,
) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    code = (
        "import subprocess, sys, time\n"
        f"held = open({str(held)!r}, 'w')\n"
        "other = [sys.executable, '-c', 'import time; time.sleep(60)']\n"
        "subprocess.Popen(other, pass_fds=[held.fileno()])\n"
        "print('s3cret', flush=True)\n"
        "time.sleep(60)\n"
    )
    reading = asyncio.create_task(asyncio.to_thread(held.read_bytes))
    found = await refusal(Login("me", program(code)), timeout_s=0.5)
    assert found == "could not be asked: its password command did not end within 0.5 s"
    # It ends when nobody is left who could write.
    assert await asyncio.wait_for(reading, 5) == b""


async def test_a_command_is_run_once_for_all_sources_that_share_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = f"open({str(log)!r}, 'a').write('x'); print('s3cret')"
    secrets = Secrets()
    login = Login("me", program(code))
    found = await asyncio.gather(*(secrets.authorization(login) for _ in range(3)))
    await secrets.authorization(login)
    assert set(found) == {basic("me:s3cret")}
    assert log.read_text() == "x"
    await secrets.close()


async def test_a_failure_is_not_asked_for_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    login = Login("me", program(f"open({str(log)!r}, 'a').write('x'); raise SystemExit(2)"))
    secrets = Secrets()
    for _ in range(2):
        with pytest.raises(FetchError, match=r"exit status 2"):
            await secrets.authorization(login)
    assert log.read_text() == "x"
    await secrets.close()


async def test_who_gives_up_does_not_take_it_from_the_others(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    secrets = Secrets()
    login = Login("me", program(f"open({str(gate)!r}).read(); print('s3cret')"))
    first = asyncio.create_task(secrets.authorization(login))
    second = asyncio.create_task(secrets.authorization(login))
    await asyncio.sleep(0)  # both have asked
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await asyncio.to_thread(gate.write_text, "go")
    assert await second == basic("me:s3cret")
    await secrets.close()


async def test_closing_ends_a_command_that_runs(tmp_path: Path) -> None:
    secrets = Secrets()
    login = Login("me", program("import sys, time; time.sleep(60)"))
    asking = asyncio.create_task(secrets.authorization(login))
    await asyncio.sleep(0)
    await secrets.close()
    with pytest.raises(asyncio.CancelledError):
        await asking


# ── a file ──────────────────────────────────────────────────────────────────────────────────


async def test_the_first_line_of_a_file_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "password"
    file.write_bytes(b"s3cret\r\nsecond")
    file.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in (str(file), "~/password"):
        assert await authorization(Login("me", file=name)) == basic("me:s3cret")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610, 0o602])
async def test_a_file_that_others_may_use_is_refused(mode: int, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("s3cret")
    file.chmod(mode)
    assert await refusal(Login("me", file=str(file))) == (
        "could not be asked: its password file may be read by others (chmod 600 mends that)"
    )


async def test_files_that_give_none(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch(0o600)
    os.mkfifo(tmp_path / "fifo", 0o600)
    cases = {
        str(tmp_path / "missing"): "its password file does not exist",
        str(tmp_path): "its password file is a folder",
        str(tmp_path / "fifo"): "its password file is not a regular file",
        str(empty): "its password file gives no password in its first line",
        str(tmp_path / "a\0b"): "its password file has a path that cannot be used",
        "~nobody-of-this-name/pw": "its password file is in a home that does not exist",
    }
    for name, words in cases.items():
        assert await refusal(Login("me", file=name)) == f"could not be asked: {words}"
