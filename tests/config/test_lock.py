import errno
import fcntl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from nordic_tui.config.lock import OneAtATime, alone, is_held
from nordic_tui.errors import SettingsError


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "data" / "undo.lock"


def test_nobody_else_has_it_meanwhile(lock: Path) -> None:
    refused = pytest.raises(SettingsError, match="busy just now")
    with alone(lock, "busy"), refused, alone(lock, "busy just now", wait_s=0):
        pytest.fail("two have it")
    with alone(lock, "busy", wait_s=0):
        pass


def test_it_is_waited_for(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = []
    waits = threading.Event()
    monkeypatch.setattr(time, "sleep", lambda _: waits.set())

    def second() -> None:
        with alone(lock, "busy"):
            order.append("second")

    thread = threading.Thread(target=second)
    with alone(lock, "busy"):
        thread.start()
        assert waits.wait(5)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_what_goes_wrong_lets_it_go(lock: Path) -> None:
    with pytest.raises(KeyError), alone(lock, "busy"):
        raise KeyError
    with alone(lock, "busy", wait_s=0):
        pass


def test_its_file_is_empty_and_its_owners_alone(lock: Path) -> None:
    with alone(lock, "busy"):
        pass
    assert lock.read_bytes() == b""
    assert lock.stat().st_mode & 0o777 == 0o600
    assert lock.parent.stat().st_mode & 0o777 == 0o700


def test_where_no_file_can_be_made_nobody_is_kept_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    lock = tmp_path / "file" / "undo.lock"
    with alone(lock, "busy", wait_s=0), alone(lock, "busy", wait_s=0):
        pass


def test_where_the_file_system_has_no_locks_nobody_is_kept_out(
    lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    with alone(lock, "busy", wait_s=0), alone(lock, "busy", wait_s=0):
        pass


# ── what may take long ──────────────────────────────────────────────────────────────────────


def test_one_at_a_time_and_nobody_waits(lock: Path) -> None:
    first, second = OneAtATime(lock), OneAtATime(lock)
    assert first.begin()
    assert lock.stat().st_mode & 0o777 == 0o600
    assert not second.begin()
    second.end()  # it has nothing to let go
    assert not second.begin()
    first.end()
    assert not lock.exists()
    assert second.begin()
    second.end()


def test_a_lock_that_was_let_go_between_two_looks_keeps_nobody_out(
    lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is gone: who has only that one open would be alone with it."""
    holder, first, second = OneAtATime(lock), OneAtATime(lock), OneAtATime(lock)
    assert holder.begin()
    flock = fcntl.flock

    def after_the_end(descriptor: int, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", flock)
        holder.end()
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", after_the_end)
    assert first.begin()
    assert not second.begin()
    first.end()


def test_whoever_is_killed_lets_it_go(lock: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from nordic_tui.config.lock import OneAtATime; "
        "assert OneAtATime(Path(sys.argv[1])).begin(); print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"\n"
        mine = OneAtATime(lock)
        assert not mine.begin()
        holder.kill()
        holder.wait()
        assert lock.exists()
        assert mine.begin()
        mine.end()


def test_what_may_take_long_is_done_where_no_lock_can_be_had(
    tmp_path: Path, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    nowhere = OneAtATime(tmp_path / "file" / "refresh.lock")
    assert nowhere.begin()
    nowhere.end()

    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    first, second = OneAtATime(lock), OneAtATime(lock)
    assert first.begin()
    assert second.begin()
    first.end()
    second.end()


def test_whether_it_is_held_can_be_seen_without_making_it(tmp_path: Path) -> None:
    path = tmp_path / "refresh.lock"
    assert (is_held(path), path.exists()) == (False, False)
    one = OneAtATime(path)
    assert one.begin()
    assert is_held(path)
    one.end()
    path.touch()
    assert not is_held(path)
