"""A dialogue that is written down beforehand: what is typed, and what is said after each line."""

from collections.abc import Callable

from nordic_tui.plain.reader import Reader
from nordic_tui.plain.services import Hands, Services
from nordic_tui.plain.talk import Talk, Window
from tests.fakes import FakeServices

Line = str | BaseException | Callable[[], str]
"""What is typed; or what comes instead (Ctrl+C); or what happens first and gives what is typed."""


def services_of(fake: FakeServices, *, refresh_on_start: bool = False) -> Services:
    given = fake.services

    def open_with(command: str, address: str, later: Callable[[str], None]) -> str:
        return fake.hands._open_with(command, address, later)

    def copy(text: str) -> bool:
        fake.hands._copy(text)
        return not fake.hands.sequence

    return Services(
        library=given.library,
        history=given.history,
        keeping=given.keeping,
        undoing=given.undoing,
        refresh=given.refresh,
        clock=given.clock,
        subscriptions=given.subscriptions,
        open_full_texts=given.open_full_texts,
        open_hands=lambda: Hands(
            fake.hands._open,
            copy,
            lambda kind, _: fake.hands.programs.get(kind.partition("/")[0], ""),
            open_with,
        ),
        title=given.title,
        export_file=given.export_file,
        save_export=given.save_export,
        refresh_on_start=refresh_on_start,
        problems=given.problems,
    )


class Dialogue:
    """Types lines into a reader, one after the other, then nothing more.

    window: a terminal of this size, at which a person sits; None: pipes.
    """

    def __init__(self, services: Services, *lines: Line, window: Window | None = None) -> None:
        self.said = [""]
        """What was said before the first line, and after each."""
        self.prompts: list[str] = []
        self._lines = list(lines)
        talk = Talk(
            self._write,
            self._read,
            window=(lambda: window) if window else None,
            is_dialogue=window is not None,
        )
        Reader(services, talk).run()

    def _write(self, text: str) -> None:
        self.said[-1] += text

    def _read(self, prompt: str) -> str | None:
        self.prompts.append(prompt)
        if not self._lines:
            return None
        line = self._lines.pop(0)
        self.said.append("")
        if isinstance(line, BaseException):
            raise line
        return line() if callable(line) else line


def said(fake: FakeServices, *lines: Line) -> list[str]:
    """What is said in a pipe: the opening, then the answer to each line."""
    return Dialogue(services_of(fake), *lines).said
