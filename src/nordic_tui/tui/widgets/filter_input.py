"""Where words to filter by are typed."""

from textual.widgets import Input


class FilterInput(Input):
    """One line of words, without a frame."""

    # Here and not in the stylesheet: it is read when the first filter is typed.
    DEFAULT_CSS = """
    FilterInput {
        height: 1;
        border: none;
        padding: 0 1 0 3;
        background: $page;
        color: $ink;
    }
    FilterInput:focus { border: none; background-tint: $page 0%; }
    FilterInput > .input--placeholder { color: $muted; }
    FilterInput > .input--cursor { text-style: reverse; color: $ink; background: $page; }
    """

    def __init__(self, value: str = "", *, placeholder: str = "", id: str = "filter") -> None:
        super().__init__(value, placeholder=placeholder, id=id, select_on_focus=False)
        self.cursor_blink = False  # a cursor that blinks sends bytes all day
