"""How much the terminal is sent: everything, or what a slow line can carry.

Over SSH every byte is waited for, and so is every answer. The profile `ssh` draws the same screen
with less: nothing moves by itself, the mouse is heard where it clicks and turns its wheel, the
row under the cursor is told by its edge and its weight and not by a band over its whole width,
and what follows the cursor or the typing waits until these have come to rest.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Profile(NamedTuple):
    """What is drawn, and how long it waits."""

    name: str
    lean: bool
    """Whether the line is slow: each byte counts."""
    rest_s: float
    """Seconds that a cursor rests before what depends on it is drawn."""
    typing_rest_s: float
    """Seconds that typing rests before what was typed is searched for; 0: each letter is."""


LOCAL = Profile("local", lean=False, rest_s=0.05, typing_rest_s=0.0)
SSH = Profile("ssh", lean=True, rest_s=0.3, typing_rest_s=0.4)


def chosen(setting: str, environ: Mapping[str, str]) -> Profile:
    """The profile that a setting names: "ssh", "local", or "auto" by what sshd leaves in the
    environment of a session (sshd(8), "ENVIRONMENT")."""
    if setting == "auto":
        of_ssh = any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY"))
        return SSH if of_ssh else LOCAL
    return SSH if setting == "ssh" else LOCAL
