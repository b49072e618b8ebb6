"""What it takes to undo changes of what is followed: texts of the settings, in a small JSON file.

{"version": 1, "steps": [{"done": "Removed “A”.", "before": "…", "after": "…", "following": "…",
"at": 1790848800000000, "undone": null}], "undone": […]}

The oldest go first; of those that were undone, the one that was undone last goes last. Versions
that could not do changes again wrote no "at" and no "undone". A password that a person wrote into
an address is in it as in the settings, and the file has their mode, 0600.
"""

import json
from collections.abc import Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from nordic_tui.config.files import read_bytes, replace_file
from nordic_tui.text import clean

MAX_STEPS = 50
_YEAR_10000 = 253_402_300_800_000_000
"""In microseconds since 1970; the moments of the databases go a little further."""
MAX_BYTES = 5_000_000
MAX_READ_BYTES = 100_000_000
"""One step alone may be larger than all steps together should be: the settings, as JSON."""


class Step(NamedTuple):
    """One change of the settings file, to be taken back or to be made again."""

    done: str
    """What it did, a sentence."""
    before: str | None
    """The whole text before it, or once it was undone, after it; None: there was no file."""
    after: str
    """The digest of the text that was written instead."""
    following: str
    """The digest of what was followed by that."""
    at: int = 0
    """When it was made, in microseconds since 1970; 0: before this was noted."""
    undone: int | None = None
    """When it was taken back; None: it is in force."""


class Steps(NamedTuple):
    """What can be taken back and what can be made again, each with the next one last."""

    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()

    @property
    def newest(self) -> int:
        """When the last change was made, also one that was undone; 0: there is none."""
        return max((step.at for step in chain(self.done, self.undone)), default=0)

    @property
    def latest(self) -> int:
        """The last moment that is noted: of a change, or of its undo; 0: there is none."""
        return max(self.newest, *(step.undone or 0 for step in self.undone), 0)


class UndoFile(NamedTuple):
    """Where the steps are kept."""

    path: Path

    def load(self) -> Steps:
        """Return the steps; none if they can't be read."""
        try:
            found = json.loads(read_bytes(self.path, MAX_READ_BYTES))
            return Steps(_read(found["steps"]), _read(found.get("undone", [])))
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return Steps()

    def latest(self) -> int:
        """The last moment that is noted here; 0: none is."""
        return self.load().latest

    def save(self, steps: Steps) -> None:
        """Keep those of these that come next, as many as may be; raises OSError."""
        kept: tuple[list[str], list[str]] = [], []
        size = 0
        # By turns, so that neither the next undo nor the next redo is pushed out by the other.
        nearest = zip_longest(reversed(steps.done[-MAX_STEPS:]), reversed(steps.undone))
        for side, step in enumerate(chain.from_iterable(nearest)):
            if step is None:
                continue
            text = json.dumps(step._asdict(), ensure_ascii=False)
            size += len(text.encode()) + 2
            if size > MAX_BYTES and kept[side % 2]:  # the next one always can
                break
            kept[side % 2].append(text)
        done, undone = (",\n".join(reversed(texts)) for texts in kept)
        replace_file(
            self.path,
            f'{{"version": 1, "steps": [\n{done}\n], "undone": [\n{undone}\n]}}\n'.encode(),
        )


def _read(steps: Sequence[dict[str, Any]]) -> tuple[Step, ...]:
    return tuple(step for step in (Step(**step) for step in steps) if _is_whole(step))


def _is_whole(step: Step) -> bool:
    texts, moments = (step.done, step.after, step.following), (step.at, step.undone or 0)
    return (
        (step.before is None or _is_text(step.before))
        and all(map(_is_text, texts))
        and all(isinstance(moment, int) and 0 <= moment < _YEAR_10000 for moment in moments)
    )


def _is_text(value: object) -> bool:
    """Whether it is a text that can be written into a file."""
    return isinstance(value, str) and clean.is_whole(value)


def digest(text: str) -> str:
    from hashlib import blake2b

    return blake2b(text.encode(), digest_size=16).hexdigest()
