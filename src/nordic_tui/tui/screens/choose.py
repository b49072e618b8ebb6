"""A choice out of a few names."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from nordic_tui.model import Category
from nordic_tui.text import clean
from nordic_tui.tui.screens.dialog import Choice, Dialog


class ChooseCategoryScreen(Dialog[int]):
    """Asks for one of a post's categories; dismissed with its id."""

    title_words = "Go to a category of this post"
    hint = "Tab chooses, Enter confirms, Esc stays here."

    def __init__(self, categories: Sequence[Category]) -> None:
        super().__init__()
        self._categories = categories

    def words(self) -> Iterable[Widget]:
        return ()

    def choices(self) -> Iterable[Choice]:
        for number, category in enumerate(self._categories):
            yield Choice(clean.line(category.name), id=f"category-{number}")

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        number = int(message.answer.removeprefix("category-"))
        self.answer(self._categories[number].id)
