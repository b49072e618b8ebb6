"""Where words are typed: to look for something, and to filter a list by."""

from textual.events import Paste
from textual.widgets import Input

from nordic_tui.text import clean

SECRET, ADDRESS = "-secret", "-address"
"""The classes of a box that others may not see the words of, or see in part."""


class LineInput(Input):
    """One line of words, without a frame.

    What stands in it at first and what is pasted passes the gate: Textual draws it as it is. Keys
    that are typed are signs that can be seen, or do something else.
    """

    # Here and not in the stylesheet: it is read when the first words are typed.
    DEFAULT_CSS = """
    LineInput { height: 1; border: none; padding: 0; background: $page; color: $ink; }
    LineInput:focus { border: none; background-tint: $page 0%; }
    LineInput > .input--placeholder { color: $muted; }
    LineInput > .input--selection { text-style: reverse; color: $ink; background: $page; }
    LineInput > .input--cursor { text-style: reverse; color: $ink; background: $page; }
    """

    def __init__(self, value: str = "", *, placeholder: str = "", id: str) -> None:
        value = clean.block(value).replace("\n", " ")
        super().__init__(value, placeholder=placeholder, id=id, select_on_focus=False)
        self.cursor_blink = False  # a cursor that blinks sends bytes all day

    def _on_paste(self, event: Paste) -> None:
        event.prevent_default()
        super()._on_paste(Paste(clean.block(event.text)))
        event.stop()


class FilterInput(LineInput):
    """The words of a list's filter, with a bar at the left while they are typed."""

    DEFAULT_CSS = """
    FilterInput { border-left: blank; padding: 0 1 0 2; }
    FilterInput:focus { border-left: outer $mark; }
    """

    def __init__(self, value: str = "", *, placeholder: str = "", id: str = "filter") -> None:
        super().__init__(value, placeholder=placeholder, id=id)
