"""An address among the arguments of a person's own program."""

from collections.abc import Sequence
from itertools import pairwise

from nordic_tui.errors import HandoffError

_SHELLS = frozenset({"ash", "bash", "csh", "dash", "fish", "ksh", "mksh", "sh", "tcsh", "zsh"})


def with_address(command: Sequence[str], address: str) -> list[str]:
    """The command with the address in the place of each "%s" behind the program's name, else at
    the end.

    An address may hold "$(reboot)": that is right in one, and harmless as an argument, but not
    among the words that a shell reads. Raises HandoffError where it would come there, a sentence.
    """
    program, *words = command
    if not any("%s" in word for word in words):
        return [*command, address]
    for before, word in pairwise(words):
        if "%s" in word and before[:1] == "-" and before[-1:] == "c" and _has_shell(command):
            raise HandoffError(
                'A shell would read what the address says as a command: write "$1" in place of '
                "%s, and sh behind it, and the address comes as an argument."
            )
    return [program, *(word.replace("%s", address) for word in words)]


def _has_shell(command: Sequence[str]) -> bool:
    """Whether a shell is among the words: `sh -c`, `env bash -lc`, `flatpak run sh -c`."""
    return any(word.rpartition("/")[2] in _SHELLS for word in command)
