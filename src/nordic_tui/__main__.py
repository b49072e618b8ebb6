"""`python -m nordic_tui` is the same as `nordic-tui`."""

import sys

from nordic_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
