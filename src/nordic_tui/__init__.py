"""Nordic TUI: a news reader for the terminal.

This file imports nothing, so that `nordic-tui --version` and every shell command start at once.
"""

__version__ = "0.1.0"
