"""Every command, declared once: what is typed and the help are made from it.

A letter means what it means on the screen, where the screen has it. As a voice may say a capital
letter like a small one, every command has a word too.
"""

import re
from typing import Final, NamedTuple


class Command(NamedTuple):
    id: str
    letter: str
    """What is typed for it; "" if it has only its word."""
    word: str
    takes: str
    """What may stand behind it, for the help."""
    about: str
    """What it does, a sentence."""


COMMANDS: Final = (
    Command("next", "n", "next", "", "Opens the next post of the list."),
    Command("previous", "p", "previous", "", "Opens the post before."),
    Command("unread", "u", "unread", "", "Opens the next unread post of the list."),
    Command("again", "g", "again", "", "Reads the open post out once more."),
    Command("back", "b", "back", "", "Goes back to the list, and from a search to where it began."),
    Command("categories", "c", "categories", "NAME", "Lists the places, or goes to one."),
    Command("views", "v", "views", "NAME", "Lists your saved views, or goes to one."),
    Command("all", "a", "all", "", "Shows only unread posts of this list, or all of them again."),
    Command("order", "O", "order", "", "Changes the order: newest, oldest or unread first."),
    Command("star", "s", "star", "NUMBER", "Stars the post, or takes the star off."),
    Command("mark", "m", "mark", "NUMBER", "Marks the post as read, or as unread."),
    Command("later", "w", "later", "NUMBER", "Keeps the post to be read later, or not any more."),
    Command("tag", "t", "tag", "NAMES", "Gives the post a tag, or takes it off; alone: says them."),
    Command("all_read", "A", "allread", "", "Marks every post of the list as read."),
    Command("links", "l", "links", "NUMBER", "Lists the links and files, or opens one."),
    Command("open", "o", "open", "NUMBER", "Opens the page of the post in the browser."),
    Command("link", "y", "link", "NUMBER", "Says the address of the page, and copies it."),
    Command("full_text", "f", "full", "", "Fetches the full text of the page; again: the feed's."),
    Command("changes", "D", "changes", "", "Says what has changed in the post."),
    Command("refresh", "r", "refresh", "", "Asks the sources now, and says what came of it."),
    Command("new", ".", "new", "", "Lists the posts that have come in meanwhile."),
    Command("sources", "S", "sources", "", "Lists the sources: how they are, what failed."),
    Command("undo", "U", "undo", "", "Takes back what was done last."),
    Command("redo", "", "redo", "", "Does again what was taken back."),
    Command("data", "H", "data", "WORD", "Says what is stored of you: keep, never, erase, export."),
    Command("help", "?", "help", "COMMAND", "Says what can be typed."),
    Command("quit", "q", "quit", "", "Ends the program."),
)

BEFORE: Final = (
    "A number opens what has it in the last list: a post, a place, a link.",
    "A slash and words, as /harbour night, searches everything that is kept.",
    "Enter alone goes on with the list.",
)
AFTER: Final = (
    "A post that is called neither unread, changed nor new has been read. NUMBER chooses another "
    "post of the list than the open one.",
)

_OTHER_WORDS: Final = {"x": "full_text", "exit": "quit", "read": "mark", "browser": "open"}
"""What a person may type besides: a key of the screen, a usual word."""

_NUMBER = re.compile(r"#?([0-9]{1,9})\.?")
_WITH_NUMBER = re.compile(r"([^\W\d_]|\.)\s*([0-9]{1,9})")


class Typed(NamedTuple):
    """What a line asks for."""

    id: str
    """Of a command; or "number", "search", "more"; "" for what is none of them."""
    rest: str = ""
    """What stands behind it; of what is none, all of it."""
    number: int | None = None
    """The number that it begins with."""


def understood(line: str) -> Typed:
    """What a typed line asks for."""
    line = line.strip()
    if not line:
        return Typed("more")
    if line.startswith("/"):
        return Typed("search", line[1:].strip())
    if number := _NUMBER.fullmatch(line):
        return Typed("number", "", int(number[1]))
    if joined := _WITH_NUMBER.fullmatch(line):
        line = f"{joined[1]} {joined[2]}"
    word, _, rest = line.partition(" ")
    found = _named(word)
    if found is None and word.startswith("?"):
        found, rest = "help", f"{word[1:]} {rest}"
    if found is None:
        return Typed("", line)
    rest = rest.strip()
    first, _, others = rest.partition(" ")
    if number := _NUMBER.fullmatch(first):
        return Typed(found, others.strip(), int(number[1]))
    return Typed(found, rest)


def _named(word: str) -> str | None:
    """The id of the command of this letter or word."""
    for command in COMMANDS:
        if word == command.letter or word.lower() == command.word:
            return command.id
    return _OTHER_WORDS.get(word.lower())


def unknown(line: str) -> str:
    """What is said of a line that is no command, a sentence or two."""
    from difflib import get_close_matches

    word = line.partition(" ")[0]
    close = get_close_matches(word.lower(), [command.word for command in COMMANDS], n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"There is no command {word[:60]}.{hint} ? lists them; a slash before words searches."


def help_lines(about: str = "") -> list[str]:
    """What can be typed, each a line; about: only this command."""
    wanted = _named(about) if about else None
    if about and wanted is None:
        return [unknown(about)]
    lines = [_line(each) for each in COMMANDS if wanted in (None, each.id)]
    return lines if wanted else [*BEFORE, *lines, *AFTER]


def _line(command: Command) -> str:
    names = f"{command.letter} or {command.word}" if command.letter else command.word
    behind = f", with {command.takes} if you like" if command.takes else ""
    return f"{names}{behind}: {command.about}"
