"""Where words to filter by are typed."""

from textual.widgets import Input


class FilterInput(Input):
    """One line of words, without a frame."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str = "filter") -> None:
        super().__init__(value, placeholder=placeholder, id=id, select_on_focus=False)
        self.cursor_blink = False  # a cursor that blinks sends bytes all day
