"""The texts of the groups "terminal" and "spoofing" as words of a post, and what of them may never
be seen."""

from tests.hostile import spoofing, terminal
from tests.terminal_stream import parts

MAX_CHARS = 1_500
"""Of a text in a store: the longest ones only say the same again."""


def said(number: int, text: str) -> str:
    """A text between words that show whether it is shown."""
    return f"Zebra{number} {text[:MAX_CHARS]} end{number}"


SAID = [
    said(number, case.text)
    for number, case in enumerate((*terminal.CASES, *spoofing.CASES))
    if "\ud83d" not in case.text  # SQLite holds no lone surrogate
]
SHOWN = {
    said(number, case.text): f"Zebra{number} {case.line} end{number}"
    for number, case in enumerate(terminal.CASES)
    if case.does == terminal.GONE and case.line.isascii() and len(case.text) < MAX_CHARS
}
"""What is shown of those that are whole sequences, where there is room for it."""
REMNANTS = {
    words
    for case in terminal.CASES
    if case.does == terminal.GONE and len(case.text) < MAX_CHARS
    for part in parts(case.text.encode())
    if part.kind in ("CSI", "OSC", "DCS", "APC", "PM", "SOS") and len(part.body) > 1
    for words in (part.body[:12] if part.kind != "CSI" else f"[{part.body}",)
    if not any(words in each.line for each in (*terminal.CASES, *spoofing.CASES))
    and not words.isdecimal()
}
"""What would be seen of a sequence of which only the control was left out, as the last gate does;
those before it take the whole."""
