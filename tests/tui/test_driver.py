"""What the driver does with what it reads; what it writes is tested in a pseudo-terminal."""

import os
import signal

import pytest
from textual.events import Key, Resize
from textual.geometry import Size
from textual.message import Message

from nordic_tui.courtesy import Courtesy
from nordic_tui.tui.app import NordicApp
from nordic_tui.tui.driver import FrugalDriver
from tests.fakes import NEWS, feed, make_services


async def test_what_is_behind_the_screen_gives_way_to_a_key_before_the_key_is_handed_on() -> None:
    done: list[object] = []

    class Noting(Courtesy):
        def begin(self) -> None:
            done.append("courtesy")

    class Driver(FrugalDriver):
        def send_message(self, message: Message) -> None:
            done.append(message)

    with make_services({NEWS: feed("Post")}) as fake:
        driver = Driver(NordicApp(fake.services._replace(courtesy=Noting())))
        key, resize = Key("j", "j"), Resize(Size(80, 24), Size(80, 24))
        driver.process_message(key)
        driver.process_message(resize)
    assert done == ["courtesy", key, resize]


@pytest.mark.parametrize("how", ["end of file", "error"])
async def test_a_terminal_that_hung_up_without_a_signal_ends_the_reader(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    os.close(writing)
    if how == "error":
        os.close(reading)
        reading = os.open("/", os.O_RDONLY)  # a folder: to read it is an error
    with make_services({NEWS: feed("Post")}) as fake:
        app = NordicApp(fake.services)
        ended: list[int] = []
        driver = FrugalDriver(app)
        monkeypatch.setattr(app, "end", ended.append)
        driver.fileno = reading
        driver._run_input_thread()
    os.close(reading)
    assert ended == [128 + signal.SIGHUP]
