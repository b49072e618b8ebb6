"""A list to choose from: it tells its screen where the cursor rests and what is opened."""

from textual.events import Click
from textual.message import Message

from nordic_tui.tui.widgets.lines import LineList


class ChoiceList(LineList):
    """The base of lists whose screen looks up itself what is under the cursor."""

    class Rested(Message):
        """The cursor rests on another row."""

    class Opened(Message):
        """The row under the cursor was chosen with the mouse."""

    def moved(self) -> None:
        self.post_message(self.Rested())

    def on_click(self, event: Click) -> None:
        event.stop()
        if self.press(event.y):
            self.post_message(self.Opened())
