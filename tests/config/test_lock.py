import errno
import fcntl
import threading
import time
from pathlib import Path

import pytest

from nordic_tui.config.lock import alone
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
