"""Where words to filter by are typed."""

from textual.events import Key
from textual.widgets import Input


class FilterInput(Input):
    """One line of words, without a frame; a bar at its left while they are typed."""

    # Here and not in the stylesheet: it is read when the first filter is typed.
    DEFAULT_CSS = """
    FilterInput {
        height: 1;
        border: none;
        border-left: blank;
        padding: 0 1 0 2;
        background: $page;
        color: $ink;
    }
    FilterInput:focus { border: none; border-left: outer $mark; background-tint: $page 0%; }
    FilterInput > .input--placeholder { color: $muted; }
    FilterInput > .input--cursor { text-style: reverse; color: $ink; background: $page; }
    """

    def __init__(self, value: str = "", *, placeholder: str = "", id: str = "filter") -> None:
        super().__init__(value, placeholder=placeholder, id=id, select_on_focus=False)
        self.cursor_blink = False  # a cursor that blinks sends bytes all day
        self._left = False
        """Whether Enter was typed: what comes next is for the list, which gets the focus."""

    def on_focus(self) -> None:
        self._left = False

    async def _on_key(self, event: Key) -> None:
        if self._left:
            # Typed in one burst with Enter, as after a slow link: the focus is on its way.
            event.stop()
            event.prevent_default()
            self.app.post_message(Key(event.key, event.character))
            return
        self._left = event.key == "enter"
        await super()._on_key(event)
