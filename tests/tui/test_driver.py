"""What the driver does with what it reads; what it writes is tested in a pseudo-terminal."""

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
