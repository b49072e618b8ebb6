"""Handing something to another program, or to the terminal itself.

A program is started with a list of arguments, never through a shell unless the settings say so,
and its output never reaches the screen. (newsbeuter, CVE-2017-12904: a shell ran what a title
said.) No address but http, https and mailto is handed to any of them.
"""

import os


def is_remote() -> bool:
    """Whether the person sits at another machine: what opens a window here, opens it unseen."""
    return bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
