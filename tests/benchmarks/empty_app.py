"""The least that a Textual program can be: what every first frame is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Static

READY = "READY"


class EmptyApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Static(READY)


if __name__ == "__main__":
    EmptyApp().run()
