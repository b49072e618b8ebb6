"""The command line: one file a command group.

`main` decides which one it is and imports no more than that one needs: the reader imports
Textual, no other command does.
"""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    from nordic_tui.cli.read import read

    return read(words)
