"""What it takes to undo changes of what is followed: texts of the settings, in a small JSON file.

{"version": 1, "steps": [{"done": "Removed “A”.", "before": "…", "after": "…", "following": "…"}]}

The oldest go first. A password that a person wrote into an address is in it as in the settings,
and the file has their mode, 0600.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from nordic_tui.config.files import replace_file

MAX_STEPS = 50
MAX_BYTES = 5_000_000


class Step(NamedTuple):
    """One change of the settings file."""

    done: str
    """What it did, a sentence."""
    before: str | None
    """The whole text before it; None: there was no file."""
    after: str
    """The digest of the text after it."""
    following: str
    """The digest of what was followed after it."""


class UndoFile(NamedTuple):
    """Where the steps are kept."""

    path: Path

    def load(self) -> list[Step]:
        """Return the steps, the last change last; none if they can't be read."""
        try:
            found = json.loads(self.path.read_bytes())
            steps = [Step(**step) for step in found["steps"]]
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return []
        return [step for step in steps if _is_whole(step)]

    def save(self, steps: Sequence[Step]) -> None:
        """Keep the newest of these, as many as may be; raises OSError."""
        kept: list[str] = []
        size = 0
        for step in reversed(steps[-MAX_STEPS:]):
            text = json.dumps(step._asdict(), ensure_ascii=False)
            size += len(text.encode()) + 2
            if size > MAX_BYTES and kept:  # the last change can always be taken back
                break
            kept.append(text)
        inside = ",\n".join(reversed(kept))
        replace_file(self.path, f'{{"version": 1, "steps": [\n{inside}\n]}}\n'.encode())


def _is_whole(step: Step) -> bool:
    before_fits = step.before is None or isinstance(step.before, str)
    return before_fits and all(isinstance(t, str) for t in (step.done, step.after, step.following))


def digest(text: str) -> str:
    from hashlib import blake2b

    return blake2b(text.encode(), digest_size=16).hexdigest()
