"""The writing thread itself."""

import sqlite3
from contextlib import closing, nullcontext
from threading import Event

from nordic_tui.courtesy import Courtesy
from nordic_tui.store.writer import Writer

WAIT_S = 20.0


def test_what_is_called_off_before_its_turn_is_not_done_and_holds_up_nothing() -> None:
    done: list[str] = []
    begun, go_on = Event(), Event()

    def first(_: sqlite3.Connection) -> None:
        begun.set()
        assert go_on.wait(WAIT_S)
        done.append("first")

    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as connection:
        writer = Writer(lambda: connection, Courtesy())
        running = writer.submit(first, nullcontext)
        assert begun.wait(WAIT_S)
        waiting = writer.submit(lambda _: done.append("called off"), nullcontext)
        last = writer.submit(lambda _: done.append("last"), nullcontext)
        assert (running.cancel(), waiting.cancel()) == (False, True)
        go_on.set()
        last.result(WAIT_S)
        assert writer.close(WAIT_S)
    assert done == ["first", "last"]
